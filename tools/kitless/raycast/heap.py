"""Heap: the memory of one frame's pictures is the next one's."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_PICTURE = 32 << 20
"""glibc's own limit of what it takes from its heap."""
_SPARE = 512 << 20


def keep_freed_memory() -> None:
    """Have glibc keep large arrays' memory when they are freed. Does nothing with another C library.

    Otherwise each frame's arrays are mapped, filled with zeros page by page, and unmapped again: that took as long as
    a seventh of tracing. Arrays that are still in use are never touched, so snapshots stay what they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGEST_PICTURE)
        mallopt(_TRIM_THRESHOLD, _SPARE)
