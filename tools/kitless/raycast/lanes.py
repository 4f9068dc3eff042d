"""Lanes: what gathering light needs to know of the surfaces that a packet's rays have met."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numba import types

from kitless.raycast.compiled import compiled
from kitless.raycast.embree import SOLID
from kitless.raycast.kernels import LANES, MASK, PLACES, RAY_HIT_ROWS, aligned, corner_of, load_rays, target_of
from kitless.raycast.memory import lent
from kitless.raycast.palette import ROUGHNESS
from kitless.raycast.substance import bent_normal, gloss_at, shapes_light
from kitless.raycast.surface import (
    FOUND,
    SHARED,
    face_normal,
    interpolate,
    lent_tables,
    round_normal,
    to_local,
    turned_normal,
)
from kitless.raycast.tables import Column
from kitless.raycast.texels import PALETTE, lent_palette, spot_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MATERIAL, _RADII = int(Column.MATERIAL), int(Column.RADII)
_NORMALS, _NORMALS_KIND = int(Column.NORMALS), int(Column.NORMALS_KIND)
# Rows of lanes: position, face normal, shading normal without and with its normal map, way to the viewer, GGX's alpha
# squared, ray offset; what a light gives: its way, power, around corners, irradiance, specular, tint; from the sky:
# irradiance, openness, 1 where that is asked for; all together: irradiance, specular; then how far the ray has gone,
# which lights are hidden, and what irradiance comes from the middles of all.
POINT, PLAIN, LEVEL, SMOOTH, VIEWER, ALPHA, OFFSET = 0, 3, 6, 9, 12, 15, 16
WAY, POWER, ROUND, DIRECT, GLOSS, TINT = 17, 20, 21, 22, 23, 24
SKY, OPENNESS, ASKS, TOTAL, TRAVEL, HIDDEN, EVEN, LANE_ROWS = 27, 30, 31, 32, 38, 39, 40, 43
_TINY = 1e-300
_SMOOTHEST = 0.1
"""The roughness below which highlights of small lights would be lost between pixels."""
_SEQUENCE = 1024
_R2, _GOLDEN = np.array([0.7548776662466927, 0.5698402909980532]), (np.sqrt(5) - 1) / 2

SURFACE = types.Tuple((PLACES, FOUND, SHARED, PALETTE, types.float32[:, ::1]))
"""(places, hits, tables, palette, shading normals of the hits if they are known)."""
BENCH = types.Tuple(
    (
        types.float32[:, ::1],
        types.int32[:, ::1],
        types.float64[:, ::1],
        types.int64[::1],
        types.float64[::1],
        types.float32[::1],
    )
)
"""What bench() returns."""
_Bench: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float32]]"  # noqa: E501


def bench() -> _Bench:
    """Return the memory a thread works in: a packet, which of it is valid, lanes, targets, light let through, reach.

    It is made outside of the loops, which can then borrow it: see memory.lent.
    """
    return (
        aligned(RAY_HIT_ROWS),
        aligned(1).view(np.int32),
        np.zeros((LANE_ROWS, LANES)),
        np.empty(LANES, np.int64),
        np.zeros(LANES),
        np.zeros(LANES, np.float32),
    )


def sample_points() -> NDArray[np.float64]:
    """Return (1024, 7) low-discrepancy points: in the unit square, in the unit disk, on the unit sphere.

    The R2 sequence (Roberts 2018): any run of it is spread evenly, so 16 neighbours can take 16 points in turn. On the
    sphere each 16 are a Fibonacci lattice (Hannay and Nye 2004), which is as even as twice as many points of R2, turned
    from block to block.
    """
    numbers = np.arange(_SEQUENCE)
    square = (0.5 + numbers[:, None] * _R2) % 1.0
    disk = _circle(square[:, 1]) * np.sqrt(square[:, :1])
    # 4 neighbours in a row take a step of 4 latitudes each.
    latitude, (shift, turn) = (numbers & 3) * 4 + (numbers >> 2 & 3), (numbers[:, None] // 16 * _R2).T
    height = 1 - ((0.5 + shift) % 1.0 + latitude) / 8
    ring = _circle(latitude * _GOLDEN + turn) * np.sqrt(1 - height**2)[:, None]
    return np.concatenate([square, disk, ring, height[:, None]], axis=1)


def _circle(turns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points (m, 2) of the unit circle at angles (m,) in turns."""
    return np.stack([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)], axis=1)


@compiled(inline="always")
def number_of(block: int, subframe: int, lane: int) -> int:
    """Return which point of a block of 16 a ray takes: 16 neighbours take all, and so does each in 16 subframes."""
    return (block * 16 + (lane ^ (subframe & 15))) % _SEQUENCE


@compiled()
def lent_bench(bench: tuple) -> tuple:
    """Return a bench whose arrays count no references."""
    ray, valid, lanes, targets, through, reaches = bench
    return lent(ray), lent(valid), lent(lanes), lent(targets), lent(through), lent(reaches)


