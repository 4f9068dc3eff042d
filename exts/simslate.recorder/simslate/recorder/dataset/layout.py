"""The names of a data set's own files, and how they come to be there whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import OutputError


def sidecar_folder(folder: Path) -> Path:
    """Return where the files that describe the data set in ``folder`` are; the rest of it is the writer's."""
    return folder / "simslate"


def job_file(folder: Path) -> Path:
    """Return the path of the effective job: there from the first frame on."""
    return sidecar_folder(folder) / "job.json"


def taxonomy_file(folder: Path) -> Path:
    """Return the path of the taxonomy: the ids and colours of classes, if the job has one."""
    return sidecar_folder(folder) / "taxonomy.json"


def report_file(folder: Path) -> Path:
    """Return the path of the report: written last, so that its presence means that the data set is whole."""
    return sidecar_folder(folder) / "report.json"


def is_dataset(folder: Path) -> bool:
    """Return whether a recording, finished or not, made ``folder``."""
    return job_file(folder).is_file()


def is_whole(folder: Path) -> bool:
    """Return whether ``folder`` is a data set with all that its job asked for."""
    return report_file(folder).is_file()


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write ``data`` to ``path``, whole or not at all. Raises OutputError naming the file."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            json.dump(data, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
