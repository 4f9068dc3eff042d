"""path_trace(): light followed over many bounces, as it is, on the same scene and lights that shade() takes.

Each sample is one path per pixel. At every hit one light is sampled, and one direction by what the surface reflects;
where both could have found the same light they are weighed by their densities (Veach 1995). Long dim paths end by
chance (Russian roulette), and what goes on counts for them. Random numbers are a function of pixel, sample, bounce and
seed: any split over threads gives the same bytes, and more samples continue fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.appearance import emitted, sky_color
from kitless.raycast.camera import EVERY_PIXEL, pixel_shift
from kitless.raycast.compiled import compiled
from kitless.raycast.embree import SOLID, query_arguments
from kitless.raycast.emitters import DOME, chances_of, dome_density, is_small, meet_light, sample_dome, sample_light
from kitless.raycast.ggx import ALBEDO, albedo_table, alpha_of, reflect, sample
from kitless.raycast.kernels import FAR, GEOMETRY, INSTANCE, LANES, MASK, RAY_HIT_ROWS, VIEW, aligned, intersect
from kitless.raycast.memory import lent
from kitless.raycast.openings import WORLD, cast_shadows, forget_hit, hit_of, lent_world
from kitless.raycast.painter import Illumination
from kitless.raycast.path_state import (
    BROUGHT,
    DENSITY,
    LEFT,
    NORMAL,
    START,
    STATE_ROWS,
    WAY,
    WIDTH,
    add,
    aim,
    begin,
    goes_on,
    load_state,
    three,
)
from kitless.raycast.random_numbers import chance
from kitless.raycast.skylight import QUERIES, look_up
from kitless.raycast.substance import base_color, bent_normal, coat_at, passage, roughness_at, split, spot_on
from kitless.raycast.surface import dot, normals_at
from kitless.raycast.tables import Column
from kitless.raycast.trace import packets_of, view_of, world_of
from kitless.raycast.vectors import across, unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene

_MATERIAL, _OPEN = int(Column.MATERIAL), int(Column.OPEN)
_FOREVER = 1e30
_SURE_BOUNCES = 3
_LAYERS = 64
"""See-through surfaces that a ray may pass between two bounces."""
_DIMENSIONS = 7
"""Random numbers of a bounce: which light and where on it, which lobe and direction, whether to go on."""
_PICK, _LIGHT, _LOBE, _END = 0, 1, 3, 6
_PASSING = 5000
"""Where the random numbers for passing see-through surfaces begin."""

SOURCES = types.Tuple((types.float64[:, ::1], DOME, types.float32[:, :, ::1], ALBEDO, types.UniTuple(types.float64, 2)))
"""(light table, dome, Environment.background, albedo_table(), (1 over the radiance of an emission of 1, how often the
dome is sampled))."""
TASK = types.UniTuple(types.int64, 5)
"""(first packet, last, exclusive, sample, bounces, seed)."""


@compiled()
def pass_by_chance(bench: tuple, query: tuple, world: tuple, key: tuple, far: float) -> None:
    """Trace a packet on until each ray has met something that, by its opacity and by chance, stops it.

    bench = (ray, valid, pixels); key = (sample, bounce, seed).
    """
    ray, valid, pixels = bench
    bits, again, layer = ray.view(np.int32), True, 0
    while again and layer < _LAYERS:
        again = False
        for lane in range(LANES):
            hit = valid[0, lane] != 0 and bits[GEOMETRY, lane] != -1
            valid[0, lane] = 0
            if not hit:
                continue
            instance = world[0][bits[INSTANCE, lane]]
            dimension = _PASSING + key[1] * _LAYERS + layer
            if chance(pixels[lane], key[0], dimension, key[2]) >= opacity_of(world, instance, hit_of(ray, lane, 0.0)):
                forget_hit(ray, lane)
                ray[FAR, lane] = far
                valid[0, lane], again = -1, True
        if again:
            intersect(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
        layer += 1


@compiled()
def opacity_of(world: tuple, instance: int, hit: tuple) -> float:
    """Return the opacity where an instance is hit."""
    _, (rows, transforms, _, _), palette = world
    return passage((rows, transforms, palette), instance, hit)[0]


@compiled()
def within(value: float) -> float:
    """Return the nearest number in 0..1: a reflectance."""
    return min(max(value, 0.0), 1.0)


@compiled()
def surface_of(world: tuple, instance: int, hit: tuple, path: tuple, white: float) -> tuple:
    """Return point, face normal, shading normal, lobes and emission where a path = (start, way, travel) ends."""
    _, (rows, transforms, inverses, _), palette = world
    row, matrix, materials = rows[instance], transforms[instance], palette[0]
    start, way, travel = path
    point = (start[0] + travel * way[0], start[1] + travel * way[1], start[2] + travel * way[2])
    plain, smooth = normals_at(row, inverses[instance], (hit[0], hit[1], hit[2]), point, way)
    material = materials[row[_MATERIAL]] if row[_MATERIAL] >= 0 else materials.ravel()[:0]
    spot = spot_on(row, matrix, material, hit)
    smooth = bent_normal((row, matrix, smooth, way), material, hit, spot, palette)
    dull, gloss = split(base_color(row, material, hit, spot, palette), material, spot, palette)
    dull = (within(dull[0]), within(dull[1]), within(dull[2]))
    gloss = (within(gloss[0]), within(gloss[1]), within(gloss[2]))
    # What reflects nothing head on reflects nothing at grazing angles either: it has no surface.
    grazing = min(50.0 * max(gloss[0], max(gloss[1], gloss[2])), 1.0)
    coat, coat_roughness = coat_at(material, spot, palette)
    alpha, coat_alpha = alpha_of(roughness_at(material, spot, palette)), alpha_of(coat_roughness)
    lobes = (dull, gloss, grazing, alpha, coat, coat_alpha)
    return point, plain, smooth, lobes, emitted(material, white, spot, palette)


@compiled()
def weigh(chosen: float, other: float) -> float:
    """Return the weight of what was chosen with one density and could have been with another."""
    return chosen / (chosen + other) if chosen > 0.0 else 0.0


@compiled()
def collect(state: np.ndarray, lane: int, travel: float, sources: tuple) -> None:
    """Add the lights that a bounced ray meets before `travel`, and the dome if that is infinite."""
    table, dome, _, _, (_, often) = sources
    start, way, density = three(state, START, lane), three(state, WAY, lane), state[DENSITY, lane]
    each = (1.0 - often) / max(len(table), 1)
    for number in range(len(table)):
        reach, light, chosen = meet_light(table[number], start, way)
        if reach < travel:
            add(state, lane, light, weigh(density, chosen * each))
    if np.isinf(travel) and often > 0.0:
        r, g, b = look_up(dome[0], way)
        chosen = dome_density(dome, way, three(state, NORMAL, lane)) * often
        add(state, lane, (np.float64(r), np.float64(g), np.float64(b)), weigh(density, chosen))


@compiled()
def light_for(sources: tuple, point: tuple, normal: tuple, chances: tuple) -> tuple:
    """Return direction, distance, radiance and density of one light's sample, and whether a ray could meet it."""
    table, dome, _, _, (_, often) = sources
    pick, a, b = chances
    if pick < often:
        way, light, density = sample_dome(dome, normal, a, b)
        return way, _FOREVER, light, density * often, True
    number = min(int((pick - often) / (1.0 - often) * len(table)), len(table) - 1)
    way, reach, light, density = sample_light(table[number], point, a, b)
    return way, reach, light, density * (1.0 - often) / len(table), not is_small(table[number])


