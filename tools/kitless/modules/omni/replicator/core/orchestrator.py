"""``rep.orchestrator``: decides which app updates become frames."""

import asyncio
from collections.abc import Callable, Coroutine
from enum import Enum
from typing import Any, TypeVar

import carb
import carb.eventdispatcher
import carb.settings
import omni.kit.app
import omni.timeline
from kitless.services import service

from ._missing import Missing
from .backends.queue import WriteQueue
from .frame import moment_now
from .render_product import RenderProducts
from .writer import AttachedWriters

CAPTURE_ON_PLAY = "/omni/replicator/captureOnPlay"
PERSISTENT_CAPTURE_ON_PLAY = "/persistent/omni/replicator/captureOnPlay"
SUBFRAMES = "/omni/replicator/RTSubframes"
POLL_SECONDS = 0.002
T = TypeVar("T")


class OrchestratorError(Exception):
    """A call that cannot be made here, or a frame that could not be taken."""


class Status(Enum):
    """What the orchestrator is doing."""

    STOPPED = 0
    STARTED = 1
    STARTING = 2
    LOADING = 3
    STOPPING = 4
    PAUSED = 5
    INITIALIZING = 6
    STEPPING = 7
    STEPPED = 8


class StatusCallback:
    """A function called with each new status until it is unregistered or this object is gone."""

    def __init__(self, function: Callable[[Status], None]) -> None:
        self._function = function
        self.register()

    def register(self) -> None:
        """Start calling it."""
        service(Orchestrator).callbacks[id(self)] = self._function

    def unregister(self) -> None:
        """Stop calling it."""
        service(Orchestrator).callbacks.pop(id(self), None)

    def __del__(self) -> None:
        self.unregister()


