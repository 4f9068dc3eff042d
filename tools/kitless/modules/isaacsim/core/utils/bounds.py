"""Bounding boxes of prims in the world: axis-aligned (6,) min x, y, z, max x, y, z, and oriented ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pxr import Gf, Usd, UsdGeom

from isaacsim.core._current import prim_at
from isaacsim.core._poses import Array
from kitless.absent import absent

__all__ = [
    "compute_aabb",
    "compute_combined_aabb",
    "compute_obb",
    "compute_obb_corners",
    "create_bbox_cache",
    "get_obb_corners",
    "recompute_extents",
]


def create_bbox_cache(time: Usd.TimeCode = Usd.TimeCode.Default(), use_extents_hint: bool = True) -> UsdGeom.BBoxCache:
    """Return a cache of bounds at a time, of prims with the purposes default and render."""
    purposes = [UsdGeom.Tokens.default_, UsdGeom.Tokens.render]
    return UsdGeom.BBoxCache(time, purposes, useExtentsHint=use_extents_hint)


def compute_aabb(bbox_cache: UsdGeom.BBoxCache, prim_path: str, include_children: bool = False) -> Array:
    """Return the box of a prim, (6,): of a shape alone, of any other prim with all below it.

    ``include_children``: of a shape, too, with all below it. An empty box has its least corner at the largest float
    and its greatest at the smallest. Raises ValueError where there is no prim.
    """
    total = Gf.Range3d()
    for prim in Usd.PrimRange(prim_at(prim_path)) if include_children else [prim_at(prim_path)]:
        total.UnionWith(bbox_cache.ComputeWorldBound(prim).ComputeAlignedRange())
    return _as_array(total)


def compute_combined_aabb(bbox_cache: UsdGeom.BBoxCache, prim_paths: Sequence[str]) -> Array:
    """Return the box around several prims with all below them, (6,)."""
    total = Gf.Range3d()
    for path in prim_paths:
        total.UnionWith(bbox_cache.ComputeWorldBound(prim_at(path)).ComputeAlignedRange())
    return _as_array(total)


def compute_obb(bbox_cache: UsdGeom.BBoxCache, prim_path: str) -> tuple[Array, Array, Array]:
    """Return centre (3,), unit axes (3, 3) as rows, and half extents (3,) of the box along the prim's own axes."""
    bound = bbox_cache.ComputeWorldBound(prim_at(prim_path))
    matrix, extent = np.array(bound.GetMatrix()), bound.GetRange()
    axes, lengths = matrix[:3, :3], np.linalg.norm(matrix[:3, :3], axis=1)
    centre = np.array(bound.ComputeCentroid())
    return centre, axes / lengths[:, None], np.array(extent.GetSize()) / 2 * lengths


def get_obb_corners(centroid: Array, axes: Array, half_extent: Array) -> Array:
    """Return the eight corners (8, 3) of an oriented box: the signs of its axes count as x, y, z digits, z fastest."""
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    return np.asarray(centroid) + (signs * np.asarray(half_extent)) @ np.asarray(axes)


def compute_obb_corners(bbox_cache: UsdGeom.BBoxCache, prim_path: str) -> Array:
    """Return the eight corners (8, 3) of the prim's oriented box."""
    return get_obb_corners(*compute_obb(bbox_cache, prim_path))


def recompute_extents(
    prim: Usd.Prim, time: Usd.TimeCode = Usd.TimeCode.Default(), include_children: bool = False
) -> None:
    """Author the extent that a prim's geometry has, and of all below it with ``include_children``.

    Raises ValueError for a prim that has no extent.
    """
    if not include_children and not UsdGeom.Boundable(prim):
        raise ValueError(f"{prim.GetPath()} is a {prim.GetTypeName()}: it has no extent")
    for each in Usd.PrimRange(prim) if include_children else [prim]:
        boundable = UsdGeom.Boundable(each)
        if boundable:
            boundable.CreateExtentAttr().Set(UsdGeom.Boundable.ComputeExtentFromPlugins(boundable, time))


def _as_array(box: Gf.Range3d) -> Array:
    return np.array([*box.GetMin(), *box.GetMax()])


__getattr__ = absent(__name__)
