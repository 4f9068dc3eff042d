"""CARLA's poses and lenses as USD has them, and back. Arrays are float64, matrices act on column vectors.

CARLA's world is left-handed: x forward, y right, z up, in metres. USD's is right-handed; y is mirrored, and a stage
with Y up is turned as a whole, by -90 degrees about x, as USD's own tools turn one. So the point (x, y, z) of CARLA is

    (x, -y, z) / metersPerUnit    where the stage has Z up
    (x, z, y) / metersPerUnit     where it has Y up

``pxr.Gf`` has row vectors: ``Gf.Matrix4d(matrix.T.tolist())``, and ``numpy.array(gf_matrix).T`` back.
Sources: the client 0.9.16, whose matrices these agree with; UsdGeomCamera; CARLA's guide to bounding boxes, for the
intrinsics. Turns are read from a matrix with the roll 0 where the view is straight up or down, and only a sum of yaw
and roll can be known.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import CarlaError
from .geometry import Location, Rotation, Transform

Floats = NDArray[np.float64]

_WORLD = {"Z": np.diag([1.0, -1.0, 1.0]), "Y": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])}
"""From CARLA's world to a stage of this up axis."""

_PRIM = np.diag([1.0, -1.0, 1.0])
"""Columns: the axes of a prim (forward, left, up) in those of a CARLA actor (forward, right, up)."""

_CAMERA = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
"""Columns: the axes of a USD camera (right, up, backward) in those of a CARLA actor."""

_STEEP = 1e-9
"""The cosine of a pitch so steep that yaw and roll turn about one axis."""

_PROPER = 1e-4
"""How far from right angles the axes of a matrix may be: a matrix of 32-bit floats passes, a skewed one does not."""


def usd_matrix(transform: Transform, *, meters_per_unit: float = 1.0, up_axis: str = "Z") -> Floats:
    """Return the world matrix (4, 4) of a prim that stands for a CARLA actor at ``transform``.

    The prim's own axes are x forward, y left, z up, in metres, whatever the stage has: the matrix scales by
    1/``meters_per_unit``, so an asset made in metres with Z up comes out right. CarlaError for a bad unit or axis.
    """
    return _matrix(transform, _PRIM / _unit(meters_per_unit), meters_per_unit, up_axis)


def camera_matrix(transform: Transform, *, meters_per_unit: float = 1.0, up_axis: str = "Z") -> Floats:
    """Return the world matrix (4, 4) of a USD camera that sees what a CARLA camera at ``transform`` does.

    A USD camera looks along -Z with +Y up. The matrix has no scale. CarlaError for a bad unit or axis.
    """
    return _matrix(transform, _CAMERA, meters_per_unit, up_axis)


def carla_transform(matrix: ArrayLike, *, meters_per_unit: float = 1.0, up_axis: str = "Z") -> Transform:
    """Return where a prim with the world matrix (4, 4) is in CARLA's world; undoes ``usd_matrix``.

    Scale is dropped. CarlaError for a bad unit or axis, and for a matrix that mirrors, is skewed or not finite.
    """
    return _transform(matrix, _PRIM, meters_per_unit, up_axis)


def carla_transform_of_camera(matrix: ArrayLike, *, meters_per_unit: float = 1.0, up_axis: str = "Z") -> Transform:
    """Return where a USD camera with the world matrix (4, 4) is in CARLA's world; undoes ``camera_matrix``.

    Scale is dropped. CarlaError for a bad unit or axis, and for a matrix that mirrors, is skewed or not finite.
    """
    return _transform(matrix, _CAMERA, meters_per_unit, up_axis)


def composed(outer: Transform, inner: Transform) -> Transform:
    """Return where something is in the world that is at ``inner`` in the axes of what is at ``outer``."""
    matrix = np.array(outer.get_matrix()) @ np.array(inner.get_matrix())
    return Transform(Location(*matrix[:3, 3]), _rotation(matrix[:3, :3]))


def field_of_view_to_apertures(
    fov: float, width: int, height: int, *, focal_length: float = 50.0
) -> tuple[float, float]:
    """Return the horizontal and vertical aperture of a USD camera, in the unit of ``focal_length`` (USD's default: 50).

    ``fov`` is horizontal, in degrees; pixels are square. CarlaError for a view outside (0, 180) or an empty picture.
    """
    _size(width, height)
    horizontal = 2 * _positive("focal_length", focal_length) * math.tan(_half(fov))
    return horizontal, horizontal * height / width


