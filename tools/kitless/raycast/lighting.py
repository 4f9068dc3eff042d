"""The compiled loops that gather light at hits: shadow rays to lights and into the sky."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.embree import SOLID
from kitless.raycast.kernels import (
    FAR,
    LANES,
    PLACES,
    RAY_HIT_ROWS,
    SPAN,
    VIEW,
    aligned,
    corner_of,
    pattern_of,
    ray_of,
    target_of,
)
from kitless.raycast.lights import (
    AXIS_X,
    AXIS_Y,
    COLOR,
    CONE,
    FACING,
    FOCUS,
    KIND,
    PICTURE,
    POSITION,
    SIZE,
    Kind,
)
from kitless.raycast.memory import read_float
from kitless.raycast.openings import cast_shadows
from kitless.raycast.palette import ROUGHNESS
from kitless.raycast.substance import bent_normal, gloss_at, shapes_light, spot_of
from kitless.raycast.surface import FOUND, SHARED, dot, lent_tables, normals_at, position
from kitless.raycast.tables import Column
from kitless.raycast.texels import PALETTE, lent_palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MATERIAL = int(Column.MATERIAL)
_DISTANT, _SPHERE = int(Kind.DISTANT), int(Kind.SPHERE)
_DISK, _CYLINDER = int(Kind.DISK), int(Kind.CYLINDER)
_FOREVER = 1e30
# A surface that sees no sky still gets some light from its surroundings; so does one that a light shines past.
_SKY_INDOORS, _BOUNCE = 0.25, 0.1
# Rows of a packet's lanes: position, face normal, shading normal, way to the viewer, specular exponent, ray offset.
_POINT, _PLAIN, _SMOOTH, _VIEWER, _EXPONENT, _OFFSET, _LANE_ROWS = 0, 3, 6, 9, 12, 13, 14
_SEQUENCE = 1024

SOURCES = types.Tuple(
    (types.float64[:, ::1], types.float32[:, :, ::1], types.float64[:, ::1], types.UniTuple(types.int64, 3))
)
"""(light table, Environment.light, sample_points(), (samples per light, subframe, 1 if something is see-through))."""
GATHERED = types.float32[:, ::1]
"""(m, 6): irradiance, then specular light before the Fresnel factor; linear rgb each."""


def sample_points() -> NDArray[np.float64]:
    """Return (1024, 7) low-discrepancy points: in the unit square, in the unit disk, on the unit sphere.

    The R2 sequence (Roberts 2018): any run of it is spread evenly, so 16 neighbours can take 16 points in turn.
    """
    square = (0.5 + np.arange(_SEQUENCE)[:, None] * [0.7548776662466927, 0.5698402909980532]) % 1.0
    turn, height = 2 * np.pi * square[:, 1], 1 - 2 * square[:, 0]
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    disk, ring = circle * np.sqrt(square[:, :1]), circle * np.sqrt(1 - height**2)[:, None]
    return np.concatenate([square, disk, ring, height[:, None]], axis=1)


@compiled()
def unit(x: float, y: float, z: float) -> tuple:
    """Return the vector's direction, 0 for 0."""
    length = np.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0.0 else (0.0, 0.0, 0.0)


@compiled()
def triple(row: np.ndarray, start: int) -> tuple:
    """Return three neighbours as a tuple."""
    return row[start], row[start + 1], row[start + 2]


@compiled()
def across(axis: tuple) -> tuple:
    """Return two unit vectors that stand on a unit vector and on each other (Duff et al. 2017)."""
    sign = 1.0 if axis[2] >= 0.0 else -1.0
    a = -1.0 / (sign + axis[2])
    b = axis[0] * axis[1] * a
    return (
        (1.0 + sign * axis[0] * axis[0] * a, sign * b, -sign * axis[0]),
        (b, sign + axis[1] * axis[1] * a, -axis[1]),
    )


