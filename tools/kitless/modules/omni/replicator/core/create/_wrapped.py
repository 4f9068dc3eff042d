"""New prims, each below an Xform that carries its pose and labels."""

from collections.abc import Callable, Mapping
from typing import Any

from pxr import Usd, UsdGeom

from .._pose import write_pose
from ..graph import Made, ReplicatorItem, assign_new, prims_of
from ..scene import naming
from ..scene.materials import bind
from ..scene.semantics import as_labels, write_labels

Define = Callable[[Usd.Stage, str], Usd.Prim]
"""Defines a prim at a path."""


def wrapped(kind: str, define: Define, count: int, name: str | None, parent: Any) -> Made:
    """``count`` new prims below Xforms of their own: ``/Replicator/<name>_Xform[_NN]/<name>``.

    Raises ``ValueError`` for a count below 1 and for a parent that is no single prim.
    """
    stage = naming.open_stage()
    where = naming.parent_path(stage, only(parent))
    paths = naming.free_paths(stage, where, f"{name or kind}_Xform", checked_count(count))
    for path in paths:
        UsdGeom.Xform.Define(stage, path)
        define(stage, f"{path}/{name or kind}")
    return Made(paths, name or kind)


def checked_count(count: int) -> int:
    """How many to make. Raises ``ValueError`` below 1."""
    if count < 1:
        raise ValueError(f"count must be at least 1: {count}")
    return count


def only(prims: Any) -> Usd.Prim | None:
    """The one prim that is given, None for None. Raises ``ValueError`` for none or several."""
    if prims is None:
        return None
    found = prims_of(prims)
    if len(found) != 1:
        raise ValueError(f"parent must be one prim, not {[str(prim.GetPath()) for prim in found] or 'none'}")
    return found[0]


def label(node: Made, semantics: Any) -> None:
    """Write the labels of new prims."""
    labels = as_labels(semantics)
    for prim in node.prims() if labels else []:
        write_labels(prim, labels, once=True)


def finish(node: Made, pose: Mapping[str, Any], semantics: Any, material: Any, visible: Any) -> ReplicatorItem:
    """Place, label, cover and hide new prims, as asked."""
    label(node, semantics)
    place_new(node, pose)
    assign_new(node, lambda prim, values: bind(prim, material_prim(values["material"])), {"material": material})
    if visible is not True:
        assign_new(node, write_visibility, {"visible": visible})
    return ReplicatorItem(node)


def place_new(node: Made, pose: Mapping[str, Any]) -> None:
    """Write the pose of new prims. Raises ``ValueError`` where both rotation and look_at are given."""
    if pose.get("rotation") is not None and pose.get("look_at") is not None:
        raise ValueError("Give rotation or look_at, not both")
    assign_new(node, write_pose, pose)


def write_visibility(prim: Usd.Prim, values: dict[str, Any]) -> None:
    """Show or hide."""
    shown = bool(values["visible"])
    UsdGeom.Imageable(prim).CreateVisibilityAttr(UsdGeom.Tokens.inherited if shown else UsdGeom.Tokens.invisible)


def material_prim(material: Any) -> Usd.Prim:
    """The first prim of a material given as path, prim or item. Raises ``ValueError`` where there is none."""
    found = prims_of(material)
    if not found:
        raise ValueError(f"Not a material: {material!r} has no prims")
    return found[0]
