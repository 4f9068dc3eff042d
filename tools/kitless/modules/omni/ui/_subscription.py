"""Callbacks with ids and subscriptions, as the models of omni.ui hand them out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from carb._edge import LoggedErrors


class Subscription:
    """A callback that is called as long as this object is held."""

    def __init__(self, callbacks: Callbacks, fn: Callable[..., Any]) -> None:
        self._callbacks = callbacks
        self._id = callbacks.add(fn)

    def __del__(self) -> None:
        self._callbacks.remove(self._id)


class Callbacks:
    """The callbacks of one event, called in the order of their adding; what one raises is logged."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._fns: dict[int, Callable[..., Any]] = {}
        self._last = 0

    def add(self, fn: Callable[..., Any]) -> int:
        """Add ``fn`` and return the id to remove it by."""
        self._last += 1
        self._fns[self._last] = fn
        return self._last

    def remove(self, id: int) -> None:
        """Remove the callback with that id, if there is one."""
        self._fns.pop(id, None)

    def call(self, *args: Any) -> None:
        """Call them; those removed by another one's call are left out."""
        for key in tuple(self._fns):
            fn = self._fns.get(key)
            if fn is not None:
                with LoggedErrors("omni.ui", self._what):
                    fn(*args)
