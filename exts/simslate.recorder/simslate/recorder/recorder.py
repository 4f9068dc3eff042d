"""The recorder: one recording at a time, one task, one loop."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import carb
import omni.replicator.core as rep

from .compat import on_stage_closing
from .config import Job
from .dataset.durable import causes
from .errors import IncompleteError, OutputError, SimslateError
from .patience import within
from .recording import Recording, open_recording
from .state import Cancel, Command, Observer, State, Status, next_state

Follower = Callable[[Job, Callable[[Observer], Cancel]], Cancel]
"""Called with a job and ``Recorder.subscribe`` before its first frame; what it returns is called at its end."""
T = TypeVar("T")
DRAIN_SECONDS = 20.0
"""How long after the last frame a recording waits for the next file to be finished."""
_RETRY_S = 0.2
"""How long a full disk is left alone between two tries."""


@dataclass(frozen=True)
class Recorded:
    """What came of a recording."""

    folder: Path | str
    """The data set's folder, or in a bucket its URL."""

    frames: int

    complete: bool
    """Whether all frames are there that the job asked for; a recording without a number of frames always is."""

    never_seen: tuple[str, ...] = ()
    """Labels of the stage that were in no picture, each with the reason: ``class:mug: out of view: ...``."""

    suspect: tuple[int, ...] = ()
    """Frames that were blank, empty or not finite however often they were rendered: see ``frames.jsonl``."""


