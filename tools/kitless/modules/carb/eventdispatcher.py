"""The event dispatcher (Kit's second event system): events by name, sent to their observers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from carb._edge import LoggedErrors
from carb._subscribers import Registration, Subscribers
from kitless.absent import Partial, absent
from kitless.services import service

__all__ = [
    "Event",
    "IEventDispatcher",
    "ObserverGuard",
    "acquire_eventdispatcher_interface",
    "get_eventdispatcher",
    "get_eventdispatcher_interface",
]


class Event(Partial):
    """A named event with its payload, which can also be read through the event: ``event["key"]``."""

    def __init__(self, event_name: str, payload: Mapping[str, Any]) -> None:
        self._event_name = event_name
        self._payload = dict(payload)

    @property
    def event_name(self) -> str:
        """The name it was dispatched under."""
        return self._event_name

    @property
    def payload(self) -> dict[str, Any]:
        """What the sender passed along."""
        return self._payload

    def get(self, key_name: str) -> Any:
        """Return the payload's value, None when there is none."""
        return self._payload.get(key_name)

    def has_key(self, key_name: str) -> bool:
        """Return whether the payload has the key."""
        return key_name in self._payload

    def __getitem__(self, key_name: str) -> Any:
        return self._payload[key_name]

    def __contains__(self, item: object) -> bool:
        return item in self._payload

    def __len__(self) -> int:
        return len(self._payload)


OnEvent: TypeAlias = Callable[[Event], Any]
Filter: TypeAlias = Mapping[str, Any]


class ObserverGuard(Registration):
    """An observer; ends with ``reset()`` or when nobody holds it any more."""

    def __init__(
        self, subscribers: Subscribers, fn: OnEvent, order: int, name: str, wanted: Filter | None = None
    ) -> None:
        self._wanted = dict(wanted or {})
        super().__init__(subscribers, fn, order, name)

    def reset(self) -> None:
        """End the observation."""
        self._end()

    def _wants(self, payload: Mapping[str, Any]) -> bool:
        return all(key in payload and payload[key] == value for key, value in self._wanted.items())


class IEventDispatcher(Partial):
    """Sends named events. An observer that raises is logged; the others are still called."""

    def __init__(self) -> None:
        self._observers: dict[str, Subscribers] = {}

    def observe_event(
        self,
        *,
        order: int = 0,
        event_name: str,
        on_event: OnEvent,
        filter: Filter | None = None,
        observer_name: str = "<python>",
    ) -> ObserverGuard:
        """Call ``on_event(event)`` for events of that name, in ascending ``order``, as long as the result is held.

        With ``filter``, only for events whose payload has all of its keys with equal values.
        """
        observers = self._observers.setdefault(str(event_name), Subscribers())
        return ObserverGuard(observers, on_event, order, observer_name, filter)

    def dispatch_event(self, event_name: str, payload: Mapping[str, Any] | None = None) -> int:
        """Send an event to its observers now; return how many were called."""
        observers = self._observers.get(str(event_name))
        if not observers:
            return 0
        event = Event(str(event_name), payload or {})
        called = 0
        for observer in observers:
            if isinstance(observer, ObserverGuard) and observer._wants(event.payload):
                called += 1
                with LoggedErrors(__name__, f"observer {observer.name!r} of event {event_name!r}"):
                    observer._call(event)
        return called

    def has_observers(self, event_name: str, filter: Filter | None = None) -> bool:
        """Return whether an event of that name (and with that payload, if given) would reach anybody."""
        observers = self._observers.get(str(event_name), ())
        return any(filter is None or (isinstance(each, ObserverGuard) and each._wants(filter)) for each in observers)

    async def next_event(
        self, event_name: str, order: int = 0, filter: Filter | None = None, observer_name: str | None = None
    ) -> Event:
        """Wait for the next event of that name and return it."""
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        guard = self.observe_event(
            order=order,
            event_name=event_name,
            on_event=lambda event: None if future.done() else future.set_result(event),
            filter=filter,
            observer_name=observer_name or "<python>",
        )
        try:
            return await future
        finally:
            guard.reset()


def get_eventdispatcher() -> IEventDispatcher:
    """Return the process's event dispatcher."""
    return service(IEventDispatcher)


acquire_eventdispatcher_interface = get_eventdispatcher
get_eventdispatcher_interface = get_eventdispatcher

__getattr__ = absent(__name__)
