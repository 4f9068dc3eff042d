"""The command line, the same in every host: its commands, what they return, and ``record``."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .checks import whole
from .cli_export import add_export
from .cli_labels import add_audit, add_label, add_taxonomy
from .cli_preview import add_preview
from .cli_resume import add_resume, job_to_resume
from .cli_validate import add_validate
from .cli_writers import add_writers
from .config import Job, stage_address
from .destination import spool_folder
from .errors import IncompleteError, SimslateError
from .extension import get_recorder
from .frames import step_seconds
from .outputs import CONFLICT_POLICIES, DiskOutput, GroupOutput, Output, S3Output, with_policy
from .progress import Progress
from .recorder import Recorded, Recorder
from .s3.remote import is_url, output_at
from .script import run_script
from .shards import shard_of
from .stages import open_stage
from .watchdog import Watchdog

INTERRUPTED = 130
_GRACE_S = 5.0
"""What a frame has more than its time before the process is ended: one that can be cancelled ends in order."""

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
    record.add_argument("--output", metavar="DIR", help="make this folder or s3:// URL the data set's, not the job's")
    record.add_argument("--frames", metavar="N", type=_frames, help="record this many frames")
    record.add_argument(
        "--shard", metavar="I/N", type=_shard, help="record the I-th of N parts of the frames, from 1 to N"
    )
    record.add_argument("--on-conflict", choices=CONFLICT_POLICIES, help="what to do if the folder is there already")
    record.add_argument(
        "--allow-degraded", action="store_true", help="record even if an annotator will have nothing to give"
    )
    record.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    record.set_defaults(run=_record)
    add_resume(commands, _resume)
    for add in (add_label, add_audit, add_taxonomy, add_validate, add_export, add_preview, add_writers):
        add(commands)
    return parser


def _frames(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text
    for _, complaint in whole(1)(value):
        raise argparse.ArgumentTypeError(complaint)
    return int(value)


def _shard(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text} is not I/N with I from 1 to N, such as 3/8")
    return int(found[1]), int(found[2])


async def _record(options: argparse.Namespace) -> int:
    return await _run(_job(options), options)


async def _resume(options: argparse.Namespace) -> int:
    return await _run(job_to_resume(options), options)


async def _run(job: Job, options: argparse.Namespace) -> int:
    recorder = get_recorder()
    try:
        recorded = await _recorded(job, options, recorder)
    except asyncio.CancelledError:
        return _interrupted(recorder.folder, recorder.status.frame)
    if not recorded.complete:
        return _interrupted(recorded.folder, recorded.frames)
    for text in recorded.never_seen:
        print(f"warning: never in a picture: {text}", file=sys.stderr)
    print(_summary(recorded, as_json=options.json))
    if recorded.suspect:
        listed = ", ".join(map(str, recorded.suspect[:10])) + ("" if len(recorded.suspect) <= 10 else ", ...")
        print(f"error: {len(recorded.suspect)} suspect: frame {listed}; frames.jsonl says why", file=sys.stderr)
        return IncompleteError.exit_code
    return 0


async def _recorded(job: Job, options: argparse.Namespace, recorder: Recorder) -> Recorded:
    if job.stage is not None:
        await open_stage(job.stage, f"{job.source}: $.stage")
    run_script(job)
    with Progress(sys.stderr) as progress:
        cancel = recorder.subscribe(progress.show)
        heart = asyncio.ensure_future(_beat())
        try:
            return await recorder.record(job, allow_degraded=options.allow_degraded)
        finally:
            heart.cancel()
            cancel()


async def _beat() -> None:
    """Feed a watchdog for as long as the loop turns: a frame that never ends would hang the process for ever."""
    seconds = step_seconds()
    dog = Watchdog(seconds + _GRACE_S, IncompleteError.exit_code, "a frame has been under way")
    try:
        while True:
            await asyncio.sleep(min(1.0, seconds / 4))
            dog.feed()
    finally:
        dog.send_away()


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
        output = _output(options.output, output)
    if options.on_conflict is not None:
        output = with_policy(output, options.on_conflict)
    job = replace(job, output=output, **changes)
    return job if options.shard is None else shard_of(job, *options.shard)


def _output(text: str, before: Output) -> Output:
    """Return the output that ``--output`` says; a bucket is reached as the job's own is."""
    if is_url(text):
        own = before.s3 if isinstance(before, GroupOutput) else before
        named = output_at(text, spool_folder())
        if isinstance(own, S3Output):
            named = replace(own, bucket=named.bucket, prefix=named.prefix)
        return with_policy(named, before.on_conflict)
    folder = Path(text).expanduser().absolute()
    return DiskOutput(directory=folder.parent, folder=folder.name, on_conflict=before.on_conflict)


def _interrupted(folder: Path | str | None, frames: int) -> int:
    what = _counted(frames, folder) if folder and frames else "nothing was recorded"
    print(f"interrupted: {what}", file=sys.stderr)
    return INTERRUPTED


def _summary(recorded: Recorded, *, as_json: bool) -> str:
    if as_json:
        told = {"folder": str(recorded.folder), "frames": recorded.frames, "complete": recorded.complete}
        return json.dumps({**told, "suspect": list(recorded.suspect)})
    return _counted(recorded.frames, recorded.folder)


def _counted(frames: int, folder: Path | str) -> str:
    return f"{frames} frame{'' if frames == 1 else 's'} in {folder}"
