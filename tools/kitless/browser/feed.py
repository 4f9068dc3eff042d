"""The way from the app's thread to the tabs: changes are merged, and go to each tab when that one is ready."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from kitless.browser.marks import Changes, Mark


class Tab:
    """One page in a browser. It gets the next changes when it has shown the last ones, so a slow one skips states."""

    def __init__(self, send: Callable[[Changes], Any]) -> None:
        self._send = send
        self._waiting: Changes = {}
        self._busy = False

    def change(self, changes: Changes) -> None:
        """Send changes, now or with the next ones."""
        self._waiting.update(changes)
        if not self._busy:
            self._flush()

    def shown(self) -> None:
        """Note that the page shows what was sent."""
        self._busy = False
        self._flush()

    def _flush(self) -> None:
        if self._waiting:
            changes, self._waiting = self._waiting, {}
            self._busy = True
            self._send(changes)


class Feed:
    """All marks as the tabs know them. `publish` is for the app's thread, all else for the server's."""

    def __init__(self) -> None:
        self.marks: dict[str, Mark] = {}
        self._tabs: dict[str, Tab] = {}
        self._outgoing: Changes = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver in that loop, what was published before too."""
        with self._lock:
            self._loop = loop
        self._deliver()

    def stop(self) -> None:
        """Deliver nothing any more."""
        with self._lock:
            self._loop = None
        self._tabs.clear()

    def publish(self, changes: Changes) -> None:
        """Hand changes over; those that the server has not taken yet are replaced by them."""
        if not changes:
            return
        with self._lock:
            is_first = not self._outgoing
            self._outgoing.update(changes)
            if self._loop is not None and is_first:
                self._loop.call_soon_threadsafe(self._deliver)

    def add(self, key: str, tab: Tab) -> None:
        """Add a tab, which shows `marks` as they are now."""
        self._tabs[key] = tab

    def remove(self, key: str) -> None:
        """Forget a tab."""
        self._tabs.pop(key, None)

    def _deliver(self) -> None:
        with self._lock:
            changes, self._outgoing = self._outgoing, {}
        for key, mark in changes.items():
            if mark is None:
                self.marks.pop(key, None)
            else:
                self.marks[key] = mark
        for tab in tuple(self._tabs.values()):
            tab.change(changes)
