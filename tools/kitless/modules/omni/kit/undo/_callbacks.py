"""Callbacks around the doing and undoing of commands."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from carb._edge import LoggedErrors

PRE_DO_CALLBACK = "pre_do"
POST_DO_CALLBACK = "post_do"
PRE_UNDO_CALLBACK = "pre_undo"
POST_UNDO_CALLBACK = "post_undo"

CommandCallback: TypeAlias = Callable[[dict[str, Any]], Any]


class CallbackID(NamedTuple):
    """What register_callback returns and unregister_callback takes."""

    number: int


class Callbacks:
    """Who wants to know when a command is done or undone; ``*`` stands for every command."""

    def __init__(self) -> None:
        self._callbacks: dict[CallbackID, tuple[str, str, CommandCallback]] = {}
        self._numbers = itertools.count(1)

    def add(self, name: str, cb_type: str, callback: CommandCallback) -> CallbackID:
        """Call ``callback(arguments)`` at each ``cb_type`` of command ``name``."""
        number = CallbackID(next(self._numbers))
        self._callbacks[number] = (command_key(name), cb_type, callback)
        return number

    def remove(self, number: CallbackID) -> None:
        """Call it no more."""
        self._callbacks.pop(number, None)

    def call(self, name: str, cb_type: str, command: Any, kwargs: dict[str, Any]) -> None:
        """Call those for this command and moment; one that raises is logged."""
        for wanted, moment, callback in tuple(self._callbacks.values()):
            if moment == cb_type and wanted in ("*", command_key(name)):
                with LoggedErrors(__name__, f"{cb_type} callback of command {name}"):
                    callback(command.modify_callback_info(cb_type, dict(kwargs)))


def command_key(name: str) -> str:
    """Return the name without its ending: ``XxxCommand`` and ``Xxx`` are one command."""
    return name.removesuffix("Command") or name
