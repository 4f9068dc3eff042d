"""Waiting for something on the stage."""

from __future__ import annotations

from collections.abc import Callable

from isaacsim.core._current import find_stage
from kitless.absent import absent
from omni.kit.app import get_app

__all__ = [
    "poll_until",
    "poll_until_async",
    "wait_for_prim",
    "wait_for_prim_async",
    "wait_for_stage_prims",
    "wait_for_stage_prims_async",
]


def poll_until(check_fn: Callable[[], bool], timeout_frames: int = 1800, poll_steps: int = 30, label: str = "") -> bool:
    """Update the app until the function, asked every ``poll_steps`` updates, returns true; return whether it did."""
    for frame in range(0, max(1, timeout_frames), max(1, poll_steps)):
        if check_fn():
            return True
        for _ in range(min(poll_steps, timeout_frames - frame)):
            get_app().update()
    return bool(check_fn())


async def poll_until_async(
    check_fn: Callable[[], bool], timeout_frames: int = 1800, poll_steps: int = 30, label: str = ""
) -> bool:
    """Wait for updates until the function, asked every ``poll_steps`` of them, returns true; return whether it did."""
    for frame in range(0, max(1, timeout_frames), max(1, poll_steps)):
        if check_fn():
            return True
        for _ in range(min(poll_steps, timeout_frames - frame)):
            await get_app().next_update_async()
    return bool(check_fn())


def wait_for_prim(prim_path: str, timeout_frames: int = 1800, poll_steps: int = 30) -> bool:
    """Update the app until there is a prim; return whether there is."""
    return poll_until(lambda: _has_prim(prim_path), timeout_frames, poll_steps)


async def wait_for_prim_async(prim_path: str, timeout_frames: int = 1800, poll_steps: int = 30) -> bool:
    """Wait for updates until there is a prim; return whether there is."""
    return await poll_until_async(lambda: _has_prim(prim_path), timeout_frames, poll_steps)


def wait_for_stage_prims(min_prims: int = 20, timeout_frames: int = 1800, poll_steps: int = 30) -> bool:
    """Update the app until the stage has so many prims; return whether it has."""
    return poll_until(lambda: _count() >= min_prims, timeout_frames, poll_steps)


async def wait_for_stage_prims_async(min_prims: int = 20, timeout_frames: int = 1800, poll_steps: int = 30) -> bool:
    """Wait for updates until the stage has so many prims; return whether it has."""
    return await poll_until_async(lambda: _count() >= min_prims, timeout_frames, poll_steps)


def _has_prim(path: str) -> bool:
    stage = find_stage()
    return stage is not None and bool(stage.GetPrimAtPath(path))


def _count() -> int:
    stage = find_stage()
    return 0 if stage is None else len(list(stage.Traverse()))


__getattr__ = absent(__name__)
