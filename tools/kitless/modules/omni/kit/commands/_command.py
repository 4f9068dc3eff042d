"""The base class of commands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class Command(ABC):
    """Something to do with arguments, given as keywords of ``__init__``; with an ``undo()`` it can be undone."""

    @abstractmethod
    def do(self) -> Any:
        """Do it; what it returns is execute's result."""

    def modify_callback_info(self, cb_type: str, args: dict[str, Any]) -> dict[str, Any]:
        """Return what callbacks of this moment receive: the arguments, unless overridden."""
        return args
