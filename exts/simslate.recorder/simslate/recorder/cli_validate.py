"""The command ``validate``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from pathlib import Path

from .bar import Bar
from .cli_resume import add_reach, reached
from .dataset.validate import Validation, validate, write_junit
from .s3.remote import is_url
from .s3.validation import validate_bucket

INCOMPLETE = 3


def add_validate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``validate``."""
    parser = commands.add_parser(
        "validate",
        help="prove that a data set is whole and consistent",
        description="Checks that a data set is whole and consistent: one of ours, or a folder of BasicWriter's files. "
        "Exits with 0 if it is, with 3 if something was found, with 2 if there is no data set.",
    )
    parser.add_argument("dataset", metavar="DIR_OR_URL", help="the data set's folder, or its s3:// URL")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write the result as JUnit XML, too")
    parser.add_argument("--quick", action="store_true", help="read no pictures: names, counts and sizes only")
    add_reach(parser)
    parser.set_defaults(run=validate_dataset)


async def validate_dataset(options: argparse.Namespace) -> int:
    """Run the command ``validate``. The files are read on threads, so that the app goes on and Ctrl-C is heard."""
    stop = threading.Event()
    bar = Bar(sys.stderr, stop, "files")
    try:
        if is_url(options.dataset):
            output = reached(options.dataset, options)
            found = await asyncio.to_thread(validate_bucket, output, quick=options.quick, progress=bar.show)
        else:
            found = await asyncio.to_thread(validate, Path(options.dataset), quick=options.quick, progress=bar.show)
    finally:
        stop.set()
        bar.clear()
    if options.junit is not None:
        write_junit(options.junit, found)
    _print(found, as_json=options.json)
    return 0 if found.clean else INCOMPLETE


def _print(found: Validation, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found.to_json()))
        return
    for line in found.lines():
        print(line)
