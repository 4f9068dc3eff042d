"""The compiled loops around Embree: rays out, hits in.

Every kernel works on packets of LANES rays, `first` to `last`, releases the GIL and touches only its packets' pixels,
so any split over threads gives the same bytes. Scenes and argument structs are passed as addresses, so that compiled
code is cacheable.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.embree import LANES  # its import makes the symbols below known to the compiler
from kitless.raycast.memory import lent

TILE_WIDTH, TILE_HEIGHT = 4, LANES // 4
"""The pixels of a frame that a packet covers; lane & 3 and lane >> 2 are a ray's column and row in it."""
_ALIGNMENT = 64
# Rows of RTCRayHit8 or 16 seen as float32 (rows, LANES); the header's order.
ORIGIN, NEAR, DIRECTION, TIME, FAR, MASK, ID, FLAGS = 0, 3, 4, 7, 8, 9, 10, 11
U, V, TRIANGLE, GEOMETRY, INSTANCE, INSTANCE_PART, RAY_HIT_ROWS = 15, 16, 17, 18, 19, 20, 21

_address = types.intp
_query = signature(types.void, _address, _address, _address, _address)
intersect: Any = types.ExternalFunction(f"rtcIntersect{LANES}", _query)
occluded: Any = types.ExternalFunction(f"rtcOccluded{LANES}", _query)
_set_transform: Any = types.ExternalFunction(
    "rtcSetGeometryTransform", signature(types.void, _address, types.uint32, types.int32, _address)
)
_commit_geometry: Any = types.ExternalFunction("rtcCommitGeometry", signature(types.void, _address))
_FLOAT3X4_COLUMN_MAJOR = 0x9234

# Kernels take few parameters: those that belong together travel as one tuple.
QUERY = types.UniTuple(types.intp, 2)
"""(scene, query arguments): addresses."""
TABLE = types.float32[:, ::1]
"""(n, 3) directions in the camera's frame, a row per pixel or place; (0, 3) for rays that need none."""
VIEW = types.Tuple((types.float64[:, ::1], types.UniTuple(types.float32, 2), types.UniTuple(types.int64, 2), TABLE))
"""(rays (7, 3), clipping (near, far), size (width, height), table): as Camera has them."""
SPAN = types.UniTuple(types.int64, 2)
"""(first, last): which packets or tasks; last is exclusive."""
PLACES = types.float32[:, ::1]
"""(m, 2) pixel coordinates of single rays, or (0, 2) for every pixel centre of the frame."""
HITS = types.Tuple((types.float32[::1], types.float32[::1], types.int32[::1], types.int32[::1], types.float32[:, ::1]))
"""(distance, travel, instance, triangle, uv), one row per pixel or place."""


@compiled()
def aligned(rows: int) -> np.ndarray:
    """Return float32 (rows, LANES) at an address Embree accepts."""
    spare = _ALIGNMENT // 4
    buffer = np.empty(rows * LANES + spare, np.float32)
    skip = (-buffer.ctypes.data % _ALIGNMENT) // 4
    return buffer[skip : skip + rows * LANES].reshape(rows, LANES)


@compiled(inline="always")
def corner_of(packet: int, size: tuple) -> tuple:
    """Return the top left pixel (x, y) of a packet of the frame. Divisions are slow: once per packet, not per ray."""
    across = (size[0] + TILE_WIDTH - 1) // TILE_WIDTH
    row = packet // across
    return (packet - row * across) * TILE_WIDTH, row * TILE_HEIGHT


@compiled(inline="always")
def target_of(packet: int, lane: int, corner: tuple, size: tuple, listed: int) -> int:
    """Return the flat pixel (or, if any are listed, the place) that a packet's lane works on; -1 for none."""
    if listed:
        place = packet * LANES + lane
        return place if place < listed else -1
    x, y = corner[0] + (lane & 3), corner[1] + (lane >> 2)
    return y * size[0] + x if x < size[0] and y < size[1] else -1


@compiled(inline="always")
def pattern_of(packet: int, corner: tuple, listed: int) -> int:
    """Return where a packet's first lane is in the pattern of 4 x 4 pixels that samples repeat in, or of 16 places."""
    return (packet * LANES) & 15 if listed else (corner[1] & 3) * TILE_WIDTH


@compiled(inline="always")
def place_of(places: np.ndarray, target: int, corner: tuple, lane: int) -> tuple:
    """Return the pixel coordinates that a lane's ray goes through."""
    if len(places):
        return np.float64(places[target, 0]), np.float64(places[target, 1])
    return corner[0] + (lane & 3) + 0.5, corner[1] + (lane >> 2) + 0.5


