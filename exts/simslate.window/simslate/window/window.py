"""The window: it draws the sections, and says which of them can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import carb.settings
import omni.ui as ui
from omni.kit.menu.utils import MenuHelperWindow

from .config_actions import ConfigActions
from .control_actions import ControlActions
from .control_section import build_control
from .fields import Fields
from .label_actions import LabelActions
from .labels_section import build_labels
from .model import RecorderModel
from .preview import Preview
from .sensors_section import build_sensors
from .writer_section import build_config, build_output, build_parameters, build_products

TITLE = "Simslate"
_COLLAPSED = "/persistent/exts/simslate.window/collapsed/"


@dataclass(frozen=True)
class Actions:
    """What the buttons do that is more than a change of the draft."""

    labels: LabelActions
    config: ConfigActions
    control: ControlActions


class RecorderWindow(MenuHelperWindow):
    """The window "Simslate". It holds widgets, and nothing that is shown in them."""

    def __init__(self, model: RecorderModel, actions: Actions, preview: Preview) -> None:
        super().__init__(TITLE, width=460, height=900)
        self._fields = Fields(model)
        self._actions = actions
        self._preview = preview
        self.set_visibility_changed_fn(self._on_visible)
        # What records stays in view, however long the rest is.
        with self.frame, ui.VStack(spacing=6):
            with ui.ScrollingFrame(), ui.VStack(height=0, spacing=6):
                self._build()
            self._section("Control", lambda: build_control(self._fields, actions.control))
        self._look()

    def destroy(self) -> None:
        """End the window; a recording that was started in it ends after its frame under way."""
        self.set_visibility_changed_fn(None)
        self._fields.clear()
        self._actions.control.end_own()
        self._preview.show(False)
        super().destroy()

    def _build(self) -> None:
        fields, actions = self._fields, self._actions
        self._section("Labels", lambda: build_labels(fields, actions.labels))
        self._sensors = self._section("Sensors", lambda: build_sensors(fields))
        with self._frame("Writer"), ui.VStack(height=0, spacing=4):
            self._section("Render Products", lambda: build_products(fields))
            self._section("Parameters", lambda: build_parameters(fields))
            self._section("Output", lambda: build_output(fields, actions.config))
            self._section("Config", lambda: build_config(fields, actions.config))

    def _section(self, title: str, build: Callable[[], None]) -> Any:
        frame = self._frame(title)
        with frame, ui.VStack(height=0, spacing=4):
            build()
        return frame

    def _frame(self, title: str) -> Any:
        """Make a frame that is as it was left, open or not."""
        settings, path = carb.settings.get_settings(), _COLLAPSED + title.replace(" ", "")
        name = f"section.{title.lower().replace(' ', '_')}"
        frame = ui.CollapsableFrame(title, identifier=name, collapsed=settings.get_as_bool(path), height=0)

        def on_collapsed(is_collapsed: bool) -> None:
            settings.set_bool(path, is_collapsed)
            self._look()

        frame.set_collapsed_changed_fn(on_collapsed)
        return frame

    def _on_visible(self, is_visible: bool) -> None:
        if not is_visible:
            self._actions.control.end_own()
        self._look()

    def _look(self) -> None:
        self._preview.show(self.visible and not self._sensors.collapsed)
