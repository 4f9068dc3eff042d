"""Rotations of many rows at once: quaternions (n, 4) w, x, y, z, matrices (n, 3, 3) and Euler angles (n, 3).

One rotation may come without the first axis, and comes back so. Conventions are those of isaacsim.core.utils.rotations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from pxr import Gf

from isaacsim.core._poses import Array
from isaacsim.core.utils import rotations as _one
from kitless.absent import absent

__all__ = [
    "deg2rad",
    "euler_angles_to_quats",
    "gf_quat_to_tensor",
    "quats_to_euler_angles",
    "quats_to_rot_matrices",
    "quats_to_rotvecs",
    "rad2deg",
    "rot_matrices_to_quats",
    "rotvecs_to_quats",
    "wxyz2xyzw",
    "xyzw2wxyz",
]


def gf_quat_to_tensor(orientation: Gf.Quatd | Gf.Quatf | Gf.Quaternion, device: Any = None) -> Array:
    """Return w, x, y, z of a quaternion of Gf."""
    return _one.gf_quat_to_np_array(orientation)


def euler_angles_to_quats(
    euler_angles: ArrayLike, degrees: bool = False, extrinsic: bool = True, device: Any = None
) -> Array:
    """Return the quaternions of Euler angles."""
    return _each(euler_angles, 1, lambda row: _one.euler_angles_to_quat(row, degrees, extrinsic))


def quats_to_euler_angles(
    quaternions: ArrayLike, degrees: bool = False, extrinsic: bool = True, device: Any = None
) -> Array:
    """Return the Euler angles of quaternions."""
    return _each(quaternions, 1, lambda row: _one.quat_to_euler_angles(row, degrees, extrinsic))


def rot_matrices_to_quats(rotation_matrices: ArrayLike, device: Any = None) -> Array:
    """Return the quaternions of matrices."""
    return _each(rotation_matrices, 2, _one.rot_matrix_to_quat)


def quats_to_rot_matrices(quaternions: ArrayLike, device: Any = None) -> Array:
    """Return the matrices of quaternions."""
    return _each(quaternions, 1, _one.quat_to_rot_matrix)


def rotvecs_to_quats(rotation_vectors: ArrayLike, degrees: bool = False, device: Any = None) -> Array:
    """Return the quaternions of rotation vectors: the axis, as long as the angle."""
    return _each(rotation_vectors, 1, lambda row: _quat_of_rotvec(np.radians(row) if degrees else row))


def quats_to_rotvecs(quaternions: ArrayLike, device: Any = None) -> Array:
    """Return the rotation vectors of quaternions, at most pi long."""
    return _each(quaternions, 1, _rotvec_of_quat)


def rad2deg(radian_value: ArrayLike, device: Any = None) -> Array:
    """Return degrees."""
    return np.degrees(radian_value)


def deg2rad(degree_value: ArrayLike, device: Any = None) -> Array:
    """Return radians."""
    return np.radians(degree_value)


def xyzw2wxyz(q: ArrayLike) -> Array:
    """Return quaternions with w in front."""
    return np.roll(np.asarray(q), 1, axis=-1)


def wxyz2xyzw(q: ArrayLike) -> Array:
    """Return quaternions with w at the end."""
    return np.roll(np.asarray(q), -1, axis=-1)


def _each(values: ArrayLike, axes: int, convert: Callable[[Array], Array]) -> Array:
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim == axes:
        return convert(rows)
    return np.array([convert(row) for row in rows])


def _quat_of_rotvec(vector: Array) -> Array:
    angle = np.linalg.norm(vector)
    # sin(a/2)/a, which is 1/2 at 0.
    return np.array([np.cos(angle / 2), *(0.5 * np.sinc(angle / (2 * np.pi)) * vector)])


def _rotvec_of_quat(quaternion: Array) -> Array:
    unit = quaternion / np.linalg.norm(quaternion)
    unit = -unit if unit[0] < 0 else unit
    length = np.linalg.norm(unit[1:])
    angle = 2 * np.arctan2(length, unit[0])
    return unit[1:] * (2.0 if length < 1e-12 else angle / length)


__getattr__ = absent(__name__)
