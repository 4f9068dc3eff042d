"""Validation of a data set in a bucket: it is brought to this machine, and looked at there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..dataset.validate import Validation, validate
from ..dataset.validate.finding import Finding, printable
from ..outputs import S3Output
from .remote import downloaded


def validate_bucket(output: S3Output, *, quick: bool, progress: Callable[[int, int], None]) -> Validation:
    """Do what ``validate`` does for the data set at ``output``. With ``quick`` only its description is read.

    Takes room for all of it, for as long as it runs, where the system has its temporary files.
    """
    with downloaded(output, quick=quick, told=progress) as there:
        found = validate(there.folder, quick=quick, progress=progress)
    strange = [Finding("unsafe", printable(key), "is no name of a file; it was not read") for key in there.strange]
    parts = "is an upload in parts that was not finished: nobody can read them, and they take room"
    unfinished = [Finding("leftover", printable(key), parts) for key in there.unfinished]
    dataset = f"s3://{output.bucket}/{output.prefix}"
    return replace(found, dataset=dataset, findings=(*strange, *unfinished, *found.findings))
