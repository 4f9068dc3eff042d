"""Undo and redo of commands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from kitless.absent import absent
from kitless.services import service
from omni.kit.undo._stack import Entry, HistoryEntry, OnChange, UndoStack

__all__ = [
    "begin_disabled",
    "begin_group",
    "can_redo",
    "can_undo",
    "clear_history",
    "clear_stack",
    "disabled",
    "end_disabled",
    "end_group",
    "execute",
    "get_history",
    "get_redo_stack",
    "get_undo_stack",
    "group",
    "redo",
    "subscribe_on_change",
    "undo",
    "unsubscribe_on_change",
]


def undo() -> bool:
    """Undo the last command or group; return whether there was one and all of it could be undone."""
    return service(UndoStack).undo()


def redo() -> bool:
    """Do what was undone last again; return whether there was something and all of it succeeded."""
    return service(UndoStack).redo()


def can_undo() -> bool:
    """Return whether there is something to undo."""
    return bool(service(UndoStack).done)


def can_redo() -> bool:
    """Return whether there is something to do again."""
    return bool(service(UndoStack).undone)


def get_undo_stack() -> list[Entry]:
    """Return what can be undone, last one last."""
    return service(UndoStack).done


def get_redo_stack() -> list[Entry]:
    """Return what can be done again, next one last."""
    return service(UndoStack).undone


def clear_stack() -> None:
    """Forget what was done and undone."""
    service(UndoStack).clear()


def get_history() -> dict[int, HistoryEntry]:
    """Return the commands executed lately by running number."""
    return service(UndoStack).history


def clear_history() -> None:
    """Forget the commands executed so far; undo is not affected."""
    service(UndoStack).history.clear()


def execute(command: Any, name: str, kwargs: dict[str, Any]) -> tuple[bool, Any]:
    """Do a command's object and remember it; return (succeeded, what it returned)."""
    return service(UndoStack).execute(command, name, kwargs)


def begin_group() -> None:
    """Make one undo step of all commands until the matching end_group."""
    service(UndoStack).begin_group()


def end_group() -> None:
    """End what begin_group began; RuntimeError when there is no such group."""
    service(UndoStack).end_group()


@contextlib.contextmanager
def group() -> Iterator[None]:
    """Make one undo step of all commands in the block."""
    begin_group()
    try:
        yield
    finally:
        end_group()


def begin_disabled() -> None:
    """Remember no commands until the matching end_disabled."""
    service(UndoStack).begin_disabled()


def end_disabled() -> None:
    """End what begin_disabled began; RuntimeError when nothing was begun."""
    service(UndoStack).end_disabled()


def disabled() -> contextlib.AbstractContextManager[None]:
    """Remember no commands in the block."""
    return service(UndoStack).disabled()


def subscribe_on_change(on_change: OnChange) -> None:
    """Call ``on_change(names)`` with the names of commands that were done, undone or done again."""
    service(UndoStack).subscribers.append(on_change)


def unsubscribe_on_change(on_change: OnChange) -> None:
    """Call it no more."""
    service(UndoStack).subscribers.remove(on_change)


__getattr__ = absent(__name__)
