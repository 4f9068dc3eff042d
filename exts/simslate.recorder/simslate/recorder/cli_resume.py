"""The command ``resume``, and the options by which commands reach a data set in a bucket."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import carb.settings

from .config import Job
from .destination import SPOOL, spool_folder
from .outputs import S3Output
from .resume import is_spool, job_of_bucket, job_of_dataset
from .s3.remote import is_url, output_at


def add_resume(commands: Any, run: Callable[[argparse.Namespace], Any]) -> None:
    """Add the command ``resume``, which ``run`` runs."""
    parser = commands.add_parser(
        "resume",
        help="go on with a recording that was interrupted",
        description="Uploads what could not be uploaded, and goes on at the first frame that is missing, as if nothing "
        "had happened. Refuses, and says what differs, if the job, its files or the stage are not as they were.",
    )
    parser.add_argument(
        "folder", metavar="DIR_OR_URL", help="the data set's folder or s3:// URL, or what a failed upload has left"
    )
    parser.add_argument("--allow-degraded", action="store_true", help="as it was recorded with, if it was")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    add_reach(parser)
    parser.set_defaults(run=run)


def add_reach(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a bucket is reached; there is none for secrets."""
    group = parser.add_argument_group(
        "for s3:// URLs", "credentials come from environment, profile or role; so does the rest, where it is not given"
    )
    group.add_argument("--endpoint", metavar="E", help="address of the server, if it is not Amazon's")
    group.add_argument("--region", metavar="R", help="region of the bucket")
    group.add_argument("--profile", metavar="P", help="profile that has the credentials")
    group.add_argument(
        "--path-style", action="store_true", default=None, help="put the bucket into the path of addresses"
    )


def reached(url: str, options: argparse.Namespace) -> S3Output:
    """Return the output that ``url`` and the options stand for. ConfigError if it is none."""
    names = ("endpoint", "region", "profile", "path_style")
    return output_at(url, spool_folder(), **{name: getattr(options, name) for name in names})


def job_to_resume(options: argparse.Namespace) -> Job:
    """Return the job of the data set that ``resume`` was called with. ConfigError if it is none."""
    if is_url(options.folder):
        return job_of_bucket(reached(options.folder, options))
    folder = Path(options.folder)
    job = job_of_dataset(folder)
    if is_spool(folder):
        # It may have been written with another setting.
        carb.settings.get_settings().set(SPOOL, str(folder.expanduser().absolute().parent))
    return job
