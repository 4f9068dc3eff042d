"""Texels: textures looked up inside compiled loops."""

from __future__ import annotations

import numpy as np
from numba import types

from kitless.raycast.compiled import compiled
from kitless.raycast.materials import WRAPS
from kitless.raycast.memory import lent, read_float, read_int
from kitless.raycast.palette import AFFINE, BIAS, FALLBACK, PICTURE, SCALE, TILES
from kitless.raycast.surface import interpolate
from kitless.raycast.tables import Column

_POINTS, _TRIANGLES = int(Column.POINTS), int(Column.TRIANGLES)
_ST, _ST_KIND = int(Column.ST), int(Column.ST_KIND)
_CLAMP, _MIRROR, _BLACK = WRAPS.index("clamp"), WRAPS.index("mirror"), WRAPS.index("black")
_ACROSS = 10
"""UDIM tiles side by side; the next one begins a row above."""

PALETTE = types.Tuple((types.float64[:, ::1], types.float64[:, ::1], types.int64[:, ::1], types.float32[:, ::1]))
"""(materials, maps, textures, curves) of Palette."""


@compiled()
def lent_palette(palette: tuple) -> tuple:
    """Return a palette whose arrays count no references."""
    return lent(palette[0]), lent(palette[1]), lent(palette[2]), lent(palette[3])


@compiled()
def wrap(texel: int, size: int, mode: int) -> int:
    """Return the texel that stands for one outside the picture; -1 for black."""
    if 0 <= texel < size:
        return texel
    if mode == _CLAMP:
        return 0 if texel < 0 else size - 1
    if mode == _BLACK:
        return -1
    if mode == _MIRROR:
        texel %= 2 * size
        return texel if texel < size else 2 * size - 1 - texel
    return texel % size


@compiled()
def fetch(texture: np.ndarray, level: int, s: float, t: float, curve: np.ndarray) -> tuple:
    """Return the bilinear linear RGBA of a mip level at (s, t); t counts from the picture's bottom, as USD's does."""
    address, width, height = texture[0], texture[1], texture[2]
    for _ in range(level):
        address += width * height * 4
        width, height = (width + 1) // 2, (height + 1) // 2
    x, y = s * width - 0.5, (1.0 - t) * height - 0.5
    left, top = int(np.floor(x)), int(np.floor(y))
    r, g, b, a = 0.0, 0.0, 0.0, 0.0
    for corner in range(4):
        column, row = wrap(left + (corner & 1), width, texture[3]), wrap(top + (corner >> 1), height, texture[4])
        if column < 0 or row < 0:
            continue
        weight = (x - left if corner & 1 else 1.0 - x + left) * (y - top if corner >> 1 else 1.0 - y + top)
        texel = read_int(address, row * width + column)
        r += weight * curve[texel & 255]
        g += weight * curve[(texel >> 8) & 255]
        b += weight * curve[(texel >> 16) & 255]
        a += weight * ((texel >> 24) & 255) / 255.0
    return r, g, b, a


@compiled()
def sample(texture: np.ndarray, st: tuple, level: float, curve: np.ndarray) -> tuple:
    """Return a texture's RGBA between its two mip levels next to `level`."""
    last = int(np.ceil(np.log2(max(texture[1], texture[2]))))
    level = min(max(level, 0.0), float(last))
    low = int(level)
    near = fetch(texture, low, st[0], st[1], curve)
    # Most places do with one level; the change from one to the next is still gradual.
    share = min(max(2.0 * (level - low) - 0.5, 0.0), 1.0)
    if share <= 0.0:
        return near
    far = fetch(texture, low + 1, st[0], st[1], curve)
    return (
        near[0] + share * (far[0] - near[0]),
        near[1] + share * (far[1] - near[1]),
        near[2] + share * (far[2] - near[2]),
        near[3] + share * (far[3] - near[3]),
    )


