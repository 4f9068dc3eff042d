"""Instances: everything that can be hit, as one long row made of few records."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pxr import Sdf, Usd

    from kitless.raycast.mesh import Mesh
    from kitless.raycast.scan import Gprim

_NONE = np.empty((0, 4, 4))


@dataclass(frozen=True, eq=False)
class Instance:
    """One gprim, or one part of one, that can be hit, at the time of the scene's last update."""

    path: Sdf.Path
    """The gprim's. Below an instance root: the instance proxy's. In a point instancer's prototype: its path there."""
    prim: Usd.Prim
    name: str
    """Unique and stable among gprims: the path, or `<instancer>[<id>]<path below the prototype's root>` for a point
    instance (nested ones accordingly). All parts of one gprim share it."""
    subsets: tuple[Sdf.Path, ...]
    """The face subsets that this part of the gprim is in, in path order; none for a whole gprim or what they leave."""
    transform: NDArray[np.float64]
    """(4, 4) float64 local to world, row vectors: p_world = p_local @ transform."""
    mesh: Mesh
    """Shared by all instances with the same geometry."""


@dataclass(frozen=True, eq=False)
class Roster:
    """Who stands there, wherever: a gprim's part, once or once per point instance. Moving keeps the roster."""

    gprim: Gprim
    subsets: tuple[Sdf.Path, ...]
    ids: NDArray[np.int64]
    """(n, depth) ids of the point instances, outermost instancer first; (1, 0) for an ordinary gprim."""

    @cached_property
    def names(self) -> list[str]:
        """The names of all n."""
        return self.names_at(self.gprim.stems)

    def names_at(self, stems: tuple[str, ...]) -> list[str]:
        """Return stems[0] + "[id]" + stems[1] + … for all n, with as many ids as there are stems less one."""
        names = [stems[0]] * len(self.ids)
        for column, stem in zip(self.ids.T.tolist(), stems[1:], strict=False):
            names = [f"{name}[{number}]{stem}" for name, number in zip(names, column, strict=True)]
        return names


@dataclass(frozen=True, eq=False)
class Copies:
    """A roster with what it looks like and where it is, at one update."""

    roster: Roster
    mesh: Mesh
    transforms: NDArray[np.float64]
    """(n, 4, 4) local to world, row vectors."""
    inverses: NDArray[np.float64]
    """(n, 4, 4) world to local."""
    _made: dict[int, Instance] = field(default_factory=dict)

    def instance(self, index: int) -> Instance:
        """Return one of the n; the same object every time."""
        if index not in self._made:
            gprim, roster = self.roster.gprim, self.roster
            transform, name = self.transforms[index], roster.names[index]
            path = gprim.prim.GetPath()
            self._made[index] = Instance(path, gprim.prim, name, roster.subsets, transform, self.mesh)
        return self._made[index]


class Instances(Sequence[Instance]):
    """A snapshot: later updates of the scene do not change it. Each Instance is made when it is asked for."""

    def __init__(
        self,
        rosters: Sequence[Roster] = (),
        meshes: Sequence[Mesh] = (),
        transforms: NDArray[np.float64] = _NONE,
        inverses: NDArray[np.float64] = _NONE,
    ) -> None:
        """Take rosters (m,), their meshes (m,), and local to world and back (n, 4, 4) of all that they hold."""
        self.rosters = tuple(rosters)
        """Equal (by identity) for as long as the same things can be hit, wherever they are."""
        self.transforms = transforms
        """(n, 4, 4) local to world, row vectors."""
        self.inverses = inverses
        """(n, 4, 4) world to local, row vectors."""
        self.starts = np.cumsum([0, *(len(each.ids) for each in rosters)])
        """(m + 1,) where each of the copies begins; the last is the length."""
        self._meshes = tuple(meshes)

    @cached_property
    def copies(self) -> tuple[Copies, ...]:
        """(m,) what each roster stands for."""
        spans = pairwise(self.starts.tolist())
        return tuple(
            Copies(roster, mesh, self.transforms[first:last], self.inverses[first:last])
            for roster, mesh, (first, last) in zip(self.rosters, self._meshes, spans, strict=True)
        )

    def moved(self, transforms: NDArray[np.float64], inverses: NDArray[np.float64]) -> Instances:
        """Return the same things in other places."""
        there = copy(self)
        there.__dict__.pop("copies", None)
        there.transforms, there.inverses = transforms, inverses
        return there

    def __len__(self) -> int:
        return int(self.starts[-1])

    @overload
    def __getitem__(self, index: int) -> Instance: ...
    @overload
    def __getitem__(self, index: slice) -> list[Instance]: ...
    def __getitem__(self, index: int | slice) -> Instance | list[Instance]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        which = bisect_right(self.starts, place) - 1
        return self.copies[which].instance(place - int(self.starts[which]))

    @cached_property
    def extents(self) -> NDArray[np.float64]:
        """(n, 2, 3): smallest and largest local coordinates of each."""
        if not self.rosters:
            return np.empty((0, 2, 3))
        extents = np.stack([mesh.extent for mesh in self._meshes])
        return np.repeat(extents, np.diff(self.starts), axis=0)
