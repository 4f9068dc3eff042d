"""Painter: light gathered and colours made, for the rays of one scene and camera."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from pxr import UsdGeom

from kitless.raycast import environment
from kitless.raycast.appearance import paint
from kitless.raycast.camera import EVERY_PIXEL
from kitless.raycast.embree import LANES, query_arguments
from kitless.raycast.lanes import bench, sample_points
from kitless.raycast.lattice import lattice_of
from kitless.raycast.lens import centres
from kitless.raycast.lighting import gather
from kitless.raycast.lights import AXIS_X, AXIS_Y, COLOR, CONE, FACING, LIGHT_WIDTH, SIZE, WHITE
from kitless.raycast.sharing import MIRRORED, SKY_COLUMNS, add_up, find_bends, guess, is_narrow, share_light, sharpen
from kitless.raycast.skylight import LAMPS
from kitless.raycast.smoothing import linked, smooth_out
from kitless.raycast.spreading import put_packets, smooth_packets, spread, spread_bends
from kitless.raycast.surface import shared_of
from kitless.raycast.trace import found_of, packets_of, palette_of, trace_places, view_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.environment import Environment
    from kitless.raycast.scene import Scene
    from kitless.raycast.trace import Hits

_DIM = 50.0
"""Stages whose brightest light is below this are meant in USD's fallback intensities."""
_BACKGROUND = (45.0, 45.0, 48.0)
_HEADLIGHT = np.array([1500.0, 1470.0, 1400.0])
_SAMPLES_BEHIND = 4
_LAYERS = 16
"""See-through surfaces behind one another that are drawn."""
_STEPS, _NOISY_STEPS = (24 / 255, 1.0), (16 / 255, 6 / 255)
"""What is too much of a step on a display, from a straight line and from place to place.

Between places light is wrong by a quarter of the first. Light that is smoothed is wrong by all of it, and at edges of
shadows, which are steep; wide ones have 16 steps, and must not be taken for such.
"""
_UNKNOWN_NORMALS = np.empty((0, 3), np.float32)
_COLUMNS = (LAMPS, SKY_COLUMNS, MIRRORED, LAMPS)
"""Of the light of lamps, of the sky, of what is mirrored, and of all together."""
_TOGETHER, _APART = query_arguments(coherent=True), query_arguments(coherent=False)
_SharedSky: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], int]"


class Illumination:
    """A scene's lights as pictures need them: with what stands in where there are none, and the exposure."""

    def __init__(self, scene: Scene, camera: Camera) -> None:
        lights, exposure = scene.lights, 1 / WHITE
        self.table: NDArray[np.float64] = lights.table
        self.sky: Environment = scene.environment
        if not lights.count:
            up = np.array([0, 0, 1.0] if UsdGeom.GetStageUpAxis(scene.stage) == "Z" else [0, 1.0, 0])
            self.sky = environment.of_open_sky(up, _BACKGROUND)
            self.table = _headlight(camera)
        elif lights.brightest < _DIM:
            exposure = 1.0
        if lights.count and not lights.domes:
            background = np.array(_BACKGROUND, np.float32).reshape(1, 1, 3) / np.float32(exposure * WHITE)
            self.sky = self.sky.seen_as(background)
        self.glow = exposure
        """1 over the radiance of an emission of 1: display white before the camera's own exposure."""
        self.exposure = exposure * camera.exposure


