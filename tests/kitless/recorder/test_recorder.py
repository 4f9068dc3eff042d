"""The recorder on a real host: its loop, its commands, and what it gives back."""

import asyncio
import hashlib
import json

import pytest
from pxr import UsdGeom, UsdSemantics

import omni.kit.app
import omni.replicator.core as rep
import omni.usd
from simslate.recorder import (
    ConfigError,
    IncompleteError,
    OutputError,
    Recorded,
    Recorder,
    StageError,
    State,
    StateError,
    inherited_labels,
)

ALL_OF_FOUR = [
    ("starting", 0),
    ("recording", 0),
    ("recording", 1),
    ("recording", 2),
    ("recording", 3),
    ("recording", 4),
    ("finishing", 4),
    ("idle", 4),
]


async def updates(count):
    for _ in range(count):
        await omni.kit.app.get_app().next_update_async()


def after(writes, call, notes):
    """Have ``call`` called during the given number of the write, counted from 1."""
    notes.on_write.append(lambda: call() if len(notes.times) == writes else None)


def test_a_recording(app, recorder, make_job, notes, seen, tmp_path):
    recorded = app.run(recorder.record(make_job()))
    assert recorded == Recorded(tmp_path / "out" / "set", 4, complete=True)
    assert (len(notes.times), notes.final, seen) == (4, 1, ALL_OF_FOUR)
    assert recorder.folder == recorded.folder


def test_the_files_beside_the_data_are_the_same_every_time(app, recorder, make_job, stage, tmp_path):
    contents = []
    for folder in ("one", "two"):
        output = {"kind": "disk", "directory": "out", "folder": folder}
        side = app.run(recorder.record(make_job(output=output))).folder / "simslate"
        contents.append({path.name: path.read_bytes() for path in side.iterdir()})
    assert contents[0] == contents[1]
    job, report = (json.loads(contents[0][name]) for name in ("job.json", "report.json"))
    assert set(contents[0]) == {"job.json", "report.json", "manifest.jsonl", "frames.jsonl"}
    assert ("output" in job, job["stage"], job["seed"]) == (False, stage.GetRootLayer().identifier, 0)
    product = {"camera": "/World/Camera", "resolution": [16, 9], "name": None}
    manifest = contents[0]["manifest.jsonl"]
    size = len((side.parent / "metadata.txt").read_bytes())
    listed = {"files": 1, "bytes": size, "sha256": hashlib.sha256(manifest).hexdigest()}
    rest = {"classes": None, "degraded": [], "manifest": listed, "suspect": []}
    assert report == {"complete": True, "frames": 4, "writer": "Notes", "render_products": [product], **rest}


def test_everything_is_given_back(app, recorder, make_job, world, stage, tmp_path):
    (tmp_path / "rules.json").write_text('{"rules": [{"match": {"name": "Box"}, "labels": {"class": "box"}}]}')
    before = world()
    app.run(recorder.record(make_job(labels="rules.json")))
    assert world() == before


def test_labels_are_there_while_it_records(app, recorder, make_job, notes, stage, tmp_path):
    UsdSemantics.LabelsAPI.Apply(stage.GetPrimAtPath("/World/Box"), "class").CreateLabelsAttr(["old"])
    (tmp_path / "rules.json").write_text('{"rules": [{"match": {"name": "Box"}, "labels": {"class": "box"}}]}')
    found = []
    notes.on_write.append(lambda: found.append(inherited_labels(stage.GetPrimAtPath("/World/Box"))))
    app.run(recorder.record(make_job(labels="rules.json", frames=1)))
    assert found == [{"class": ["box"]}]
    assert inherited_labels(stage.GetPrimAtPath("/World/Box")) == {"class": ["old"]}


def test_render_products_and_seed_are_those_of_the_job(app, recorder, make_job, notes, world):
    made = []
    notes.on_write.append(lambda: made.extend(world()["render products"]))
    sizes = {"small": [16, 9], "large": [32, 18]}
    products = [{"camera": "/World/Camera", "resolution": size, "name": name} for name, size in sizes.items()]
    recorded = app.run(recorder.record(make_job(render_products=products, frames=1, seed=7)))
    assert {name: size for name, *size in made} == sizes
    assert json.loads((recorded.folder / "metadata.txt").read_text())["replicator_global_seed:"] == 7


def test_capture_on_play_is_off_meanwhile(app, recorder, make_job, notes, world):
    found = []
    notes.on_write.append(lambda: found.append(world()["capture on play"]))
    app.run(recorder.record(make_job(frames=1)))
    assert (found, world()["capture on play"]) == ([False], True)


