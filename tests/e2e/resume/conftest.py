"""Recordings that are interrupted, and what they are compared with: one that was not."""

import json
import subprocess
import time
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics

ROOT = Path(__file__).parents[3]
FRAMES = 200
LAST = 36
"""The timeline's last time code: a recording of more frames comes by its start again."""
SOME = ("instance_segmentation", "bounding_box_2d_tight", "distance_to_camera", "motion_vectors")
"""Ids that are given as things come into view, floats to their last bit, and what is measured from frame to frame."""


def label(prim, name):
    UsdSemantics.LabelsAPI.Apply(prim, "class").CreateLabelsAttr([name])


def box(stage, path, places, name):
    """A labelled cube that goes from one place to another: time code -> position."""
    cube = UsdGeom.Cube.Define(stage, path)
    move = cube.AddTranslateOp()
    for time_code, place in places.items():
        move.Set(Gf.Vec3d(*place), time_code)
    label(cube.GetPrim(), name)
    return cube


def write_stage(folder):
    """Boxes that come into view one after the other, one hidden behind another, and one within nested instancers."""
    with Sdf.ChangeBlock():
        parts = Usd.Stage.CreateNew(str(folder / "parts.usda"))
    group = UsdGeom.Xform.Define(parts, "/World/Group")
    for number, first in enumerate((1, 9, 17)):
        away, there = (50, 0, -10), (number * 3 - 3, 0, -10)
        box(parts, f"/World/Box_{number}", {first: away, first + 7: there, LAST: (there[0], 2, -9)}, f"box{number}")
    box(parts, "/World/Hidden", {0: (0, -0.2, -14)}, "hidden")
    box(parts, "/World/Cover", {0: (0, 0, -11)}, "cover")
    group.AddTranslateOp().Set(Gf.Vec3d(0, 3, -12))
    crowd = UsdGeom.PointInstancer.Define(parts, "/World/Group/Crowd")
    thing = UsdGeom.Cube.Define(parts, "/World/Group/Crowd/Thing").GetPrim()
    label(thing, "thing")
    crowd.CreatePrototypesRel().SetTargets([thing.GetPath()])
    crowd.CreateProtoIndicesAttr([0, 0])
    for time_code in (1, LAST):
        crowd.CreatePositionsAttr().Set([(-3, 0, 0), (3 - time_code / LAST, time_code / 40, 0)], time_code)
    parts.Save()
    stage = Usd.Stage.CreateNew(str(folder / "scene.usda"))
    stage.GetRootLayer().subLayerPaths.append("parts.usda")
    stage.SetTimeCodesPerSecond(24)
    stage.SetStartTimeCode(1)
    stage.SetEndTimeCode(LAST)
    for name, place in {"Camera": 0, "Side": 1.5}.items():
        UsdGeom.Camera.Define(stage, f"/World/{name}").AddTranslateOp().Set(Gf.Vec3d(place, 0.5, 0))
    stage.Save()
    return folder / "scene.usda"


class Project:
    """A stage and jobs for it in one folder, and the command line."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.stage = write_stage(folder)

    def job(self, name="set", *, annotators=SOME, **changes):
        job = {
            "version": 1,
            "stage": "scene.usda",
            "render_products": [{"camera": "/World/Camera", "resolution": [32, 24]}],
            "writer": {"name": "BasicWriter", "parameters": dict.fromkeys(annotators, True)},
            "output": {"kind": "disk", "directory": "out", "folder": name},
            "frames": FRAMES,
            "control_timeline": True,
            "seed": 7,
        }
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({**job, **changes}))
        return path

    def out(self, name):
        return self.folder / "out" / name

    def start(self, *arguments):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "KITLESS_DATA": str(self.folder / "kit")}
        command = [str(part) for part in (ROOT / "tools/simslate", *arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True)

    def run(self, *arguments, timeout=120):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=timeout)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def interrupt(self, job, name, *, frames, seconds=0.0, number=9, arguments=()):
        """Record ``job`` into ``name`` and send a signal some time after the given number of frames is durable."""
        process = self.start("record", job, "--output", self.out(name), *arguments)
        self.wait(process, name, frames)
        time.sleep(seconds)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess((), process.returncode, "", err)

    def wait(self, process, name, frames):
        """Wait until so many frames of a data set are durable, or the process that records it has ended."""
        until = time.monotonic() + 60
        while self.durable(name) < frames and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.002)

    def durable(self, name):
        """How many frames are listed; -1 before the recording has begun."""
        own = self.out(name) / "simslate"
        path = own / "frames.jsonl"
        if not path.exists():
            return -1 if not (own / "job.json").exists() else 0
        return path.read_bytes().count(b"\n")

    def files(self, name):
        folder = self.out(name)
        return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}

    def assert_same(self, name, whole):
        """Each file of a resumed data set, the ledger and the report included, is that of one never interrupted."""
        found, wanted = self.files(name), self.files(whole)
        assert sorted(found) == sorted(wanted)
        assert [path for path in wanted if found[path].read_bytes() != wanted[path].read_bytes()] == []


@pytest.fixture(scope="session")
def make_project(tmp_path_factory):
    return lambda name: Project(tmp_path_factory.mktemp(name) / "project")


@pytest.fixture
def project(make_project):
    return make_project("resume")


@pytest.fixture(scope="module")
def shared(make_project):
    """A project with the job "whole", recorded to its end."""
    project = make_project("resume")
    run = project.run("record", project.job("whole"))
    assert run.returncode == 0, run.stderr
    return project
