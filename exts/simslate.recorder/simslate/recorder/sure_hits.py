"""What a camera is certain to hit: a wrong "yes" is ruled out, a wrong "no" is not. The converse of bounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom, UsdSkel

Array: TypeAlias = NDArray[np.float64]

_SOLIDS = (UsdGeom.Cube, UsdGeom.Sphere, UsdGeom.Cylinder, UsdGeom.Capsule)
"""Convex, so that what lies between the middles of their bounds' sides is inside."""

_OCTAHEDRON = np.array([(x, y, z) for x in (0, 1) for y in (2, 3) for z in (4, 5)])
_CORNERS = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])
_FACES = 64
"""At most this many faces of a mesh are tried, spread over it."""


def is_sure_to_hit(frustum: Gf.Frustum, resolution: tuple[int, int], prims: Iterable[Usd.Prim], time: Any) -> bool:
    """Return whether a ray through the middle of some pixel is certain to meet one of ``prims``, or what hides it.

    ``frustum`` is clipped as the camera is. Nothing is certain of gprims other than solids and polygon meshes, nor of
    what is skinned, refined or has holes. Materials that let light through are for the caller to leave out.
    """
    transforms = UsdGeom.XformCache(time)
    to_clip = np.array(frustum.ComputeViewMatrix() * frustum.ComputeProjectionMatrix())
    size = np.array(resolution, float)
    return any(
        _is_hit(prim, np.array(transforms.GetLocalToWorldTransform(prim)), to_clip, size, time) for prim in prims
    )


def _is_hit(prim: Usd.Prim, to_world: Array, to_clip: Array, size: Array, time: Any) -> bool:
    if UsdGeom.Imageable(prim).ComputeVisibility(time) == UsdGeom.Tokens.invisible:
        return False
    to_clip = to_world @ to_clip
    if any(prim.IsA(kind) for kind in _SOLIDS):
        ends = np.array(UsdGeom.Boundable.ComputeExtentFromPlugins(UsdGeom.Boundable(prim), time), float)
        # From within, one side or the other may not be drawn.
        is_before_it = not np.isnan(_projected(ends[_CORNERS, range(3)], to_clip)).any()
        return is_before_it and bool(_holds_pixel(_octahedron(ends), to_clip, size).any())
    if not prim.IsA(UsdGeom.Mesh) or _is_moved(prim):
        return False
    triangles = _triangles(UsdGeom.Mesh(prim), time)
    found = _holds_pixel(triangles, to_clip, size)
    if UsdGeom.Mesh(prim).GetDoubleSidedAttr().Get(time):
        return bool(found.any())
    is_left = UsdGeom.Mesh(prim).GetOrientationAttr().Get(time) == UsdGeom.Tokens.leftHanded
    sign = (-1 if is_left else 1) * np.linalg.det(to_world[:3, :3])
    return bool((found * sign > 0).any())


def _is_moved(prim: Usd.Prim) -> bool:
    """Return whether a mesh may be drawn elsewhere than its points are."""
    refined = prim.GetAttribute("refinementEnableOverride")
    holes = UsdGeom.Mesh(prim).GetHoleIndicesAttr()
    is_skinned = bool(UsdSkel.BindingAPI(prim).GetInheritedSkeleton())
    return is_skinned or bool(refined and refined.Get()) or holes.HasAuthoredValue()


def _octahedron(ends: Array) -> Array:
    middle = ends.mean(axis=0)
    points = np.repeat(middle[None], 6, axis=0)
    for axis in range(3):
        points[2 * axis : 2 * axis + 2, axis] = ends[:, axis]
    return points[_OCTAHEDRON]


def _triangles(mesh: UsdGeom.Mesh, time: Any) -> Array:
    """Return (n, 3, 3): three corners each of some faces. Of a face with four they are part of it, if it is convex."""
    counts, indices, points = (
        np.array(attribute.Get(time) or [])
        for attribute in (mesh.GetFaceVertexCountsAttr(), mesh.GetFaceVertexIndicesAttr(), mesh.GetPointsAttr())
    )
    if not len(counts) or not len(points) or counts.sum() != len(indices):
        return np.empty((0, 3, 3))
    starts = (np.cumsum(counts) - counts)[(counts == 3) | (counts == 4)]
    chosen = starts[:: max(1, len(starts) // _FACES)]
    corners = indices[chosen[:, None] + np.arange(3)] if len(chosen) else np.empty((0, 3), int)
    known = ((corners >= 0) & (corners < len(points))).all(axis=1)
    return points[corners[known]].astype(float)


def _projected(points: Array, to_clip: Array) -> Array:
    """Return x and y of (..., 3) points, -1 to 1 in the picture and y up; NaN for what is clipped by depth."""
    clip = np.concatenate([points, np.ones((*points.shape[:-1], 1))], axis=-1) @ to_clip
    w = clip[..., 3:]
    is_within = (w > 0) & (np.abs(clip[..., 2:3]) < w)
    return np.where(is_within, clip[..., :2] / np.where(is_within, w, 1), np.nan)


def _holds_pixel(triangles: Array, to_clip: Array, size: Array) -> Array:
    """Return, for (n, 3, 3) triangles, 1 if it is certain to hold the middle of a pixel, counter-clockwise, -1 if
    clockwise, and 0 if it is not certain.

    A circle of one pixel's radius holds one. The circle is the one that touches the sides.
    """
    corners = (_projected(triangles, to_clip) + 1) / 2 * size
    if not len(corners):
        return np.empty(0)
    a, b, c = (corners[:, i] for i in range(3))
    sides = np.stack([np.linalg.norm(each, axis=1) for each in (b - c, c - a, a - b)], axis=1)
    around = np.maximum(sides.sum(axis=1), 1e-12)
    double_area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    centre = (sides[..., None] * corners).sum(axis=1) / around[:, None]
    is_in_picture = ((centre >= 1) & (centre <= size - 1)).all(axis=1)
    return np.where(is_in_picture & (np.abs(double_area) / around >= 1), np.sign(double_area), 0.0)
