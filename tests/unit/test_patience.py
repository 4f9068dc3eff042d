"""Waiting, but not for ever."""

import asyncio
import time

import pytest

from simslate.recorder.patience import within


def test_what_changes_early_does_not_double_the_time():
    """The next file is waited for from the last one on, not from the next look."""
    changes = iter([0, 1])

    async def wait():
        await within(0.4, asyncio.sleep(9), progress=lambda: next(changes, 1))

    began = time.monotonic()
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(wait())
    assert 0.4 <= time.monotonic() - began < 0.7


def test_while_there_is_progress_it_waits():
    changes = iter(range(10**6))
    asyncio.run(within(0.05, asyncio.sleep(0.3), progress=lambda: next(changes)))


def test_what_cancels_from_outside_goes_through():
    async def cancelled():
        task = asyncio.ensure_future(within(9, asyncio.sleep(9)))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
