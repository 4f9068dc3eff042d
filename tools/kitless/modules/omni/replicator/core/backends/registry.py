"""The backends known by name."""

from kitless.services import service

from .base import BackendError, BaseBackend
from .disk import DiskBackend
from .s3 import S3Backend


class BackendClasses(dict[str, type[BaseBackend]]):
    """What is registered in this process; an app starts with Replicator's own two."""

    def __init__(self) -> None:
        super().__init__(DiskBackend=DiskBackend, S3Backend=S3Backend)


class BackendRegistry:
    """Backend classes by name."""

    @classmethod
    def register(cls, backend: type[BaseBackend]) -> None:
        """Add a backend class under its name; the same name again replaces it."""
        service(BackendClasses)[backend.get_name()] = backend

    @classmethod
    def get_registered_backends(cls) -> list[str]:
        """The names."""
        return list(service(BackendClasses))

    @classmethod
    def classes(cls) -> list[type[BaseBackend]]:
        """The classes, in order of registration."""
        return list(service(BackendClasses).values())

    @classmethod
    def get(cls, name: str, init_params: dict[str, object] | None = None) -> BaseBackend:
        """A bare instance, to be set up with ``initialize``; set up at once when parameters are given."""
        classes = service(BackendClasses)
        if name not in classes:
            raise BackendError(f"No backend named '{name}'; there are {', '.join(classes)}")
        backend = classes[name].__new__(classes[name])
        if init_params:
            backend.initialize(**init_params)
        return backend


def get(name: str, init_params: dict[str, object] | None = None) -> BaseBackend:
    """A bare instance of a registered backend: call ``initialize(...)`` on it."""
    return BackendRegistry.get(name, init_params)
