"""Data sets in buckets, named by their URL: found, read and brought to this machine to be looked at."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..dataset.layout import JOB, SIDECAR
from ..errors import ConfigError
from ..outputs import S3Output
from .client import Said, connect, s3_errors
from .prefix import read_json
from .spool import remembered
from .uploader import Uploader

_READING_S = 20.0


def is_url(text: str) -> bool:
    """Return whether ``text`` names something in a bucket."""
    return text.startswith("s3://")


def output_at(url: str, spools: Path, **options: Any) -> S3Output:
    """Return the output that ``url`` names, to resume it; ``options`` are how it is reached.

    Without any, and without an address in the environment, it is reached as a recording on this machine did that has
    not been finished. ConfigError if ``url`` names nothing.
    """
    told = re.fullmatch(r"s3://([^/]+)/(.+?)/*", url)
    if told is None:
        raise ConfigError(f"{url}: is not the URL of a data set such as s3://bucket/sets/tabletop")
    given = {name: value for name, value in options.items() if value is not None}
    output = S3Output(bucket=told[1], prefix=told[2], on_conflict="resume", **given)
    if given or any(os.environ.get(name) for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")):
        return output
    return remembered(spools, output) or output


def job_in_bucket(output: S3Output) -> Mapping[str, Any]:
    """Return the job that the data set was begun with. ConfigError if it is no data set of ours."""
    uploader = Uploader(connect(output), output.bucket, _READING_S)
    found = read_json(uploader, output, f"{output.prefix}/{SIDECAR}/{JOB}")
    if not isinstance(found, dict):
        raise ConfigError(f"s3://{output.bucket}/{output.prefix}: its {JOB} is no object")
    return found


@dataclass(frozen=True)
class Downloaded:
    """A data set that was brought to this machine."""

    folder: Path

    strange: tuple[str, ...]
    """Keys below the prefix that are no names of files; they were left where they are."""

    unfinished: tuple[str, ...]
    """Names of objects that are being sent in parts, or never were to their end."""


@contextmanager
def downloaded(output: S3Output, *, quick: bool, told: Callable[[int, int], None]) -> Iterator[Downloaded]:
    """Bring a data set to a folder that goes again.

    With ``quick`` the files of the writer have their size only, and no content. ``told`` is called with how many
    objects have come, and how many there are. OutputError if they cannot be read.
    """
    uploader = Uploader(connect(output), output.bucket, _READING_S)
    with tempfile.TemporaryDirectory(prefix="simslate-") as place, Said(output):
        start = len(output.prefix) + 1
        sizes = {each["Key"][start:]: each["Size"] for each in uploader.listed(f"{output.prefix}/")}
        names = [name for name in sizes if is_file_name(name)]
        done: list[str] = []

        def bring(name: str) -> None:
            path = Path(place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            is_own = name.startswith(f"{SIDECAR}/")
            with path.open("wb") as file:
                if quick and not is_own:
                    file.truncate(sizes[name])
                else:
                    file.write(uploader.get(f"{output.prefix}/{name}")[0])
            done.append(name)
            told(len(done), len(names))

        uploader.each(bring, names)
        parts: set[str] = set()
        # Not all who may read may ask for this, and not all servers tell it.
        with suppress(*s3_errors()):
            parts = {each["Key"][start:] for each in uploader.unfinished(f"{output.prefix}/")}
        yield Downloaded(Path(place), tuple(sorted(set(sizes) - set(names))), tuple(sorted(parts)))


def is_file_name(key: str) -> bool:
    """Return whether a key is the relative path of a file that stays inside a folder, on any system."""
    return not re.search(r"[\\:\0]", key) and all(part not in ("", ".", "..") for part in key.split("/"))
