"""The test cases."""

from __future__ import annotations

import contextlib
import inspect
import unittest
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from carb.logging import LEVEL_ERROR, acquire_logging
from kitless.services import find_service
from omni.kit.app import App, get_app


class AsyncTestCase(unittest.TestCase):
    """A unittest.TestCase whose setUp, tearDown and test methods may be coroutines; they run in the app's updates.

    Any runner of unittest runs it, pytest too. Without an app, each test gets one of its own. What is tested may still
    log errors; see AsyncTestCaseFailOnLogError.
    """

    fail_on_log_error: ClassVar[bool] = False

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        """Run the test within an app."""
        with contextlib.ExitStack() as stack:
            if find_service(App) is None:
                stack.enter_context(App())
            return super().run(result)

    async def wait_n_updates(self, n_frames: int = 3) -> None:
        """Wait for that many updates of the app."""
        for _ in range(n_frames):
            await get_app().next_update_async()

    async def retry_until_success(
        self, operation: Callable[[], Any], wait_frames: int = 2, max_retries: int = 50
    ) -> bool:
        """Call ``operation``, with updates in between, until it returns something true; return whether it did."""
        for _ in range(max_retries):
            if await _value(operation):
                return True
            await self.wait_n_updates(wait_frames)
        return bool(await _value(operation))

    async def assertTrueWithRetry(
        self, operation: Callable[[], Any], wait_frames: int = 2, max_retries: int = 50
    ) -> None:
        """Fail unless ``operation`` returns something true within the retries."""
        if not await self.retry_until_success(operation, wait_frames, max_retries):
            self.fail(f"not true after {max_retries} retries")

    async def assertEqualWithRetry(
        self, operation: Callable[[], Any], expected: Any, wait_frames: int = 2, max_retries: int = 50
    ) -> None:
        """Fail unless ``operation`` returns ``expected`` within the retries."""
        found = await _value(operation)
        for _ in range(max_retries):
            if found == expected:
                return
            await self.wait_n_updates(wait_frames)
            found = await _value(operation)
        if found != expected:
            self.fail(f"{found!r} is not {expected!r} after {max_retries} retries")

    # unittest's own asynchronous case overrides these three as well.

    def _callSetUp(self) -> None:
        self._call(self.setUp)

    def _callTestMethod(self, method: Callable[[], Any]) -> None:
        with self._watching_log():
            self._call(method)

    def _callTearDown(self) -> None:
        self._call(self.tearDown)

    def _call(self, method: Callable[[], Any]) -> None:
        result = method()
        if inspect.iscoroutine(result):
            get_app().run(result)

    @contextlib.contextmanager
    def _watching_log(self) -> Iterator[None]:
        errors: list[str] = []
        log = acquire_logging()
        handle = log.add_logger(lambda source, level, *rest: _note(errors, source, level, rest[-1]))
        try:
            yield
        finally:
            log.remove_logger(handle)
        if self.fail_on_log_error and errors:
            self.fail("errors in the log:\n" + "\n".join(errors))


class AsyncTestCaseFailOnLogError(AsyncTestCase):
    """Fails when the tested code logs an error."""

    fail_on_log_error = True


def _note(errors: list[str], source: str, level: int, message: Any) -> None:
    if level >= LEVEL_ERROR:
        errors.append(f"[{source}] {message}")


async def _value(operation: Callable[[], Any]) -> Any:
    result = operation()
    return await result if inspect.isawaitable(result) else result
