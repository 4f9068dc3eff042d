"""``rep.trigger``: what fires when."""

import math
from collections.abc import Callable
from typing import Any, NoReturn

import carb.settings
import omni.kit.app
from carb.events import IEvent, type_from_string
from kitless.absent import Missing
from kitless.services import service

from ..events import event_type_name
from ..graph import Graph, ReplicatorItem, Tick, Trigger

CAPTURE_ON_PLAY = "/omni/replicator/captureOnPlay"
EPSILON = 1e-6
"""Of an interval: times are sums of frames, and must not miss a multiple by a rounding error."""


def on_frame(
    interval: int = 1, num_frames: int = 0, name: str = "on_frame", rt_subframes: int = 1, max_execs: int = 0
) -> ReplicatorItem:
    """Fire for the first frame of a run and for each ``interval``-th one after it, ``max_execs`` times (0: always).

    ``num_frames`` is the older name of ``max_execs``. Raises ``ValueError`` for an interval below 1.
    """
    if interval < 1:
        raise ValueError(f"interval must be at least 1 frame: {interval}")
    due = lambda tick: tick.frame % interval == 0  # noqa: E731  a condition of one line
    return item(Trigger(name, due, max_execs=max_execs or num_frames, rt_subframes=rt_subframes))


def on_time(
    interval: float = 1,
    num: int = 0,
    name: str = "on_time",
    rt_subframes: int = 32,
    enable_capture_on_play: bool = True,
    reset_physics: bool = True,
    max_execs: int = 0,
) -> ReplicatorItem:
    """Fire for the first frame of a run, and for the first one of each further ``interval`` seconds of the timeline.

    ``num`` is the older name of ``max_execs``. Turns capture on play on, unless told not to; there is no physics to be
    reset. Raises ``ValueError`` for an interval that is not above 0.
    """
    return timed(Slots(interval, at_start=True), name, rt_subframes, enable_capture_on_play, max_execs or num)


def on_time_end(
    interval: float = 1,
    name: str = "on_time_end",
    rt_subframes: int = 32,
    enable_capture_on_play: bool = True,
    max_execs: int = 0,
) -> ReplicatorItem:
    """As ``on_time``, at the end of each interval: not for the first frame."""
    return timed(Slots(interval, at_start=False), name, rt_subframes, enable_capture_on_play, max_execs)


class Slots:
    """The condition of timed triggers: another interval has begun than that of the frame before."""

    def __init__(self, interval: float, *, at_start: bool) -> None:
        if not interval > 0:
            raise ValueError(f"interval must be above 0 seconds: {interval}")
        self._interval, self._at_start = interval, at_start
        self.begin()

    def begin(self) -> None:
        """Forget the frame before."""
        self._last: int | None = None

    def __call__(self, tick: Tick) -> bool:
        before, self._last = self._last, math.floor(tick.time / self._interval + EPSILON)
        return self._at_start if before is None else before != self._last


def timed(slots: Slots, name: str, rt_subframes: int, captures_on_play: bool, max_execs: int) -> ReplicatorItem:
    """A trigger that follows the timeline."""
    if captures_on_play:
        carb.settings.get_settings().set(CAPTURE_ON_PLAY, True)
    return item(Trigger(name, slots, max_execs=max_execs, rt_subframes=rt_subframes, begin=slots.begin))


def on_condition(
    condition: Callable[[], bool], max_execs: int = 0, rt_subframes: int = 1, name: str = "on_condition"
) -> ReplicatorItem:
    """Fire for each frame before which ``condition()`` is true. Raises ``ValueError`` for what cannot be called."""
    if not callable(condition):
        raise ValueError(f"Not a condition: {condition!r}; give a function without parameters")
    due = lambda _tick: bool(condition())  # noqa: E731  a condition of one line
    return item(Trigger(name, due, max_execs=max_execs, rt_subframes=rt_subframes))


def on_custom_event(event_name: str, name: str | None = None) -> ReplicatorItem:
    """Fire in the update in which the event arrives, whether or not frames are taken.

    ``rep.utils.send_og_event`` sends it, as ``omni.graph.action.<event_name>`` on the message bus.
    """
    return item(EventTrigger(event_name, name or "on_custom_event"))


class EventTrigger(Trigger):
    """Waits for an event of the message bus."""

    def __init__(self, event_name: str, name: str) -> None:
        super().__init__(name, previews=False)
        bus = omni.kit.app.get_app().get_message_bus_event_stream()
        self._subscription = bus.create_subscription_to_pop_by_type(
            type_from_string(event_type_name(event_name)), self._on_event, name=f"omni.replicator.core.{name}"
        )

    def _on_event(self, _event: IEvent) -> None:
        # Nobody ends the subscription of a trigger whose stage has gone.
        if self in service(Graph).triggers:
            self.fire()


def on_key_press(key: Any, modifier: Any = None, name: str | None = None) -> NoReturn:
    """Not in kitless: it reads no keyboard."""
    Missing("omni.replicator.core.trigger.on_key_press")(key, modifier, name)


def item(trigger: Trigger) -> ReplicatorItem:
    """A handle on a trigger."""
    return ReplicatorItem(trigger)
