"""Workers: compiled loops on all cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BANDS_PER_THREAD = 8


class Workers:
    """A pool of threads for kernels that release the GIL."""

    def __init__(self) -> None:
        available = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
        self._threads = len(available)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="raycast")

    def run(self, work: Callable[[tuple[int, int]], None], count: int) -> None:
        """Call work((first, last)) for bands that cover 0..count, last exclusive; return when all are done."""
        bands = min(count, self._threads * _BANDS_PER_THREAD)
        edges = [count * k // bands for k in range(bands + 1)] if bands else []
        for _ in self._pool.map(work, pairwise(edges)):
            pass

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()