def test_warm_up_frames_are_not_written(app, recorder, make_job, notes):
    first_write, began = [], 0
    after(1, lambda: first_write.append(app.get_update_number() - began), notes)
    for warmup in (0, 5):
        notes.times.clear()
        began = app.get_update_number()
        output = {"kind": "disk", "directory": "out", "folder": f"warm{warmup}"}
        app.run(recorder.record(make_job(frames=2, warmup_frames=warmup, output=output)))
        assert len(notes.times) == 2
    assert first_write[1] == first_write[0] + 5


def test_without_a_number_of_frames_it_records_until_stopped(app, recorder, make_job, notes):
    after(7, recorder.stop, notes)
    recorded = app.run(recorder.record(make_job(frames=None)))
    assert (recorded.frames, recorded.complete, len(notes.times)) == (7, True, 7)
    assert (recorded.folder / "simslate" / "report.json").exists()


def test_stopped_early_the_data_set_is_not_whole(app, recorder, make_job, notes, seen):
    after(2, recorder.stop, notes)
    recorded = app.run(recorder.record(make_job()))
    assert (recorded.frames, recorded.complete, len(notes.times)) == (2, False, 2)
    names = sorted(path.name for path in (recorded.folder / "simslate").iterdir())
    assert names == ["frames.jsonl", "job.json", "manifest.jsonl"]
    assert seen[-3:] == [("recording", 1), ("finishing", 2), ("idle", 2)]


def test_pause_and_resume(app, recorder, make_job, notes, seen):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job()))
        while len(notes.times) < 2:
            await updates(1)
        recorder.pause()
        await updates(20)
        paused_at = len(notes.times)
        recorder.resume()
        await task
        return paused_at

    # The frame that was under way is still recorded.
    assert app.run(scenario()) == 3
    assert len(notes.times) == 4
    assert [state for state, _ in seen].count("paused") == 1


def test_stop_while_paused(app, recorder, make_job, notes, seen):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job()))
        while recorder.status.state is not State.PAUSED:
            await updates(1)
        await updates(5)
        recorder.stop()
        return await task

    after(1, recorder.pause, notes)
    assert app.run(scenario()).frames == 1
    assert seen[-3:] == [("paused", 1), ("finishing", 1), ("idle", 1)]


def test_pause_and_resume_within_one_frame_never_make_two_loops(app, recorder, make_job, notes, seen, monkeypatch):
    """The second fault of NVIDIA's recorder: two concurrent steps and one frame too many."""
    steps, running, most = [], [], []
    real = rep.orchestrator.step_async

    async def counted(**options):
        steps.append(options)
        running.append(1)
        most.append(len(running))
        await real(**options)
        running.pop()

    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job(frames=20)))
        while not task.done():
            if recorder.status.state is State.RECORDING:
                recorder.pause()
                recorder.resume()
            await asyncio.sleep(0)

    monkeypatch.setattr(rep.orchestrator, "step_async", counted)
    app.run(scenario())
    assert (len(steps), max(most), len(notes.times)) == (20, 1, 20)
    assert steps[0] == {"rt_subframes": -1, "delta_time": None, "pause_timeline": False}
    assert "paused" not in {state for state, _ in seen}


def test_idle_is_announced_when_all_is_released(app, recorder, make_job, notes, world):
    """The third fault of NVIDIA's recorder: a second start met the first one's writer and render products."""
    first = make_job()
    second = make_job(output={"kind": "disk", "directory": "out", "folder": "second"})
    found: list = []
    tasks: list = []
    before = world()

    def on_status(status):
        if status.state is State.IDLE and not tasks:
            found.append((world(), (first.output.directory / "set" / "simslate" / "report.json").exists()))
            tasks.append(asyncio.ensure_future(recorder.record(second)))

    async def scenario():
        await recorder.record(first)
        return await tasks[0]

    recorder.subscribe(on_status)
    assert app.run(scenario()).folder.name == "second"
    assert found == [(before, True)]
    assert len(notes.times) == 8


@pytest.mark.parametrize("command", ["pause", "resume", "stop"])
def test_an_idle_recorder_refuses_commands(recorder, command):
    with pytest.raises(StateError, match=f"cannot {command} while idle"):
        getattr(recorder, command)()


def test_a_second_recording_at_once_is_refused_and_does_not_disturb_the_first(app, recorder, make_job, notes):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job()))
        await updates(2)
        with pytest.raises(StateError, match="cannot record while"):
            await recorder.record(make_job())
        return await task

    assert app.run(scenario()).complete


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"writer": {"name": "Nots"}}, ConfigError, 'did you mean "Notes"'),
        ({"writer": {"name": "Notes", "parameters": {"refuse": True}}}, ConfigError, "refuses them: refuse is not"),
        ({"render_products": [{"camera": "/World/Box", "resolution": [1, 1]}]}, ConfigError, "is a Cube"),
        ({"labels": "none.json"}, ConfigError, "none.json: cannot be read"),
        ({"output": {"kind": "disk", "directory": "job.json"}}, OutputError, "Not a directory"),
    ],
)
def test_a_failed_start_changes_nothing(app, recorder, make_job, seen, world, tmp_path, changes, error, message):
    (tmp_path / "job.json").write_text("{}")
    before, files = world(), sorted(tmp_path.rglob("*"))
    with pytest.raises(error, match=message):
        app.run(recorder.record(make_job(**changes)))
    assert (world(), sorted(tmp_path.rglob("*"))) == (before, files)
    assert seen == [("starting", 0), ("finishing", 0), ("idle", 0)]
    assert isinstance(recorder.status.error, error)


