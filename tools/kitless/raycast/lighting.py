"""The compiled loops that gather light at hits: shadow rays to lights and into the sky."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.core.typing import signature

from kitless.raycast.kernels import LANES, PLACES, QUERY, SPAN, VIEW, aligned, corner_of, target_of
from kitless.raycast.lights import AXIS_X, AXIS_Y, COLOR, CONE, FACING, KIND, POSITION, SIZE, Kind
from kitless.raycast.looks import ROUGHNESS
from kitless.raycast.surface import FOUND, SHARED, direction, dot, normals_at, position
from kitless.raycast.tables import Column

_occluded16: Any = types.ExternalFunction(
    "rtcOccluded16", signature(types.void, types.intp, types.intp, types.intp, types.intp)
)
_MATERIAL = int(Column.MATERIAL)
_DISTANT, _SPHERE, _DISK = int(Kind.DISTANT), int(Kind.SPHERE), int(Kind.DISK)
_RAY_ROWS, _FAR = 12, 8
_FOREVER = 1e30
# A surface that sees no sky still gets some light from its surroundings; so does one that a light shines past.
_SKY_INDOORS, _BOUNCE = 0.25, 0.06
# Columns of a lane: position, face normal, shading normal, direction to the viewer, specular exponent, ray offset.
_POINT, _PLAIN, _SMOOTH, _VIEWER, _EXPONENT, _OFFSET, _LANE_WIDTH = 0, 3, 6, 9, 12, 13, 14

SOURCES = types.Tuple((types.float64[:, ::1], types.float32[:, :, ::1]))
"""(light table, Environment.light)."""
GATHERED = types.float32[:, ::1]
"""(m, 6): irradiance, then specular light before the Fresnel factor; linear rgb each."""


@njit(cache=True, nogil=True)
def unit(x: float, y: float, z: float) -> tuple:
    """Return the vector's direction, 0 for 0."""
    length = np.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0.0 else (0.0, 0.0, 0.0)


@njit(cache=True, nogil=True)
def triple(row: np.ndarray, start: int) -> tuple:
    """Return three neighbours as a tuple."""
    return row[start], row[start + 1], row[start + 2]


@njit(cache=True, nogil=True)
def across(axis: tuple) -> tuple:
    """Return two unit vectors that stand on a unit vector and on each other (Duff et al. 2017)."""
    sign = 1.0 if axis[2] >= 0.0 else -1.0
    a = -1.0 / (sign + axis[2])
    b = axis[0] * axis[1] * a
    return (
        (1.0 + sign * axis[0] * axis[0] * a, sign * b, -sign * axis[0]),
        (b, sign + axis[1] * axis[1] * a, -axis[1]),
    )


@njit(cache=True, nogil=True)
def spread(index: int) -> tuple:
    """Return the index-th point of the R2 sequence in the unit square (Roberts 2018)."""
    return (0.5 + index * 0.7548776662466927) % 1.0, (0.5 + index * 0.5698402909980532) % 1.0


@njit(cache=True, nogil=True)
def disk(index: int) -> tuple:
    """Return the index-th point in the unit disk."""
    x, y = spread(index)
    return np.sqrt(x) * np.cos(2 * np.pi * y), np.sqrt(x) * np.sin(2 * np.pi * y)


@njit(cache=True, nogil=True)
def load_lanes(lanes: np.ndarray, targets: np.ndarray, packet: int, view: tuple, surface: tuple) -> None:
    """Fill what gathering needs to know of a packet's hits; targets (16,) is -1 where there is none."""
    places, found, shared, materials = surface
    lens, _, size = view
    depth, instance, triangle, uv = found
    rows, _, inverses = shared
    corner = corner_of(packet, size)
    for lane in range(LANES):
        i = target_of(packet, lane, corner, size, len(places))
        targets[lane] = i if i >= 0 and instance[i] >= 0 else -1
        if targets[lane] < 0:
            continue
        x, y = corner[0] + (lane & 3) + 0.5, corner[1] + (lane >> 2) + 0.5
        if len(places):
            x, y = np.float64(places[i, 0]), np.float64(places[i, 1])
        toward = direction(lens, x, y)
        point = position(lens, toward, depth[i])
        row = rows[instance[i]]
        hit = (triangle[i], np.float64(uv[i, 0]), np.float64(uv[i, 1]))
        plain, smooth = normals_at(row, inverses[instance[i]], hit, point, toward)
        viewer = unit(-toward[0], -toward[1], -toward[2])
        for k in range(3):
            lanes[lane, _POINT + k], lanes[lane, _PLAIN + k] = point[k], plain[k]
            lanes[lane, _SMOOTH + k], lanes[lane, _VIEWER + k] = smooth[k], viewer[k]
        roughness = materials[row[_MATERIAL], ROUGHNESS] if row[_MATERIAL] >= 0 else 0.5
        lanes[lane, _EXPONENT] = min(2.0 / max(roughness, 0.1) ** 4, 2000.0)
        largest = max(abs(point[0]), max(abs(point[1]), abs(point[2])))
        lanes[lane, _OFFSET] = 2e-4 * depth[i] + 1e-6 * largest


