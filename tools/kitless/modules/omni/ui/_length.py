"""Lengths: pixels, percent of the parent, or a share of what is left."""

from __future__ import annotations

from typing import Any

from kitless.absent import Partial
from omni.ui._enums import UnitType


class Length(Partial):
    """A number with a unit; a plain number where a length is expected means pixels."""

    def __init__(self, value: float, unit: UnitType = UnitType.PIXEL) -> None:
        self.value = float(value)
        self.unit = UnitType(unit)

    def __float__(self) -> float:
        return self.value

    def __int__(self) -> int:
        return int(self.value)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Length):
            return (self.value, self.unit) == (other.value, other.unit)
        return self.value == other if isinstance(other, (int, float)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    def __add__(self, other: Any) -> float:
        return self.value + float(other)

    def __sub__(self, other: Any) -> float:
        return self.value - float(other)

    def __mul__(self, other: Any) -> float:
        return self.value * float(other)

    def __truediv__(self, other: Any) -> float:
        return self.value / float(other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value:g})"


class Pixel(Length):
    """A length in pixels."""

    def __init__(self, value: float) -> None:
        super().__init__(value, UnitType.PIXEL)


class Percent(Length):
    """A length in percent of the parent's."""

    def __init__(self, value: float) -> None:
        super().__init__(value, UnitType.PERCENT)


class Fraction(Length):
    """A length as a share of what the siblings with fixed lengths leave."""

    def __init__(self, value: float) -> None:
        super().__init__(value, UnitType.FRACTION)
