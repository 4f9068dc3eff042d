"""Pictures of a viewport, taken at the end of the next update."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import omni.kit.app
from carb.eventdispatcher import get_eventdispatcher
from kitless.services import service
from omni.kit.viewport.utility._viewports import ViewportAPI


class Capture:
    """A picture that is going to be taken, and then handed to a function.

    ``await capture.wait_for_result()`` returns when that is done, and raises what went wrong; when nobody waits, the
    app's loop reports it. Pictures are (height, width, 4) uint8, RGBA.
    """

    def __init__(self, viewport_api: ViewportAPI, take: Callable[[NDArray[np.uint8]], Any]) -> None:
        """Ask for a picture; raises ValueError where the viewport's camera is not on the stage."""
        import omni.replicator.core as rep

        self._take = take
        self._product: Any = rep.create.render_product(
            viewport_api.camera.GetPath().pathString, viewport_api.resolution, force_new=True, name="ViewportCapture"
        )
        self._annotator = rep.AnnotatorRegistry.get_annotator("rgb").attach(self._product)
        self._done: asyncio.Future[bool] = omni.kit.app.get_app().loop.create_future()
        service(_Captures).waiting.append(self)

    async def wait_for_result(self, completion_frames: int = 2) -> bool:
        """Wait until the picture is taken and handed on."""
        return await asyncio.shield(self._done)

    def run(self) -> None:
        """Take the picture now."""
        try:
            pixels = np.array(self._annotator.get_data())
            if not pixels.size:
                raise RuntimeError("the stage was closed before the viewport's picture was taken")
            self._take(pixels)
        except (OSError, ValueError, RuntimeError) as error:
            self._done.set_exception(error)
        else:
            self._done.set_result(True)
        finally:
            self._annotator.detach()
            self._product.destroy()


class _Captures:
    """The pictures to take at the end of the next update."""

    def __init__(self) -> None:
        self.waiting: list[Capture] = []
        self._observer = get_eventdispatcher().observe_event(
            event_name=omni.kit.app.GLOBAL_EVENT_POST_UPDATE, on_event=self._on_update, observer_name=__name__
        )

    def _on_update(self, _: Any) -> None:
        captures, self.waiting = self.waiting, []
        for capture in captures:
            capture.run()

    def close(self) -> None:
        """Stop observing the app."""
        self._observer.reset()


def write_picture(path: str) -> Callable[[NDArray[np.uint8]], None]:
    """Return what writes a picture to ``path``, in the format of its suffix, its folder made where it is missing."""

    def write(pixels: NDArray[np.uint8]) -> None:
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        image = Image.fromarray(pixels)
        (image.convert("RGB") if target.suffix.lower() in (".jpg", ".jpeg") else image).save(target)

    return write
