"""Several backends at once."""

from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from typing import Any

import carb
from kitless.services import service

from .base import BackendError, BaseBackend
from .queue import WriteQueue
from .registry import BackendRegistry


class BackendGroup(BaseBackend):
    """Fans everything out to its backends, in their order."""

    def __init__(self, backends: Sequence[BaseBackend]) -> None:
        for backend in backends:
            if not isinstance(backend, BaseBackend):
                raise ValueError(f"BackendGroup takes backends, not {type(backend).__name__}")
        self._backends = list(backends)
        self._backend_names = [backend.get_name() for backend in backends]

    def schedule(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Queue the call once for each backend."""
        for backend in self._backends:
            backend.schedule(fn, *args, **kwargs)

    def write_blob(self, path: str, data: bytes) -> None:
        """Queue the write on each backend."""
        for backend in self._backends:
            backend.schedule(backend.write_blob, path, data)

    def read_blob(self, path: str) -> bytes:
        """The bytes from the first backend that has them, else ``ValueError``."""
        for backend in self._backends:
            try:
                return backend.read_blob(path)
            except BackendError:
                continue
        raise ValueError(f"No backend of {self._backend_names} has {path}")


def accepted(cls: type[BaseBackend], options: dict[str, Any]) -> dict[str, Any]:
    """The options that a backend's constructor takes."""
    parameters = signature(cls).parameters
    if any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters.values()):
        return options
    return {name: value for name, value in options.items() if name in parameters}


class BackendDispatch(BackendGroup):
    """Every registered backend that the given options fit (Replicator's older way of choosing one)."""

    def __init__(self, config: dict[str, Any] | None = None, **kwargs: Any) -> None:
        options = {**self._legacy_options(config or {}), **kwargs}
        made = [backend for cls in BackendRegistry.classes() if (backend := self._make(cls, options)) is not None]
        if not made:
            raise ValueError(f"No backend can be made from {sorted(options)}")
        super().__init__(made)
        directories = [backend.output_dir for backend in made if hasattr(backend, "output_dir")]
        if len(made) == 1 and directories:
            self.output_dir = directories[0]

    @staticmethod
    def _legacy_options(config: dict[str, Any]) -> dict[str, Any]:
        paths = config.get("paths", {})
        options = {"output_dir": paths.get("out_dir")}
        if config.get("use_s3"):
            options = {
                "bucket": paths.get("s3_bucket"),
                "key_prefix": paths.get("out_dir"),
                "region": paths.get("s3_region"),
                "endpoint_url": paths.get("s3_endpoint_url"),
            }
        return {name: value for name, value in options.items() if value is not None}

    @staticmethod
    def _make(cls: type[BaseBackend], options: dict[str, Any]) -> BaseBackend | None:
        try:
            return cls(**accepted(cls, options))
        except TypeError:
            # A required option is missing: the options are for another backend.
            return None
        except BackendError as error:
            carb.log_warn(f"{cls.get_name()}: {error}")
            return None

    @staticmethod
    def set_max_queue_size(size: int) -> None:
        """How many writes may wait."""
        service(WriteQueue).set_limit(size)

    def write_image(self, path: str, data: Any) -> None:
        """Queue an image on each backend."""
        self.schedule(functional().write_image, path=path, data=data)

    def write_exr(self, path: str, data: Any, exr_flag: Any = None) -> None:
        """Queue an EXR on each backend. ``exr_flag`` was for another library, and changes nothing."""
        self.schedule(functional().write_exr, path=path, data=data)

    def write_array(self, path: str, data: Any) -> None:
        """Queue a ``.npy`` on each backend."""
        self.schedule(functional().write_np, path=path, data=data)


def functional() -> Any:
    """The I/O functions, imported late: they name DiskBackend as their default."""
    from omni.replicator.core import functional as module

    return module
