"""``rep.settings``: what the stage and the renderer are to be like."""

from typing import Any

from pxr import UsdGeom

import carb.settings

from .functional._prims import current_stage
from .functional.physics import create_physics_scene

RENDER_MODE = "/rtx/rendermode"
SAMPLES, TOTAL_SAMPLES = "/rtx/pathtracing/spp", "/rtx/pathtracing/totalSpp"
ANTIALIASING = "/rtx/post/aa/op"
METHODS = {"OFF": 0, "TAA": 1, "FXAA": 2, "DLSS": 3, "DLAA": 4}


def carb_settings(setting: str, value: Any) -> None:
    """Set a setting. kitless acts on those it knows; the others are kept for who asks."""
    carb.settings.get_settings().set(setting, value)


def set_stage_up_axis(up_axis: str) -> None:
    """Set the stage's up axis, "Y" or "Z"; what is on the stage keeps its coordinates."""
    if up_axis.upper() not in ("Y", "Z"):
        raise ValueError(f"The up axis is 'Y' or 'Z', not '{up_axis}'")
    UsdGeom.SetStageUpAxis(current_stage(), up_axis.upper())


def set_stage_meters_per_unit(meters_per_unit: float) -> None:
    """Set how many metres a stage unit is; what is on the stage keeps its coordinates."""
    if meters_per_unit <= 0:
        raise ValueError(f"Metres per unit must be above 0, not {meters_per_unit}")
    UsdGeom.SetStageMetersPerUnit(current_stage(), float(meters_per_unit))


def set_render_pathtraced(samples_per_pixel: int = 64) -> None:
    """Have pictures path traced, with so many samples per pixel in each frame."""
    if samples_per_pixel < 1:
        raise ValueError(f"Path tracing needs at least one sample per pixel, not {samples_per_pixel}")
    carb_settings(RENDER_MODE, "PathTracing")
    carb_settings(SAMPLES, int(samples_per_pixel))
    carb_settings(TOTAL_SAMPLES, int(samples_per_pixel))


def set_render_rtx_realtime(antialiasing: str = "FXAA") -> None:
    """Have pictures ray traced in real-time mode. ``antialiasing``: "Off", "TAA", "FXAA", "DLSS" or "DLAA"."""
    if antialiasing.upper() not in METHODS:
        raise ValueError(f"Unknown antialiasing '{antialiasing}'; there are {', '.join(METHODS)}")
    carb_settings(RENDER_MODE, "RaytracedLighting")
    carb_settings(ANTIALIASING, METHODS[antialiasing.upper()])


def set_physx_timestep(timestep: float) -> None:
    """Set the step of all physics scenes, in seconds; ``/PhysicsScene`` is made where there is none."""
    if timestep <= 0:
        raise ValueError(f"The physics time step must be above 0 seconds, not {timestep}")
    scenes = [str(prim.GetPath()) for prim in current_stage().Traverse() if prim.IsA("PhysicsScene")]
    for path in scenes or ["/PhysicsScene"]:
        create_physics_scene(path, timeStepsPerSecond=round(1.0 / timestep))
