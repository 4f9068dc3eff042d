"""Scene: everything on a stage that a ray can hit, kept up to date by USD's notices."""

from __future__ import annotations

import bisect
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pxr import Sdf, Usd, UsdGeom

from kitless.raycast.edits import Edits, StageWatch, is_prototype
from kitless.raycast.embree import Device
from kitless.raycast.environment import Environment, of_domes
from kitless.raycast.errors import RaycastError
from kitless.raycast.heap import keep_freed_memory
from kitless.raycast.instances import Instances
from kitless.raycast.kernels import place_instances
from kitless.raycast.lights import Lights, are_animated, read_lights
from kitless.raycast.looks import Looks
from kitless.raycast.occurrence import Occurrence
from kitless.raycast.placing import Cohort
from kitless.raycast.scan import Finds, Scan
from kitless.raycast.store import MeshStore
from kitless.raycast.tables import Tables, is_open, tabulate
from kitless.raycast.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from kitless.raycast.mesh import Mesh
    from kitless.raycast.occurrence import Part


class Scene:
    """What can be hit on a stage. Nothing is read before the first update().

    One search tree per distinct geometry; each gprim occurrence is an Embree instance of one. An update costs what
    changed: a moved prim its transform, a changed mesh its tree, a recomposed prim the part of the stage below it.
    """

    def __init__(self, stage: Usd.Stage) -> None:
        keep_freed_memory()
        self.stage = stage
        self.workers = Workers()
        self.time = Usd.TimeCode.Default()
        self._device = Device()
        self._top = self._device.top_scene()
        self._store = MeshStore(self._device)
        self._watch = StageWatch(stage)
        self._occurrences: dict[str, Occurrence] = {}
        self._places: list[tuple[str, str]] = []
        self._sort_by_time()
        self._unsupported: dict[str, str] = {}
        self._instancers: dict[str, set[str]] = {}
        self._geometries = np.empty(0, np.int64)
        self._drawn: list[tuple[Occurrence, Part]] = []
        self._xforms = UsdGeom.XformCache()
        self._instances = Instances()
        self._looks = Looks()
        self._light_prims: dict[str, Usd.Prim] = {}
        self._lights = Lights()
        self._lights_vary = False
        self._environment = of_domes(())
        self._tables = tabulate([], self._instances, self._looks.palette)
        self._closed = False

    @property
    def instances(self) -> Instances:
        """What can be hit; positions are the values of Hits.instance. Hidden and empty: not here.

        Ordered by the gprim's path, then by subsets; the point instances of one gprim in their instancer's order.
        """
        return self._instances

    @property
    def unsupported(self) -> Mapping[str, list[Sdf.Path]]:
        """Type names that cannot be drawn yet, each with the prims of the stage that have it."""
        found: dict[str, list[Sdf.Path]] = {}
        for path, kind in sorted(self._unsupported.items()):
            found.setdefault(kind, []).append(Sdf.Path(path))
        return found

    @property
    def tables(self) -> Tables:
        """The state of the last update as arrays."""
        return self._tables

    @property
    def lights(self) -> Lights:
        """The lights as of the last update."""
        return self._lights

    @property
    def environment(self) -> Environment:
        """The domes as of the last update."""
        return self._environment

    @property
    def handle(self) -> int:
        """Embree's scene; of use to the kernels while this scene is open."""
        if self._closed:
            raise RaycastError("this scene is closed")
        return self._top

    def update(self, time: Usd.TimeCode) -> None:
        """Bring everything to `time`. Raises GeometryError, naming the prim, for a mesh that contradicts itself."""
        _ = self.handle
        edits = self._watch.take()
        try:
            edits.recomposed.update(self._reposed(edits), self._retimed(edits))
            new = self._scan_again(edits.recomposed)
            self._refresh(edits, new, time)
        except RaycastError:
            # Half of the edits may be in: the next update starts from nothing rather than from that.
            self._watch.expect_everything()
            raise

    @contextmanager
    def apart(self, groups: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        """Give, per group of positions in `instances`, an Embree scene of those instances alone."""
        _ = self.handle
        scenes = []
        try:
            for group in groups:
                scenes.append(self._device.top_scene())
                for position in group:
                    self._device.attach(scenes[-1], int(self._geometries[position]))
                self._device.commit(scenes[-1])
            self._device.check()
            yield scenes
        finally:
            for scene in scenes:
                self._device.release_scene(scene)

    def close(self) -> None:
        """Stop watching the stage and free all memory; closing twice is fine."""
        if self._closed:
            return
        self._watch.close()
        self.workers.close()
        self._forget(list(self._occurrences))
        self._device.release_scene(self._top)
        self._device.close()
        self._closed = True

    def _reposed(self, edits: Edits) -> list[str]:
        """Return the paths of what is bound to a skeleton that was edited, and needs binding again."""
        if not (edits.moved or edits.reshaped):
            return []
        skinned = ((o.gprim.places[0], o.gprim.skin) for o in self._occurrences.values())
        return [path for path, skin in skinned if skin and skin.is_touched_by(edits.moved, edits.reshaped)]

    def _retimed(self, edits: Edits) -> Iterator[str]:
        """Yield the prims above what begins to vary with time."""
        for root in edits.keyed:
            below = [self._occurrences[key].gprim for key in self._below(root)]
            known = (
                root not in edits.moved or all(gprim.moves for gprim in below),
                root not in edits.shown or all(gprim.blinks for gprim in below),
                root not in edits.reshaped or all(gprim.deforms for gprim in below),
            )
            if is_prototype(root):
                yield "/"
            elif not all(known):
                yield root

    def _scan_again(self, roots: Iterable[str]) -> set[Occurrence]:
        """Forget what is at or below some prims and look there again; return what was found."""
        new: set[Occurrence] = set()
        outermost = _outermost(self._whole(roots))
        for root in outermost:
            self._forget(self._below(root))
            for known in (self._unsupported, self._light_prims, self._instancers):
                for path in [p for p in known if _is_within(p, root)]:
                    del known[path]
        for root in outermost:
            prim = self.stage.GetPrimAtPath(root)
            finds = Scan().walk(prim) if prim else Finds()
            self._unsupported.update(finds.unsupported)
            self._light_prims.update(finds.lights)
            self._instancers.update(finds.instancers)
            found = {key: Occurrence(gprim) for key, gprim in finds.gprims.items()}
            self._occurrences.update(found)
            new.update(found.values())
        if outermost:
            self._occurrences = dict(sorted(self._occurrences.items()))
            self._places = sorted((place, key) for key, o in self._occurrences.items() for place in o.gprim.places)
            self._sort_by_time()
        return new

    def _sort_by_time(self) -> None:
        every = self._occurrences.values()
        self._moving = [o for o in every if o.gprim.moves]
        self._blinking = [o for o in every if o.gprim.blinks]
        self._deforming = [o for o in every if o.gprim.deforms]
        self._travellers = Cohort(self._moving, is_lasting=True)

    def _whole(self, roots: Iterable[str]) -> Iterator[str]:
        """Yield where to scan from: the prims themselves, but gprims with their subsets and instancers whole."""
        for root in roots:
            above = map(str, Sdf.Path(root).GetAncestorsRange())
            yield next((path for path in above if path in self._occurrences), root)
            for instancer, prototypes in self._instancers.items():
                if any(_is_within(root, p) or _is_within(p, root) for p in (instancer, *prototypes)):
                    yield instancer

    def _refresh(self, edits: Edits, new: set[Occurrence], time: Usd.TimeCode) -> None:
        ticked = time != self.time
        # One time sample beside a default value counts as constant, so a step between the two renews all.
        renew = time.IsDefault() != self.time.IsDefault()
        self.time = time

        def concerned(edited: set[Occurrence], varying: list[Occurrence]) -> list[Occurrence]:
            due = varying if ticked else []
            chosen = edited | new
            if chosen:
                chosen.update(due)
            return [o for o in self._occurrences.values() if renew or o in chosen] if renew or chosen else due

        remade = self._touched(edits.moved)
        moved = concerned(remade, self._moving)
        shown = concerned(self._touched(edits.shown), self._blinking)
        reshaped = concerned(self._reshaped(edits.reshaped), self._deforming)
        if remade or edits.recomposed or edits.rebound:
            # What it knows of the prims' operations holds until any is edited, whatever the time.
            self._xforms = UsdGeom.XformCache(time)
            self._travellers = Cohort(self._moving, is_lasting=True)
        self._xforms.SetTime(time)
        cohort = self._travellers if moved is self._moving else Cohort(moved)
        stand = cohort.read(self._xforms)
        for occurrence in shown:
            occurrence.show(time)
        readings: dict[str, Mesh] = {}
        for occurrence in reshaped:
            occurrence.shape(occurrence.read(time, readings), time, self._store, self._device, self._top)
        repainted = self._paint(edits, reshaped, ticked)
        self._light(edits, renew or (ticked and self._lights_vary))
        if shown or reshaped or repainted or edits.recomposed:
            self._open_parts()
            self._settle(moved, reordered=True)
        elif not stand:
            self._settle(moved, reordered=False)
        elif moved:
            self._march(cohort)

    def _paint(self, edits: Edits, reshaped: Sequence[Occurrence], ticked: bool) -> bool:
        """Bring materials up to date; return whether any was read."""
        unbound = any(not occurrence.is_bound for occurrence in reshaped)
        rebound = bool(edits.recomposed or edits.rebound or unbound)
        if rebound:
            self._looks.bind(self._occurrences.values())
        if rebound or edits.shaded or (ticked and self._looks.is_animated):
            self._looks.read(self.time)
            return True
        return False

    def _light(self, edits: Edits, due: bool) -> None:
        """Bring lights up to date, if they are edited or due."""
        edited = bool(edits.recomposed or edits.moved or edits.shown or edits.shaded)
        if not (edited or due):
            return
        prims = [prim for _, prim in sorted(self._light_prims.items())]
        if edited:
            self._lights_vary = are_animated(prims)
        before = self._lights.domes
        self._lights = read_lights(prims, self.time)
        if [dome.key for dome in self._lights.domes] != [dome.key for dome in before]:
            self._environment = of_domes(self._lights.domes)

    def _march(self, cohort: Cohort) -> None:
        """Let the top scene and the tables follow when things have moved and nothing else."""
        ranks = cohort.ranks(self._drawn, self._instances.starts)
        there, back = self._instances.transforms.copy(), self._instances.inverses.copy()
        moved = cohort.transforms[ranks.places]
        there[ranks.rows], back[ranks.rows] = moved, cohort.inverses[ranks.places]
        self._place(ranks.geometries, moved)
        self._take_places(there, back)

    def _settle(self, moved: Sequence[Occurrence], *, reordered: bool) -> None:
        """Make the top scene and the tables follow the occurrences."""
        stale = [o for o in self._occurrences.values() for part in o.parts if len(part.slots) != o.count]
        changed = {o: o.settle(self._device, self._top) for o in dict.fromkeys(stale)}
        standing = [(o, part) for o, parts in (changed | {o: o.parts for o in moved}).items() for part in parts]
        standing = [(o, part) for o, part in standing if len(part.geometries)]
        self._place(_joined([part.geometries for _, part in standing]), _matrices([o.transforms for o, _ in standing]))
        if reordered or any(changed.values()):
            self._call_roll()
        self._take_places(
            _matrices([o.transforms for o, _ in self._drawn]), _matrices([o.inverses for o, _ in self._drawn])
        )

    def _open_parts(self) -> None:
        """Let rays pass through what has holes."""
        for occurrence in self._occurrences.values():
            for part in occurrence.parts:
                part.open(self._device, is_open=is_open(occurrence, part, self._looks.palette))

    def _call_roll(self) -> None:
        """Make anew what stays the same while things only move."""
        self._drawn = [(o, part) for o in self._occurrences.values() if o.count for part in o.parts]
        self._geometries = _joined([part.geometries for _, part in self._drawn])
        standing = [pair for o in self._occurrences.values() for pair in o.rosters()]
        self._instances = Instances([roster for roster, _ in standing], [mesh for _, mesh in standing])
        self._tables = tabulate(self._drawn, self._instances, self._looks.palette)

    def _place(self, geometries: NDArray[np.int64], transforms: NDArray[np.float64]) -> None:
        if len(geometries):
            columns = transforms[:, :, :3].astype(np.float32)
            place_instances(geometries, columns.reshape(-1, 12))
        self._device.commit(self._top)
        self._device.check()

    def _take_places(self, transforms: NDArray[np.float64], inverses: NDArray[np.float64]) -> None:
        self._instances = self._instances.moved(transforms, inverses)
        self._tables = replace(self._tables, transforms=transforms, inverses=inverses)

    def _touched(self, roots: Iterable[str]) -> set[Occurrence]:
        """Return the occurrences at or below some prims, or placed by an instancer there."""
        touched = {self._occurrences[key] for root in roots for key in self._below(root)}
        # An edit in a prototype is reported once, in its own namespace; it concerns some instances.
        if any(is_prototype(root) for root in roots):
            touched.update(o for o in self._occurrences.values() if o.gprim.is_shared)
        return touched

    def _reshaped(self, prims: set[str]) -> set[Occurrence]:
        """Return the occurrences of some gprims."""
        every = self._occurrences.values() if prims else ()
        return {o for o in every if o.gprim.places[0] in prims or o.gprim.source in prims}

    def _below(self, root: str) -> set[str]:
        """Return the keys of what is at or below a prim path, or is placed by an instancer there."""
        first = bisect.bisect_left(self._places, (root, ""))
        # "0" follows "/" in ASCII, and nothing below it may stand in a path: [root/, root0) is what is inside.
        last = bisect.bisect_left(self._places, (root.rstrip("/") + "0", ""))
        return {key for place, key in self._places[first:last] if _is_within(place, root)}

    def _forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            occurrence = self._occurrences.pop(key)
            for part in occurrence.parts:
                part.stand(0, self._device, self._top)
            occurrence.drop(self._store)
        self._places = [(place, key) for place, key in self._places if key in self._occurrences]


def _joined(positions: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *positions])


def _matrices(several: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate([np.empty((0, 4, 4)), *several])


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def _outermost(roots: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for root in sorted(set(roots)):
        if not any(_is_within(root, k) for k in kept):
            kept.append(root)
    return kept
