"""Whether two boxes overlap."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from .geometry import BoundingBox, Transform

_PARALLEL = 1e-9


def overlap(one: BoundingBox, at: Transform, other: BoundingBox, other_at: Transform) -> bool:
    """Whether two actors' bounding boxes, each in its actor's own axes, overlap where the actors are.

    Boxes do not overlap if, seen along some axis of theirs or across one of each, they are apart (separating axes).
    """
    axes, centre, extent = _box(one, at)
    other_axes, other_centre, other_extent = _box(other, other_at)
    between = other_centre - centre
    crossed = [np.cross(a, b) for a, b in product(axes.T, other_axes.T)]
    for axis in (*axes.T, *other_axes.T, *crossed):
        if np.linalg.norm(axis) < _PARALLEL:
            continue
        reach = np.abs(axis @ axes) @ extent + np.abs(axis @ other_axes) @ other_extent
        if abs(axis @ between) >= reach:
            return False
    return True


def _box(box: BoundingBox, at: Transform) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    axes = np.array(at.get_matrix())[:3, :3]
    centre = at.transform(box.location)
    return axes, np.array([centre.x, centre.y, centre.z]), np.array([box.extent.x, box.extent.y, box.extent.z])
