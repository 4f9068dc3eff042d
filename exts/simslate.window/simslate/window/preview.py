"""What a sensor sees, while nothing is recorded: a render product and an annotator of the window's own.

It takes updates of the app, not steps of the orchestrator: a step would fire the user's randomisers, clear the
selection, and might move the timeline.
"""

from __future__ import annotations

import asyncio
from typing import Any

import carb.settings
import omni.kit.app
import omni.replicator.core as rep
import omni.usd
from simslate.recorder.compat import on_stage_closing

from .control import sensor_camera
from .model import RecorderModel, Snapshot
from .pictures import ANNOTATORS, MASKS, Picture, picture_of

UPDATES = "/exts/simslate.window/previewUpdates"
_NAME = "SimslatePreview"

Wanted = tuple[str, int, int, str]
"""Camera, width, height and annotator."""


class Preview:
    """Keeps the model's picture up to date until closed: one picture at a time, and none that nobody looks at."""

    def __init__(self, model: RecorderModel) -> None:
        self._model = model
        self._is_shown = False
        self._is_due = True
        self._seen: Wanted | None = None
        self._made: Wanted | None = None
        self._product: Any = None
        self._annotator: Any = None
        self._task: asyncio.Task[None] | None = None
        self._cancels = [model.subscribe(self._on_snapshot), on_stage_closing(self._release)]

    def close(self) -> None:
        """Give the render product back and show nothing any more."""
        for cancel in self._cancels:
            cancel()
        self._cancels = []
        self._is_shown = False
        if self._task is not None:
            self._task.cancel()
        self._release()

    @property
    def product(self) -> Any:
        """The render product; None as long as nothing was shown on this stage."""
        return self._product

    def show(self, is_shown: bool) -> None:
        """Say whether somebody looks at the picture."""
        self._is_shown = is_shown
        self._begin()

    def ask(self) -> None:
        """Take another picture, soon: something may look different."""
        self._is_due = True
        self._begin()

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if not snapshot.is_idle:
            self._enable(False)
            return
        wanted = _wanted(snapshot)
        if wanted != self._seen:
            self._seen = wanted
            self._is_due = True
        self._begin()

    def _begin(self) -> None:
        if self._task is None and self._is_due and self._is_possible():
            self._task = asyncio.ensure_future(self._run())

    def _is_possible(self) -> bool:
        return self._is_shown and self._model.snapshot.is_idle and _wanted(self._model.snapshot) is not None

    async def _run(self) -> None:
        try:
            while self._is_due and self._is_possible():
                self._is_due = False
                await self._refresh()
        finally:
            self._task = None

    async def _refresh(self) -> None:
        """Take a picture and show it, or say why there is none."""
        wanted = _wanted(self._model.snapshot)
        if wanted is None:
            return
        try:
            picture = await self._take(wanted)
        except (RuntimeError, ValueError) as error:
            # What a renderer cannot show, such as a lens that it does not know, is told and not logged each time.
            self._model.note("sensors", f"!{error}")
            return
        self._model.note("sensors", "")
        if picture is not None:
            self._model.show_picture(picture)

    async def _take(self, wanted: Wanted) -> Picture | None:
        self._make(wanted)
        self._enable(True)
        try:
            for _ in range(max(1, carb.settings.get_settings().get_as_int(UPDATES))):
                await omni.kit.app.get_app().next_update_async()
            # The stage may have been closed meanwhile, or a recording begun.
            if self._product is None or not self._model.snapshot.is_idle:
                return None
            return picture_of(wanted[3], self._annotator.get_data())
        finally:
            self._enable(False)

    def _make(self, wanted: Wanted) -> None:
        if self._made == wanted and self._product is not None:
            return
        self._release()
        camera, width, height, name = wanted
        parameters = {"colorize": True} if name in MASKS else None
        self._product = rep.create.render_product(camera, (width, height), name=_NAME)
        self._annotator = rep.AnnotatorRegistry.get_annotator(ANNOTATORS[name], init_params=parameters)
        self._annotator.attach([self._product])
        self._made = wanted

    def _enable(self, enabled: bool) -> None:
        if self._product is not None:
            self._product.hydra_texture.set_updates_enabled(enabled)

    def _release(self) -> None:
        product, annotator = self._product, self._annotator
        self._product = self._annotator = self._made = None
        if product is not None:
            annotator.detach()
            product.destroy()
        self._model.show_picture(None)


def _wanted(snapshot: Snapshot) -> Wanted | None:
    """Return what is to be shown; None where that cannot be."""
    if any(path.startswith("sensors.") for path in snapshot.problems) or not sensor_camera(snapshot):
        return None
    sensors = snapshot.draft["sensors"]
    return sensor_camera(snapshot), sensors["width"], sensors["height"], sensors["annotator"]
