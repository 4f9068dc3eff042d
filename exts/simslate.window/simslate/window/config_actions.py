"""What the writer frame's buttons do that reach out of the window: job files, the bucket, the stage."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import omni.usd
from simslate.recorder import GroupOutput, Job, S3Output, SimslateError
from simslate.recorder.dataset.layout import write_json

from .checking import make_job
from .draft import DEFAULT, with_job
from .model import RecorderModel


class ConfigActions:
    """Loads and saves the draft as a job file, and tries what it names; notes in the model what came of it."""

    def __init__(self, model: RecorderModel) -> None:
        self._model = model
        self._tasks: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()

    def load(self) -> bool:
        """Take all of the job file. Returns whether it could be read; the model has the note of why not."""
        path = self._path()
        try:
            draft = with_job(self._model.snapshot.draft, Job.load(path))
        except SimslateError as error:
            self._model.note("config.load", f"!{error}")
            return False
        self._model.set_draft(draft)
        self._model.note("config.load", f"loaded from {path}")
        return True

    def save(self) -> None:
        """Write the draft as a job file."""
        path = self._path()
        try:
            write_json(path, make_job(self._model.snapshot.draft).to_json())
        except SimslateError as error:
            self._model.note("config.load", f"!{error}")
            return
        self._model.note("config.load", f"saved to {path}")

    def reset(self) -> None:
        """Give every field its default."""
        self._model.set_draft(DEFAULT)
        self._model.note("config.load", "")

    def open_stage(self) -> None:
        """Open the job's stage, again if it is open."""
        self._begin(self._open_stage(self._model.snapshot.draft["job"]["stage"]))

    def test(self) -> None:
        """Try the bucket."""
        self._begin(self._test())

    def _begin(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open_stage(self, address: str) -> None:
        done, message = await omni.usd.get_context().open_stage_async(str(Path(address).expanduser()))
        self._model.note("config.open_stage", "" if done else f"!{message}")

    async def _test(self) -> None:
        # Not at the top: it is for those who write to a bucket.
        from simslate.recorder.s3 import probe

        self._model.note("output.test", "Trying ...")
        try:
            output = make_job(self._model.snapshot.draft).output
            bucket = output.s3 if isinstance(output, GroupOutput) else output
            assert isinstance(bucket, S3Output)
            # A server that does not answer must not stop the app.
            await asyncio.get_running_loop().run_in_executor(None, probe, bucket)
        except SimslateError as error:
            self._model.note("output.test", f"!{error}")
            return
        self._model.note("output.test", "The bucket can be written to.")

    def _path(self) -> Path:
        return Path(self._model.snapshot.draft["config"]["path"].strip()).expanduser()
