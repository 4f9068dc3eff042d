"""Reading, writing and listing files. No call raises for a file: the result says how it went."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import carb
from kitless.assets import AssetNotFoundError, is_remote, resolve
from omni.client._types import AccessFlags, CopyBehavior, ItemFlags, ListEntry, Result
from omni.client._urls import combine_with_base_url

_ERRORS = {
    FileNotFoundError: Result.ERROR_NOT_FOUND,
    NotADirectoryError: Result.ERROR_NOT_FOUND,
    FileExistsError: Result.ERROR_ALREADY_EXISTS,
    PermissionError: Result.ERROR_ACCESS_DENIED,
}


class _Outcome:
    """The result of the calls in a ``with`` block of ``_outcome``."""

    result = Result.OK


@contextlib.contextmanager
def _outcome() -> Iterator[_Outcome]:
    outcome = _Outcome()
    try:
        yield outcome
    except AssetNotFoundError as error:
        carb.log_warn(str(error))
        outcome.result = Result.ERROR_NOT_FOUND
    except OSError as error:
        outcome.result = next((code for kind, code in _ERRORS.items() if isinstance(error, kind)), Result.ERROR)


def _source(url: str) -> Path:
    return Path(resolve(combine_with_base_url(url)))


def _target(url: str) -> Path:
    if is_remote(combine_with_base_url(url)):
        raise PermissionError(f"{url}: kitless writes to no server")
    return _source(url)


def _entry(path: Path, relative: str) -> ListEntry:
    facts = path.stat()
    flags = ItemFlags.CAN_HAVE_CHILDREN if path.is_dir() else ItemFlags.READABLE_FILE
    access = AccessFlags.READ
    if os.access(path, os.W_OK):
        access |= AccessFlags.WRITE
        flags |= ItemFlags(0) if path.is_dir() else ItemFlags.WRITEABLE_FILE
    size = 0 if path.is_dir() else facts.st_size
    return ListEntry(relative, access, flags, size, datetime.fromtimestamp(facts.st_mtime, UTC))


def stat(url: str) -> tuple[Result, ListEntry | None]:
    """Return what is at ``url``."""
    entry = None
    with _outcome() as outcome:
        entry = _entry(_source(url), "")
    return outcome.result, entry


def list(url: str) -> tuple[Result, tuple[ListEntry, ...]]:
    """Return what is in the folder ``url``, by name."""
    entries: tuple[ListEntry, ...] = ()
    with _outcome() as outcome:
        entries = tuple(_entry(path, path.name) for path in sorted(_source(url).iterdir()))
    return outcome.result, entries


def read_file(url: str) -> tuple[Result, str, bytes | None]:
    """Return result, version (always empty) and the file's bytes."""
    content = None
    with _outcome() as outcome:
        content = _source(url).read_bytes()
    return outcome.result, "", content


def write_file(url: str, content: bytes | bytearray | memoryview | str, message: str = "") -> Result:
    """Write a file, its folders made where they are missing."""
    with _outcome() as outcome:
        path = _target(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else bytes(content))
    return outcome.result


def copy(
    src_url: str, dst_url: str, behavior: CopyBehavior = CopyBehavior.ERROR_IF_EXISTS, message: str = ""
) -> Result:
    """Copy a file or a folder with all that is in it."""
    with _outcome() as outcome:
        source, target = _source(src_url), _target(dst_url)
        if target.exists() and behavior != CopyBehavior.OVERWRITE:
            return Result.ERROR_ALREADY_EXISTS
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
    return outcome.result


def delete(url: str) -> Result:
    """Delete a file or a folder with all that is in it."""
    with _outcome() as outcome:
        path = _target(url)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return outcome.result


def create_folder(url: str) -> Result:
    """Make a folder, with those above it."""
    with _outcome() as outcome:
        _target(url).mkdir(parents=True)
    return outcome.result


async def stat_async(url: str) -> tuple[Result, ListEntry | None]:
    """Return what is at ``url``."""
    return stat(url)


async def list_async(url: str) -> tuple[Result, tuple[ListEntry, ...]]:
    """Return what is in the folder ``url``."""
    return list(url)


async def read_file_async(url: str) -> tuple[Result, str, bytes | None]:
    """Return result, version and the file's bytes."""
    return read_file(url)


async def write_file_async(url: str, content: bytes | str, message: str = "") -> Result:
    """Write a file."""
    return write_file(url, content, message)


async def copy_async(
    src_url: str, dst_url: str, behavior: CopyBehavior = CopyBehavior.ERROR_IF_EXISTS, message: str = ""
) -> Result:
    """Copy a file or a folder."""
    return copy(src_url, dst_url, behavior, message)


async def delete_async(url: str) -> Result:
    """Delete a file or a folder."""
    return delete(url)


async def create_folder_async(url: str) -> Result:
    """Make a folder."""
    return create_folder(url)


def get_version() -> str:
    """Return the version of the client library whose names these are."""
    return "2.0.0"


def set_hang_detection_time_ms(time_ms: int) -> None:
    """Take how long a server may not answer: there is none that could hang."""
