"""Good frames through a whole recording: what is bad is rendered again, and what stays bad is said everywhere."""

import json
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdSemantics

import omni.replicator.core as rep
import omni.usd
from simslate.recorder import Job, get_recorder
from simslate.recorder.cli import main
from simslate.recorder.dataset.manifest import FRAMES, read_frames

ROOT = Path(__file__).parents[3]
SEVERAL = {"semantic_segmentation": True, "bounding_box_2d_tight": True, "distance_to_camera": True}


@pytest.fixture
def app(extended_app):
    return extended_app


@pytest.fixture
def job_file(app, tmp_path):
    """A job of four frames of a labelled cube that moves."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    stage.SetTimeCodesPerSecond(24)
    stage.SetStartTimeCode(1)
    stage.SetEndTimeCode(12)
    UsdGeom.Camera.Define(stage, "/World/Camera")
    mug = UsdGeom.Cube.Define(stage, "/World/Mug")
    move = mug.AddTranslateOp()
    for code in (1, 12):
        move.Set(Gf.Vec3d(0.1 * code, 0, -9), code)
    UsdSemantics.LabelsAPI.Apply(mug.GetPrim(), "class").CreateLabelsAttr(["mug"])
    stage.Save()
    job = {
        "version": 1,
        "stage": "scene.usda",
        "render_products": [{"camera": "/World/Camera", "resolution": [32, 24]}],
        "writer": {"name": "BasicWriter", "parameters": SEVERAL},
        "output": {"kind": "disk", "directory": "out", "folder": "set"},
        "frames": 4,
        "control_timeline": True,
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    return tmp_path / "job.json"


@pytest.fixture
def record(app, job_file, tmp_path, capsys):
    """Run the command line: the exit code, the folder and what was said."""

    def run(name="set", **changes):
        job_file.write_text(json.dumps({**json.loads(job_file.read_text()), **changes}))
        capsys.readouterr()
        code = app.run(main(["record", str(job_file), "--output", str(tmp_path / "out" / name)]))
        return code, tmp_path / "out" / name, capsys.readouterr()

    return run


@pytest.fixture
def spoil(monkeypatch):
    """Return a function that changes what an annotator computes in the captures whose numbers, from 0, are given."""
    undo = []

    def at(name, change, is_bad):
        spec = rep.AnnotatorRegistry._spec(name)
        compute, count = spec.compute, iter(range(10**6))

        def spoilt(frame, node):
            output = compute(frame, node)
            return change(output) if is_bad(next(count)) else output

        # A specification is frozen, and nodes hold it.
        object.__setattr__(spec, "compute", spoilt)
        undo.append((spec, compute))

    yield at
    for spec, compute in undo:
        object.__setattr__(spec, "compute", compute)


def blank(output):
    return {"data": np.zeros_like(output["data"]), "idToLabels": {"0": {"class": "BACKGROUND"}}}


def not_a_number(output):
    data = output if isinstance(output, np.ndarray) else output["data"]
    spoilt = np.full_like(data, np.nan)
    return spoilt if isinstance(output, np.ndarray) else {**output, "data": spoilt}


FAULTS = {"a blank mask": ("semantic_segmentation", blank), "depth that is NaN": ("distance_to_camera", not_a_number)}


def verdicts(folder):
    return [line.verdict for line in read_frames(folder / "simslate" / FRAMES).lines]


def data_of(folder):
    """The files of the data set, without ours."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.parent == folder}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_frame_that_is_bad_once_is_rendered_again(record, spoil, fault):
    code, usual, _ = record("usual")
    assert (code, verdicts(usual)) == (0, ["ok"] * 4)
    spoil(*FAULTS[fault], lambda number: number == 2)
    code, folder, _ = record()
    assert (code, verdicts(folder)) == (0, ["ok", "ok", "retried", "ok"])
    # Later frames, too, are where and when they would have been.
    assert data_of(folder) == data_of(usual)
    frames = [json.loads(line) for line in (folder / "simslate" / FRAMES).read_text().splitlines()]
    assert FAULTS[fault][0] in frames[2]["reasons"][0]
    assert [frame["timeline_time"] for frame in frames] == [round((1 + n) / 24, 9) for n in range(4)]
    assert json.loads((folder / "simslate" / "report.json").read_text())["suspect"] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_frame_that_stays_bad_is_written_and_said_everywhere(record, spoil, fault):
    spoil(*FAULTS[fault], lambda number: 1 <= number <= 3)
    code, folder, said = record(retries=2)
    assert (code, verdicts(folder)) == (3, ["ok", "suspect", "ok", "ok"])
    assert said.err.splitlines()[-1] == "error: 1 suspect: frame 1; frames.jsonl says why"
    report = json.loads((folder / "simslate" / "report.json").read_text())
    assert (report["complete"], report["frames"], report["suspect"]) == (True, 4, [1])
    assert len(list(folder.glob("semantic_segmentation_0*.png"))) == 4


