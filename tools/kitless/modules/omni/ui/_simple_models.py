"""Value models that hold a text, a number or a bool.

A value of another type is converted. Where Kit is not documented: a text counts as True when it is "true" in any case
or a number other than 0; a text that is no number reads as 0, and setting a number model to it changes nothing, as with
a field into which nonsense is typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from omni.ui._models import AbstractValueModel


class _SimpleModel(AbstractValueModel):
    """A value of one type; equal values are no change."""

    def __init__(self, value: Any, convert: Callable[[Any], Any]) -> None:
        super().__init__()
        self.__convert = convert
        self.__value = convert(value)

    def set_value(self, value: Any) -> None:
        """Set the value, which is converted; a value that cannot be is left out."""
        try:
            new = self._limited(self.__convert(value))
        except ValueError:
            return
        if new != self.__value:
            self.__value = new
            self._value_changed()

    def _limited(self, value: Any) -> Any:
        return value

    def get_value_as_bool(self) -> bool:
        """Return the value as a bool."""
        return _as_bool(self.__value)

    def get_value_as_float(self) -> float:
        """Return the value as a float."""
        return _or_zero(self.__value)

    def get_value_as_int(self) -> int:
        """Return the value as an int, what is behind the point cut off."""
        return int(_or_zero(self.__value))

    def get_value_as_string(self) -> str:
        """Return the value as a text."""
        return str(self.__value)


class _NumberModel(_SimpleModel):
    """A number between ``min`` and ``max``; without limits when min is not less than max."""

    def __init__(self, value: Any, convert: Callable[[Any], Any], min: float, max: float) -> None:
        self.min = min
        self.max = max
        super().__init__(value, convert)

    def _limited(self, value: Any) -> Any:
        if self.min < self.max:
            return type(value)(min(max(value, self.min), self.max))
        return value

    def get_min(self) -> float:
        """Return the least value."""
        return self.min

    def get_max(self) -> float:
        """Return the greatest value."""
        return self.max

    def set_min(self, value: float) -> None:
        """Set the least value; the present one stays until it is set again."""
        self.min = value

    def set_max(self, value: float) -> None:
        """Set the greatest value; the present one stays until it is set again."""
        self.max = value


class SimpleStringModel(_SimpleModel):
    """A text."""

    def __init__(self, defaultValue: str = "") -> None:
        super().__init__(defaultValue, str)


class SimpleIntModel(_NumberModel):
    """An int; floats are cut off."""

    def __init__(self, default_value: int = 0, *, min: int = 0, max: int = 0) -> None:
        super().__init__(default_value, lambda value: int(float(value)), min, max)


class SimpleFloatModel(_NumberModel):
    """A float."""

    def __init__(self, default_value: float = 0.0, *, min: float = 0.0, max: float = 0.0) -> None:
        super().__init__(default_value, float, min, max)


class SimpleBoolModel(_SimpleModel):
    """A bool."""

    def __init__(self, default_value: bool = False) -> None:
        super().__init__(default_value, _as_bool)


def _as_bool(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() == "true" or _or_zero(value) != 0
    return bool(value)


def _or_zero(value: Any) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
