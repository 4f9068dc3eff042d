"""The job of a data set that is there, to go on with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .config import Job
from .dataset.layout import JOB, is_dataset, sidecar_folder
from .errors import ConfigError
from .outputs import DiskOutput, GroupOutput, Output, S3Output, with_policy
from .s3.remote import job_in_bucket
from .s3.spool import is_mirror, target_of


def job_of_dataset(folder: Path) -> Job:
    """Return the job that the data set in ``folder`` was begun with, to resume it where it was to go.

    ``folder`` may also be one that keeps what could not be uploaded. Raises ConfigError for a folder that is neither,
    and for a job that cannot be read.
    """
    path = folder.expanduser().absolute()
    if not is_dataset(path):
        raise ConfigError(f"{folder}: is not a data set made by Simslate: there is no {sidecar_folder(Path()) / JOB}")
    source = sidecar_folder(path) / JOB
    try:
        data = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{source}: cannot be read: {error}") from error
    return _job(data, source, _output(path))


def job_of_bucket(output: S3Output) -> Job:
    """Return the job that the data set at ``output`` was begun with. ConfigError or OutputError if there is none."""
    return _job(job_in_bucket(output), Path.cwd() / JOB, output)


def is_spool(folder: Path) -> bool:
    """Return whether ``folder`` keeps what could not be uploaded of a data set that is in a bucket only."""
    return target_of(folder) is not None and not is_mirror(folder)


def _output(path: Path) -> Output:
    target = target_of(path)
    disk = DiskOutput(directory=path.parent, folder=path.name, on_conflict="resume")
    if target is None:
        return disk
    resumed = with_policy(target, "resume")
    assert isinstance(resumed, S3Output)
    return GroupOutput(disk=disk, s3=resumed) if is_mirror(path) else resumed


def _job(data: Mapping[str, Any], source: Path, output: Output) -> Job:
    return Job.from_json({**data, "output": output.to_json()}, source)
