"""Parts of a job: which frames, and where they go."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.recorder import ConfigError, DiskOutput, GroupOutput, Job, RenderProduct, S3Output, Writer
from simslate.recorder.shards import shard_of

DISK = DiskOutput(directory=Path("/d"), folder="set", on_conflict="resume")
BUCKET = S3Output(bucket="bucket", prefix="sets/a", on_conflict="resume")
JOB = Job(
    render_products=(RenderProduct(camera="/C", resolution=(4, 3)),), writer=Writer(name="W"), output=DISK, frames=10
)


def parts(job, count):
    return [shard_of(job, index, count) for index in range(1, count + 1)]


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 100))
def test_the_parts_are_all_of_the_frames_in_order_and_even(frames, count, first):
    if count > frames:
        return
    found = parts(replace(JOB, frames=frames, first_frame=first), count)
    assert [f for part in found for f in range(part.first_frame, part.first_frame + part.frames)] == list(
        range(first, first + frames)
    )
    sizes = {part.frames for part in found}
    assert max(sizes) - min(sizes) <= 1


def test_each_part_goes_to_a_place_of_its_own():
    assert [part.output.folder for part in parts(JOB, 3)] == ["set-1-of-3", "set-2-of-3", "set-3-of-3"]
    assert shard_of(replace(JOB, frames=20), 3, 12).output.folder == "set-03-of-12"
    assert shard_of(replace(JOB, output=BUCKET), 2, 3).output == replace(BUCKET, prefix="sets/a-2-of-3")
    both = shard_of(replace(JOB, output=GroupOutput(disk=DISK, s3=BUCKET)), 2, 3).output
    assert (both.disk.folder, both.s3.prefix, both.on_conflict) == ("set-2-of-3", "sets/a-2-of-3", "resume")


def test_all_else_of_the_job_stays():
    part = shard_of(JOB, 2, 3)
    assert replace(part, first_frame=0, frames=10, output=DISK) == JOB


@pytest.mark.parametrize(("frames", "text"), [(None, "records until stopped"), (2, "2 frames cannot be 3 parts")])
def test_what_has_no_parts(frames, text):
    with pytest.raises(ConfigError, match=text):
        shard_of(replace(JOB, frames=frames), 1, 3)


@pytest.mark.parametrize(
    ("script", "first", "lead"), [(None, 0, 0), (None, 7, 1), (Path("s.py"), 7, 7), (Path("s.py"), 0, 0)]
)
def test_what_is_rendered_before_a_part(script, first, lead):
    assert replace(JOB, script=script, first_frame=first).lead == lead
