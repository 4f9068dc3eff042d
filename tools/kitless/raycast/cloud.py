"""surface_points(): where chosen pixels' rays end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import SPAN, VIEW, ray_of
from kitless.raycast.memory import lent
from kitless.raycast.trace import view_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.trace import Hits


def surface_points(hits: Hits, pixels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the world coordinates (n, 3) of what pixels (n,) of a traced frame show, each row * width + column."""
    points = np.empty((len(pixels), 3), np.float32)
    view, travel = view_of(hits.camera, hits.table), hits.travel.ravel()
    hits.workers.run(lambda span: _place(view, pixels, travel, span, points), len(pixels))
    return points


@compiled(signature(types.void, VIEW, types.int64[::1], types.float32[::1], SPAN, types.float32[:, ::1]))
def _place(view: tuple, pixels: np.ndarray, travel: np.ndarray, span: tuple, points: np.ndarray) -> None:
    rays, table, width = lent(view[0]), lent(view[3]), view[2][0]
    places = np.empty((0, 2), np.float32)
    for i in range(span[0], span[1]):
        pixel = pixels[i]
        row = pixel // width
        start, toward = ray_of(rays, table, places, pixel, (pixel - row * width, row, 0))
        far = np.float64(travel[pixel])
        for axis in range(3):
            points[i, axis] = start[axis] + far * toward[axis]
