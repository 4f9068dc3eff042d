"""What is told of a data set that was resumed, without a process of its own."""

import asyncio
import json

import pytest
from pxr import Gf, UsdGeom, UsdSemantics

import omni.kit.app
from simslate.recorder import State


@pytest.fixture
def job(make_job, stage):
    """Eight frames; a labelled box is behind another until frame 2, and out of view later."""
    for name, place in {"Front": (0, 0, -5), "Behind": (0, 0, -12)}.items():
        cube = UsdGeom.Cube.Define(stage, f"/World/{name}")
        move = cube.AddTranslateOp()
        for code in (1, 3):
            move.Set(Gf.Vec3d(*place), code)
        if name == "Behind":
            move.Set(Gf.Vec3d(90, 0, -12), 4)
        UsdSemantics.LabelsAPI.Apply(cube.GetPrim(), "class").CreateLabelsAttr([name.lower()])
    stage.RemovePrim("/World/Box")

    def make(folder, frames=8, **changes):
        output = {"kind": "disk", "directory": "out", "folder": folder, "on_conflict": "resume"}
        writer = {"name": "BasicWriter", "parameters": {"semantic_segmentation": True}}
        return make_job(writer=writer, output=output, frames=frames, control_timeline=True, **changes)

    return make


def stop_at(recorder, frame):
    return recorder.subscribe(
        lambda status: recorder.stop() if status.state is State.RECORDING and status.frame >= frame else None
    )


def report(folder):
    return json.loads((folder / "simslate" / "report.json").read_text())


def test_the_reason_for_what_was_never_seen_is_that_of_all_frames(app, recorder, job):
    whole = app.run(recorder.record(job("whole")))
    assert "hidden" in whole.never_seen[0]
    cancel = stop_at(recorder, 6)
    assert not app.run(recorder.record(job("stopped"))).complete
    cancel()
    resumed = app.run(recorder.record(job("stopped")))
    assert (resumed.never_seen, report(resumed.folder)) == (whole.never_seen, report(whole.folder))


def test_stopped_while_frames_are_rendered_again_all_of_them_count(app, recorder, job, tmp_path):
    """Without a number of frames a recording that is stopped is complete, with those that are there."""
    # With a script all frames are rendered again.
    (tmp_path / "nothing.py").touch()
    endless = job("stopped", frames=None, script="nothing.py")
    cancel = stop_at(recorder, 6)
    app.run(recorder.record(endless))
    cancel()
    (recorder.folder / "simslate" / "report.json").unlink()

    async def stopped_at_once():
        task = asyncio.ensure_future(recorder.record(endless))
        while recorder.status.state is not State.RECORDING:
            await omni.kit.app.get_app().next_update_async()
        assert recorder.status.frame == 0
        recorder.stop()
        return await task

    recorded = app.run(stopped_at_once())
    assert (recorded.frames, recorded.complete, report(recorded.folder)["frames"]) == (6, True, 6)


def test_a_complete_set_with_suspect_frames_says_so_again(app, recorder, job):
    folder = app.run(recorder.record(job("whole"))).folder
    path = folder / "simslate" / "report.json"
    path.write_text(json.dumps({**report(folder), "suspect": [3]}))
    assert app.run(recorder.record(job("whole"))).suspect == (3,)