@compiled(inline="always")
def ray_through(rays: np.ndarray, x: float, y: float) -> tuple:
    """Return where the ray through pixel coordinates starts and goes, without a lens."""
    start = (
        rays[0, 0] + x * rays[4, 0] + y * rays[5, 0],
        rays[0, 1] + x * rays[4, 1] + y * rays[5, 1],
        rays[0, 2] + x * rays[4, 2] + y * rays[5, 2],
    )
    toward = (
        rays[1, 0] + x * rays[2, 0] + y * rays[3, 0],
        rays[1, 1] + x * rays[2, 1] + y * rays[3, 1],
        rays[1, 2] + x * rays[2, 2] + y * rays[3, 2],
    )
    return start, toward


@compiled(inline="always")
def ray_of(rays: np.ndarray, table: np.ndarray, places: np.ndarray, target: int, spot: tuple) -> tuple:
    """Return where a lane's ray starts and goes; spot is (column of the packet's corner, row, lane)."""
    if len(table):
        x, y, z = np.float64(table[target, 0]), np.float64(table[target, 1]), np.float64(table[target, 2])
        return (rays[0, 0], rays[0, 1], rays[0, 2]), (
            x * rays[1, 0] + y * rays[2, 0] + z * rays[3, 0],
            x * rays[1, 1] + y * rays[2, 1] + z * rays[3, 1],
            x * rays[1, 2] + y * rays[2, 2] + z * rays[3, 2],
        )
    i, j = place_of(places, target, (spot[0], spot[1]), spot[2])
    return ray_through(rays, i, j)


# Bare arrays: taking one out of a tuple counts references, which costs as much as making rays.
@compiled()
def load_rays(
    ray: np.ndarray, packet: int, rays: np.ndarray, table: np.ndarray, places: np.ndarray, size: tuple
) -> None:
    """Fill a packet with where the rays of its pixels or places start and go; by 0 where a lens sees nothing."""
    corner = corner_of(packet, size)
    count = max(len(table), len(places))
    x, y, z = ray[DIRECTION], ray[DIRECTION + 1], ray[DIRECTION + 2]
    if count:
        for lane in range(LANES):
            target = min(max(target_of(packet, lane, corner, size, len(places)), 0), count - 1)
            start, toward = ray_of(rays, table, places, target, (corner[0], corner[1], lane))
            x[lane], y[lane], z[lane] = toward
            ray[ORIGIN, lane], ray[ORIGIN + 1, lane], ray[ORIGIN + 2, lane] = start
        return
    # Locals, and loops without branches over a row of no constant length, let the compiler make vector code of this.
    ox, oy, oz, cx, cy, cz = rays[0, 0], rays[0, 1], rays[0, 2], rays[1, 0], rays[1, 1], rays[1, 2]
    ax, ay, az, bx, by, bz = rays[2, 0], rays[2, 1], rays[2, 2], rays[3, 0], rays[3, 1], rays[3, 2]
    # Only parallel rays, whose pixels have a width at the start, start in different places.
    ux, uy, uz, vx, vy, vz = rays[4, 0], rays[4, 1], rays[4, 2], rays[5, 0], rays[5, 1], rays[5, 2]
    for lane in range(len(x)):
        i, j = corner[0] + (lane & 3) + 0.5, corner[1] + (lane >> 2) + 0.5
        x[lane], y[lane], z[lane] = cx + i * ax + j * bx, cy + i * ay + j * by, cz + i * az + j * bz
    if rays[6, 0] == 0.0:
        start = (np.float32(ox), np.float32(oy), np.float32(oz))
        for lane in range(len(x)):
            ray[ORIGIN, lane], ray[ORIGIN + 1, lane], ray[ORIGIN + 2, lane] = start
        return
    for lane in range(len(x)):
        i, j = corner[0] + (lane & 3) + 0.5, corner[1] + (lane >> 2) + 0.5
        ray[ORIGIN, lane] = ox + i * ux + j * vx
        ray[ORIGIN + 1, lane] = oy + i * uy + j * vy
        ray[ORIGIN + 2, lane] = oz + i * uz + j * vz


@compiled(inline="always")
def is_whole(corner: tuple, size: tuple, listed: int) -> bool:
    """Whether every lane of a packet has a pixel of the frame."""
    return not listed and corner[0] + TILE_WIDTH <= size[0] and corner[1] + TILE_HEIGHT <= size[1]


