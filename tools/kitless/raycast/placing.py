"""Placing: where gprims stand, read for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from pxr import Gf, UsdGeom

from kitless.raycast.point_instances import PointInstances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pxr import Sdf, Usd

    from kitless.raycast.occurrence import Occurrence, Part

_ALONE = np.empty((1, 0), np.int64)
_NOWHERE = np.empty((0, 4, 4))
_NONE = np.empty(0, np.int64)
_AFFINE = np.array([0.0, 0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class Ranks:
    """Which of all instances a cohort's places are; each place is one per visible part of its occurrence."""

    drawn: Sequence[tuple[Occurrence, Part]]
    """All that is drawn: holds for as long as this is the same list."""
    rows: NDArray[np.int64]
    """(r,) positions in Scene.instances."""
    places: NDArray[np.int64]
    """(r,) positions in the cohort's transforms."""
    geometries: NDArray[np.int64]
    """(r,) Embree's."""


class Carriers:
    """The prims that move others in the course of time, and where in their frames these others stand for good."""

    def __init__(self, prims: Sequence[Usd.Prim], cache: UsdGeom.XformCache) -> None:
        """Find them at a time code: at the default one, what has a single time sample stands elsewhere."""
        places: dict[Sdf.Path, int] = {}
        self.prims: list[Usd.Prim] = []
        which, within = [], bytearray()
        for prim in prims:
            carrier = _carrier(prim)
            matrix, is_apart = cache.ComputeRelativeTransform(prim, carrier)
            if is_apart:
                carrier, matrix = prim, Gf.Matrix4d(1)
            place = places.setdefault(carrier.GetPath(), len(self.prims))
            if place == len(self.prims):
                self.prims.append(carrier)
            which.append(place)
            within += matrix
        self._which = np.array(which, np.int64)
        self._within = np.frombuffer(within).reshape(-1, 4, 4)
        self._is_still = (self._within == np.eye(4)).all()

    def place(self, matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where all stand, (n, 4, 4), from where the carriers do."""
        places = matrices[self._which]
        return places if self._is_still else self._within @ places


class Cohort:
    """Occurrences that are placed together. What time alone moves is one for as long as the stage is not edited."""

    def __init__(self, occurrences: Sequence[Occurrence], *, is_lasting: bool = False) -> None:
        """Take them; is_lasting: to be read again and again, at time codes, with no edit that would move any."""
        single = [each for each in occurrences if not each.gprim.chain]
        self._several = [each for each in occurrences if each.gprim.chain]
        self._prims = [each.gprim.prim for each in single]
        self._is_lasting = is_lasting
        self._carriers: Carriers | None = None
        self._alone = [_ALONE] * len(single)
        self._handed: Sequence[NDArray[np.int64]] = ()
        self._ranks: Ranks | None = None
        self.members = [*single, *self._several]
        self.transforms = self.inverses = _NOWHERE
        """(n, 4, 4) of all places where something can be seen, in the order of the members."""

    def read(self, cache: UsdGeom.XformCache) -> bool:
        """Read the transforms, and which point instances there are; return whether the latter are as they were.

        Raises GeometryError as PointInstances does.
        """
        every, ids = self._worlds(cache), self._alone
        if self._several:
            point_instances = PointInstances(cache)
            places = [point_instances.places(each.gprim.prim, each.gprim.chain) for each in self._several]
            every = np.concatenate([every, *(each.transforms for each in places)])
            ids = ids + [each.ids for each in places]
        solid, inverses = invert(every)
        if not solid.all():
            # What is flat there cannot be seen.
            starts = np.cumsum([0, *map(len, ids)]).tolist()
            ids = [own[solid[first:last]] for own, (first, last) in zip(ids, pairwise(starts), strict=True)]
            every, inverses = every[solid], inverses[solid]
        self.transforms, self.inverses = every, inverses
        # They may have been in another cohort since.
        if ids is self._handed and all(each.cohort is self for each in self.members):
            return True
        return self._hand_out(ids)

    def ranks(self, drawn: Sequence[tuple[Occurrence, Part]], starts: NDArray[np.int64]) -> Ranks:
        """Return which of all instances these are; starts (m + 1,): where those of each that is drawn begin."""
        if self._ranks is None or self._ranks.drawn is not drawn:
            rows, places, geometries = [_NONE], [_NONE], [_NONE]
            for row, (occurrence, part) in zip(starts.tolist(), drawn, strict=False):
                if occurrence.cohort is self:
                    count = np.arange(len(part.geometries))
                    rows.append(row + count)
                    places.append(occurrence.first + count)
                    geometries.append(part.geometries)
            self._ranks = Ranks(drawn, np.concatenate(rows), np.concatenate(places), np.concatenate(geometries))
        return self._ranks

    def _worlds(self, cache: UsdGeom.XformCache) -> NDArray[np.float64]:
        if self._is_lasting and self._carriers is None:
            self._carriers = Carriers(self._prims, cache)
        carriers = self._carriers
        # One step in Python per prim: matrices are bytes to numpy, and all else is done for all together.
        prims = self._prims if carriers is None else carriers.prims
        matrices = np.frombuffer(bytearray().join(map(cache.GetLocalToWorldTransform, prims))).reshape(-1, 4, 4)
        return matrices if carriers is None else carriers.place(matrices)

    def _hand_out(self, ids: Sequence[NDArray[np.int64]]) -> bool:
        same, last = True, 0
        for occurrence, own in zip(self.members, ids, strict=True):
            first, last = last, last + len(own)
            occurrence.cohort, occurrence.first, occurrence.last = self, first, last
            # The same array for as long as it is the same crowd: rosters are compared by identity.
            if own is not occurrence.ids and not np.array_equal(own, occurrence.ids):
                occurrence.ids, same = own, False
        self._handed = ids
        return same


def _carrier(prim: Usd.Prim) -> Usd.Prim:
    """Return what moves a prim: the nearest above, or itself, whose own transform may vary; else itself."""
    above = prim
    while above:
        xform = UsdGeom.Xformable(above)
        if xform and xform.TransformMightBeTimeVarying():
            return above
        above = above.GetParent()
    return prim


def invert(matrices: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which matrices (n, 4, 4) are finite and not flat (n,), and the inverses (n, 4, 4) of those.

    Of affine transforms by cofactors, all at once; others are left to LAPACK.
    """
    finite = np.ones(len(matrices), np.bool_)
    with np.errstate(invalid="ignore", over="ignore"):
        total = matrices.sum()
    if not np.isfinite(total):
        finite = np.asarray(np.isfinite(matrices.reshape(-1, 16)).all(axis=1))
        matrices = np.where(finite[:, None, None], matrices, np.eye(4))
    linear = np.ascontiguousarray(matrices[:, :3, :3].transpose(1, 2, 0))
    # Going round, minors come with their signs.
    down, up = linear[[1, 2, 0]], linear[[2, 0, 1]]
    cofactors = down[:, [1, 2, 0]] * up[:, [2, 0, 1]] - down[:, [2, 0, 1]] * up[:, [1, 2, 0]]
    volume = (linear[0] * cofactors[0]).sum(axis=0)
    size = np.sqrt((linear * linear).sum(axis=1)).prod(axis=0)
    solid = np.abs(volume) > 1e-12 * np.maximum(size, 1e-300)
    inverses = np.zeros_like(matrices)
    if (matrices[:, :, 3] == _AFFINE).all():
        inverse = cofactors.transpose(1, 0, 2) / np.where(solid, volume, 1.0)
        inverses[:, :3, :3] = inverse.transpose(2, 0, 1)
        inverses[:, 3, :3] = -(matrices[:, 3, :3].T[:, None] * inverse).sum(axis=0).T
        inverses[:, 3, 3] = 1.0
    else:
        inverses[solid] = np.linalg.inv(matrices[solid])
    return solid & finite, inverses
