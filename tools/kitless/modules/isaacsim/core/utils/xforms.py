"""Poses of prims by path, without an object for the prim."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Usd, UsdGeom

from isaacsim.core import _poses
from isaacsim.core._current import prim_at
from isaacsim.core._poses import Pose
from kitless.absent import absent

__all__ = ["clear_xform_ops", "get_local_pose", "get_world_pose", "reset_and_set_xform_ops", "reset_xform_ops"]


def clear_xform_ops(prim: Usd.Prim) -> None:
    """Take all transform ops from the prim: it is where its parent is then."""
    xformable = UsdGeom.Xformable(prim)
    names = [op.GetOpName() for op in xformable.GetOrderedXformOps()]
    xformable.ClearXformOpOrder()
    for name in names:
        prim.RemoveProperty(name.removeprefix("!invert!"))


def reset_xform_ops(prim: Usd.Prim) -> None:
    """Let the prim have translate, orient and scale, and be where its parent is."""
    reset_and_set_xform_ops(prim, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))


def reset_and_set_xform_ops(
    prim: Usd.Prim,
    translation: Sequence[float],
    orientation: Sequence[float],
    scale: Sequence[float] = (1.0, 1.0, 1.0),
) -> None:
    """Let the prim have translate, orient (w, x, y, z) and scale with these values, in the parent's frame."""
    clear_xform_ops(prim)
    _poses.set_local_pose(prim, tuple(translation), _wxyz(orientation))
    _poses.set_local_scale(prim, tuple(scale))


def get_local_pose(prim_path: str) -> Pose:
    """Return translation and orientation (w, x, y, z) in the parent's frame; raises ValueError without a prim."""
    return _poses.local_pose(prim_at(prim_path))


def get_world_pose(prim_path: str, fabric: bool = False) -> Pose:
    """Return position and orientation (w, x, y, z) in the world; raises ValueError where there is no prim."""
    if fabric:
        raise NotImplementedError("isaacsim.core.utils.xforms.get_world_pose(fabric=True) is not in kitless yet")
    return _poses.world_pose(prim_at(prim_path))


def _wxyz(orientation: object) -> Sequence[float]:
    is_gf = hasattr(orientation, "GetReal")
    found: Sequence[float] = _poses.quaternion_array(orientation) if is_gf else orientation  # type: ignore[assignment]
    return found


__getattr__ = absent(__name__)