@compiled()
def clear_packet(ray: np.ndarray, valid: np.ndarray, packet: int, clipping: tuple, size: tuple, listed: int) -> None:
    """Fill in the rest of a loaded packet; valid (1, LANES) becomes -1 where there is a ray to trace, else 0."""
    bits = ray.view(np.int32)
    corner = corner_of(packet, size)
    near, far = clipping
    if is_whole(corner, size, listed):
        for lane in range(valid.shape[1]):
            valid[0, lane] = -1
    else:
        for lane in range(LANES):
            valid[0, lane] = 0 if target_of(packet, lane, corner, size, listed) < 0 else -1
    for lane in range(ray.shape[1]):
        ray[NEAR, lane], ray[FAR, lane], ray[TIME, lane] = near, far, 0.0
        bits[MASK, lane], bits[ID, lane], bits[FLAGS, lane] = -1, 0, 0
        bits[TRIANGLE, lane], bits[GEOMETRY, lane] = -1, -1
        bits[INSTANCE, lane], bits[INSTANCE_PART, lane] = -1, -1


@compiled()
def drop_blind(ray: np.ndarray, valid: np.ndarray) -> None:
    """Leave out of a packet the rays that go by 0: a lens sees nothing there."""
    for lane in range(LANES):
        if ray[DIRECTION, lane] == 0 and ray[DIRECTION + 1, lane] == 0 and ray[DIRECTION + 2, lane] == 0:
            valid[0, lane] = 0


@compiled(inline="always")
def store_hits(ray: np.ndarray, packet: int, frame: tuple, indices: np.ndarray, hits: tuple) -> None:
    """Write out what a traced packet's rays hit; frame is (size, places listed). Their times are lost."""
    distance, travel, instance, triangle, uv = hits
    bits, size = ray.view(np.int32), frame[0]
    corner = corner_of(packet, size)
    whole, first = is_whole(corner, size, frame[1]), corner[1] * size[0] + corner[0]
    for lane in range(ray.shape[1]):
        x, y, z = ray[DIRECTION, lane], ray[DIRECTION + 1, lane], ray[DIRECTION + 2, lane]
        ray[TIME, lane] = ray[FAR, lane] * np.sqrt(x * x + y * y + z * z)
    for lane in range(LANES):
        target = first + (lane >> 2) * size[0] + (lane & 3)
        if not whole:
            target = target_of(packet, lane, corner, size, frame[1])
        if target < 0:
            continue
        hit = bits[GEOMETRY, lane] != -1
        travel[target] = ray[FAR, lane] if hit else np.inf
        distance[target] = ray[TIME, lane] if hit else np.inf
        instance[target] = indices[bits[INSTANCE, lane]] if hit else -1
        triangle[target] = bits[TRIANGLE, lane] if hit else -1
        uv[target, 0] = ray[U, lane] if hit else 0.0
        uv[target, 1] = ray[V, lane] if hit else 0.0


@compiled(signature(types.void, QUERY, VIEW, PLACES, SPAN, types.int32[::1], HITS))
def trace_packets(query: tuple, view: tuple, places: np.ndarray, span: tuple, indices: np.ndarray, hits: tuple) -> None:
    """Find the nearest hits; indices maps Embree's slots to positions in Scene.instances."""
    scene, arguments = query
    rays, clipping, size, table = view
    rays, table, places, indices = lent(rays), lent(table), lent(places), lent(indices)
    hits = lent(hits[0]), lent(hits[1]), lent(hits[2]), lent(hits[3]), lent(hits[4])
    ray, valid = aligned(RAY_HIT_ROWS), aligned(1).view(np.int32)
    for packet in range(span[0], span[1]):
        load_rays(ray, packet, rays, table, places, size)
        clear_packet(ray, valid, packet, clipping, size, len(places))
        if len(table):
            drop_blind(ray, valid)
        intersect(valid.ctypes.data, scene, ray.ctypes.data, arguments)
        store_hits(ray, packet, (size, len(places)), indices, hits)


@compiled(signature(types.void, types.int64[::1], types.float32[:, ::1]))
def place_instances(geometries: np.ndarray, transforms: np.ndarray) -> None:
    """Set the transforms (n, 12) of instance geometries: rows x, y, z axis and origin of local in world."""
    for i in range(len(geometries)):
        _set_transform(geometries[i], 0, _FLOAT3X4_COLUMN_MAJOR, transforms[i].ctypes.data)
        _commit_geometry(geometries[i])
