"""Making, finding, moving and asking about prims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pxr import Sdf, Usd, UsdGeom, UsdPhysics

from isaacsim.core import _edits, _poses
from isaacsim.core._current import current_stage, prim_at
from isaacsim.core._search import downwards, is_articulation_link, is_articulation_root, matching_paths, nearest_above
from isaacsim.core.utils.semantics import add_labels
from isaacsim.core.utils.stage import add_reference_to_stage, get_current_stage, get_current_stage_id
from isaacsim.core.utils.string import find_root_prim_path_from_regex
from kitless.absent import absent
from omni.usd.commands import DeletePrimsCommand

__all__ = [
    "DeletePrimsCommand",
    "add_labels",
    "add_reference_to_stage",
    "create_prim",
    "define_prim",
    "delete_prim",
    "find_matching_prim_paths",
    "find_root_prim_path_from_regex",
    "get_all_matching_child_prims",
    "get_articulation_root_api_prim_path",
    "get_current_stage",
    "get_current_stage_id",
    "get_first_matching_child_prim",
    "get_first_matching_parent_prim",
    "get_prim_at_path",
    "get_prim_attribute_names",
    "get_prim_attribute_value",
    "get_prim_children",
    "get_prim_object_type",
    "get_prim_parent",
    "get_prim_path",
    "get_prim_property",
    "get_prim_type_name",
    "is_prim_ancestral",
    "is_prim_hidden_in_stage",
    "is_prim_no_delete",
    "is_prim_non_root_articulation_link",
    "is_prim_path_valid",
    "is_prim_root_path",
    "move_prim",
    "query_parent_path",
    "set_prim_attribute_value",
    "set_prim_hide_in_stage_window",
    "set_prim_no_delete",
    "set_prim_property",
    "set_prim_visibility",
    "set_targets",
]

_HIDDEN = "hide_in_stage_window"
_NO_DELETE = "no_delete"


def get_prim_at_path(prim_path: str, fabric: bool = False) -> Usd.Prim:
    """Return the prim at ``prim_path``, an invalid one where there is none."""
    _no_fabric(fabric, "get_prim_at_path")
    return current_stage().GetPrimAtPath(str(prim_path))


def is_prim_path_valid(prim_path: str, fabric: bool = False) -> bool:
    """Return whether there is a prim at ``prim_path``."""
    _no_fabric(fabric, "is_prim_path_valid")
    return bool(Sdf.Path.IsValidPathString(str(prim_path))[0]) and bool(get_prim_at_path(prim_path))


def define_prim(prim_path: str, prim_type: str = "Xform", fabric: bool = False) -> Usd.Prim:
    """Make a prim of a type.

    Raises ValueError where there is one already.
    """
    _no_fabric(fabric, "define_prim")
    if is_prim_path_valid(prim_path):
        raise ValueError(f"there is a prim at {prim_path} already")
    return current_stage().DefinePrim(str(prim_path), prim_type)


def create_prim(
    prim_path: str,
    prim_type: str = "Xform",
    position: Sequence[float] | None = None,
    translation: Sequence[float] | None = None,
    orientation: Sequence[float] | None = None,
    scale: Sequence[float] | None = None,
    usd_path: str | None = None,
    semantic_label: str | None = None,
    semantic_type: str = "class",
    attributes: Mapping[str, Any] | None = None,
) -> Usd.Prim:
    """Make a prim with a pose, a referenced file, a label and attributes.

    ``position`` is in the world, ``translation`` in the parent's frame; ``orientation`` (w, x, y, z) is in the frame of
    the one that is given, without both in the world. Raises ValueError where there is a prim already, for both position
    and translation, and for an attribute that the type does not have.
    """
    if position is not None and translation is not None:
        raise ValueError("create_prim takes position (world) or translation (parent's frame), not both")
    prim = define_prim(prim_path, prim_type)
    for name, value in (attributes or {}).items():
        set_prim_attribute_value(prim_path, name, value)
    if usd_path is not None:
        add_reference_to_stage(usd_path, prim_path)
    if semantic_label is not None:
        add_labels(prim, [semantic_label], semantic_type)
    if UsdGeom.Xformable(prim):
        _place(prim, position, translation, orientation, scale)
    elif any(each is not None for each in (position, translation, orientation, scale)):
        raise ValueError(f"{prim_path} is a {prim_type}: it has no transform")
    return prim


def _place(prim: Usd.Prim, position: Any, translation: Any, orientation: Any, scale: Any) -> None:
    _poses.standardize_ops(prim)
    if translation is not None:
        _poses.set_local_pose(prim, translation, orientation)
    elif position is not None or orientation is not None:
        _poses.set_world_pose(prim, position, orientation)
    if scale is not None:
        _poses.set_local_scale(prim, scale)


def delete_prim(prim_path: str) -> None:
    """Delete a prim with all below it; can be undone on the open stage. Raises ValueError where there is none."""
    _edits.delete(str(prim_path))


def move_prim(path_from: str, path_to: str) -> None:
    """Move a prim to another path; its pose in the world stays. Raises ValueError where USD refuses."""
    _edits.move(str(path_from), str(path_to))


def get_prim_path(prim: Usd.Prim) -> str:
    """Return the prim's path."""
    return str(prim.GetPath())


