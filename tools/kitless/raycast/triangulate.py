"""Polygons to triangles: fans where convex, ear clipping where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def triangulate(
    points: NDArray[np.float32], counts: NDArray[np.int64], indices: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Cut polygons into triangles that keep their winding.

    points (n,3); counts (f,) corners per face; indices (sum of counts,) into points. Returns corners (t,3) int32,
    positions in `indices`, and faces (t,) int32, both ordered by face. Faces of fewer than 3 corners have no area
    and give no triangle.
    """
    starts = np.cumsum(counts) - counts
    corners, faces = [np.empty((0, 3), np.int64)], [np.empty(0, np.int64)]
    for size in np.unique(counts[counts >= 3]):
        chosen = np.flatnonzero(counts == size)
        corner = starts[chosen, None] + np.arange(size)
        fan = _fan(int(size))
        triangles = corner[:, fan]
        for row in np.flatnonzero(_is_concave(points[indices[corner]].astype(np.float64))):
            triangles[row] = corner[row][_clip_ears(points[indices[corner[row]]].astype(np.float64))]
        corners.append(triangles.reshape(-1, 3))
        faces.append(np.repeat(chosen, size - 2))
    face = np.concatenate(faces)
    order = np.argsort(face, kind="stable")
    return np.concatenate(corners)[order].astype(np.int32), face[order].astype(np.int32)


def _fan(size: int) -> NDArray[np.int64]:
    second = np.arange(1, size - 1)
    return np.stack([np.zeros_like(second), second, second + 1], axis=1)


def _turns(polygons: NDArray[np.float64]) -> NDArray[np.float64]:
    # Twice the signed area of each corner's triangle, seen along the polygon's Newell normal.
    following = np.roll(polygons, -1, axis=-2)
    normal = np.cross(polygons, following).sum(axis=-2, keepdims=True)
    edge = following - polygons
    return (np.cross(np.roll(edge, 1, axis=-2), edge) * normal).sum(axis=-1)


def _is_concave(polygons: NDArray[np.float64]) -> NDArray[np.bool_]:
    if polygons.shape[1] == 3:
        return np.zeros(len(polygons), bool)
    turns = _turns(polygons)
    return (turns < -1e-9 * np.abs(turns).max(axis=1, keepdims=True)).any(axis=1)


def _clip_ears(polygon: NDArray[np.float64]) -> NDArray[np.int64]:
    # The classic O(n^2) method (Meisters 1975): concave faces are few and small.
    flat = _flatten(polygon)
    remaining = list(range(len(flat)))
    triangles: list[tuple[int, ...]] = []
    while len(remaining) > 3:
        ear = next((i for i in range(len(remaining)) if _is_ear(flat, remaining, i)), 0)
        triangles.append(_around(remaining, ear))
        del remaining[ear]
    triangles.append(tuple(remaining))
    return np.array(triangles, np.int64)


def _flatten(polygon: NDArray[np.float64]) -> NDArray[np.float64]:
    normal = np.cross(polygon, np.roll(polygon, -1, axis=0)).sum(axis=0)
    axis = int(np.abs(normal).argmax())
    flat = np.delete(polygon, axis, axis=1)
    mirrored = (normal[axis] < 0) != (axis == 1)
    return flat * [-1.0, 1.0] if mirrored else flat


def _around(remaining: list[int], i: int) -> tuple[int, int, int]:
    return remaining[i - 1], remaining[i], remaining[(i + 1) % len(remaining)]


def _side(a: NDArray[np.float64], b: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    return (b[0] - a[0]) * (p[..., 1] - a[1]) - (b[1] - a[1]) * (p[..., 0] - a[0])


def _is_ear(flat: NDArray[np.float64], remaining: list[int], i: int) -> bool:
    before, tip, after = _around(remaining, i)
    a, b, c = flat[before], flat[tip], flat[after]
    if _side(a, b, c) <= 0:
        return False
    others = flat[[k for k in remaining if k not in (before, tip, after)]]
    # A corner that coincides with the ear's own (a bridge to a hole) does not block it.
    own = [(others == corner).all(axis=1) for corner in (a, b, c)]
    others = others[~np.any(own, axis=0)]
    inside = (_side(a, b, others) >= 0) & (_side(b, c, others) >= 0) & (_side(c, a, others) >= 0)
    return not inside.any()
