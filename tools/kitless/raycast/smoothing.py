"""The compiled loops over whole pictures: shadows made smooth, edges found, bytes made."""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numba.core.typing import signature

from kitless.raycast.kernels import SPAN

_ROUND, _NEAR = 0.9, 0.05

FRAME_HITS = types.Tuple((types.int32[:, ::1], types.float32[:, ::1], types.float32[:, :, ::1]))
"""(instance, depth, normal) of a frame."""
PLACE_HITS = types.Tuple((types.float32[:, ::1], types.int32[::1], types.float32[::1], types.float32[:, ::1]))
"""(places, instance, depth, normal) of single places."""
LIGHT = types.float32[:, :, ::1]
"""(H, W, 6): what lighting.gather gave."""


@njit(cache=True, nogil=True, inline="always")
def is_same_surface(hits: tuple, y: int, x: int, v: int, u: int) -> bool:
    """Whether two pixels look at one smooth piece of surface."""
    instance, depth, normal = hits
    turn = normal[y, x, 0] * normal[v, u, 0] + normal[y, x, 1] * normal[v, u, 1] + normal[y, x, 2] * normal[v, u, 2]
    near = abs(depth[y, x] - depth[v, u]) <= _NEAR * depth[y, x]
    return instance[y, x] == instance[v, u] and turn > _ROUND and near


@njit(cache=True, nogil=True, inline="always")
def continues(hits: tuple, y: int, x: int, v: int, u: int) -> bool:
    """Whether (v, u) is in the frame and looks at the surface that (y, x) does; nothing continues nothing."""
    height, width = hits[0].shape
    if v < 0 or u < 0 or v >= height or u >= width:
        return False
    return is_same_surface(hits, y, x, v, u) or (hits[0][y, x] < 0 and hits[0][v, u] < 0)


@njit(cache=True, nogil=True)
def window(hits: tuple, y: int, x: int, step: tuple) -> tuple:
    """Return the first and last of up to 4 pixels in a line about (y, x), all of one surface.

    Beside an edge the window shifts rather than shrinks, or edges would show the pattern of the samples.
    """
    first, last = 0, 0
    for _ in range(3):
        if last - first < 3 and last < 2 and continues(hits, y, x, y + (last + 1) * step[0], x + (last + 1) * step[1]):
            last += 1
        if last - first < 3 and continues(hits, y, x, y + (first - 1) * step[0], x + (first - 1) * step[1]):
            first -= 1
    if last == 2 and first > -1 and continues(hits, y, x, y + 3 * step[0], x + 3 * step[1]):
        last = 3
    return first, last


@njit(signature(types.void, FRAME_HITS, SPAN, types.UniTuple(types.int64, 2), LIGHT, LIGHT), cache=True, nogil=True)
def smooth_rows(hits: tuple, span: tuple, step: tuple, gathered: np.ndarray, out: np.ndarray) -> None:
    """Average light (H, W, 6) over 4 pixels in a row, step (0, 1), or a column, step (1, 0), within each's surface.

    Neighbours sample lights at 16 different points, in a pattern of 4 x 4. Done both ways this takes each point
    once, so it is what 16 times the samples would give.
    """
    width = hits[0].shape[1]
    for y in range(span[0], span[1]):
        for x in range(width):
            if hits[0][y, x] < 0:
                continue
            a, b, c, d, e, f = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            first, last = window(hits, y, x, step)
            for k in range(first, last + 1):
                v, u = y + k * step[0], x + k * step[1]
                a, b, c = a + gathered[v, u, 0], b + gathered[v, u, 1], c + gathered[v, u, 2]
                d, e, f = d + gathered[v, u, 3], e + gathered[v, u, 4], f + gathered[v, u, 5]
            count = last - first + 1
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = a / count, b / count, c / count
            out[y, x, 3], out[y, x, 4], out[y, x, 5] = d / count, e / count, f / count


@njit(signature(types.void, FRAME_HITS, SPAN, types.uint8[:, ::1]), cache=True, nogil=True)
def find_edges(hits: tuple, span: tuple, edges: np.ndarray) -> None:
    """Mark the pixels (H, W) beside which another surface begins."""
    height, width = hits[0].shape
    for y in range(span[0], span[1]):
        for x in range(width):
            up, down, left, right = max(y - 1, 0), min(y + 1, height - 1), max(x - 1, 0), min(x + 1, width - 1)
            upright = continues(hits, y, x, up, x) and continues(hits, y, x, down, x)
            edges[y, x] = not (upright and continues(hits, y, x, y, left) and continues(hits, y, x, y, right))


@njit(signature(types.void, FRAME_HITS, SPAN, PLACE_HITS, LIGHT, types.float32[:, ::1]), cache=True, nogil=True)
def borrow_light(hits: tuple, span: tuple, others: tuple, smooth: np.ndarray, out: np.ndarray) -> None:
    """Give single places the smoothed light of the pixel next to them that sees the same surface.

    others: (places, instance, depth, normal). out (m, 6); its first value is -1 where no pixel near by sees it.
    """
    height, width = hits[0].shape
    places, instance, depth, normal = others
    for i in range(span[0], span[1]):
        y, x = int(places[i, 1]), int(places[i, 0])
        best, row, column = 1e30, -1, -1
        for k in range(9):
            v, u = y + k // 3 - 1, x + k % 3 - 1
            if not (0 <= v < height and 0 <= u < width) or hits[0][v, u] != instance[i]:
                continue
            turn = normal[i, 0] * hits[2][v, u, 0] + normal[i, 1] * hits[2][v, u, 1] + normal[i, 2] * hits[2][v, u, 2]
            away = (v + 0.5 - places[i, 1]) ** 2 + (u + 0.5 - places[i, 0]) ** 2
            if away < best and turn > _ROUND and abs(depth[i] - hits[1][v, u]) <= _NEAR * depth[i]:
                best, row, column = away, v, u
        for c in range(6):
            out[i, c] = smooth[row, column, c] if row >= 0 else -1.0


@njit(signature(types.void, types.float32[:, ::1], SPAN, types.uint8[::1], types.uint8[:, ::1]), cache=True, nogil=True)
def encode(linear: np.ndarray, span: tuple, table: np.ndarray, out: np.ndarray) -> None:
    """Write RGBA bytes (m, 4) of linear colours (m, 3) in 0..1 with a table of sRGB bytes; alpha is 255."""
    for i in range(span[0], span[1]):
        for k in range(3):
            out[i, k] = table[int(min(max(linear[i, k], 0.0), 1.0) * (len(table) - 1) + 0.5)]
        out[i, 3] = 255