@compiled()
def to_frame(axes: tuple, way: tuple) -> tuple:
    """Return a direction in the frame of three axes."""
    return dot(way, axes[0]), dot(way, axes[1]), dot(way, axes[2])


@compiled()
def look_at_light(found: tuple, seen: tuple, sources: tuple, chances: tuple, shadow: tuple) -> bool:
    """Aim a shadow ray at a light; note in pending what it brings if nothing stops it. Return whether it is needed.

    found = (point, face normal, shading normal, lobes), seen = (axes, o, start), shadow = (ray, pending, lane).
    """
    point, plain, normal, lobes = found
    axes, o, start = seen
    ray, pending, lane = shadow
    way, reach, light, density, can_meet = light_for(sources, point, normal, chances)
    if density <= 0.0 or dot(way, plain) <= 0.0:
        return False
    value, other = reflect(lobes, sources[3], o, to_frame(axes, way))
    share = (weigh(density, other) if can_meet else 1.0) / density
    for k in range(3):
        pending[k, lane] = value[k] * light[k] * share
    if max(pending[0, lane], max(pending[1, lane], pending[2, lane])) <= 0.0:
        return False
    aim(ray, lane, start, way, reach * 0.9999)
    ray.view(np.int32)[MASK, lane] = SOLID
    return True


