"""The command ``preview``."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
import webbrowser
from functools import partial
from pathlib import Path

from .bar import Bar
from .checks import whole
from .dataset.preview import Outcome, preview
from .dataset.preview.summary import bytes_text


def add_preview(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``preview``."""
    parser = commands.add_parser(
        "preview",
        help="make one page that shows a recording",
        description="Writes one HTML file that shows a recording: pictures, overlays, classes, suspect frames first. "
        "It needs no server and no network. DIR is a recording of ours, or a folder of pictures as BasicWriter writes "
        "them. Exits with 2 if DIR is neither.",
    )
    parser.add_argument("dataset", metavar="DIR", type=Path, help="the recording's folder")
    parser.add_argument(
        "--to", metavar="FILE.html", type=Path, help="the page; DIR_preview.html beside DIR if not said"
    )
    parser.add_argument("--frames", metavar="N", type=_count, help="show so many frames, evenly spread")
    parser.add_argument("--open", action="store_true", help="show the page in the browser")
    parser.set_defaults(run=preview_dataset)


def _count(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text
    for _, complaint in whole(1)(value):
        raise argparse.ArgumentTypeError(complaint)
    return int(value)


async def preview_dataset(options: argparse.Namespace) -> int:
    """Run the command ``preview``. Files are read on threads, so that the app goes on and Ctrl-C is heard."""
    stop = threading.Event()
    bar = Bar(sys.stderr, stop, "pictures")
    make = partial(preview, options.dataset, options.to, frames=options.frames, progress=bar.show)
    try:
        made = await asyncio.to_thread(make)
    finally:
        stop.set()
        bar.clear()
    print(_said(made))
    if options.open:
        webbrowser.open(made.path.as_uri())
    return 0


def _said(made: Outcome) -> str:
    frames = f"{made.frames} frame{'' if made.frames == 1 else 's'}"
    if made.frames < made.all_frames:
        frames = f"{made.frames} of {made.all_frames} frames"
    return f"{frames}, {bytes_text(made.bytes)}, in {made.path}"