@compiled()
def load_lanes(lanes: np.ndarray, targets: np.ndarray, packet: int, view: tuple, surface: tuple) -> None:
    """Fill what gathering needs to know of a packet's hits; targets (16,) is -1 where there is none."""
    places, found, shared, palette = surface
    rays, _, size, table = view
    travel, instance, triangle, uv = found
    rows, transforms, inverses, _ = shared
    materials = palette[0]
    corner = corner_of(packet, size)
    for lane in range(LANES):
        i = target_of(packet, lane, corner, size, len(places))
        targets[lane] = i if i >= 0 and instance[i] >= 0 else -1
        if targets[lane] < 0:
            continue
        start, toward = ray_of(rays, table, places, i, (corner[0], corner[1], lane))
        point = position(start, toward, travel[i])
        row = rows[instance[i]]
        hit = (np.int64(triangle[i]), np.float64(uv[i, 0]), np.float64(uv[i, 1]))
        plain, smooth = normals_at(row, inverses[instance[i]], hit, point, toward)
        viewer = unit(-toward[0], -toward[1], -toward[2])
        roughness = materials[row[_MATERIAL], ROUGHNESS] if row[_MATERIAL] >= 0 else 0.5
        if row[_MATERIAL] >= 0 and shapes_light(materials[row[_MATERIAL]]):
            material, matrix = materials[row[_MATERIAL]], transforms[instance[i]]
            near = (hit[0], hit[1], hit[2], rays[6, 0] + rays[6, 1] * travel[i])
            spot = spot_of(row, matrix, near)
            roughness = gloss_at(material, spot, palette)
            smooth = bent_normal((row, matrix, smooth, toward), material, near, spot, palette)
        for k in range(3):
            lanes[_POINT + k, lane], lanes[_PLAIN + k, lane] = point[k], plain[k]
            lanes[_SMOOTH + k, lane], lanes[_VIEWER + k, lane] = smooth[k], viewer[k]
        lanes[_EXPONENT, lane] = min(2.0 / max(roughness, 0.1) ** 4, 2000.0)
        largest = max(abs(point[0]), max(abs(point[1]), abs(point[2])))
        lanes[_OFFSET, lane] = 2e-4 * travel[i] + 1e-6 * largest


@compiled(inline="always")
def of_lane(lanes: np.ndarray, start: int, lane: int) -> tuple:
    """Return three rows of a lane as a vector."""
    return lanes[start, lane], lanes[start + 1, lane], lanes[start + 2, lane]


@compiled()
def distant_way(light: np.ndarray, x: float, y: float) -> tuple:
    """Return the unit direction to a place (x, y) of a distant light's disk."""
    x, y = x * light[SIZE], y * light[SIZE]
    return unit(
        x * light[AXIS_X] + y * light[AXIS_Y] - light[FACING],
        x * light[AXIS_X + 1] + y * light[AXIS_Y + 1] - light[FACING + 1],
        x * light[AXIS_X + 2] + y * light[AXIS_Y + 2] - light[FACING + 2],
    )


@compiled()
def spread_of(light: np.ndarray, to: tuple, place: tuple) -> tuple:
    """Return the two half axes of what a light shows in direction `to`, and a place (x, y) in parts of them."""
    if light[KIND] == _SPHERE:
        p, q = across(unit(to[0], to[1], to[2]))
        return p, q, place[2] * light[SIZE], place[3] * light[SIZE]
    x, y = 2.0 * place[0] - 1.0, 2.0 * place[1] - 1.0
    if light[KIND] == _CYLINDER:
        # The strip that faces the point stands for the whole.
        p = triple(light, AXIS_X)
        q = unit(to[1] * p[2] - to[2] * p[1], to[2] * p[0] - to[0] * p[2], to[0] * p[1] - to[1] * p[0])
        return p, q, x, y * light[SIZE]
    p, q = triple(light, AXIS_X), triple(light, AXIS_Y)
    if light[KIND] == _DISK:
        return p, q, place[2], place[3]
    return p, q, x, y


@compiled()
def shaped(light: np.ndarray, way: tuple) -> float:
    """Return the share of a light that its cone lets through towards where it is seen in direction `way`."""
    along = -dot(way, triple(light, FACING))
    edge = min(max((along - light[CONE]) / max(light[CONE + 1] - light[CONE], 1e-6), 0.0), 1.0)
    share = edge * edge * (3.0 - 2.0 * edge)
    if light[FOCUS] > 0.0:
        share *= np.exp(light[FOCUS] * np.log(max(along, 1e-9)))
    return share


@compiled()
def pictured(light: np.ndarray, x: float, y: float) -> tuple:
    """Return what a rectangle's picture multiplies its light by at (x, y), each -1..1."""
    address, width, height = int(light[PICTURE]), int(light[PICTURE + 1]), int(light[PICTURE + 2])
    if address == 0:
        return 1.0, 1.0, 1.0
    # As UsdLuxRectLight has it: the first texel lies at +X, +Y.
    column = min(max(int((0.5 - 0.5 * x) * width), 0), width - 1)
    row = min(max(int((0.5 - 0.5 * y) * height), 0), height - 1)
    texel = (row * width + column) * 3
    return (
        np.float64(read_float(address, texel)),
        np.float64(read_float(address, texel + 1)),
        np.float64(read_float(address, texel + 2)),
    )


