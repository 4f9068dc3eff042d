"""Poses of prims: read from any transform ops, written as translate, orient and scale.

Positions are (3,) float arrays in the stage's unit, orientations (4,) unit quaternions w, x, y, z; poses of the world
have no scale. USD's matrices take row vectors: local to world is ``local @ parent_to_world``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom

Array: TypeAlias = NDArray[np.float64]
Pose: TypeAlias = tuple[Array, Array]

_OPS = ("xformOp:translate", "xformOp:orient", "xformOp:scale")


def floats(value: Any, size: int, what: str) -> list[float]:
    """Return ``size`` numbers of an array or a sequence.

    Raises ValueError for another number of numbers.
    """
    numbers = np.asarray(value, dtype=np.float64).reshape(-1)
    if numbers.size != size:
        raise ValueError(f"{what} needs {size} numbers, not {numbers.size}: {value!r}")
    return numbers.tolist()


def unit_quaternion(value: Any) -> Gf.Quatd:
    """Return the unit quaternion of w, x, y, z.

    Raises ValueError for zeros and for another number of numbers.
    """
    w, x, y, z = floats(value, 4, "an orientation (w, x, y, z)")
    if not (w or x or y or z):
        raise ValueError("an orientation (w, x, y, z) of zeros is no rotation")
    return Gf.Quatd(w, x, y, z).GetNormalized()


def quaternion_array(quaternion: Any) -> Array:
    """Return w, x, y, z of a Gf quaternion."""
    return np.array([quaternion.GetReal(), *quaternion.GetImaginary()], dtype=np.float64)


def rotation_of(matrix: Gf.Matrix4d) -> Gf.Quatd:
    """Return the unit quaternion of a matrix without its scale and shear."""
    return matrix.RemoveScaleShear().ExtractRotationQuat().GetNormalized()


def has_standard_ops(prim: Usd.Prim) -> bool:
    """Return whether translate, orient and scale, in this order, are all that places the prim."""
    xformable = UsdGeom.Xformable(prim)
    return [op.GetOpName() for op in xformable.GetOrderedXformOps()] == list(_OPS)


def standardize_ops(prim: Usd.Prim) -> None:
    """Replace the prim's transform ops by translate, orient and scale that place it alike; shear gets lost.

    Raises ValueError for a prim that cannot be placed.
    """
    xformable = UsdGeom.Xformable(prim)
    if not xformable:
        raise ValueError(f"{prim.GetPath()} is a {prim.GetTypeName() or 'prim without type'}: it has no transform")
    if has_standard_ops(prim):
        return
    matrix = xformable.GetLocalTransformation()
    parts = Gf.Transform(matrix)
    resets = xformable.GetResetXformStack()
    old = [op.GetOpName() for op in xformable.GetOrderedXformOps()]
    xformable.ClearXformOpOrder()
    for name in old:
        if name not in _OPS:
            prim.RemoveProperty(name.removeprefix("!invert!"))
    xformable.SetXformOpOrder([_op(prim, name) for name in _OPS], resets)
    _write(prim, _OPS[0], parts.GetTranslation())
    _write(prim, _OPS[1], rotation_of(matrix))
    _write(prim, _OPS[2], parts.GetScale())


def local_pose(prim: Usd.Prim, time: Usd.TimeCode = Usd.TimeCode.Default()) -> Pose:
    """Return position and orientation in the parent's frame."""
    matrix = UsdGeom.Xformable(prim).GetLocalTransformation(time)
    return np.array(matrix.ExtractTranslation()), quaternion_array(rotation_of(matrix))


def world_pose(prim: Usd.Prim, time: Usd.TimeCode = Usd.TimeCode.Default()) -> Pose:
    """Return position and orientation in the world."""
    matrix = UsdGeom.XformCache(time).GetLocalToWorldTransform(prim)
    return np.array(matrix.ExtractTranslation()), quaternion_array(rotation_of(matrix))


def local_scale(prim: Usd.Prim) -> Array:
    """Return the scale in the parent's frame."""
    return np.array(Gf.Transform(UsdGeom.Xformable(prim).GetLocalTransformation()).GetScale())


def world_scale(prim: Usd.Prim) -> Array:
    """Return the lengths of the axes in the world."""
    matrix = UsdGeom.XformCache().GetLocalToWorldTransform(prim)
    return np.array([matrix.GetRow3(row).GetLength() for row in range(3)])


def set_local_pose(
    prim: Usd.Prim,
    translation: Sequence[float] | Array | None = None,
    orientation: Sequence[float] | Array | None = None,
) -> None:
    """Move the prim in its parent's frame; None leaves that part. Raises ValueError."""
    standardize_ops(prim)
    if translation is not None:
        _write(prim, _OPS[0], Gf.Vec3d(*floats(translation, 3, "a translation")))
    if orientation is not None:
        _write(prim, _OPS[1], unit_quaternion(orientation))


def set_world_pose(
    prim: Usd.Prim, position: Sequence[float] | Array | None = None, orientation: Sequence[float] | Array | None = None
) -> None:
    """Move the prim in the world; None leaves that part, as the world sees it. Raises ValueError."""
    now_position, now_orientation = world_pose(prim)
    wanted = Gf.Matrix4d(1.0)
    wanted.SetRotateOnly(unit_quaternion(now_orientation if orientation is None else orientation))
    wanted.SetTranslateOnly(Gf.Vec3d(*floats(now_position if position is None else position, 3, "a position")))
    parent = Gf.Matrix4d(1.0)
    if not UsdGeom.Xformable(prim).GetResetXformStack():
        parent = UsdGeom.XformCache().GetParentToWorldTransform(prim)
    local = wanted * parent.GetInverse()
    set_local_pose(prim, np.array(local.ExtractTranslation()), quaternion_array(rotation_of(local)))


def set_local_scale(prim: Usd.Prim, scale: Sequence[float] | Array) -> None:
    """Scale the prim in its parent's frame. Raises ValueError."""
    standardize_ops(prim)
    _write(prim, _OPS[2], Gf.Vec3d(*floats(scale, 3, "a scale")))


def _op(prim: Usd.Prim, name: str) -> UsdGeom.XformOp:
    """Return the op of that name, kept with its precision where it is there."""
    attribute = prim.GetAttribute(name)
    if attribute:
        return UsdGeom.XformOp(attribute)
    xformable, precision = UsdGeom.Xformable(prim), UsdGeom.XformOp.PrecisionDouble
    add = {
        _OPS[0]: xformable.AddTranslateOp,
        _OPS[1]: xformable.AddOrientOp,
        _OPS[2]: xformable.AddScaleOp,
    }[name]
    return add(precision=precision)


def _write(prim: Usd.Prim, name: str, value: Gf.Vec3d | Gf.Quatd) -> None:
    attribute = prim.GetAttribute(name)
    kind = attribute.GetTypeName().type.pythonClass
    attribute.Set(kind(value))
