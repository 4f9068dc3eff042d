"""The compiled loops over whole pictures: shadows made smooth, edges found, bytes made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import SPAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUND, _NEAR = 0.9, 0.05

FRAME_HITS = types.Tuple((types.int32[::1], types.float32[::1], types.float32[:, ::1], types.int64))
"""(instance, depth, normal, width) of a frame, a row per pixel."""
PLACE_HITS = types.Tuple((types.float32[:, ::1], types.int32[::1], types.float32[::1], types.float32[:, ::1]))
"""(places, instance, depth, normal) of single places."""
LIGHT = types.float32[:, ::1]
"""(m, 6): what lighting.gather gave."""

LINKS = types.uint8[::1]
"""(m,) ACROSS where a pixel and its right neighbour see one smooth piece of surface, DOWN for the one below."""
ACROSS, DOWN = 1, 2


# Bare arrays: taking one out of a tuple counts references, which costs more than the work itself.
@compiled(inline="always")
def continues(instance: np.ndarray, depth: np.ndarray, normal: np.ndarray, a: int, b: int) -> bool:
    """Whether two pixels look at one smooth piece of surface, or both at nothing."""
    turn = normal[a, 0] * normal[b, 0] + normal[a, 1] * normal[b, 1] + normal[a, 2] * normal[b, 2]
    near = abs(depth[a] - depth[b]) <= _NEAR * depth[a] and turn > _ROUND
    return instance[a] == instance[b] and (near or instance[a] < 0)


@compiled(signature(types.void, FRAME_HITS, SPAN, LINKS))
def link(hits: tuple, span: tuple, links: np.ndarray) -> None:
    """Find the links of rows of pixels."""
    instance, depth, normal, width = hits
    height = len(instance) // width
    for y in range(span[0], span[1]):
        for x in range(width):
            i = y * width + x
            across = x + 1 < width and continues(instance, depth, normal, i, i + 1)
            down = y + 1 < height and continues(instance, depth, normal, i, i + width)
            links[i] = across * ACROSS + down * DOWN


@compiled()
def window(links: np.ndarray, i: int, step: int, way: int) -> tuple:
    """Return the first and last of up to 4 linked pixels in a line about pixel i.

    Beside an edge the window shifts rather than shrinks, or edges would show the pattern of the samples.
    """
    first, last = 0, 0
    while last < 3 and links[i + last * step] & way:
        last += 1
    while first > -3 and i + (first - 1) * step >= 0 and links[i + (first - 1) * step] & way:
        first -= 1
    # One before and two after, if there are.
    first = max(first, min(-1, last - 3) if last < 2 else -1)
    return first, min(last, first + 3)


@compiled(signature(types.void, LINKS, types.UniTuple(types.int64, 2), SPAN, LIGHT, LIGHT))
def smooth(links: np.ndarray, line: tuple, span: tuple, gathered: np.ndarray, out: np.ndarray) -> None:
    """Average light over 4 linked pixels in a line = (ACROSS, 1) or (DOWN, width).

    Neighbours sample lights at 16 different points, in a pattern of 4 x 4. Done both ways this takes each point
    once, so it is what 16 times the samples would give.
    """
    way, step = line
    for i in range(span[0], span[1]):
        first, last = window(links, i, step, way)
        share = np.float32(1.0 / (last - first + 1))
        k = i + first * step
        a, b, c = gathered[k, 0], gathered[k, 1], gathered[k, 2]
        d, e, f = gathered[k, 3], gathered[k, 4], gathered[k, 5]
        for k in range(i + (first + 1) * step, i + last * step + 1, step):
            a, b, c = a + gathered[k, 0], b + gathered[k, 1], c + gathered[k, 2]
            d, e, f = d + gathered[k, 3], e + gathered[k, 4], f + gathered[k, 5]
        out[i, 0], out[i, 1], out[i, 2] = a * share, b * share, c * share
        out[i, 3], out[i, 4], out[i, 5] = d * share, e * share, f * share


def edges_of(links: NDArray[np.uint8], width: int) -> NDArray[np.int64]:
    """Return the pixels beside which another surface begins."""
    grid = links.reshape(-1, width)
    edge = np.zeros(grid.shape, bool)
    across, down = (grid[:, :-1] & ACROSS) == 0, (grid[:-1] & DOWN) == 0
    edge[:, :-1] |= across
    edge[:, 1:] |= across
    edge[:-1] |= down
    edge[1:] |= down
    return np.flatnonzero(edge)


@compiled(signature(types.void, FRAME_HITS, SPAN, PLACE_HITS, LIGHT, LIGHT))
def borrow_light(hits: tuple, span: tuple, others: tuple, light: np.ndarray, out: np.ndarray) -> None:
    """Give single places the smoothed light of the pixel next to them that sees the same surface.

    The first value of out is -1 where no pixel near by sees it.
    """
    seen, far, ways, width = hits
    height = len(seen) // width
    places, instance, depth, normal = others
    for i in range(span[0], span[1]):
        y, x = int(places[i, 1]), int(places[i, 0])
        best, chosen = 1e30, -1
        for k in range(9):
            v, u = y + k // 3 - 1, x + k % 3 - 1
            j = v * width + u
            if not (0 <= v < height and 0 <= u < width) or seen[j] != instance[i]:
                continue
            turn = normal[i, 0] * ways[j, 0] + normal[i, 1] * ways[j, 1] + normal[i, 2] * ways[j, 2]
            away = (v + 0.5 - places[i, 1]) ** 2 + (u + 0.5 - places[i, 0]) ** 2
            if away < best and turn > _ROUND and abs(depth[i] - far[j]) <= _NEAR * depth[i]:
                best, chosen = away, j
        for c in range(6):
            out[i, c] = light[chosen, c] if chosen >= 0 else -1.0


@compiled(signature(types.void, types.float32[:, ::1], SPAN, types.uint8[::1], types.uint8[:, ::1]))
def encode(linear: np.ndarray, span: tuple, table: np.ndarray, out: np.ndarray) -> None:
    """Write RGBA bytes (m, 4) of linear colours (m, 3) in 0..1 with a table of sRGB bytes; alpha is 255."""
    for i in range(span[0], span[1]):
        for k in range(3):
            out[i, k] = table[int(min(max(linear[i, k], 0.0), 1.0) * (len(table) - 1) + 0.5)]
        out[i, 3] = 255
