"""Starts, pauses and stops recordings for the window."""

from __future__ import annotations

import asyncio
import time
import webbrowser
from pathlib import Path

from simslate.recorder import TRANSITIONS, Command, Recorder, SimslateError, State, Status
from simslate.recorder.script import run_script

from .checking import make_job
from .control import why_not
from .model import RecorderModel


class ControlActions:
    """What the control frame's buttons do, with the app's one recorder; the model hears all that it announces."""

    def __init__(self, model: RecorderModel, recorder: Recorder) -> None:
        self._model = model
        self._recorder = recorder
        self._task: asyncio.Task[None] | None = None
        self._cancel = recorder.subscribe(self._hear)
        self._hear(recorder.status)

    def close(self) -> None:
        """End the window's own recording, if one runs, after its frame under way; its files are still written."""
        self.end_own()
        self._cancel()

    def end_own(self) -> None:
        """Stop the recording if the window has started it."""
        if self._task is not None and not self._task.done() and self._can(Command.STOP):
            self._recorder.stop()

    def start_or_stop(self) -> None:
        """Start a recording of the draft, or end the one that runs."""
        if self._can(Command.STOP):
            self._recorder.stop()
            self._hear(self._recorder.status)
        elif self._recorder.status.state is State.IDLE and not why_not(self._model.snapshot):
            self._model.note("control.start", "")
            self._task = asyncio.ensure_future(self._record())

    def pause_or_resume(self) -> None:
        """Pause the recording that runs, or let it go on."""
        if self._can(Command.PAUSE):
            self._recorder.pause()
        elif self._can(Command.RESUME):
            self._recorder.resume()
        self._hear(self._recorder.status)

    def open_folder(self) -> None:
        """Show the data set's folder in the system's file browser."""
        folder = Path(self._model.snapshot.folder)
        shown = folder.is_dir() and webbrowser.open(folder.as_uri())
        self._model.note("control.open_folder", "" if shown else f"!{folder} cannot be shown")

    async def _record(self) -> None:
        draft = self._model.snapshot.draft
        try:
            job = make_job(draft)
            run_script(job)
            await self._recorder.record(job, allow_degraded=draft["control"]["allow_degraded"])
        except SimslateError as error:
            self._model.note("control.start", f"!{error}")

    def _can(self, command: Command) -> bool:
        return (self._recorder.status.state, command) in TRANSITIONS

    def _hear(self, status: Status) -> None:
        self._model.hear(status, time.monotonic(), str(self._recorder.folder or ""))