def apertures_to_field_of_view(horizontal_aperture: float, *, focal_length: float = 50.0) -> float:
    """Return the horizontal field of view in degrees; undoes ``field_of_view_to_apertures``."""
    ratio = _positive("horizontal_aperture", horizontal_aperture) / _positive("focal_length", focal_length)
    return math.degrees(2 * math.atan(ratio / 2))


def intrinsics(width: int, height: int, fov: float) -> Floats:
    """Return the camera matrix K (3, 3) in pixels, x right, y down, the origin at the outer corner of the first pixel.

    The focal length is w / (2 tan(fov/2)) both ways, the centre (w/2, h/2). CarlaError as for the apertures.
    """
    _size(width, height)
    focal = width / (2 * math.tan(_half(fov)))
    return np.array([[focal, 0.0, width / 2], [0.0, focal, height / 2], [0.0, 0.0, 1.0]])


def projected(points: ArrayLike, transform: Transform, width: int, height: int, fov: float) -> tuple[Floats, Floats]:
    """Return the pixels (N, 2) and the depths (N,) of ``points`` (N, 3) of CARLA's world, in metres.

    The camera is at ``transform``; the depth is along its view. Pixels of points that are not in front of it, whose
    depth is not above 0, are NaN: the formula would show them mirrored.
    """
    world = np.asarray(points, np.float64).reshape(-1, 3)
    inverse = np.array(transform.get_inverse_matrix())
    local = world @ inverse[:3, :3].T + inverse[:3, 3]
    depth = local[:, 0]
    seen = np.stack([local[:, 1], -local[:, 2], np.where(depth > 0, depth, np.nan)], axis=1)
    pixels = seen @ intrinsics(width, height, fov).T
    return pixels[:, :2] / pixels[:, 2:], depth


def _matrix(transform: Transform, axes: Floats, meters_per_unit: float, up_axis: str) -> Floats:
    world, ours = _world(up_axis), np.array(transform.get_matrix())
    matrix = np.eye(4)
    matrix[:3, :3] = world @ ours[:3, :3] @ axes
    matrix[:3, 3] = world @ ours[:3, 3] / _unit(meters_per_unit)
    return matrix


def _transform(matrix: ArrayLike, axes: Floats, meters_per_unit: float, up_axis: str) -> Transform:
    # Both ways between the worlds are the same matrix transposed, and so it is with the axes.
    world, given = _world(up_axis), np.asarray(matrix, np.float64)
    turn = world.T @ _rotation_part(given) @ axes.T
    place = world.T @ given[:3, 3] * _unit(meters_per_unit)
    return Transform(Location(*place), _rotation(turn))


def _rotation_part(matrix: Floats) -> Floats:
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
        raise CarlaError(f"a pose needs a matrix (4, 4) of finite numbers, not {matrix.shape} {matrix.tolist()}")
    lengths = np.linalg.norm(matrix[:3, :3], axis=0)
    turn: Floats = matrix[:3, :3] / np.where(lengths > 0, lengths, 1)
    if np.abs(turn.T @ turn - np.eye(3)).max() > _PROPER or np.linalg.det(turn) < 0:
        raise CarlaError(f"a pose needs a matrix that turns and scales only: {matrix[:3, :3].tolist()}")
    return turn


def _rotation(turn: Floats) -> Rotation:
    level = math.hypot(turn[0, 0], turn[1, 0])
    steep = level < _STEEP
    yaw = math.atan2(-turn[0, 1], turn[1, 1]) if steep else math.atan2(turn[1, 0], turn[0, 0])
    # With that yaw undone the second row is (0, cos roll, sin roll), also where the pitch is steep and yaw is vague.
    second = -math.sin(yaw) * turn[0] + math.cos(yaw) * turn[1]
    roll = 0.0 if steep else math.atan2(second[2], second[1])
    return Rotation(math.degrees(math.atan2(turn[2, 0], level)), math.degrees(yaw), math.degrees(roll))


def _world(up_axis: str) -> Floats:
    if up_axis not in _WORLD:
        raise CarlaError(f'up_axis must be "Y" or "Z", not {up_axis!r}')
    return _WORLD[up_axis]


def _unit(meters_per_unit: float) -> float:
    return _positive("meters_per_unit", meters_per_unit)


def _size(width: int, height: int) -> None:
    _positive("width", width)
    _positive("height", height)


def _half(fov: float) -> float:
    if not 0 < fov < 180:
        raise CarlaError(f"fov must be above 0 and below 180 degrees, not {fov}")
    return math.radians(fov) / 2


def _positive(name: str, value: float) -> float:
    if not (value > 0 and math.isfinite(value)):
        raise CarlaError(f"{name} must be a finite number above 0, not {value}")
    return value
