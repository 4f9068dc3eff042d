"""Placing: where gprims stand, read for many at once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.point_instances import PointInstances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pxr import UsdGeom

    from kitless.raycast.occurrence import Occurrence

_ALONE = np.empty((1, 0), np.int64)


def place(occurrences: Sequence[Occurrence], cache: UsdGeom.XformCache) -> None:
    """Read the transforms, and which point instances there are. Raises GeometryError as PointInstances does."""
    single = [each for each in occurrences if not each.gprim.chain]
    # One step in Python per prim: matrices are bytes to numpy, and all else is done for all together.
    raw = bytearray().join([cache.GetLocalToWorldTransform(each.gprim.prim) for each in single])
    _stand(single, np.frombuffer(raw).reshape(-1, 4, 4), [_ALONE] * len(single))
    several = [each for each in occurrences if each.gprim.chain]
    point_instances = PointInstances(cache)
    places = [point_instances.places(each.gprim.prim, each.gprim.chain) for each in several]
    transforms = np.concatenate([np.empty((0, 4, 4)), *(each.transforms for each in places)])
    _stand(several, transforms, [each.ids for each in places])


def _stand(
    occurrences: Sequence[Occurrence], transforms: NDArray[np.float64], ids: Sequence[NDArray[np.int64]]
) -> None:
    """Put occurrences to transforms (n, 4, 4), each as many as it has ids. What is flat there cannot be seen."""
    solid = _are_solid(transforms)
    inverses = np.empty_like(transforms)
    inverses[solid] = np.linalg.inv(transforms[solid])
    starts = np.cumsum([0, *map(len, ids)]).tolist()
    whole = bool(solid.all())
    for occurrence, own, (first, last) in zip(occurrences, ids, pairwise(starts), strict=True):
        there, back, kept = transforms[first:last], inverses[first:last], own
        if not whole:
            chosen = solid[first:last]
            there, back, kept = there[chosen], back[chosen], own[chosen]
        occurrence.transforms, occurrence.inverses = there, back
        # The same array for as long as it is the same crowd: rosters are compared by identity.
        if kept is not occurrence.ids and not np.array_equal(kept, occurrence.ids):
            occurrence.ids = kept


def _are_solid(matrices: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return (n,): whether each of (n, 4, 4) is finite and has an inverse."""
    finite = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    linear = np.where(finite[:, None, None], matrices, np.eye(4))[:, :3, :3]
    size = np.linalg.norm(linear, axis=2).prod(axis=1)
    solid: NDArray[np.bool_] = np.abs(np.linalg.det(linear)) > 1e-12 * np.maximum(size, 1e-300)
    return solid & finite
