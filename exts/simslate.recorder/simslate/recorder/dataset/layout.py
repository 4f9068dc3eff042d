"""The names of a data set's own files, and how they come to be there whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import OutputError

SIDECAR = "simslate"
"""The folder of what describes the data set, in the data set's own."""
JOB = "job.json"
"""The effective job: there from the first frame on."""
TAXONOMY = "taxonomy.json"
"""The ids and colours of classes, if the job has a taxonomy."""
REPORT = "report.json"
"""Written last, so that its presence means that the data set is whole."""
LEFT = "left"
"""The folder beside the journal for files that a killed recording has left, and that the journal does not know."""
TARGET = "bucket.json"
"""Where the data set is that a folder belongs to, and which recordings have had it. Never a secret."""


def sidecar_folder(folder: Path) -> Path:
    """Return where the files that describe the data set in ``folder`` are; the rest of it is the writer's."""
    return folder / SIDECAR


def is_dataset(folder: Path) -> bool:
    """Return whether a recording, finished or not, made ``folder``."""
    return (sidecar_folder(folder) / JOB).is_file()


def is_whole(folder: Path) -> bool:
    """Return whether ``folder`` is a data set with all that its job asked for."""
    return (sidecar_folder(folder) / REPORT).is_file()


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write ``data`` to ``path``, whole or not at all. Raises OutputError naming the file."""
    write_bytes(path, json_bytes(data))


def json_bytes(data: Mapping[str, Any]) -> bytes:
    """Return the bytes of one of the data set's own files."""
    return json.dumps(data, indent=2).encode() + b"\n"


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all. Raises OutputError naming the file."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
