"""Lights as path tracing samples them: a direction by importance, and what a direction that was chosen otherwise meets.

Densities are per solid angle. Distant lights and points are met by no direction, only sampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import types

from kitless.raycast.compiled import compiled
from kitless.raycast.lamps import distant_way, pictured, shaped
from kitless.raycast.lights import AREA, AXIS_X, AXIS_Y, COLOR, FACING, KIND, POSITION, SIZE, Kind
from kitless.raycast.skylight import look_up
from kitless.raycast.surface import dot
from kitless.raycast.vectors import across, triple, unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DISTANT, _SPHERE, _RECT = int(Kind.DISTANT), int(Kind.SPHERE), int(Kind.RECT)
_CYLINDER = int(Kind.CYLINDER)
_FOREVER = 1e30
_CELLS = (128, 256)
_BLACK = (0.0, 0.0, 0.0)

DOME = types.Tuple((types.float32[:, :, ::1], types.float64[::1], types.float64[:, ::1]))
"""(Environment.source, how often rows are chosen, how often columns of each are): running sums that begin with 0."""


def chances_of(source: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return running sums (r + 1,) and (r, c + 1) by which a dome's cells are chosen: by the light they send."""
    rows, columns = (min(side, limit) for side, limit in zip(source.shape[:2], _CELLS, strict=True))
    bright = source.astype(np.float64).sum(axis=2)
    tall = np.add.reduceat(bright, np.arange(rows) * len(bright) // rows, axis=0)
    cells = np.add.reduceat(tall, np.arange(columns) * bright.shape[1] // columns, axis=1)
    cells *= np.sin((np.arange(rows) + 0.5) * np.pi / rows)[:, None]
    # A little for all of them: a cell that sends some light must have some chance.
    cells += cells.mean() * 0.01 + 1e-30
    by_row = np.concatenate([[0.0], np.cumsum(cells.sum(axis=1))])
    by_column = np.concatenate([np.zeros((rows, 1)), np.cumsum(cells, axis=1)], axis=1)
    return by_row / by_row[-1], by_column / by_column[:, -1:]


@compiled()
def choose(sums: np.ndarray, chance: float) -> tuple:
    """Return which step of running sums a chance of 0..1 falls on, and where within it (0..1)."""
    low, high = 0, len(sums) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if sums[middle] <= chance:
            low = middle
        else:
            high = middle
    return low, min(max((chance - sums[low]) / (sums[low + 1] - sums[low]), 0.0), 1.0)


@compiled()
def dome_density(dome: tuple, way: tuple, normal: tuple) -> float:
    """Return the density that sample_dome() draws a direction with."""
    source, by_row, by_column = dome
    if source.shape[0] * source.shape[1] == 1:
        return max(dot(way, normal), 0.0) / np.pi
    rows, columns = len(by_row) - 1, by_column.shape[1] - 1
    v = np.arccos(min(max(way[2], -1.0), 1.0)) / np.pi
    u = np.arctan2(way[1], way[0]) / (2 * np.pi) % 1.0
    row, column = max(min(int(v * rows), rows - 1), 0), max(min(int(u * columns), columns - 1), 0)
    chance = (by_row[row + 1] - by_row[row]) * (by_column[row, column + 1] - by_column[row, column])
    return chance * rows * columns / (2.0 * np.pi * np.pi * max(np.sin(np.pi * v), 1e-9))


@compiled()
def sample_dome(dome: tuple, normal: tuple, a: float, b: float) -> tuple:
    """Return a direction, its radiance and density; an even dome is sampled by the cosine about the normal."""
    source, by_row, by_column = dome
    if source.shape[0] * source.shape[1] == 1:
        p, q = across(normal)
        r, turn, z = np.sqrt(a), 2.0 * np.pi * b, np.sqrt(max(1.0 - a, 0.0))
        x, y = r * np.cos(turn), r * np.sin(turn)
        way = (
            x * p[0] + y * q[0] + z * normal[0],
            x * p[1] + y * q[1] + z * normal[1],
            x * p[2] + y * q[2] + z * normal[2],
        )
    else:
        row, v = choose(by_row, a)
        column, u = choose(by_column[row], b)
        down = (row + v) * np.pi / (len(by_row) - 1)
        around = (column + u) * 2.0 * np.pi / (by_column.shape[1] - 1)
        way = (np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), np.cos(down))
    r, g, b = look_up(source, way)
    return way, (np.float64(r), np.float64(g), np.float64(b)), dome_density(dome, way, normal)


@compiled()
def radiance_of(light: np.ndarray, way: tuple, tint: tuple) -> tuple:
    """Return what a light with an area sends to where it is seen in direction `way`."""
    share = shaped(light, way) / light[AREA]
    return (
        light[COLOR] * share * tint[0],
        light[COLOR + 1] * share * tint[1],
        light[COLOR + 2] * share * tint[2],
    )


@compiled()
def is_small(light: np.ndarray) -> bool:
    """Whether no direction meets a light by chance."""
    return light[KIND] == _DISTANT or light[AREA] <= 0.0


@compiled()
def sample_small(light: np.ndarray, point: tuple, a: float, b: float) -> tuple:
    """Return direction, distance, irradiance head on and a density of 1, of a distant light or a point."""
    if light[KIND] == _DISTANT:
        r, turn = np.sqrt(a), 2.0 * np.pi * b
        return distant_way(light, r * np.cos(turn), r * np.sin(turn)), _FOREVER, triple(light, COLOR), 1.0
    to = (light[POSITION] - point[0], light[POSITION + 1] - point[1], light[POSITION + 2] - point[2])
    square = max(dot(to, to), 1e-30)
    way = unit(to[0], to[1], to[2])
    share = shaped(light, way) / square
    return way, np.sqrt(square), (light[COLOR] * share, light[COLOR + 1] * share, light[COLOR + 2] * share), 1.0


@compiled()
def cone_of(light: np.ndarray, to: tuple) -> float:
    """Return 1 less the cosine of half the angle that a sphere is seen under; 2, all around, from inside."""
    square = light[SIZE] * light[SIZE] / max(dot(to, to), 1e-30)
    # The difference itself would lose its digits for small angles.
    return square / (1.0 + np.sqrt(1.0 - square)) if square < 1.0 else 2.0


@compiled()
def surface_place(light: np.ndarray, a: float, b: float) -> tuple:
    """Return a place on a light, from its middle, by area, and the normal there; a sphere's is not told here."""
    p, q = triple(light, AXIS_X), triple(light, AXIS_Y)
    if light[KIND] == _CYLINDER:
        axis, turn, x = unit(p[0], p[1], p[2]), 2.0 * np.pi * a, 2.0 * b - 1.0
        r = (axis[1] * q[2] - axis[2] * q[1], axis[2] * q[0] - axis[0] * q[2], axis[0] * q[1] - axis[1] * q[0])
        c, s = np.cos(turn), np.sin(turn)
        out = (c * q[0] + s * r[0], c * q[1] + s * r[1], c * q[2] + s * r[2])
        return (x * p[0] + out[0], x * p[1] + out[1], x * p[2] + out[2]), unit(out[0], out[1], out[2])
    x, y = 2.0 * a - 1.0, 2.0 * b - 1.0
    if light[KIND] != _RECT:
        r, turn = np.sqrt(a), 2.0 * np.pi * b
        x, y = r * np.cos(turn), r * np.sin(turn)
    return (x * p[0] + y * q[0], x * p[1] + y * q[1], x * p[2] + y * q[2]), triple(light, FACING)


@compiled()
def whole_area(light: np.ndarray) -> float:
    """Return the area that surface_place() spreads its places over."""
    return light[AREA] * np.pi if light[KIND] == _CYLINDER else light[AREA]


@compiled()
def sample_light(light: np.ndarray, point: tuple, a: float, b: float) -> tuple:
    """Return a direction to a light, how far it is, its radiance there and the density; 0 where it shines away."""
    if is_small(light):
        return sample_small(light, point, a, b)
    to = (light[POSITION] - point[0], light[POSITION + 1] - point[1], light[POSITION + 2] - point[2])
    if light[KIND] == _SPHERE:
        cone, axis = cone_of(light, to), unit(to[0], to[1], to[2])
        p, q = across(axis)
        z, turn = 1.0 - a * cone, 2.0 * np.pi * b
        r = np.sqrt(max(1.0 - z * z, 0.0))
        x, y = r * np.cos(turn), r * np.sin(turn)
        way = (
            x * p[0] + y * q[0] + z * axis[0],
            x * p[1] + y * q[1] + z * axis[1],
            x * p[2] + y * q[2] + z * axis[2],
        )
        reach = meet_light(light, point, way)[0]
        return way, reach, radiance_of(light, way, (1.0, 1.0, 1.0)), 1.0 / (2.0 * np.pi * cone)
    place, normal = surface_place(light, a, b)
    to = (to[0] + place[0], to[1] + place[1], to[2] + place[2])
    square, way = max(dot(to, to), 1e-30), unit(to[0], to[1], to[2])
    facing = -dot(way, normal)
    if facing <= 0.0:
        return way, 0.0, _BLACK, 0.0
    tint = pictured(light, 2.0 * a - 1.0, 2.0 * b - 1.0)
    return way, np.sqrt(square), radiance_of(light, way, tint), square / (facing * whole_area(light))


@compiled()
def meet_sphere(light: np.ndarray, to: tuple, way: tuple) -> float:
    """Return how far a ray goes to a spherical light whose middle is at `to`, from outside; infinite past it."""
    middle = dot(to, way)
    square = dot(to, to) - middle * middle
    inside = light[SIZE] * light[SIZE] - square
    if inside < 0.0 or (middle <= 0.0 and dot(to, to) > light[SIZE] * light[SIZE]):
        # A direction to the very rim may miss by rounding: it ends beside the middle.
        return middle if middle > 0.0 and square < light[SIZE] * light[SIZE] * 1.0001 else np.inf
    near, far = middle - np.sqrt(inside), middle + np.sqrt(inside)
    return near if near > 0.0 else far


@compiled()
def meet_cylinder(light: np.ndarray, to: tuple, way: tuple) -> tuple:
    """Return how far a ray goes to a cylindrical light whose middle is at `to`, and the cosine there; else inf, 0."""
    half = triple(light, AXIS_X)
    length, axis = np.sqrt(dot(half, half)), unit(half[0], half[1], half[2])
    m, n = dot(to, axis), dot(way, axis)
    a = max(1.0 - n * n, 1e-12)
    b = dot(to, way) - m * n
    inside = b * b - a * (dot(to, to) - m * m - light[SIZE] * light[SIZE])
    if inside < 0.0:
        return np.inf, 0.0
    t = (b - np.sqrt(inside)) / a
    along = t * n - m
    if t <= 0.0 or abs(along) > length:
        return np.inf, 0.0
    x, y, z = t * way[0] - to[0], t * way[1] - to[1], t * way[2] - to[2]
    out = (x - along * axis[0], y - along * axis[1], z - along * axis[2])
    return t, -dot(out, way) / light[SIZE]


@compiled()
def meet_light(light: np.ndarray, point: tuple, way: tuple) -> tuple:
    """Return how far a ray goes until it meets a light's bright side, the radiance there and sample_light's density.

    An infinite distance where it does not.
    """
    if is_small(light):
        return np.inf, _BLACK, 0.0
    to = (light[POSITION] - point[0], light[POSITION + 1] - point[1], light[POSITION + 2] - point[2])
    if light[KIND] == _SPHERE:
        t = meet_sphere(light, to, way)
        return t, radiance_of(light, way, (1.0, 1.0, 1.0)), 1.0 / (2.0 * np.pi * cone_of(light, to))
    if light[KIND] == _CYLINDER:
        t, facing = meet_cylinder(light, to, way)
        if facing <= 0.0:
            return np.inf, _BLACK, 0.0
        return t, radiance_of(light, way, (1.0, 1.0, 1.0)), t * t / (facing * whole_area(light))
    normal = triple(light, FACING)
    facing = -dot(way, normal)
    t = -dot(to, normal) / facing if facing > 1e-9 else -1.0
    if t <= 0.0:
        return np.inf, _BLACK, 0.0
    p, q = triple(light, AXIS_X), triple(light, AXIS_Y)
    d = (t * way[0] - to[0], t * way[1] - to[1], t * way[2] - to[2])
    pp, qq, pq, dp, dq = dot(p, p), dot(q, q), dot(p, q), dot(d, p), dot(d, q)
    whole = max(pp * qq - pq * pq, 1e-300)
    x, y = (dp * qq - dq * pq) / whole, (dq * pp - dp * pq) / whole
    outside = max(abs(x), abs(y)) > 1.0 if light[KIND] == _RECT else x * x + y * y > 1.0
    if outside:
        return np.inf, _BLACK, 0.0
    return t, radiance_of(light, way, pictured(light, x, y)), t * t / (facing * whole_area(light))
