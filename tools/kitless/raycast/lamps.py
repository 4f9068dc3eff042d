"""What a light other than a dome sends to a point, for the compiled loops."""

from __future__ import annotations

import numpy as np

from kitless.raycast.compiled import compiled
from kitless.raycast.lights import (
    AXIS_X,
    AXIS_Y,
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
from kitless.raycast.surface import dot
from kitless.raycast.vectors import across, triple, unit

DISTANT = int(Kind.DISTANT)
_SPHERE, _DISK, _CYLINDER = int(Kind.SPHERE), int(Kind.DISK), int(Kind.CYLINDER)
FOREVER = 1e30
"""How far away a light is that is nowhere."""


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
    if light[KIND] == DISTANT:
        return distant_way(light, place[2], place[3]), FOREVER, 1.0, (1.0, 1.0, 1.0)
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
