"""Which commands there are."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

import carb
from carb._edge import LoggedErrors
from kitless.services import service
from omni.ext import ExtensionManager, ExtensionStateChangeType
from omni.kit.commands._command import Command
from omni.kit.undo._callbacks import command_key


class CommandRegistry:
    """The registered commands by name; those in an enabled extension's public modules register themselves."""

    def __init__(self) -> None:
        self.subscribers: list[Callable[[], Any]] = []
        """Called when commands are registered or unregistered."""
        self._classes: dict[str, type[Command]] = {}
        self._of_extension: dict[str, list[type[Command]]] = {}
        create = service(ExtensionManager).get_hooks().create_extension_state_change_hook
        self._hooks = (
            create(self._on_enabled, ExtensionStateChangeType.AFTER_EXTENSION_ENABLE, hook_name=__name__),
            create(self._on_disable, ExtensionStateChangeType.BEFORE_EXTENSION_DISABLE, hook_name=__name__),
        )

    def __iter__(self) -> Iterator[type[Command]]:
        return iter(self._classes.values())

    def get(self, name: str) -> type[Command] | None:
        """Return the class of a command, named with or without its ending Command."""
        return self._classes.get(command_key(name))

    def nearest(self, name: str) -> str:
        """Return a hint at the registered name nearest to ``name``, empty when there is none."""
        near = difflib.get_close_matches(command_key(name), self._classes, 1)
        return f" (nearest: {near[0]})" if near else ""

    def register(self, classes: Iterable[type[Command]]) -> None:
        """Register commands; a name that another class has is taken over, with a warning."""
        for each in classes:
            old = self._classes.get(command_key(each.__name__))
            if old not in (None, each):
                carb.log_warn(f"Command {each.__name__} of {each.__module__} replaces that of {old.__module__}")
            self._classes[command_key(each.__name__)] = each
        self._tell()

    def unregister(self, classes: Iterable[type[Command]]) -> None:
        """Unregister commands that are still registered."""
        for each in classes:
            if self._classes.get(command_key(each.__name__)) is each:
                del self._classes[command_key(each.__name__)]
        self._tell()

    def _tell(self) -> None:
        for subscriber in tuple(self.subscribers):
            with LoggedErrors(__name__, "subscriber to changes of the commands"):
                subscriber()

    def _on_enabled(self, ext_id: str, _: ExtensionStateChangeType) -> None:
        config = service(ExtensionManager).get_extension_dict(ext_id) or {}
        names = [entry["name"] for entry in config.get("python", {}).get("module", [])]
        self._of_extension[ext_id] = [cls for name in names for cls in commands_in(name)]
        self.register(self._of_extension[ext_id])

    def _on_disable(self, ext_id: str, _: ExtensionStateChangeType) -> None:
        self.unregister(self._of_extension.pop(ext_id, []))


def commands_in(module: ModuleType | str) -> list[type[Command]]:
    """Return the command classes in a module's namespace that it or a module below it defines."""
    found = importlib.import_module(module) if isinstance(module, str) else module
    return [
        each
        for each in vars(found).values()
        if isinstance(each, type)
        and issubclass(each, Command)
        and f"{each.__module__}.".startswith(f"{found.__name__}.")
        and each is not Command
        and not each.__name__.startswith("_")
    ]
