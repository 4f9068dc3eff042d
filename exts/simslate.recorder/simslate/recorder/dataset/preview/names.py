"""Classes and prims by their number, so that a page says each name once."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from typing import Any

from ..validate.shot import RESERVED

UNLABELLED = "UNLABELLED"
_LONGEST = 300
_GOLDEN = 0.6180339887


class Names:
    """Texts in the order of their first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """Return the number of ``name``, from 0."""
        return self._numbers.setdefault(name, len(self._numbers))

    @property
    def texts(self) -> list[str]:
        """All names by their numbers."""
        return list(self._numbers)


def class_text(entry: Any) -> str:
    """Return what a mapping's entry calls a class: its one label, or all types and labels."""
    if not isinstance(entry, Mapping):
        return _shortened(str(entry))
    values = [str(value) for value in entry.values()]
    reserved = next((value for value in values if value in RESERVED), None)
    if reserved is not None or len(values) == 1:
        return _shortened(reserved or values[0])
    return _shortened(", ".join(f"{name}: {value}" for name, value in entry.items()))


def is_reserved_name(name: str) -> bool:
    """Return whether ``name`` stands for what has no label."""
    return name in RESERVED


def own_colour(number: int) -> str:
    """Return a colour for what has none, as #rrggbb: hues as far apart as can be, whatever their number."""
    red, green, blue = colorsys.hsv_to_rgb(number * _GOLDEN % 1, 0.75, 0.95)
    return f"#{int(red * 255):02x}{int(green * 255):02x}{int(blue * 255):02x}"


def colour_of(code: int) -> str:
    """Return the colour R + 256 G + 65536 B as #rrggbb."""
    return f"#{code & 255:02x}{code >> 8 & 255:02x}{code >> 16 & 255:02x}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
