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
from kitless.raycast.lights import Lights, read_lights
from kitless.raycast.looks import Looks
from kitless.raycast.occurrence import Occurrence
from kitless.raycast.placing import place
from kitless.raycast.scan import Finds, Scan
from kitless.raycast.store import MeshStore
from kitless.raycast.tables import Tables, is_open, tabulate
from kitless.raycast.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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
        self._unsupported: dict[str, str] = {}
        self._instancers: dict[str, set[str]] = {}
        self._geometries = np.empty(0, np.int64)
        self._drawn: list[tuple[Occurrence, Part]] = []
        self._xforms = UsdGeom.XformCache()
        self._instances = Instances()
        self._looks = Looks()
        self._light_prims: dict[str, Usd.Prim] = {}
        self._lights = Lights()
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
            edits.recomposed.update(self._reposed(edits))
            self._scan_again(edits.recomposed)
            self._refresh(edits, time)
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

    def _scan_again(self, roots: Iterable[str]) -> None:
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
            self._occurrences.update((key, Occurrence(gprim)) for key, gprim in finds.gprims.items())
        if outermost:
            self._occurrences = dict(sorted(self._occurrences.items()))
            self._places = sorted((place, key) for key, o in self._occurrences.items() for place in o.gprim.places)

    def _whole(self, roots: Iterable[str]) -> Iterator[str]:
        """Yield where to scan from: the prims themselves, but gprims with their subsets and instancers whole."""
        for root in roots:
            above = map(str, Sdf.Path(root).GetAncestorsRange())
            yield next((path for path in above if path in self._occurrences), root)
            for instancer, prototypes in self._instancers.items():
                if any(_is_within(root, p) or _is_within(p, root) for p in (instancer, *prototypes)):
                    yield instancer

    def _refresh(self, edits: Edits, time: Usd.TimeCode) -> None:
        ticked = time != self.time
        # One time sample beside a default value counts as constant, so a step between the two renews all.
        renew = time.IsDefault() != self.time.IsDefault()
        self.time = time
        moved = self._concerned(edits.moved, lambda o: o.is_new or renew or (ticked and o.gprim.moves))
        shown = self._concerned(edits.shown, lambda o: o.is_new or renew or (ticked and o.gprim.blinks))
        reshaped = [
            o
            for o in self._occurrences.values()
            if o.is_new
            or renew
            or (ticked and o.gprim.deforms)
            or o.gprim.places[0] in edits.reshaped
            or o.gprim.source in edits.reshaped
        ]
        place(moved, self._xforms_at(edits, time))
        for occurrence in shown:
            occurrence.show(time)
        readings: dict[str, Mesh] = {}
        for occurrence in reshaped:
            occurrence.shape(occurrence.read(time, readings), time, self._store, self._device, self._top)
        repainted = self._paint(edits, ticked or renew)
        if ticked or edits.recomposed or edits.moved or edits.shown or edits.shaded:
            self._light(time)
        if moved or shown or reshaped or repainted or edits.recomposed:
            self._settle(moved, only_moved=not (shown or reshaped or repainted or edits.recomposed))

    def _xforms_at(self, edits: Edits, time: Usd.TimeCode) -> UsdGeom.XformCache:
        # What it knows of the prims' operations holds until any is edited, whatever the time.
        if edits.moved or edits.recomposed or edits.rebound:
            self._xforms = UsdGeom.XformCache(time)
        self._xforms.SetTime(time)
        return self._xforms

    def _paint(self, edits: Edits, ticked: bool) -> bool:
        """Bring materials up to date; return whether any was read."""
        unbound = any(not occurrence.is_bound for occurrence in self._occurrences.values())
        rebound = bool(edits.recomposed or edits.rebound or unbound)
        if rebound:
            self._looks.bind(self._occurrences.values())
        if rebound or edits.shaded or (ticked and self._looks.is_animated):
            self._looks.read(self.time)
            return True
        return False

    def _light(self, time: Usd.TimeCode) -> None:
        before = self._lights.domes
        self._lights = read_lights([prim for _, prim in sorted(self._light_prims.items())], time)
        if [dome.key for dome in self._lights.domes] != [dome.key for dome in before]:
            self._environment = of_domes(self._lights.domes)

    def _settle(self, moved: Sequence[Occurrence], *, only_moved: bool) -> None:
        """Make the top scene and the tables follow the occurrences."""
        if not only_moved:
            self._open_parts()
        stale = [o for o in self._occurrences.values() for part in o.parts if len(part.slots) != o.count]
        changed = {o: o.settle(self._device, self._top) for o in dict.fromkeys(stale)}
        self._place([(o, part) for o, parts in (changed | {o: o.parts for o in moved}).items() for part in parts])
        self._device.commit(self._top)
        self._device.check()
        if not only_moved or any(changed.values()):
            self._call_roll()
        transforms = np.concatenate([np.empty((0, 4, 4)), *(o.transforms for o, _ in self._drawn)])
        inverses = np.concatenate([np.empty((0, 4, 4)), *(o.inverses for o, _ in self._drawn)])
        self._instances = self._instances.moved(transforms, inverses)
        self._tables = replace(self._tables, transforms=transforms, inverses=inverses)

    def _open_parts(self) -> None:
        """Let rays pass through what has holes."""
        for occurrence in self._occurrences.values():
            for part in occurrence.parts:
                part.open(self._device, is_open=is_open(occurrence, part, self._looks.palette))

    def _call_roll(self) -> None:
        """Make anew what stays the same while things only move."""
        self._drawn = [(o, part) for o in self._occurrences.values() if o.count for part in o.parts]
        self._geometries = np.concatenate([np.empty(0, np.int64), *(part.geometries for _, part in self._drawn)])
        standing = [pair for o in self._occurrences.values() for pair in o.rosters()]
        self._instances = Instances([roster for roster, _ in standing], [mesh for _, mesh in standing])
        self._tables = tabulate(self._drawn, self._instances, self._looks.palette)

    def _place(self, parts: Sequence[tuple[Occurrence, Part]]) -> None:
        standing = [(o.transforms, part.geometries) for o, part in parts if len(part.geometries)]
        if standing:
            handles = np.concatenate([geometries for _, geometries in standing])
            places = np.concatenate([transforms for transforms, _ in standing])[:, :, :3].astype(np.float32)
            place_instances(handles, places.reshape(-1, 12))

    def _concerned(self, roots: Iterable[str], also: Callable[[Occurrence], bool]) -> list[Occurrence]:
        """Return the occurrences at or below some roots, and those that `also` holds for."""
        below = {key for root in roots for key in self._below(root)}
        # An edit in a prototype is reported once, in its own namespace; it concerns some instances.
        shared = any(is_prototype(root) for root in roots)
        return [o for key, o in self._occurrences.items() if key in below or also(o) or (shared and o.gprim.is_shared)]

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


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")


def _outermost(roots: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for root in sorted(set(roots)):
        if not any(_is_within(root, k) for k in kept):
            kept.append(root)
    return kept
