"""Waiting, as a user at the screen does."""

from __future__ import annotations

from kitless.absent import absent
from omni.kit.app import get_app

__all__ = ["human_delay", "wait_n_updates"]


async def wait_n_updates(update_count: int = 2) -> None:
    """Wait for that many updates."""
    for _ in range(update_count):
        await get_app().next_update_async()


async def human_delay(human_delay_speed: int = 2) -> None:
    """Wait for that many updates, the time that a user takes."""
    await wait_n_updates(human_delay_speed)


__getattr__ = absent(__name__)