@compiled()
def bounce_on(found: tuple, seen: tuple, albedo: np.ndarray, chances: tuple, path: tuple) -> bool:
    """Send a lane's path on from a surface; return whether it goes on. path = (state, ray, lane)."""
    _, plain, normal, lobes = found
    axes, o, start = seen
    state, ray, lane = path
    i = sample(lobes, albedo, o, chances)
    value, density = reflect(lobes, albedo, o, i)
    (ax, ay, az), (bx, by, bz), (nx, ny, nz) = axes
    way = unit(
        i[0] * ax + i[1] * bx + i[2] * nx,
        i[0] * ay + i[1] * by + i[2] * ny,
        i[0] * az + i[1] * bz + i[2] * nz,
    )
    if density <= 0.0 or dot(way, plain) <= 0.0:
        return False
    for k in range(3):
        state[LEFT + k, lane] *= value[k] / density
        state[START + k, lane], state[WAY + k, lane], state[NORMAL + k, lane] = start[k], way[k], normal[k]
    state[DENSITY, lane] = density
    aim(ray, lane, start, way, _FOREVER)
    return max(three(state, LEFT, lane)) > 0.0


@compiled()
def step(bench: tuple, world: tuple, sources: tuple, lane: int, key: tuple) -> bool:
    """Handle what a lane's ray has met; return whether the path goes on, its shadow ray and next ray aimed.

    bench = (ray, shadow ray, its valid, pending, state, pixels); key = (sample, bounce, bounces, seed).
    """
    ray, shadow, lit, pending, state, pixels = bench
    number, bounce, bounces, seed = key
    bits = ray.view(np.int32)
    hit = bits[GEOMETRY, lane] != -1
    travel = np.float64(ray[FAR, lane]) if hit else np.inf
    if bounce > 0:
        collect(state, lane, travel, sources)
    elif not hit:
        add(state, lane, sky_color(sources[2], three(state, WAY, lane)), 1.0)
    if not hit:
        return False
    path = (three(state, START, lane), three(state, WAY, lane), travel)
    instance = world[0][bits[INSTANCE, lane]]
    width = state[WIDTH, lane] + state[WIDTH + 1, lane] * travel
    found = surface_of(world, instance, hit_of(ray, lane, width), path, sources[4][0])
    add(state, lane, found[4], 1.0)
    if bounce == bounces:
        return False
    point, plain, normal, lobes, _ = found
    offset = 2e-5 * travel + 2e-6 * max(abs(point[0]), max(abs(point[1]), abs(point[2])))
    start = (point[0] + offset * plain[0], point[1] + offset * plain[1], point[2] + offset * plain[2])
    p, q = across(normal)
    axes = (p, q, normal)
    back = unit(-path[1][0], -path[1][1], -path[1][2])
    o = to_frame(axes, back)
    o = unit(o[0], o[1], max(o[2], 1e-4))
    spot, first = (point, plain, normal, lobes), bounce * _DIMENSIONS
    draws = (
        chance(pixels[lane], number, first + _PICK, seed),
        chance(pixels[lane], number, first + _LIGHT, seed),
        chance(pixels[lane], number, first + _LIGHT + 1, seed),
    )
    if look_at_light(spot, (axes, o, start), sources, draws, (shadow, pending, lane)):
        lit[0, lane] = -1
        for k in range(3):
            pending[k, lane] *= state[LEFT + k, lane]
    draws = (
        chance(pixels[lane], number, first + _LOBE, seed),
        chance(pixels[lane], number, first + _LOBE + 1, seed),
        chance(pixels[lane], number, first + _LOBE + 2, seed),
    )
    if not bounce_on(spot, (axes, o, start), sources[3], draws, (state, ray, lane)):
        return False
    return bounce < _SURE_BOUNCES or goes_on(state, lane, chance(pixels[lane], number, first + _END, seed))


@compiled()
def step_all(bench: tuple, world: tuple, sources: tuple, goes: np.ndarray, key: tuple) -> None:
    """Handle what the rays have met of those paths that go on; goes (16,) becomes 0 for those that end."""
    lit = bench[2]
    for lane in range(LANES):
        lit[0, lane] = 0
        if goes[lane] != 0 and not step(bench, world, sources, lane, key):
            goes[lane] = 0


