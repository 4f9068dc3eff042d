"""The frame that records: how many frames, how, and how far it is."""

from __future__ import annotations

import omni.ui as ui

from .control import last_problem, pause_button, progress, start_button, status_line
from .control_actions import ControlActions
from .fields import PROBLEM, Fields
from .model import Snapshot


def build_control(fields: Fields, actions: ControlActions) -> None:
    """Make the frame."""
    for name in ("frames", "subframes", "control_timeline", "allow_degraded"):
        fields.row(f"control.{name}")
    with ui.HStack(height=0, spacing=4):
        fields.live_button("control.start", start_button, actions.start_or_stop)
        fields.live_button("control.pause", pause_button, actions.pause_or_resume)
    _build_bar(fields)
    fields.text("control.status", status_line)
    fields.text("control.problem", last_problem, style=PROBLEM)
    fields.button("control.open_folder", actions.open_folder)
    fields.note("control.open_folder")


def _build_bar(fields: Fields) -> None:
    bar = ui.ProgressBar(identifier="control.progress", tooltip="Frames recorded.", height=18)

    def show(snapshot: Snapshot) -> None:
        bar.model.set_value(progress(snapshot))

    fields.watch(show)
