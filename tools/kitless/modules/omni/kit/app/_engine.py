"""The app's asyncio loop, run one pass at a time."""

from __future__ import annotations

import asyncio
import contextlib
import time
import traceback
from collections.abc import Callable, Collection, Iterator
from typing import Any

import carb

# How long tasks may take to clean up after being cancelled at the app's end.
_PATIENCE_S = 10.0


class AsyncEngine:
    """Owns an asyncio loop; ``run_pass`` runs what is ready in it, once."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        """The loop, which is also the thread's current one."""
        self.loop.set_exception_handler(_log_error)
        asyncio.set_event_loop(self.loop)

    def run_pass(self) -> None:
        """Run what is ready now, without waiting.

        Raises RuntimeError inside a coroutine of this loop. SystemExit and KeyboardInterrupt of a task come out here.
        """
        outer = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            # A loop that is stopped before it runs does one pass (asyncio's documentation of loop.stop).
            self.loop.stop()
            self.loop.run_forever()
        finally:
            asyncio._set_running_loop(outer)

    @contextlib.contextmanager
    def as_running(self) -> Iterator[None]:
        """Let code outside the loop use it as if inside: asyncio.create_task works, run_until_complete is refused."""
        outer = asyncio._get_running_loop()
        asyncio._set_running_loop(self.loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(outer)

    def cancel(self, tasks: Collection[asyncio.Task[Any]], update: Callable[[], None]) -> None:
        """Cancel ``tasks`` and call ``update`` until they have ended; those that do not within 10 s are logged."""
        deadline = time.monotonic() + _PATIENCE_S
        for task in tasks:
            task.cancel()
        while (tasks := [task for task in tasks if not task.done()]) and time.monotonic() < deadline:
            update()
            time.sleep(0.0005)
        for task in tasks:
            carb.log_error(f"Task {task.get_name()} did not end within {_PATIENCE_S:g} s of being cancelled: {task!r}")

    def close(self) -> None:
        """End the loop with its async generators and its threads."""
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        asyncio.set_event_loop(None)
        self.loop.close()


class Waiters:
    """Coroutines that wait for a point of the update."""

    def __init__(self) -> None:
        self._futures: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        """Wait until ``wake`` has been called."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._futures.append(future)
        await future

    def wake(self) -> bool:
        """Let those that wait now go on in the next pass; return whether there were any."""
        futures, self._futures = self._futures, []
        for future in futures:
            if not future.done():
                future.set_result(None)
        return bool(futures)


def _log_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    text = "".join(traceback.format_exception(error)).rstrip() if isinstance(error, BaseException) else ""
    carb.log_error(f"{context['message']}\n{text}".rstrip())
