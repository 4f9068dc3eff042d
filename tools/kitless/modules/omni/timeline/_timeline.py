"""The timeline itself."""

from __future__ import annotations

import enum
import math
from typing import Any, NamedTuple

from carb.eventdispatcher import Event, get_eventdispatcher
from carb.events import IEventStream
from kitless.absent import Partial
from omni.kit.app._names import EVENT_TICK
from omni.timeline._names import GLOBAL_EVENTS, TimelineEventType

_DEFAULT_RATE = 60.0
_DEFAULT_END_CODE = 100.0
# Below any time code that means something; keeps start + k / rate from missing the end by a rounding error.
_EPSILON_CODES = 1e-6


class _Range(NamedTuple):
    start: float
    end: float


class _State(enum.Enum):
    STOPPED = enum.auto()
    PLAYING = enum.auto()
    PAUSED = enum.auto()


class Timeline(Partial):
    """The process's timeline."""

    def __init__(self) -> None:
        self._state = _State.STOPPED
        self._rate = _DEFAULT_RATE
        self._range = _Range(0.0, _DEFAULT_END_CODE / _DEFAULT_RATE)
        self._zoom: _Range | None = None
        self._played: _Range | None = None
        self._base = 0.0
        self._frame = 0
        self._hold = False
        self._tentative: float | None = None
        self._looping = True
        self._auto_update = True
        self._play_every_frame = False
        self._fast_mode = False
        self._target_framerate = _DEFAULT_RATE
        self._ticks_per_frame = 1
        self._stream = IEventStream("omni.timeline")
        self._pending: list[tuple[TimelineEventType, dict[str, Any]]] = []
        self._observer = get_eventdispatcher().observe_event(
            event_name=EVENT_TICK, on_event=self._tick, observer_name=__name__
        )

    # --- playing

    def play(self, start_timecode: float = 0, end_timecode: float = 0, looping: bool = True) -> None:
        """Let time run; with ``end_timecode`` above ``start_timecode``, once or again and again through that range.

        From the end of a timeline that does not loop, it runs from the start again. Without a range, ``looping`` has
        no meaning: set_looping says what happens at the end.
        """
        if end_timecode > start_timecode:
            self._played = _Range(start_timecode / self._rate, end_timecode / self._rate)
            self.set_looping(looping)
            self._jump(self._played.start)
        if self._state == _State.PLAYING:
            return
        at_end = not self._looping and self.get_current_time() >= self._limits().end - self._epsilon()
        if at_end:
            self._jump(self._limits().start)
        self._hold = at_end or self._state == _State.STOPPED
        self._state = _State.PLAYING
        self._note(TimelineEventType.PLAY)

    def pause(self) -> None:
        """Let time stand where it is; without effect when it does not run."""
        if self._state == _State.PLAYING:
            self._state = _State.PAUSED
            self._note(TimelineEventType.PAUSE)

    def stop(self) -> None:
        """Let time stand at the start."""
        was, self._state = self._state, _State.STOPPED
        self._played = None
        self._hold = False
        if was != _State.STOPPED:
            self._note(TimelineEventType.STOP)
        self._jump(self._limits().start)

    def is_playing(self) -> bool:
        """Return whether time runs."""
        return self._state == _State.PLAYING

    def is_stopped(self) -> bool:
        """Return whether time stands and is not just paused."""
        return self._state == _State.STOPPED

    def forward_one_frame(self) -> None:
        """Pause and go to the next frame; from the end to the start."""
        self._step(1)

    def rewind_one_frame(self) -> None:
        """Pause and go to the frame before; from the start to the end."""
        self._step(-1)

    def _step(self, frames: int) -> None:
        self.pause()
        limits, epsilon = self._limits(), self._epsilon()
        time = self._base + (self._frame + frames) / self._rate
        if time > limits.end + epsilon:
            self._jump(limits.start)
        elif time < limits.start - epsilon:
            self._jump(limits.end)
        else:
            self._frame += frames
            self._note(TimelineEventType.CURRENT_TIME_CHANGED, currentTime=self.get_current_time())

    def _tick(self, _: Event) -> None:
        self.commit()
        hold, self._hold = self._hold, False
        if self._state != _State.PLAYING or not self._auto_update:
            return
        if not hold:
            self._advance()
        payload = {"currentTime": self.get_current_time(), "dt": 0.0 if hold else 1.0 / self._rate}
        if self._state == _State.PLAYING:
            self._note(TimelineEventType.CURRENT_TIME_TICKED, **payload)
            self._note(TimelineEventType.CURRENT_TIME_TICKED_PERMANENT, **payload)
        self.commit()

    def _advance(self) -> None:
        limits, epsilon = self._limits(), self._epsilon()
        self._tentative = None
        self._frame += 1
        if self.get_current_time() <= limits.end + epsilon:
            return
        if self._looping:
            self._jump(limits.start)
        else:
            self._jump(limits.end)
            self.pause()

    def _jump(self, time: float) -> None:
        moved = time != self.get_current_time()
        self._base, self._frame, self._tentative = float(time), 0, None
        if moved:
            self._note(TimelineEventType.CURRENT_TIME_CHANGED, currentTime=self._base)

    def _limits(self) -> _Range:
        return self._played or self._zoom or self._range

    def _epsilon(self) -> float:
        return _EPSILON_CODES / self._rate

    # --- time

    def get_current_time(self) -> float:
        """Return the time in seconds."""
        return self._base + self._frame / self._rate

    def set_current_time(self, time_in_seconds: float) -> None:
        """Go to a time, which may lie outside the range."""
        self._jump(time_in_seconds)

    def get_tentative_time(self) -> float:
        """Return the tentative time, or the current one when none is set."""
        return self.get_current_time() if self._tentative is None else self._tentative

    def set_tentative_time(self, time_in_seconds: float) -> None:
        """Set a time that is forgotten when the current one changes."""
        self._tentative = float(time_in_seconds)
        self._note(TimelineEventType.TENTATIVE_TIME_CHANGED, tentativeTime=self._tentative)

    def clear_tentative_time(self) -> None:
        """Forget the tentative time."""
        self._tentative = None

    def get_start_time(self) -> float:
        """Return the start in seconds."""
        return self._range.start

    def set_start_time(self, start_time: float) -> None:
        """Set the start in seconds; a stopped timeline that stands before it goes there."""
        if start_time != self._range.start:
            self._range = self._range._replace(start=float(start_time))
            self._note(TimelineEventType.START_TIME_CHANGED, startTime=self._range.start)
        if self.is_stopped() and self.get_current_time() < start_time:
            self._jump(start_time)

    def get_end_time(self) -> float:
        """Return the end in seconds, which is still played."""
        return self._range.end

    def set_end_time(self, end_time: float) -> None:
        """Set the end in seconds."""
        if end_time != self._range.end:
            self._range = self._range._replace(end=float(end_time))
            self._note(TimelineEventType.END_TIME_CHANGED, endTime=self._range.end)

    def get_time_codes_per_second(self) -> float:
        """Return the rate: frames, that is updates, per second of timeline time."""
        return self._rate

    get_time_codes_per_seconds = get_time_codes_per_second

    def set_time_codes_per_second(self, time_codes_per_second: float) -> None:
        """Set the rate; the time in seconds stays.

        Raises ValueError when it is not above 0.
        """
        if not (time_codes_per_second > 0 and math.isfinite(time_codes_per_second)):
            raise ValueError(f"time codes per second must be above 0, not {time_codes_per_second!r}")
        if time_codes_per_second != self._rate:
            self._base, self._frame = self.get_current_time(), 0
            self._rate = float(time_codes_per_second)
            self._note(TimelineEventType.TIME_CODE_PER_SECOND_CHANGED, timeCodesPerSecond=self._rate)

    def time_to_time_code(self, arg0: float, /) -> float:
        """Return the time code of a time in seconds."""
        return arg0 * self._rate

    def time_code_to_time(self, arg0: float, /) -> float:
        """Return the time in seconds of a time code."""
        return arg0 / self._rate

    def set_zoom_range(self, start_time: float, end_time: float) -> None:
        """Play only from ``start_time`` to ``end_time`` (seconds).

        Raises ValueError when the end lies before the start.
        """
        if end_time < start_time:
            raise ValueError(f"the zoom range ends at {end_time!r}, before its start {start_time!r}")
        self._zoom = _Range(float(start_time), float(end_time))
        self._note(TimelineEventType.ZOOM_CHANGED, startTime=self._zoom.start, endTime=self._zoom.end)

    def clear_zoom(self) -> None:
        """Play the whole range again."""
        self._zoom = None
        self._note(TimelineEventType.ZOOM_CHANGED, startTime=self._range.start, endTime=self._range.end)

    def is_zoomed(self) -> bool:
        """Return whether a zoom range is set."""
        return self._zoom is not None

    def get_zoom_start_time(self) -> float:
        """Return the zoom range's start in seconds, that of the whole range when there is none."""
        return (self._zoom or self._range).start

    def get_zoom_end_time(self) -> float:
        """Return the zoom range's end in seconds, that of the whole range when there is none."""
        return (self._zoom or self._range).end

    # --- modes

    def is_looping(self) -> bool:
        """Return whether playing goes on at the start when it has passed the end; otherwise it pauses at the end."""
        return self._looping

    def set_looping(self, looping: bool) -> None:
        """Set what happens at the end."""
        if self._looping != bool(looping):
            self._looping = bool(looping)
            self._note(TimelineEventType.LOOP_MODE_CHANGED, looping=self._looping)

    def is_auto_updating(self) -> bool:
        """Return whether updates move the time while playing."""
        return self._auto_update

    def set_auto_update(self, auto_update: bool) -> None:
        """Set whether updates move the time while playing."""
        if self._auto_update != bool(auto_update):
            self._auto_update = bool(auto_update)
            self._note(TimelineEventType.AUTO_UPDATE_CHANGED, autoUpdate=self._auto_update)

    def get_play_every_frame(self) -> bool:
        """Return what set_play_every_frame was told; kitless never skips a frame in any case."""
        return self._play_every_frame

    def set_play_every_frame(self, play_every_frame: bool) -> None:
        """Set whether no frame may be skipped, which is so in kitless in any case."""
        if self._play_every_frame != bool(play_every_frame):
            self._play_every_frame = bool(play_every_frame)
            self._note(TimelineEventType.PLAY_EVERY_FRAME_CHANGED, playEveryFrame=self._play_every_frame)

    def get_fast_mode(self) -> bool:
        """Return what set_fast_mode was told; kitless never waits for the wall clock in any case."""
        return self._fast_mode

    def set_fast_mode(self, fast_mode: bool) -> None:
        """Set whether playing may be faster than the wall clock, which is so in kitless in any case."""
        self._fast_mode = bool(fast_mode)

    def get_target_framerate(self) -> float:
        """Return what set_target_framerate was told."""
        return self._target_framerate

    def set_target_framerate(self, target_framerate: float) -> None:
        """Set the wished number of updates per wall-clock second; kitless updates as fast as it can."""
        self._target_framerate = float(target_framerate)
        self._note(TimelineEventType.TARGET_FRAMERATE_CHANGED, targetFrameRate=self._target_framerate)

    def get_ticks_per_frame(self) -> int:
        """Return the number of ticks of a frame."""
        return self._ticks_per_frame

    def set_ticks_per_frame(self, ticks_per_frame: int) -> None:
        """Set the number of ticks of a frame.

        Raises NotImplementedError for any but 1, where an update would be part of a frame.
        """
        if ticks_per_frame != 1:
            raise NotImplementedError(f"Timeline.set_ticks_per_frame({ticks_per_frame}): kitless has only 1 yet")

    def get_ticks_per_second(self) -> float:
        """Return ticks per frame times frames per second."""
        return self._ticks_per_frame * self._rate

    # --- events

    def get_timeline_event_stream(self) -> IEventStream:
        """Return the stream of TimelineEventType events."""
        return self._stream

    def commit(self) -> None:
        """Send the events of the changes so far now, not at the next update."""
        while self._pending:
            event_type, payload = self._pending.pop(0)
            name = GLOBAL_EVENTS.get(event_type)
            if name is not None:
                get_eventdispatcher().dispatch_event(name, payload)
            self._stream.dispatch(event_type, 0, payload)

    def commit_silently(self) -> None:
        """Forget the events of the changes so far."""
        self._pending.clear()

    def _note(self, event_type: TimelineEventType, **payload: Any) -> None:
        self._pending.append((event_type, payload))
