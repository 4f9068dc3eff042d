"""The command ``validate``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from .cli_resume import add_reach, reached
from .dataset.validate import Validation, validate, write_junit
from .s3.remote import is_url
from .s3.validation import validate_bucket

INCOMPLETE = 3
_WIDTH = 30
_INTERVAL_S = 0.1


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
    bar = Bar(sys.stderr, stop)
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


class Bar:
    """How many files have been read, drawn over and over on a terminal, and gone in the end. Logs get nothing."""

    def __init__(self, stream: TextIO, stop: threading.Event) -> None:
        self._stream = stream
        self._stop = stop
        self._is_terminal = stream.isatty()
        self._shown = time.monotonic()
        self._length = 0

    def show(self, done: int, total: int) -> None:
        """Show it, unless that was done a moment ago. Raises CancelledError once nobody waits for the result."""
        if self._stop.is_set():
            raise asyncio.CancelledError
        now = time.monotonic()
        if self._is_terminal and now - self._shown >= _INTERVAL_S:
            self._shown = now
            filled = _WIDTH * done // max(total, 1)
            self._write(f"[{'#' * filled + '-' * (_WIDTH - filled)}] {done}/{total} files")

    def clear(self) -> None:
        """Take the bar away."""
        if self._length:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text:<{self._length}}")
        self._stream.flush()
        self._length = len(text)