class Recorder:
    """Records jobs on the open stage.

    ``record`` runs in the task that awaits it and is the only thing that changes the world; the other commands
    only say what it is to do at the next frame boundary. Observers are called by that task, between frames, so that
    a pause and a resume within one frame go unnoticed.
    """

    def __init__(self, *, followers: Sequence[Follower] = ()) -> None:
        """Make an idle recorder; ``followers`` are things that go along with each recording, such as the timeline."""
        self._followers = tuple(followers)
        self._observers: list[Observer] = []
        self._status = self._announced = Status()
        self._running = asyncio.Event()
        self._recording: Recording | None = None
        self._folder: Path | str | None = None
        self._is_stage_lost = self._gives_up = False

    @property
    def status(self) -> Status:
        """Where the recorder is now."""
        return self._status

    @property
    def folder(self) -> Path | str | None:
        """The folder, or the URL in a bucket, of the recording that runs or ran last; None before the first frame."""
        return self._folder

    def subscribe(self, observer: Observer) -> Cancel:
        """Call ``observer`` with each new status; return the function that ends this.

        IDLE is announced when everything is released: a new recording may be started from there.
        """
        self._observers.append(observer)

        def cancel() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return cancel

    def pause(self) -> None:
        """Record no more frames, after the one under way, until ``resume``. StateError unless RECORDING."""
        self._apply(Command.PAUSE)
        self._running.clear()

    def resume(self) -> None:
        """Record again. StateError unless PAUSED."""
        self._apply(Command.RESUME)
        self._running.set()

    def stop(self) -> None:
        """End the recording after the frame under way; ``record`` returns. StateError unless one is to be ended.

        While the recording waits for room on the disk this ends it at once, with the OutputError of a full disk.
        """
        self._gives_up = self._status.waiting is not None
        if not (self._gives_up and self._status.state is State.FINISHING):
            self._apply(Command.STOP)
        self._running.set()

    async def record(self, job: Job, *, allow_degraded: bool = False) -> Recorded:
        """Record ``job`` on the open stage; return when its last file is written and everything is released.

        With ``allow_degraded`` also if annotators will have nothing to give, which the report then tells.

        Raises StateError if a recording runs; ConfigError, StageError or OutputError if this one cannot begin, with
        nothing changed on the stage or the disk; OutputError for a file that could not be written and IncompleteError
        for anything else that ends it early. When its task is cancelled it still writes out what was recorded.
        """
        self._apply(Command.RECORD, frame=0, lead=0, frames=job.frames, error=None)
        self._folder, self._running = None, asyncio.Event()
        self._is_stage_lost = self._gives_up = False
        async with AsyncExitStack() as stack:
            stack.push(self._release)
            self._announce()
            try:
                recording = self._recording = self._open(job, stack, allow_degraded)
                if self._status.state is State.STARTING:
                    await self._capture(job, recording)
            except BaseException as error:
                # The task's edge: whatever ends it, what was taken is written out before it goes on.
                await self._give_up(error)
                raise
            await self._finish()
            if self._folder is not None and not recording.was_whole:
                await recording.catch_up()
            # It may have been stopped while frames that are there from before were rendered again.
            frames = max(self._status.frame, len(recording.known))
            complete = recording.was_whole or job.frames in (None, frames)
            if complete and not recording.was_whole and self._folder is not None:
                recording.write_report(frames)
        return Recorded(recording.location, frames, complete, recording.never_seen, suspect=recording.suspect)

    def _open(self, job: Job, stack: AsyncExitStack, allow_degraded: bool) -> Recording:
        stack.callback(on_stage_closing(self._lose_stage))
        recording = open_recording(job, stack, allow_degraded=allow_degraded)
        for follow in self._followers:
            stack.callback(follow(job, self.subscribe))
        return recording

    async def _capture(self, job: Job, recording: Recording) -> None:
        """Record frame after frame. This is the only loop, whatever happens meanwhile."""
        if recording.was_whole:
            self._folder = recording.location
            self._status = replace(self._status, frame=recording.frames_there)
            return
        first = recording.begin()
        self._running.set()
        self._apply(Command.BEGIN, frame=first, lead=0 if first else job.lead)
        self._announce()
        for _ in range(job.warmup_frames):
            await self._guarded(recording, recording.frames.warm_up())
            if self._status.state is State.FINISHING:
                return
        await self._lead_in(recording)
        if self._status.state is State.FINISHING:
            return
        recording.keep()
        self._folder = recording.location
        while self._status.frame != job.frames:
            await self._unpaused()
            if self._status.state is State.FINISHING:
                return
            await self._wait_for_room(recording)
            if self._status.state is State.FINISHING:
                return
            await self._step(recording)
            self._status = replace(self._status, frame=self._status.frame + 1)
            self._announce()

    async def _lead_in(self, recording: Recording) -> None:
        """Render what comes before the first frame, of which nobody hears."""
        while self._status.lead:
            await self._unpaused()
            if self._status.state is State.FINISHING:
                return
            await self._guarded(recording, recording.lead_in())
            self._status = replace(self._status, lead=self._status.lead - 1)
            self._announce()

    async def _unpaused(self) -> None:
        if self._running.is_set():
            return
        self._announce()
        # It may be paused again before this task wakes.
        while not self._running.is_set():
            await self._running.wait()
        self._announce()

    async def _wait_for_room(self, recording: Recording) -> None:
        """While the disk is full, say so and try again what found no room. OutputError if that takes too long."""
        accounts = recording.accounts
        while (waiting := accounts.waiting) is not None:
            self._status = replace(self._status, waiting=waiting)
            self._announce()
            while accounts.book.retry():
                await asyncio.sleep(0)
            if accounts.waiting is None or self._gives_up:
                break
            if accounts.book.waiting_seconds > accounts.disk_full_seconds:
                raise self._full(recording, f"{waiting}, and none came free in {accounts.disk_full_seconds:g} s")
            await asyncio.sleep(_RETRY_S)
        self._status = replace(self._status, waiting=None)
        self._announce()

    async def _step(self, recording: Recording) -> None:
        """Record one frame, or render again one that is there from before."""
        frame = self._status.frame
        if frame < len(recording.known):
            await self._guarded(recording, recording.replay(frame))
            return
        self._check_writes(recording)
        recording.accounts.book.begin(frame)
        verdict = await self._guarded(recording, recording.frames.take())
        recording.seal_frame(frame, verdict)

    async def _guarded(self, recording: Recording, work: Coroutine[Any, Any, T]) -> T:
        """Await ``work``, and make sure that there was a stage to record to its end."""
        if self._is_stage_lost:
            work.close()
            raise self._failure(None)
        try:
            result = await work
        except Exception as error:
            # The edge to plugins: what a writer raises comes out here.
            self._check_writes(recording)
            raise self._failure(error) from error
        if self._is_stage_lost:
            raise self._failure(None)
        return result

    def _check_writes(self, recording: Recording) -> None:
        """Raise the first failure of a write, if there is one: a real Kit only logs it."""
        failure = recording.accounts.failure
        if failure is not None:
            raise self._failure(failure) from failure

    async def _give_up(self, error: BaseException) -> None:
        """Finish after ``error``: wait for the files that are under way, but not for a full disk.

        An error of the recording is what is to be told; what goes wrong after an interruption is told instead of it.
        """
        self._gives_up = True
        try:
            await self._finish()
        except SimslateError:
            is_full = self._recording is not None and self._recording.accounts.waiting is not None
            if not isinstance(error, SimslateError) and not is_full:
                raise

    async def _finish(self) -> None:
        """Announce that there will be no more frames, and wait for their files."""
        if self._status.state is not State.FINISHING:
            self._apply(Command.STOP)
        self._announce()
        if self._recording is None:
            return
        # Frames that were being rendered again count as before.
        self._status = replace(self._status, frame=self._frames_there(self._recording))
        book = self._recording.accounts.book
        limit = max(DRAIN_SECONDS, self._recording.accounts.drain_seconds)
        try:
            await within(limit, rep.orchestrator.wait_until_complete_async(), progress=lambda: book.ended)
        except asyncio.TimeoutError as error:
            text = f"no file has been finished for {limit:g} s, and some are missing"
            raise self._failure(OutputError(text)) from error
        except Exception as error:
            # As in _step: the last writes come to their end here.
            self._check_writes(self._recording)
            raise self._failure(error) from error
        await self._wait_for_room(self._recording)
        self._check_writes(self._recording)
        waiting = self._recording.accounts.waiting
        if waiting is not None:
            raise self._full(self._recording, waiting)

    def _full(self, recording: Recording, text: str) -> SimslateError:
        """Return what to raise for a disk that stays full; frames without all of their files do not count any more."""
        journal = recording.accounts.book.journal
        self._status = replace(self._status, frame=0 if journal is None else journal.frames)
        return self._failure(OutputError(text))

    def _failure(self, error: Exception | None) -> SimslateError:
        """Return what to raise for ``error``, which ended the recording; None if nothing but the stage is missing."""
        frames = "" if self._status.frames is None else f" of {self._status.frames}"
        there = self._frames_there(self._recording)
        so_far = f"after {there}{frames} frames"
        if self._is_stage_lost:
            return IncompleteError(f"the stage was closed {so_far}")
        if error is not None and any(isinstance(cause, (OSError, OutputError)) for cause in causes(error)):
            return OutputError(f"{error} ({so_far})")
        if isinstance(error, IncompleteError):
            return IncompleteError(f"{error} ({so_far})")
        carb.log_info("".join(traceback.format_exception(error)))
        return IncompleteError(f"the recording ended {so_far}: {type(error).__name__}: {error}")

    def _frames_there(self, recording: Recording | None) -> int:
        return max(self._status.frame, 0 if recording is None else len(recording.known))

    def _lose_stage(self) -> None:
        """Give back at once what lives on the stage, while there still is one, and let the loop end."""
        self._is_stage_lost = True
        if self._recording is not None:
            self._recording.on_stage.close()
        self._running.set()

    def _release(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        """Announce IDLE. As the first thing on the exit stack this comes last, when all else is given back."""
        self._recording = None
        self._apply(Command.RELEASE, waiting=None, error=None if isinstance(error, asyncio.CancelledError) else error)
        self._announce()

    def _apply(self, command: Command, **changes: Any) -> None:
        self._status = replace(self._status, state=next_state(self._status.state, command), **changes)

    def _announce(self) -> None:
        status = self._status
        if status == self._announced:
            return
        self._announced = status
        for observer in list(self._observers):
            observer(status)
