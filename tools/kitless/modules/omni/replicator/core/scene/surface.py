"""Triangles of prims in the world, and random points on and in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from kitless.raycast.gprims import DRAWABLE, read_mesh

from .shapes import surface

Array: TypeAlias = NDArray[np.float64]
_CHUNK = 64
"""Points tested at once for lying inside."""


def triangles_of(prims: Iterable[Usd.Prim]) -> Array:
    """(t, 3, 3): the corners of all triangles of prims and what is below them, in the world's frame.

    Raises ``ValueError`` where there are none, naming the prims, and for curves, points and capsules.
    """
    roots = list(prims)
    cache = UsdGeom.XformCache(Usd.TimeCode.Default())
    found = [
        in_world(prim, cache)
        for root in roots
        for prim in Usd.PrimRange(root, Usd.TraverseInstanceProxies())
        if str(prim.GetTypeName()) in DRAWABLE
    ]
    joined = np.concatenate([*found, np.empty((0, 3, 3))])
    if not len(joined):
        paths = ", ".join(str(prim.GetPath()) for prim in roots)
        raise ValueError(f"No mesh or shape at or below {paths or 'the prims given'}")
    return joined


def in_world(prim: Usd.Prim, cache: UsdGeom.XformCache) -> Array:
    """The triangles of one prim. Raises ``ValueError`` for curves, points and capsules."""
    matrix = np.array(cache.GetLocalToWorldTransform(prim))
    return local_triangles(prim) @ matrix[:3, :3] + matrix[3, :3]


def local_triangles(prim: Usd.Prim) -> Array:
    """(t, 3, 3) in the prim's own frame."""
    if prim.GetTypeName() == "Sphere":
        made = surface("Sphere")
        starts = np.cumsum([0, *made.counts[:-1]])
        fans = [
            made.indices[[start, start + k, start + k + 1]]
            for start, count in zip(starts, made.counts, strict=True)
            for k in range(1, count - 1)
        ]
        return made.points[np.array(fans)] * (2 * prim.GetAttribute("radius").Get())
    mesh = read_mesh(prim, Usd.TimeCode.Default())
    if len(mesh.radii):
        raise ValueError(f"{prim.GetPath()} ({prim.GetTypeName()}) is no surface to scatter on; use a mesh")
    return mesh.points[mesh.triangles].astype(np.float64)


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles (t, 3, 3) to take points from, evenly over their area."""

    corners: Array
    offset: float
    """How far along the normal points are."""

    @cached_property
    def normals(self) -> Array:
        """(t, 3) as long as the triangle is large, twice."""
        return np.cross(self.corners[:, 1] - self.corners[:, 0], self.corners[:, 2] - self.corners[:, 0])

    @cached_property
    def chances(self) -> Array:
        """(t,) each triangle's share of the area. Raises ``ValueError`` where there is none."""
        areas = np.linalg.norm(self.normals, axis=1)
        if not areas.any():
            raise ValueError("The surface has no area to scatter on")
        return areas / areas.sum()

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """(count, 3) points."""
        index = rng.choice(len(self.corners), count, p=self.chances)
        u, v = rng.random((2, count, 1))
        # Uniform over a triangle: a point of the parallelogram beyond the diagonal is turned back over it.
        beyond = u + v > 1
        u, v = np.where(beyond, 1 - u, u), np.where(beyond, 1 - v, v)
        a, b, c = (self.corners[index, k] for k in range(3))
        normals = self.normals[index]
        lifted = self.offset * normals / np.linalg.norm(normals, axis=1, keepdims=True)
        return a + u * (b - a) + v * (c - a) + lifted


@dataclass(frozen=True, eq=False)
class Volume:
    """The part of a box that is inside any of some closed meshes (all of it without any), and outside of others."""

    low: Array
    high: Array
    solids: list[Array]
    holes: list[Array]

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """(n, 3) points, evenly: those of ``count`` points of the box that are in the volume."""
        points = rng.uniform(self.low, self.high, (count, 3))
        kept = np.any([inside(points, each) for each in self.solids], axis=0) if self.solids else np.full(count, True)
        kept &= ~np.any([inside(points, each) for each in self.holes], axis=0) if self.holes else True
        return points[kept]


def inside(points: Array, corners: Array) -> NDArray[np.bool_]:
    """Which points (n, 3) are within closed triangles (t, 3, 3), which wind around them.

    The solid angles that the triangles cover sum up to a full sphere inside, to nothing outside.
    """
    parts = [points[start : start + _CHUNK] for start in range(0, len(points), _CHUNK)]
    return np.concatenate([np.empty(0, bool), *(np.abs(_solid_angles(part, corners)) > 2 * np.pi for part in parts)])


def _solid_angles(points: Array, corners: Array) -> Array:
    """(n,) signed sums, by van Oosterom and Strackee's formula."""
    a, b, c = np.moveaxis(corners - points[:, None, None], 2, 0)
    la, lb, lc = (np.linalg.norm(side, axis=2) for side in (a, b, c))

    def dot(left: Array, right: Array) -> Array:
        return np.einsum("nti,nti->nt", left, right)

    across = dot(a, np.cross(b, c))
    along = la * lb * lc + dot(a, b) * lc + dot(a, c) * lb + dot(b, c) * la
    sums: Array = 2 * np.arctan2(across, along).sum(axis=1)
    return sums