@compiled()
def lent_surface(surface: tuple) -> tuple:
    """Return a surface whose arrays count no references."""
    places, (travel, instance, triangle, uv), shared, palette, normals = surface
    found = (lent(travel), lent(instance), lent(triangle), lent(uv))
    return lent(places), found, lent_tables(shared), lent_palette(palette), lent(normals)


@compiled(inline="always")
def of_lane(lanes: np.ndarray, start: int, lane: int) -> tuple:
    """Return three rows of a lane as a vector."""
    return lanes[start, lane], lanes[start + 1, lane], lanes[start + 2, lane]


@compiled()
def load_lanes(bench: tuple, packet: int, view: tuple, surface: tuple) -> bool:
    """Fill in what a packet's rays have met; targets is -1 where that is nothing. Return whether any has met something.

    Work on all lanes alike is done in loops without branches, over lanes.shape[1]: the compiler makes vector code of
    these, while it writes out loops over a constant lane by lane.
    """
    ray, _, lanes, targets, _, _ = bench
    places, (travel, instance, _, _), _, _, _ = surface
    rays, _, size, table = view
    corner, some = corner_of(packet, size), False
    for lane in range(LANES):
        i = target_of(packet, lane, corner, size, len(places))
        hit = i >= 0 and instance[i] >= 0
        targets[lane], lanes[TRAVEL, lane] = (i, travel[i]) if hit else (-1, 0.0)
        some |= hit
    if some:
        load_rays(ray, packet, rays, table, places, size)
        _place(ray, lanes)
        _read_normals(lanes, targets, surface)
        _settle_normals(lanes)
        _shape(lanes, targets, rays, surface)
    return some


@compiled()
def _place(ray: np.ndarray, lanes: np.ndarray) -> None:
    """Fill in where rays end, and the way back."""
    for lane in range(lanes.shape[1]):
        travel = lanes[TRAVEL, lane]
        dx, dy, dz = np.float64(ray[4, lane]), np.float64(ray[5, lane]), np.float64(ray[6, lane])
        x, y, z = ray[0, lane] + travel * dx, ray[1, lane] + travel * dy, ray[2, lane] + travel * dz
        scale = -1.0 / np.sqrt(max(dx * dx + dy * dy + dz * dz, _TINY))
        lanes[POINT, lane], lanes[POINT + 1, lane], lanes[POINT + 2, lane] = x, y, z
        lanes[VIEWER, lane], lanes[VIEWER + 1, lane], lanes[VIEWER + 2, lane] = dx * scale, dy * scale, dz * scale
        lanes[OFFSET, lane] = 2e-4 * travel + 1e-6 * max(abs(x), max(abs(y), abs(z)))


@compiled()
def _read_normals(lanes: np.ndarray, targets: np.ndarray, surface: tuple) -> None:
    """Fill in face and shading normals as they come, and the roughness of materials without maps."""
    _, (_, instance, triangle, uv), (rows, _, inverses, _), palette, known = surface
    materials, last, face = palette[0], -1, np.int64(-1)
    row, inverse, roughness, x, y, z = rows[0], inverses[0], 0.5, 0.0, 0.0, 0.0
    authored = False
    for lane in range(LANES):
        i = targets[lane]
        if i < 0:
            continue
        if instance[i] != last:
            last, face = instance[i], np.int64(-1)
            row, inverse = rows[last], inverses[last]
            roughness = materials[row[_MATERIAL], ROUGHNESS] if row[_MATERIAL] >= 0 else 0.5
            authored = row[_RADII] == 0 and row[_NORMALS] != 0
        lanes[ALPHA, lane] = roughness
        piece = np.int64(triangle[i])
        if len(known) and not authored:
            x, y, z = np.float64(known[i, 0]), np.float64(known[i, 1]), np.float64(known[i, 2])
        elif row[_RADII] != 0:
            x, y, z = turned_normal(inverse, round_normal(row, piece, to_local(inverse, of_lane(lanes, POINT, lane))))
        elif piece != face:
            # Neighbours mostly see the same face.
            face = piece
            x, y, z = turned_normal(inverse, face_normal(row, piece))
        lanes[PLAIN, lane], lanes[PLAIN + 1, lane], lanes[PLAIN + 2, lane] = x, y, z
        lanes[LEVEL, lane], lanes[LEVEL + 1, lane], lanes[LEVEL + 2, lane] = x, y, z
        if authored:
            weights = (np.float64(uv[i, 0]), np.float64(uv[i, 1]))
            local = interpolate(row, (row[_NORMALS], row[_NORMALS_KIND], 3), piece, weights)
            p, q, r = turned_normal(inverse, local)
            if p != 0.0 or q != 0.0 or r != 0.0:
                lanes[LEVEL, lane], lanes[LEVEL + 1, lane], lanes[LEVEL + 2, lane] = p, q, r