def test_without_a_stage(app, recorder, make_job):
    job = make_job()
    omni.usd.get_context().close_stage()
    with pytest.raises(StageError, match="no stage is open"):
        app.run(recorder.record(job))
    assert recorder.status.state is State.IDLE


def test_the_next_recording_forgets_the_last_error(app, recorder, make_job):
    with pytest.raises(ConfigError):
        app.run(recorder.record(make_job(writer={"name": "None"})))
    app.run(recorder.record(make_job()))
    assert recorder.status.error is None


def test_a_writer_that_fails(app, recorder, make_job, notes, world):
    def fail():
        raise ZeroDivisionError("no")

    before = world()
    after(3, fail, notes)
    with pytest.raises(IncompleteError, match="ended after 2 of 4 frames: ZeroDivisionError: no"):
        app.run(recorder.record(make_job()))
    assert (world(), recorder.status.frame) == (before, 2)
    assert not (recorder.folder / "simslate" / "report.json").exists()


@pytest.mark.parametrize("frame", [2, 4])
def test_a_file_that_cannot_be_written(app, recorder, make_job, notes, world, tmp_path, frame):
    """In the middle it surfaces at the next frame, in the last one when the files are waited for."""

    def write():
        (tmp_path / "out" / "set" / "picture").write_text("in the way")
        notes.instances[0].backend.schedule(rep.functional.write_json, path="picture/0.json", data=1)

    before = world()
    after(frame, write, notes)
    with pytest.raises(OutputError, match=r"picture.*after [234] of 4 frames"):
        app.run(recorder.record(make_job()))
    assert world() == before
    assert not (recorder.folder / "simslate" / "report.json").exists()


@pytest.mark.parametrize("how", ["close_stage", "new_stage"])
def test_the_stage_closes(app, recorder, make_job, notes, how):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job()))
        while len(notes.times) < 2:
            await updates(1)
        getattr(omni.usd.get_context(), how)()
        await task

    with pytest.raises(IncompleteError, match="the stage was closed after 2 of 4 frames"):
        app.run(scenario())
    assert (len(notes.times), recorder.status.state) == (2, State.IDLE)


def test_the_stage_closes_while_paused(app, recorder, make_job, notes):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job()))
        while recorder.status.state is not State.PAUSED:
            await updates(1)
        omni.usd.get_context().close_stage()
        await task

    after(1, recorder.pause, notes)
    with pytest.raises(IncompleteError, match="the stage was closed after 1 of 4 frames"):
        app.run(scenario())


def test_cancelled_it_writes_out_what_is_there(app, recorder, make_job, notes, world):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job(frames=None)))
        while len(notes.times) < 3:
            await updates(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    before = world()
    app.run(scenario())
    assert (recorder.status.state, recorder.status.frame, recorder.status.error) == (State.IDLE, 3, None)
    assert (world(), (recorder.folder / "metadata.txt").exists()) == (before, True)
    assert not (recorder.folder / "simslate" / "report.json").exists()


def test_stopped_during_warm_up_it_leaves_nothing(app, recorder, make_job, tmp_path, notes):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(make_job(warmup_frames=50)))
        await updates(5)
        assert (recorder.status.state, recorder.status.frame, notes.times) == (State.RECORDING, 0, [])
        recorder.stop()
        return await task

    recorded = app.run(scenario())
    assert (recorded.frames, recorded.complete) == (0, False)
    assert not (tmp_path / "out").exists()


def test_two_hundred_recordings_leave_nothing_behind(app, make_job, world, process):
    recorder = Recorder()
    job = make_job(frames=1, output={"kind": "disk", "directory": "out", "folder": "set", "on_conflict": "overwrite"})
    # The threads that write stay as long as the app.
    app.run(recorder.record(job))
    before, held = world(), process()
    for _ in range(200):
        app.run(recorder.record(job))
    assert (world(), process()) == (before, held)


def test_a_camera_by_script_is_found(app, recorder, make_job, stage):
    UsdGeom.Camera.Define(stage, "/World/Late")
    product = {"camera": "/World/Late", "resolution": [4, 4]}
    assert app.run(recorder.record(make_job(render_products=[product]))).complete
