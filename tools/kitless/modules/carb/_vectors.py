"""The small tuple-like values of carb: vectors and colours with named components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, SupportsFloat


class _Vector:
    """Components by name and by index; made from nothing (zeros), one sequence, or one value per component."""

    __slots__ = ("_values",)
    _fields: ClassVar[str] = ""
    _kind: ClassVar[type] = float

    def __init__(self, *components: SupportsFloat | Sequence[SupportsFloat]) -> None:
        given = components[0] if len(components) == 1 else components
        if not components:
            given = [0] * len(self._fields)
        if not isinstance(given, Sequence | _Vector) or len(given) != len(self._fields):
            wanted = ", ".join(self._fields)
            raise TypeError(f"{type(self).__name__} takes ({wanted}), or one sequence of them, not {components!r}")
        self._values = [self._kind(each) for each in given]

    def __init_subclass__(cls) -> None:
        for index, field in enumerate(cls._fields):
            setattr(cls, field, _component(index))

    def __len__(self) -> int:
        return len(self._fields)

    def __iter__(self) -> Iterator[float]:
        return iter(self._values)

    def __getitem__(self, index: int) -> float:
        return self._values[index]

    def __setitem__(self, index: int, value: SupportsFloat) -> None:
        self._values[index] = self._kind(value)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _Vector) and self._values == other._values

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"carb.{type(self).__name__}({', '.join(map(repr, self._values))})"


def _component(index: int) -> property:
    def setter(self: _Vector, value: SupportsFloat) -> None:
        self[index] = value

    return property(lambda self: self[index], setter)


class Float2(_Vector):
    """(x, y)."""

    _fields = "xy"


class Float3(_Vector):
    """(x, y, z)."""

    _fields = "xyz"


class Float4(_Vector):
    """(x, y, z, w)."""

    _fields = "xyzw"


class Double2(_Vector):
    """(x, y)."""

    _fields = "xy"


class Double3(_Vector):
    """(x, y, z)."""

    _fields = "xyz"


class Double4(_Vector):
    """(x, y, z, w)."""

    _fields = "xyzw"


class Int2(_Vector):
    """(x, y), whole numbers."""

    _fields = "xy"
    _kind = int


class Int3(_Vector):
    """(x, y, z), whole numbers."""

    _fields = "xyz"
    _kind = int


class Int4(_Vector):
    """(x, y, z, w), whole numbers."""

    _fields = "xyzw"
    _kind = int


class ColorRgb(_Vector):
    """(r, g, b)."""

    _fields = "rgb"


class ColorRgba(_Vector):
    """(r, g, b, a)."""

    _fields = "rgba"
