"""Paths of files below the output folder, which they never leave."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from ..errors import OutputError
from ..problems import shown
from .pattern import Pattern, complaints

FIELDS: Mapping[str, str] = {
    "frame": "whole",
    "product": "text",
    "camera": "text",
    "annotator": "text",
    "class": "text",
    "instance": "whole",
}
"""What may be in a path, and its kind."""
LONGEST_NAME, LONGEST_PATH = 255, 1024
"""In bytes: what file systems and object stores take."""
_RESERVED = ("simslate", "metadata.txt")
"""First parts of paths that are the recorder's and Replicator's own."""


def path_complaints(source: str) -> Iterator[str]:
    """Yield all that is wrong with a path pattern, whatever its fields are."""
    found = list(complaints(source, FIELDS))
    if found:
        yield from found
        return
    # A field becomes a name without separators, so that the pattern's own parts are the path's.
    sample = Pattern.of(source).fill({name: 0 if kind == "whole" else "x" for name, kind in FIELDS.items()})
    yield from _place_complaints(source, sample)


def _place_complaints(source: str, path: str) -> Iterator[str]:
    said = shown(source)
    if not path:
        yield f"{said} is empty"
    elif re.search(r"[\x00-\x1f\x7f]", path):
        yield f"{said} has a control character in it"
    elif "\\" in path or ":" in path:
        yield f'{said} has a backslash or a colon in it; folders are separated by "/"'
    elif path.startswith(("/", "~")) or PureWindowsPath(path).is_absolute():
        yield f"{said} leads out of the output folder; paths are relative to it"
    elif ".." in path.split("/"):
        yield f'{said} leads out of the output folder; ".." cannot be in it'
    elif any(part in ("", ".") for part in path.split("/")):
        yield f"{said} has an empty part in it"
    elif path.split("/")[0].lower() in _RESERVED:
        yield f"{said} begins with {path.split('/')[0]}, which is there for the recording itself"
    elif _is_long(path):
        yield f"{said} is too long: a name has at most {LONGEST_NAME} bytes, a path {LONGEST_PATH}"


def named(text: str) -> str:
    """Return ``text``, such as a label, as a name that can be part of a path: anything unusual becomes ``_``."""
    return re.sub(r"[^\w.-]", "_", text).lstrip(".") or "_"


def filled(pattern: Pattern, values: Mapping[str, Any]) -> str:
    """Return the path of one file. OutputError for one that does not stay in the output folder, or is too long."""
    safe = {name: named(value) if isinstance(value, str) else value for name, value in values.items()}
    path = pattern.fill(safe)
    for complaint in _place_complaints(path, path):
        raise OutputError(f"the path {complaint}")
    return path


def check_inside(root: str, path: str) -> None:
    """Raise OutputError if ``path`` below the folder ``root`` leads out of it by a link that someone put there."""
    if not Path(root).is_dir():
        return
    place, folder = os.path.realpath(Path(root) / path), os.path.realpath(root)
    if os.path.commonpath([place, folder]) != folder:
        raise OutputError(f"{Path(root) / path}: leads out of the output folder, to {place}")


def _is_long(path: str) -> bool:
    return len(path.encode()) > LONGEST_PATH or any(len(part.encode()) > LONGEST_NAME for part in path.split("/"))
