"""Places and boxes of CARLA's world: x forward, y right, z up (left-handed), in metres and degrees.

Positive pitch looks up, positive yaw turns right, positive roll tilts the right side down. Signatures, texts and the
types of results are those of the CARLA 0.9.16 client, where nothing else is said. What is assigned to a transform or a
box is copied, as there. All types are equal by value and can be changed, therefore they have no hash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from math import cos, radians, sin
from typing import Any, Generic, TypeVar, overload

from .vectors import Location, Vector2D, Vector3D, number

__all__ = ["BoundingBox", "Location", "Rotation", "Transform", "Vector2D", "Vector3D"]

Matrix = list[list[float]]
Triple = tuple[float, float, float]
Held = TypeVar("Held")


class Rotation:
    """Turns in degrees: yaw about z first, then pitch, then roll, each about the axis as turned so far."""

    def __init__(self, pitch: float = 0.0, yaw: float = 0.0, roll: float = 0.0) -> None:
        self.pitch = number(pitch)
        self.yaw = number(yaw)
        self.roll = number(roll)

    def get_forward_vector(self) -> Vector3D:
        """Return where x points, of length 1."""
        return Vector3D(*_columns(self)[0])

    def get_right_vector(self) -> Vector3D:
        """Return where y points, of length 1."""
        return Vector3D(*_columns(self)[1])

    def get_up_vector(self) -> Vector3D:
        """Return where z points, of length 1."""
        return Vector3D(*_columns(self)[2])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rotation):
            return NotImplemented
        return (self.pitch, self.yaw, self.roll) == (other.pitch, other.yaw, other.roll)

    def __repr__(self) -> str:
        return f"Rotation(pitch={self.pitch:f}, yaw={self.yaw:f}, roll={self.roll:f})"


def _columns(rotation: Rotation) -> tuple[Triple, Triple, Triple]:
    """Return forward, right and up: Rz(yaw) Ry(-pitch) Rx(-roll), with turns by the right-hand rule."""
    pitch, yaw, roll = radians(rotation.pitch), radians(rotation.yaw), radians(rotation.roll)
    cp, sp, cy, sy, cr, sr = cos(pitch), sin(pitch), cos(yaw), sin(yaw), cos(roll), sin(roll)
    return (
        (cp * cy, cp * sy, sp),
        (cy * sp * sr - sy * cr, sy * sp * sr + cy * cr, -cp * sr),
        (-cy * sp * cr - sy * sr, -sy * sp * cr + cy * sr, cp * cr),
    )


class _Copied(Generic[Held]):
    """An attribute that keeps a copy of what it is given."""

    def __init__(self, copy: Callable[[Any], Held]) -> None:
        self._copy = copy

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> _Copied[Held]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Held: ...
    def __get__(self, instance: object | None, owner: type) -> _Copied[Held] | Held:
        if instance is None:
            return self
        value: Held = getattr(instance, self._name)
        return value

    def __set__(self, instance: object, value: Held) -> None:
        setattr(instance, self._name, self._copy(value))


def _rotation(value: Rotation) -> Rotation:
    if not isinstance(value, Rotation):
        raise TypeError(f"must be a Rotation, not {type(value).__name__}")
    return Rotation(value.pitch, value.yaw, value.roll)


def _vector(value: Vector3D) -> Vector3D:
    if not isinstance(value, Vector3D):
        raise TypeError(f"must be a Vector3D or Location, not {type(value).__name__}")
    return Vector3D(value)


def _location(value: Vector3D) -> Location:
    return Location(_vector(value))


class Transform:
    """A place and a direction: from the local frame of an actor to the world, or to its parent."""

    location = _Copied(_location)
    rotation = _Copied(_rotation)

    def __init__(self, location: Vector3D | None = None, rotation: Rotation | None = None) -> None:
        self.location = Location() if location is None else _location(location)
        self.rotation = Rotation() if rotation is None else rotation

    @overload
    def transform(self, in_point: Vector3D) -> Vector3D: ...
    @overload
    def transform(self, in_point: list[Any]) -> list[Any]: ...
    def transform(self, in_point: Vector3D | list[Any]) -> Vector3D | list[Any]:
        """Return the world point of a local one, which stays as it is: the client overwrites it.

        The client takes a list too, gives nothing back, and leaves the world points in the list: that is all it is
        good for. So here the items of a list are replaced by new points of their types, and the list is returned.
        """
        if isinstance(in_point, list):
            in_point[:] = [type(point)(self.transform(point)) for point in in_point]
            return in_point
        return self.transform_vector(in_point) + self.location

    def transform_vector(self, in_point: Vector3D) -> Vector3D:
        """Return the world direction of a local one, which stays as it is."""
        forward, right, up = (Vector3D(*column) for column in _columns(self.rotation))
        vector = _vector(in_point)
        return forward * vector.x + right * vector.y + up * vector.z

    def inverse_transform(self, in_point: Vector3D) -> Vector3D:
        """Return the local point of a world one, which stays as it is."""
        return self.inverse_transform_vector(_vector(in_point) - self.location)

    def inverse_transform_vector(self, in_point: Vector3D) -> Vector3D:
        """Return the local direction of a world one, which stays as it is. The client 0.9.16 has no such call."""
        vector = _vector(in_point)
        return Vector3D(*(vector.dot(Vector3D(*column)) for column in _columns(self.rotation)))

    def get_forward_vector(self) -> Vector3D:
        """Return where x points, of length 1."""
        return self.rotation.get_forward_vector()

    def get_right_vector(self) -> Vector3D:
        """Return where y points, of length 1."""
        return self.rotation.get_right_vector()

    def get_up_vector(self) -> Vector3D:
        """Return where z points, of length 1."""
        return self.rotation.get_up_vector()

    def get_matrix(self) -> Matrix:
        """Return local to world as 4 rows of 4, for column vectors (x, y, z, 1)."""
        axes = zip(*_columns(self.rotation), strict=True)
        return _rows(axes, self.location)

    def get_inverse_matrix(self) -> Matrix:
        """Return world to local as 4 rows of 4, for column vectors (x, y, z, 1)."""
        return _rows(_columns(self.rotation), self.inverse_transform(Vector3D()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Transform):
            return NotImplemented
        return self.location == other.location and self.rotation == other.rotation

    def __repr__(self) -> str:
        return f"Transform({self.location}, {self.rotation})"


def _rows(axes: Iterable[Iterable[float]], last: Vector3D) -> Matrix:
    column = (last.x, last.y, last.z)
    return [[*axis, value] for axis, value in zip(axes, column, strict=True)] + [[0.0, 0.0, 0.0, 1.0]]


class BoundingBox:
    """A box with its centre at ``location`` in the frame of what it bounds, turned there by ``rotation``.

    ``extent`` is half of its size. ``actor_id`` is 0 until somebody says whose box it is; no part of being equal.
    """

    location = _Copied(_location)
    extent = _Copied(_vector)
    rotation = _Copied(_rotation)

    def __init__(
        self, location: Vector3D | None = None, extent: Vector3D | None = None, rotation: Rotation | None = None
    ) -> None:
        self.location = Location() if location is None else _location(location)
        self.extent = Vector3D() if extent is None else extent
        self.rotation = Rotation() if rotation is None else rotation
        self.actor_id = 0

    def contains(self, world_point: Vector3D, transform: Transform) -> bool:
        """Return whether the box of an actor at ``transform`` holds a point of the world; its surface belongs to it.

        The rotation of the box counts here as it does for its vertices; the client forgets it.
        """
        point = Transform(self.location, self.rotation).inverse_transform(transform.inverse_transform(world_point))
        inside = self.extent
        return abs(point.x) <= inside.x and abs(point.y) <= inside.y and abs(point.z) <= inside.z

    def get_local_vertices(self) -> list[Location]:
        """Return the 8 corners in the frame of the actor: x slowest, z fastest, each from low to high."""
        own = Transform(self.location, self.rotation)
        size = self.extent
        signs = product((-1, 1), repeat=3)
        return [Location(own.transform(Vector3D(x * size.x, y * size.y, z * size.z))) for x, y, z in signs]

    def get_world_vertices(self, transform: Transform) -> list[Location]:
        """Return the 8 corners of the box of an actor at ``transform``, in the same order."""
        return [Location(transform.transform(corner)) for corner in self.get_local_vertices()]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BoundingBox):
            return NotImplemented
        mine = (self.location, self.extent, self.rotation)
        return mine == (other.location, other.extent, other.rotation)

    def __repr__(self) -> str:
        return f"BoundingBox({self.location}, {self.extent._text('Extent')}, {self.rotation})"
