"""What the orchestrator is doing, and who wants to know."""

from collections.abc import Callable
from enum import Enum

from kitless.services import find_service, service


class OrchestratorError(Exception):
    """A call that cannot be made here, or a frame that could not be taken."""


class Status(Enum):
    """What the orchestrator is doing."""

    STOPPED = 0
    STARTED = 1
    STARTING = 2
    LOADING = 3
    STOPPING = 4
    PAUSED = 5
    INITIALIZING = 6
    STEPPING = 7
    STEPPED = 8


class StatusCallbacks(dict[int, Callable[[Status], None]]):
    """The functions to call with each new status, by the id of the object that keeps them alive."""

    def tell(self, status: Status) -> None:
        """Call them all."""
        for callback in list(self.values()):
            callback(status)


class StatusCallback:
    """A function called with each new status until it is unregistered or this object is gone."""

    def __init__(self, function: Callable[[Status], None]) -> None:
        self._function = function
        self.register()

    def register(self) -> None:
        """Start calling it."""
        service(StatusCallbacks)[id(self)] = self._function

    def unregister(self) -> None:
        """Stop calling it."""
        # The object may outlive the app.
        callbacks = find_service(StatusCallbacks)
        if callbacks is not None:
            callbacks.pop(id(self), None)

    def __del__(self) -> None:
        self.unregister()
