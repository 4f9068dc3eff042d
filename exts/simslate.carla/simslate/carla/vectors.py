"""Vectors of CARLA's world: x forward, y right, z up (left-handed), in metres.

Signatures, texts and the types of results are those of the CARLA 0.9.16 client. Numbers are Python's floats (64 bits)
where the client has 32. Vectors are equal by value and can be changed, therefore they have no hash.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import SupportsFloat, TypeVar

from .errors import CarlaError

_SHORTEST = 2 * 2.0**-23
"""The client's bound below which a vector has no direction: twice the epsilon of a 32-bit float."""

Self = TypeVar("Self", bound="Vector2D | Vector3D")
Self2D = TypeVar("Self2D", bound="Vector2D")
Self3D = TypeVar("Self3D", bound="Vector3D")


def number(value: SupportsFloat) -> float:
    """Return ``value`` as a float. TypeError for what is no number; text is none, even ``"1"``."""
    if isinstance(value, (str, bytes)):
        raise TypeError(f"must be a number, not {type(value).__name__}")
    return float(value)


class Vector2D:
    """Two numbers."""

    def __init__(self, x: float = 0.0, y: float = 0.0) -> None:
        self.x = number(x)
        self.y = number(y)

    def length(self) -> float:
        """Return the length."""
        return math.hypot(self.x, self.y)

    def squared_length(self) -> float:
        """Return the length squared."""
        return self.x**2 + self.y**2

    def make_unit_vector(self) -> Vector2D:
        """Return the vector of length 1 in this direction; CarlaError for one without."""
        return self / _directed(self)

    def __add__(self, other: Vector2D) -> Vector2D:
        if not isinstance(other, Vector2D):
            return NotImplemented
        return Vector2D(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Vector2D) -> Vector2D:
        if not isinstance(other, Vector2D):
            return NotImplemented
        return Vector2D(self.x - other.x, self.y - other.y)

    def __mul__(self, factor: float) -> Vector2D:
        if not isinstance(factor, Real):
            return NotImplemented
        return Vector2D(self.x * factor, self.y * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Vector2D:
        if not isinstance(divisor, Real):
            return NotImplemented
        return Vector2D(self.x / divisor, self.y / divisor)

    # As in the client, where 2 / v is v / 2.
    __rtruediv__ = __truediv__

    def __iadd__(self: Self2D, other: Vector2D) -> Self2D:
        return _assigned(self, self + other)

    def __isub__(self: Self2D, other: Vector2D) -> Self2D:
        return _assigned(self, self - other)

    def __imul__(self: Self2D, factor: float) -> Self2D:
        return _assigned(self, self * factor)

    def __eq__(self, other: object) -> bool:
        return (self.x, self.y) == (other.x, other.y) if isinstance(other, Vector2D) else NotImplemented

    def __repr__(self) -> str:
        return f"Vector2D(x={self.x:f}, y={self.y:f})"


class Vector3D:
    """Three numbers: a direction, an extent, or a point. Made of x, y, z, or as a copy of another one."""

    x: float
    y: float
    z: float

    def __init__(self, x: float | Vector3D = 0.0, y: float = 0.0, z: float = 0.0) -> None:
        own = (x.x, x.y, x.z) if isinstance(x, Vector3D) else (x, y, z)
        self.x, self.y, self.z = (number(value) for value in own)

    def length(self) -> float:
        """Return the length."""
        return math.hypot(self.x, self.y, self.z)

    def squared_length(self) -> float:
        """Return the length squared."""
        return self.dot(self)

    def make_unit_vector(self) -> Vector3D:
        """Return the vector of length 1 in this direction; CarlaError for one without."""
        return self / _directed(self)

    def dot(self, vector: Vector3D) -> float:
        """Return the scalar product."""
        return self.x * vector.x + self.y * vector.y + self.z * vector.z

    def dot_2d(self, vector: Vector3D) -> float:
        """Return the scalar product in the ground plane."""
        return self.x * vector.x + self.y * vector.y

    def cross(self, vector: Vector3D) -> Vector3D:
        """Return the vector product, by the usual formula: x cross y is z."""
        return Vector3D(
            self.y * vector.z - self.z * vector.y,
            self.z * vector.x - self.x * vector.z,
            self.x * vector.y - self.y * vector.x,
        )

    def distance(self, vector: Vector3D) -> float:
        """Return the distance to ``vector``."""
        return (self - vector).length()

    def distance_squared(self, vector: Vector3D) -> float:
        """Return the distance to ``vector``, squared."""
        return (self - vector).squared_length()

    def distance_2d(self, vector: Vector3D) -> float:
        """Return the distance to ``vector`` in the ground plane."""
        return math.hypot(self.x - vector.x, self.y - vector.y)

    def distance_squared_2d(self, vector: Vector3D) -> float:
        """Return the distance to ``vector`` in the ground plane, squared."""
        return (self.x - vector.x) ** 2 + (self.y - vector.y) ** 2

    def get_vector_angle(self, vector: Vector3D) -> float:
        """Return the angle to ``vector`` in radians, 0 to pi; CarlaError if one of them has no direction."""
        # The arc cosine of the scalar product, as the formula is usually given, is blind to small angles.
        ours, theirs = self.make_unit_vector(), vector.make_unit_vector()
        return 2 * math.atan2((ours - theirs).length(), (ours + theirs).length())

    def __add__(self, other: Vector3D) -> Vector3D:
        if not isinstance(other, Vector3D):
            return NotImplemented
        return Vector3D(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other: Vector3D) -> Vector3D:
        if not isinstance(other, Vector3D):
            return NotImplemented
        return Vector3D(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor: float) -> Vector3D:
        if not isinstance(factor, Real):
            return NotImplemented
        return Vector3D(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Vector3D:
        if not isinstance(divisor, Real):
            return NotImplemented
        return Vector3D(self.x / divisor, self.y / divisor, self.z / divisor)

    # As in the client, where 2 / v is v / 2.
    __rtruediv__ = __truediv__

    def __iadd__(self: Self3D, other: Vector3D) -> Self3D:
        return _assigned(self, self + other)

    def __isub__(self: Self3D, other: Vector3D) -> Self3D:
        return _assigned(self, self - other)

    def __imul__(self: Self3D, factor: float) -> Self3D:
        return _assigned(self, self * factor)

    def __abs__(self) -> Vector3D:
        return Vector3D(abs(self.x), abs(self.y), abs(self.z))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vector3D):
            return NotImplemented
        return (self.x, self.y, self.z) == (other.x, other.y, other.z)

    def __repr__(self) -> str:
        return self._text(type(self).__name__)

    def _text(self, name: str) -> str:
        return f"{name}(x={self.x:f}, y={self.y:f}, z={self.z:f})"


class Location(Vector3D):
    """A point of the world in metres. Sums and products of locations are plain Vector3D, as in the client."""


def _directed(vector: Vector2D | Vector3D) -> float:
    length = vector.length()
    if not length > _SHORTEST:
        raise CarlaError(f"{vector}: has no direction, its length is {length:g}")
    return length


def _assigned(vector: Self, value: Vector2D | Vector3D) -> Self:
    # In place and of the same type, as the client does it: other names of the vector see the change.
    vars(vector).update(vars(value))
    return vector
