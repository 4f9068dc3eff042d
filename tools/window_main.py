"""The window on the CPU host, as `tools/simslate window` opens it: with a job, on a stage, or as it was left."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import carb.settings
import omni.kit.app
import omni.usd
from simslate.recorder import Job, SimslateError, StageError

EXTENSION = "simslate.window"


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simslate window",
        description="Opens the window as a page of the browser on this machine, until Ctrl-C. Without a job and a "
        "stage it is as it was left.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("job", metavar="JOB.json", nargs="?", type=Path, help="load this job file, and open its stage")
    what.add_argument("--stage", metavar="S", help="open this stage: a path or URL")
    parser.add_argument("--port", metavar="P", help="the port of the page; a free one without it")
    return parser.parse_args(argv)


def _open_stage(address: str, said_by: str) -> None:
    if "://" not in address and not Path(address).is_file():
        raise StageError(f"{said_by}: there is no file {address}")
    if not omni.usd.get_context().open_stage(address):
        raise StageError(f"{said_by}: {address} cannot be opened as a stage")


def _main(argv: Sequence[str]) -> None:
    options, settings = _options(argv), carb.settings.get_settings()
    if options.stage is not None:
        _open_stage(options.stage, "--stage")
    if options.job is not None:
        # What is wrong with it is to be told here, and not in a window that then has something else.
        job = Job.load(options.job)
        if job.stage is not None:
            _open_stage(job.stage, f"{job.source}: $.stage")
        settings.set_string(f"/exts/{EXTENSION}/job", str(options.job.absolute()))
    settings.set_bool(f"/exts/{EXTENSION}/showOnStartup", True)
    omni.kit.app.get_app().get_extension_manager().set_extension_enabled_immediate(EXTENSION, True)


if __name__ == "__main__":
    try:
        _main(sys.argv[1:])
    except SimslateError as error:
        sys.stderr.writelines(f"error: {problem}\n" for problem in error.problems)
        sys.exit(error.exit_code)
