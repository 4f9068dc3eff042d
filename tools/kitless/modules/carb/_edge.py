"""The plugin edge: other people's code may fail here without ending the app."""

from __future__ import annotations

import traceback
from types import TracebackType


class LoggedErrors:
    """Turns an Exception raised in its block into one error line in the log, traceback included.

    Kit does so for event subscribers and for an extension's shutdown: the others are still called. What is no
    Exception (KeyboardInterrupt, SystemExit, asyncio.CancelledError) passes.
    """

    def __init__(self, source: str, what: str) -> None:
        self._source = source
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if kind is None or error is None or not issubclass(kind, Exception):
            return False
        # Here, not at the top: the log reads its level from the settings, whose subscribers are called in this block.
        from carb.logging import LEVEL_ERROR, acquire_logging

        text = "".join(traceback.format_exception(error)).rstrip()
        acquire_logging().log(self._source, LEVEL_ERROR, f"{self._what} failed:\n{text}")
        return True
