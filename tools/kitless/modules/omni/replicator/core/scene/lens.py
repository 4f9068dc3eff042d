"""The lens of new cameras."""

from collections.abc import Mapping, Sequence
from typing import Any

from pxr import Gf, Sdf, Usd, UsdGeom

PROJECTIONS = (
    "pinhole",
    "pinholeOpenCV",
    "fisheyePolynomial",
    "fisheyeSpherical",
    "fisheyeKannalaBrandtK3",
    "fisheyeOpenCV",
    "fisheyeRadTanThinPrism",
    "omniDirectionalStereo",
    "generalizedProjection",
)
PINHOLE = {
    "focal_length": "focalLength",
    "focus_distance": "focusDistance",
    "f_stop": "fStop",
    "horizontal_aperture": "horizontalAperture",
    "horizontal_aperture_offset": "horizontalApertureOffset",
    "vertical_aperture_offset": "verticalApertureOffset",
}
"""USD's attributes by Replicator's parameters."""
DISTORTION = {
    "fisheye_nominal_width": "fthetaWidth",
    "fisheye_nominal_height": "fthetaHeight",
    "fisheye_optical_centre_x": "fthetaCx",
    "fisheye_optical_centre_y": "fthetaCy",
    "openCV_focal_x": "openCVFx",
    "openCV_focal_y": "openCVFy",
    "fisheye_max_fov": "fthetaMaxFov",
    **{f"fisheye_polynomial_{letter}": f"fthetaPoly{letter.upper()}" for letter in "abcdef"},
    **{f"fisheye_{name}": name for name in ("p0", "p1", "s0", "s1", "s2", "s3")},
}
"""Isaac Sim's attributes of lenses that are no pinhole, by Replicator's parameters."""


def projection_name(name: str) -> str:
    """The name of a projection, given as such or in snake case. Raises ``ValueError`` for an unknown one."""
    plain = {known.lower(): known for known in PROJECTIONS}
    found = plain.get(name.replace("_", "").lower())
    if found is None:
        raise ValueError(f"Unknown projection_type '{name}'; there are {', '.join(PROJECTIONS)}")
    return found


def lens_values(options: Mapping[str, Any]) -> dict[str, Any]:
    """Which parameters are written of a lens: what is no pinhole has more. Raises ``ValueError`` as projection_name."""
    names = [*PINHOLE, "clipping_range"]
    if projection_name(options["projection_type"]) != "pinhole":
        names += ["projection_type", *DISTORTION]
    return {name: options[name] for name in names}


def define_camera(stage: Usd.Stage, path: str) -> Usd.Prim:
    """A camera; its lens is set by ``set_lens``."""
    return UsdGeom.Camera.Define(stage, path).GetPrim()


def set_lens(camera: Usd.Prim, values: dict[str, Any]) -> None:
    """Set a lens by Replicator's parameters; the vertical aperture stays the renderer's to choose."""
    for name, value in values.items():
        if name in PINHOLE:
            camera.GetAttribute(PINHOLE[name]).Set(float(value))
        elif name == "clipping_range":
            near, far = pair(value, name)
            camera.GetAttribute("clippingRange").Set(Gf.Vec2f(near, far))
        elif name == "projection_type":
            camera.CreateAttribute("cameraProjectionType", Sdf.ValueTypeNames.Token).Set(projection_name(value))
        else:
            camera.CreateAttribute(DISTORTION[name], Sdf.ValueTypeNames.Float).Set(float(value))


def pair(value: Sequence[float], name: str) -> tuple[float, float]:
    """Two numbers. Raises ``ValueError``."""
    if len(value) != 2:
        raise ValueError(f"{name} must be two numbers, not {value!r}")
    return float(value[0]), float(value[1])
