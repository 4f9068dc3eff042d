"""The command ``export``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from .bar import Bar
from .dataset.export import FORMATS, Exported, Filter, Request, export


def add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``export``."""
    parser = commands.add_parser(
        "export",
        help="write a recording in a format that others read",
        description="Writes a recording of BasicWriter's, ours or Isaac Sim's, in another format. The folder is there "
        "whole in the end, or not at all.",
        epilog="formats: " + "; ".join(f"{name}: {each.help}" for name, each in FORMATS.items()),
    )
    parser.add_argument("dataset", metavar="DIR", type=Path, help="the recording's folder")
    parser.add_argument("--format", choices=FORMATS, required=True, help="the format")
    parser.add_argument("--to", metavar="OUT", type=Path, required=True, help="the new folder")
    parser.add_argument(
        "--taxonomy",
        metavar="T.json",
        type=Path,
        help="ids and colours: a taxonomy, or COCO's list of categories",
    )
    parser.add_argument("--min-visible-pixels", metavar="N", type=_pixels, default=0, help="leave smaller objects out")
    parser.add_argument("--min-visibility", metavar="F", type=_share, default=0.0, help="leave hidden ones out, 0 to 1")
    parser.add_argument("--polygons", action="store_true", help="outlines in place of run lengths (coco)")
    parser.add_argument("--link", action="store_true", help="hard links to the recording's pictures, not copies")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    parser.set_defaults(run=export_dataset)


async def export_dataset(options: argparse.Namespace) -> None:
    """Run the command ``export``. The files are read on threads, so that the app goes on and Ctrl-C is heard."""
    request = Request(
        dataset=options.dataset,
        format=options.format,
        to=options.to,
        taxonomy=options.taxonomy,
        kept=Filter(options.min_visible_pixels, options.min_visibility),
        outlines=options.polygons,
        link=options.link,
    )
    stop = threading.Event()
    bar = Bar(sys.stderr, stop, "pictures")
    try:
        found = await asyncio.to_thread(export, request, bar.show)
    finally:
        stop.set()
        bar.clear()
    print(json.dumps({**asdict(found), "to": str(found.to)}) if options.json else _summary(found))


def _summary(found: Exported) -> str:
    unknown = f"; of {found.visibility_unknown} it is not known how much is hidden" if found.visibility_unknown else ""
    counted = f"{_counted(found.pictures, 'picture')}, {_counted(found.objects, 'object')}"
    return f"{counted} in {found.to} ({found.format}){unknown}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _pixels(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 on")
    return int(text)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to 1")
    return value
