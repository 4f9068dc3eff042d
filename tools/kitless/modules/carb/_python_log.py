"""What kitless' own libraries say through Python's logging appears in carb's log."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from carb.logging import LEVEL_ERROR, LEVEL_INFO, LEVEL_VERBOSE, LEVEL_WARN, ILogging

_LEVELS = {logging.ERROR: LEVEL_ERROR, logging.WARNING: LEVEL_WARN, logging.INFO: LEVEL_INFO}


class _Handler(logging.Handler):
    def __init__(self, log: ILogging) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        level = next((ours for theirs, ours in _LEVELS.items() if record.levelno >= theirs), LEVEL_VERBOSE)
        self._log.log(record.name, level, record.getMessage(), record.filename, record.lineno)


@contextlib.contextmanager
def python_log(log: ILogging) -> Iterator[None]:
    """Pass on what is logged below "kitless" for as long as the context lasts."""
    logger, handler = logging.getLogger("kitless"), _Handler(log)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
