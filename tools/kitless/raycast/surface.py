"""The surface at a hit: normals from a mesh's arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import LANES, SPAN, VIEW, corner_of, ray_of, target_of
from kitless.raycast.memory import lent, read_float, read_int
from kitless.raycast.mesh import Interpolation
from kitless.raycast.tables import Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.tables import Tables

# Compiled loops take plain integers as constants, not enum members.
_POINTS, _TRIANGLES = int(Column.POINTS), int(Column.TRIANGLES)
_CORNERS, _FACES = int(Column.CORNERS), int(Column.FACES)
_RADII = int(Column.RADII)
_NORMALS, _NORMALS_KIND = int(Column.NORMALS), int(Column.NORMALS_KIND)
_CONSTANT, _UNIFORM, _VERTEX = (int(i) for i in (Interpolation.CONSTANT, Interpolation.UNIFORM, Interpolation.VERTEX))

FOUND = types.Tuple((types.float32[::1], types.int32[::1], types.int32[::1], types.float32[:, ::1]))
"""(travel, instance, triangle, uv), one row per pixel or place."""
SHARED = types.Tuple((types.int64[:, ::1], types.float64[:, :, ::1], types.float64[:, :, ::1], types.int32[::1]))
"""(rows, transforms, inverses, slots) of Tables."""


@compiled()
def lent_tables(shared: tuple) -> tuple:
    """Return tables that count no references."""
    return lent(shared[0]), lent(shared[1]), lent(shared[2]), lent(shared[3])


@compiled()
def value_index(row: np.ndarray, kind: int, triangle: int, corner: int) -> int:
    """Return which of a primvar's values stands at a corner (0..2) of a triangle."""
    if kind == _CONSTANT:
        return 0
    if kind == _UNIFORM:
        return read_int(row[_FACES], triangle)
    if kind == _VERTEX:
        return read_int(row[_TRIANGLES], triangle * 3 + corner)
    return read_int(row[_CORNERS], triangle * 3 + corner)


@compiled()
def interpolate(row: np.ndarray, primvar: tuple, triangle: int, weights: tuple) -> tuple:
    """Return up to three components of a primvar (address, kind, width) at barycentric weights (u, v)."""
    address, kind, width = primvar
    x, y, z = 0.0, 0.0, 0.0
    for corner in range(3):
        weight = (1.0 - weights[0] - weights[1], weights[0], weights[1])[corner]
        base = value_index(row, kind, triangle, corner) * width
        x += weight * read_float(address, base)
        if width > 1:
            y += weight * read_float(address, base + 1)
        if width > 2:
            z += weight * read_float(address, base + 2)
    return x, y, z


@compiled()
def dot(a: tuple, b: tuple) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@compiled()
def face_normal(row: np.ndarray, triangle: int) -> tuple:
    """Return a triangle's (unnormalised) local normal."""
    points = row[_POINTS]
    a = 3 * read_int(row[_TRIANGLES], triangle * 3)
    b = 3 * read_int(row[_TRIANGLES], triangle * 3 + 1)
    c = 3 * read_int(row[_TRIANGLES], triangle * 3 + 2)
    x = np.float64(read_float(points, a))
    y = np.float64(read_float(points, a + 1))
    z = np.float64(read_float(points, a + 2))
    ux, uy, uz = read_float(points, b) - x, read_float(points, b + 1) - y, read_float(points, b + 2) - z
    vx, vy, vz = read_float(points, c) - x, read_float(points, c + 1) - y, read_float(points, c + 2) - z
    return uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx


@compiled()
def round_normal(row: np.ndarray, piece: int, point: tuple) -> tuple:
    """Return the (unnormalised) local normal of a round piece at a local point on it.

    It points away from the centre of the ball that touches the cone there: a plane figure gives its place on the axis.
    """
    points, radii = row[_POINTS], row[_RADII]
    first, last = read_int(row[_TRIANGLES], piece * 3), read_int(row[_TRIANGLES], piece * 3 + 1)
    a, b = 3 * first, 3 * last
    x = np.float64(read_float(points, a))
    y = np.float64(read_float(points, a + 1))
    z = np.float64(read_float(points, a + 2))
    w = (point[0] - x, point[1] - y, point[2] - z)
    d = (read_float(points, b) - x, read_float(points, b + 1) - y, read_float(points, b + 2) - z)
    square = dot(d, d)
    if square <= 0.0:
        return w
    widening = np.float64(read_float(radii, last)) - read_float(radii, first)
    rest = square - widening * widening
    if rest <= 0.0:
        # One end's ball holds the other: all there is to see is the larger.
        share = 1.0 if widening > 0.0 else 0.0
    else:
        along = dot(w, d) / square
        aside = np.sqrt(max(dot(w, w) - along * along * square, 0.0))
        share = min(max(along + aside * widening / np.sqrt(rest * square), 0.0), 1.0)
    return w[0] - share * d[0], w[1] - share * d[1], w[2] - share * d[2]