@compiled()
def shine(light: np.ndarray, point: tuple, place: tuple) -> tuple:
    """Return direction (unit) and distance to a place of a light, its irradiance at a point, head on, and its tint.

    place is the first four columns of a row of sample_points().
    """
    if light[KIND] == _DISTANT:
        return distant_way(light, place[2], place[3]), _FOREVER, 1.0, (1.0, 1.0, 1.0)
    to = (light[POSITION] - point[0], light[POSITION + 1] - point[1], light[POSITION + 2] - point[2])
    p, q, x, y = spread_of(light, to, place)
    to = (to[0] + x * p[0] + y * q[0], to[1] + x * p[1] + y * q[1], to[2] + x * p[2] + y * q[2])
    square = max(dot(to, to), light[SIZE] * light[SIZE])
    way = unit(to[0], to[1], to[2])
    power = 1.0
    if light[KIND] == _CYLINDER:
        axis = unit(p[0], p[1], p[2])
        power = np.sqrt(max(1.0 - dot(way, axis) ** 2, 0.0))
    elif light[KIND] != _SPHERE:
        power = max(-dot(way, triple(light, FACING)), 0.0)
    tint = pictured(light, x, y) if light[PICTURE] > 0.0 else (1.0, 1.0, 1.0)
    return way, np.sqrt(square), power * shaped(light, way) / max(square, 1e-30), tint


@compiled()
def ready(ray: np.ndarray, lanes: np.ndarray) -> None:
    """Write what all shadow rays of a packet share: their start, just above the surface."""
    bits = ray.view(np.int32)
    for lane in range(LANES):
        offset = lanes[_OFFSET, lane]
        for k in range(3):
            ray[k, lane] = lanes[_POINT + k, lane] + offset * lanes[_PLAIN + k, lane]
        ray[3, lane], ray[7, lane] = 0.0, 0.0
        bits[9, lane], bits[10, lane], bits[11, lane] = SOLID, 0, 0


@compiled(inline="always")
def aim_shadow(ray: np.ndarray, lane: int, way: tuple, reach: float) -> None:
    """Write a shadow ray's direction and length into a packet."""
    ray[4, lane], ray[5, lane], ray[6, lane], ray[FAR, lane] = way[0], way[1], way[2], reach


@compiled()
def light_lane(light: np.ndarray, place: tuple, lanes: np.ndarray, lane: int, give: np.ndarray) -> tuple:
    """Note in give (6, 16) what a light would give a lane: around corners, irradiance, specular, and its tint.

    Return way and reach.
    """
    way, reach, power, tint = shine(light, of_lane(lanes, _POINT, lane), place)
    smooth = of_lane(lanes, _SMOOTH, lane)
    cosine = dot(way, smooth)
    give[3, lane], give[4, lane], give[5, lane] = tint
    give[0, lane] = _BOUNCE * power * (0.5 + 0.5 * cosine)
    give[1, lane], give[2, lane] = 0.0, 0.0
    if cosine > 0.0 and power > 0.0 and dot(way, of_lane(lanes, _PLAIN, lane)) > 0.0:
        viewer, exponent = of_lane(lanes, _VIEWER, lane), lanes[_EXPONENT, lane]
        middle = unit(way[0] + viewer[0], way[1] + viewer[1], way[2] + viewer[2])
        glint = np.exp(exponent * np.log(max(dot(middle, smooth), 1e-9)))
        # Blinn-Phong, normalised so that a rougher surface is dimmer, not brighter.
        give[1, lane], give[2, lane] = power * cosine, power * cosine * glint * (exponent + 8.0) / (8.0 * np.pi)
    return way, reach * 0.999 - lanes[_OFFSET, lane]


@compiled(inline="always")
def number_of(turn: int, subframe: int, lane: int) -> int:
    """Return which point a ray takes: in 16 subframes every one takes the 16 that neighbours share, then others."""
    return ((turn + 7 * (subframe >> 4)) * 16 + (lane ^ (subframe & 15))) % _SEQUENCE


