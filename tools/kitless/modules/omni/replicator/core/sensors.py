"""The open stage as sensors see it: what can be hit, and whose it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Usd

import carb
import carb.settings
import omni.usd
from kitless.raycast import Instances, Scene
from kitless.raycast.instances import Roster
from kitless.raycast.point_instances import Link

from .labels import DEFAULT_MODE, MODES, Found, LabelledPrim, StageLabels
from .semantic_filter import Pair, SemanticFilter

PER_SUBSET = "/syntheticdata/sensors/perSubsetSegmentation"
"""Setting: whether labels of face subsets count. Kit's default is false, and they are lost without a word; here it is
true. With false, a mesh whose only labels are its subsets' is unlabelled, as in Kit."""
RESOLVE = "/exts/simslate.recorder/labels/resolve"
"""Setting: which labels of ancestors count, one of ``MODES``. It is read once per frame, for all annotators."""

Groups: TypeAlias = tuple[tuple[int, ...], ...]
"""Groups of indices of scene instances."""
T = TypeVar("T")


@dataclass(frozen=True)
class Owner:
    """A labelled prim (or one point instance of it) that passes the filters, with the gprims that are its own."""

    prim: LabelledPrim
    pairs: tuple[Pair, ...]
    members: tuple[int, ...]
    """Indices of scene instances."""
    gprims: int
    """How many gprims they are; one that is cut into parts by its subsets is still one."""
    chain: tuple[Link, ...] = ()
    """The point instancers that make it one of many, outermost first."""
    ids: tuple[int, ...] = ()
    """Which of their instances it is."""


@dataclass(frozen=True)
class Owners:
    """Who owns what in a scene, under some filters."""

    owners: tuple[Owner, ...]
    """In path order; point instances in the order of their ids in the instancer."""
    of_instance: NDArray[np.int32]
    """(n + 1,): the owner of each scene instance, -1 for unlabelled ones; the last entry stands for no hit."""

    @cached_property
    def groups(self) -> Groups:
        """The members of each owner."""
        return tuple(owner.members for owner in self.owners)


@dataclass(frozen=True)
class Leaves:
    """The gprims of a scene, each point instance counted, and labelled face subsets apart from their meshes."""

    names: tuple[str, ...]
    numbers: NDArray[np.uint32]
    """Of each leaf: given at its first appearance, and kept."""
    of_instance: NDArray[np.int32]
    """(n + 1,): the leaf of each scene instance; the last entry, -1, stands for no hit."""

    @cached_property
    def groups(self) -> Groups:
        """The scene instances that each leaf is made of."""
        groups: list[list[int]] = [[] for _ in self.names]
        for index, leaf in enumerate(self.of_instance[:-1].tolist()):
            groups[leaf].append(index)
        return tuple(map(tuple, groups))


def counting_subsets(roster: Roster) -> tuple[Sdf.Path, ...]:
    """The subsets of a part that may have labels, as the setting has it."""
    wanted = carb.settings.get_settings().get(PER_SUBSET)
    return roster.subsets if wanted is None or wanted else ()


def names_of(roster: Roster, path: Sdf.Path, depth: int) -> list[str]:
    """The name of each copy of a prim that a roster's gprim is in, or of a subset of it."""
    chain = roster.gprim.chain[:depth]
    if not chain:
        return [str(path)] * len(roster.ids)
    within = "" if path == chain[-1].instancer.GetPath() else str(path)[len(str(chain[-1].root.GetPath())) :]
    return roster.names_at((*roster.gprim.stems[:depth], within))


