"""Places and sizes on the screen."""

from __future__ import annotations

from typing import Any

from kitless.absent import Partial, absent

__all__ = ["Vec2"]


class Vec2(Partial):
    """Two numbers: ``Vec2()``, ``Vec2(x, y)`` or ``Vec2(pair)``."""

    def __init__(self, *args: Any) -> None:
        values = args if len(args) != 1 else tuple(args[0].to_tuple() if isinstance(args[0], Vec2) else args[0])
        if len(values) not in (0, 2):
            raise ValueError(f"Vec2 takes two numbers, not {len(values)}")
        self.x, self.y = (float(value) for value in values or (0.0, 0.0))

    def to_tuple(self) -> tuple[float, float]:
        """Return (x, y)."""
        return self.x, self.y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vec2) and self.to_tuple() == other.to_tuple()

    def __hash__(self) -> int:
        return hash(self.to_tuple())

    def __add__(self, other: Vec2) -> Vec2:
        return Vec2(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Vec2) -> Vec2:
        return Vec2(self.x - other.x, self.y - other.y)

    def __mul__(self, factor: float) -> Vec2:
        return Vec2(self.x * factor, self.y * factor)

    def __truediv__(self, divisor: float) -> Vec2:
        return Vec2(self.x / divisor, self.y / divisor)

    def __repr__(self) -> str:
        return f"Vec2({self.x:g}, {self.y:g})"


__getattr__ = absent(__name__)