@compiled()
def turned_normal(inverse: np.ndarray, local: tuple) -> tuple:
    """Return the (unnormalised) world normal of a local one; normals go with the inverse transpose."""
    return (
        inverse[0, 0] * local[0] + inverse[0, 1] * local[1] + inverse[0, 2] * local[2],
        inverse[1, 0] * local[0] + inverse[1, 1] * local[1] + inverse[1, 2] * local[2],
        inverse[2, 0] * local[0] + inverse[2, 1] * local[1] + inverse[2, 2] * local[2],
    )


@compiled()
def world_normal(inverse: np.ndarray, local: tuple) -> tuple:
    """Return the unit world normal of a local one."""
    x, y, z = turned_normal(inverse, local)
    length = np.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0.0 else (0.0, 0.0, 0.0)


@compiled()
def position(start: tuple, toward: tuple, travel: float) -> tuple:
    """Return where a ray is that has travelled along a direction."""
    return start[0] + travel * toward[0], start[1] + travel * toward[1], start[2] + travel * toward[2]


@compiled()
def to_local(inverse: np.ndarray, point: tuple) -> tuple:
    """Return a world point in local coordinates."""
    x, y, z = point
    return (
        x * inverse[0, 0] + y * inverse[1, 0] + z * inverse[2, 0] + inverse[3, 0],
        x * inverse[0, 1] + y * inverse[1, 1] + z * inverse[2, 1] + inverse[3, 1],
        x * inverse[0, 2] + y * inverse[1, 2] + z * inverse[2, 2] + inverse[3, 2],
    )


@compiled()
def facing(normal: tuple, reference: tuple, sign: float) -> tuple:
    """Return the normal, turned round unless its product with a reference has the sign."""
    if dot(normal, reference) * sign < 0.0:
        return -normal[0], -normal[1], -normal[2]
    return normal


@compiled()
def clear_of(normal: tuple, toward: tuple) -> tuple:
    """Return the nearest unit vector that does not point away from the viewer.

    Interpolated normals may, close to a silhouette.
    """
    away = dot(normal, toward)
    if away <= 0.0:
        return normal
    k = away / dot(toward, toward)
    x, y, z = normal[0] - k * toward[0], normal[1] - k * toward[1], normal[2] - k * toward[2]
    length = np.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0.0 else normal


@compiled()
def normals_at(row: np.ndarray, inverse: np.ndarray, hit: tuple, point: tuple, toward: tuple) -> tuple:
    """Return the geometric and the shading normal, both unit, in world coordinates and facing the viewer.

    hit is (triangle, u, v), point the world position, toward the ray's direction.
    """
    triangle = hit[0]
    if row[_RADII] != 0:
        plain = facing(world_normal(inverse, round_normal(row, triangle, to_local(inverse, point))), toward, -1.0)
        return plain, plain
    plain = facing(world_normal(inverse, face_normal(row, triangle)), toward, -1.0)
    if row[_NORMALS] == 0:
        return plain, plain
    local = interpolate(row, (row[_NORMALS], row[_NORMALS_KIND], 3), triangle, (hit[1], hit[2]))
    smooth = world_normal(inverse, local)
    if dot(smooth, smooth) == 0.0:
        return plain, plain
    return plain, clear_of(facing(smooth, plain, 1.0), toward)


@compiled(signature(types.void, VIEW, types.float32[:, ::1], SPAN, FOUND, SHARED, types.float32[:, ::1]))
def fill_normals(view: tuple, places: np.ndarray, span: tuple, found: tuple, shared: tuple, normal: np.ndarray) -> None:
    """Write the shading normals of packets of hits."""
    rays, _, size, table = view
    travel, instance, triangle, uv = found
    rows, _, inverses, _ = lent_tables(shared)
    rays, table, places = lent(rays), lent(table), lent(places)
    travel, instance, triangle, uv, normal = lent(travel), lent(instance), lent(triangle), lent(uv), lent(normal)
    last, face, faceted, plain, corner = -1, -1, False, (0.0, 0.0, 0.0), (0, 0)
    row, inverse = rows[last], inverses[last]
    for task in range(span[0] * LANES, span[1] * LANES):
        packet, lane = task // LANES, task % LANES
        corner = corner_of(packet, size) if lane == 0 else corner
        i = target_of(packet, lane, corner, size, len(places))
        if i < 0:
            continue
        if instance[i] < 0:
            normal[i, 0], normal[i, 1], normal[i, 2] = 0.0, 0.0, 0.0
            continue
        if instance[i] != last:
            last, face = instance[i], -1
            row, inverse = rows[last], inverses[last]
            faceted = row[_RADII] == 0 and row[_NORMALS] == 0
        start, toward = ray_of(rays, table, places, i, (corner[0], corner[1], lane))
        if faceted:
            # What normals_at() comes to here; neighbours mostly see the same face.
            if triangle[i] != face:
                face = triangle[i]
                plain = world_normal(inverse, face_normal(row, face))
            normal[i, 0], normal[i, 1], normal[i, 2] = facing(plain, toward, -1.0)
            continue
        hit = (triangle[i], np.float64(uv[i, 0]), np.float64(uv[i, 1]))
        point = position(start, toward, travel[i])
        normal[i, 0], normal[i, 1], normal[i, 2] = normals_at(row, inverse, hit, point, toward)[1]


def shared_of(tables: Tables) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """Return tables as the kernels take them."""
    return tables.rows, tables.transforms, tables.inverses, tables.slots
