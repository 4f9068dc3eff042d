"""Scene: everything on a stage that a ray can hit, kept up to date by USD's notices."""

from __future__ import annotations

import bisect
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from pxr import Sdf, Usd, UsdGeom

from kitless.raycast.edits import Edits, StageWatch, is_prototype
from kitless.raycast.embree import Device
from kitless.raycast.environment import Environment, of_domes
from kitless.raycast.errors import RaycastError
from kitless.raycast.kernels import place_instances
from kitless.raycast.lights import Lights, read_lights
from kitless.raycast.looks import Looks
from kitless.raycast.occurrence import Instance, Occurrence
from kitless.raycast.scan import Finds, Scan
from kitless.raycast.store import MeshStore
from kitless.raycast.tables import Tables, tabulate
from kitless.raycast.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


class Scene:
    """What can be hit on a stage. Nothing is read before the first update().

    One search tree per distinct geometry; each gprim occurrence is an Embree instance of one. An update costs what
    changed: a moved prim its transform, a changed mesh its tree, a recomposed prim the part of the stage below it.
    """

    def __init__(self, stage: Usd.Stage) -> None:
        self.stage = stage
        self.workers = Workers()
        self.time = Usd.TimeCode.Default()
        self._device = Device()
        self._top = self._device.top_scene()
        self._store = MeshStore(self._device)
        self._watch = StageWatch(stage)
        self._occurrences: dict[str, Occurrence] = {}
        self._paths: list[str] = []
        self._unsupported: dict[str, str] = {}
        self._drawn: list[Occurrence] = []
        self._instances: tuple[Instance, ...] = ()
        self._looks = Looks()
        self._light_prims: dict[str, Usd.Prim] = {}
        self._lights = Lights()
        self._environment = of_domes(())
        self._tables = tabulate([], self._looks.palette)
        self._closed = False

    @property
    def instances(self) -> Sequence[Instance]:
        """What can be hit, ordered by path; positions are the values of Hits.instance. Hidden and empty: not here."""
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
                    self._device.attach(scenes[-1], self._drawn[position].geometry)
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
        self._forget(self._paths)
        self._device.release_scene(self._top)
        self._device.close()
        self._closed = True

    def _scan_again(self, roots: Iterable[str]) -> None:
        outermost = _outermost(roots)
        for root in outermost:
            self._forget(self._below(root))
            for known in (self._unsupported, self._light_prims):
                for path in [p for p in known if p == root or p.startswith(_inside(root))]:
                    del known[path]
        for root in outermost:
            prim = self.stage.GetPrimAtPath(root)
            finds = Scan().walk(prim) if prim else Finds()
            self._unsupported.update(finds.unsupported)
            self._light_prims.update(finds.lights)
            self._occurrences.update((path, Occurrence(gprim)) for path, gprim in finds.gprims.items())
        if outermost:
            self._paths = sorted(self._occurrences)

    def _refresh(self, edits: Edits, time: Usd.TimeCode) -> None:
        ticked = time != self.time
        # One time sample beside a default value counts as constant, so a step between the two renews all.
        renew = time.IsDefault() != self.time.IsDefault()
        self.time = time
        moved = self._concerned(edits.moved, lambda o: o.is_new or renew or (ticked and o.gprim.moves))
        shown = self._concerned(edits.shown, lambda o: o.is_new or renew or (ticked and o.gprim.blinks))
        reshaped = [
            o
            for path, o in self._occurrences.items()
            if o.is_new
            or renew
            or (ticked and o.gprim.deforms)
            or path in edits.reshaped
            or o.gprim.source in edits.reshaped
        ]
        cache = UsdGeom.XformCache(time)
        for occurrence in moved:
            occurrence.place(cache)
        for occurrence in shown:
            occurrence.show(time)
        for occurrence in reshaped:
            if occurrence.shape(time, self._store):
                occurrence.leave(self._device, self._top)
        repainted = self._paint(edits, ticked or renew)
        if ticked or edits.recomposed or edits.moved or edits.shown or edits.shaded:
            self._light(time)
        if moved or shown or reshaped or repainted or edits.recomposed:
            self._settle(moved)

    def _paint(self, edits: Edits, ticked: bool) -> bool:
        """Bring materials up to date; return whether any was read."""
        rebound = bool(edits.recomposed or edits.rebound)
        if rebound:
            self._looks.bind(map(self._occurrences.__getitem__, self._paths))
        if rebound or edits.shaded or (ticked and self._looks.is_animated):
            self._looks.read(self.time)
            return True
        return False

    def _light(self, time: Usd.TimeCode) -> None:
        before = self._lights.domes
        self._lights = read_lights([prim for _, prim in sorted(self._light_prims.items())], time)
        if [dome.key for dome in self._lights.domes] != [dome.key for dome in before]:
            self._environment = of_domes(self._lights.domes)

    def _settle(self, moved: Sequence[Occurrence]) -> None:
        """Make the top scene and the tables follow the occurrences."""
        entered = [o for o in self._occurrences.values() if o.is_drawn and o.slot < 0]
        for occurrence in self._occurrences.values():
            if not occurrence.is_drawn:
                occurrence.leave(self._device, self._top)
        for occurrence in entered:
            occurrence.enter(self._device, self._top)
        self._place([*entered, *(o for o in moved if o.is_drawn)])
        self._device.commit(self._top)
        self._device.check()
        self._drawn = [o for o in map(self._occurrences.__getitem__, self._paths) if o.is_drawn]
        self._instances = tuple(o.current() for o in self._drawn)
        self._tables = tabulate(self._drawn, self._looks.palette)

    def _place(self, occurrences: Sequence[Occurrence]) -> None:
        if occurrences:
            handles = np.array([o.geometry for o in occurrences], np.int64)
            places = np.stack([o.transform[:, :3] for o in occurrences]).astype(np.float32)
            place_instances(handles, places.reshape(-1, 12))

    def _concerned(self, roots: Iterable[str], also: Callable[[Occurrence], bool]) -> list[Occurrence]:
        """Return the occurrences at or below some roots, and those that `also` holds for."""
        below = {path for root in roots for path in self._below(root)}
        # An edit in a prototype is reported once, in its own namespace; it concerns some instances.
        shared = any(is_prototype(root) for root in roots)
        return [
            o
            for path, o in self._occurrences.items()
            if path in below or also(o) or (shared and o.gprim.prim.IsInstanceProxy())
        ]

    def _below(self, root: str) -> list[str]:
        """Return the known paths at or below a prim path."""
        first = bisect.bisect_left(self._paths, root)
        # "0" follows "/" in ASCII, and nothing below it may stand in a path: [root/, root0) is what is inside.
        last = bisect.bisect_left(self._paths, root.rstrip("/") + "0")
        inside = _inside(root)
        return [p for p in self._paths[first:last] if p == root or p.startswith(inside)]

    def _forget(self, paths: Iterable[str]) -> None:
        for path in paths:
            occurrence = self._occurrences.pop(path)
            occurrence.leave(self._device, self._top)
            occurrence.drop(self._store)
        self._paths = [p for p in self._paths if p in self._occurrences]


def _inside(root: str) -> str:
    return root.rstrip("/") + "/"


def _outermost(roots: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for root in sorted(roots):
        if not any(root == k or root.startswith(_inside(k)) for k in kept):
            kept.append(root)
    return kept