@compiled()
def gather_light(query: tuple, lamp: tuple, bench: tuple, world: tuple, out: np.ndarray) -> None:
    """Add lamp = (light, number, points, (samples, subframe, is open)) to a packet's pixels."""
    light, number, points, (samples, subframe, is_open, first) = lamp
    ray, valid, give, lanes, targets, through, reaches = bench
    for turn in range(samples):
        for lane in range(LANES):
            valid[0, lane] = 0
            if targets[lane] >= 0:
                n = number_of(number + turn, subframe, first + lane)
                place = (points[n, 0], points[n, 1], points[n, 2], points[n, 3])
                way, reach = light_lane(light, place, lanes, lane, give)
                valid[0, lane] = -1 if give[1, lane] > 0.0 else 0
                aim_shadow(ray, lane, way, reach)
        cast_shadows(query, (ray, valid, through, reaches), world, is_open)
        for lane in range(LANES):
            i = targets[lane]
            if i < 0:
                continue
            free = through[lane]
            for k in range(3):
                color = light[COLOR + k] * give[3 + k, lane] / samples
                out[i, k] += color * (give[0, lane] + free * give[1, lane])
                # What is bent round corners is mirrored, too, or metal would be black.
                out[i, 3 + k] += color * (free * give[2, lane] + give[0, lane] / np.pi)


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
def sky_way(lanes: np.ndarray, lane: int, place: tuple) -> tuple:
    """Return a direction above the face, of a cosine distribution about the shading normal.

    place is on the unit sphere.
    """
    smooth, plain = of_lane(lanes, _SMOOTH, lane), of_lane(lanes, _PLAIN, lane)
    way = unit(place[0] + smooth[0], place[1] + smooth[1], place[2] + smooth[2])
    under = min(dot(way, plain), 0.0)
    return way[0] - 2 * under * plain[0], way[1] - 2 * under * plain[1], way[2] - 2 * under * plain[2]


@compiled()
def gather_sky(query: tuple, dome: tuple, bench: tuple, world: tuple, out: np.ndarray) -> None:
    """Add dome = (Environment.light, points, (samples, subframe, is open)) to a packet's pixels."""
    sky, points, (samples, subframe, is_open, first) = dome
    ray, valid, open_, lanes, targets, through, reaches = bench
    open_[0] = 0.0
    for turn in range(samples):
        for lane in range(LANES):
            valid[0, lane] = -1 if targets[lane] >= 0 else 0
            if targets[lane] >= 0:
                n = number_of(turn, subframe, first + lane)
                way = sky_way(lanes, lane, (points[n, 4], points[n, 5], points[n, 6]))
                aim_shadow(ray, lane, way, _FOREVER)
        cast_shadows(query, (ray, valid, through, reaches), world, is_open)
        for lane in range(LANES):
            i = targets[lane]
            if i < 0:
                continue
            seen = (_SKY_INDOORS + (1.0 - _SKY_INDOORS) * through[lane]) / samples
            open_[0, lane] += seen
            light = look_up(sky, (np.float64(ray[4, lane]), np.float64(ray[5, lane]), np.float64(ray[6, lane])))
            for k in range(3):
                out[i, k] += np.pi * seen * light[k]
    for lane in range(LANES):
        i = targets[lane]
        if i >= 0:
            viewer, smooth = of_lane(lanes, _VIEWER, lane), of_lane(lanes, _SMOOTH, lane)
            twice = 2.0 * dot(viewer, smooth)
            x, y, z = twice * smooth[0] - viewer[0], twice * smooth[1] - viewer[1], twice * smooth[2] - viewer[2]
            gleam = look_up(sky, (x, y, z))
            for k in range(3):
                out[i, 3 + k] += open_[0, lane] * gleam[k]


QUERIES = types.UniTuple(types.intp, 3)
"""(scene, query arguments for rays that run together, query arguments for rays that do not): addresses."""
SURFACE = types.Tuple((PLACES, FOUND, SHARED, PALETTE))
"""(places, hits, tables, palette)."""


@compiled(signature(types.void, QUERIES, VIEW, SURFACE, SPAN, SOURCES, GATHERED))
def gather(query: tuple, view: tuple, surface: tuple, span: tuple, sources: tuple, out: np.ndarray) -> None:
    """Gather light at packets of hits; out must be 0 at first. The sky gets twice the samples of a light."""
    lights, sky, points, (samples, subframe, is_open) = sources
    lanes, targets = np.zeros((_LANE_ROWS, LANES)), np.empty(LANES, np.int64)
    ray, give = aligned(RAY_HIT_ROWS), np.zeros((6, LANES))
    spare = (np.zeros(LANES), np.zeros(LANES, np.float32))
    bench = (ray, aligned(1).view(np.int32), give, lanes, targets, spare[0], spare[1])
    places, found, shared, palette = surface
    shared, palette = lent_tables(shared), lent_palette(palette)
    surface, world = (places, found, shared, palette), (shared[3], shared, palette)
    has_sky = sky.max() > 0.0
    for packet in range(span[0], span[1]):
        load_lanes(lanes, targets, packet, view, surface)
        if targets.max() < 0:
            continue
        ready(ray, lanes)
        first = pattern_of(packet, corner_of(packet, view[2]), len(places))
        for number in range(len(lights)):
            lamp = (lights[number], number, points, (samples, subframe, is_open, first))
            gather_light((query[0], query[1]), lamp, bench, world, out)
        if has_sky:
            gather_sky((query[0], query[2]), (sky, points, (2 * samples, subframe, is_open, first)), bench, world, out)
