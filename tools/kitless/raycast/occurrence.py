"""Occurrence: the changing record behind the instances of one gprim."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from pxr import UsdGeom

from kitless.raycast.gprims import read_mesh
from kitless.raycast.instances import Roster
from kitless.raycast.parts import split
from kitless.raycast.placing import Cohort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pxr import Sdf, Usd

    from kitless.raycast.embree import Device
    from kitless.raycast.mesh import Mesh
    from kitless.raycast.scan import Gprim
    from kitless.raycast.store import MeshStore, Stored

_NOWHERE = np.empty(0, np.int64)
_NOBODY = Cohort([])


@dataclass(eq=False)
class Part:
    """A gprim's faces that are in the same subsets; of most gprims: all. One Embree instance per place."""

    subsets: tuple[Sdf.Path, ...]
    stored: Stored
    geometries: NDArray[np.int64] = field(default_factory=_NOWHERE.copy)
    """(n,) Embree's geometries in the top scene."""
    slots: NDArray[np.int64] = field(default_factory=_NOWHERE.copy)
    """(n,) what their hits report."""
    material: int = -1
    """Position in the scene's materials."""
    is_open: bool = False
    """Whether rays may pass through it, as Embree's masks have it."""
    roster: Roster | None = None
    """What Scene.instances shows; made anew when something of it changes."""

    def stand(self, count: int, device: Device, top: int) -> bool:
        """Stand in the top scene that many times with the present geometry; return whether anything had to change."""
        more = count - len(self.slots)
        if not more:
            return False
        if more > 0:
            made = [device.instance(self.stored.scene, is_open=self.is_open) for _ in range(more)]
            self.geometries = np.append(self.geometries, np.array(made, np.int64))
            self.slots = np.append(self.slots, [device.attach(top, geometry) for geometry in made])
        for slot, geometry in zip(self.slots[count:].tolist(), self.geometries[count:].tolist(), strict=True):
            device.detach(top, slot)
            device.release_geometry(geometry)
        self.geometries, self.slots = self.geometries[:count], self.slots[:count]
        return True

    def open(self, device: Device, *, is_open: bool) -> None:
        """Let rays pass or not."""
        if is_open != self.is_open:
            self.is_open = is_open
            for geometry in self.geometries.tolist():
                device.open(geometry, is_open=is_open)


@dataclass(eq=False)
class Occurrence:
    """A gprim on the stage, or in a point instancer's prototype and so in many places at once."""

    gprim: Gprim
    cohort: Cohort = _NOBODY
    """What holds its places, from `first` to `last` (exclusive)."""
    first: int = 0
    last: int = 0
    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 0), np.int64))
    """(n, depth), as Roster has them."""
    visible: bool = True
    parts: list[Part] = field(default_factory=list)
    """None if there is nothing to hit."""
    colour: NDArray[np.float32] | None = None
    """(1, 3) linear display colour inherited from an ancestor, if the mesh has none."""
    opacity: NDArray[np.float32] | None = None
    """(1, 1) display opacity, accordingly."""
    is_bound: bool = False
    """Whether all parts' materials have been resolved."""

    @property
    def transforms(self) -> NDArray[np.float64]:
        """(n, 4, 4) local to world of each place; flat (singular) ones, where nothing can be seen, are left out."""
        return self.cohort.transforms[self.first : self.last]

    @property
    def inverses(self) -> NDArray[np.float64]:
        """(n, 4, 4) world to local of each place."""
        return self.cohort.inverses[self.first : self.last]

    @property
    def count(self) -> int:
        """How many times it is to be hit now."""
        return self.last - self.first if self.visible else 0

    def show(self, time: Usd.TimeCode) -> None:
        """Read the visibility: within prototypes up to their roots, and of the outermost instancer from there up."""
        path, chain = self.gprim.prim, self.gprim.chain
        self.visible = True
        for link in reversed(chain):
            self.visible = self.visible and not _is_hidden_within(path, link.root, time)
            path = link.instancer
        self.visible = self.visible and UsdGeom.Imageable(path).ComputeVisibility(time) != UsdGeom.Tokens.invisible

    def read(self, time: Usd.TimeCode, readings: dict[str, Mesh]) -> Mesh:
        """Return the geometry; instances of one prototype share what is read, in readings, but for skins."""
        prim, source, skin = self.gprim.prim, self.gprim.source, self.gprim.skin
        if skin is not None:
            return read_mesh(prim, time, skin)
        if source not in readings:
            readings[source] = read_mesh(prim, time, None)
        return readings[source]

    def shape(self, mesh: Mesh, time: Usd.TimeCode, store: MeshStore, device: Device, top: int) -> bool:
        """Take in the geometry that read() gave; return whether it is another than before."""
        before = {part.subsets: part for part in self.parts}
        found = {subsets: store.take(part) for subsets, part in split(self.gprim.prim, mesh, time) if not part.is_empty}
        same = {subsets: part.stored for subsets, part in before.items()} == found
        for part in self.parts:
            store.give_back(part.stored)
            if not same:
                part.stand(0, device, top)
        if same:
            return False
        self.parts = [before.get(subsets, Part(subsets, stored)) for subsets, stored in found.items()]
        for part in self.parts:
            part.stored = found[part.subsets]
        self.is_bound = self.is_bound and all(subsets in before for subsets in found)
        return True

    def drop(self, store: MeshStore) -> None:
        """Give the geometry back."""
        for part in self.parts:
            store.give_back(part.stored)
        self.parts = []

    def settle(self, device: Device, top: int) -> list[Part]:
        """Stand in the top scene as often as is to be hit; return the parts that changed."""
        return [part for part in self.parts if part.stand(self.count, device, top)]

    def rosters(self) -> Iterator[tuple[Roster, Mesh]]:
        """Yield what each part is, if it is to be hit at all."""
        for part in self.parts if self.count else ():
            if part.roster is None or part.roster.ids is not self.ids:
                part.roster = Roster(self.gprim, part.subsets, self.ids)
            yield part.roster, part.stored.mesh


def _is_hidden_within(prim: Usd.Prim, root: Usd.Prim, time: Usd.TimeCode) -> bool:
    while True:
        imageable = UsdGeom.Imageable(prim)
        if imageable and imageable.GetVisibilityAttr().Get(time) == UsdGeom.Tokens.invisible:
            return True
        if prim == root:
            return False
        prim = prim.GetParent()
