"""The compiled loops that make edges smooth: pixels found where they run, and looked at in more places."""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import SPAN
from kitless.raycast.memory import lent
from kitless.raycast.smoothing import ACROSS, DOWN, FRAME_HITS, LINKS, NEAR, ROUND, VALUES

_LEFT, _RIGHT, _ABOVE, _BELOW = 1, 2, 4, 8
_PLACES = np.array([[0.125, 0.375], [0.375, 0.875], [0.625, 0.125], [0.875, 0.625]], np.float32)
"""Where an edge pixel is looked at besides its centre: a rotated grid."""
_NEAR_SIDES = np.array([_LEFT | _ABOVE, _LEFT | _BELOW, _RIGHT | _ABOVE, _RIGHT | _BELOW], np.uint8)
"""Beside which sides each of these places is: an edge that runs along another one does not reach it."""
_VISIBLE = 2 * (12 / 255) ** 2
"""The least square of a step over the sum of its ends: the curve of display is near a root."""
PLACE_HITS = types.Tuple((types.float32[:, ::1], types.int32[::1], types.float32[::1], types.float32[:, ::1]))
"""(places, instance, depth, normal) of single places."""
SIDES = types.uint8[::1]
"""(h * w,) beside which sides of a pixel another surface begins."""
_NUMBERS = types.int64[::1]


@compiled(inline="always")
def differs(colors: np.ndarray, a: int, b: int) -> bool:
    """Whether two linear colours are far enough apart for steps between them to be seen, as displayed."""
    seen = False
    for k in range(3):
        step = colors[a, k] - colors[b, k]
        seen |= step * step > _VISIBLE * (colors[a, k] + colors[b, k])
    return seen


@compiled(inline="always")
def _sides_of(links: np.ndarray, colors: np.ndarray, spot: tuple, size: tuple) -> np.uint8:
    """Return beside which sides of a pixel spot = (x, y) another surface of another colour begins."""
    (x, y), (width, height), found = spot, size, np.uint8(0)
    i = y * width + x
    if x + 1 < width and links[i] & ACROSS == 0 and differs(colors, i, i + 1):
        found |= _RIGHT
    if x > 0 and links[i - 1] & ACROSS == 0 and differs(colors, i, i - 1):
        found |= _LEFT
    if y + 1 < height and links[i] & DOWN == 0 and differs(colors, i, i + width):
        found |= _BELOW
    if y > 0 and links[i - width] & DOWN == 0 and differs(colors, i, i - width):
        found |= _ABOVE
    return found


@compiled(inline="always")
def _places_near(found: int) -> int:
    """Return how many places of a pixel are beside some of its sides."""
    count = 0
    for k in range(len(_NEAR_SIDES)):
        count += (found & _NEAR_SIDES[k]) != 0
    return count


@compiled(signature(types.void, LINKS, types.int64, SPAN, VALUES, SIDES, _NUMBERS))
def mark_edges(
    links: np.ndarray, width: int, span: tuple, colors: np.ndarray, sides: np.ndarray, counts: np.ndarray
) -> None:
    """Note the SIDES of the pixels of rows, and how many places of each row these make worth a look."""
    links, colors, size = lent(links), lent(colors), (width, len(links) // width)
    for y in range(span[0], span[1]):
        counts[y] = 0
        for x in range(width):
            found = _sides_of(links, colors, (x, y), size)
            sides[y * width + x] = found
            counts[y] += _places_near(found) if found else 0


@compiled(inline="always")
def _list_pixel(found: int, spot: tuple, n: int, pixels: np.ndarray, places: np.ndarray) -> int:
    """Write the places of a pixel spot = (row, x, y) from the n-th on; return where the next one's go."""
    for k in range(len(_PLACES)):
        if found & _NEAR_SIDES[k]:
            pixels[n] = spot[0]
            places[n, 0], places[n, 1] = spot[1] + _PLACES[k, 0], spot[2] + _PLACES[k, 1]
            n += 1
    return n


@compiled(signature(types.void, SIDES, types.int64, SPAN, _NUMBERS, _NUMBERS, VALUES))
def list_places(
    sides: np.ndarray, width: int, span: tuple, starts: np.ndarray, pixels: np.ndarray, places: np.ndarray
) -> None:
    """Write the places (n, 2) of rows that are worth a look, and the pixels (n,) they are in; starts: a row's first."""
    for y in range(span[0], span[1]):
        n = starts[y]
        for x in range(width):
            i = y * width + x
            if sides[i]:
                n = _list_pixel(sides[i], (i, x, y), n, pixels, places)


@compiled(signature(types.void, SPAN, _NUMBERS, _NUMBERS, VALUES, VALUES))
def blend(span: tuple, starts: np.ndarray, pixels: np.ndarray, more: np.ndarray, colors: np.ndarray) -> None:
    """Average the colours of pixels of rows with those of their places (n, 3), which are their own if not looked at."""
    share = np.float32(1.0 / (1 + len(_PLACES)))
    n, last = starts[span[0]], starts[span[1]]
    while n < last:
        i, end = pixels[n], n + 1
        while end < last and pixels[end] == i:
            end += 1
        for k in range(3):
            total = (1 + len(_PLACES) - (end - n)) * colors[i, k]
            for m in range(n, end):
                total += more[m, k]
            colors[i, k] = share * total
        n = end


@compiled(signature(types.void, FRAME_HITS, SPAN, PLACE_HITS, VALUES, VALUES))
def borrow(hits: tuple, span: tuple, others: tuple, values: np.ndarray, out: np.ndarray) -> None:
    """Give single places the values of the pixel next to them that sees the same surface, or as they do nothing.

    The first value of out is -1 where no pixel near by does.
    """
    seen, far, ways, width = hits
    height = len(seen) // width
    places, instance, depth, normal = others
    for i in range(span[0], span[1]):
        y, x = int(places[i, 1]), int(places[i, 0])
        best, chosen = 1e30, -1
        for k in range(9):
            # The pixel that a place is in first: no other's centre is nearer.
            k = (k + 4) % 9
            v, u = y + k // 3 - 1, x + k % 3 - 1
            j = v * width + u
            if not (0 <= v < height and 0 <= u < width) or seen[j] != instance[i]:
                continue
            away = (v + 0.5 - places[i, 1]) ** 2 + (u + 0.5 - places[i, 0]) ** 2
            if away >= best:
                continue
            turn = normal[i, 0] * ways[j, 0] + normal[i, 1] * ways[j, 1] + normal[i, 2] * ways[j, 2]
            if seen[j] < 0 or (turn > ROUND and abs(depth[i] - far[j]) <= NEAR * depth[i]):
                best, chosen = away, j
            if chosen == y * width + x:
                break
        for c in range(values.shape[1]):
            out[i, c] = values[chosen, c] if chosen >= 0 else -1.0
