"""The command line, the same in every host: its commands, what they return, and ``record``."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .checks import whole
from .cli_labels import add_audit, add_label, add_taxonomy
from .cli_preview import add_preview
from .cli_validate import add_validate
from .config import CONFLICT_POLICIES, DiskOutput, Job, stage_address
from .errors import SimslateError
from .extension import get_recorder
from .progress import Progress
from .recorder import Recorded, Recorder
from .script import run_script
from .stages import open_stage

INTERRUPTED = 130

_EPILOG = """\
exit codes: 0 done, 2 the job, the stage or a file they name is wrong (nothing recorded), 3 the data is incomplete
or wrong, 4 the output could not be written, 130 interrupted (what was recorded is written out)

tools/simslate exec SCRIPT.py [ARGS] runs a Script Editor snippet or a standalone script instead.
"""


async def main(argv: Sequence[str]) -> int:
    """Run the command line ``argv`` (without the program's name) and return its exit code. Raises nothing."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    try:
        code: int | None = await options.run(options)
    except SimslateError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        return error.exit_code
    except asyncio.CancelledError:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads the output has seen enough; the interpreter must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="simslate",
        description="Labels USD stages, and records labelled synthetic data from them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    record = commands.add_parser("record", help="record a data set", description="Records what a job file asks for.")
    record.add_argument("job", metavar="JOB.json", type=Path, help="the job file")
    record.add_argument("--stage", metavar="S", help="record this stage instead of the job's: a path or URL")
    record.add_argument("--output", metavar="DIR", type=Path, help="make this folder the data set's, not the job's")
    record.add_argument("--frames", metavar="N", type=_frames, help="record this many frames")
    record.add_argument("--on-conflict", choices=CONFLICT_POLICIES, help="what to do if the folder is there already")
    record.add_argument(
        "--allow-degraded", action="store_true", help="record even if an annotator will have nothing to give"
    )
    record.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    record.set_defaults(run=_record)
    for add in (add_label, add_audit, add_taxonomy, add_validate, add_preview):
        add(commands)
    return parser


def _frames(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text
    for _, complaint in whole(1)(value):
        raise argparse.ArgumentTypeError(complaint)
    return int(value)


async def _record(options: argparse.Namespace) -> int:
    recorder = get_recorder()
    try:
        recorded = await _recorded(options, recorder)
    except asyncio.CancelledError:
        return _interrupted(recorder.folder, recorder.status.frame)
    if not recorded.complete:
        return _interrupted(recorded.folder, recorded.frames)
    for text in recorded.never_seen:
        print(f"warning: never in a picture: {text}", file=sys.stderr)
    print(_summary(recorded, as_json=options.json))
    return 0


async def _recorded(options: argparse.Namespace, recorder: Recorder) -> Recorded:
    job = _job(options)
    if job.stage is not None:
        await open_stage(job.stage, f"{job.source}: $.stage")
    run_script(job)
    with Progress(sys.stderr) as progress:
        cancel = recorder.subscribe(progress.show)
        try:
            return await recorder.record(job, allow_degraded=options.allow_degraded)
        finally:
            cancel()


def _job(options: argparse.Namespace) -> Job:
    """Return the job of the job file with what the command line changes of it."""
    job = Job.load(options.job)
    changes: dict[str, Any] = {}
    if options.stage is not None:
        changes["stage"] = stage_address(options.stage, Path.cwd())
    if options.frames is not None:
        changes["frames"] = options.frames
    output = job.output
    if options.output is not None:
        folder = options.output.expanduser().absolute()
        output = DiskOutput(directory=folder.parent, folder=folder.name, on_conflict=output.on_conflict)
    if options.on_conflict is not None:
        output = replace(output, on_conflict=options.on_conflict)
    return replace(job, output=output, **changes)


def _interrupted(folder: Path | str | None, frames: int) -> int:
    what = _counted(frames, folder) if folder and frames else "nothing was recorded"
    print(f"interrupted: {what}", file=sys.stderr)
    return INTERRUPTED


def _summary(recorded: Recorded, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"folder": str(recorded.folder), "frames": recorded.frames, "complete": recorded.complete})
    return _counted(recorded.frames, recorded.folder)


def _counted(frames: int, folder: Path | str) -> str:
    return f"{frames} frame{'' if frames == 1 else 's'} in {folder}"
