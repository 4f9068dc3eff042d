"""The stage that Isaac Sim's helpers work on: the open one, or one that ``use_stage`` names."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pxr import Usd, UsdUtils

import omni.usd
from kitless.services import service


class StagesInUse:
    """The stages of the ``use_stage`` blocks that are open, innermost last."""

    def __init__(self) -> None:
        self.stack: list[Usd.Stage] = []


@contextlib.contextmanager
def use_stage(stage: Usd.Stage) -> Iterator[None]:
    """Let the helpers of the block work on ``stage``.

    Raises TypeError for what is no stage.
    """
    if not isinstance(stage, Usd.Stage):
        raise TypeError(f"use_stage needs a Usd.Stage, not {stage!r}")
    stack = service(StagesInUse).stack
    stack.append(stage)
    try:
        yield
    finally:
        stack.pop()


def is_in_use() -> bool:
    """Return whether a ``use_stage`` block is open."""
    return bool(service(StagesInUse).stack)


def find_stage() -> Usd.Stage | None:
    """Return the stage in use, None when none is open."""
    stack = service(StagesInUse).stack
    return stack[-1] if stack else omni.usd.get_context().get_stage()


def current_stage() -> Usd.Stage:
    """Return the stage in use.

    Raises RuntimeError when none is open.
    """
    stage = find_stage()
    if stage is None:
        raise RuntimeError("no stage is open: create_new_stage() or open_stage(path) opens one")
    return stage


def stage_id(stage: Usd.Stage) -> int:
    """Return the stage's id in UsdUtils.StageCache, into which it is put where it is not."""
    cache = UsdUtils.StageCache.Get()
    found = cache.GetId(stage)
    return (found if found.IsValid() else cache.Insert(stage)).ToLongInt()


def prim_at(path: str) -> Usd.Prim:
    """Return the prim at ``path``.

    Raises ValueError where there is none.
    """
    prim = current_stage().GetPrimAtPath(str(path))
    if not prim:
        raise ValueError(f"no prim at {path}")
    return prim