class Painter:
    """Everything about a scene that painting needs, gathered once."""

    def __init__(self, scene: Scene, camera: Camera, knee: float, subframe: int = 0) -> None:
        """Knee is where the tone curve begins to bend, infinite for never; subframes take different samples."""
        self.scene = scene
        self._subframe = subframe
        self._illumination = Illumination(scene, camera)
        self.knee = knee
        self._shared: _SharedSky = _nothing_shared()

    def light(self, hits: Hits) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Return the light (H * W, 6) of a frame without the noise of its samples, and its links.

        It is found at every second pixel of every second row, for whatever is gathered later, too. Where it changes
        abruptly each pixel gathers its own.
        """
        (height, width), run = hits.instance.shape, self.scene.workers.run
        frame = (hits.instance.ravel(), hits.travel.ravel(), hits.normal.reshape(-1, 3), width)
        links = linked(self.scene.workers, frame)
        total, bent, reach = self._share(hits)
        light = np.empty((width * height, 6), np.float32)
        marked = np.zeros(packets_of(hits.camera.resolution, EVERY_PIXEL), np.uint8)
        size, rows = (width, height), -(-height // 2)
        run(lambda span: spread_bends(bent, size, span, reach, marked), rows)
        run(lambda span: spread((links, frame[0]), size, span, total, light, marked), rows)
        packets = np.flatnonzero(marked)
        self._gather(hits, _surface(hits, EVERY_PIXEL, frame[2]), 1, packets, light)
        own = np.empty((len(packets) * LANES, 6), np.float32)
        run(lambda span: smooth_packets(links, size, packets, span, light, own), len(packets))
        run(lambda span: put_packets(size, packets, span, own, light), len(packets))
        return light, links

    def _share(self, hits: Hits) -> tuple[NDArray[np.float32], NDArray[np.uint8], int]:
        """Find the light (m, 6) at a frame's lattice, where it bends (m,), and how far round bends it is wrong.

        What is seen of the sky is kept for whatever is gathered later.
        """
        lattice, workers = lattice_of(hits), self.scene.workers
        travel, instance, _, _ = lattice.found
        links, across = lattice.links, lattice.width
        noisy = not all(is_narrow(light) for light in self._illumination.table)
        count = len(instance)
        lamps, sky, mirrored, total = (np.zeros((count, n), np.float32) for n in _COLUMNS)
        hidden, bent, shown = np.zeros(count, np.float32), np.zeros(count, np.uint8), np.empty(count, np.float32)
        even = np.zeros((count if noisy else 0, 3), np.float32)
        query, sources, outs = self._query(), self._sources(hits, 1), (lamps, sky, mirrored, even)
        surface = (EVERY_PIXEL, lattice.found, shared_of(hits.tables), palette_of(hits.tables), lattice.normals)
        workers.run(
            lambda span: share_light(query, lattice.view, surface, span, sources, (bench(), outs, hidden, bent, links)),
            packets_of(lattice.view[2], EVERY_PIXEL),
        )
        for _ in range(2):
            # Twice, or the few directions would show as steps.
            smooth_out(workers, links, across, sky)
        if noisy:
            smooth_out(workers, links, across, lamps)
        exposure = self._illumination.exposure
        workers.run(lambda span: guess(span, lamps, mirrored, exposure, shown), count)
        steps = _NOISY_STEPS if noisy else _STEPS
        workers.run(lambda span: find_bends(links, across, span, (shown, hidden), steps, bent), count)
        if noisy:
            smooth_out(workers, links, across, lamps)
            smoothed = even.copy()
            for _ in range(2):
                smooth_out(workers, links, across, smoothed)
            workers.run(lambda span: sharpen(span, even, smoothed, lamps), count)
        workers.run(lambda span: add_up(span, lamps, sky, mirrored, total), count)
        self._shared = (sky, instance, travel, lattice.normals, across)
        return total, bent, 3 if noisy else 1

    def gather(self, hits: Hits, places: NDArray[np.float32], samples: int) -> NDArray[np.float32]:
        """Return the light (m, 6) at hits that were traced at `places`."""
        out = np.zeros((hits.depth.size, 6), np.float32)
        packets = np.arange(packets_of(hits.camera.resolution, places))
        self._gather(hits, _surface(hits, places), samples, packets, out)
        return out

    def _gather(
        self,
        hits: Hits,
        surface: tuple[Any, ...],
        samples: int,
        packets: NDArray[np.int64],
        out: NDArray[np.float32],
    ) -> None:
        """Write the light (m, 6) at some packets of hits."""
        query, view, sources = self._query(), view_of(hits.camera, hits.table), self._sources(hits, samples)
        self.scene.workers.run(
            lambda span: gather(query, view, surface, packets[span[0] : span[1]], sources, (bench(), out)),
            len(packets),
        )

    def _query(self) -> tuple[int, int, int]:
        return self.scene.handle, _TOGETHER.ctypes.data, _APART.ctypes.data

    def _sources(self, hits: Hits, samples: int) -> tuple[Any, ...]:
        lit = self._illumination
        return lit.table, lit.sky.light, _points(), (samples, self._subframe, int(hits.tables.is_open)), self._shared

    def paint(self, hits: Hits, places: NDArray[np.float32], light: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return linear display colours (m, 3), what is behind see-through surfaces included."""
        color, opacity = self._paint(hits, places, light)
        if hits.tables.is_open:
            self._see_through(hits, places, (color, opacity), _LAYERS)
        return color

    def _paint(
        self, hits: Hits, places: NDArray[np.float32], light: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the colours (m, 3) and opacities (m,) of the surfaces themselves."""
        painted = np.empty((hits.depth.size, 3), np.float32), np.empty(hits.depth.size, np.float32)
        view, surface = view_of(hits.camera, hits.table), _surface(hits, places)
        lit = self._illumination
        media = (lit.sky.background, (lit.exposure, lit.glow, self.knee))
        count = packets_of(hits.camera.resolution, places)
        self.scene.workers.run(lambda span: paint(view, surface, media, span, light, painted), count)
        return painted

    def _see_through(
        self,
        hits: Hits,
        places: NDArray[np.float32],
        painted: tuple[NDArray[np.float32], NDArray[np.float32]],
        layers: int,
    ) -> None:
        """Blend colours (m, 3) in place with what is behind, where opacities (m,) leave something to see."""
        color, opacity = painted
        clear = np.flatnonzero(opacity < 1)
        if not len(clear) or not layers:
            return
        beyond = (places if len(places) else centres(hits.camera.resolution))[clear]
        found = trace_places(self.scene, hits.camera, beyond, (len(clear),), hits.travel.ravel()[clear])
        behind = self._paint(found, beyond, self.gather(found, beyond, _SAMPLES_BEHIND))
        self._see_through(found, beyond, behind, layers - 1)
        share = opacity[clear, None]
        color[clear] = share * color[clear] + (1 - share) * behind[0]


def _nothing_shared() -> _SharedSky:
    none = np.empty(0, np.float32)
    return none.reshape(0, 4), none.view(np.int32), none, none.reshape(0, 3), 1


@lru_cache(maxsize=1)
def _points() -> NDArray[np.float64]:
    return sample_points()


def _surface(
    hits: Hits, places: NDArray[np.float32], normals: NDArray[np.float32] = _UNKNOWN_NORMALS
) -> tuple[Any, ...]:
    return places, found_of(hits), shared_of(hits.tables), palette_of(hits.tables), normals


def _headlight(camera: Camera) -> NDArray[np.float64]:
    """Return a light table with one soft light from over the viewer's left shoulder."""
    right, up, back = camera.placement[:3, :3]
    row = np.zeros(LIGHT_WIDTH)
    toward = back + 0.9 * up - 0.6 * right
    row[FACING : FACING + 3] = -toward / np.linalg.norm(toward)
    row[AXIS_X : AXIS_X + 3] = right
    row[AXIS_Y : AXIS_Y + 3] = np.cross(row[FACING : FACING + 3], right)
    row[COLOR : COLOR + 3], row[SIZE], row[CONE : CONE + 2] = _HEADLIGHT, 0.06, (-2, -1)
    return row[None]
