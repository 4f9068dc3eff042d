"""The picture of the open stage: coarse while things change, fine when they rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Usd, UsdGeom

import omni.usd
from kitless.browser.marks import Board, Sketch
from kitless.browser.pictures import Pictures
from kitless.browser.stage_events import StageEvents
from kitless.raycast import Camera, RaycastError, shade, trace
from kitless.services import service
from omni.replicator.core.frame import moment_now
from omni.replicator.core.orchestrator import Orchestrator
from omni.replicator.core.sensors import Sensors

VIEWPORT = "viewport"
OVERVIEW = ""
COARSE, FINE = (320, 180), (960, 540)
_REST_UPDATES = 20
"""So many updates without a change are rest. Seconds would be over within one frame of a recording."""
_SHARE = 4.0
_SHARE_OF_FRAMES = 24.0
"""The app has this many times as long for itself as the pictures take, and while Replicator takes frames so much."""
_CAMERAS = Usd.TraverseInstanceProxies()


class Viewport:
    """Draws through a camera of the stage, or over all of it."""

    def __init__(self, board: Board, pictures: Pictures, clock: Callable[[], float] = time.monotonic) -> None:
        self._board = board
        self._pictures = pictures
        self._clock = clock
        self._context = omni.usd.get_context()
        self._chosen: str | None = None
        self._cameras: list[str] = []
        self._message = ""
        self._dirty = self._coarse = self._resynced = True
        self._rested = 0
        self._free_at = 0.0
        self._captured = 0
        self._seen: tuple[Any, ...] = ()
        """What the picture shows: the scene's state and the camera."""
        self._version = 0
        self._size = COARSE
        self._events = StageEvents(opened=self._on_opened, edited=self._on_edited, timed=self._touch)
        self._put()

    def close(self) -> None:
        """Stop listening."""
        self._events.close()

    def draw(self) -> None:
        """Draw a picture if one is due."""
        now = self._clock()
        self._rested += 1
        if now < self._free_at or not (self._dirty or self._coarse):
            return
        if not self._dirty and self._rested < _REST_UPDATES:
            return
        size = COARSE if self._dirty else FINE
        self._coarse, self._dirty = self._dirty, False
        if self._resynced:
            self._resynced = False
            self._find_cameras()
        self._shoot(size)
        self._put()
        done, captured = self._clock(), service(Orchestrator).captured
        share = _SHARE if captured == self._captured else _SHARE_OF_FRAMES
        self._captured = captured
        self._free_at = done + share * (done - now)

    # --- what changes it

    def _touch(self) -> None:
        self._dirty = True
        self._rested = 0

    def _on_opened(self) -> None:
        self._chosen = None
        self._resynced = True
        self._touch()

    def _on_edited(self, notice: Usd.Notice.ObjectsChanged) -> None:
        self._resynced = self._resynced or bool(notice.GetResyncedPaths())
        self._touch()

    def _find_cameras(self) -> None:
        stage = self._context.get_stage()
        prims = [] if stage is None else Usd.PrimRange.Stage(stage, _CAMERAS)
        self._cameras = [str(prim.GetPath()) for prim in prims if prim.IsA(UsdGeom.Camera)]

    @property
    def _camera(self) -> str:
        """The camera that was chosen; before that, and when it has gone, the stage's first one."""
        if self._chosen == OVERVIEW or self._chosen in self._cameras:
            return self._chosen or OVERVIEW
        return self._cameras[0] if self._cameras else OVERVIEW

    def _choose(self, place: Any) -> None:
        choices = [OVERVIEW, *self._cameras]
        if isinstance(place, int) and 0 <= place < len(choices):
            self._chosen = choices[place]
            self._touch()

    # --- drawing

    def _shoot(self, size: tuple[int, int]) -> None:
        stage = self._context.get_stage()
        if stage is None:
            self._message, self._version, self._seen = "No stage is open.", 0, ()
            self._pictures.forget(VIEWPORT)
            return
        try:
            pixels = self._pixels(stage, size)
        except (RaycastError, NotImplementedError) as error:
            self._message, self._seen = str(error), ()
            return
        self._message = ""
        if pixels is not None:
            self._size = size
            self._version = self._pictures.show(VIEWPORT, pixels)

    def _pixels(self, stage: Usd.Stage, size: tuple[int, int]) -> NDArray[np.uint8] | None:
        """Return the picture; None if the one that is shown is as good."""
        moment = moment_now().time
        # The recorder's own scene, so that the stage is in memory once.
        scene, _ = service(Sensors).update(moment)

        def camera_of(size: tuple[int, int]) -> Camera:
            if self._camera == OVERVIEW:
                return overview(stage, size, moment)
            return Camera.from_prim(stage.GetPrimAtPath(self._camera), size, moment)

        camera, sees = camera_of(size), (scene.tables, scene.lights, scene.environment)
        is_same = len(self._seen) == 4 and all(a is b for a, b in zip(self._seen, sees, strict=False))
        if is_same and self._size >= size and self._seen[3].sees_like(camera_of(self._size)):
            # Labels, selections and much else are edits that show nowhere here.
            self._coarse = self._size < FINE
            return None
        self._seen = (*sees, camera)
        return shade(scene, camera, trace(scene, camera))

    def _put(self) -> None:
        choices = ["Overview", *self._cameras]
        chosen = self._cameras.index(self._camera) + 1 if self._camera in self._cameras else 0
        select = {"kind": "select", "value": chosen, "options": choices, "aria-label": "Camera"}
        size = "{} \N{MULTIPLICATION SIGN} {}".format(*self._size) if self._version else ""
        head = [
            Sketch("span", text="Viewport"),
            Sketch("ks-field", {**select, "data-identifier": "viewport-camera"}, on={"edit": self._choose}),
            Sketch("span", {"class": "pane-note"}, text=size),
        ]
        image = {
            "picture": VIEWPORT,
            "version": self._version,
            "alt": "Picture of the stage",
            "class": "viewport-image",
        }
        body = [Sketch("ks-picture", image)] if self._version else []
        note = [Sketch("p", {"class": "empty"}, text=self._message)] if self._message else []
        self._board.put(
            VIEWPORT,
            Sketch(
                "main",
                {"class": "pane viewport", "aria-label": "Viewport"},
                [
                    Sketch("h2", {"class": "pane-title"}, head),
                    Sketch("div", {"class": "viewport-body"}, [*body, *note]),
                ],
            ),
        )


