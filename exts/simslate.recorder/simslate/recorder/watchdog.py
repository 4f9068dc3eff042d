"""A watchdog for processes that nobody looks at: what hangs ends with an exit code."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable


class Watchdog:
    """Ends the process unless it is fed often enough: from a thread of its own, whatever the others are stuck in."""

    def __init__(self, seconds: float, code: int, what: str, *, end: Callable[[int], object] = os._exit) -> None:
        """Begin to wait. After ``seconds`` without food ``what`` is said, and the process ends with ``code``."""
        self._seconds = seconds
        self._code = code
        self._what = what
        self._end = end
        self._fed = time.monotonic()
        self._gone = threading.Event()
        # A daemon: it must not be what keeps the process alive.
        self._thread = threading.Thread(target=self._watch, name="simslate-watchdog", daemon=True)
        self._thread.start()

    def feed(self) -> None:
        """Say that all is well."""
        self._fed = time.monotonic()

    def send_away(self) -> None:
        """Wait no more."""
        self._gone.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._gone.wait(max(0.05, min(1.0, self._seconds / 4))):
            if time.monotonic() - self._fed > self._seconds:
                sys.stderr.write(f"error: {self._what} for {self._seconds:g} s; giving up\n")
                sys.stderr.flush()
                self._end(self._code)
                return