@compiled()
def _settle_normals(lanes: np.ndarray) -> None:
    """Make normals unit vectors: faces' towards the viewer, the others on their side and nowhere away from the viewer.

    What surface.normals_at() does for one hit.
    """
    for lane in range(lanes.shape[1]):
        vx, vy, vz = lanes[VIEWER, lane], lanes[VIEWER + 1, lane], lanes[VIEWER + 2, lane]
        px, py, pz = lanes[PLAIN, lane], lanes[PLAIN + 1, lane], lanes[PLAIN + 2, lane]
        turn = 1.0 - 2.0 * np.float64(px * vx + py * vy + pz * vz < 0.0)
        turn /= np.sqrt(max(px * px + py * py + pz * pz, _TINY))
        px, py, pz = px * turn, py * turn, pz * turn
        lanes[PLAIN, lane], lanes[PLAIN + 1, lane], lanes[PLAIN + 2, lane] = px, py, pz
        sx, sy, sz = lanes[LEVEL, lane], lanes[LEVEL + 1, lane], lanes[LEVEL + 2, lane]
        turn = 1.0 - 2.0 * np.float64(px * sx + py * sy + pz * sz < 0.0)
        turn /= np.sqrt(max(sx * sx + sy * sy + sz * sz, _TINY))
        sx, sy, sz = sx * turn, sy * turn, sz * turn
        away = max(-(sx * vx + sy * vy + sz * vz), 0.0)
        sx, sy, sz = sx + away * vx, sy + away * vy, sz + away * vz
        turn = 1.0 / np.sqrt(max(sx * sx + sy * sy + sz * sz, _TINY))
        lanes[LEVEL, lane], lanes[LEVEL + 1, lane], lanes[LEVEL + 2, lane] = sx * turn, sy * turn, sz * turn
        lanes[SMOOTH, lane], lanes[SMOOTH + 1, lane], lanes[SMOOTH + 2, lane] = sx * turn, sy * turn, sz * turn


@compiled()
def _shape(lanes: np.ndarray, targets: np.ndarray, rays: np.ndarray, surface: tuple) -> None:
    """Let materials' maps bend normals and change roughness, and turn that into GGX's alpha squared."""
    _, (_, instance, triangle, uv), (rows, transforms, _, _), palette, _ = surface
    materials = palette[0]
    for lane in range(LANES):
        i = targets[lane]
        row = rows[instance[i]] if i >= 0 else rows[0]
        if i >= 0 and row[_MATERIAL] >= 0 and shapes_light(materials[row[_MATERIAL]]):
            material, matrix = materials[row[_MATERIAL]], transforms[instance[i]]
            width = rays[6, 0] + rays[6, 1] * lanes[TRAVEL, lane]
            hit = (np.int64(triangle[i]), np.float64(uv[i, 0]), np.float64(uv[i, 1]), width)
            spot = spot_of(row, matrix, hit)
            lanes[ALPHA, lane] = gloss_at(material, spot, palette)
            x, y, z = of_lane(lanes, VIEWER, lane)
            bent = bent_normal((row, matrix, of_lane(lanes, LEVEL, lane), (-x, -y, -z)), material, hit, spot, palette)
            lanes[SMOOTH, lane], lanes[SMOOTH + 1, lane], lanes[SMOOTH + 2, lane] = bent
    for lane in range(lanes.shape[1]):
        square = max(lanes[ALPHA, lane], _SMOOTHEST) * max(lanes[ALPHA, lane], _SMOOTHEST)
        lanes[ALPHA, lane] = square * square


@compiled()
def clear_lanes(lanes: np.ndarray) -> None:
    """Begin with nothing, and ask for all of the sky."""
    for k in range(6):
        for lane in range(lanes.shape[1]):
            lanes[TOTAL + k, lane] = 0.0
    for lane in range(lanes.shape[1]):
        lanes[HIDDEN, lane], lanes[ASKS, lane] = 0.0, 1.0
        lanes[EVEN, lane], lanes[EVEN + 1, lane], lanes[EVEN + 2, lane] = 0.0, 0.0, 0.0


@compiled()
def start_shadows(ray: np.ndarray, lanes: np.ndarray) -> None:
    """Write what all shadow rays of a packet share: their start, just above the surface."""
    bits = ray.view(np.int32)
    for k in range(3):
        for lane in range(lanes.shape[1]):
            ray[k, lane] = lanes[POINT + k, lane] + lanes[OFFSET, lane] * lanes[PLAIN + k, lane]
    for lane in range(lanes.shape[1]):
        ray[3, lane], ray[7, lane] = 0.0, 0.0
        bits[MASK, lane], bits[10, lane], bits[11, lane] = SOLID, 0, 0
