"""shade(): what a person would see: materials, lights, shadows, smooth edges.

Tone mapping, the same for every frame: a radiance of 900 (light grey under a dome of intensity 1000) would be display
white, but the curve bends from 40 % on and never burns out. On a stage whose lights are all far dimmer
(USD's own fallback intensities, a dome of 1) a radiance of 1 would. Output is sRGB, alpha 255 everywhere. Where nothing
is hit, the domes are seen; without any, a neutral dark grey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from pxr import UsdGeom

from kitless.raycast import environment
from kitless.raycast.appearance import paint
from kitless.raycast.camera import EVERY_PIXEL
from kitless.raycast.embree import query_arguments
from kitless.raycast.lighting import gather, sample_points
from kitless.raycast.lights import AXIS_X, AXIS_Y, COLOR, CONE, FACING, LIGHT_WIDTH, SIZE, WHITE
from kitless.raycast.smoothing import ACROSS, DOWN, borrow_light, edges_of, encode, link, smooth
from kitless.raycast.surface import shared_of
from kitless.raycast.textures import BYTES, decode_srgb, encode_srgb
from kitless.raycast.trace import found_of, normals_of, packets_of, trace_places, view_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene
    from kitless.raycast.trace import Hits

_DIM = 50.0
"""Stages whose brightest light is below this are meant in USD's fallback intensities."""
_KNEE = 0.4
_BACKGROUND = (45.0, 45.0, 48.0)
_HEADLIGHT = np.array([1500.0, 1470.0, 1400.0])
_EDGE_PLACES = np.array([[0.125, 0.375], [0.375, 0.875], [0.625, 0.125], [0.875, 0.625]], np.float32)
"""Where an edge pixel is looked at besides its centre: a rotated grid."""
_LOST_SAMPLES = 4
"""Shadow rays for such a place if no pixel near by sees its surface."""

_Frame: TypeAlias = "tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], int]"


def shade(scene: Scene, camera: Camera, hits: Hits, *, samples: int = 1) -> NDArray[np.uint8]:
    """Return the picture of hits that trace(scene, camera) gave: (H, W, 4) uint8 RGBA, sRGB.

    samples: shadow rays per pixel and light (the sky gets twice as many); 16 neighbours share theirs. Ids, depths
    and normals are never smoothed, only this picture is.
    """
    linear = _develop(_Painter(scene, camera, _KNEE), hits, samples)
    table = (encode_srgb(np.linspace(0, 1, 16384, dtype=np.float32)) * 255 + 0.5).astype(np.uint8)
    picture = np.empty((len(linear), 4), np.uint8)
    scene.workers.run(lambda span: encode(linear, span, table, picture), len(linear))
    return picture.reshape(*hits.instance.shape, 4)


def radiance(scene: Scene, camera: Camera, hits: Hits, *, samples: int = 1) -> NDArray[np.float32]:
    """Return the same picture before tone curve and sRGB: (H, W, 3) float32 linear light, display white is 1."""
    return _develop(_Painter(scene, camera, np.inf), hits, samples).reshape(*hits.instance.shape, 3)


def _develop(painter: _Painter, hits: Hits, samples: int) -> NDArray[np.float32]:
    """Return linear display colours (H * W, 3), noise and edges smoothed."""
    run, shape = painter.scene.workers.run, hits.instance.shape
    gathered = painter.gather(hits, EVERY_PIXEL, samples)
    frame = (hits.instance.ravel(), hits.travel.ravel(), hits.normal.reshape(-1, 3), shape[1])
    links, spare = np.zeros(len(gathered), np.uint8), np.empty_like(gathered)
    run(lambda span: link(frame, span, links), shape[0])
    run(lambda span: smooth(links, (ACROSS, 1), span, gathered, spare), len(links))
    run(lambda span: smooth(links, (DOWN, shape[1]), span, spare, gathered), len(links))
    linear = painter.paint(hits, EVERY_PIXEL, gathered)
    _soften(painter, frame, gathered, linear, edges_of(links, shape[1]))
    return linear


def _soften(
    painter: _Painter,
    frame: _Frame,
    light: NDArray[np.float32],
    linear: NDArray[np.float32],
    pixels: NDArray[np.int64],
) -> None:
    """Average some pixels of `linear` (H * W, 3) with what is seen at more places in them."""
    if not len(pixels):
        return
    width = painter.camera.resolution[0]
    corners = np.stack([pixels % width, pixels // width], axis=1).astype(np.float32)
    places = (corners[:, None] + _EDGE_PLACES).reshape(-1, 2)
    hits = trace_places(painter.scene, painter.camera, places, (len(places),))
    others = (places, hits.instance, hits.travel, normals_of(hits, places))
    borrowed = np.empty((len(places), 6), np.float32)
    painter.scene.workers.run(lambda span: borrow_light(frame, span, others, light, borrowed), len(places))
    lost = np.flatnonzero((borrowed[:, 0] < 0) & (hits.instance >= 0))
    if len(lost):
        borrowed[lost] = painter.gather(hits.at(lost), places[lost], _LOST_SAMPLES)
    more = painter.paint(hits, places, borrowed).reshape(len(pixels), len(_EDGE_PLACES), 3)
    linear[pixels] = (linear[pixels] + more.sum(axis=1)) / (1 + len(_EDGE_PLACES))


class _Painter:
    """Everything about a scene and a camera that painting needs, gathered once."""

    def __init__(self, scene: Scene, camera: Camera, knee: float) -> None:
        self.scene, self.camera = scene, camera
        lights = scene.lights
        table, self._sky, exposure = lights.table, scene.environment, 1 / WHITE
        if not lights.count:
            up = np.array([0, 0, 1.0] if UsdGeom.GetStageUpAxis(scene.stage) == "Z" else [0, 1.0, 0])
            self._sky = environment.of_open_sky(up, _BACKGROUND)
            table = _headlight(camera)
        elif lights.brightest < _DIM:
            exposure = 1.0
        if lights.count and not lights.domes:
            background = np.array(_BACKGROUND, np.float32).reshape(1, 1, 3) / np.float32(exposure * WHITE)
            self._sky = environment.Environment(background, self._sky.light)
        self._curves = np.stack([BYTES, decode_srgb(BYTES)])
        self._points = sample_points()
        self._lights, self._tone = table, (exposure, float(knee))

    def gather(self, hits: Hits, places: NDArray[np.float32], samples: int) -> NDArray[np.float32]:
        """Return the light (m, 6) at hits that were traced at `places`."""
        out = np.zeros((hits.depth.size, 6), np.float32)
        together, apart = query_arguments(coherent=True), query_arguments(coherent=False)
        query = (self.scene.handle, together.ctypes.data, apart.ctypes.data)
        view, surface = view_of(self.camera, hits.table), _surface(hits, places)
        sources = (self._lights, self._sky.light, self._points, samples)
        count = packets_of(self.camera.resolution, places)
        self.scene.workers.run(lambda span: gather(query, view, surface, span, sources, out), count)
        return out

    def paint(self, hits: Hits, places: NDArray[np.float32], light: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return linear display colours (m, 3)."""
        out = np.empty((hits.depth.size, 3), np.float32)
        view, surface = view_of(self.camera, hits.table), _surface(hits, places)
        media = (hits.tables.palette.textures, self._curves, self._sky.background, self._tone)
        count = packets_of(self.camera.resolution, places)
        self.scene.workers.run(lambda span: paint(view, surface, media, span, light, out), count)
        return out


def _surface(hits: Hits, places: NDArray[np.float32]) -> tuple[Any, ...]:
    return places, found_of(hits), shared_of(hits.tables), hits.tables.palette.materials


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
