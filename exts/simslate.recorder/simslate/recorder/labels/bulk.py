"""Work on very many prims."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep Python's garbage collector off in the block, if it is on.

    What is made for each of a hundred thousand prims is kept, so that there is nothing to collect; to look for it again
    and again takes a quarter of the time. Usable as a decorator.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