@compiled()
def lay_on(laid: np.ndarray, textures: np.ndarray, curves: np.ndarray, spot: tuple) -> tuple:
    """Return a map's RGBA, scaled and biased, at spot = (s, t, width of a pixel there in parts of a picture)."""
    a, b, c, d = laid[AFFINE], laid[AFFINE + 1], laid[AFFINE + 2], laid[AFFINE + 3]
    s, t = a * spot[0] + b * spot[1] + laid[AFFINE + 4], c * spot[0] + d * spot[1] + laid[AFFINE + 5]
    place = int(laid[PICTURE])
    if laid[TILES] > 0:
        column, row = int(np.floor(s)), int(np.floor(t))
        number = column + _ACROSS * row
        there = 0 <= column < _ACROSS and 0 <= number < laid[TILES]
        if not there or textures[place + number, 0] == 0:
            return laid[FALLBACK], laid[FALLBACK + 1], laid[FALLBACK + 2], laid[FALLBACK + 3]
        s, t, place = s - column, t - row, place + number
    texture = textures[place]
    texels = spot[2] * np.sqrt(abs(a * d - b * c) * texture[1] * texture[2])
    value = sample(texture, (s, t), np.log2(max(texels, 1e-6)), curves[texture[5]])
    return (
        value[0] * laid[SCALE] + laid[BIAS],
        value[1] * laid[SCALE + 1] + laid[BIAS + 1],
        value[2] * laid[SCALE + 2] + laid[BIAS + 2],
        value[3] * laid[SCALE + 3] + laid[BIAS + 3],
    )


@compiled()
def world_edge(row: np.ndarray, matrix: np.ndarray, start: int, end: int) -> tuple:
    """Return the world vector between two points of a mesh, given by three times their number."""
    points = row[_POINTS]
    x = np.float64(read_float(points, end)) - read_float(points, start)
    y = np.float64(read_float(points, end + 1)) - read_float(points, start + 1)
    z = np.float64(read_float(points, end + 2)) - read_float(points, start + 2)
    return (
        x * matrix[0, 0] + y * matrix[1, 0] + z * matrix[2, 0],
        x * matrix[0, 1] + y * matrix[1, 1] + z * matrix[2, 1],
        x * matrix[0, 2] + y * matrix[1, 2] + z * matrix[2, 2],
    )


@compiled()
def edge_cross(row: np.ndarray, matrix: np.ndarray, triangle: int) -> float:
    """Return twice a triangle's area in the world."""
    a = 3 * read_int(row[_TRIANGLES], triangle * 3)
    u = world_edge(row, matrix, a, 3 * read_int(row[_TRIANGLES], triangle * 3 + 1))
    v = world_edge(row, matrix, a, 3 * read_int(row[_TRIANGLES], triangle * 3 + 2))
    x, y, z = u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
    return np.sqrt(x * x + y * y + z * z)


@compiled()
def texture_density(row: np.ndarray, matrix: np.ndarray, triangle: int) -> float:
    """Return how much of a picture's side a world unit on a triangle takes, on average over directions."""
    primvar = (row[_ST], row[_ST_KIND], 2)
    a = interpolate(row, primvar, triangle, (0.0, 0.0))
    b = interpolate(row, primvar, triangle, (1.0, 0.0))
    c = interpolate(row, primvar, triangle, (0.0, 1.0))
    laid = abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
    return np.sqrt(laid / max(edge_cross(row, matrix, triangle), 1e-30))


@compiled()
def spot_of(row: np.ndarray, matrix: np.ndarray, hit: tuple) -> tuple:
    """Return (s, t, width of a pixel there in parts of a picture) at hit = (triangle, u, v, width of a pixel there).

    The width is -1 where there are no texture coordinates.
    """
    if row[_ST] == 0:
        return 0.0, 0.0, -1.0
    s, t, _ = interpolate(row, (row[_ST], row[_ST_KIND], 2), hit[0], (hit[1], hit[2]))
    return s, t, hit[3] * texture_density(row, matrix, hit[0])