@compiled()
def gather_pending(query: tuple, bench: tuple, spare: tuple, world: tuple, is_open: int) -> None:
    """Trace a packet's shadow rays, if any, and add what arrives."""
    _, shadow, lit, pending, state, _ = bench
    through, reaches = spare
    if lit.min() == 0:
        return
    cast_shadows(query, (shadow, lit, through, reaches), world, is_open)
    for lane in range(LANES):
        for k in range(3):
            state[BROUGHT + k, lane] += pending[k, lane] * through[lane]


@compiled()
def deliver(state: np.ndarray, pixels: np.ndarray, out: np.ndarray) -> None:
    """Add what a packet's paths brought to its pixels."""
    for lane in range(LANES):
        for k in range(3 if pixels[lane] >= 0 else 0):
            out[pixels[lane], k] += state[BROUGHT + k, lane]


@compiled()
def lent_sources(sources: tuple) -> tuple:
    """Return sources whose arrays count no references."""
    table, (source, by_row, by_column), background, albedo, numbers = sources
    dome = (lent(source), lent(by_row), lent(by_column))
    return lent(table), dome, lent(background), lent(albedo), numbers


@compiled(signature(types.void, QUERIES, VIEW, WORLD, SOURCES, TASK, types.float64[:, ::1]))
def follow(query: tuple, view: tuple, world: tuple, sources: tuple, task: tuple, out: np.ndarray) -> None:
    """Add the radiance (m, 3) of one path per pixel."""
    first, last, number, bounces, seed = task
    world, sources = lent_world(world), lent_sources(sources)
    ray, shadow, state = aligned(RAY_HIT_ROWS), aligned(RAY_HIT_ROWS), np.zeros((STATE_ROWS, LANES))
    valid, lit = aligned(1).view(np.int32), aligned(1).view(np.int32)
    pending, pixels, goes = np.zeros((3, LANES)), np.empty(LANES, np.int64), np.zeros(LANES, np.int64)
    through, reaches = np.zeros(LANES), np.zeros(LANES, np.float32)
    is_open = world[1][0][:, _OPEN].max() > 0 if len(world[1][0]) else False
    bench = (ray, shadow, lit, pending, state, pixels)
    for packet in range(first, last):
        begin(ray, valid, packet, view)
        load_state(state, ray, pixels, packet, view)
        goes[:] = valid[0]
        for bounce in range(bounces + 1):
            together = query[1] if bounce == 0 else query[2]
            intersect(valid.ctypes.data, query[0], ray.ctypes.data, together)
            if is_open:
                far = np.float64(view[1][1]) if bounce == 0 else _FOREVER
                pass_by_chance((ray, valid, pixels), (query[0], together), world, (number, bounce, seed), far)
            step_all(bench, world, sources, goes, (number, bounce, bounces, seed))
            gather_pending((query[0], query[2]), bench, (through, reaches), world, is_open)
            valid[0, :] = goes
            if goes.max() == goes.min() == 0:
                break
        deliver(state, pixels, out)


def path_trace(
    scene: Scene, camera: Camera, *, samples: int, bounces: int = 4, first: int = 0, seed: int = 0
) -> NDArray[np.float32]:
    """Return linear light (H, W, 3), 1 for display white, averaged over `samples` paths per pixel.

    A path is reflected up to `bounces` times. Samples are numbered from `first` on, so that averages can be continued.
    The scene must have been updated.
    """
    width, height = camera.resolution
    out, lit = np.zeros((width * height, 3)), Illumination(scene, camera)
    together, apart = query_arguments(coherent=True), query_arguments(coherent=False)
    query = (scene.handle, together.ctypes.data, apart.ctypes.data)
    source, world = lit.sky.source, world_of(scene.tables)
    often = 0.0 if source.max() <= 0 else 0.5 if len(lit.table) else 1.0
    sources = (lit.table, (source, *chances_of(source)), lit.sky.background, albedo_table(), (lit.glow, often))
    count = packets_of(camera.resolution, EVERY_PIXEL)
    for number in range(first, first + samples):
        view = view_of(camera.shifted(*pixel_shift(number)))

        def work(span: tuple[int, int], view: Any = view, number: int = number) -> None:
            follow(query, view, world, sources, (*span, number, bounces, seed), out)

        scene.workers.run(work, count)
    return (out * (lit.exposure / samples)).astype(np.float32).reshape(height, width, 3)
