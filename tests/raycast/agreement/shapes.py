"""Triangles of the second renderer: its own gprims and its own way to cut polygons."""

import numpy as np

ROUND = 1024
"""Corners of a circle: chords are at most 4.7e-6 of the radius below it: 0.001 pixels on a ball that fills a frame."""


def grid(rows, columns):
    """Triangles (t, 3) between `rows` rings of `columns` points each, closed around."""
    ring, step = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    here, aside = ring * columns + step, ring * columns + (step + 1) % columns
    lower = np.stack([here, aside, aside + columns], axis=-1)
    upper = np.stack([here, aside + columns, here + columns], axis=-1)
    return np.concatenate([lower.reshape(-1, 3), upper.reshape(-1, 3)])


def turned(radii, heights):
    """Points and triangles of a profile turned about z."""
    angle = 2 * np.pi * np.arange(ROUND) / ROUND
    points = np.empty((len(radii), ROUND, 3))
    points[..., 0], points[..., 1] = np.outer(radii, np.cos(angle)), np.outer(radii, np.sin(angle))
    points[..., 2] = np.asarray(heights)[:, None]
    return points.reshape(-1, 3), grid(len(radii), ROUND)


def ball():
    """The unit sphere."""
    polar = np.linspace(0, np.pi, ROUND // 2 + 1)
    return turned(np.sin(polar), -np.cos(polar))


def tube():
    """The side of a cylinder of radius 1, z from -1 to 1."""
    return turned([1, 1], [-1, 1])


def funnel():
    """The side of a cone of radius 1 at z = -1, its tip at z = 1."""
    return turned([1, 0], [-1, 1])


def disc():
    """The unit disc at z = 0."""
    return turned([0, 1], [0, 0])


def square():
    """The square from -1 to 1 at z = 0."""
    return np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float), np.array([[0, 1, 2], [0, 2, 3]])


def box():
    """The cube from -1 to 1."""
    face, halves = square()
    points = [np.roll(face + np.array([0, 0, side]), axis, axis=1) for axis in range(3) for side in (-1, 1)]
    return np.concatenate(points), np.concatenate([halves + 4 * side for side in range(6)])


UNIT = {"ball": ball, "tube": tube, "funnel": funnel, "disc": disc, "square": square, "box": box}


def cut(points, counts, indices):
    """Triangles (t, 3) into points of polygons: fans from the first corner, ears where a polygon is not convex."""
    ends = np.cumsum(counts)
    triangles = [np.empty((0, 3), int)]
    for size in set(counts.tolist()) - {0, 1, 2}:
        polygons = indices[(ends[counts == size] - size)[:, None] + np.arange(size)]
        areas = corner_areas(points[polygons])
        # A triangle has no other way to be cut; rounding must not send a flat corner to the ears.
        convex = (areas >= -1e-9 * np.abs(areas).max(axis=1, keepdims=True)).all(axis=1) | (size == 3)
        triangles += [polygons[convex][:, [0, k, k + 1]] for k in range(1, size - 1)]
        triangles += [polygon[ears(points[polygon])] for polygon in polygons[~convex]]
    return np.concatenate(triangles)


def corner_areas(polygons):
    """Twice the area spanned at each corner of polygons (..., n, 3), signed by the polygon's own vector area."""
    centred = polygons - polygons.mean(axis=-2, keepdims=True)
    before, after = np.roll(centred, 1, axis=-2), np.roll(centred, -1, axis=-2)
    whole = np.cross(centred, after).sum(axis=-2, keepdims=True)
    spanned = (np.cross(centred - before, after - centred) * whole).sum(axis=-1)
    return spanned / np.maximum(np.linalg.norm(whole, axis=-1), 1e-300)


def ears(polygon):
    """Triangles (n - 2, 3) of a simple polygon (n, 3): again and again the most equilateral corner that is free."""
    left, found = list(range(len(polygon))), []
    plane = in_plane(polygon)
    while len(left) > 3:
        ring = [plane[i] for i in left]
        tip = max(range(len(left)), key=lambda k: ear_quality(ring, k))
        found.append([left[tip - 1], left[tip], left[(tip + 1) % len(left)]])
        del left[tip]
    return np.array([*found, left])


def in_plane(polygon):
    """The polygon seen along its vector area, counter-clockwise, as complex numbers."""
    whole = np.cross(polygon, np.roll(polygon, -1, axis=0)).sum(axis=0)
    right = np.cross(whole, np.eye(3)[np.abs(whole).argmin()])
    up = np.cross(whole, right) / np.linalg.norm(whole)
    return [complex(x, y) for x, y in polygon @ np.stack([right, up], axis=1)]


def ear_quality(ring, k):
    """How good it is to cut corner k off: area by perimeter squared; below 0 where that is not allowed."""
    a, b, c = ring[k - 1], ring[k], ring[(k + 1) % len(ring)]
    area = cross(b - a, c - b)
    if area <= 0 or any(is_inside(p, a, b, c) for p in ring if p not in (a, b, c)):
        return min(area, 0.0) - 1
    return area / (abs(b - a) + abs(c - b) + abs(a - c)) ** 2


def cross(a, b):
    """The signed area that two complex numbers span."""
    return a.real * b.imag - a.imag * b.real


def is_inside(p, a, b, c):
    """Whether p is in a counter-clockwise triangle or on its edge."""
    return cross(b - a, p - a) >= 0 and cross(c - b, p - b) >= 0 and cross(a - c, p - c) >= 0
