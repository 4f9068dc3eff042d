"""The meshes of USD's built-in shapes, in their local frames, centred on the origin.

Cylinders and cones carry their analytic normals per corner; spheres and capsules are exact.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.mesh import Interpolation, Mesh, Primvar
from kitless.raycast.triangulate import triangulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEGMENTS = 1024
"""Round a full circle: the silhouette is off by at most 0.0005 % of the radius."""
_KEPT = 256
"""Shapes are remembered by their parameters: a robot has hundreds of capsules of three sizes."""
# Which local axis (x, y, z) each world axis takes, so that the shape's own z becomes the named one.
_AXES = {"X": (2, 0, 1), "Y": (1, 2, 0), "Z": (0, 1, 2)}


@lru_cache(_KEPT)
def cube(size: float) -> Mesh:
    """Return an axis-aligned cube of edge `size`."""
    points = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], np.float32) * np.float32(size / 2)
    quads = np.array([[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]])
    return _polygons(points, quads)


@lru_cache(_KEPT)
def plane(width: float, length: float, axis: str) -> Mesh:
    """Return a rectangle normal to `axis`; width along x (z if axis is X), length along y (z if axis is Y)."""
    x, y = width / 2, length / 2
    if axis == "X":
        points = [[0, -y, -x], [0, y, -x], [0, y, x], [0, -y, x]]
    elif axis == "Y":
        points = [[-x, 0, y], [x, 0, y], [x, 0, -y], [-x, 0, -y]]
    else:
        points = [[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]]
    return _polygons(np.array(points, np.float32), np.array([[0, 1, 2, 3]]))


@lru_cache(_KEPT)
def sphere(radius: float) -> Mesh:
    """Return the exact sphere; radius 0 or less gives an empty mesh."""
    return balls(np.zeros((1, 3), np.float32), np.array([radius], np.float32))


def balls(centres: NDArray[np.float32], radii: NDArray[np.float32]) -> Mesh:
    """Return exact spheres; centres (n, 3), radii (n,). Those of radius 0 or less are left out."""
    solid = np.flatnonzero(radii > 0).astype(np.int32)
    pieces = np.repeat(solid[:, None], 3, axis=1)
    return Mesh(points=centres, triangles=pieces, corners=pieces, faces=solid, radii=radii)


def cylinder(radius: float, height: float, axis: str) -> Mesh:
    """Return a closed cylinder along `axis`."""
    return tapered_cylinder(radius, radius, height, axis)


@lru_cache(_KEPT)
def tapered_cylinder(top: float, bottom: float, height: float, axis: str) -> Mesh:
    """Return a closed cylinder along `axis` whose ends have radii of their own; top is at +height/2."""
    half = height / 2
    profile = [(0, -half), (bottom, -half), (top, half), (0, half)]
    side = _slope(bottom - top, height)
    return _revolve(profile, [((0, -1), (0, -1)), (side, side), ((0, 1), (0, 1))], axis)


@lru_cache(_KEPT)
def cone(radius: float, height: float, axis: str) -> Mesh:
    """Return a closed cone with its tip at +height/2 along `axis`."""
    half = height / 2
    slope = _slope(radius, height)
    return _revolve([(0, -half), (radius, -half), (0, half)], [((0, -1), (0, -1)), (slope, slope)], axis)


def capsule(radius: float, height: float, axis: str) -> Mesh:
    """Return a cylinder of `height` with a hemisphere on either end."""
    return tapered_capsule(radius, radius, height, axis)


@lru_cache(_KEPT)
def tapered_capsule(top: float, bottom: float, height: float, axis: str) -> Mesh:
    """Return the exact hull of two spheres with radii of their own; top is about +height/2 along `axis`."""
    points = np.zeros((2, 3), np.float32)
    points[:, "XYZ".index(axis)] = -height / 2, height / 2
    radii = np.maximum(np.array([bottom, top], np.float32), 0)
    if radii.max() <= 0:
        return balls(points, radii)
    # Embree's pieces between spheres let rays along their axis through; the spheres themselves stop those.
    pieces = np.array([[0, 0, 0], [1, 1, 1], [0, 1, 1]], np.int32)
    if height <= 0:
        pieces = pieces[:2]
    return Mesh(points=points, triangles=pieces, corners=pieces, faces=np.zeros(len(pieces), np.int32), radii=radii)


def _slope(narrowing: float, height: float) -> NDArray[np.float64]:
    return np.array([height, narrowing]) / max(np.hypot(height, narrowing), 1e-30)


def _polygons(points: NDArray[np.float32], quads: NDArray[np.int64]) -> Mesh:
    corners, faces = triangulate(points, np.full(len(quads), 4), quads.ravel())
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    st = Primvar(np.tile(square, (len(quads), 1)), Interpolation.FACE_VARYING)
    triangles = quads.ravel()[corners].astype(np.int32)
    return Mesh(points=points, triangles=triangles, corners=corners, faces=faces, primvars={"st": st})


def _revolve(profile: object, normals: list, axis: str) -> Mesh:
    """Turn a (radius, z) polyline about z; normals are those at the two ends of each of its pieces."""
    line = np.asarray(profile, np.float64)
    angle = np.arange(SEGMENTS) * (2 * np.pi / SEGMENTS)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    # Quarter turns are exact, so that bounds are.
    circle[np.abs(circle) < 1e-12] = 0
    rings = np.concatenate(
        [line[:, None, :1] * circle, np.broadcast_to(line[:, None, 1:], (len(line), SEGMENTS, 1))], axis=2
    )
    here = np.arange(SEGMENTS)
    there = np.roll(here, -1)
    quads, directions = [], []
    for piece, (low, high) in enumerate(normals):
        base, top = piece * SEGMENTS, (piece + 1) * SEGMENTS
        quads.append(np.stack([base + here, base + there, top + there, top + here], axis=1))
        for end, turn in ((low, here), (low, there), (high, there), (high, here)):
            directions.append(_turned(np.asarray(end, np.float64), circle[turn]))
    order = np.array(_AXES[axis])
    quad = np.concatenate(quads)
    normal = np.stack(directions, axis=1).reshape(SEGMENTS, len(normals), 4, 3).swapaxes(0, 1).reshape(-1, 3)
    points = rings.reshape(-1, 3)[:, order].astype(np.float32)
    return _without_slivers(points, quad, normal[:, order].astype(np.float32))


def _turned(normal: NDArray[np.float64], circle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([normal[0] * circle, np.full((len(circle), 1), normal[1])], axis=1)


def _without_slivers(points: NDArray[np.float32], quads: NDArray[np.int64], normals: NDArray[np.float32]) -> Mesh:
    corners, faces = triangulate(points, np.full(len(quads), 4), quads.ravel())
    triangles = quads.ravel()[corners].astype(np.int32)
    a, b, c = (points[triangles[:, k]] for k in range(3))
    solid = np.any(np.cross(b - a, c - a) != 0, axis=1)
    return Mesh(
        points=points,
        triangles=triangles[solid],
        corners=corners[solid],
        faces=faces[solid],
        normals=Primvar(normals, Interpolation.FACE_VARYING),
    )