@njit(cache=True, nogil=True)
def shine(light: np.ndarray, point: tuple, index: int) -> tuple:
    """Return direction (unit) and distance to the index-th point of a light, and its irradiance there, head on."""
    x, y = disk(index)
    if light[KIND] == _DISTANT:
        x, y = x * light[SIZE], y * light[SIZE]
        return (
            unit(
                x * light[AXIS_X] + y * light[AXIS_Y] - light[FACING],
                x * light[AXIS_X + 1] + y * light[AXIS_Y + 1] - light[FACING + 1],
                x * light[AXIS_X + 2] + y * light[AXIS_Y + 2] - light[FACING + 2],
            ),
            _FOREVER,
            1.0,
        )
    to = (light[POSITION] - point[0], light[POSITION + 1] - point[1], light[POSITION + 2] - point[2])
    if light[KIND] == _SPHERE:
        p, q = across(unit(to[0], to[1], to[2]))
        x, y = x * light[SIZE], y * light[SIZE]
    else:
        p, q = triple(light, AXIS_X), triple(light, AXIS_Y)
        if light[KIND] != _DISK:
            x, y = spread(index)
            x, y = 2.0 * x - 1.0, 2.0 * y - 1.0
    to = (to[0] + x * p[0] + y * q[0], to[1] + x * p[1] + y * q[1], to[2] + x * p[2] + y * q[2])
    square = max(dot(to, to), light[SIZE] * light[SIZE])
    way = unit(to[0], to[1], to[2])
    along = -dot(way, triple(light, FACING))
    edge = min(max((along - light[CONE]) / max(light[CONE + 1] - light[CONE], 1e-6), 0.0), 1.0)
    power = 1.0 if light[KIND] == _SPHERE else max(along, 0.0)
    return way, np.sqrt(square), power * edge * edge * (3.0 - 2.0 * edge) / max(square, 1e-30)


@njit(cache=True, nogil=True)
def aim_shadow(ray: np.ndarray, lane: int, lanes: np.ndarray, way: tuple, reach: float) -> None:
    """Write a ray from just above a lane's surface into a packet."""
    bits = ray.view(np.int32)
    offset = lanes[lane, _OFFSET]
    for k in range(3):
        ray[k, lane] = lanes[lane, _POINT + k] + offset * lanes[lane, _PLAIN + k]
        ray[4 + k, lane] = way[k]
    ray[3, lane], ray[7, lane], ray[_FAR, lane] = 0.0, 0.0, reach
    bits[9, lane], bits[10, lane], bits[11, lane] = -1, 0, 0


