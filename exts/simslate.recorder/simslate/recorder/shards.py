"""Parts of a job, for several processes or machines: which part, and of how many, is all that they have to know."""

from __future__ import annotations

from dataclasses import replace

from .config import Job
from .errors import ConfigError
from .outputs import DiskOutput, GroupOutput, Output, S3Output


def shard_of(job: Job, index: int, count: int) -> Job:
    """Return the ``index``-th, from 1, of ``count`` parts of ``job``: contiguous frames, in an output of its own.

    Together the parts have the frames of the job, each once; their numbers differ by at most one. ConfigError for a job
    without a number of frames, and for more parts than frames.
    """
    if job.frames is None:
        raise ConfigError(f"{job.source}: a job that records until stopped has no parts; give it a number of frames")
    if count > job.frames:
        raise ConfigError(f"{job.source}: {job.frames} frames cannot be {count} parts")
    begin, end = (job.frames * i // count for i in (index - 1, index))
    suffix = f"-{index:0{len(str(count))}}-of-{count}"
    first = job.first_frame + begin
    return replace(job, first_frame=first, frames=end - begin, output=_suffixed(job.output, suffix))


def _suffixed(output: Output, suffix: str) -> Output:
    if isinstance(output, DiskOutput):
        return replace(output, folder=output.folder + suffix)
    if isinstance(output, S3Output):
        return replace(output, prefix=output.prefix + suffix)
    return GroupOutput(
        disk=replace(output.disk, folder=output.disk.folder + suffix),
        s3=replace(output.s3, prefix=output.s3.prefix + suffix),
    )
