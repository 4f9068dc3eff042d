"""Which frames are shown, and how large."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_PICTURES = 2000
"""So many pictures, frames times render products, are shown unless a number of frames is asked for."""
MOST_BYTES = 24_000_000
"""What a page may weigh, so that it can still be sent to somebody."""
WIDTHS = (960, 800, 640, 480, 400, 360, 320, 280, 240, 200, 160)
"""The widths that pictures may have, in pixels."""
_GROWTH = 1.6
"""Bytes grow with the width to this power: less than with the area, as small pictures hold more detail a pixel."""
_MARGIN = 1.05


def spread(numbers: Sequence[str], count: int, kept: Collection[str]) -> list[str]:
    """Return ``count`` of ``numbers`` as evenly as possible, the first and the last among them, and those ``kept``."""
    if count >= len(numbers):
        return list(numbers)
    must = [number for number in numbers if number in kept][:count]
    rest = [number for number in numbers if number not in kept]
    wanted = count - len(must)
    step = (len(rest) - 1) / max(wanted - 1, 1)
    chosen = {rest[round(place * step)] for place in range(wanted)} | set(must)
    return [number for number in numbers if number in chosen]


@dataclass(frozen=True)
class Measure:
    """What one cell weighs at the largest width, in bytes."""

    pictures: int
    rest: int
    width: int
    """How wide its pictures are by themselves."""


def fitting(measured: Sequence[Measure], cells: int, budget: int = MOST_BYTES) -> tuple[int, int]:
    """Return the width of pictures, and how many of ``cells`` can be shown, so that a page keeps to its size."""
    if not measured:
        return WIDTHS[0], cells
    for width in WIDTHS:
        each = _MARGIN * sum(one.rest + one.pictures * _share(one, width) for one in measured) / len(measured)
        if each * cells <= budget:
            return width, cells
    return WIDTHS[-1], max(1, int(budget / each))


def _share(one: Measure, width: int) -> float:
    full = min(one.width, WIDTHS[0])
    return float(min(1.0, width / max(full, 1)) ** _GROWTH)
