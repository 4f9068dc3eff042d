"""shade(): what a person would see: materials, lights, shadows, smooth edges.

Tone mapping, the same for every frame: a radiance of 900 (light grey under a dome of intensity 1000) would be display
white, but the curve bends from 40 % on and never burns out. On a stage whose lights are all far dimmer
(USD's own fallback intensities, a dome of 1) a radiance of 1 would. A camera's exposure comes on top. Output is sRGB,
alpha 255 everywhere. Where nothing is hit, the domes are seen; without any, a neutral dark grey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kitless.raycast.appearance import bend
from kitless.raycast.camera import EVERY_PIXEL, pixel_shift
from kitless.raycast.edges import blend, borrow, list_places, mark_edges
from kitless.raycast.painter import Painter
from kitless.raycast.paths import path_trace
from kitless.raycast.smoothing import encode
from kitless.raycast.textures import encode_srgb
from kitless.raycast.trace import normals_of, trace, trace_places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene
    from kitless.raycast.trace import Hits

_KNEE = 0.4
_LOST_SAMPLES = 4
"""Shadow rays for such a place if no pixel near by sees its surface."""
_ENOUGH = 16
"""From so many subframes on, each pixel has taken all the samples that neighbours else share."""

_Linear: TypeAlias = "NDArray[np.float32]"
_Frame: TypeAlias = "tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], int]"


def shade(
    scene: Scene, camera: Camera, hits: Hits, *, samples: int = 1, bounces: int | None = None
) -> NDArray[np.uint8]:
    """Return the picture of hits that trace(scene, camera) gave: (H, W, 4) uint8 RGBA, sRGB.

    samples: pictures that are averaged, each with its rays elsewhere within the pixels and its shadow rays elsewhere
    on the lights. With 1, edges are smoothed and neighbours share their shadow rays. With bounces, light is followed
    that many times from surface to surface instead, on as many paths per pixel as there are samples. Ids, depths and
    normals are never smoothed or averaged, only this picture is.
    """
    if bounces is None:
        linear = _develop(scene, camera, hits, samples, _KNEE)
    else:
        linear = _bent(scene, path_trace(scene, camera, samples=samples, bounces=bounces).reshape(-1, 3), _KNEE)
    return _encoded(scene, linear).reshape(*hits.instance.shape, 4)


def radiance(
    scene: Scene, camera: Camera, hits: Hits, *, samples: int = 1, bounces: int | None = None
) -> NDArray[np.float32]:
    """Return the same picture before tone curve and sRGB: (H, W, 3) float32 linear light, display white is 1."""
    if bounces is not None:
        return path_trace(scene, camera, samples=samples, bounces=bounces)
    return _develop(scene, camera, hits, samples, np.inf).reshape(*hits.instance.shape, 3)


def blurred(scene: Scene, exposures: Iterable[Camera], *, samples: int, bounces: int | None = None) -> _Linear:
    """Return what a shutter lets in: (H, W, 3) linear light as of radiance(), averaged over `samples` exposures.

    exposures: as many cameras, each drawn when it is taken, of the scene as it stands then. So whoever gives them moves
    the scene before each, and back at the end.
    """
    total: NDArray[np.float64] | None = None
    for number, camera in enumerate(exposures):
        if bounces is None:
            linear = _subframe(scene, camera, number, samples).reshape(camera.resolution[1], -1, 3)
        else:
            linear = path_trace(scene, camera, samples=1, bounces=bounces, first=number)
        total = linear.astype(np.float64) if total is None else total + linear
    assert total is not None
    return (total / samples).astype(np.float32)


def displayed(scene: Scene, linear: _Linear) -> NDArray[np.uint8]:
    """Return linear light (H, W, 3) as shade() shows it: through the tone curve, (H, W, 4) uint8 RGBA, sRGB."""
    return _encoded(scene, _bent(scene, linear.reshape(-1, 3).copy(), _KNEE)).reshape(*linear.shape[:2], 4)


def _encoded(scene: Scene, linear: _Linear) -> NDArray[np.uint8]:
    table = (encode_srgb(np.linspace(0, 1, 16384, dtype=np.float32)) * 255 + 0.5).astype(np.uint8)
    picture = np.empty((len(linear), 4), np.uint8)
    scene.workers.run(lambda span: encode(linear, span, table, picture), len(linear))
    return picture


def _develop(scene: Scene, camera: Camera, hits: Hits, samples: int, knee: float) -> _Linear:
    """Return linear display colours (H * W, 3)."""
    if samples <= 1:
        return _once(scene, camera, hits, knee)
    total = np.zeros((hits.depth.size, 3), np.float64)
    for number in range(samples):
        total += _bent(scene, _subframe(scene, camera, number, samples), knee)
    return (total / samples).astype(np.float32)


def _subframe(scene: Scene, camera: Camera, number: int, samples: int) -> _Linear:
    """Return the exposed light (H * W, 3) of one of some pictures that are averaged."""
    moved = camera.shifted(*pixel_shift(number))
    painter, found = Painter(scene, moved, np.inf, number), trace(scene, moved)
    return painter.paint(found, EVERY_PIXEL, _light(painter, found, samples))


def _light(painter: Painter, hits: Hits, samples: int) -> NDArray[np.float32]:
    """Return the light (H * W, 6) of one of some subframes, smoothed if there are too few of them."""
    if samples >= _ENOUGH:
        return painter.gather(hits, EVERY_PIXEL, 1)
    return painter.light(hits)[0]


def _once(scene: Scene, camera: Camera, hits: Hits, knee: float) -> NDArray[np.float32]:
    """Return linear display colours (H * W, 3) of one picture, noise and edges smoothed."""
    # What is seen through something must be blended before the curve bends it.
    open_knee = np.inf if hits.tables.is_open else knee
    painter = Painter(scene, camera, open_knee)
    gathered, links = painter.light(hits)
    frame = (hits.instance.ravel(), hits.travel.ravel(), hits.normal.reshape(-1, 3), hits.instance.shape[1])
    linear = painter.paint(hits, EVERY_PIXEL, gathered)
    if open_knee != knee:
        _bent(scene, linear, knee)
    run, width = scene.workers.run, frame[3]
    sides, counts = np.empty(len(linear), np.uint8), np.empty(len(linear) // width, np.int64)
    run(lambda span: mark_edges(links, width, span, linear, sides, counts), len(counts))
    starts = np.concatenate([[0], counts.cumsum()])
    pixels, places = np.empty(starts[-1], np.int64), np.empty((starts[-1], 2), np.float32)
    if len(places):
        run(lambda span: list_places(sides, width, span, starts, pixels, places), len(counts))
        more = _around(painter, camera, frame, linear, places, knee)
        run(lambda span: blend(span, starts, pixels, more, linear), len(counts))
    return linear


def _bent(scene: Scene, linear: NDArray[np.float32], knee: float) -> NDArray[np.float32]:
    """Apply the tone curve in place to colours (m, 3); return them."""
    if np.isfinite(knee):
        scene.workers.run(lambda span: bend(linear, span, knee), len(linear))
    return linear


def _around(
    painter: Painter, camera: Camera, frame: _Frame, linear: _Linear, places: NDArray[np.float32], knee: float
) -> _Linear:
    """Return the colours (n, 3) of places (n, 2) beside edges: where they can be, of pixels near by."""
    hits = trace_places(painter.scene, camera, places, (len(places),))
    others = (places, hits.instance, hits.travel, normals_of(hits, places))
    colors = np.empty((len(places), 3), np.float32)
    painter.scene.workers.run(lambda span: borrow(frame, span, others, linear, colors), len(places))
    lost = np.flatnonzero(colors[:, 0] < 0)
    if len(lost):
        few = hits.at(lost)
        own = painter.paint(few, places[lost], painter.gather(few, places[lost], _LOST_SAMPLES))
        colors[lost] = _bent(painter.scene, own, knee) if painter.knee != knee else own
    return colors
