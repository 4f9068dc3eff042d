"""The script of a job: a Script Editor snippet that prepares the stage."""

from __future__ import annotations

import traceback

from .config import Job
from .errors import ConfigError


def run_script(job: Job) -> None:
    """Run the job's script on the open stage, as the Script Editor would; ConfigError if it cannot be read or fails."""
    if job.script is None:
        return
    try:
        code = compile(job.script.read_bytes(), str(job.script), "exec")
    except (OSError, SyntaxError, ValueError) as error:
        raise ConfigError(f"{job.source}: $.script: {job.script} cannot be read: {error}") from error
    try:
        exec(code, {"__name__": "__main__", "__file__": str(job.script)})  # noqa: S102  it is there to be run
    except Exception as error:
        # The edge to a user's program: it may fail in any way.
        frames = traceback.extract_tb(error.__traceback__)
        line = [frame.lineno for frame in frames if frame.filename == str(job.script)][-1]
        where = f"{job.source}: $.script: {job.script}, line {line}"
        raise ConfigError(f"{where}: {type(error).__name__}: {error}") from error
