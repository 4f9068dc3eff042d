"""Workers: compiled loops on all cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import count as numbers_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BANDS_PER_THREAD = 8


class Workers:
    """The calling thread and a pool of others, for kernels that release the GIL."""

    def __init__(self) -> None:
        available = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
        self._threads = len(available)
        self._pool = ThreadPoolExecutor(max(self._threads - 1, 1), thread_name_prefix="raycast")

    def run(self, work: Callable[[tuple[int, int]], None], count: int) -> None:
        """Call work((first, last)) for bands that cover 0..count, last exclusive; return when all are done."""
        bands = min(count, self._threads * _BANDS_PER_THREAD)
        numbers = numbers_from()

        def take_bands() -> None:
            while (band := next(numbers)) < bands:
                work((count * band // bands, count * (band + 1) // bands))

        others = [self._pool.submit(take_bands) for _ in range(min(self._threads, bands) - 1)]
        try:
            take_bands()
        finally:
            # Nobody may write into what the caller frees after an error.
            for other in others:
                other.exception()
        for other in others:
            other.result()

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()
