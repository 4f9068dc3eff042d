"""The compiled loops over whole pictures: shadows made smooth, edges found, bytes made."""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numba.core.typing import signature

from kitless.raycast.kernels import SPAN

_ROUND, _NEAR = 0.9, 0.05

FRAME_HITS = types.Tuple((types.int32[:, ::1], types.float32[:, ::1], types.float32[:, :, ::1]))
"""(instance, depth, normal) of a frame."""


@njit(cache=True, nogil=True)
def is_same_surface(hits: tuple, y: int, x: int, v: int, u: int) -> bool:
    """Whether two hit pixels look at one smooth piece of surface."""
    instance, depth, normal = hits
    if instance[y, x] != instance[v, u] or abs(depth[y, x] - depth[v, u]) > _NEAR * depth[y, x]:
        return False
    a, b = normal[y, x], normal[v, u]
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] > _ROUND


@njit(
    signature(types.void, FRAME_HITS, SPAN, types.float32[:, :, ::1], types.float32[:, :, ::1]), cache=True, nogil=True
)
def smooth_rows(hits: tuple, span: tuple, gathered: np.ndarray, out: np.ndarray) -> None:
    """Average light (H, W, 6) over the 4 x 4 pixels around each, within its surface.

    Neighbours sample lights at 16 different points, in a pattern of 4 x 4: any such window has each point once, so
    this is what 16 times the samples would give.
    """
    height, width = hits[0].shape
    total = np.empty(6, np.float32)
    for y in range(span[0], span[1]):
        for x in range(width):
            if hits[0][y, x] < 0:
                continue
            total[:] = 0.0
            count = 0
            for v in range(max(y - 1, 0), min(y + 3, height)):
                for u in range(max(x - 1, 0), min(x + 3, width)):
                    if is_same_surface(hits, y, x, v, u):
                        count += 1
                        for k in range(6):
                            total[k] += gathered[v, u, k]
            for k in range(6):
                out[y, x, k] = total[k] / count


@njit(signature(types.void, FRAME_HITS, SPAN, types.uint8[:, ::1]), cache=True, nogil=True)
def find_edges(hits: tuple, span: tuple, edges: np.ndarray) -> None:
    """Mark the pixels (H, W) beside which another surface begins."""
    height, width = hits[0].shape
    for y in range(span[0], span[1]):
        for x in range(width):
            edge = False
            for v, u in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if 0 <= v < height and 0 <= u < width and (hits[0][y, x] >= 0 or hits[0][v, u] >= 0):
                    edge = edge or not is_same_surface(hits, y, x, v, u)
            edges[y, x] = edge


@njit(signature(types.void, types.float32[:, ::1], SPAN, types.uint8[::1], types.uint8[:, ::1]), cache=True, nogil=True)
def encode(linear: np.ndarray, span: tuple, table: np.ndarray, out: np.ndarray) -> None:
    """Write RGBA bytes (m, 4) of linear colours (m, 3) in 0..1 with a table of sRGB bytes; alpha is 255."""
    for i in range(span[0], span[1]):
        for k in range(3):
            out[i, k] = table[int(min(max(linear[i, k], 0.0), 1.0) * (len(table) - 1) + 0.5)]
        out[i, 3] = 255
