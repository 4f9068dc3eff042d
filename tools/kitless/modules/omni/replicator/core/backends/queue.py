"""The write queue all backends share: bounded by count and by bytes, drained by a few threads."""

from collections import deque
from collections.abc import Iterable
from functools import partial
from threading import Condition, Thread
from typing import Any

import numpy as np

import carb
import carb.settings

THREADS = "/omni/replicator/backend/writeThreads"
SIZE = "/omni/replicator/backend/queueSize"
BYTES = "/omni/replicator/backend/queueBytes"


def payload_bytes(values: Iterable[Any]) -> int:
    """The bytes of the arrays and blobs among call arguments, in nested partials too."""
    total = 0
    for value in values:
        if isinstance(value, np.ndarray):
            total += value.nbytes
        elif isinstance(value, (bytes, bytearray)):
            total += len(value)
        elif isinstance(value, partial):
            total += payload_bytes((*value.args, *value.keywords.values()))
    return total


def resolve(value: Any) -> Any:
    """The value of an argument: a nested partial stands for the result of its call."""
    return value(*()) if isinstance(value, partial) else value


class WriteQueue:
    """Calls that encode and write, run by threads in the order they came.

    ``put`` blocks while the queue holds its number of calls (setting ``queueSize``, default 1000) or of payload bytes
    (``queueBytes``, default 512 MiB): back-pressure instead of growth. Failed calls are kept for ``raise_failure``.
    """

    def __init__(self) -> None:
        settings = carb.settings.get_settings()
        settings.set_default(THREADS, 4)
        settings.set_default(SIZE, 1000)
        settings.set_default(BYTES, 512 << 20)
        self._limit = max(1, settings.get_as_int(SIZE))
        self._byte_limit = max(1, settings.get_as_int(BYTES))
        self._calls: deque[tuple[partial[Any], int]] = deque()
        self._running = 0
        self._bytes = 0
        self._failures: list[Exception] = []
        self._closing = False
        self._changed = Condition()
        self._threads = [
            Thread(target=self._work, name=f"replicator-write-{i}", daemon=True)
            for i in range(max(1, settings.get_as_int(THREADS)))
        ]
        for thread in self._threads:
            thread.start()

    def set_limit(self, calls: int) -> None:
        """How many calls may wait before ``put`` blocks."""
        with self._changed:
            self._limit = max(1, calls)
            self._changed.notify_all()

    def put(self, call: partial[Any]) -> None:
        """Queue a call; waits while the queue is full. One call larger than the byte bound passes alone."""
        size = payload_bytes((*call.args, *call.keywords.values()))
        with self._changed:
            if self._is_full(size):
                carb.log_info("Throttling generation: the write queue is full")
            self._changed.wait_for(lambda: not self._is_full(size))
            self._calls.append((call, size))
            self._bytes += size
            self._changed.notify_all()

    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is being written."""
        with self._changed:
            return not self._calls and not self._running

    def wait(self) -> None:
        """Block until the queue is empty."""
        with self._changed:
            self._changed.wait_for(lambda: not self._calls and not self._running)

    def raise_failure(self) -> None:
        """Raise the first failure since the last call, if any, and forget them all."""
        with self._changed:
            failures, self._failures = self._failures, []
        if failures:
            raise failures[0]

    def close(self) -> None:
        """Write what is queued, then end the threads."""
        self.wait()
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _is_full(self, size: int) -> bool:
        waiting = bool(self._calls) or self._running > 0
        return len(self._calls) >= self._limit or (waiting and self._bytes + size > self._byte_limit)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._calls or self._closing)
                if not self._calls:
                    return
                call, size = self._calls.popleft()
                self._running += 1
            self._run(call)
            with self._changed:
                self._running -= 1
                self._bytes -= size
                self._changed.notify_all()

    def _run(self, call: partial[Any]) -> None:
        try:
            keywords = {name: resolve(value) for name, value in call.keywords.items()}
            call.func(*(resolve(value) for value in call.args), **keywords)
        except Exception as error:  # noqa: BLE001  the plugin edge: any writer's function runs here
            carb.log_error(f"Writing failed: {error}")
            with self._changed:
                self._failures.append(error)
