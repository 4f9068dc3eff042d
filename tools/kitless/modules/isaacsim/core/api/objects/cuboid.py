"""Cuboids: seen only, colliding, and with a rigid body's schemas."""

from __future__ import annotations

from pxr import UsdGeom

from isaacsim.core._materials import PhysicsMaterial, VisualMaterial
from isaacsim.core.api.objects._shape import VisualShape, define, make_colliding
from isaacsim.core.prims import SingleRigidPrim
from isaacsim.core.prims._single_xform import Numbers

__all__ = ["DynamicCuboid", "FixedCuboid", "VisualCuboid"]


class VisualCuboid(VisualShape):
    """A cube that is seen only, made where there is no prim at the path; see SingleXFormPrim for its place."""

    def __init__(
        self,
        prim_path: str,
        name: str = "visual_cube",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        color: Numbers = None,
        size: float | None = None,
        visual_material: VisualMaterial | None = None,
    ) -> None:
        is_new = define(prim_path, UsdGeom.Cube)
        super().__init__(prim_path, name, position, translation, orientation, scale, visible)
        self._dress(is_new, color, visual_material)
        self._measure(is_new, size=size)

    def get_size(self) -> float:
        """Return the length of an edge."""
        return self._dimension("size")

    def set_size(self, size: float) -> None:
        """Set the length of an edge."""
        self._measure(False, size=size)


class FixedCuboid(VisualCuboid):
    """A cube that collides and does not move."""

    def __init__(
        self,
        prim_path: str,
        name: str = "fixed_cube",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        color: Numbers = None,
        size: float | None = None,
        visual_material: VisualMaterial | None = None,
        physics_material: PhysicsMaterial | None = None,
    ) -> None:
        place = (position, translation, orientation, scale, visible)
        VisualCuboid.__init__(self, prim_path, name, *place, color, size, visual_material)
        make_colliding(self, physics_material)


class DynamicCuboid(SingleRigidPrim, FixedCuboid):
    """A cube that collides and has a rigid body's schemas; kitless moves nothing."""

    def __init__(
        self,
        prim_path: str,
        name: str = "dynamic_cube",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        color: Numbers = None,
        size: float | None = None,
        visual_material: VisualMaterial | None = None,
        physics_material: PhysicsMaterial | None = None,
        mass: float | None = None,
        density: float | None = None,
        linear_velocity: Numbers = None,
        angular_velocity: Numbers = None,
    ) -> None:
        place = (position, translation, orientation, scale, visible)
        FixedCuboid.__init__(self, prim_path, name, *place, color, size, visual_material, physics_material)
        self._make_rigid(mass, density, linear_velocity, angular_velocity)