def get_prim_parent(prim: Usd.Prim) -> Usd.Prim:
    """Return the prim's parent."""
    return prim.GetParent()


def get_prim_children(prim: Usd.Prim) -> list[Usd.Prim]:
    """Return the prim's children."""
    return list(prim.GetChildren())


def get_prim_type_name(prim_path: str, fabric: bool = False) -> str:
    """Return the prim's type; raises ValueError where there is no prim."""
    _no_fabric(fabric, "get_prim_type_name")
    return str(prim_at(prim_path).GetTypeName())


def get_prim_object_type(prim_path: str) -> str | None:
    """Return ``articulation``, ``rigid_body``, ``joint`` or ``d6joint`` by the prim's physics, else ``xform``.

    None for a prim without transform that is none of these. Raises ValueError where there is no prim.
    """
    prim = prim_at(prim_path)
    if prim.HasAPI(UsdPhysics.ArticulationRootAPI):
        return "articulation"
    if prim.HasAPI(UsdPhysics.RigidBodyAPI):
        return "rigid_body"
    if prim.IsA(UsdPhysics.Joint):
        return "d6joint" if prim.GetTypeName() == "PhysicsJoint" else "joint"
    return "xform" if prim.IsA(UsdGeom.Xformable) else None


# --- attributes


def get_prim_attribute_names(prim_path: str, fabric: bool = False) -> list[str]:
    """Return the names of the prim's attributes; raises ValueError where there is no prim."""
    _no_fabric(fabric, "get_prim_attribute_names")
    return [attribute.GetName() for attribute in prim_at(prim_path).GetAttributes()]


def get_prim_attribute_value(prim_path: str, attribute_name: str, fabric: bool = False) -> Any:
    """Return an attribute's value; raises ValueError where there is no such prim or attribute."""
    _no_fabric(fabric, "get_prim_attribute_value")
    return _attribute(prim_path, attribute_name).Get()


def set_prim_attribute_value(prim_path: str, attribute_name: str, value: Any, fabric: bool = False) -> None:
    """Set an attribute; sequences become USD's vectors. Raises ValueError where there is no such prim or attribute."""
    _no_fabric(fabric, "set_prim_attribute_value")
    attribute = _attribute(prim_path, attribute_name)
    attribute.Set(_usd_value(attribute, value))


def get_prim_property(prim_path: str, property_name: str) -> Any:
    """Return an attribute's value; raises ValueError where there is no such prim or attribute."""
    return get_prim_attribute_value(prim_path, property_name)


def set_prim_property(prim_path: str, property_name: str, property_value: Any) -> None:
    """Set an attribute; raises ValueError where there is no such prim or attribute."""
    set_prim_attribute_value(prim_path, property_name, property_value)


def set_targets(prim: Usd.Prim, attribute: str, target_prim_paths: Sequence[str]) -> None:
    """Let a relationship of the prim, made where it is missing, point at these paths."""
    prim.CreateRelationship(attribute).SetTargets([Sdf.Path(str(path)) for path in target_prim_paths])


def set_prim_visibility(prim: Usd.Prim, visible: bool) -> None:
    """Show or hide a prim with all below it; raises ValueError for a prim that cannot be shown."""
    imageable = UsdGeom.Imageable(prim)
    if not imageable:
        raise ValueError(f"{prim.GetPath()} is a {prim.GetTypeName()}: it cannot be shown or hidden")
    if visible:
        imageable.MakeVisible()
    else:
        imageable.MakeInvisible()


def set_prim_hide_in_stage_window(prim: Usd.Prim, hide: bool) -> None:
    """Mark a prim as one that the stage window leaves out."""
    prim.SetCustomDataByKey(_HIDDEN, hide)


