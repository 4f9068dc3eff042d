"""Recordings into a bucket and what has to come of them: the same objects as files of an undisturbed one on disk."""

import hashlib
import json
import time

from pxr import Usd, UsdGeom

import carb.settings
import omni.usd
from omni.kit.app import App
from simslate.recorder import Job, Recorder

from .conftest import BUCKET

JOB = {
    "version": 1,
    "render_products": [{"camera": "/World/Camera", "resolution": [32, 18]}],
    "writer": {"name": "BasicWriter", "parameters": {"rgb": True, "distance_to_camera": True}},
    "frames": 6,
}
QUICK = {"retry": 4.0, "journal": 0.2}


def keys(s3, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
    return [each["Key"].removeprefix(f"{prefix}/") for page in pages for each in page.get("Contents", ())]


def objects(s3, prefix):
    return {key: s3.get_object(Bucket=BUCKET, Key=f"{prefix}/{key}")["Body"].read() for key in keys(s3, prefix)}


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest(data):
    return [json.loads(line) for line in data["simslate/manifest.jsonl"].splitlines()]


def assert_whole(data, frames=None):
    """Everything that the manifest lists is there with its hash, and nothing that is for unfinished ones only."""
    report = json.loads(data["simslate/report.json"])
    assert report["complete"] is True
    assert frames in (None, report["frames"])
    for line in manifest(data):
        assert hashlib.sha256(data[line["path"]]).hexdigest() == line["sha256"], line["path"]
    own = {"job.json", "report.json", "manifest.jsonl", "frames.jsonl"}
    assert set(data) == {line["path"] for line in manifest(data)} | {f"simslate/{name}" for name in own}


class Studio:
    """An app with a small scene, and recordings in it."""

    def __init__(self, folder, **limits):
        self.folder = folder
        self.stage = folder / "stage.usda"
        stage = Usd.Stage.CreateNew(str(self.stage))
        UsdGeom.Camera.Define(stage, "/World/Camera")
        UsdGeom.XformCommonAPI(UsdGeom.Cube.Define(stage, "/World/Box")).SetTranslate((0, 0, -9))
        stage.Save()
        self.limits = {**QUICK, **limits}
        self.prepare = lambda app: None

    def record(self, output, *, watch=None, data="user", **changes):
        """Record and return what came of it. ``watch`` is called with the recorder at each status."""
        job = Job.from_json({**JOB, "output": output, **changes}, self.folder / "job.json")
        with App(data_dir=self.folder / data) as app:
            for name, value in self.limits.items():
                carb.settings.get_settings().set(f"/exts/simslate.recorder/s3/{name}Seconds", value)
            omni.usd.get_context().open_stage(str(self.stage))
            self.prepare(app)
            recorder = Recorder()
            if watch:
                recorder.subscribe(lambda status: watch(recorder, status))
            return app.run(recorder.record(job))

    def on_disk(self, name="reference", **changes):
        """The files of an undisturbed recording."""
        output = {"kind": "disk", "directory": str(self.folder), "folder": name}
        return files(self.record(output, **changes).folder)

    def spools(self, data="user"):
        """What was kept on this machine, but for notes of where data sets are."""
        found = files(self.folder / data)
        return {path: body for path, body in found.items() if "/spool/" in path and not path.endswith("bucket.json")}


def wait_until(is_so, seconds=60.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
