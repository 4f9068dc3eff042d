"""The bar of a command that reads a data set."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TextIO

_WIDTH = 30
_INTERVAL_S = 0.1


class Bar:
    """How many of something are done, drawn over and over on a terminal, and gone in the end. Logs get nothing."""

    def __init__(self, stream: TextIO, stop: threading.Event, what: str) -> None:
        self._stream = stream
        self._stop = stop
        self._what = what
        self._is_terminal = stream.isatty()
        self._shown = time.monotonic()
        self._length = 0

    def show(self, done: int, total: int) -> None:
        """Show it, unless that was done a moment ago. Raises CancelledError once nobody waits for the result."""
        if self._stop.is_set():
            raise asyncio.CancelledError
        now = time.monotonic()
        if self._is_terminal and now - self._shown >= _INTERVAL_S:
            self._shown = now
            filled = _WIDTH * done // max(total, 1)
            self._write(f"[{'#' * filled + '-' * (_WIDTH - filled)}] {done}/{total} {self._what}")

    def clear(self) -> None:
        """Take the bar away."""
        if self._length:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text:<{self._length}}")
        self._stream.flush()
        self._length = len(text)