class Orchestrator:
    """Takes frames: every update while running, one when stepped."""

    def __init__(self) -> None:
        settings = carb.settings.get_settings()
        settings.set_default(PERSISTENT_CAPTURE_ON_PLAY, True)
        settings.set_default(CAPTURE_ON_PLAY, settings.get(PERSISTENT_CAPTURE_ON_PLAY))
        settings.set_default(SUBFRAMES, 1)
        self.callbacks: dict[int, Callable[[Status], None]] = {}
        self._status = Status.STOPPED
        self._captured = 0
        self._limit: int | None = None
        self._failure: Exception | None = None
        self._resume_timeline = False
        self._starting: asyncio.Task[None] | None = None
        dispatcher = carb.eventdispatcher.get_eventdispatcher()
        observed = {
            omni.kit.app.GLOBAL_EVENT_POST_UPDATE: self._on_post_update,
            omni.timeline.GLOBAL_EVENT_PLAY: self._on_play,
            omni.timeline.GLOBAL_EVENT_PAUSE: self._on_pause,
            omni.timeline.GLOBAL_EVENT_STOP: self._on_stop,
        }
        self._observers = [
            dispatcher.observe_event(event_name=name, on_event=handler, observer_name="omni.replicator.core")
            for name, handler in observed.items()
        ]

    def run_in_background(self, num_frames: int | None, start_timeline: bool) -> None:
        """Start from inside the app's loop: the frames begin with the next updates."""
        self._starting = asyncio.get_running_loop().create_task(self.run(num_frames, start_timeline))

    def close(self) -> None:
        """Stop observing the app."""
        for observer in self._observers:
            observer.reset()
        self.callbacks.clear()

    @property
    def status(self) -> Status:
        """What it is doing."""
        return self._status

    @property
    def captured(self) -> int:
        """How many frames have been taken since it was last stopped."""
        return self._captured

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
        auto_update = timeline.is_auto_updating()
        if is_first or delta_time is not None:
            timeline.set_auto_update(False)
        if not is_first:
            self._move_timeline(delta_time)
        self._set_status(Status.STEPPING)
        try:
            await update()
            self.capture(subframes(rt_subframes))
        finally:
            timeline.set_auto_update(auto_update)
            self._set_status(Status.STEPPED)
        self._resume_timeline = pause_timeline and timeline.is_playing()
        if self._resume_timeline:
            timeline.pause()

    async def run(self, num_frames: int | None, start_timeline: bool) -> None:
        """Start taking every update's frame."""
        self._limit, self._failure = num_frames, None
        await self._initialize()
        if start_timeline:
            # The update in which a timeline begins to play does not move it: the first frame shows the start.
            omni.timeline.get_timeline_interface().play()
            await update()
        self._set_status(Status.STARTED)

    async def complete(self) -> None:
        """End the frames and wait for the files."""
        while self._status is Status.STARTED:
            await update()
        self.stop()
        await update()
        queue = service(WriteQueue)
        while not queue.is_empty():
            await asyncio.sleep(POLL_SECONDS)
        self._raise_failures()

    def stop(self) -> None:
        """Take no more frames; attached writers see their final frame."""
        if self._status is Status.STOPPED:
            return
        self._set_status(Status.STOPPED)
        for writer in list(service(AttachedWriters).values()):
            writer.on_final_frame()

    def pause(self) -> None:
        """Take no frames until resumed."""
        self._set_status(Status.PAUSED)

    def resume(self) -> None:
        """Take frames again."""
        self._set_status(Status.STARTED)

    def capture(self, samples: int) -> None:
        """Take a frame of every enabled render product in use and hand it to the writers that want it.

        Raises the failure of an earlier write first: a frame is never taken while data is being lost.
        """
        self._raise_failures()
        self._captured += 1
        moment = moment_now(samples, self._captured)
        for product in service(RenderProducts):
            if product.is_enabled and product.nodes:
                frame = product.take(moment)
                for node in product.nodes.values():
                    node.evaluate(frame)
        for writer in list(service(AttachedWriters).values()):
            writer.let_go_of_destroyed()
        for writer in list(service(AttachedWriters).values()):
            writer.deliver(moment, writer.is_due)

    async def _initialize(self) -> None:
        """Settle the stage with the timeline held, so that the first frame is at the current time."""
        self._captured = 0
        timeline = omni.timeline.get_timeline_interface()
        auto_update = timeline.is_auto_updating()
        timeline.set_auto_update(False)
        self._set_status(Status.INITIALIZING)
        await update()
        timeline.set_auto_update(auto_update)
        self._set_status(Status.STARTING)

    def _move_timeline(self, delta_time: float | None) -> None:
        timeline = omni.timeline.get_timeline_interface()
        if delta_time:
            timeline.set_current_time(timeline.get_current_time() + delta_time)
        captures_on_play = carb.settings.get_settings().get_as_bool(CAPTURE_ON_PLAY)
        # A step that says by how much time moves holds the timeline, and so does not start it.
        if self._resume_timeline or (captures_on_play and timeline.is_auto_updating()):
            timeline.play()

    def _raise_failures(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        service(WriteQueue).raise_failure()

    def _set_status(self, status: Status) -> None:
        self._status = status
        for callback in list(self.callbacks.values()):
            callback(status)

    def _on_post_update(self, _event: Any) -> None:
        writers = service(AttachedWriters).values()
        is_manual = self._status is Status.STOPPED and any(writer.is_waiting for writer in writers)
        if self._status is not Status.STARTED and not is_manual:
            return
        try:
            self.capture(subframes(-1))
        except Exception as error:  # noqa: BLE001  an event handler: kept, and raised by whoever waits for the run
            carb.log_error(f"The orchestrator stops: {error}")
            self._failure = error
            for writer in writers:
                writer.reset()
            self.stop()
        if self._limit is not None and self._captured >= self._limit and self._status is Status.STARTED:
            self.stop()

    def _on_play(self, _event: Any) -> None:
        idle = self._status in (Status.STOPPED, Status.PAUSED)
        if idle and self._captures_on_play():
            self._limit = None
            self._set_status(Status.STARTED)

    def _on_pause(self, _event: Any) -> None:
        if self._status is Status.STARTED and self._captures_on_play():
            self._set_status(Status.PAUSED)

    def _on_stop(self, _event: Any) -> None:
        if self._status in (Status.STARTED, Status.PAUSED) and self._captures_on_play():
            self.stop()

    def _captures_on_play(self) -> bool:
        return carb.settings.get_settings().get_as_bool(CAPTURE_ON_PLAY) and bool(service(AttachedWriters))


async def update() -> None:
    """One app update."""
    await omni.kit.app.get_app().next_update_async()


def subframes(asked: int) -> int:
    """Samples per pixel: what was asked, at least the setting."""
    setting = carb.settings.get_settings().get_as_int(SUBFRAMES)
    return max(1, setting, asked)


def run_now(coroutine: Coroutine[Any, Any, T], name: str) -> T:
    """Run a coroutine to its end by updating the app; inside an update that would hang, so it is refused.

    The body of a script is not inside: a standalone program and a snippet look the same to the host.
    """
    if omni.kit.app.get_app().is_updating:
        coroutine.close()
        raise OrchestratorError(f"{name}() would block the app's own loop: use 'await {name}_async()'")
    return omni.kit.app.get_app().run(coroutine)


def is_in_loop() -> bool:
    """Whether the caller runs inside an asyncio loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def step_async(
    rt_subframes: int = -1, pause_timeline: bool = True, delta_time: float | None = None, wait_for_render: bool = True
) -> None:
    """Take one frame; on return writers and annotators hold it, and files may still be on their way.

    The first frame after a stop is at the timeline's current time; a playing timeline moves by one time code for each
    further one, or by ``delta_time`` seconds (0.0: not at all). ``pause_timeline`` pauses a playing timeline until the
    next step. ``rt_subframes`` are samples per pixel of the picture. Raises what a writer or an earlier write raised.
    """
    del wait_for_render  # frames are always finished here
    await service(Orchestrator).step(rt_subframes, pause_timeline, delta_time)


def step(
    rt_subframes: int = -1, pause_timeline: bool = True, delta_time: float | None = None, wait_for_render: bool = True
) -> None:
    """``step_async`` for standalone programs. Raises ``OrchestratorError`` inside the app's loop."""
    run_now(step_async(rt_subframes, pause_timeline, delta_time, wait_for_render), "step")


async def run_async(num_frames: int | None = None, start_timeline: bool = False) -> None:
    """Take every update's frame from now on, until stopped or ``num_frames`` are there."""
    await service(Orchestrator).run(num_frames, start_timeline)


def run(num_frames: int | None = None, start_timeline: bool = False) -> None:
    """``run_async``, from anywhere: inside the app's loop it starts with the next updates."""
    if is_in_loop():
        service(Orchestrator).run_in_background(num_frames, start_timeline)
    else:
        omni.kit.app.get_app().run(run_async(num_frames, start_timeline))


async def run_until_complete_async(num_frames: int | None = None, start_timeline: bool = False) -> None:
    """Run, and return when all frames are taken and written. Raises ``OrchestratorError`` without ``num_frames``."""
    if num_frames is None:
        raise OrchestratorError("run_until_complete without num_frames would never end: kitless has no triggers yet")
    await run_async(num_frames, start_timeline)
    await wait_until_complete_async()


def run_until_complete(num_frames: int | None = None, start_timeline: bool = False) -> None:
    """``run_until_complete_async`` for standalone programs."""
    run_now(run_until_complete_async(num_frames, start_timeline), "run_until_complete")


async def wait_until_complete_async() -> None:
    """Stop and return when every file is written. Raises what a writer or a write raised."""
    await service(Orchestrator).complete()


def wait_until_complete() -> None:
    """``wait_until_complete_async`` for standalone programs."""
    run_now(wait_until_complete_async(), "wait_until_complete")


async def stop_async() -> None:
    """Take no more frames, and return an update later."""
    service(Orchestrator).stop()
    await update()


def stop() -> None:
    """Take no more frames."""
    service(Orchestrator).stop()


def pause() -> None:
    """Take no frames until resumed."""
    service(Orchestrator).pause()


def resume() -> None:
    """Take frames again."""
    service(Orchestrator).resume()


def get_status() -> Status:
    """What the orchestrator is doing."""
    return service(Orchestrator).status


def get_is_started() -> bool:
    """Whether it takes frames."""
    return get_status() is Status.STARTED


def get_is_paused() -> bool:
    """Whether it is paused."""
    return get_status() is Status.PAUSED


def get_is_stopped() -> bool:
    """Whether it is stopped."""
    return get_status() is Status.STOPPED


def set_capture_on_play(value: bool) -> None:
    """Whether playing the timeline takes a frame in every update, where writers are attached."""
    carb.settings.get_settings().set(CAPTURE_ON_PLAY, bool(value))


def register_status_callback(function: Callable[[Status], None]) -> StatusCallback:
    """Call a function with each new status for as long as the returned object lives."""
    return StatusCallback(function)


preview = Missing("omni.replicator.core.orchestrator.preview")
preview_async = Missing("omni.replicator.core.orchestrator.preview_async")
get_sim_times_to_write = Missing("omni.replicator.core.orchestrator.get_sim_times_to_write")
set_next_rt_subframes = Missing("omni.replicator.core.orchestrator.set_next_rt_subframes")
set_minimum_next_rt_subframes = Missing("omni.replicator.core.orchestrator.set_minimum_next_rt_subframes")
