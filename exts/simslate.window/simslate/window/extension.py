"""The extension as Kit starts and stops it."""

from __future__ import annotations

import carb.settings
import omni.ext
import omni.ui as ui
from omni.kit.menu.utils import MenuHelperExtensionFull
from simslate.recorder.compat import menu_group

from .session import Session
from .window import TITLE

SHOW = "/exts/simslate.window/showOnStartup"
JOB = "/exts/simslate.window/job"


class WindowExtension(omni.ext.IExt, MenuHelperExtensionFull):
    """Offers the window in the menu, from ``on_startup`` to ``on_shutdown``; it is made when it is first shown."""

    def on_startup(self, _ext_id: str) -> None:
        """Restore what was set last, or take the job of the settings, and add the menu entry."""
        settings = carb.settings.get_settings()
        self.session = Session()
        self.session.begin(settings.get_as_string(JOB), opens_stage=settings.get_as_bool(SHOW))
        self.menu_startup(self.session.make_window, TITLE, "Simslate Recorder", menu_group())
        if settings.get_as_bool(SHOW):
            ui.Workspace.show_window(TITLE)

    def on_shutdown(self) -> None:
        """Take the entry and the window away; a recording that was started in it ends by itself."""
        self.menu_shutdown()
        self.session.close()
