"""The outlines of masks, along the edges of pixels: their area is exactly the number of pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .mask import Mask

Ring: TypeAlias = NDArray[np.int64]
"""(n, 2) x and y of corners, closed from the last to the first; clockwise on the screen, holes the other way."""


def polygons(mask: Mask) -> list[Ring]:
    """Return an outline for each part of ``mask`` whose pixels share edges, from top to bottom.

    A hole is joined to the outline around it by a cut of no width, so that each part is one polygon.
    """
    outer, holes = rings(mask)
    for hole in holes:
        place = _around(outer, hole)
        outer[place] = _joined(outer[place], hole)
    return outer


def joined(parts: list[Ring]) -> Ring:
    """Return one polygon for all ``parts``, joined by cuts of no width."""
    whole = parts[0]
    for part in parts[1:]:
        whole = _joined(whole, part)
    return whole


def area(ring: Ring) -> float:
    """Return the area of ``ring``; holes have a negative one."""
    x, y = ring.T.astype(np.float64)
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def rings(mask: Mask) -> tuple[list[Ring], list[Ring]]:
    """Return the outlines of the parts and those of the holes."""
    corners, across, down, filled = _corners(mask)
    outer: list[Ring] = []
    holes: list[Ring] = []
    seen = bytearray(len(corners))
    # The corners are in the order of rows: the first of a ring that is met is its top left one.
    for first in range(len(corners)):
        if seen[first]:
            continue
        walk = list(_walk(first, across, down))
        for corner in walk:
            seen[corner] = 1
        ring = corners[walk] + (mask.box.x_min, mask.box.y_min)
        if filled[first]:
            outer.append(ring)
        else:
            holes.append(ring[::-1])
    return outer, holes


def _walk(first: int, across: list[int], down: list[int]) -> Iterator[int]:
    corner = first
    while True:
        yield corner
        corner = across[corner]
        yield corner
        corner = down[corner]
        if corner == first:
            return


def _corners(mask: Mask) -> tuple[Ring, list[int], list[int], NDArray[np.bool_]]:
    """Return the corners of ``mask`` in its box, which one each is joined to across and up or down, and whether there
    is a pixel to its lower right.

    Where two pixels touch at a corner only there are two, so that the pixels have outlines of their own.
    """
    padded = np.pad(mask.crop, 1).astype(np.uint8)
    upper_left, upper_right = padded[:-1, :-1], padded[:-1, 1:]
    lower_left, lower_right = padded[1:, :-1], padded[1:, 1:]
    odd = (upper_left + upper_right + lower_left + lower_right) % 2 == 1
    falling = (upper_left & lower_right) > (upper_right | lower_left)
    rising = (upper_right & lower_left) > (upper_left | lower_right)
    rows, columns = np.nonzero(odd | falling | rising)
    twice = (falling | rising)[rows, columns]
    second = np.repeat(np.arange(len(rows)), 1 + twice)
    copy = np.append(False, second[1:] == second[:-1])
    x, y = columns[second], rows[second]
    # Of two corners in one place the first has the edge to the left; the one with the edge upwards is the first of a
    # falling pair and the second of a rising one.
    below = np.where(rising[y, x], ~copy, copy)
    across = _pairs(np.lexsort((copy, x, y)))
    down = _pairs(np.lexsort((below, y, x)))
    return np.stack([x, y], axis=1), across, down, lower_right[y, x].astype(bool)


def _pairs(order: NDArray[np.int64]) -> list[int]:
    """Return what each is joined to, where the first and second in ``order`` are a pair, the third and fourth, ..."""
    partner = np.empty_like(order)
    partner[order[0::2]], partner[order[1::2]] = order[1::2], order[0::2]
    found: list[int] = partner.tolist()
    return found


def _around(outer: list[Ring], hole: Ring) -> int:
    """Return which of ``outer`` is the nearest around ``hole``."""
    top = hole[np.lexsort((hole[:, 0], hole[:, 1]))[0]]
    # The middle of the pixel above the hole's top left corner is in the part that the hole is in.
    point = top + np.array([0.5, -0.5])
    around = [place for place, ring in enumerate(outer) if _is_inside(point, ring)]
    return min(around, key=lambda place: area(outer[place]))


def _is_inside(point: NDArray[np.float64], ring: Ring) -> bool:
    x, y = ring.T
    crossing = (x == np.roll(x, -1)) & (x > point[0]) & ((y > point[1]) != (np.roll(y, -1) > point[1]))
    return bool(np.count_nonzero(crossing) % 2)


def _joined(first: Ring, second: Ring) -> Ring:
    """Return ``first`` with a way to ``second``, around it and back."""
    here = int(np.abs(first - second[0]).sum(axis=1).argmin())
    there = int(np.abs(second - first[here]).sum(axis=1).argmin())
    return np.concatenate([first[: here + 1], second[there:], second[: there + 1], first[here:]])