def find_owners(instances: Instances, labels: StageLabels, filters: Sequence[SemanticFilter]) -> Owners:
    """Resolve every gprim of the scene to the labelled prim it belongs to."""
    founds: dict[str, tuple[Found, Roster, int]] = {}
    members: dict[str, list[int]] = {}
    gprims: dict[str, set[str]] = {}
    for roster, start in zip(instances.rosters, instances.starts.tolist(), strict=False):
        found = labels.resolve_part(roster.gprim, counting_subsets(roster), filters)
        if found is None:
            continue
        for row, name in enumerate(names_of(roster, found.path, found.depth)):
            founds.setdefault(name, (found, roster, row))
            members.setdefault(name, []).append(start + row)
            gprims.setdefault(name, set()).add(roster.names[row])
    order = sorted(founds, key=lambda name: founds[name][0].path)
    of_instance = np.full(len(instances) + 1, -1, np.int32)
    for place, name in enumerate(order):
        of_instance[members[name]] = place
    owners = []
    for name in order:
        found, roster, row = founds[name]
        place_of = roster.gprim.chain[: found.depth], tuple(roster.ids[row, : found.depth].tolist())
        prim = labels.named(found, name)
        owners.append(Owner(prim, found.pairs, tuple(members[name]), len(gprims[name]), *place_of))
    return Owners(tuple(owners), of_instance)


def find_leaves(instances: Instances, labels: StageLabels) -> Leaves:
    """Name and number everything that can be hit."""
    names: list[str] = []
    for roster in instances.rosters:
        own = next((path for path in counting_subsets(roster) if labels.own(path)), None)
        names += roster.names if own is None else names_of(roster, own, len(roster.gprim.chain))
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    of_instance = np.array([*(places[name] for name in names), -1], np.int32)
    numbers = np.array([labels.leaf_number(name) for name in places], np.uint32)
    return Leaves(tuple(places), numbers, of_instance)


class Sensors:
    """The scene and the labels of the open stage; made anew when another stage is opened."""

    def __init__(self) -> None:
        self._stage: Usd.Stage | None = None
        self._scene: Scene | None = None
        self._labels: StageLabels | None = None
        self._known: dict[object, tuple[tuple[object, ...], Any]] = {}
        self._warned: set[str] = set()
        self._refused: object = None

    def close(self) -> None:
        """Let go of the stage."""
        for part in (self._scene, self._labels):
            if part:
                part.close()
        self._stage = self._scene = self._labels = None
        self._known.clear()
        self._warned.clear()

    def update(self, time: Usd.TimeCode) -> tuple[Scene, StageLabels]:
        """The scene at a time code, and the labels, of the stage open now. Raises ``RuntimeError`` without one."""
        stage = omni.usd.get_context().get_stage()
        if stage is None:
            raise RuntimeError("No stage is open: nothing can be rendered")
        if stage != self._stage or self._scene is None or self._labels is None:
            self.close()
            self._stage, self._scene, self._labels = stage, Scene(stage), StageLabels(stage)
        self._labels.mode = self._mode()
        self._scene.update(time)
        self._warn_unsupported(self._scene)
        return self._scene, self._labels

    def owners(self, filters: tuple[SemanticFilter, ...]) -> Owners:
        """Who owns what under some filters."""
        return self._lasting(filters, lambda instances, labels: find_owners(instances, labels, filters))

    def leaves(self) -> Leaves:
        """What can be hit, by name."""
        return self._lasting("leaves", find_leaves)

    def _lasting(self, key: object, find: Callable[[Instances, StageLabels], T]) -> T:
        """What `find` gives; asked again only when gprims, labels or the setting have changed, not when things move."""
        assert self._scene is not None
        assert self._labels is not None
        instances = self._scene.instances
        state = instances.rosters, self._labels.prims, carb.settings.get_settings().get(PER_SUBSET)
        known = self._known.get(key)
        if known is None or known[0][0] != state[0] or known[0][1] is not state[1] or known[0][2] != state[2]:
            known = state, find(instances, self._labels)
            self._known[key] = known
        result: T = known[1]
        return result

    def _mode(self) -> str:
        wanted = carb.settings.get_settings().get(RESOLVE)
        known = wanted is None or wanted in tuple(MODES)
        if not known and wanted != self._refused:
            carb.log_error(f"{RESOLVE} is {wanted!r}, not one of {', '.join(MODES)}: taken as {DEFAULT_MODE}")
        self._refused = None if known else wanted
        return wanted if known and wanted else DEFAULT_MODE

    def _warn_unsupported(self, scene: Scene) -> None:
        for kind, paths in scene.unsupported.items():
            if kind not in self._warned:
                self._warned.add(kind)
                listed = ", ".join(str(path) for path in paths[:3])
                carb.log_warn(f"{kind} prims cannot be drawn yet and are left out: {listed} ({len(paths)} in all)")
