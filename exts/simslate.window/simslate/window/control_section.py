"""The frame that records: how many frames, how, and how far it is."""

from __future__ import annotations

from types import MappingProxyType

import omni.ui as ui

from .control import last_problem, pause_button, progress, start_button, status_line
from .control_actions import ControlActions
from .fields import PROBLEM, Fields
from .model import Snapshot

_MAIN = MappingProxyType(
    {
        "Button": MappingProxyType({"background_color": 0xFFC76816}),
        "Button.Label": MappingProxyType({"color": 0xFFFFFFFF}),
    }
)
"""How the one button looks that everything else is there for."""


def build_control(fields: Fields, actions: ControlActions) -> None:
    """Make the frame."""
    fields.rows({"control.frames": 124, "control.subframes": 92})
    with ui.HStack(height=0, spacing=12):
        fields.switch("control.control_timeline")
        fields.switch("control.allow_degraded")
    with ui.HStack(height=0, spacing=4):
        fields.live_button("control.start", start_button, actions.start_or_stop, style=_MAIN)
        fields.live_button("control.pause", pause_button, actions.pause_or_resume)
        fields.button("control.open_folder", actions.open_folder)
    _build_bar(fields)
    fields.text("control.status", status_line)
    fields.text("control.problem", last_problem, style=PROBLEM)
    fields.note("control.open_folder")


def _build_bar(fields: Fields) -> None:
    bar = ui.ProgressBar(identifier="control.progress", tooltip="Frames recorded.", height=18)

    def show(snapshot: Snapshot) -> None:
        bar.model.set_value(progress(snapshot))

    fields.watch(show)