def set_prim_no_delete(prim: Usd.Prim, no_delete: bool) -> None:
    """Mark a prim as one that must not be deleted."""
    prim.SetCustomDataByKey(_NO_DELETE, no_delete)


def is_prim_hidden_in_stage(prim_path: str) -> bool:
    """Return whether the stage window leaves the prim out."""
    return bool(prim_at(prim_path).GetCustomDataByKey(_HIDDEN))


def is_prim_no_delete(prim_path: str) -> bool:
    """Return whether the prim must not be deleted."""
    return bool(prim_at(prim_path).GetCustomDataByKey(_NO_DELETE))


def is_prim_ancestral(prim_path: str) -> bool:
    """Return whether the prim comes with a reference or payload of a prim above it, and so cannot be deleted."""
    prim = prim_at(prim_path)
    return any(node.IsDueToAncestor() for node in _nodes(prim.GetPrimIndex().rootNode))


def is_prim_root_path(prim_path: str) -> bool:
    """Return whether the path is that of the pseudo-root."""
    return str(prim_path) == "/"


def is_prim_non_root_articulation_link(prim_path: str) -> bool:
    """Return whether the prim is a rigid body below the root of an articulation."""
    return is_articulation_link(prim_at(prim_path))


def get_articulation_root_api_prim_path(prim_path: str) -> str:
    """Return the path of the articulation's root at or below the prim; ``prim_path`` where there is none."""
    found = next((prim for prim, _ in downwards(prim_at(prim_path)) if is_articulation_root(prim)), None)
    return prim_path if found is None else get_prim_path(found)


# --- searching


def get_first_matching_child_prim(
    prim_path: str, predicate: Callable[[str], bool], fabric: bool = False
) -> Usd.Prim | None:
    """Return the first prim, from this one downwards and breadth first, whose path the predicate likes, else None."""
    _no_fabric(fabric, "get_first_matching_child_prim")
    return next((prim for prim, _ in downwards(prim_at(prim_path)) if predicate(get_prim_path(prim))), None)


def get_all_matching_child_prims(
    prim_path: str, predicate: Callable[[str], bool] = lambda _: True, depth: int | None = None
) -> list[Usd.Prim]:
    """Return all prims from this one (depth 0) downwards, at most ``depth``, whose path the predicate likes."""
    found = downwards(prim_at(prim_path))
    return [prim for prim, at in found if (depth is None or at <= depth) and predicate(get_prim_path(prim))]


def get_first_matching_parent_prim(prim_path: str, predicate: Callable[[str], bool]) -> Usd.Prim | None:
    """Return the nearest prim above this one whose path the predicate likes, else None."""
    return nearest_above(prim_at(prim_path), lambda prim: predicate(get_prim_path(prim)))


def query_parent_path(prim_path: str, predicate: Callable[[str], bool]) -> bool:
    """Return whether the predicate likes the path of a prim above this one."""
    return get_first_matching_parent_prim(prim_path, predicate) is not None


def find_matching_prim_paths(prim_path_regex: str, prim_type: str | None = None) -> list[str]:
    """Return the paths of the prims that match, each part of the path a regular expression.

    A type (one of get_prim_object_type) leaves only those.
    """
    paths = matching_paths(prim_path_regex)
    return [path for path in paths if prim_type is None or get_prim_object_type(path) == prim_type]


def _nodes(node: Any) -> list[Any]:
    return [node, *(each for child in node.children for each in _nodes(child))]


def _attribute(prim_path: str, name: str) -> Usd.Attribute:
    attribute = prim_at(prim_path).GetAttribute(name)
    if not attribute:
        raise ValueError(
            f"{prim_path} has no attribute {name!r}; it has {', '.join(get_prim_attribute_names(prim_path))}"
        )
    return attribute


def _usd_value(attribute: Usd.Attribute, value: Any) -> Any:
    """Return ``value`` as the attribute's type where that is a vector or quaternion and the value a plain sequence."""
    kind = attribute.GetTypeName().type.pythonClass
    plain = hasattr(value, "__len__") and not isinstance(value, (str, dict)) and type(value).__module__ != "pxr.Gf"
    if kind is None or not plain or attribute.GetTypeName().isArray or getattr(kind, "__module__", "") != "pxr.Gf":
        return value
    return kind(*[float(each) for each in value])


def _no_fabric(fabric: bool, name: str) -> None:
    if fabric:
        raise NotImplementedError(f"isaacsim.core.utils.prims.{name}(fabric=True) is not in kitless yet")


__getattr__ = absent(__name__)
