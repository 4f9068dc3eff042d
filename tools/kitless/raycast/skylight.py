"""The compiled loops that gather light from the sky: shadow rays in all directions, mostly shared by neighbours."""

from __future__ import annotations

import numpy as np
from numba import types

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import FAR, LANES, corner_of, place_of
from kitless.raycast.lamps import FOREVER
from kitless.raycast.lanes import (
    ASKS,
    LEVEL,
    OPENNESS,
    PLAIN,
    SKY,
    SMOOTH,
    TOTAL,
    VIEWER,
    WAY,
    number_of,
    of_lane,
)
from kitless.raycast.memory import lent
from kitless.raycast.openings import cast_shadows
from kitless.raycast.smoothing import NEAR, ROUND
from kitless.raycast.surface import dot

_TINY = 1e-300
_INDOORS = 0.25
"""A surface that sees no sky still gets some light from its surroundings."""

QUERIES = types.UniTuple(types.intp, 3)
"""(scene, query arguments for rays that run together, query arguments for rays that do not): addresses."""
SHARED_SKY = types.Tuple(
    (types.float32[:, ::1], types.int32[::1], types.float32[::1], types.float32[:, ::1], types.int64)
)
"""(sky's irradiance and openness, instance, travel, normal, width): a row for every second pixel of every second row.
No rows where nothing is shared."""
LAMPS = 6
SOURCES = types.Tuple(
    (types.float64[:, ::1], types.float32[:, :, ::1], types.float64[:, ::1], types.UniTuple(types.int64, 3), SHARED_SKY)
)
"""(light table, Environment.light, sample_points(), (samples per light, subframe, 1 if something is see-through), the
sky's light that is shared)."""


@compiled()
def look_up(environment: np.ndarray, way: tuple) -> tuple:
    """Return an environment's radiance in a unit direction."""
    rows, columns = environment.shape[0], environment.shape[1]
    row, column = 0, 0
    if rows * columns > 1:
        v = np.arccos(min(max(way[2], -1.0), 1.0)) / np.pi
        u = np.arctan2(way[1], way[0]) / (2 * np.pi) % 1.0
        # From both sides: what is no number must not be looked up outside the array.
        row, column = max(min(int(v * rows), rows - 1), 0), max(min(int(u * columns), columns - 1), 0)
    return environment[row, column, 0], environment[row, column, 1], environment[row, column, 2]


@compiled()
def aim_at_sky(ray: np.ndarray, lanes: np.ndarray, points: np.ndarray, which: tuple) -> None:
    """Aim a packet of shadow rays above its faces, in a cosine distribution about its shading normals.

    which = (block, subframe, pattern) of the places on the unit sphere.
    """
    for lane in range(LANES):
        n = number_of(which[0], which[1], which[2] + lane)
        lanes[WAY, lane], lanes[WAY + 1, lane], lanes[WAY + 2, lane] = points[n, 4], points[n, 5], points[n, 6]
    for lane in range(lanes.shape[1]):
        x, y, z = lanes[WAY, lane], lanes[WAY + 1, lane], lanes[WAY + 2, lane]
        x, y, z = x + lanes[SMOOTH, lane], y + lanes[SMOOTH + 1, lane], z + lanes[SMOOTH + 2, lane]
        scale = 1.0 / np.sqrt(max(x * x + y * y + z * z, _TINY))
        x, y, z = x * scale, y * scale, z * scale
        px, py, pz = lanes[PLAIN, lane], lanes[PLAIN + 1, lane], lanes[PLAIN + 2, lane]
        under = 2.0 * min(x * px + y * py + z * pz, 0.0)
        ray[4, lane], ray[5, lane], ray[6, lane] = x - under * px, y - under * py, z - under * pz
        ray[FAR, lane] = FOREVER


@compiled()
def _add_seen(sky: np.ndarray, ray: np.ndarray, lanes: np.ndarray, through: np.ndarray, samples: int) -> None:
    """Add what the lanes that ask have seen of the sky."""
    if sky.shape[0] * sky.shape[1] == 1:
        for k in range(3):
            light = np.pi / samples * sky[0, 0, k]
            for lane in range(lanes.shape[1]):
                seen = _INDOORS + (1.0 - _INDOORS) * through[lane]
                lanes[SKY + k, lane] += lanes[ASKS, lane] * seen * light
    for lane in range(LANES):
        if lanes[ASKS, lane] <= 0.0:
            continue
        seen = (_INDOORS + (1.0 - _INDOORS) * through[lane]) / samples
        lanes[OPENNESS, lane] += seen
        if sky.shape[0] * sky.shape[1] > 1:
            light = look_up(sky, (np.float64(ray[4, lane]), np.float64(ray[5, lane]), np.float64(ray[6, lane])))
            for k in range(3):
                lanes[SKY + k, lane] += np.pi * seen * light[k]


