"""The stage's physics scene: its schema and PhysX's attributes are authored, and read by nobody here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

import carb
from isaacsim.core._clock import DEFAULT_DT, clock
from isaacsim.core._current import current_stage
from kitless.absent import Partial

__all__ = ["PhysicsContext"]

_GRAVITY_M = 9.81
# Attribute below physxScene:, its type, PhysX's default.
_STEPS = ("timeStepsPerSecond", Sdf.ValueTypeNames.UInt, 60)
_SOLVER = ("solverType", Sdf.ValueTypeNames.Token, "TGS")
_BROADPHASE = ("broadphaseType", Sdf.ValueTypeNames.Token, "GPU")
_CCD = ("enableCCD", Sdf.ValueTypeNames.Bool, False)
_GPU = ("enableGPUDynamics", Sdf.ValueTypeNames.Bool, False)
_STABILIZATION = ("enableStabilization", Sdf.ValueTypeNames.Bool, False)
_BOUNCE = ("bounceThreshold", Sdf.ValueTypeNames.Float, 0.2)
_FRICTION_OFFSET = ("frictionOffsetThreshold", Sdf.ValueTypeNames.Float, 0.04)
_FRICTION_CORRELATION = ("frictionCorrelationDistance", Sdf.ValueTypeNames.Float, 0.025)
_QUERIES = ("enableSceneQuerySupport", Sdf.ValueTypeNames.Bool, True)
_INVERT = ("invertCollisionGroupFilter", Sdf.ValueTypeNames.Bool, False)


class PhysicsContext(Partial):
    """The physics scene at ``prim_path``, or the one that is on the stage already.

    With ``set_defaults`` gravity is that of the earth against the stage's up axis. ``sim_params`` may hold ``gravity``
    (3,), in the stage's units. kitless runs on the CPU only.
    """

    def __init__(
        self,
        physics_dt: float | None = None,
        prim_path: str = "/physicsScene",
        sim_params: Mapping[str, Any] | None = None,
        set_defaults: bool = True,
    ) -> None:
        stage = current_stage()
        scenes = [prim for prim in stage.Traverse() if prim.IsA(UsdPhysics.Scene)]
        self._scene = UsdPhysics.Scene(scenes[0]) if scenes else UsdPhysics.Scene.Define(stage, prim_path)
        if set_defaults and not scenes:
            self.set_gravity(-_GRAVITY_M / UsdGeom.GetStageMetersPerUnit(stage))
            self.set_solver_type("TGS")
            self.set_broadphase_type("MBP")
        for name, value in (sim_params or {}).items():
            self._take(name, value)
        if physics_dt is not None:
            self.set_physics_dt(physics_dt)

    def _take(self, name: str, value: Any) -> None:
        if name == "gravity":
            vector = Gf.Vec3f(*[float(each) for each in value])
            length = vector.GetLength()
            self._scene.CreateGravityDirectionAttr().Set(vector / length if length else Gf.Vec3f(0, 0, -1))
            self._scene.CreateGravityMagnitudeAttr().Set(length)
        elif name == "dt":
            self.set_physics_dt(float(value))
        else:
            carb.log_info(f"PhysicsContext: sim_params[{name!r}] is for a physics engine and has no effect")

    @property
    def prim_path(self) -> str:
        """The scene's path."""
        return str(self._scene.GetPath())

    @property
    def device(self) -> str:
        """Where physics would be computed."""
        return "cpu"

    @property
    def use_gpu_pipeline(self) -> bool:
        """Always False."""
        return False

    @property
    def use_gpu_sim(self) -> bool:
        """Always False."""
        return False

    @property
    def use_fabric(self) -> bool:
        """Always False: everything is on the stage."""
        return False

    def get_current_physics_scene_prim(self) -> Usd.Prim | None:
        """Return the scene's prim, None when it is gone."""
        return self._scene.GetPrim() or None

    def set_physics_dt(self, dt: float = 1.0 / 60.0, substeps: int = 1) -> None:
        """Set the seconds of a step, of which ``substeps`` are made.

        Raises ValueError where one of them is not above 0.
        """
        if dt <= 0 or substeps < 1:
            raise ValueError(f"a physics step is above 0 s and has one substep at least, not {dt} s and {substeps}")
        clock().dt = dt / substeps
        self._set(_STEPS, max(1, round(substeps / dt)))

    def get_physics_dt(self) -> float:
        """Return the seconds of a step."""
        steps = self._get(_STEPS)
        return 1.0 / steps if steps else DEFAULT_DT

    def set_gravity(self, value: float) -> None:
        """Set gravity along the stage's up axis: negative downwards."""
        up = Gf.Vec3f(0, 1, 0) if UsdGeom.GetStageUpAxis(current_stage()) == UsdGeom.Tokens.y else Gf.Vec3f(0, 0, 1)
        self._scene.CreateGravityDirectionAttr().Set(-up if value <= 0 else up)
        self._scene.CreateGravityMagnitudeAttr().Set(abs(value))

    def get_gravity(self) -> tuple[list[float], float]:
        """Return direction (3,) and magnitude."""
        direction = self._scene.GetGravityDirectionAttr().Get()
        return list(direction), float(self._scene.GetGravityMagnitudeAttr().Get())

    def set_solver_type(self, solver_type: str) -> None:
        """Set the solver; raises ValueError for another than TGS and PGS."""
        if solver_type not in ("TGS", "PGS"):
            raise ValueError(f"solver {solver_type!r} is none of TGS, PGS")
        self._set(_SOLVER, solver_type)

    def get_solver_type(self) -> str:
        """Return the solver."""
        return str(self._get(_SOLVER))

    def set_broadphase_type(self, broadcast_type: str) -> None:
        """Set how pairs are found; raises ValueError for another than MBP, GPU and SAP."""
        if broadcast_type not in ("MBP", "GPU", "SAP"):
            raise ValueError(f"broadphase {broadcast_type!r} is none of MBP, GPU, SAP")
        self._set(_BROADPHASE, broadcast_type)

    def get_broadphase_type(self) -> str:
        """Return how pairs are found."""
        return str(self._get(_BROADPHASE))

    def enable_ccd(self, flag: bool) -> None:
        """Author whether fast bodies are followed."""
        self._set(_CCD, flag)

    def is_ccd_enabled(self) -> bool:
        """Return what is authored."""
        return bool(self._get(_CCD))

    def enable_gpu_dynamics(self, flag: bool) -> None:
        """Author whether a GPU is used."""
        self._set(_GPU, flag)

    def is_gpu_dynamics_enabled(self) -> bool:
        """Return what is authored."""
        return bool(self._get(_GPU))

    def enable_stablization(self, flag: bool) -> None:
        """Author whether resting bodies are stabilized."""
        self._set(_STABILIZATION, flag)

    def is_stablization_enabled(self) -> bool:
        """Return what is authored."""
        return bool(self._get(_STABILIZATION))

    def set_bounce_threshold(self, value: float) -> None:
        """Author the speed below which nothing bounces."""
        self._set(_BOUNCE, float(value))

    def get_bounce_threshold(self) -> float:
        """Return what is authored."""
        return float(self._get(_BOUNCE))

    def set_friction_offset_threshold(self, value: float) -> None:
        """Author the distance below which friction acts."""
        self._set(_FRICTION_OFFSET, float(value))

    def get_friction_offset_threshold(self) -> float:
        """Return what is authored."""
        return float(self._get(_FRICTION_OFFSET))

    def set_friction_correlation_distance(self, value: float) -> None:
        """Author the distance below which contacts are one."""
        self._set(_FRICTION_CORRELATION, float(value))

    def get_friction_correlation_distance(self) -> float:
        """Return what is authored."""
        return float(self._get(_FRICTION_CORRELATION))

    def set_enable_scene_query_support(self, enable_scene_query_support: bool) -> None:
        """Author whether rays can be cast."""
        self._set(_QUERIES, enable_scene_query_support)

    def get_enable_scene_query_support(self) -> bool:
        """Return what is authored."""
        return bool(self._get(_QUERIES))

    def set_invert_collision_group_filter(self, invert_collision_group_filter: bool) -> None:
        """Author whether groups collide only where they are filtered."""
        self._set(_INVERT, invert_collision_group_filter)

    def get_invert_collision_group_filter(self) -> bool:
        """Return what is authored."""
        return bool(self._get(_INVERT))

    def enable_fabric(self, enable: bool) -> None:
        """Do nothing: everything is on the stage."""

    def warm_start(self) -> None:
        """Do nothing: there is no physics engine to start."""

    def _set(self, attribute: tuple[str, Any, Any], value: Any) -> None:
        name, kind, _ = attribute
        self._scene.GetPrim().CreateAttribute(f"physxScene:{name}", kind).Set(value)

    def _get(self, attribute: tuple[str, Any, Any]) -> Any:
        name, _, default = attribute
        value = self._scene.GetPrim().GetAttribute(f"physxScene:{name}").Get()
        return default if value is None else value
