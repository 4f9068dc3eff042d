"""The open stage as sensors see it: what can be hit, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Usd

import carb
import omni.usd
from kitless.raycast import Scene

from .labels import LabelledPrim, StageLabels
from .semantic_filter import Pair, SemanticFilter


@dataclass(frozen=True)
class Owner:
    """A labelled prim that passes the filters, with the gprims that are its own."""

    prim: LabelledPrim
    pairs: tuple[Pair, ...]
    members: tuple[int, ...]
    """Indices of scene instances."""


@dataclass(frozen=True)
class Owners:
    """Who owns what in a scene, under some filters."""

    owners: tuple[Owner, ...]
    """In path order."""
    of_instance: NDArray[np.int32]
    """(n + 1,): the owner of each scene instance, -1 for unlabelled ones; the last entry stands for no hit."""


def find_owners(scene: Scene, labels: StageLabels, filters: Sequence[SemanticFilter]) -> Owners:
    """Resolve every gprim of the scene to the labelled prim it belongs to."""
    members: dict[LabelledPrim, list[int]] = {}
    pairs_of: dict[LabelledPrim, tuple[Pair, ...]] = {}
    for index, instance in enumerate(scene.instances):
        found = labels.resolve(instance.path, filters)
        if found:
            members.setdefault(found[0], []).append(index)
            pairs_of[found[0]] = found[1]
    order = sorted(members, key=lambda prim: prim.path)
    of_instance = np.full(len(scene.instances) + 1, -1, np.int32)
    for place, prim in enumerate(order):
        of_instance[members[prim]] = place
    return Owners(tuple(Owner(prim, pairs_of[prim], tuple(members[prim])) for prim in order), of_instance)


class Sensors:
    """The scene and the labels of the open stage; made anew when another stage is opened."""

    def __init__(self) -> None:
        self._stage: Usd.Stage | None = None
        self._scene: Scene | None = None
        self._labels: StageLabels | None = None
        self._owners: dict[tuple[SemanticFilter, ...], tuple[list[Sdf.Path], object, Owners]] = {}
        self._warned: set[str] = set()

    def close(self) -> None:
        """Let go of the stage."""
        for part in (self._scene, self._labels):
            if part:
                part.close()
        self._stage = self._scene = self._labels = None
        self._owners.clear()
        self._warned.clear()

    def update(self, time: Usd.TimeCode) -> tuple[Scene, StageLabels]:
        """The scene at a time code, and the labels, of the stage open now. Raises ``RuntimeError`` without one."""
        stage = omni.usd.get_context().get_stage()
        if stage is None:
            raise RuntimeError("No stage is open: nothing can be rendered")
        if stage != self._stage or self._scene is None or self._labels is None:
            self.close()
            self._stage, self._scene, self._labels = stage, Scene(stage), StageLabels(stage)
        self._scene.update(time)
        self._warn_unsupported(self._scene)
        return self._scene, self._labels

    def owners(self, filters: tuple[SemanticFilter, ...]) -> Owners:
        """Who owns what under some filters; computed again only when gprims or labels have come or gone."""
        assert self._scene is not None
        assert self._labels is not None
        # Moved gprims are new instances at the same paths, and their owners stay.
        paths, prims = [instance.path for instance in self._scene.instances], self._labels.prims
        known = self._owners.get(filters)
        if known is None or known[1] is not prims or known[0] != paths:
            known = paths, prims, find_owners(self._scene, self._labels, filters)
            self._owners[filters] = known
        return known[2]

    def _warn_unsupported(self, scene: Scene) -> None:
        for kind, paths in scene.unsupported.items():
            if kind not in self._warned:
                self._warned.add(kind)
                listed = ", ".join(str(path) for path in paths[:3])
                carb.log_warn(f"{kind} prims cannot be drawn yet and are left out: {listed} ({len(paths)} in all)")
