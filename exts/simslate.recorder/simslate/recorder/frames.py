"""How one frame after another is taken: warm-up, replayed frames, and the tries that a good one needs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from pxr import Usd

import carb
import carb.settings
import omni.replicator.core as rep
import omni.timeline

from .config import Job
from .dataset.book import Book
from .errors import IncompleteError
from .foresight import Foresight
from .frame_checks import flaws
from .gate import Gate
from .good_frame import Verdict, caveat_of, take
from .patience import within

STEP_SECONDS = "/exts/simslate.recorder/stepSeconds"
"""How long one frame may take before the recording ends as incomplete."""
_DEFAULT_STEP_SECONDS = 600.0


class FrameTaker:
    """Takes frames of one writer. What it writes has been looked at; what is bad is rendered again."""

    def __init__(self, job: Job, writer: Any, foresight: Foresight, book: Book) -> None:
        self._job = job
        self._book = book
        self._writer = writer
        self.gate = Gate(writer, lambda payload: flaws(payload, lambda name: foresight.expected(name, time_now())))
        self._caveat = caveat_of(writer.get_annotators())
        self._is_warm = False
        self._is_passed = False
        self._limit = step_seconds()

    async def warm_up(self) -> None:
        """Render one frame, at the time that it is now, of which nobody hears."""
        with self.gate.shut():
            await self._step(self._job.subframes, moves=False)
        self._is_warm = True

    async def replay(self, *, is_written: bool) -> None:
        """Render a frame that is there from before; the writer hears of it if it ``is_written``, but its ledger not."""
        with ExitStack() as stack:
            if not is_written:
                stack.enter_context(self.gate.shut())
            await self._step(self._job.subframes, moves=self._moves())

    async def take(self) -> Verdict:
        """Take the next frame. IncompleteError if no data arrives at the writer, or if it takes too long."""

        async def step(subframes: int, moves: bool) -> None:
            await self._step(subframes, moves=moves and self._moves())
            self._heed_bypass()

        verdict = await take(
            step, self.gate, retries=self._job.retries, subframes=self._job.subframes, caveat=self._caveat
        )
        if not verdict.is_written:
            raise IncompleteError(verdict.reasons[0])
        return verdict

    def _moves(self) -> bool:
        # A step after a warm-up would move a timeline that plays by itself before its first frame is taken.
        was_warm, self._is_warm = self._is_warm, False
        return not was_warm or not omni.timeline.get_timeline_interface().is_auto_updating()

    async def _step(self, subframes: int, *, moves: bool) -> None:
        step = rep.orchestrator.step_async(
            rt_subframes=subframes or -1, delta_time=None if moves else 0.0, pause_timeline=False
        )
        try:
            await within(self._limit, step)
        except asyncio.TimeoutError as error:
            raise IncompleteError(f"a frame took longer than {self._limit:g} s ({STEP_SECONDS})") from error

    def _heed_bypass(self) -> None:
        """Let frames pass unseen where the host calls the writer in a way that goes past the gate."""
        if self.gate.flaws is None and self._book.has_calls:
            self.gate.flaws = ()
            if not self._is_passed:
                carb.log_warn(f"{type(self._writer).__name__}: frames are written unseen, so none is judged")
            self._is_passed = True


def step_seconds() -> float:
    """Return how long one frame may take."""
    limit = carb.settings.get_settings().get(STEP_SECONDS)
    return _DEFAULT_STEP_SECONDS if limit is None else float(limit)


def time_now() -> Usd.TimeCode:
    """Return the time code that the timeline is at."""
    return time_at(omni.timeline.get_timeline_interface().get_current_time())


def time_at(seconds: float) -> Usd.TimeCode:
    """Return the time code of a time of the timeline."""
    return Usd.TimeCode(seconds * omni.timeline.get_timeline_interface().get_time_codes_per_seconds())


def start_of_replay(job: Job, writer: Any, start: int) -> int:
    """Return the first frame to render for frame ``start`` to be as if none were there from before.

    All of them where a script or the writer may keep something from frame to frame; else the one before, from which
    motion is measured.
    """
    return 0 if job.script is not None or not is_seekable(writer) else max(0, start - 1)


def is_seekable(writer: Any) -> bool:
    """Return whether all that a writer keeps from frame to frame is the frame's number."""
    basic: Sequence[Any] = [cls for name, cls in rep.WriterRegistry.get_writers().items() if name == "BasicWriter"]
    is_basic = bool(basic) and type(writer).write is basic[0].write
    return hasattr(writer, "_frame_id") and (is_basic or bool(getattr(writer, "is_seekable", False)))
