"""``rep.orchestrator``: decides which app updates become frames."""

from collections.abc import Callable

import carb.settings
import omni.kit.app
from kitless.services import service

from ._app import is_in_loop, run_now, update
from ._orchestrator import CAPTURE_ON_PLAY, Orchestrator
from ._status import OrchestratorError, Status, StatusCallback

__all__ = [
    "Orchestrator",
    "OrchestratorError",
    "Status",
    "StatusCallback",
    "get_is_paused",
    "get_is_started",
    "get_is_stopped",
    "get_sim_times_to_write",
    "get_status",
    "pause",
    "preview",
    "preview_async",
    "register_status_callback",
    "resume",
    "run",
    "run_async",
    "run_until_complete",
    "run_until_complete_async",
    "set_capture_on_play",
    "set_minimum_next_rt_subframes",
    "set_next_rt_subframes",
    "step",
    "step_async",
    "stop",
    "stop_async",
    "wait_until_complete",
    "wait_until_complete_async",
]


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
    """Take every update's frame from now on, until stopped, ``num_frames`` are there or all triggers are done."""
    await service(Orchestrator).run(num_frames, start_timeline)


def run(num_frames: int | None = None, start_timeline: bool = False) -> None:
    """``run_async``, from anywhere: inside the app's loop it starts with the next updates.

    A script that ends with it goes on until the run has ended, if it has an end.
    """
    if is_in_loop():
        service(Orchestrator).run_in_background(num_frames, start_timeline)
    else:
        omni.kit.app.get_app().run(run_async(num_frames, start_timeline))


async def run_until_complete_async(num_frames: int | None = None, start_timeline: bool = False) -> None:
    """Run, and return when all frames are taken and written.

    Raises ``OrchestratorError`` where nothing ends the run: neither ``num_frames``, nor triggers that all have
    ``max_execs``, nor a timeline that is captured as it plays and does not loop.
    """
    await service(Orchestrator).run_to_end(num_frames, start_timeline)


def run_until_complete(num_frames: int | None = None, start_timeline: bool = False) -> None:
    """``run_until_complete_async`` for standalone programs."""
    run_now(run_until_complete_async(num_frames, start_timeline), "run_until_complete")


async def wait_until_complete_async() -> None:
    """Stop after steps, or wait for the end of a run; return when every file is written. Raises what a write raised."""
    await service(Orchestrator).complete()


def wait_until_complete() -> None:
    """``wait_until_complete_async`` for standalone programs."""
    run_now(wait_until_complete_async(), "wait_until_complete")


async def preview_async() -> None:
    """Fire the triggers once, without taking a frame; custom events and keys keep waiting for theirs."""
    await update()
    service(Orchestrator).preview()
    await update()


def preview() -> None:
    """``preview_async``; inside the app's loop it fires at once."""
    if is_in_loop() or omni.kit.app.get_app().is_updating:
        service(Orchestrator).preview()
    else:
        omni.kit.app.get_app().run(preview_async())


async def stop_async() -> None:
    """Take no more frames, and return when stopped. Raises what a writer or a write raised."""
    service(Orchestrator).stop()
    await update()
    await omni.kit.app.get_app().post_update_async()
    service(Orchestrator).raise_failures()


def stop() -> None:
    """Take no more frames: stopping now, stopped at the end of the next update."""
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


def get_sim_times_to_write() -> list[tuple[int, int]]:
    """Numerators and denominators of the times (seconds) of frames that writers do not have yet.

    Frames are finished in the update that takes them, so there is at most the one that is being handed over.
    """
    return service(Orchestrator).times_to_write()


def set_next_rt_subframes(rt_subframes: int) -> None:
    """Take the next frame with so many samples per pixel. Raises ``ValueError`` below 1."""
    service(Orchestrator).set_next_subframes(rt_subframes)


def set_minimum_next_rt_subframes(rt_subframes: int) -> None:
    """Take the next frame with at least so many samples per pixel. Raises ``ValueError`` below 1."""
    orchestrator = service(Orchestrator)
    orchestrator.set_next_subframes(max(rt_subframes, orchestrator.next_subframes))


def set_capture_on_play(value: bool) -> None:
    """Whether playing the timeline takes a frame in every update, where writers or triggers are."""
    carb.settings.get_settings().set(CAPTURE_ON_PLAY, bool(value))


def register_status_callback(function: Callable[[Status], None]) -> StatusCallback:
    """Call a function with each new status for as long as the returned object lives."""
    return StatusCallback(function)
