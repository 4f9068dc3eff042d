"""What can be wrong with extensions.

ExtensionError
├── ExtensionNotFoundError
└── ExtensionCycleError
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class ExtensionError(RuntimeError):
    """An extension cannot be read or enabled."""


class ExtensionNotFoundError(ExtensionError):
    """No folder holds the extension."""

    def __init__(self, name: str, needed_by: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name, list(known), 1)
        needs = f", which {needed_by} depends on," if needed_by else ""
        hint = f"; nearest is {near[0]}" if near else ""
        super().__init__(f"extension {name}{needs} is in none of the extension folders{hint}")


class ExtensionCycleError(ExtensionError):
    """Extensions depend on each other in a circle."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"extensions depend on each other in a circle: {' -> '.join(names)}")
