"""Triangles of prims in the world, and points on and in them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from kitless.raycast.gprims import DRAWABLE, read_mesh

from .shapes import surface

Array = NDArray[np.float64]
_CHUNK = 64
"""Points tested at once for lying inside."""


def triangles_of(prims: Iterable[Usd.Prim]) -> Array:
    """(t, 3, 3): the corners of all triangles of prims and what is below them, in the world's frame.

    Raises ``ValueError`` where there are none, naming the prims.
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
        raise ValueError(f"No surface to scatter on or in: {[str(prim.GetPath()) for prim in roots] or 'no prims'}")
    return joined


def in_world(prim: Usd.Prim, cache: UsdGeom.XformCache) -> Array:
    """The triangles of one prim. Raises ``ValueError`` for round ones that are not spheres."""
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
        raise ValueError(f"{prim.GetPath()}: nothing can be scattered on a {prim.GetTypeName()}; use a mesh")
    return mesh.points[mesh.triangles].astype(np.float64)


class Sampler:
    """Draws points evenly over the area of triangles."""

    def __init__(self, triangles: Array) -> None:
        self._corners = triangles
        normal = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
        twice = np.linalg.norm(normal, axis=1)
        self._normals = normal / np.maximum(twice, 1e-30)[:, None]
        self._chances = twice / twice.sum()

    def draw(self, rng: np.random.Generator, count: int) -> tuple[Array, Array]:
        """Points (n, 3) and the unit normals of the surface there."""
        index = rng.choice(len(self._corners), count, p=self._chances)
        u, v = rng.random((2, count, 1))
        beyond = u + v > 1
        u, v = np.where(beyond, 1 - u, u), np.where(beyond, 1 - v, v)
        a, b, c = (self._corners[index, k] for k in range(3))
        return a + u * (b - a) + v * (c - a), self._normals[index]


def inside(triangles: Array, points: Array) -> NDArray[np.bool_]:
    """Which points (n, 3) lie within closed surfaces: a ray from them crosses an odd number of triangles."""
    parts = [points[start : start + _CHUNK] for start in range(0, len(points), _CHUNK)]
    return np.concatenate([np.empty(0, bool), *(crossings(triangles, part) % 2 == 1 for part in parts)])


def crossings(triangles: Array, points: Array) -> NDArray[np.int64]:
    """How many triangles a ray from each point crosses, in a direction that runs along no edge of usual shapes."""
    direction = np.array([0.6180339887, 0.4142135623, 0.6681786379])
    a, b, c = (triangles[:, k] for k in range(3))
    side, across = np.cross(direction, c - a), b - a
    determinant = np.einsum("ij,ij->i", across, side)
    safe = np.where(np.abs(determinant) < 1e-18, np.inf, determinant)
    offset = points[:, None] - a
    u = np.einsum("nij,ij->ni", offset, side) / safe
    normal = np.cross(offset, across)
    v = normal @ direction / safe
    t = np.einsum("nij,ij->ni", normal, c - a) / safe
    hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0) & np.isfinite(safe)
    return hit.sum(axis=1)
