"""Rotations as quaternions (w, x, y, z), 3x3 matrices for column vectors, and Euler angles about x, y, z.

Angles are radians unless ``degrees``. ``extrinsic``: about the fixed axes x, then y, then z; R = Rz Ry Rx. Otherwise
intrinsic: about x, then the new y, then the new z; R = Rx Ry Rz. Shapes are (4,), (3, 3) and (3,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from pxr import Gf

from isaacsim.core._poses import Array, quaternion_array, unit_quaternion
from kitless.absent import absent

__all__ = [
    "euler_angles_to_quat",
    "euler_to_rot_matrix",
    "gf_quat_to_np_array",
    "gf_rotation_to_np_array",
    "lookat_to_quatf",
    "matrix_to_euler_angles",
    "quat_to_euler_angles",
    "quat_to_rot_matrix",
    "rot_matrix_to_quat",
]

# The sine beyond which the middle angle is a right one, so that only the sum of the two others counts.
_POLE = 1.0 - 1e-9


def euler_to_rot_matrix(euler_angles: ArrayLike, degrees: bool = False, extrinsic: bool = True) -> Array:
    """Return the matrix of Euler angles."""
    angles = np.asarray(euler_angles, dtype=np.float64)
    x, y, z = (_about(axis, angle) for axis, angle in enumerate(np.radians(angles) if degrees else angles))
    return z @ y @ x if extrinsic else x @ y @ z


def matrix_to_euler_angles(mat: ArrayLike, degrees: bool = False, extrinsic: bool = True) -> Array:
    """Return the Euler angles of a matrix; where the middle one is a right angle, the last one is 0."""
    m = np.asarray(mat, dtype=np.float64)
    # R = Rz Ry Rx has the transposed pattern of R = Rx Ry Rz with negative angles.
    angles = -_intrinsic_angles(m.T) if extrinsic else _intrinsic_angles(m)
    return np.degrees(angles) if degrees else angles


def euler_angles_to_quat(euler_angles: ArrayLike, degrees: bool = False, extrinsic: bool = True) -> Array:
    """Return the quaternion of Euler angles."""
    return rot_matrix_to_quat(euler_to_rot_matrix(euler_angles, degrees, extrinsic))


def quat_to_euler_angles(quat: ArrayLike, degrees: bool = False, extrinsic: bool = True) -> Array:
    """Return the Euler angles of a quaternion."""
    return matrix_to_euler_angles(quat_to_rot_matrix(quat), degrees, extrinsic)


def quat_to_rot_matrix(quat: ArrayLike) -> Array:
    """Return the matrix of a quaternion of any length; raises ValueError for zeros."""
    # Gf's matrices take row vectors.
    return np.array(Gf.Matrix3d(unit_quaternion(quat))).T


def rot_matrix_to_quat(mat: ArrayLike) -> Array:
    """Return the unit quaternion of a matrix, w not negative."""
    rows = np.asarray(mat, dtype=np.float64).T.tolist()
    found = quaternion_array(Gf.Matrix3d(*[each for row in rows for each in row]).ExtractRotation().GetQuat())
    return -found if found[0] < 0 else found


def lookat_to_quatf(camera: Gf.Vec3f, target: Gf.Vec3f, up: Gf.Vec3f) -> Gf.Quatf:
    """Return the orientation of a camera (looking along -z, +y up) that sees ``target``."""
    view = Gf.Matrix4d().SetLookAt(Gf.Vec3d(camera), Gf.Vec3d(target), Gf.Vec3d(up))
    return Gf.Quatf(view.GetInverse().ExtractRotationQuat())


def gf_quat_to_np_array(orientation: Gf.Quatd | Gf.Quatf | Gf.Quaternion) -> Array:
    """Return w, x, y, z of a quaternion of Gf."""
    return quaternion_array(orientation)


def gf_rotation_to_np_array(orientation: Gf.Rotation) -> Array:
    """Return w, x, y, z of a rotation of Gf."""
    return quaternion_array(orientation.GetQuat())


def _about(axis: int, angle: float) -> Array:
    first, second = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = np.cos(angle)
    matrix[second, first] = np.sin(angle)
    matrix[first, second] = -matrix[second, first]
    return matrix


def _intrinsic_angles(m: Array) -> Array:
    """Return x, y, z of m = Rx Ry Rz."""
    sine = float(np.clip(m[0, 2], -1.0, 1.0))
    if abs(sine) > _POLE:
        return np.array([np.arctan2(m[2, 1], m[1, 1]), np.arcsin(sine), 0.0])
    return np.array([np.arctan2(-m[1, 2], m[2, 2]), np.arcsin(sine), np.arctan2(-m[0, 1], m[0, 0])])


__getattr__ = absent(__name__)
