"""What the objects share: a shape that is made where it is missing, its colour, its measures and its collisions."""

from __future__ import annotations

from typing import Any

from pxr import UsdGeom

from isaacsim.core._current import current_stage
from isaacsim.core._materials import PhysicsMaterial, PreviewSurface, VisualMaterial
from isaacsim.core.prims import SingleGeometryPrim
from isaacsim.core.prims._single_xform import Numbers
from isaacsim.core.utils.prims import is_prim_path_valid
from isaacsim.core.utils.string import find_unique_string_name

_LOOK = "/World/Looks/visual_material"
_PHYSICS = "/World/Physics_Materials/physics_material"
_GREY = (0.5, 0.5, 0.5)
_MEASURE = 1.0


class VisualShape(SingleGeometryPrim):
    """A shape that USD knows."""

    def _dress(self, is_new: bool, color: Numbers, material: VisualMaterial | None) -> None:
        """Bind the material, or one of the colour, which a new shape has in any case."""
        if material is None and (is_new or color is not None):
            material = PreviewSurface(free_path(_LOOK), color=_GREY if color is None else color)
        if material is not None:
            self.apply_visual_material(material)

    def _measure(self, is_new: bool, **measures: float | None) -> None:
        """Set the measures that are given, those of a new shape in any case, and the extent."""
        for name, value in measures.items():
            if is_new or value is not None:
                self._prim.GetAttribute(name).Set(float(_MEASURE if value is None else value))
        boundable = UsdGeom.Boundable(self._prim)
        boundable.CreateExtentAttr().Set(UsdGeom.Boundable.ComputeExtentFromPlugins(boundable, 0))

    def _dimension(self, name: str) -> float:
        return float(self._prim.GetAttribute(name).Get())


def define(path: str, schema: Any) -> bool:
    """Make the shape where there is no prim; return whether it was made.

    Raises ValueError where there is a prim of another type.
    """
    prim = current_stage().GetPrimAtPath(path)
    if not prim:
        schema.Define(current_stage(), path)
        return True
    if not prim.IsA(schema):
        raise ValueError(
            f"there is a {prim.GetTypeName() or 'prim without type'} at {path} already, not a {schema.__name__}"
        )
    return False


def make_colliding(shape: SingleGeometryPrim, material: PhysicsMaterial | None) -> None:
    """Apply the collision schema and a material for physics, a new one where none is given."""
    shape.set_collision_enabled(True)
    shape.apply_physics_material(material or new_physics_material())


def new_physics_material(
    static_friction: float = 0.5, dynamic_friction: float = 0.5, restitution: float = 0.0
) -> PhysicsMaterial:
    """Return a new material for physics."""
    return PhysicsMaterial(free_path(_PHYSICS), "physics_material", static_friction, dynamic_friction, restitution)


def free_path(path: str) -> str:
    """Return ``path`` or the first of ``path_1``, ... that has no prim."""
    return find_unique_string_name(path, lambda each: not is_prim_path_valid(each))