@compiled()
def cast_sky(query: tuple, dome: tuple, bench: tuple, world: tuple) -> None:
    """Find the sky's light for the lanes that ask.

    dome = (Environment.light, points, (samples, subframe, is open, pattern)).
    """
    sky, points, (samples, subframe, is_open, first) = dome
    ray, valid, lanes, targets, through, reaches = bench
    asking = False
    for lane in range(LANES):
        if targets[lane] < 0:
            lanes[ASKS, lane] = 0.0
        elif lanes[ASKS, lane] > 0.0:
            lanes[SKY, lane], lanes[SKY + 1, lane], lanes[SKY + 2, lane], lanes[OPENNESS, lane] = 0.0, 0.0, 0.0, 0.0
            asking = True
    for turn in range(samples if asking else 0):
        aim_at_sky(ray, lanes, points, (turn + samples * (subframe >> 4), subframe, first))
        for lane in range(lanes.shape[1]):
            valid[0, lane] = -np.int32(lanes[ASKS, lane] > 0.0)
        cast_shadows(query, (ray, valid, through, reaches), world, is_open)
        _add_seen(sky, ray, lanes, through, samples)


@compiled()
def gleam_of(sky: np.ndarray, lanes: np.ndarray, lane: int) -> tuple:
    """Return the sky's radiance as a lane's surface mirrors it."""
    viewer, smooth = of_lane(lanes, VIEWER, lane), of_lane(lanes, SMOOTH, lane)
    twice = 2.0 * dot(viewer, smooth)
    x, y, z = twice * smooth[0] - viewer[0], twice * smooth[1] - viewer[1], twice * smooth[2] - viewer[2]
    return look_up(sky, (x, y, z))


@compiled()
def add_sky(sky: np.ndarray, lanes: np.ndarray, targets: np.ndarray) -> None:
    """Add to what each lane gets the sky's light, and what of it is mirrored."""
    for lane in range(LANES):
        if targets[lane] < 0:
            continue
        gleam = gleam_of(sky, lanes, lane)
        for k in range(3):
            lanes[TOTAL + k, lane] += lanes[SKY + k, lane]
            lanes[TOTAL + 3 + k, lane] += lanes[OPENNESS, lane] * gleam[k]


@compiled()
def borrow_lane(shared: tuple, place: tuple, seen: tuple, lanes: np.ndarray, lane: int) -> None:
    """Give a lane the shared light of the up to 4 pixels about its place that see the same surface.

    place is in pixel coordinates, seen = (instance, travel). Where there is none, the lane asks for rays of its own.
    """
    values, instance, travel, normal, width = shared
    height = len(instance) // width
    x, y = (place[0] - 0.5) * 0.5, (place[1] - 0.5) * 0.5
    left, top = int(np.floor(x)), int(np.floor(y))
    right, below = x - left, y - top
    a, b, c, d, total = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(4):
        u, v = left + (k & 1), top + (k >> 1)
        weight = (right if k & 1 else 1.0 - right) * (below if k >> 1 else 1.0 - below)
        if weight <= 0.0 or not (0 <= u < width and 0 <= v < height):
            continue
        j = v * width + u
        if instance[j] != seen[0] or abs(travel[j] - seen[1]) > NEAR * seen[1]:
            continue
        if dot(of_lane(lanes, LEVEL, lane), (normal[j, 0], normal[j, 1], normal[j, 2])) <= ROUND:
            continue
        total += weight
        a, b, c, d = (
            a + weight * values[j, 0],
            b + weight * values[j, 1],
            c + weight * values[j, 2],
            d + weight * values[j, 3],
        )
    lanes[ASKS, lane] = 1.0 if total <= 0.0 else 0.0
    share = 1.0 / total if total > 0.0 else 0.0
    lanes[SKY, lane], lanes[SKY + 1, lane], lanes[SKY + 2, lane] = a * share, b * share, c * share
    lanes[OPENNESS, lane] = d * share


@compiled()
def ask_sky(shared: tuple, found: tuple, packet: int, size: tuple, bench: tuple) -> None:
    """Give a packet's lanes the light of the sky that is shared, and let the others ask; found = (places, hits)."""
    places, (travel, instance, _, _) = found
    _, _, lanes, targets, _, _ = bench
    corner = corner_of(packet, size)
    for lane in range(LANES):
        lanes[ASKS, lane] = 1.0
        i = targets[lane]
        if i >= 0 and len(shared[1]):
            borrow_lane(shared, place_of(places, i, corner, lane), (instance[i], np.float64(travel[i])), lanes, lane)


@compiled()
def lent_sources(sources: tuple) -> tuple:
    """Return sources whose arrays count no references."""
    lights, sky, points, numbers, (values, instance, travel, normal, width) = sources
    shared = (lent(values), lent(instance), lent(travel), lent(normal), width)
    return lent(lights), lent(sky), lent(points), numbers, shared
