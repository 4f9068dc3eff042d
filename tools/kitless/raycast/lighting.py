"""The compiled loop that gathers light at hits: shadow rays to lights, and what comes from the sky."""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import FAR, LANES, VIEW, corner_of, pattern_of
from kitless.raycast.lamps import DISTANT, FOREVER, shine
from kitless.raycast.lanes import (
    ALPHA,
    BENCH,
    DIRECT,
    GLOSS,
    OFFSET,
    PLAIN,
    POINT,
    POWER,
    ROUND,
    SMOOTH,
    SURFACE,
    TINT,
    TOTAL,
    VIEWER,
    WAY,
    clear_lanes,
    lent_bench,
    lent_surface,
    load_lanes,
    number_of,
    of_lane,
    start_shadows,
)
from kitless.raycast.lights import AXIS_X, AXIS_Y, COLOR, FACING, KIND, SIZE
from kitless.raycast.memory import lent
from kitless.raycast.openings import cast_shadows
from kitless.raycast.skylight import (
    QUERIES,
    SOURCES,
    add_sky,
    ask_sky,
    cast_sky,
    lent_sources,
)

_BOUNCE = 0.1
"""What a light that shines past a surface gives it all the same, by way of its surroundings."""
_GRAZING = 0.05

GATHERED = types.float32[:, ::1]
"""(m, 6): irradiance, then specular light before the Fresnel factor; linear rgb each."""


@compiled()
def aim_at_distant(light: np.ndarray, points: np.ndarray, lanes: np.ndarray, reaches: np.ndarray, which: tuple) -> None:
    """Note each lane's way to a place of a distant light's disk; which = (block, subframe, pattern)."""
    ax, ay, az = light[AXIS_X] * light[SIZE], light[AXIS_X + 1] * light[SIZE], light[AXIS_X + 2] * light[SIZE]
    bx, by, bz = light[AXIS_Y] * light[SIZE], light[AXIS_Y + 1] * light[SIZE], light[AXIS_Y + 2] * light[SIZE]
    fx, fy, fz = light[FACING], light[FACING + 1], light[FACING + 2]
    for lane in range(LANES):
        n = number_of(which[0], which[1], which[2] + lane)
        x, y = points[n, 2], points[n, 3]
        wx, wy, wz = x * ax + y * bx - fx, x * ay + y * by - fy, x * az + y * bz - fz
        scale = 1.0 / np.sqrt(wx * wx + wy * wy + wz * wz)
        lanes[WAY, lane], lanes[WAY + 1, lane], lanes[WAY + 2, lane] = wx * scale, wy * scale, wz * scale
        lanes[POWER, lane], reaches[lane] = 1.0, FOREVER
        lanes[TINT, lane], lanes[TINT + 1, lane], lanes[TINT + 2, lane] = 1.0, 1.0, 1.0


@compiled()
def aim_near(light: np.ndarray, points: np.ndarray, bench: tuple, which: tuple) -> None:
    """Note each lane's way to a place of a light that is somewhere; which = (block, subframe, pattern)."""
    _, _, lanes, targets, _, reaches = bench
    for lane in range(LANES):
        if targets[lane] < 0:
            continue
        n = number_of(which[0], which[1], which[2] + lane)
        place = (points[n, 0], points[n, 1], points[n, 2], points[n, 3])
        way, reach, power, tint = shine(light, of_lane(lanes, POINT, lane), place)
        reaches[lane] = reach * 0.999 - lanes[OFFSET, lane]
        lanes[POWER, lane] = power
        for k in range(3):
            lanes[WAY + k, lane], lanes[TINT + k, lane] = way[k], tint[k]


@compiled()
def meet(lanes: np.ndarray) -> None:
    """Work out what each lane gets of a light whose way and power are noted, if nothing is between.

    Specular: GGX (Walter et al. 2007) with Kelemen's visibility term, 1 / (4 (l.h)^2), which is 1 / |l + v|^2.
    """
    for lane in range(lanes.shape[1]):
        wx, wy, wz = lanes[WAY, lane], lanes[WAY + 1, lane], lanes[WAY + 2, lane]
        sx, sy, sz = lanes[SMOOTH, lane], lanes[SMOOTH + 1, lane], lanes[SMOOTH + 2, lane]
        hx, hy, hz = wx + lanes[VIEWER, lane], wy + lanes[VIEWER + 1, lane], wz + lanes[VIEWER + 2, lane]
        cosine = wx * sx + wy * sy + wz * sz
        above = wx * lanes[PLAIN, lane] + wy * lanes[PLAIN + 1, lane] + wz * lanes[PLAIN + 2, lane]
        square = max(hx * hx + hy * hy + hz * hz, _GRAZING)
        middle = hx * sx + hy * sy + hz * sz
        alpha = lanes[ALPHA, lane]
        spread = middle * middle / square * (alpha - 1.0) + 1.0
        power = lanes[POWER, lane]
        met = power * max(cosine, 0.0) * np.float64(above > 0.0)
        lanes[ROUND, lane] = _BOUNCE * power * (0.5 + 0.5 * cosine)
        lanes[DIRECT, lane] = met
        lanes[GLOSS, lane] = met * alpha / (np.pi * spread * spread * square)


