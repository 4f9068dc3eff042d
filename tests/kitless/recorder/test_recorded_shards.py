"""Parts of a recording are the same frames as those of the whole: byte by byte, whatever moves and however."""

import asyncio
import json

import pytest
from pxr import Gf, Usd, UsdGeom, UsdSemantics

import omni.kit.app
from simslate.recorder import State, get_recorder
from simslate.recorder.cli import main

# Keeps a position from frame to frame, and draws numbers.
WANDER = """
import random
import carb.eventdispatcher
import omni.kit.app
import omni.usd
from pxr import Gf
dice = random.Random(5)
def wander(_):
    place = omni.usd.get_context().get_stage().GetPrimAtPath("/World/Ball").GetAttribute("xformOp:translate")
    place.Set(place.Get() + Gf.Vec3d(dice.uniform(-0.2, 0.2), 0, 0))
omni.kit.app.wandering = carb.eventdispatcher.get_eventdispatcher().observe_event(
    event_name=omni.kit.app.GLOBAL_EVENT_UPDATE, on_event=wander, observer_name="wander"
)
"""
FRAMES, PARTS = 5, 2


@pytest.fixture
def app(extended_app):
    return extended_app


@pytest.fixture
def job_file(app, tmp_path):
    """A box that moves by time samples, with motion and masks, and a ball that stands still."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    stage.SetTimeCodesPerSecond(24)
    stage.SetEndTimeCode(30)
    UsdGeom.Camera.Define(stage, "/World/Camera").AddTranslateOp().Set(Gf.Vec3d(0, 0, 8))
    for name, shape in (("Box", UsdGeom.Cube), ("Ball", UsdGeom.Sphere)):
        prim = shape.Define(stage, f"/World/{name}")
        UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr([name.lower()])
        move = prim.AddTranslateOp()
        move.Set(Gf.Vec3d(1.5, 0, 0))
        if name == "Box":
            for frame in range(31):
                move.Set(Gf.Vec3d(-2 + 0.1 * frame, 0.01 * frame * frame, 0), frame)
    stage.Save()
    job = {
        "version": 1,
        "stage": "scene.usda",
        "render_products": [{"camera": "/World/Camera", "resolution": [64, 48]}],
        "writer": {
            "name": "BasicWriter",
            "parameters": {"rgb": True, "instance_segmentation": True, "motion_vectors": True, "camera_params": True},
        },
        "output": {"kind": "disk", "directory": "out", "folder": "set"},
        "frames": FRAMES,
        "control_timeline": True,
        "seed": 3,
    }
    path = tmp_path / "job.json"
    path.write_text(json.dumps(job))
    return path


def files_of_frames(folder):
    """Return (file's name without its number, bytes) of each frame of a data set, in order."""
    frames = {}
    for line in (folder / "simslate/manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry["frame"] is not None:
            path = folder / entry["path"]
            name = path.name.replace(f"{entry['frame']:04d}", "#")
            frames.setdefault(entry["frame"], set()).add((name, path.read_bytes()))
    assert sorted(frames) == list(range(len(frames)))
    return [frames[i] for i in sorted(frames)]


def record(app, job, *words):
    # In a process of its own it would not hear what an earlier script has begun.
    omni.kit.app.wandering = None
    assert app.run(main(["record", str(job), *words])) == 0


def test_the_parts_are_the_frames_of_the_whole(app, job_file, tmp_path):
    record(app, job_file)
    whole = files_of_frames(tmp_path / "out/set")
    assert len({name for name, _ in whole[0]}) == 6
    assert len({frozenset(frame) for frame in whole}) == FRAMES
    parts = []
    for index in range(1, PARTS + 1):
        record(app, job_file, "--shard", f"{index}/{PARTS}")
        parts += files_of_frames(tmp_path / f"out/set-{index}-of-{PARTS}")
    assert parts == whole
    second = json.loads((tmp_path / "out/set-2-of-2/simslate/job.json").read_text())
    assert (second["first_frame"], second["frames"]) == (2, 3)


def test_a_part_that_was_interrupted_is_resumed(app, job_file, tmp_path):
    record(app, job_file)
    folder = tmp_path / f"out/set-2-of-{PARTS}"

    async def interrupted():
        task = asyncio.ensure_future(main(["record", str(job_file), "--shard", f"2/{PARTS}"]))
        while get_recorder().status.state is not State.RECORDING or get_recorder().status.frame < 1:
            await omni.kit.app.get_app().next_update_async()
        task.cancel()
        return await task

    assert app.run(interrupted()) == 130
    assert len(files_of_frames(folder)) < 3
    assert app.run(main(["resume", str(folder)])) == 0
    assert files_of_frames(folder) == files_of_frames(tmp_path / "out/set")[2:]


def test_a_script_goes_through_all_frames_before_a_part(app, job_file, tmp_path):
    (tmp_path / "wander.py").write_text(WANDER)
    job = json.loads(job_file.read_text())
    job_file.write_text(json.dumps({**job, "script": "wander.py"}))
    record(app, job_file)
    record(app, job_file, "--shard", f"2/{PARTS}")
    part = files_of_frames(tmp_path / f"out/set-2-of-{PARTS}")
    assert part == files_of_frames(tmp_path / "out/set")[2:]
    # It is the script that makes them differ from those without it.
    record(app, job_file, "--output", str(tmp_path / "still"), "--frames", "1")
    assert part[0] != files_of_frames(tmp_path / "still")[0]


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "1/0", "a/b", "-1/2", "1/2/3"])
def test_a_part_that_is_none(app, job_file, capsys, text):
    assert app.run(main(["record", str(job_file), f"--shard={text}"])) == 2
    assert f"{text} is not I/N with I from 1 to N" in capsys.readouterr().err


def test_more_parts_than_frames(app, job_file, capsys, tmp_path):
    assert app.run(main(["record", str(job_file), "--shard", "1/6"])) == 2
    assert "5 frames cannot be 6 parts" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
