"""carb: log, settings, tokens, events and small vectors."""

import sys

from carb import dictionary, eventdispatcher, events, logging, settings, tokens
from carb._vectors import (
    ColorRgb,
    ColorRgba,
    Double2,
    Double3,
    Double4,
    Float2,
    Float3,
    Float4,
    Int2,
    Int3,
    Int4,
)
from kitless.absent import absent

__all__ = [
    "dictionary",
    "eventdispatcher",
    "events",
    "logging",
    "settings",
    "tokens",
    "ColorRgb",
    "ColorRgba",
    "Double2",
    "Double3",
    "Double4",
    "Float2",
    "Float3",
    "Float4",
    "Int2",
    "Int3",
    "Int4",
    "log_error",
    "log_info",
    "log_verbose",
    "log_warn",
]


def log_verbose(msg: str) -> None:
    """Log ``msg`` at level verbose, with the calling module as its source."""
    _log(logging.LEVEL_VERBOSE, msg)


def log_info(msg: str) -> None:
    """Log ``msg`` at level info, with the calling module as its source."""
    _log(logging.LEVEL_INFO, msg)


def log_warn(msg: str) -> None:
    """Log ``msg`` as a warning, with the calling module as its source."""
    _log(logging.LEVEL_WARN, msg)


def log_error(msg: str) -> None:
    """Log ``msg`` as an error, with the calling module as its source."""
    _log(logging.LEVEL_ERROR, msg)


def _log(level: int, msg: str) -> None:
    log = logging.acquire_logging()
    if level < log.get_level_threshold():
        return
    caller = sys._getframe(2)
    source = caller.f_globals.get("__name__", "<python>")
    log.log(source, level, str(msg), caller.f_code.co_filename, caller.f_lineno)


__getattr__ = absent(__name__)
