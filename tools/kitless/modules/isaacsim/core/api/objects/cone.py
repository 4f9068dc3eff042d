"""Cones along z: seen only, colliding, and with a rigid body's schemas."""

from __future__ import annotations

from pxr import UsdGeom

from isaacsim.core._materials import PhysicsMaterial, VisualMaterial
from isaacsim.core.api.objects._shape import VisualShape, define, make_colliding
from isaacsim.core.prims import SingleRigidPrim
from isaacsim.core.prims._single_xform import Numbers

__all__ = ["DynamicCone", "FixedCone", "VisualCone"]


class VisualCone(VisualShape):
    """A cone that is seen only, made where there is no prim at the path; see SingleXFormPrim for its place."""

    def __init__(
        self,
        prim_path: str,
        name: str = "visual_cone",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        color: Numbers = None,
        radius: float | None = None,
        height: float | None = None,
        visual_material: VisualMaterial | None = None,
    ) -> None:
        is_new = define(prim_path, UsdGeom.Cone)
        super().__init__(prim_path, name, position, translation, orientation, scale, visible)
        self._dress(is_new, color, visual_material)
        self._measure(is_new, radius=radius, height=height)

    def get_radius(self) -> float:
        """Return the radius of the base."""
        return self._dimension("radius")

    def set_radius(self, radius: float) -> None:
        """Set the radius of the base."""
        self._measure(False, radius=radius)

    def get_height(self) -> float:
        """Return the height."""
        return self._dimension("height")

    def set_height(self, height: float) -> None:
        """Set the height."""
        self._measure(False, height=height)


class FixedCone(VisualCone):
    """A cone that collides and does not move."""

    def __init__(
        self,
        prim_path: str,
        name: str = "fixed_cone",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        color: Numbers = None,
        radius: float | None = None,
        height: float | None = None,
        visual_material: VisualMaterial | None = None,
        physics_material: PhysicsMaterial | None = None,
    ) -> None:
        place = (position, translation, orientation, scale, visible)
        VisualCone.__init__(self, prim_path, name, *place, color, radius, height, visual_material)
        make_colliding(self, physics_material)


class DynamicCone(SingleRigidPrim, FixedCone):
    """A cone that collides and has a rigid body's schemas; kitless moves nothing."""

    def __init__(
        self,
        prim_path: str,
        name: str = "dynamic_cone",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        color: Numbers = None,
        radius: float | None = None,
        height: float | None = None,
        visual_material: VisualMaterial | None = None,
        physics_material: PhysicsMaterial | None = None,
        mass: float | None = None,
        density: float | None = None,
        linear_velocity: Numbers = None,
        angular_velocity: Numbers = None,
    ) -> None:
        place = (position, translation, orientation, scale, visible)
        FixedCone.__init__(self, prim_path, name, *place, color, radius, height, visual_material, physics_material)
        self._make_rigid(mass, density, linear_velocity, angular_velocity)
