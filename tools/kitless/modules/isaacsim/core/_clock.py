"""The steps that a physics engine would take: counted and announced while the timeline moves, though nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import omni.kit.app
import omni.timeline
from carb.eventdispatcher import get_eventdispatcher
from kitless.services import service

StepCallback: TypeAlias = Callable[[float], Any]
"""Called with the step's length in seconds."""

DEFAULT_DT = 1.0 / 60.0


class PhysicsClock:
    """Divides the time that the timeline moves in an update into physics steps; stopping the timeline sets it back."""

    def __init__(self) -> None:
        self.dt = DEFAULT_DT
        """Seconds of a step."""
        self.steps = 0
        self.time = 0.0
        """Seconds of simulation since the timeline was last stopped."""
        self.before: dict[Any, StepCallback] = {}
        """Called before each step; the keys are their owners'."""
        self.after: dict[Any, StepCallback] = {}
        self._last = _timeline().get_current_time()
        dispatcher = get_eventdispatcher()
        observed = {
            omni.kit.app.GLOBAL_EVENT_UPDATE: self._on_update,
            omni.timeline.GLOBAL_EVENT_STOP: self._on_stop,
        }
        self._observers = [
            dispatcher.observe_event(event_name=name, on_event=handler, observer_name=__name__)
            for name, handler in observed.items()
        ]

    def close(self) -> None:
        """Stop observing the app."""
        for observer in self._observers:
            observer.reset()

    def _on_update(self, _: Any) -> None:
        now = _timeline().get_current_time()
        moved, self._last = now - self._last, now
        if _timeline().is_playing() and moved > 0:
            self.advance(max(1, round(moved / self.dt)))

    def _on_stop(self, _: Any) -> None:
        self.steps, self.time, self._last = 0, 0.0, _timeline().get_current_time()

    def advance(self, steps: int) -> None:
        """Take steps now."""
        for _ in range(steps):
            _call(self.before.values(), self.dt)
            self.steps += 1
            self.time += self.dt
            _call(self.after.values(), self.dt)

    def move_timeline(self, seconds: float) -> None:
        """Move the timeline outside of an update, and take the steps of that time."""
        timeline = _timeline()
        timeline.set_current_time(timeline.get_current_time() + seconds)
        timeline.commit()
        self._last = timeline.get_current_time()
        self.advance(max(1, round(seconds / self.dt)))


def clock() -> PhysicsClock:
    """Return the app's clock."""
    return service(PhysicsClock)


def _call(callbacks: Iterable[StepCallback], dt: float) -> None:
    for callback in list(callbacks):
        callback(dt)


def _timeline() -> omni.timeline.Timeline:
    return omni.timeline.get_timeline_interface()
