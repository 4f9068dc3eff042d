"""Updating the app, from inside its loop and from outside."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import omni.kit.app

from ._status import OrchestratorError

T = TypeVar("T")


async def update() -> None:
    """One app update."""
    await omni.kit.app.get_app().next_update_async()


def run_now(coroutine: Coroutine[Any, Any, T], name: str) -> T:
    """Run a coroutine to its end by updating the app; inside an update that would hang, so it is refused.

    The body of a script is not inside: a standalone program and a snippet look the same to the host.
    """
    if omni.kit.app.get_app().is_updating:
        coroutine.close()
        raise OrchestratorError(f"{name}() would block the app's own loop: use 'await {name}_async()'")
    return omni.kit.app.get_app().run(coroutine)


def is_in_loop() -> bool:
    """Whether the caller runs inside an asyncio loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
