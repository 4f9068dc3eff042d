"""The disk backend."""

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import carb
import carb.settings

from .base import BackendError, BaseBackend

ROOT_DIR = "/omni/replicator/backends/disk/root_dir"


def absolute_output(output_dir: str | os.PathLike[str]) -> Path:
    """An output folder as Replicator resolves it: ``~`` expanded, relative ones below ``root_dir`` or the home."""
    path = Path(output_dir).expanduser()
    if path.is_absolute():
        return path
    root = carb.settings.get_settings().get(ROOT_DIR)
    if not root:
        root = str(Path.home() / "omni.replicator_out")
        carb.log_warn(f"Output folder '{path}' is relative and {ROOT_DIR} is not set: writing below {root}")
    return Path(root) / path


def next_free(path: Path) -> Path:
    """The path itself if it does not exist, else the first of ``_0001``, ``_0002``, … that does not."""
    number, free = 0, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}_{number:04d}")
    return free


class DiskBackend(BaseBackend):
    """Files below one folder. Each appears whole or not at all: temporary name, fsync, rename."""

    is_durable = True
    """Whether what ``write_blob`` wrote is on the disk when it returns. The name is once its folder is synced."""

    def __init__(self, output_dir: str | os.PathLike[str], overwrite: bool = True) -> None:
        root = absolute_output(output_dir)
        self._root = root if overwrite else next_free(root)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BackendError(f"Cannot make the output folder {self._root}: {error.strerror}") from error

    @property
    def output_dir(self) -> str:
        """The folder, absolute, with forward slashes."""
        return self._root.as_posix()

    def resolve_path(self, path: str) -> str:
        """The absolute path of a file below the folder."""
        return (self._root / path).as_posix()

    def write_blob(self, path: str, data: bytes) -> None:
        """Write a file, making parent folders. Raises ``BackendError`` with the path when the disk refuses."""
        target = self._root / path
        temporary = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise BackendError(f"Cannot write {target}: {error.strerror}") from error

    def read_blob(self, path: str) -> bytes:
        """The bytes of a file below the folder. Raises ``BackendError`` where it cannot be read."""
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            raise BackendError(f"Cannot read {self._root / path}: {error.strerror}") from error
