"""Prims with a shape, one or many, and their collision schemas."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdPhysics

from isaacsim.core._materials import PhysicsMaterial, bind_physics, bound_physics_material
from isaacsim.core.prims._single_xform import Numbers, SingleXFormPrim
from isaacsim.core.prims._xforms import Indices, Rows, XFormPrim


class SingleGeometryPrim(SingleXFormPrim):
    """A prim with a shape; with ``collision`` it has the collision schema."""

    def __init__(
        self,
        prim_path: str,
        name: str = "geometry_prim",
        position: Numbers = None,
        translation: Numbers = None,
        orientation: Numbers = None,
        scale: Numbers = None,
        visible: bool | None = None,
        collision: bool = False,
    ) -> None:
        super().__init__(prim_path, name, position, translation, orientation, scale, visible)
        if collision:
            self.set_collision_enabled(True)

    @property
    def geom(self) -> UsdGeom.Gprim:
        """The shape's schema."""
        return UsdGeom.Gprim(self._prim)

    def set_collision_enabled(self, enabled: bool) -> None:
        """Let it collide or not."""
        set_collision(self._prim, enabled)

    def get_collision_enabled(self) -> bool:
        """Return whether it collides."""
        return has_collision(self._prim)

    def set_collision_approximation(self, approximation_type: str) -> None:
        """Set the shape that collides: none, convexHull, boundingCube and so on."""
        approximate(self._prim, approximation_type)

    def get_collision_approximation(self) -> str:
        """Return the shape that collides, none where nothing is said."""
        return approximation(self._prim)

    def apply_physics_material(self, physics_material: PhysicsMaterial, weaker_than_descendants: bool = False) -> None:
        """Bind a material for physics."""
        bind_physics(self._prim, physics_material, weaker_than_descendants)

    def get_applied_physics_material(self) -> PhysicsMaterial | None:
        """Return the material for physics that is bound to it, None when there is none."""
        return bound_physics_material(self._prim)


class GeometryPrim(XFormPrim):
    """All prims with a shape that match; with ``collisions`` (n,) those that are true get the collision schema."""

    def __init__(
        self,
        prim_paths_expr: str | list[str],
        name: str = "geometry_prim_view",
        positions: Rows = None,
        translations: Rows = None,
        orientations: Rows = None,
        scales: Rows = None,
        visibilities: Rows = None,
        reset_xform_properties: bool = True,
        collisions: Rows = None,
    ) -> None:
        super().__init__(
            prim_paths_expr, name, positions, translations, orientations, scales, visibilities, reset_xform_properties
        )
        for prim, collides in zip(self.prims, () if collisions is None else collisions, strict=False):
            set_collision(prim, bool(collides))

    @property
    def geoms(self) -> list[UsdGeom.Gprim]:
        """The shapes' schemas."""
        return [UsdGeom.Gprim(prim) for prim in self.prims]

    def enable_collision(self, indices: Indices = None) -> None:
        """Let them collide."""
        for prim in self.chosen(indices):
            set_collision(prim, True)

    def disable_collision(self, indices: Indices = None) -> None:
        """Let them not collide."""
        for prim in self.chosen(indices):
            set_collision(prim, False)

    def is_collision_enabled(self, indices: Indices = None) -> NDArray[np.bool_]:
        """Return whether they collide, (n,)."""
        return np.array([has_collision(prim) for prim in self.chosen(indices)], dtype=bool)

    def apply_collision_apis(self, indices: Indices = None) -> None:
        """Give them the collision schema."""
        self.enable_collision(indices)

    def set_collision_approximations(self, approximation_types: list[str], indices: Indices = None) -> None:
        """Set the shapes that collide."""
        for prim, kind in zip(self.chosen(indices), approximation_types, strict=True):
            approximate(prim, kind)

    def get_collision_approximations(self, indices: Indices = None) -> list[str]:
        """Return the shapes that collide."""
        return [approximation(prim) for prim in self.chosen(indices)]


def set_collision(prim: Usd.Prim, enabled: bool) -> None:
    """Apply the collision schema and switch it."""
    UsdPhysics.CollisionAPI.Apply(prim).CreateCollisionEnabledAttr().Set(bool(enabled))


def has_collision(prim: Usd.Prim) -> bool:
    """Return whether the collision schema is applied and on."""
    return bool(prim.HasAPI(UsdPhysics.CollisionAPI)) and bool(
        UsdPhysics.CollisionAPI(prim).GetCollisionEnabledAttr().Get()
    )


def approximate(prim: Usd.Prim, kind: Any) -> None:
    """Apply the schema of the shape that collides."""
    UsdPhysics.MeshCollisionAPI.Apply(prim).CreateApproximationAttr().Set(str(kind))


def approximation(prim: Usd.Prim) -> str:
    """Return the shape that collides."""
    applied = prim.HasAPI(UsdPhysics.MeshCollisionAPI)
    return str(UsdPhysics.MeshCollisionAPI(prim).GetApproximationAttr().Get()) if applied else "none"
