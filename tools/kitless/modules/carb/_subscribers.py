"""Ordered callbacks that live as long as somebody holds their registration."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any


class Registration:
    """One callback among others; dropping the last reference to it, or ``_end()``, unsubscribes."""

    def __init__(self, subscribers: Subscribers, fn: Callable[..., Any], order: int, name: str) -> None:
        self.enabled = True
        """Whether the callback is called; may be switched off for a while."""
        self.order = order
        """Callbacks are called in ascending order; equal ones in the order of subscribing."""
        self._name = name
        self._fn = fn
        self._subscribers: Subscribers | None = subscribers
        subscribers.add(self)

    @property
    def name(self) -> str:
        """The name given by the subscriber, for messages."""
        return self._name

    def _call(self, *args: object) -> None:
        self._fn(*args)

    def _end(self) -> None:
        if self._subscribers is not None:
            self._subscribers.discard(self)
            self._subscribers = None


class Subscribers:
    """The registrations of one event, without owning them."""

    def __init__(self) -> None:
        self._refs: list[weakref.ref[Registration]] = []

    def __len__(self) -> int:
        return len(self._refs)

    def __iter__(self) -> Iterator[Registration]:
        """Yield the enabled ones by order, leaving out those that end while the event is under way."""
        for ref in sorted(self._refs, key=_order) if len(self._refs) > 1 else tuple(self._refs):
            registration = ref()
            if registration is not None and registration.enabled and registration._subscribers is self:
                yield registration

    def add(self, registration: Registration) -> None:
        """Append ``registration``."""
        # list.remove finds a dead weak reference by identity, which is what the callback is given.
        self._refs.append(weakref.ref(registration, self._refs.remove))

    def discard(self, registration: Registration) -> None:
        """Take ``registration`` off the list."""
        self._refs[:] = [ref for ref in self._refs if ref() is not registration]


def _order(ref: weakref.ref[Registration]) -> int:
    registration = ref()
    return 0 if registration is None else registration.order
