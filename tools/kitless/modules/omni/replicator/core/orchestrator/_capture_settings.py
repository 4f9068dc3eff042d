"""Settings that are forced while frames are taken, and put back after."""

from typing import Any

import carb.settings
import omni.timeline

ASYNC_RENDERING = "/omni/replicator/asyncRendering"


class CaptureSettings:
    """Holds what was set before, while frames are taken."""

    def __init__(self) -> None:
        self._before: dict[str, Any] | None = None
        self._played_every_frame = False

    def apply(self) -> None:
        """Force them; a second call does nothing."""
        if self._before is not None:
            return
        settings, timeline = carb.settings.get_settings(), omni.timeline.get_timeline_interface()
        forced = {
            "/app/asyncRendering": settings.get_as_bool(ASYNC_RENDERING),
            "/persistent/physics/visualizationDisplayColliders": 0,
            "/rtx/ecoMode/enabled": False,
            "/rtx/hydra/materialSyncLoads": True,
            "/rtx/materialDb/syncLoads": True,
        }
        self._before = {path: settings.get(path) for path in forced}
        self._played_every_frame = timeline.get_play_every_frame()
        for path, value in forced.items():
            settings.set(path, value)
        timeline.set_play_every_frame(True)

    def restore(self) -> None:
        """Put back what was there."""
        settings = carb.settings.get_settings()
        before, self._before = self._before, None
        if before is None:
            return
        for path, value in before.items():
            if value is None:
                settings.destroy_item(path)
            else:
                settings.set(path, value)
        omni.timeline.get_timeline_interface().set_play_every_frame(self._played_every_frame)
