"""The job of a data set that is there, to go on with."""

from __future__ import annotations

import json
from pathlib import Path

from .config import DiskOutput, Job
from .dataset.layout import JOB, is_dataset, sidecar_folder
from .errors import ConfigError


def job_of_dataset(folder: Path) -> Job:
    """Return the job that the data set in ``folder`` was begun with, to resume it there.

    Raises ConfigError for a folder that is no data set of ours, and for a job that cannot be read.
    """
    path = folder.expanduser().absolute()
    if not is_dataset(path):
        raise ConfigError(f"{folder}: is not a data set made by Simslate: there is no {sidecar_folder(Path()) / JOB}")
    source = sidecar_folder(path) / JOB
    try:
        data = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{source}: cannot be read: {error}") from error
    output = DiskOutput(directory=path.parent, folder=path.name, on_conflict="resume")
    return Job.from_json({**data, "output": output.to_json()}, source)
