"""The timeline goes along with a recording: composed from outside, the recorder knows nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from pxr import Usd

import omni.timeline

from .config import Job
from .state import Cancel, Observer, State, Status

_LOOKS = 16


def follow_timeline(job: Job, subscribe: Callable[[Observer], Cancel]) -> Cancel:
    """Let the timeline follow the recording of ``job``; return what ends that.

    Frame i is recorded at start time + (first frame + i) / time codes per second. The timeline is paused while the
    recording is, and stopped, back at its start, after it. It is never touched if the job does not control it, or does
    not begin.
    """
    if not job.control_timeline:
        return lambda: None
    return subscribe(_Timeline(job.first_frame).on_status)


def times_ahead(job: Job) -> list[Usd.TimeCode]:
    """Return time codes that the recording of ``job`` will come by, the first one included, at most 16 of them.

    None where that cannot be told: a script may move things, and so does a timeline that plays by itself.
    """
    timeline = omni.timeline.get_timeline_interface()
    if job.script is not None or (timeline.is_playing() and not job.control_timeline):
        return []
    rate = timeline.get_time_codes_per_seconds()
    if not job.control_timeline:
        return [Usd.TimeCode(timeline.get_current_time() * rate)]
    start, end = timeline.get_start_time() * rate + job.first_frame, timeline.get_end_time() * rate
    last = end if job.frames is None else min(end, start + job.frames - 1)
    steps = min(int(last - start), _LOOKS - 1)
    return [Usd.TimeCode(round(start + (last - start) * i / max(steps, 1))) for i in range(steps + 1)]


class _Timeline:
    """Turns changes of a recorder's state into commands to the timeline."""

    def __init__(self, first_frame: int) -> None:
        self._first_frame = first_frame
        self._timeline = omni.timeline.get_timeline_interface()
        self._state = State.STARTING
        self._is_held = False
        self._held_at = 0

    def on_status(self, status: Status) -> None:
        """Do what leads from the last state to the one in ``status``."""
        before, self._state = self._state, status.state
        action = _ACTIONS.get((before, status.state))
        if action is not None:
            action(self, status)

    def begin(self, status: Status) -> None:
        """Play from the time of the first frame that is rendered."""
        self._timeline.stop()
        frame = self._first_frame + _rendered(status)
        if frame:
            self._timeline.set_current_time(self._time_of(frame))
        self._timeline.commit()
        self._play_held(status)

    def pause(self, _: Status) -> None:
        """Stand still at the time of the last frame."""
        self._timeline.pause()

    def resume(self, status: Status) -> None:
        """Play from the time of the next frame."""
        if _rendered(status) != self._held_at:
            self._timeline.set_current_time(self._next_time())
        self._play_held(status)

    def _next_time(self) -> float:
        """Return the time one frame after the one where the timeline stands."""
        start, rate = self._timeline.get_start_time(), self._timeline.get_time_codes_per_seconds()
        return self._time_of(round((self._timeline.get_current_time() - start) * rate) + 1)

    def _time_of(self, frame: int) -> float:
        """Return the time of a frame counted from the start; after the end, the start comes again if it loops."""
        start, end = self._timeline.get_start_time(), self._timeline.get_end_time()
        rate = self._timeline.get_time_codes_per_seconds()
        # Half a frame of tolerance: the end itself is still played.
        length = int((end - start) * rate + 0.5) + 1
        if self._timeline.is_looping():
            frame %= length
        return float(start + frame / rate)

    def _play_held(self, status: Status) -> None:
        """Play, but hold the time until a frame is recorded: hosts differ in whether the first update moves it."""
        self._timeline.set_auto_update(False)
        self._is_held, self._held_at = True, _rendered(status)
        self._timeline.play()

    def go_on(self, _: Status) -> None:
        """Let the time run again after a frame for which it was held."""
        if self._is_held:
            self._timeline.set_auto_update(True)
            self._is_held = False

    def end(self, status: Status) -> None:
        """Stop, back at the start time."""
        self.go_on(status)
        self._timeline.stop()
        self._timeline.commit()


def _rendered(status: Status) -> int:
    """Return how many frames have been rendered, counted from the first one that is recorded: -1 one before it."""
    return status.frame - status.lead


_ACTIONS = MappingProxyType(
    {
        (State.STARTING, State.RECORDING): _Timeline.begin,
        (State.RECORDING, State.RECORDING): _Timeline.go_on,
        (State.RECORDING, State.PAUSED): _Timeline.pause,
        (State.PAUSED, State.RECORDING): _Timeline.resume,
        (State.RECORDING, State.FINISHING): _Timeline.end,
        (State.PAUSED, State.FINISHING): _Timeline.end,
    }
)
