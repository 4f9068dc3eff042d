"""Functions that scripts register under ``rep.create``, ``rep.randomizer`` and the other modules."""

import functools
import sys
from collections.abc import Callable
from typing import Any

from kitless.absent import Missing
from kitless.services import service

from .graph import Node, ReplicatorItem


class Registered(dict[str, Callable[..., Any]]):
    """The functions of this process by full name."""


def registrar(module: str) -> Callable[..., None]:
    """The ``register`` of a module."""

    def register(fn: Callable[..., Any], override: bool = True, fn_name: str | None = None) -> None:
        """Make a function callable by its name, or ``fn_name``, as an attribute of this module.

        Raises ``ValueError`` for a name that the module itself has, and, unless ``override``, one that is registered.
        """
        if not callable(fn):
            raise ValueError(f"Not a function: {fn!r}")
        name = fn_name or fn.__name__
        full, known = f"{module}.{name}", service(Registered)
        if name in vars(sys.modules[module]):
            raise ValueError(f"{full} is Replicator's own: register the function under another name")
        if full in known and not override:
            raise ValueError(f"{full} is registered already: register the function under another name, or override it")
        known[full] = as_item(fn)

    return register


def as_item(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with nodes that it returns as items."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        return ReplicatorItem(result) if isinstance(result, Node) else result

    return called


def lookup(module: str) -> Callable[[str], Any]:
    """The ``__getattr__`` of such a module: what is registered, else an object that says what is missing."""

    def find(name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return service(Registered).get(f"{module}.{name}") or Missing(f"{module}.{name}")

    return find
