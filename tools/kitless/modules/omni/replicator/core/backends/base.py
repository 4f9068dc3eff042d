"""The interface of a backend: where a writer's bytes go."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache, partial
from inspect import signature
from typing import Any

from kitless.services import service

from .queue import WriteQueue


@lru_cache(maxsize=256)
def traits(function: Callable[..., Any]) -> tuple[bool, bool]:
    """Whether a function takes ``backend_instance``, and whether it returns the call to make (a ``partial``)."""
    found = signature(function)
    return "backend_instance" in found.parameters, found.return_annotation is partial


class BackendError(Exception):
    """A backend cannot be made, or bytes could not be written."""


class BaseBackend(ABC):
    """A place for blobs. Subclasses say how one is written and read; scheduling is the queue's."""

    @classmethod
    def get_name(cls) -> str:
        """The name under which the backend is registered."""
        return cls.__name__

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Set an instance up that the registry handed out bare."""
        self.__init__(*args, **kwargs)  # type: ignore[misc]  # Replicator's two-step construction

    @abstractmethod
    def write_blob(self, path: str, data: bytes) -> None:
        """Write bytes under a path relative to the backend's root, replacing what is there."""

    @abstractmethod
    def read_blob(self, path: str) -> bytes:
        """Read the bytes under a path relative to the backend's root."""

    def schedule(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Queue ``fn(*args, **kwargs)``; ``backend_instance=self`` is added where ``fn`` takes it.

        Blocks while the queue is full. A call that fails is kept and raised by the orchestrator at its next step.
        """
        target = fn.func if isinstance(fn, partial) else fn
        takes_backend, returns_call = traits(getattr(target, "__func__", target))
        if takes_backend:
            kwargs.setdefault("backend_instance", self)
        service(WriteQueue).put(fn(*args, **kwargs) if returns_call else partial(fn, *args, **kwargs))

    @staticmethod
    def is_done_writing() -> bool:
        """Whether nothing is queued or being written, over all backends."""
        return service(WriteQueue).is_empty()

    @staticmethod
    def wait_until_done() -> None:
        """Block until everything queued by any backend is written."""
        service(WriteQueue).wait()
