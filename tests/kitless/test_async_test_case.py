"""omni.kit.test: cases that any runner of unittest runs."""

import asyncio
import unittest

import pytest

import carb
import omni.kit.test
from omni.kit.app import get_app


class Case(omni.kit.test.AsyncTestCase):
    async def setUp(self):
        await get_app().next_update_async()
        self.log = ["set up"]

    async def tearDown(self):
        await self.wait_n_updates()
        assert self.log == ["set up", "test"]

    async def test_in_updates(self):
        before = get_app().get_update_number()
        await self.wait_n_updates(5)
        assert get_app().get_update_number() == before + 5
        self.log.append("test")

    def test_plain(self):
        self.log.append("test")


class Retrying(omni.kit.test.AsyncTestCase):
    async def test_until_it_is_so(self):
        later = get_app().get_update_number() + 6
        await self.assertTrueWithRetry(lambda: get_app().get_update_number() >= later)
        await self.assertEqualWithRetry(lambda: asyncio.sleep(0, "x"), "x")

    async def test_not_for_ever(self):
        with pytest.raises(AssertionError, match="3 is not 4 after 2 retries"):
            await self.assertEqualWithRetry(lambda: 3, 4, wait_frames=1, max_retries=2)
        assert not await self.retry_until_success(lambda: False, 1, 2)


def run(case, method):
    """Run a method of a case made on the spot, as unittest does."""
    made = type("Made", (case,), {"test": method})("test")
    result = unittest.TestResult()
    made.run(result)
    return result


async def failing(self):
    await get_app().next_update_async()
    self.fail("so it is")


async def raising(self):
    raise KeyError("boom")


async def logging(self):
    carb.log_error("Bad news")


@pytest.mark.parametrize("has_app", [True, False])
def test_failures_and_errors_are_told_apart(request, has_app, monkeypatch, data_dir):
    monkeypatch.setenv("KITLESS_DATA", str(data_dir))
    if has_app:
        request.getfixturevalue("app")
    assert [len(run(omni.kit.test.AsyncTestCase, failing).failures) for _ in range(2)] == [1, 1]
    assert "boom" in run(omni.kit.test.AsyncTestCase, raising).errors[0][1]


def test_an_error_in_the_log_fails_only_the_case_that_asks_for_it(app):
    assert run(omni.kit.test.AsyncTestCase, logging).wasSuccessful()
    [(_, failure)] = run(omni.kit.test.AsyncTestCaseFailOnLogError, logging).failures
    assert "Bad news" in failure
