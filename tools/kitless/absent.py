"""What a Kit module of ours says about the names of Kit's API that it does not have yet."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn


def absent(module: str) -> Callable[[str], NoReturn]:
    """Return the ``__getattr__`` of ``module``.

    It raises AttributeError, so that ``hasattr`` and ``getattr`` with a default answer as scripts expect which probe
    for a Kit release; the message says that the name is not in kitless yet, and the nearest name that is.
    """

    def getattr_(name: str) -> NoReturn:
        raise AttributeError(message(module, name, vars(sys.modules[module])), name=name, obj=sys.modules[module])

    return getattr_


class Partial:
    """Base of Kit's classes of which kitless has only a part: a missing member says so (AttributeError)."""

    # Type checkers would take this for "has every attribute".
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            cls = type(self)
            raise AttributeError(message(f"{cls.__module__}.{cls.__name__}", name, dir(cls)), name=name, obj=self)


class Missing:
    """A function, class or module that Kit has and kitless has not: present by name, NotImplementedError on use.

    It is for names that scripts import before they know whether they need them; see ``absent`` for the others.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Missing:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Missing(f"{self._name}.{attribute}")

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise NotImplementedError with the full name."""
        raise NotImplementedError(f"{self._name} is not in kitless yet")

    def __enter__(self) -> NoReturn:
        self()

    def __exit__(self, *exc: object) -> None:
        """Never reached: entering raises."""

    def __repr__(self) -> str:
        return f"<{self._name}: not in kitless yet>"


def message(owner: str, name: str, known: Iterable[str]) -> str:
    """Return the text for ``owner.name``, a public name that is not among the ``known`` ones."""
    if name.startswith("_"):
        return f"{owner} has no attribute {name!r}"
    near = difflib.get_close_matches(name, [each for each in known if not each.startswith("_")], 1, 0.8)
    hint = f" (nearest: {near[0]})" if near else ""
    return f"{owner}.{name} is not in kitless yet{hint}"
