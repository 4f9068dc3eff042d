"""Poses as graphs write them."""

from typing import Any

from pxr import Gf, Usd, UsdGeom

from .graph import ReplicatorItem, as_vector, prims_of
from .scene import pose

AXES = "xyz"


def write_pose(prim: Usd.Prim, values: dict[str, Any]) -> None:
    """Write position, rotation, scale or size, pivot and look_at, each where it is given."""
    pose.place(
        prim,
        position=vector(prim, values, "position"),
        rotation=vector(prim, values, "rotation"),
        order=values.get("rotation_order", "XYZ"),
        scale=scale_of(prim, values),
        pivot=pivot_of(prim, values.get("pivot")),
    )
    target = values.get("look_at")
    if target is not None:
        up = values.get("look_at_up_axis")
        pose.look_at(prim, target_point(target), None if up is None else Gf.Vec3d(*as_vector(up, "look_at_up_axis")))


def vector(prim: Usd.Prim, values: dict[str, Any], name: str) -> tuple[float, ...] | None:
    """Three numbers that are given together or one by one; those not given stay."""
    if name in values:
        return as_vector(values[name], name)
    if not any(f"{name}_{axis}" in values for axis in AXES):
        return None
    matrix = UsdGeom.Xformable(prim).GetLocalTransformation()
    order = values.get("rotation_order", "XYZ")
    known = matrix.ExtractTranslation() if name == "position" else pose.euler_angles(pose.turn_of(matrix), order)
    return tuple(float(values.get(f"{name}_{axis}", known[i])) for i, axis in enumerate(AXES))


def scale_of(prim: Usd.Prim, values: dict[str, Any]) -> tuple[float, ...] | None:
    """The scale that is given, or that makes the prim's box as large as ``size`` says."""
    if "size" not in values:
        return as_vector(values["scale"], "scale") if "scale" in values else None
    extent = box_of(prim).GetSize()
    wanted = as_vector(values["size"], "size")
    return tuple(side / own if own else 1.0 for side, own in zip(wanted, extent, strict=True))


def pivot_of(prim: Usd.Prim, pivot: Any) -> tuple[float, ...] | None:
    """A point of the prim's box, -1 to 1 along each side, in the prim's own frame."""
    if pivot is None:
        return None
    box = box_of(prim)
    middle, half = box.GetMidpoint(), box.GetSize() / 2
    return tuple(middle[i] + part * half[i] for i, part in enumerate(as_vector(pivot, "pivot")))


def box_of(prim: Usd.Prim) -> Gf.Range3d:
    """The box about a prim and all below it, in its own frame."""
    purposes = [UsdGeom.Tokens.default_, UsdGeom.Tokens.render]
    return UsdGeom.BBoxCache(Usd.TimeCode.Default(), purposes).ComputeUntransformedBound(prim).ComputeAlignedRange()


def target_point(target: Any) -> Gf.Vec3d:
    """A point given as such, or the middle of prims given as item, path, prim or a list of those."""
    if isinstance(target, (str, Usd.Prim, ReplicatorItem)) or is_prims(target):
        prims = prims_of(target)
        if not prims:
            raise ValueError(f"Nothing to look at: {target!r} has no prims")
        return sum((pose.world_of(prim).ExtractTranslation() for prim in prims), Gf.Vec3d()) / len(prims)
    return Gf.Vec3d(*as_vector(target, "look_at"))


def is_prims(target: Any) -> bool:
    """Whether a target is a list of prims."""
    return isinstance(target, (list, tuple)) and all(isinstance(t, (str, Usd.Prim, ReplicatorItem)) for t in target)
