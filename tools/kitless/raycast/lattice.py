"""Lattice: every second pixel of every second row of a frame, as a frame of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import SPAN
from kitless.raycast.memory import lent
from kitless.raycast.smoothing import linked
from kitless.raycast.surface import FOUND
from kitless.raycast.trace import found_of, view_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.trace import Hits

_FRAME = types.Tuple((FOUND, types.float32[:, ::1]))


@dataclass(frozen=True, eq=False, kw_only=True)
class Lattice:
    """What the rays through some of a frame's pixels have met; a row each."""

    view: tuple[Any, ...]
    """As view_of() gives it for the whole frame."""
    found: tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]
    """As found_of() gives it."""
    normals: NDArray[np.float32]
    """(m, 3) shading normals."""
    links: NDArray[np.uint8]
    """(m,) as linked() gives it."""

    @property
    def width(self) -> int:
        """How many are in a row."""
        return int(self.view[2][0])


def lattice_of(hits: Hits) -> Lattice:
    """Return every second pixel of every second row of a frame, beginning with the first."""
    rays, clipping, (width, height), table = view_of(hits.camera, hits.table)
    size = (-(-width // 2), -(-height // 2))
    count = size[0] * size[1]
    found = (
        np.empty(count, np.float32),
        np.empty(count, np.int32),
        np.empty(count, np.int32),
        np.empty((count, 2), np.float32),
    )
    normals = np.empty((count, 3), np.float32)
    frame = (found_of(hits), hits.normal.reshape(-1, 3))
    hits.workers.run(lambda span: _take(frame, width, span, (found, normals)), size[1])
    if len(table):
        table = np.ascontiguousarray(table.reshape(height, width, 3)[::2, ::2]).reshape(-1, 3)
    links = linked(hits.workers, (found[1], found[0], normals, size[0]))
    return Lattice(view=(_halved(rays), clipping, size, table), found=found, normals=normals, links=links)


def _halved(rays: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a camera's rays for pixels that are twice as far apart, the first where it was."""
    start, toward, across, down, right, below, width = rays
    half = [start - 0.5 * (right + below), toward - 0.5 * (across + down)]
    return np.array([*half, 2 * across, 2 * down, 2 * right, 2 * below, width])


@compiled(signature(types.void, _FRAME, types.int64, SPAN, _FRAME))
def _take(frame: tuple, width: int, span: tuple, out: tuple) -> None:
    """Copy what is known of every second pixel of every second row of a frame; span counts rows of out."""
    (travel, instance, triangle, uv), normal = frame
    travel, instance, triangle, uv, normal = lent(travel), lent(instance), lent(triangle), lent(uv), lent(normal)
    (travels, instances, triangles, uvs), normals = out
    across = (width + 1) // 2
    for y in range(span[0], span[1]):
        for x in range(across):
            i, j = 2 * y * width + 2 * x, y * across + x
            travels[j], instances[j], triangles[j] = travel[i], instance[i], triangle[i]
            uvs[j, 0], uvs[j, 1] = uv[i, 0], uv[i, 1]
            normals[j, 0], normals[j, 1], normals[j, 2] = normal[i, 0], normal[i, 1], normal[i, 2]
