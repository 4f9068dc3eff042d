"""What the client answers with."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class Result(enum.IntEnum):
    """How a call ended."""

    OK = 0
    OK_LATEST = 1
    ERROR = 2
    ERROR_CONNECTION = 3
    ERROR_NOT_SUPPORTED = 4
    ERROR_ACCESS_DENIED = 5
    ERROR_NOT_FOUND = 6
    ERROR_BAD_VERSION = 7
    ERROR_ALREADY_EXISTS = 8
    ERROR_ACCESS_LOST = 9


class CopyBehavior(enum.IntEnum):
    """What happens when the target of a copy is there already."""

    ERROR_IF_EXISTS = 0
    OVERWRITE = 1


class ItemFlags(enum.IntFlag):
    """What an entry is, and what may be done with it."""

    READABLE_FILE = 1
    WRITEABLE_FILE = 2
    CAN_HAVE_CHILDREN = 4


class AccessFlags(enum.IntFlag):
    """What the user may do with an entry."""

    READ = 1
    WRITE = 2
    ADMIN = 4


@dataclass(frozen=True)
class ListEntry:
    """A file or folder."""

    relative_path: str
    """Its name; empty for the entry that was asked about."""
    access: AccessFlags
    flags: ItemFlags
    size: int
    """Bytes; 0 for a folder."""
    modified_time: datetime


@dataclass(frozen=True)
class Url:
    """The parts of a URL; those that are not there are None."""

    scheme: str | None = None
    user: str | None = None
    host: str | None = None
    port: str | None = None
    path: str | None = None
    query: str | None = None
    fragment: str | None = None
