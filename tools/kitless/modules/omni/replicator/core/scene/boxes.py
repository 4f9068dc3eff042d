"""Boxes about prims, turned with them, and whether they meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pxr import Gf, Usd, UsdGeom

from .surface import Array

TOUCHING = 1e-6
"""By how much of their size boxes may overlap and still only touch."""


@dataclass(frozen=True, eq=False)
class Box:
    """A box in the world, turned with its prim."""

    centre: Array
    axes: Array
    """(3, 3): rows are half of its sides."""

    @cached_property
    def radius(self) -> float:
        """No corner is farther from the centre."""
        return float(np.linalg.norm(self.axes, axis=1).sum())

    def moved(self, by: Array) -> "Box":
        """The box elsewhere."""
        return Box(self.centre + by, self.axes)

    def meets(self, other: "Box") -> bool:
        """Whether two boxes overlap: no axis separates them."""
        between = other.centre - self.centre
        # Most boxes are far apart: looking for the axis costs a hundred times as much.
        if np.linalg.norm(between) > self.radius + other.radius:
            return False
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


def box_of(prim: Usd.Prim) -> Box | None:
    """The box about a prim and what is below it; None where nothing has an extent."""
    purposes = [UsdGeom.Tokens.default_, UsdGeom.Tokens.render]
    bound: Gf.BBox3d = UsdGeom.BBoxCache(Usd.TimeCode.Default(), purposes).ComputeWorldBound(prim)
    if bound.GetRange().IsEmpty():
        return None
    matrix = np.array(bound.GetMatrix())
    low, high = np.array(bound.GetRange().GetMin()), np.array(bound.GetRange().GetMax())
    centre = (low + high) / 2 @ matrix[:3, :3] + matrix[3, :3]
    return Box(centre, np.diag((high - low) / 2) @ matrix[:3, :3])


def is_free(box: Box, others: Sequence[Box]) -> bool:
    """Whether a box meets none of the others."""
    return not any(box.meets(other) for other in others)
