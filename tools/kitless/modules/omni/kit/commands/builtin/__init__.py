"""Commands about the app."""

from __future__ import annotations

from typing import Any

from carb.settings import get_settings
from kitless.absent import absent
from omni.kit.commands import Command

__all__ = ["ChangeSettingCommand"]


class ChangeSettingCommand(Command):
    """Set a setting; ``prev`` is the value to go back to, the present one when it is left out."""

    def __init__(self, path: str, value: Any, prev: Any = None) -> None:
        self._path = path
        self._value = value
        self._prev = get_settings().get(path) if prev is None else prev

    def do(self) -> None:
        """Set it."""
        get_settings().set(self._path, self._value)

    def undo(self) -> None:
        """Set it back; a setting that was not there goes away."""
        get_settings().set(self._path, self._prev)


__getattr__ = absent(__name__)
