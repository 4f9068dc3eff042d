"""Configurations of NVIDIA's recorder, with the keys that its files have, become jobs."""

import json
from pathlib import Path

import pytest

from simslate.recorder import DiskOutput, Job, RenderProduct, S3Output, Writer
from simslate.recorder.errors import ConfigError

FILE = {
    "writer_name": "BasicWriter",
    "basic_writer_params": {"rgb": True, "semantic_segmentation": False},
    "custom_writer_params": {},
    "rp_data": [["/World/Camera", 640, 480, "front"], ["/World/Camera", 512, 512, ""]],
    "out_dir": "_out_sdrec",
    "out_working_dir": "/data",
    "num_frames": 10,
    "rt_subframes": 4,
    "control_timeline": True,
    "use_s3": False,
    "s3_params": {"s3_bucket": "sets", "s3_region": "eu-central-1", "s3_endpoint": ""},
    "control_frame_collapsed": False,
    "verbose": True,
}


def read(**changes):
    return Job.from_json({**FILE, **changes}, "/jobs/old.json")


def test_a_whole_file():
    assert read() == Job(
        render_products=(
            RenderProduct(camera="/World/Camera", resolution=(640, 480), name="front"),
            RenderProduct(camera="/World/Camera", resolution=(512, 512)),
        ),
        writer=Writer(name="BasicWriter", parameters={"rgb": True, "semantic_segmentation": False}),
        output=DiskOutput(directory=Path("/data"), folder="_out_sdrec", on_conflict="increment"),
        frames=10,
        subframes=4,
        control_timeline=True,
    )


def test_no_number_of_frames_is_until_stopped():
    assert read(num_frames=0).frames is None


def test_a_custom_writer_has_its_own_parameters():
    assert read(writer_name="Mine", custom_writer_params={"a": 1}).writer == Writer(name="Mine", parameters={"a": 1})


def test_an_empty_working_directory_is_that_of_the_file():
    assert read(out_working_dir="").output.directory == Path("/jobs")


@pytest.mark.parametrize(
    "changes",
    [
        {"use_s3": True},
        {"backend_type": "S3Backend", "backend_params": {"bucket": "sets", "region": "eu-central-1"}, "s3_params": {}},
    ],
)
def test_a_bucket(changes):
    expected = S3Output(bucket="sets", prefix="_out_sdrec", region="eu-central-1", on_conflict="increment")
    assert read(**changes).output == expected


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rp_data": []}, "$.render_products: [] is not a list of at least one"),
        ({"rp_data": [["/World/Camera"]]}, '$.render_products[0]: ["/World/Camera"] is not an object'),
        ({"rp_data": [["Camera", 1, 1, ""]]}, '$.render_products[0].camera: "Camera" is not an absolute prim path'),
        ({"use_s3": True, "s3_params": {}}, '$.output.bucket: "" is not the name of a bucket'),
        ({"num_frames": "ten"}, '$.frames: "ten" is not a whole number'),
    ],
)
def test_what_is_wrong_is_said_as_of_a_job(changes, said):
    with pytest.raises(ConfigError) as caught:
        read(**changes)
    assert caught.value.problems[0].startswith(f"/jobs/old.json: {said}")


def test_it_is_read_from_a_file(tmp_path):
    (tmp_path / "old.json").write_text(json.dumps(FILE))
    assert Job.load(tmp_path / "old.json").frames == 10
