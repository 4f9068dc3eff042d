"""The roofline: what Embree alone takes for a frame's rays. Nothing faster can be made on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast import embree
from kitless.raycast.compiled import compiled

if TYPE_CHECKING:
    from kitless.raycast import Camera, Scene

_LANES = embree.LANES
_WIDTH, _HEIGHT, _ROWS = 4, _LANES // 4, 21
_intersect: Any = types.ExternalFunction(
    f"rtcIntersect{_LANES}", signature(types.void, types.intp, types.intp, types.intp, types.intp)
)


def trace_bare(scene: Scene, camera: Camera, distances: np.ndarray) -> None:
    """Write how far each ray of a pinhole camera goes into `distances`, float32 (H * W,) packet by packet.

    Both sides of the picture must be multiples of 4. Same scene, rays, packets and threads as kitless' own.
    """
    width, height = camera.resolution
    arguments = embree.query_arguments(coherent=True)
    query = scene.handle, arguments.ctypes.data
    reach = np.float32(camera.clipping[0]), np.float32(camera.clipping[1])
    rays, across = camera.rays.astype(np.float32), width // _WIDTH
    scene.workers.run(lambda span: _trace(query, rays, across, reach, span, distances), across * (height // _HEIGHT))


@compiled(
    signature(
        types.void,
        types.UniTuple(types.intp, 2),
        types.float32[:, ::1],
        types.int64,
        types.UniTuple(types.float32, 2),
        types.UniTuple(types.int64, 2),
        types.float32[::1],
    )
)
def _trace(query: tuple, rays: np.ndarray, across: int, reach: tuple, span: tuple, distances: np.ndarray) -> None:
    buffer = np.zeros((_ROWS + 2) * _LANES, np.float32)
    skip = (-buffer.ctypes.data % 64) // 4
    ray = buffer[skip : skip + _ROWS * _LANES].reshape(_ROWS, _LANES)
    bits = ray.view(np.int32)
    spare = np.full(2 * _LANES, -1, np.int32)
    valid = spare[(-spare.ctypes.data % 64) // 4 :]
    for lane in range(_LANES):
        for axis in range(3):
            ray[axis, lane] = rays[0, axis]
        ray[3, lane], bits[9, lane] = reach[0], -1
    for packet in range(span[0], span[1]):
        row = packet // across
        left, top = (packet - row * across) * _WIDTH, row * _HEIGHT
        for lane in range(_LANES):
            x, y = np.float32(left + (lane & 3) + 0.5), np.float32(top + (lane >> 2) + 0.5)
            for axis in range(3):
                ray[4 + axis, lane] = rays[1, axis] + x * rays[2, axis] + y * rays[3, axis]
            ray[8, lane], bits[18, lane], bits[19, lane] = reach[1], -1, -1
        _intersect(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
        for lane in range(_LANES):
            distances[packet * _LANES + lane] = ray[8, lane]
