"""How loops are compiled: once, kept on disk for later processes, without Python's lock and its checks on division."""

from __future__ import annotations

import hashlib
import logging
import os
from functools import partial
from pathlib import Path

from numba import njit

compiled = partial(njit, cache=True, nogil=True, error_model="numpy")
"""Decorator: @compiled() for helpers, @compiled(signature) for kernels. x / 0 is infinite, as in numpy."""

_SOURCES = Path(__file__).parent
_CACHE = _SOURCES / "__pycache__"
_STAMP = _CACHE / "kernels.digest"


def _drop_stale() -> None:
    """Forget kept kernels if any source has changed.

    numba looks at a kernel's own file only. Helpers and constants of other files are compiled into it: a column that
    has moved since would be read from where it was, or from beyond the end of an array.
    """
    state = hashlib.blake2b(digest_size=16)
    for path in sorted(_SOURCES.glob("*.py")):
        state.update(path.read_bytes())
    if _STAMP.is_file() and _STAMP.read_text() == state.hexdigest():
        return
    for kept in (*_CACHE.glob("*.nbi"), *_CACHE.glob("*.nbc")):
        kept.unlink(missing_ok=True)
    _CACHE.mkdir(exist_ok=True)
    # Whole at once: another process may begin at the same time.
    fresh = _STAMP.with_suffix(f".{os.getpid()}")
    fresh.write_text(state.hexdigest())
    fresh.replace(_STAMP)


if os.access(_SOURCES, os.W_OK):
    _drop_stale()
    if not any(_CACHE.glob("*.nbi")):
        # Half a minute of silence at the very first picture would look like a hang.
        logging.getLogger("kitless").warning("Compiling the ray caster: once, about half a minute")
