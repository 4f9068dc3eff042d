"""Test cases whose set-up, tests and tear-down may be coroutines."""

from kitless.absent import absent
from omni.kit.test._async_unittest import AsyncTestCase, AsyncTestCaseFailOnLogError

__all__ = ["AsyncTestCase", "AsyncTestCaseFailOnLogError"]

__getattr__ = absent(__name__)