def overview(stage: Usd.Stage, size: tuple[int, int], moment: Usd.TimeCode) -> Camera:
    """Return a camera that sees all of the stage, from the front, the right and above."""
    bounds = UsdGeom.BBoxCache(moment, [UsdGeom.Tokens.default_, UsdGeom.Tokens.render])
    box = bounds.ComputeWorldBound(stage.GetPseudoRoot()).ComputeAlignedRange()
    if box.IsEmpty():
        box = Gf.Range3d(Gf.Vec3d(-1), Gf.Vec3d(1))
    middle, radius = box.GetMidpoint(), max(box.GetSize().GetLength() / 2, 1e-6)
    is_z_up = UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z
    up = Gf.Vec3d(0, 0, 1) if is_z_up else Gf.Vec3d(0, 1, 0)
    side = Gf.Vec3d(0.7, -1, 0.6) if is_z_up else Gf.Vec3d(0.7, 0.6, 1)
    distance = 2.6 * radius
    eye = middle + side.GetNormalized() * distance
    view = Gf.Matrix4d().SetLookAt(eye, middle, up)
    return Camera(
        resolution=size,
        focal_length=35.0,
        aperture=(36.0, 36.0 * size[1] / size[0]),
        offset=(0.0, 0.0),
        clipping=(distance / 1000, distance + 10 * radius),
        view=np.array(view),
    )
