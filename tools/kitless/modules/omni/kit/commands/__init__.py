"""Commands: named actions that can be undone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import carb
from carb._edge import LoggedErrors
from kitless.absent import absent
from kitless.services import service
from omni.kit.commands._command import Command
from omni.kit.commands._registry import CommandRegistry, commands_in
from omni.kit.undo._callbacks import (
    POST_DO_CALLBACK,
    POST_UNDO_CALLBACK,
    PRE_DO_CALLBACK,
    PRE_UNDO_CALLBACK,
    CallbackID,
    CommandCallback,
)
from omni.kit.undo._stack import UndoStack

__all__ = [
    "Command",
    "create",
    "execute",
    "get_command_class",
    "get_command_class_signature",
    "get_command_doc",
    "get_command_parameters",
    "get_commands",
    "get_commands_list",
    "register",
    "register_all_commands_in_module",
    "register_callback",
    "subscribe_on_change",
    "unregister",
    "unregister_callback",
    "unregister_module_commands",
    "unsubscribe_on_change",
    "POST_DO_CALLBACK",
    "POST_UNDO_CALLBACK",
    "PRE_DO_CALLBACK",
    "PRE_UNDO_CALLBACK",
]


def execute(name: str, **kwargs: Any) -> tuple[bool, Any]:
    """Make and do a command, ``Xxx`` or ``XxxCommand``; return (succeeded, what it returned).

    An unknown command, wrong arguments and what the command raises are logged; the result is (False, None) then.
    """
    command = create(name, **kwargs)
    return (False, None) if command is None else service(UndoStack).execute(command, name, kwargs)


def create(name: str, **kwargs: Any) -> Command | None:
    """Return a new object of a command's class; None, with an error in the log, when that cannot be."""
    cls = get_command_class(name)
    if cls is None:
        carb.log_error(f"There is no command {name}{service(CommandRegistry).nearest(name)}")
        return None
    with LoggedErrors(__name__, f"making command {name}"):
        return cls(**kwargs)
    return None


def register(command_class: type[Command]) -> None:
    """Register a command."""
    service(CommandRegistry).register([command_class])


def unregister(command_class: type[Command]) -> None:
    """Unregister a command."""
    service(CommandRegistry).unregister([command_class])


def register_all_commands_in_module(module: ModuleType | str) -> list[type[Command]]:
    """Register all commands that a module defines and return their classes, for unregister_module_commands."""
    classes = commands_in(module)
    service(CommandRegistry).register(classes)
    return classes


def unregister_module_commands(command_interface: Iterable[type[Command]]) -> None:
    """Unregister what register_all_commands_in_module returned."""
    service(CommandRegistry).unregister(command_interface)


def get_command_class(name: str) -> type[Command] | None:
    """Return a command's class, None when there is none."""
    return service(CommandRegistry).get(name)


def get_command_class_signature(name: str) -> inspect.Signature | None:
    """Return what a command is made with, None when there is no such command."""
    cls = get_command_class(name)
    return None if cls is None else inspect.signature(cls)


def get_command_doc(name: str) -> str:
    """Return a command's documentation, empty when there is none."""
    cls = get_command_class(name)
    return "" if cls is None else inspect.getdoc(cls) or ""


def get_command_parameters(name: str) -> list[inspect.Parameter]:
    """Return the arguments of a command, none when there is no such command."""
    signature = get_command_class_signature(name)
    return [] if signature is None else list(signature.parameters.values())


def get_commands() -> dict[str, dict[str, type[Command]]]:
    """Return the commands by module and class name."""
    modules: dict[str, dict[str, type[Command]]] = {}
    for cls in service(CommandRegistry):
        modules.setdefault(cls.__module__, {})[cls.__name__] = cls
    return modules


def get_commands_list() -> dict[str, type[Command]]:
    """Return the commands by class name."""
    return {cls.__name__: cls for cls in service(CommandRegistry)}


def register_callback(name: str, cb_type: str, callback: CommandCallback) -> CallbackID:
    """Call ``callback(arguments)`` at each PRE_DO, POST_DO, PRE_UNDO or POST_UNDO of a command, ``*`` for all."""
    return service(UndoStack).callbacks.add(name, cb_type, callback)


def unregister_callback(id: CallbackID) -> None:
    """Call it no more."""
    service(UndoStack).callbacks.remove(id)


def subscribe_on_change(on_change: Callable[[], Any]) -> None:
    """Call ``on_change()`` when commands are registered or unregistered."""
    service(CommandRegistry).subscribers.append(on_change)


def unsubscribe_on_change(on_change: Callable[[], Any]) -> None:
    """Call it no more."""
    service(CommandRegistry).subscribers.remove(on_change)


__getattr__ = absent(__name__)
