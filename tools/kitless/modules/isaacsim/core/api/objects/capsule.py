"""Capsules along z: seen only, colliding, and with a rigid body's schemas."""

from __future__ import annotations

from pxr import UsdGeom

from isaacsim.core._materials import PhysicsMaterial, VisualMaterial
from isaacsim.core.api.objects._shape import VisualShape, define, make_colliding
from isaacsim.core.prims import SingleRigidPrim
from isaacsim.core.prims._single_xform import Numbers

__all__ = ["DynamicCapsule", "FixedCapsule", "VisualCapsule"]


class VisualCapsule(VisualShape):
    """A capsule that is seen only, made where there is no prim at the path; see SingleXFormPrim for its place."""

    def __init__(
        self,
        prim_path: str,
        name: str = "visual_capsule",
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
        is_new = define(prim_path, UsdGeom.Capsule)
        super().__init__(prim_path, name, position, translation, orientation, scale, visible)
        self._dress(is_new, color, visual_material)
        self._measure(is_new, radius=radius, height=height)

    def get_radius(self) -> float:
        """Return the radius."""
        return self._dimension("radius")

    def set_radius(self, radius: float) -> None:
        """Set the radius."""
        self._measure(False, radius=radius)

    def get_height(self) -> float:
        """Return the height between the half spheres."""
        return self._dimension("height")

    def set_height(self, height: float) -> None:
        """Set the height between the half spheres."""
        self._measure(False, height=height)


class FixedCapsule(VisualCapsule):
    """A capsule that collides and does not move."""

    def __init__(
        self,
        prim_path: str,
        name: str = "fixed_capsule",
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
        VisualCapsule.__init__(self, prim_path, name, *place, color, radius, height, visual_material)
        make_colliding(self, physics_material)


class DynamicCapsule(SingleRigidPrim, FixedCapsule):
    """A capsule that collides and has a rigid body's schemas; kitless moves nothing."""

    def __init__(
        self,
        prim_path: str,
        name: str = "dynamic_capsule",
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
        FixedCapsule.__init__(self, prim_path, name, *place, color, radius, height, visual_material, physics_material)
        self._make_rigid(mass, density, linear_velocity, angular_velocity)
