"""The Script Editor snippet that records into a bucket, run exactly as it is pasted."""

from pathlib import Path

import pytest

import omni.usd
from omni.kit.app import App

from .conftest import BUCKET
from .recordings import assert_whole, keys, objects

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app(tmp_path):
    with App(data_dir=tmp_path / "user", ext_folders=[ROOT / "exts"], enable=["simslate.recorder"]) as app:
        yield app


def test_ten_frames_are_in_the_bucket(app, s3, endpoint, monkeypatch, capsys):
    monkeypatch.setenv("SIMSLATE_BUCKET", BUCKET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    omni.usd.get_context().open_stage(str(ROOT / "data/tabletop.usda"))
    names = {"__name__": "__main__"}
    with app.as_running_loop():
        exec(compile((ROOT / "docs/snippets/record_to_s3.py").read_text(), "<script editor>", "exec"), names)

    async def done():
        await names["task"]

    app.run(done())
    assert capsys.readouterr().out == f"10 frames in s3://{BUCKET}/sets/tabletop\n"
    assert_whole(objects(s3, "sets/tabletop"), frames=10)
    assert len([key for key in keys(s3, "sets/tabletop") if key.startswith("rgb_")]) == 10
