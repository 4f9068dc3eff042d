"""The items that settings callbacks receive."""

from __future__ import annotations

from typing import Any

from kitless.absent import Partial, absent

__all__ = [
    "Item",
]


class Item(Partial):
    """A named value as it was when the item was made: a dict of further values, or a single one."""

    def __init__(self, name: str, value: Any) -> None:
        self._name = name
        self._value = value

    @property
    def name(self) -> str:
        """The last part of the item's path."""
        return self._name

    def get_dict(self) -> Any:
        """Return the value: a dict for an item with children."""
        return self._value

    def get_keys(self) -> list[str]:
        """Return the children's names."""
        return list(self._children())

    def get(self, key: str, default: Any = None) -> Any:
        """Return the child's value, or ``default``."""
        return self._children().get(key, default)

    def _children(self) -> dict[str, Any]:
        return self._value if isinstance(self._value, dict) else {}

    def __getitem__(self, key: str) -> Any:
        return self._children()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._children()

    def __len__(self) -> int:
        return len(self._children())


__getattr__ = absent(__name__)