@compiled()
def aim_shadows(ray: np.ndarray, valid: np.ndarray, bench: tuple) -> bool:
    """Aim the shadow rays of a packet at a light; return whether there are any."""
    _, _, lanes, targets, _, reaches = bench
    some = 0
    for lane in range(lanes.shape[1]):
        wanted = (targets[lane] >= 0) & (lanes[DIRECT, lane] > 0.0)
        valid[0, lane] = -np.int32(wanted)
        some |= wanted
    for k in range(3):
        for lane in range(lanes.shape[1]):
            ray[4 + k, lane] = lanes[WAY + k, lane]
    for lane in range(lanes.shape[1]):
        ray[FAR, lane] = reaches[lane]
    return some != 0


@compiled()
def add_light(light: np.ndarray, samples: int, lanes: np.ndarray, through: np.ndarray) -> None:
    """Add to what each lane gets a light's part, of which a share comes through."""
    for k in range(3):
        color = light[COLOR + k] / samples
        for lane in range(lanes.shape[1]):
            tinted = color * lanes[TINT + k, lane]
            around, free = lanes[ROUND, lane], through[lane]
            lanes[TOTAL + k, lane] += tinted * (around + free * lanes[DIRECT, lane])
            # What is bent round corners is mirrored, too, or metal would be black.
            lanes[TOTAL + 3 + k, lane] += tinted * (free * lanes[GLOSS, lane] + around / np.pi)


@compiled()
def gather_light(query: tuple, lamp: tuple, bench: tuple, world: tuple) -> None:
    """Add to what each lane gets lamp = (light, number, points, (samples, subframe, is open, pattern))."""
    light, number, points, (samples, subframe, is_open, first) = lamp
    ray, valid, lanes, _, through, reaches = bench
    for turn in range(samples):
        # Lights take different blocks, and so do further subframes.
        which = (number + turn + 7 * (subframe >> 4), subframe, first)
        if light[KIND] == DISTANT:
            aim_at_distant(light, points, lanes, reaches, which)
        else:
            aim_near(light, points, bench, which)
        meet(lanes)
        if aim_shadows(ray, valid, bench):
            cast_shadows(query, (ray, valid, through, reaches), world, is_open)
        else:
            through[:] = 0.0
        add_light(light, samples, lanes, through)


@compiled()
def store_light(lanes: np.ndarray, targets: np.ndarray, light: np.ndarray) -> None:
    """Write what lanes have got."""
    for lane in range(LANES):
        if targets[lane] >= 0:
            for k in range(6):
                light[targets[lane], k] = lanes[TOTAL + k, lane]


@compiled(signature(types.void, QUERIES, VIEW, SURFACE, types.int64[::1], SOURCES, types.Tuple((BENCH, GATHERED))))
def gather(query: tuple, view: tuple, surface: tuple, packets: np.ndarray, sources: tuple, work: tuple) -> None:
    """Write the light (m, 6) at packets of hits.

    The sky gets twice the samples of a light where it is not shared.
    """
    rays, clipping, size, table = view
    view, out = (lent(rays), clipping, size, lent(table)), lent(work[1])
    bench, surface = lent_bench(work[0]), lent_surface(surface)
    lights, sky, points, (samples, subframe, is_open), shared = lent_sources(sources)
    ray, _, lanes, targets, _, _ = bench
    places, found, tables, palette, _ = surface
    world, has_sky = (tables[3], tables, palette), sky.max() > 0.0
    for packet in packets:
        if not load_lanes(bench, packet, view, surface):
            continue
        start_shadows(ray, lanes)
        clear_lanes(lanes)
        first = pattern_of(packet, corner_of(packet, size), len(places))
        for number in range(len(lights)):
            lamp = (lights[number], number, points, (samples, subframe, is_open, first))
            gather_light((query[0], query[1]), lamp, bench, world)
        if has_sky:
            ask_sky(shared, (places, found), packet, size, bench)
            cast_sky((query[0], query[2]), (sky, points, (2 * samples, subframe, is_open, first)), bench, world)
            add_sky(sky, lanes, targets)
        store_light(lanes, targets, out)
