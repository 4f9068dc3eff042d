"""The log: lines on stderr, and callbacks for those who want to see them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeAlias

import carb.settings
from kitless.absent import Partial, absent
from kitless.services import service

__all__ = [
    "ILogging",
    "LoggerHandle",
    "acquire_logging",
    "LEVEL_ERROR",
    "LEVEL_FATAL",
    "LEVEL_INFO",
    "LEVEL_VERBOSE",
    "LEVEL_WARN",
]

LEVEL_VERBOSE = -2
LEVEL_INFO = -1
LEVEL_WARN = 0
LEVEL_ERROR = 1
LEVEL_FATAL = 2

_LABELS = {-2: "Verbose", -1: "Info", 0: "Warning", 1: "Error", 2: "Fatal"}
_LEVELS = {"verbose": -2, "info": -1, "warn": 0, "warning": 0, "error": 1, "fatal": 2}
_LEVEL_SETTING = "/log/level"

LogFn: TypeAlias = Callable[[str, int, str, int, str], None]
"""Called with (source, level, file name, line number, message)."""


class LoggerHandle:
    """What add_logger returns and remove_logger takes."""

    def __init__(self, fn: LogFn) -> None:
        self.fn = fn


class ILogging(Partial):
    """Writes ``[Warning] [source] message`` lines to stderr, from the level of setting /log/level on (default warn)."""

    def __init__(self) -> None:
        self._loggers: list[LoggerHandle] = []
        self._threshold = LEVEL_WARN
        settings = carb.settings.get_settings()
        self._subscription = settings.subscribe_to_node_change_events(_LEVEL_SETTING, lambda *_: self._read_level())
        self._read_level()

    def _read_level(self) -> None:
        value = carb.settings.get_settings().get(_LEVEL_SETTING)
        if isinstance(value, str):
            value = _LEVELS.get(value.lower())
        self._threshold = value if isinstance(value, int) else LEVEL_WARN

    def get_level_threshold(self) -> int:
        """Return the lowest level that is written."""
        return self._threshold

    def set_level_threshold(self, level: int) -> None:
        """Write messages from ``level`` (LEVEL_VERBOSE to LEVEL_FATAL) on."""
        self._threshold = int(level)

    def add_logger(self, fn: LogFn) -> LoggerHandle:
        """Call ``fn(source, level, file name, line number, message)`` for each line written; see remove_logger."""
        handle = LoggerHandle(fn)
        self._loggers.append(handle)
        return handle

    def remove_logger(self, handle: LoggerHandle) -> None:
        """Stop calling what add_logger gave ``handle`` for."""
        self._loggers.remove(handle)

    def log(self, source: str, level: int, message: str, file: str = "", line: int = 0) -> None:
        """Write ``message`` of ``source`` if ``level`` reaches the threshold."""
        if level < self._threshold:
            return
        # One write per line, so that lines of several threads do not mix.
        sys.stderr.write(f"[{_LABELS.get(level, level)}] [{source}] {message}\n")
        for handle in tuple(self._loggers):
            handle.fn(source, level, file, line, message)


def acquire_logging() -> ILogging:
    """Return the process's log."""
    return service(ILogging)


__getattr__ = absent(__name__)
