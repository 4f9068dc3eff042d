"""Deleting and moving prims of the stage in use."""

from __future__ import annotations

from pxr import Sdf, Usd, UsdGeom

import omni.usd
from isaacsim.core import _poses
from isaacsim.core._current import current_stage, prim_at
from omni.kit.commands import execute


def delete(path: str) -> None:
    """Delete the prim with all below it, undoably on the open stage; raises ValueError where there is none."""
    prim_at(path)
    if current_stage() == omni.usd.get_context().get_stage():
        execute("DeletePrimsCommand", paths=[path])
    else:
        current_stage().RemovePrim(path)


def move(path_from: str, path_to: str) -> None:
    """Move the prim with all below it; references to it follow, and its pose in the world stays.

    Raises ValueError where there is none, and where USD refuses, with its reason.
    """
    prim = prim_at(path_from)
    is_placed = bool(UsdGeom.Xformable(prim))
    pose = _poses.world_pose(prim) if is_placed else None
    editor = Usd.NamespaceEditor(current_stage())
    if not Sdf.Path.IsValidPathString(path_to)[0] or not editor.MovePrimAtPath(path_from, path_to):
        raise ValueError(f"{path_from} cannot be moved to {path_to!r}: that is no prim path")
    answer = editor.CanApplyEdits()
    if not answer or not editor.ApplyEdits():
        raise ValueError(f"{path_from} cannot be moved to {path_to}: {answer.whyNot or 'USD says no more'}")
    moved = prim_at(path_to)
    if pose is not None and not _is_at(moved, pose):
        _poses.set_world_pose(moved, *pose)


def _is_at(prim: Usd.Prim, pose: _poses.Pose) -> bool:
    now = _poses.world_pose(prim)
    # A quaternion and its negative are one rotation.
    return bool(abs(now[0] - pose[0]).max() < 1e-9 and abs(abs(now[1] @ pose[1]) - 1) < 1e-12)
