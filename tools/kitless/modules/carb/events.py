"""Event streams (Kit's first event system): a queue with subscribers on both of its ends."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

from carb._edge import LoggedErrors
from carb._subscribers import Registration, Subscribers
from kitless.absent import Partial, absent
from kitless.services import service

__all__ = [
    "IEvent",
    "IEventStream",
    "IEvents",
    "ISubscription",
    "acquire_events_interface",
    "get_events_interface",
    "type_from_string",
]


class IEvent(Partial):
    """One event: its type, who sent it and what it carries."""

    def __init__(self, event_type: int, sender: int, payload: dict[str, Any]) -> None:
        self.type = int(event_type)
        """The event's type: an enum's value, or type_from_string of a name."""
        self.sender = sender
        """The id the sender gave, 0 for none."""
        self.payload = dict(payload)
        """What the sender passed along."""
        self.consumed = False
        """Whether a subscriber kept the event from those after it."""

    def consume(self) -> None:
        """Keep the event from the subscribers after this one."""
        self.consumed = True


EventFn: TypeAlias = Callable[[IEvent], Any]


class ISubscription(Registration):
    """A subscription; ends with ``unsubscribe()`` or when nobody holds it any more."""

    def unsubscribe(self) -> None:
        """End the subscription."""
        self._end()


class _TypeSubscription(ISubscription):
    def __init__(self, subscribers: Subscribers, fn: EventFn, order: int, name: str, event_type: int) -> None:
        self._type = int(event_type)
        super().__init__(subscribers, fn, order, name)

    def _call(self, *args: Any) -> None:
        if args[0].type == self._type:
            super()._call(*args)


class IEventStream(Partial):
    """A queue of events: ``push`` puts one in and tells the push subscribers, ``pump`` tells the pop subscribers.

    A subscriber that raises is logged; the others are still called.
    """

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._queue: deque[IEvent] = deque()
        self._on_push = Subscribers()
        self._on_pop = Subscribers()

    @property
    def name(self) -> str:
        """The name the stream was made with."""
        return self._name

    @property
    def event_count(self) -> int:
        """How many events wait in the queue."""
        return len(self._queue)

    def create_subscription_to_pop(self, fn: EventFn, order: int = 0, name: str | None = None) -> ISubscription:
        """Call ``fn(event)`` for each event that leaves the queue, as long as the result is held."""
        return ISubscription(self._on_pop, fn, order, name or "")

    def create_subscription_to_pop_by_type(
        self, event_type: int, fn: EventFn, order: int = 0, name: str | None = None
    ) -> ISubscription:
        """Call ``fn(event)`` for each event of ``event_type`` that leaves the queue, as long as the result is held."""
        return _TypeSubscription(self._on_pop, fn, order, name or "", event_type)

    def create_subscription_to_push(self, fn: EventFn, order: int = 0, name: str | None = None) -> ISubscription:
        """Call ``fn(event)`` for each event that is pushed or dispatched, as long as the result is held."""
        return ISubscription(self._on_push, fn, order, name or "")

    def create_subscription_to_push_by_type(
        self, event_type: int, fn: EventFn, order: int = 0, name: str | None = None
    ) -> ISubscription:
        """Call ``fn(event)`` for each event of ``event_type`` that is pushed, as long as the result is held."""
        return _TypeSubscription(self._on_push, fn, order, name or "", event_type)

    def push(self, event_type: int = 0, sender: int = 0, payload: dict[str, Any] = {}) -> None:
        """Queue an event; push subscribers see it now, pop subscribers when the stream is pumped."""
        event = IEvent(event_type, sender, payload)
        self._queue.append(event)
        self._tell(self._on_push, event)

    def dispatch(self, event_type: int = 0, sender: int = 0, payload: dict[str, Any] = {}) -> None:
        """Send an event to all subscribers at once, past the queue."""
        event = IEvent(event_type, sender, payload)
        self._tell(self._on_push, event)
        self._tell(self._on_pop, event)

    def pop(self) -> IEvent:
        """Take the oldest event off the queue and tell the pop subscribers; IndexError when there is none."""
        event = self._queue.popleft()
        self._tell(self._on_pop, event)
        return event

    def try_pop(self) -> IEvent | None:
        """Do as ``pop``, or return None when the queue is empty."""
        return self.pop() if self._queue else None

    def pump(self) -> None:
        """Pop until the queue is empty."""
        while self._queue:
            self.pop()

    async def next_event(self, order: int = 0, name: str = "") -> IEvent:
        """Wait for the next event to leave the queue and return it."""
        future: asyncio.Future[IEvent] = asyncio.get_running_loop().create_future()
        subscription = self.create_subscription_to_pop(lambda event: _settle(future, event), order, name)
        try:
            return await future
        finally:
            subscription.unsubscribe()

    def _tell(self, subscribers: Subscribers, event: IEvent) -> None:
        for subscription in subscribers:
            if event.consumed:
                return
            with LoggedErrors(__name__, f"subscriber {subscription.name!r} of event stream {self._name!r}"):
                subscription._call(event)


def _settle(future: asyncio.Future[IEvent], event: IEvent) -> None:
    if not future.done():
        future.set_result(event)


class IEvents(Partial):
    """Makes event streams and sender ids."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)

    def create_event_stream(self, name: str | None = None) -> IEventStream:
        """Return a new stream."""
        return IEventStream(name or "")

    def acquire_unique_sender_id(self) -> int:
        """Return an id that no other sender has."""
        return next(self._ids)


def get_events_interface() -> IEvents:
    """Return the maker of event streams."""
    return service(IEvents)


acquire_events_interface = get_events_interface


def type_from_string(arg0: str, /) -> int:
    """Return the event type of a name: its 64-bit FNV-1a hash (Fowler, Noll, Vo: draft-eastlake-fnv)."""
    value = 0xCBF29CE484222325
    for byte in arg0.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


__getattr__ = absent(__name__)
