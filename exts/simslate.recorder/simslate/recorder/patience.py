"""Waiting, but not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

_LOOKS = 20


async def within(seconds: float, work: Awaitable[None], *, progress: Callable[[], object] = lambda: None) -> None:
    """Await ``work`` in the task that this is called in.

    asyncio.TimeoutError if for that long neither it has ended nor what ``progress`` returns has changed.
    asyncio.wait_for would make another task of it, which begins an update of the app later: time would have moved.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    expired: list[bool] = []
    timers: list[asyncio.TimerHandle] = []

    def look(before: object, since: float) -> None:
        now = progress()
        if now == before and loop.time() - since >= seconds:
            expired.append(True)
            task.cancel()
            return
        # More often than once in that time, or what changes soon after a look would double it.
        timers[:] = [loop.call_later(seconds / _LOOKS, look, now, since if now == before else loop.time())]

    look(progress(), loop.time())
    try:
        await work
    except asyncio.CancelledError:
        if not expired:
            raise
        # Python 3.11 counts; Isaac Sim 4.5 has 3.10.
        getattr(task, "uncancel", int)()
        raise asyncio.TimeoutError from None
    finally:
        timers[-1].cancel()
