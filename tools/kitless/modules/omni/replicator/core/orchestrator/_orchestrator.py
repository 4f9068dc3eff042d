"""The orchestrator itself."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import carb
import carb.settings
import omni.kit.app
import omni.timeline
from carb.eventdispatcher import get_eventdispatcher
from kitless.services import service

from ..backends.queue import WriteQueue
from ..frame import moment_now
from ..graph import Graph, Tick
from ..render_product import RenderProducts
from ..writer import AttachedWriters
from ._app import update
from ._capture_settings import CaptureSettings
from ._status import OrchestratorError, Status, StatusCallbacks

CAPTURE_ON_PLAY = "/omni/replicator/captureOnPlay"
PERSISTENT_CAPTURE_ON_PLAY = "/persistent/omni/replicator/captureOnPlay"
SUBFRAMES = "/omni/replicator/RTSubframes"
EVENT = "omni.replicator.core.orchestrator:orchestratorEvent"
"""Its payload has ``command`` (initialize, start, stop, preview), ``trigger`` or ``capture`` (a time in seconds)."""
POLL_SECONDS = 0.002
UNDER_WAY = (Status.INITIALIZING, Status.STARTING, Status.STARTED)


class Orchestrator:
    """Takes frames: every update while running, one when stepped."""

    def __init__(self) -> None:
        settings = carb.settings.get_settings()
        settings.set_default(PERSISTENT_CAPTURE_ON_PLAY, True)
        settings.set_default(CAPTURE_ON_PLAY, settings.get(PERSISTENT_CAPTURE_ON_PLAY))
        settings.set_default(SUBFRAMES, 1)
        self.next_subframes = 1
        self._status = Status.STOPPED
        self._captured = 0
        self._limit: int | None = None
        self._failure: Exception | None = None
        self._resume_timeline = False
        self._times: list[tuple[int, int]] = []
        self._background: asyncio.Task[None] | None = None
        self._settings = CaptureSettings()
        observed = {
            omni.kit.app.GLOBAL_EVENT_POST_UPDATE: self._on_post_update,
            omni.timeline.GLOBAL_EVENT_PLAY: self._on_play,
            omni.timeline.GLOBAL_EVENT_PAUSE: self._on_pause,
            omni.timeline.GLOBAL_EVENT_STOP: self._on_stop,
        }
        self._observers = [
            get_eventdispatcher().observe_event(event_name=name, on_event=handler, observer_name="omni.replicator.core")
            for name, handler in observed.items()
        ]

    def close(self) -> None:
        """Stop observing the app."""
        for observer in self._observers:
            observer.reset()

    @property
    def status(self) -> Status:
        """What it is doing."""
        return self._status

    @property
    def captured(self) -> int:
        """How many frames have been taken since it was last stopped."""
        return self._captured

    def times_to_write(self) -> list[tuple[int, int]]:
        """Times of frames that are taken and not yet handed over."""
        return list(self._times)

    def set_next_subframes(self, count: int) -> None:
        """Samples per pixel of the next frame. Raises ``ValueError`` below 1."""
        if count < 1:
            raise ValueError(f"rt_subframes must be at least 1: {count}")
        self.next_subframes = int(count)

    # --- stepping

    async def step(self, rt_subframes: int, pause_timeline: bool, delta_time: float | None) -> None:
        """Take one frame in the next app update. See ``step_async``."""
        if self._status is Status.STOPPING:
            carb.log_warn("The orchestrator is stopping: no frame is taken")
            await update()
            return
        timeline = omni.timeline.get_timeline_interface()
        is_first = self._status is Status.STOPPED
        if is_first:
            await self._initialize()
        with held_timeline(is_first or delta_time is not None):
            if not is_first:
                self._move_timeline(delta_time)
            self._set_status(Status.STEPPING)
            try:
                await update()
                self.capture(subframes(rt_subframes))
            finally:
                self._set_status(Status.STEPPED)
        self._resume_timeline = pause_timeline and timeline.is_playing()
        if self._resume_timeline:
            timeline.pause()

    def _move_timeline(self, delta_time: float | None) -> None:
        timeline = omni.timeline.get_timeline_interface()
        if delta_time:
            timeline.set_current_time(timeline.get_current_time() + delta_time)
        captures_on_play = carb.settings.get_settings().get_as_bool(CAPTURE_ON_PLAY)
        # A step that says by how much time moves holds the timeline, and so does not start it.
        if self._resume_timeline or (captures_on_play and timeline.is_auto_updating()):
            timeline.play()

    # --- running

    async def run(self, num_frames: int | None, start_timeline: bool) -> None:
        """Start taking every update's frame."""
        self._limit, self._failure = num_frames, None
        await self._initialize()
        if start_timeline or self._captures_on_play():
            omni.timeline.get_timeline_interface().play()
        with held_timeline():
            # The first frame is that of this update's end, and shows the time at which the run was started.
            await update()
        if self._status is Status.STARTING:
            self._set_status(Status.STARTED)

    async def run_to_end(self, num_frames: int | None, start_timeline: bool) -> None:
        """Run, and wait for the files. Raises ``OrchestratorError`` for a run without end."""
        if not self._has_end(num_frames):
            raise OrchestratorError(
                "run_until_complete would never end: give num_frames, or max_execs to every trigger"
                if service(Graph).triggers
                else "run_until_complete without num_frames would never end: there are no triggers"
            )
        await self.run(num_frames, start_timeline)
        await self.complete()

    def run_in_background(self, num_frames: int | None, start_timeline: bool) -> None:
        """Start from inside the app's loop: the frames begin with the next updates."""
        ends = self._has_end(num_frames)
        if not ends:
            carb.log_warn("Nothing ends this run but rep.orchestrator.stop(), or the end of the script")
        run = self.run_to_end(num_frames, start_timeline) if ends else self.run(num_frames, start_timeline)
        self._background = asyncio.get_running_loop().create_task(run)
        self._set_status(Status.INITIALIZING)

    def _has_end(self, num_frames: int | None) -> bool:
        timeline = omni.timeline.get_timeline_interface()
        plays_once = self._captures_on_play() and not timeline.is_looping()
        return num_frames is not None or service(Graph).can_end or plays_once

    async def complete(self) -> None:
        """End the frames and wait for the files."""
        while self._status in UNDER_WAY:
            await update()
        self.stop()
        await update()
        # Outside of an update, the one just waited for has not ended yet.
        while self._status is Status.STOPPING:
            await update()
        queue = service(WriteQueue)
        while not queue.is_empty():
            await asyncio.sleep(POLL_SECONDS)
        self.raise_failures()

    def stop(self) -> None:
        """Take no more frames; stopped at the end of this update."""
        if self._status in (Status.STOPPED, Status.STOPPING):
            return
        if self._status in (Status.INITIALIZING, Status.STARTING) and self._background is not None:
            self._background.cancel()
        tell(command="stop")
        self._set_status(Status.STOPPING)

    def _finish(self) -> None:
        """Be stopped; attached writers see their final frame."""
        self._set_status(Status.STOPPED)
        self._settings.restore()
        for writer in list(service(AttachedWriters).values()):
            try:
                writer.on_final_frame()
            except Exception as error:  # noqa: BLE001  raised by whoever waits; the other writers have to end too
                self._keep(error)

    def _keep(self, error: Exception) -> None:
        """Keep the first failure for whoever waits."""
        carb.log_error(f"The orchestrator stops: {error}")
        self._failure = self._failure or error

    def pause(self) -> None:
        """Take no frames until resumed."""
        self._set_status(Status.PAUSED)

    def resume(self) -> None:
        """Take frames again."""
        self._set_status(Status.STARTED)
        if self._captures_on_play():
            omni.timeline.get_timeline_interface().play()

    # --- frames

    def preview(self) -> bool:
        """Fire the triggers once; writers write nothing. Whether there were any."""
        tell(command="preview")
        return service(Graph).preview()

    def capture(self, samples: int, *, ticks: bool = True) -> None:
        """Take a frame of every enabled render product in use and hand it to the writers that want it.

        With ``ticks``, the triggers that are due fire before, so that the frame shows what they did. Raises the
        failure of an earlier write first: a frame is never taken while data is being lost.
        """
        self.raise_failures()
        if ticks:
            samples = max(samples, self._tick())
        samples, self.next_subframes = max(samples, self.next_subframes), 1
        self._captured += 1
        moment = moment_now(samples, self._captured)
        tell(capture=moment.reference[0] / moment.reference[1])
        for product in service(RenderProducts):
            if product.is_enabled and product.nodes:
                frame = product.take(moment)
                for node in product.nodes.values():
                    node.evaluate(frame)
        for writer in list(service(AttachedWriters).values()):
            writer.let_go_of_destroyed()
        self._times.append(moment.reference)
        try:
            for writer in list(service(AttachedWriters).values()):
                writer.deliver(moment, writer.is_due)
        finally:
            self._times.clear()
        service(Graph).end_frame()

    def _tick(self) -> int:
        time = omni.timeline.get_timeline_interface().get_current_time()
        tell(trigger=time)
        return service(Graph).tick(Tick(self._captured, time))

    async def _initialize(self) -> None:
        """Settle the stage with the timeline held, so that the first frame is at the current time."""
        self._set_status(Status.INITIALIZING)
        tell(command="initialize")
        try:
            with held_timeline():
                await update()
                if self.preview():
                    await update()
        except BaseException:
            # A randomiser may raise, and the task be cancelled.
            self._set_status(Status.STOPPED)
            raise
        if self._status is Status.INITIALIZING:
            self._begin()
            self._set_status(Status.STARTING)

    def _begin(self) -> None:
        self._captured = 0
        service(Graph).begin()
        self._settings.apply()
        tell(command="start")

    def raise_failures(self) -> None:
        """Raise what failed since this was last asked: a frame, the end of a writer, or a write."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        service(WriteQueue).raise_failure()

    def _set_status(self, status: Status) -> None:
        if status is self._status:
            return
        self._status = status
        if self._captures_on_play():
            drive_timeline(status)
        service(StatusCallbacks).tell(status)

    # --- what happens in the app

    def _on_post_update(self, _event: Any) -> None:
        if self._status is Status.STOPPING:
            self._finish()
            return
        if self._status is Status.STARTED and self._has_ended:
            # An update later: who waits in a loop until it has started would miss a run of one frame.
            self.stop()
            return
        writers = service(AttachedWriters).values()
        is_manual = self._status is Status.STOPPED and any(writer.is_waiting for writer in writers)
        if self._status is not Status.STARTED and not is_manual:
            return
        try:
            self.capture(subframes(-1), ticks=not is_manual)
        except Exception as error:  # noqa: BLE001  an event handler: kept, and raised by whoever waits for the run
            self._keep(error)
            for writer in writers:
                writer.reset()
            self._finish()

    @property
    def _has_ended(self) -> bool:
        """Whether all frames of the run are taken."""
        return (self._limit is not None and self._captured >= self._limit) or service(Graph).is_done

    def _on_play(self, _event: Any) -> None:
        if self._status not in (Status.STOPPED, Status.PAUSED, Status.STEPPED) or not self._captures_on_play():
            return
        if self._status is Status.STOPPED:
            self._limit = None
            self.preview()
            self._begin()
        self._set_status(Status.STARTED)

    def _on_pause(self, _event: Any) -> None:
        if self._status is not Status.STARTED or not self._captures_on_play():
            return
        timeline = omni.timeline.get_timeline_interface()
        at_end = timeline.get_current_time() >= timeline.get_end_time() - 1e-9
        if at_end and not timeline.is_looping():
            self.stop()
        else:
            self._set_status(Status.PAUSED)

    def _on_stop(self, _event: Any) -> None:
        if self._status in (Status.STARTED, Status.PAUSED) and self._captures_on_play():
            self.stop()

    def _captures_on_play(self) -> bool:
        has_graph = bool(service(AttachedWriters)) or bool(service(Graph).triggers)
        return has_graph and carb.settings.get_settings().get_as_bool(CAPTURE_ON_PLAY)


@contextmanager
def held_timeline(hold: bool = True) -> Iterator[None]:
    """Keep updates from moving the timeline."""
    timeline = omni.timeline.get_timeline_interface()
    auto_update = timeline.is_auto_updating()
    if hold:
        timeline.set_auto_update(False)
    try:
        yield
    finally:
        timeline.set_auto_update(auto_update)


def drive_timeline(status: Status) -> None:
    """Let the timeline follow the orchestrator, where playing means capturing."""
    timeline = omni.timeline.get_timeline_interface()
    if status in (Status.STOPPING, Status.STOPPED):
        timeline.stop()
    elif status is Status.PAUSED:
        timeline.pause()


def tell(**payload: Any) -> None:
    """Send the orchestrator's event."""
    get_eventdispatcher().dispatch_event(EVENT, payload)


def subframes(asked: int) -> int:
    """Samples per pixel: what was asked, at least the setting."""
    setting = carb.settings.get_settings().get_as_int(SUBFRAMES)
    return max(1, setting, asked)
