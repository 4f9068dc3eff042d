"""Locks on folders, held for as long as a process lives."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

try:
    import fcntl
except ImportError:
    # Windows has none.
    fcntl = None  # type: ignore[assignment]


def lock_folder(folder: Path) -> Callable[[], None]:
    """Lock ``folder`` and return what unlocks it; where there is no such lock, there is none.

    BlockingIOError if it is locked already, by this process or another one.
    """
    if fcntl is None:
        return lambda: None
    with ExitStack() as held:
        handle = os.open(folder, os.O_RDONLY)
        held.callback(os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return held.pop_all().close
