"""One render product's view of one moment: traced once, shared by all its annotators."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

import omni.kit.app
import omni.timeline
from kitless.raycast import (
    Camera,
    Hits,
    Scene,
    Silhouettes,
    blurred,
    displayed,
    radiance,
    shade,
    silhouettes,
    spans,
    trace,
)
from kitless.raycast.extents import extents, joined
from kitless.raycast.motion import Past, motion
from kitless.services import service
from omni.syntheticdata import SyntheticData

from .labels import StageLabels
from .render_mode import exposure_times, render_mode
from .semantic_filter import SemanticFilter
from .sensors import Groups, Leaves, Owners, Sensors


@dataclass(frozen=True)
class Moment:
    """When a frame was taken."""

    time: Usd.TimeCode
    """The stage's time code."""
    reference: tuple[int, int]
    """Numerator and denominator of the simulation time in seconds."""
    samples: int = 1
    """Subframes of the colour picture (RTSubframes)."""
    count: int = 0
    """How many frames the orchestrator has captured, this one included."""


def moment_now(samples: int = 1, count: int = 0) -> Moment:
    """The moment of the timeline's current time. The simulation time is counted in app updates."""
    timeline = omni.timeline.get_timeline_interface()
    rate = timeline.get_time_codes_per_seconds()
    # Times are multiples of 1/rate: rounding undoes what the division lost, so that samples authored there are met.
    code = round(timeline.get_current_time() * rate, 6)
    return Moment(Usd.TimeCode(code), (omni.kit.app.get_app().get_update_number(), round(rate)), samples, count)


@lru_cache(maxsize=8)
def rows_in(groups: Groups, known: Groups) -> NDArray[np.int64]:
    """(n,): where each group is among the known ones; -1 where it is not."""
    places = {group: row for row, group in enumerate(known)}
    return np.array([places.get(group, -1) for group in groups], np.int64)


class Frame:
    """What one camera sees at one moment. Everything is computed on first use, and once."""

    def __init__(
        self, camera_prim: Usd.Prim, resolution: tuple[int, int], moment: Moment, before: "Frame | None" = None
    ) -> None:
        """``before`` is the frame that this one follows: motion is measured from it."""
        self.scene: Scene
        self.labels: StageLabels
        self.scene, self.labels = service(Sensors).update(moment.time)
        self.moment = moment
        self.camera_prim = camera_prim
        self.camera = Camera.from_prim(camera_prim, resolution, moment.time)
        self.meters_per_unit = float(UsdGeom.GetStageMetersPerUnit(camera_prim.GetStage()))
        self.instances = self.scene.instances
        self._past = before.as_past() if before else None
        self._known_hits = before.hits_known_for(self.scene, self.camera) if before else None
        self._alone: dict[tuple[Groups, int], Silhouettes] = {}
        self._spans: dict[Groups, list[NDArray[np.int32]]] = {}

    @cached_property
    def hits(self) -> Hits:
        """What each pixel's ray hits."""
        return self._known_hits or trace(self.scene, self.camera)

    def hits_known_for(self, scene: Scene, camera: Camera) -> Hits | None:
        """The hits that were traced already, if nothing that is hit and no ray has moved since."""
        known: Hits | None = self.__dict__.get("hits", self._known_hits)
        # Tables are made anew with every change, and never changed.
        same = known is not None and known.tables is scene.tables and known.camera.sees_like(camera)
        return known if same else None

    @cached_property
    def colours(self) -> NDArray[np.uint8]:
        """The picture, uint8 (H,W,4)."""
        mode = render_mode(self.moment.samples)
        if exposure_times(self.camera_prim, self.moment.time, mode):
            return displayed(self.scene, self.light)
        return shade(self.scene, self.camera, self.hits, samples=mode.samples, bounces=mode.bounces)

    @cached_property
    def light(self) -> NDArray[np.float32]:
        """The picture before its tone curve, float32 (H,W,3)."""
        mode = render_mode(self.moment.samples)
        times = exposure_times(self.camera_prim, self.moment.time, mode)
        if not times:
            return radiance(self.scene, self.camera, self.hits, samples=mode.samples, bounces=mode.bounces)
        # What is hit, is hit at the frame's own time: before anything is moved.
        _ = self.hits
        return blurred(self.scene, self._exposures(times), samples=len(times), bounces=mode.bounces)

    def _exposures(self, times: list[Usd.TimeCode]) -> Iterator[Camera]:
        """The camera at each of some times, the scene as it is then; at the end it is back at the frame's."""
        try:
            for time in times:
                self.scene.update(time)
                yield Camera.from_prim(self.camera_prim, self.camera.resolution, time)
        finally:
            self.scene.update(self.moment.time)

    @cached_property
    def visible(self) -> Silhouettes:
        """Per scene instance, the pixels it is seen in and their box."""
        return extents(self.hits.instance, len(self.instances))

    @cached_property
    def motion(self) -> NDArray[np.float32]:
        """Pixel coordinates in the frame before minus now, float32 (H,W,2); 0 in the first frame."""
        if self._past is None:
            return np.zeros((*self.hits.depth.shape, 2), np.float32)
        return motion(self._past, self.instances, self.hits)

    def as_past(self) -> Past:
        """What the next frame's motion is measured from."""
        return Past(self.camera, self.instances)

    def owners(self, private: SemanticFilter | None) -> Owners:
        """Who owns what, under the global filter and an annotator's own."""
        public = SyntheticData.Get().instance_mapping_filter
        return service(Sensors).owners((public, private) if private else (public,))

    @property
    def leaves(self) -> Leaves:
        """What can be hit, by name."""
        return service(Sensors).leaves()

    def seen(self, of_instance: NDArray[np.int32], count: int) -> Silhouettes:
        """Per group, the pixels it is seen in and their box.

        of_instance (n + 1,): the group (0 … count - 1) of each scene instance, -1 for none; at its end -1, for no hit.
        """
        # From what each instance covers: no pixel is looked at again.
        return joined(self.visible, of_instance[:-1], count)

    def alone(self, groups: Groups, *, wider: int = 1) -> Silhouettes:
        """Per group of scene instances, the pixels it would be seen in if nothing else were there, and their box.

        ``wider`` (odd): on a canvas that many frames wide and high about this one, of the same pixels.
        """
        key = groups, wider
        if key not in self._alone:
            self._alone[key] = self._cover(groups, wider)
        return self._alone[key]

    def _cover(self, groups: Groups, wider: int) -> Silhouettes:
        # Prims and gprims are mostly the same groups: those that are known already are not looked at again.
        known = next((other for other, width in self._alone if width == wider), ())
        rows = rows_in(groups, known)
        new, old = np.flatnonzero(rows < 0), np.flatnonzero(rows >= 0)
        found = silhouettes(
            self.scene,
            self.camera.widened(wider),
            [groups[index] for index in new.tolist()],
            self.hits if wider == 1 else None,
        )
        pixels, boxes = np.empty(len(groups), np.int64), np.empty((len(groups), 4), np.int32)
        pixels[new], boxes[new] = found.pixels, found.boxes
        if len(old):
            before = self._alone[known, wider]
            pixels[old], boxes[old] = before.pixels[rows[old]], before.boxes[rows[old]]
        return Silhouettes(pixels, boxes)

    def spans(self, groups: Groups) -> list[NDArray[np.int32]]:
        """Per group of scene instances, the pixels it would be seen in if nothing else were there: (m, 2) stretches."""
        if groups not in self._spans:
            self._spans[groups] = spans(self.scene, self.camera, groups, self.hits)
        return self._spans[groups]
