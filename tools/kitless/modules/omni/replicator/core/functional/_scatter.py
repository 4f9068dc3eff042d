"""Random points on surfaces and in volumes, and boxes that must not meet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom

from kitless.raycast.gprims import DRAWABLE, read_mesh

from ._meshes import shape_of

Array: TypeAlias = NDArray[np.float64]
TRIES = 1000
"""Points tried for one prim before scattering gives up."""
TOUCHING = 1e-6
"""By how much of their size boxes may overlap and still only touch."""


def triangles_of(prims: Iterable[Usd.Prim]) -> Array:
    """(t, 3, 3) corners in the world of all shapes at and below prims. Raises ``ValueError`` where there are none."""
    cache, found, paths = UsdGeom.XformCache(), [], []
    for prim in prims:
        paths.append(str(prim.GetPath()))
        for shape in Usd.PrimRange(prim, Usd.TraverseInstanceProxies()):
            if shape.GetTypeName() in DRAWABLE:
                matrix = np.array(cache.GetLocalToWorldTransform(shape))
                found.append(_local_triangles(shape) @ matrix[:3, :3] + matrix[3, :3])
    if not found:
        raise ValueError(f"No mesh or shape at or below {', '.join(paths) or 'the prims given'}")
    return np.concatenate(found)


def _local_triangles(shape: Usd.Prim) -> Array:
    """(t, 3, 3) corners in the shape's own frame. Raises ``ValueError`` for curves, points and capsules."""
    mesh = read_mesh(shape, Usd.TimeCode.Default())
    if not len(mesh.radii):
        return mesh.points[mesh.triangles].astype(np.float64)
    if shape.GetTypeName() != "Sphere":
        raise ValueError(f"{shape.GetPath()} ({shape.GetTypeName()}) is no surface to scatter on")
    return shape_of("Sphere").triangles() * 2 * UsdGeom.Sphere(shape).GetRadiusAttr().Get()


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles to take points from, each as often as it is large."""

    corners: Array
    offset: float
    """How far along the normal points are."""

    @cached_property
    def edges(self) -> Array:
        """(t, 2, 3) from each triangle's first corner to the others."""
        return self.corners[:, 1:] - self.corners[:, :1]

    @cached_property
    def normals(self) -> Array:
        """(t, 3) as long as the triangle is large, twice."""
        return np.cross(self.edges[:, 0], self.edges[:, 1])

    @cached_property
    def bounds(self) -> Array:
        """(t,) sums of areas up to each triangle, rising to 1. Raises ``ValueError`` where there is no area."""
        sums = np.cumsum(np.linalg.norm(self.normals, axis=1))
        if sums[-1] == 0.0:
            raise ValueError("The surface has no area to scatter on")
        return sums / sums[-1]

    def sample(self, generator: np.random.Generator) -> Array:
        """One point, (3,)."""
        chosen = int(np.searchsorted(self.bounds, generator.uniform(), side="right"))
        # Uniform over a triangle: a point of the parallelogram beyond the diagonal is turned back over it.
        u, v = generator.uniform(size=2)
        if u + v > 1:
            u, v = 1 - u, 1 - v
        point: Array = self.corners[chosen, 0] + u * self.edges[chosen, 0] + v * self.edges[chosen, 1]
        normal = self.normals[chosen]
        return point + self.offset * normal / np.linalg.norm(normal)


@dataclass(frozen=True, eq=False)
class Volume:
    """The inside of closed meshes, less that of others."""

    corners: Array
    excluded: Array | None

    def sample(self, generator: np.random.Generator) -> Array:
        """One point, (3,). Raises ``ValueError`` where none of many was inside."""
        low, high = self.corners.min(axis=(0, 1)), self.corners.max(axis=(0, 1))
        for _ in range(TRIES):
            point = generator.uniform(low, high)
            if is_inside(point, self.corners) and not (self.excluded is not None and is_inside(point, self.excluded)):
                return point
        raise ValueError(f"None of {TRIES} points was inside the volume: is its mesh closed?")


def is_inside(point: Array, corners: Array) -> bool:
    """Whether closed triangles (t, 3, 3) wind around a point: the solid angles they cover sum up to a full sphere."""
    a, b, c = (corners - point).swapaxes(0, 1)
    lengths = [np.linalg.norm(side, axis=1) for side in (a, b, c)]
    across = np.einsum("ij,ij->i", a, np.cross(b, c))
    along = (
        lengths[0] * lengths[1] * lengths[2]
        + np.einsum("ij,ij->i", a, b) * lengths[2]
        + np.einsum("ij,ij->i", a, c) * lengths[1]
        + np.einsum("ij,ij->i", b, c) * lengths[0]
    )
    # Van Oosterom and Strackee's formula; half a turn separates inside (4 pi) from outside (0).
    return bool(abs(2 * np.arctan2(across, along).sum()) > 2 * np.pi)


@dataclass(frozen=True, eq=False)
class Box:
    """A box in the world, turned with its prim."""

    centre: Array
    axes: Array
    """(3, 3): rows are half of its sides."""

    def moved(self, by: Array) -> "Box":
        """The box elsewhere."""
        return Box(self.centre + by, self.axes)

    def meets(self, other: "Box") -> bool:
        """Whether two boxes overlap: no axis separates them."""
        between = other.centre - self.centre
        edges = [np.cross(mine, theirs) for mine in self.axes for theirs in other.axes]
        candidates = np.array([*self._normals(), *other._normals(), *edges])
        lengths = np.linalg.norm(candidates, axis=1)
        scale = np.abs(self.axes).max() * np.abs(other.axes).max()
        axes = candidates[lengths > 1e-9 * scale]
        reach = np.abs(axes @ self.axes.T).sum(axis=1) + np.abs(axes @ other.axes.T).sum(axis=1)
        return bool(np.all(np.abs(axes @ between) < reach * (1 - TOUCHING)))

    def _normals(self) -> Array:
        # Of a flat box the axis across it is zero long, so normals come from the other two.
        x, y, z = self.axes
        return np.array([np.cross(y, z), np.cross(z, x), np.cross(x, y)])


def box_of(prim: Usd.Prim) -> Box:
    """The box about a prim and what is below it. Raises ``ValueError`` where nothing has an extent."""
    purposes = [UsdGeom.Tokens.default_, UsdGeom.Tokens.render]
    bound: Gf.BBox3d = UsdGeom.BBoxCache(Usd.TimeCode.Default(), purposes).ComputeWorldBound(prim)
    if bound.GetRange().IsEmpty():
        raise ValueError(f"{prim.GetPath()} has no extent to check for collisions")
    matrix = np.array(bound.GetMatrix())
    low, high = np.array(bound.GetRange().GetMin()), np.array(bound.GetRange().GetMax())
    centre = (low + high) / 2 @ matrix[:3, :3] + matrix[3, :3]
    return Box(centre, np.diag((high - low) / 2) @ matrix[:3, :3])


def is_free(box: Box, others: Sequence[Box]) -> bool:
    """Whether a box meets none of the others."""
    return not any(box.meets(other) for other in others)