def test_a_frame_that_never_arrives_ends_the_recording(record, spoil, monkeypatch):
    deliver = rep.Writer.deliver
    count = iter(range(10**6))
    monkeypatch.setattr(rep.Writer, "deliver", lambda self, *args: deliver(self, *args) if next(count) < 2 else None)
    code, folder, said = record()
    assert (code, verdicts(folder)) == (3, ["ok", "ok"])
    assert said.err.splitlines()[-1] == "error: no data arrived at the writer (after 2 of 4 frames)"
    assert not (folder / "simslate" / "report.json").exists()


@pytest.mark.parametrize("warmup", [1, 5])
def test_warm_up_is_neither_written_nor_counted(record, warmup):
    _, usual, _ = record("usual")
    code, folder, _ = record(warmup_frames=warmup)
    assert (code, verdicts(folder)) == (0, ["ok"] * 4)
    assert [line.frame for line in read_frames(folder / "simslate" / FRAMES).lines] == [0, 1, 2, 3]
    assert data_of(folder) == data_of(usual)


def test_a_flawed_frame_of_the_warm_up_is_none_of_the_recording(record, spoil):
    spoil(*FAULTS["a blank mask"], lambda number: number < 3)
    code, folder, _ = record(warmup_frames=3)
    assert (code, verdicts(folder)) == (0, ["ok"] * 4)


def test_the_recorder_tells_which_are_suspect(app, job_file, spoil):
    omni.usd.get_context().open_stage(str(job_file.with_name("scene.usda")))
    spoil(*FAULTS["a blank mask"], lambda number: number >= 2)
    recorded = app.run(get_recorder().record(Job.load(job_file)))
    assert (recorded.complete, recorded.suspect) == (True, (2, 3))


def test_annotators_of_different_times_are_no_frame(record, app, monkeypatch):
    """A second product whose picture is an update older."""
    from simslate.recorder import frame_checks

    times = frame_checks.times
    monkeypatch.setattr(frame_checks, "times", lambda payload: {**times(payload), "rgb of old": (1, 24)})
    code, folder, _ = record(retries=1)
    assert (code, verdicts(folder)) == (3, ["suspect"] * 4)


@pytest.mark.parametrize("name", ["tabletop", "everything", "carla"])
def test_the_sample_jobs_have_good_frames_only(app, tmp_path, name):
    data = json.loads((ROOT / "config" / f"{name}.json").read_text())
    products = [{**product, "resolution": [96, 64]} for product in data["render_products"]]
    for key in ("stage", "labels", "script"):
        if data.get(key):
            data[key] = str((ROOT / "config" / data[key]).resolve())
    job = tmp_path / "job.json"
    job.write_text(json.dumps({**data, "render_products": products, "output": {"kind": "disk"}}))
    if name == "carla":
        app.get_extension_manager().set_extension_enabled_immediate("simslate.carla", True)
    assert app.run(main(["record", str(job), "--output", str(tmp_path / "set")])) == 0
    assert set(verdicts(tmp_path / "set")) == {"ok"}
