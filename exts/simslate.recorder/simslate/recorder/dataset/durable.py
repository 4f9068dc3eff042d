"""What makes files last, and what a full disk looks like."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)
_CHUNK = 1 << 20


def sync_file(path: Path) -> None:
    """Wait until what is in the file is on the disk. OSError if it is not there."""
    # Windows flushes only what is open for writing.
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can be asked for that."""
    if os.name == "nt":
        return
    try:
        sync_file(path)
    except OSError as error:
        # Some network file systems do not know this for folders.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def is_disk_full(error: BaseException) -> bool:
    """Return whether ``error`` comes from a disk, or a quota, without room."""
    return any(isinstance(cause, OSError) and cause.errno in FULL for cause in causes(error))


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield ``error`` and what led to it, each once: what is raised again while its own result is handled is a ring."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def digest(path: Path) -> tuple[int, str]:
    """Return the size and the SHA-256 of a file."""
    size, found = 0, hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            found.update(chunk)
    return size, found.hexdigest()