@njit(cache=True, nogil=True)
def gather_light(
    query: tuple, light: np.ndarray, lanes: np.ndarray, targets: np.ndarray, order: tuple, out: np.ndarray
) -> None:
    """Add one light to a packet's pixels; order is (first sample's number, samples)."""
    ray, valid = aligned(_RAY_ROWS), aligned(1).view(np.int32)
    give = np.empty((LANES, 2))
    for sample in range(order[1]):
        for lane in range(LANES):
            valid[0, lane] = 0
            i = targets[lane]
            if i < 0:
                continue
            way, reach, power = shine(light, triple(lanes[lane], _POINT), order[0] + sample * LANES + lane)
            power /= order[1]
            cosine = dot(way, triple(lanes[lane], _SMOOTH))
            around = _BOUNCE * power * (0.5 + 0.5 * cosine)
            for k in range(3):
                out[i, k] += light[COLOR + k] * around
            if cosine <= 0.0 or power <= 0.0 or dot(way, triple(lanes[lane], _PLAIN)) <= 0.0:
                continue
            valid[0, lane] = -1
            aim_shadow(ray, lane, lanes, way, reach * 0.999 - lanes[lane, _OFFSET])
            viewer, exponent = triple(lanes[lane], _VIEWER), lanes[lane, _EXPONENT]
            middle = unit(way[0] + viewer[0], way[1] + viewer[1], way[2] + viewer[2])
            glint = max(dot(middle, triple(lanes[lane], _SMOOTH)), 0.0) ** exponent
            give[lane, 0] = power * cosine
            # Blinn-Phong, normalised so that a rougher surface is dimmer, not brighter.
            give[lane, 1] = power * cosine * glint * (exponent + 8.0) / (8.0 * np.pi)
        _occluded16(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
        for lane in range(LANES):
            if valid[0, lane] != 0 and ray[_FAR, lane] >= 0.0:
                for k in range(3):
                    out[targets[lane], k] += light[COLOR + k] * give[lane, 0]
                    out[targets[lane], 3 + k] += light[COLOR + k] * give[lane, 1]


@njit(cache=True, nogil=True)
def look_up(environment: np.ndarray, way: tuple) -> tuple:
    """Return an environment's radiance in a unit direction."""
    rows, columns = environment.shape[0], environment.shape[1]
    if rows * columns == 1:
        return environment[0, 0, 0], environment[0, 0, 1], environment[0, 0, 2]
    v = np.arccos(min(max(way[2], -1.0), 1.0)) / np.pi
    u = np.arctan2(way[1], way[0]) / (2 * np.pi) % 1.0
    cell = environment[min(int(v * rows), rows - 1), min(int(u * columns), columns - 1)]
    return cell[0], cell[1], cell[2]


@njit(cache=True, nogil=True)
def sky_way(lane: np.ndarray, index: int) -> tuple:
    """Return the index-th direction of a cosine distribution about the shading normal, above the face."""
    x, y = spread(index)
    z = 1.0 - 2.0 * x
    r = np.sqrt(max(1.0 - z * z, 0.0))
    smooth, plain = triple(lane, _SMOOTH), triple(lane, _PLAIN)
    a = r * np.cos(2 * np.pi * y) + smooth[0]
    b = r * np.sin(2 * np.pi * y) + smooth[1]
    way = unit(a, b, z + smooth[2])
    under = dot(way, plain)
    if under >= 0.0:
        return way
    return way[0] - 2 * under * plain[0], way[1] - 2 * under * plain[1], way[2] - 2 * under * plain[2]


@njit(cache=True, nogil=True)
def gather_sky(
    query: tuple, sky: np.ndarray, lanes: np.ndarray, targets: np.ndarray, order: tuple, out: np.ndarray
) -> None:
    """Add the environment to a packet's pixels; order is (first sample's number, samples)."""
    ray, valid = aligned(_RAY_ROWS), aligned(1).view(np.int32)
    for sample in range(order[1]):
        for lane in range(LANES):
            valid[0, lane] = -1 if targets[lane] >= 0 else 0
            if targets[lane] >= 0:
                way = sky_way(lanes[lane], order[0] + sample * LANES + lane)
                aim_shadow(ray, lane, lanes, way, _FOREVER)
        _occluded16(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
        for lane in range(LANES):
            i = targets[lane]
            if i < 0:
                continue
            seen = (1.0 if ray[_FAR, lane] >= 0.0 else _SKY_INDOORS) / order[1]
            way = np.float64(ray[4, lane]), np.float64(ray[5, lane]), np.float64(ray[6, lane])
            viewer, smooth = triple(lanes[lane], _VIEWER), triple(lanes[lane], _SMOOTH)
            k = 2.0 * dot(viewer, smooth)
            mirrored = k * smooth[0] - viewer[0], k * smooth[1] - viewer[1], k * smooth[2] - viewer[2]
            light, gleam = look_up(sky, way), look_up(sky, mirrored)
            for c in range(3):
                out[i, c] += np.pi * seen * light[c]
                out[i, 3 + c] += seen * gleam[c]


SURFACE = types.Tuple((PLACES, FOUND, SHARED, types.float64[:, ::1]))
"""(places, hits, tables, Palette.materials)."""


@njit(
    signature(types.void, QUERY, VIEW, SURFACE, SPAN, types.Tuple((SOURCES, types.int64)), GATHERED),
    cache=True,
    nogil=True,
)
def gather(query: tuple, view: tuple, surface: tuple, span: tuple, sources: tuple, out: np.ndarray) -> None:
    """Gather light at packets of hits with sources = ((lights, sky), samples); out must be 0 at first."""
    (lights, sky), samples = sources
    lanes, targets = np.empty((LANES, _LANE_WIDTH)), np.empty(LANES, np.int64)
    has_sky = sky.max() > 0.0
    for packet in range(span[0], span[1]):
        load_lanes(lanes, targets, packet, view, surface)
        if targets.max() < 0:
            continue
        for light in range(len(lights)):
            gather_light(query, lights[light], lanes, targets, (light * 7, samples), out)
        if has_sky:
            gather_sky(query, sky, lanes, targets, (0, 2 * samples), out)
