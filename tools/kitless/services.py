"""The process's services: one object each, made on first use, closed together."""

from __future__ import annotations

import threading
from typing import Any, TypeVar

T = TypeVar("T")

# Insertion order is the order of making: a service that needs another one makes it first.
_services: dict[type, Any] = {}
_lock = threading.RLock()


def service(cls: type[T]) -> T:
    """Return the process's one instance of ``cls``; the first call makes it with ``cls()``."""
    found = _services.get(cls)
    if found is not None:
        return found
    # Loggers and backends ask from their own threads; two of them must not make two instances.
    with _lock:
        if cls not in _services:
            made = cls()
            _services[cls] = made
        return _services[cls]


def find_service(cls: type[T]) -> T | None:
    """Return the instance of ``cls`` if there is one, without making it."""
    return _services.get(cls)


def adopt_service(instance: object) -> None:
    """Make ``instance`` the service of its class, for services that are made with arguments.

    Raises RuntimeError when the class already has an instance.
    """
    with _lock:
        if type(instance) in _services:
            raise RuntimeError(f"there is already a {type(instance).__name__} in this process; end that one first")
        _services[type(instance)] = instance


def close_services() -> None:
    """Call ``close()`` on each service that has one, newest first, and forget them all."""
    while True:
        with _lock:
            if not _services:
                return
            instance = _services.popitem()[1]
        # Not under the lock: a close() may wait for a thread that asks for a service, say for the log.
        close = getattr(type(instance), "close", None)
        if close is not None:
            close(instance)
