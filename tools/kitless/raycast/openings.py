"""The compiled loops that see through: what is cut out is not hit, and what is see-through lets some light pass."""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.embree import OPEN, SOLID
from kitless.raycast.kernels import (
    FAR,
    GEOMETRY,
    HITS,
    INSTANCE,
    INSTANCE_PART,
    LANES,
    MASK,
    NEAR,
    PLACES,
    QUERY,
    RAY_HIT_ROWS,
    SPAN,
    TRIANGLE,
    VIEW,
    U,
    V,
    aligned,
    clear_packet,
    corner_of,
    drop_blind,
    intersect,
    load_rays,
    occluded,
    store_hits,
    target_of,
)
from kitless.raycast.memory import lent
from kitless.raycast.substance import passage
from kitless.raycast.surface import SHARED, lent_tables
from kitless.raycast.texels import PALETTE, lent_palette

_JUST_BEYOND = np.float32(1.000001)
_LAYERS = 64
"""See-through surfaces on the way to a light, at most; what lies behind so many is dark."""
_DARK = 1e-3

WORLD = types.Tuple((types.int32[::1], SHARED, PALETTE))
"""(indices, tables, palette): indices maps Embree's slots to positions in Scene.instances."""


@compiled()
def lent_world(world: tuple) -> tuple:
    """Return a world whose arrays count no references."""
    indices, shared, palette = world
    return lent(indices), lent_tables(shared), lent_palette(palette)


NEARS = types.float32[::1]
"""(m,) how far the ray of each place has travelled already; (0,) for none."""


@compiled()
def hit_of(ray: np.ndarray, lane: int, width: float) -> tuple:
    """Return a packet's hit as (triangle, u, v, width of a pixel there)."""
    triangle = np.int64(ray.view(np.int32)[TRIANGLE, lane])
    return triangle, np.float64(ray[U, lane]), np.float64(ray[V, lane]), width


@compiled()
def forget_hit(ray: np.ndarray, lane: int) -> None:
    """Make a lane's ray look for a hit beyond the one it has; FAR is the caller's to restore."""
    bits = ray.view(np.int32)
    ray[NEAR, lane] = max(ray[FAR, lane] * _JUST_BEYOND, np.nextafter(ray[FAR, lane], np.float32(np.inf)))
    bits[TRIANGLE, lane], bits[GEOMETRY, lane] = -1, -1
    bits[INSTANCE, lane], bits[INSTANCE_PART, lane] = -1, -1


@compiled()
def pass_cutouts(bench: tuple, query: tuple, world: tuple, first: int, view: tuple) -> None:
    """Trace a packet on until nothing it has hit is cut out; first is where its scene's slots begin in indices."""
    ray, valid = bench
    indices, (rows, transforms, _, _), palette = world
    rays, clipping = view[0], view[1]
    bits, again = ray.view(np.int32), True
    while again:
        again = False
        for lane in range(LANES):
            hit = valid[0, lane] != 0 and bits[GEOMETRY, lane] != -1
            valid[0, lane] = 0
            if not hit:
                continue
            width = rays[6, 0] + rays[6, 1] * ray[FAR, lane]
            instance = indices[first + bits[INSTANCE, lane]]
            if passage((rows, transforms, palette), instance, hit_of(ray, lane, width))[1]:
                forget_hit(ray, lane)
                ray[FAR, lane] = clipping[1]
                valid[0, lane], again = -1, True
        if again:
            intersect(valid.ctypes.data, query[0], ray.ctypes.data, query[1])


@compiled(signature(types.void, QUERY, VIEW, types.Tuple((PLACES, NEARS)), SPAN, WORLD, HITS))
def trace_open_packets(query: tuple, view: tuple, aims: tuple, span: tuple, world: tuple, hits: tuple) -> None:
    """Find the nearest hits that are not cut out; aims = (places, nears)."""
    places, nears = aims
    world = lent_world(world)
    rays, clipping, size, table = view
    ray, valid = aligned(RAY_HIT_ROWS), aligned(1).view(np.int32)
    for packet in range(span[0], span[1]):
        load_rays(ray, packet, rays, table, places, size)
        clear_packet(ray, valid, packet, clipping, size, len(places))
        corner = corner_of(packet, size)
        for lane in range(LANES if len(nears) else 0):
            target = target_of(packet, lane, corner, size, len(places))
            if target >= 0:
                ray[NEAR, lane] = max(nears[target] * _JUST_BEYOND, ray[NEAR, lane])
        if len(table):
            drop_blind(ray, valid)
        intersect(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
        pass_cutouts((ray, valid), query, world, 0, view)
        store_hits(ray, packet, (size, len(places)), world[0], hits)


@compiled()
def pass_layers(query: tuple, bench: tuple, reach: np.ndarray, world: tuple) -> None:
    """Dim shadow rays that nothing solid stops by what is see-through on their way; reach (16,) is their length."""
    ray, valid, through = bench
    indices, (rows, transforms, _, _), palette = world
    bits = ray.view(np.int32)
    for lane in range(LANES):
        valid[0, lane] = -1 if through[lane] > 0.0 else 0
        ray[NEAR, lane], ray[FAR, lane], bits[MASK, lane] = 0.0, 0.0, OPEN
        forget_hit(ray, lane)
        ray[NEAR, lane], ray[FAR, lane] = 0.0, reach[lane]
    again, layers = valid.min() < 0, 0
    while again:
        again, layers = False, layers + 1
        intersect(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
        for lane in range(LANES):
            hit = valid[0, lane] != 0 and bits[GEOMETRY, lane] != -1
            valid[0, lane] = 0
            if not hit:
                continue
            opacity, _ = passage((rows, transforms, palette), indices[bits[INSTANCE, lane]], hit_of(ray, lane, 0.0))
            through[lane] *= 1.0 - opacity
            if through[lane] < _DARK or layers >= _LAYERS:
                through[lane] = 0.0
                continue
            forget_hit(ray, lane)
            ray[FAR, lane] = reach[lane]
            valid[0, lane], again = -1, True
    for lane in range(LANES):
        ray[NEAR, lane], bits[MASK, lane] = 0.0, SOLID


@compiled()
def cast_shadows(query: tuple, bench: tuple, world: tuple, is_open: int) -> None:
    """Trace a packet of shadow rays; bench = (ray, valid, through, reach).

    through (16,) becomes the share of light that arrives, reach (16,) is spare. valid is lost.
    """
    ray, valid, through, reach = bench
    for lane in range(LANES):
        reach[lane] = ray[FAR, lane]
    occluded(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
    for lane in range(LANES):
        through[lane] = 1.0 if valid[0, lane] != 0 and ray[FAR, lane] >= 0.0 else 0.0
    if is_open:
        pass_layers(query, (ray, valid, through), reach, world)
