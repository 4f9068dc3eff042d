"""The extension as Kit starts and stops it."""

from __future__ import annotations

import carb.settings
import omni.ext
import omni.ui as ui
from omni.kit.menu.utils import MenuHelperExtensionFull
from simslate.recorder import get_recorder
from simslate.recorder.compat import menu_group

from .config_actions import ConfigActions
from .control_actions import ControlActions
from .draft import Draft, kept, restored
from .label_actions import LabelActions
from .model import RecorderModel, Snapshot
from .preview import Preview
from .stage_watch import StageWatch
from .window import TITLE, Actions, RecorderWindow

DRAFT = "/persistent/exts/simslate.window/draft"
SHOW = "/exts/simslate.window/showOnStartup"


class WindowExtension(omni.ext.IExt, MenuHelperExtensionFull):
    """Owns the model and what feeds it, the menu entry and the window, from ``on_startup`` to ``on_shutdown``."""

    def on_startup(self, _ext_id: str) -> None:
        """Restore what was set last, and offer the window in the menu."""
        self._settings = carb.settings.get_settings()
        self._model = RecorderModel(restored(self._settings.get_as_string(DRAFT) or ""))
        self._kept: Draft = self._model.snapshot.draft
        self._cancel = self._model.subscribe(self._keep)
        self._preview = Preview(self._model)
        self._watch = StageWatch(self._model, self._preview.ask)
        control = ControlActions(self._model, get_recorder())
        self._actions = Actions(LabelActions(self._model), ConfigActions(self._model), control)
        self.menu_startup(self._make_window, TITLE, "Simslate Recorder", menu_group())
        if self._settings.get_as_bool(SHOW):
            ui.Workspace.show_window(TITLE)

    def on_shutdown(self) -> None:
        """End the window's own recording, and give back everything."""
        self._actions.control.close()
        self._actions.config.close()
        self.menu_shutdown()
        self._watch.close()
        self._preview.close()
        self._cancel()

    def _make_window(self) -> RecorderWindow:
        # Writers may have been registered since, and nothing tells of that.
        self._watch.look()
        return RecorderWindow(self._model, self._actions, self._preview)

    def _keep(self, snapshot: Snapshot) -> None:
        if snapshot.draft is not self._kept:
            self._kept = snapshot.draft
            self._settings.set_string(DRAFT, kept(snapshot.draft))
