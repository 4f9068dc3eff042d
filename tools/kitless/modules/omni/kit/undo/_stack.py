"""The stacks of what was done and what was undone."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from carb._edge import LoggedErrors
from omni.kit.undo._callbacks import (
    POST_DO_CALLBACK,
    POST_UNDO_CALLBACK,
    PRE_DO_CALLBACK,
    PRE_UNDO_CALLBACK,
    Callbacks,
)

OnChange: TypeAlias = Callable[[list[str]], Any]

_MAX_HISTORY = 1000


@dataclass(frozen=True)
class HistoryEntry:
    """One command that was executed."""

    name: str
    """The command's name."""
    kwargs: dict[str, Any]
    """What it was executed with."""
    level: int
    """0 for a command of its own, more for one executed by another command or in a group."""
    error: bool
    """Whether it failed."""


@dataclass(eq=False)
class Entry:
    """A command that was executed, and those it executed itself."""

    command: Any
    """The command's object."""
    name: str
    """Its name."""
    kwargs: dict[str, Any]
    """What it was made with."""
    children: list[Entry] = field(default_factory=list)
    """The commands it executed, in order."""

    @property
    def undoable(self) -> bool:
        """Whether there is something to undo."""
        return hasattr(self.command, "undo") or any(child.undoable for child in self.children)


class UndoStack:
    """What was done, and what was undone since; a group is done and undone as one."""

    def __init__(self) -> None:
        self.callbacks = Callbacks()
        """Who is told about commands."""
        self.history: dict[int, HistoryEntry] = {}
        """The last 1000 commands by running number, failed ones too."""
        self.subscribers: list[OnChange] = []
        """Called with the names of the commands done or undone."""
        self._numbers = itertools.count()
        self._done: list[list[Entry]] = []
        self._undone: list[list[Entry]] = []
        self._running: list[Entry] = []
        self._group: list[Entry] = []
        self._group_depth = 0
        self._disabled = 0

    @property
    def done(self) -> list[Entry]:
        """What can be undone, last one last."""
        return [entry for unit in self._done for entry in unit]

    @property
    def undone(self) -> list[Entry]:
        """What can be done again, next one last."""
        return [entry for unit in self._undone for entry in unit]

    def execute(self, command: Any, name: str, kwargs: dict[str, Any]) -> tuple[bool, Any]:
        """Do a command and remember it; return (succeeded, what it returned). What it raises is logged."""
        entry = Entry(command, name, kwargs)
        succeeded, result = self._do(entry)
        # What a failed command has executed before it failed has happened and can still be undone.
        for each in [entry] if succeeded else entry.children:
            self._remember(each)
        return succeeded, result

    def undo(self) -> bool:
        """Undo the last command or group; return whether there was one and all of it could be undone."""
        return self._move(self._done, self._undone, self._undo_all)

    def redo(self) -> bool:
        """Do what was undone last again; return whether there was something and all of it succeeded."""
        return self._move(self._undone, self._done, self._do_all)

    def _move(self, source: list[list[Entry]], target: list[list[Entry]], step: Callable[[list[Entry]], bool]) -> bool:
        if not source or self._running or self._group_depth:
            return False
        unit = source.pop()
        succeeded = step(unit)
        target.append(unit)
        self._tell(unit)
        return succeeded

    def clear(self) -> None:
        """Forget what was done and undone."""
        self._done.clear()
        self._undone.clear()
        self._tell([])

    def begin_group(self) -> None:
        """Make one unit of all commands until the matching end_group."""
        self._group_depth += 1

    def end_group(self) -> None:
        """End a group.

        Raises RuntimeError when there is none.
        """
        if not self._group_depth:
            raise RuntimeError("end_group() without begin_group()")
        self._group_depth -= 1
        if not self._group_depth:
            unit, self._group = self._group, []
            self._push([entry for entry in unit if entry.undoable])

    def begin_disabled(self) -> None:
        """Remember no commands until the matching end_disabled."""
        self._disabled += 1

    def end_disabled(self) -> None:
        """Remember commands again.

        Raises RuntimeError when there was no begin_disabled.
        """
        if not self._disabled:
            raise RuntimeError("end_disabled() without begin_disabled()")
        self._disabled -= 1

    @contextlib.contextmanager
    def disabled(self) -> Iterator[None]:
        """Remember no commands within the block."""
        self.begin_disabled()
        try:
            yield
        finally:
            self.end_disabled()

    def _do(self, entry: Entry) -> tuple[bool, Any]:
        level = len(self._running) + bool(self._group_depth)
        succeeded, result = False, None
        entry.children = []
        self.callbacks.call(entry.name, PRE_DO_CALLBACK, entry.command, entry.kwargs)
        self._running.append(entry)
        with contextlib.ExitStack() as after, LoggedErrors("omni.kit.commands", f"command {entry.name}"):
            after.callback(self._running.pop)
            result = entry.command.do()
            succeeded = True
        self._note(HistoryEntry(entry.name, entry.kwargs, level, not succeeded))
        if succeeded:
            self.callbacks.call(entry.name, POST_DO_CALLBACK, entry.command, entry.kwargs)
        return succeeded, result

    def _undo(self, entry: Entry) -> bool:
        """Undo a command, then what it executed, last one first."""
        succeeded = not hasattr(entry.command, "undo")
        if not succeeded:
            self.callbacks.call(entry.name, PRE_UNDO_CALLBACK, entry.command, entry.kwargs)
            with self.disabled(), LoggedErrors("omni.kit.undo", f"undoing command {entry.name}"):
                entry.command.undo()
                succeeded = True
            self.callbacks.call(entry.name, POST_UNDO_CALLBACK, entry.command, entry.kwargs)
        return self._undo_all(entry.children) and succeeded

    # Both go through to the end, whatever fails on the way: hence the lists.

    def _undo_all(self, entries: list[Entry]) -> bool:
        succeeded = [self._undo(entry) for entry in reversed(entries)]
        return all(succeeded)

    def _do_all(self, entries: list[Entry]) -> bool:
        succeeded = [self._do(entry)[0] for entry in entries]
        return all(succeeded)

    def _remember(self, entry: Entry) -> None:
        if self._disabled:
            return
        if self._running:
            self._running[-1].children.append(entry)
        elif self._group_depth:
            self._group.append(entry)
        elif entry.undoable:
            self._push([entry])

    def _push(self, unit: list[Entry]) -> None:
        if unit:
            self._done.append(unit)
            self._undone.clear()
            self._tell(unit)

    def _tell(self, unit: list[Entry]) -> None:
        names = [entry.name for entry in unit]
        for subscriber in tuple(self.subscribers):
            with LoggedErrors(__name__, "subscriber to changes of the undo stack"):
                subscriber(names)

    def _note(self, entry: HistoryEntry) -> None:
        self.history[next(self._numbers)] = entry
        if len(self.history) > _MAX_HISTORY:
            del self.history[next(iter(self.history))]
