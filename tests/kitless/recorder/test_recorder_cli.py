"""The command line in a running host: what it prints, what it leaves, and its exit codes."""

import asyncio
import json

import pytest
from pxr import Usd, UsdGeom

import omni.kit.app
import omni.replicator.core as rep
import omni.usd
from simslate.recorder import State, StateError, get_recorder
from simslate.recorder.cli import main


@pytest.fixture
def app(extended_app):
    return extended_app


@pytest.fixture
def job_file(app, tmp_path, notes):
    """The path of a job of three frames for a stage in a file, both in tmp_path."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "scene.usda"))
    UsdGeom.Camera.Define(stage, "/World/Camera")
    stage.Save()
    data = {
        "version": 1,
        "stage": "scene.usda",
        "render_products": [{"camera": "/World/Camera", "resolution": [16, 9]}],
        "writer": {"name": "Notes"},
        "output": {"kind": "disk", "directory": "out", "folder": "set"},
        "frames": 3,
    }
    (tmp_path / "job.json").write_text(json.dumps(data))
    return tmp_path / "job.json"


@pytest.fixture
def change(job_file):
    """Return a function that changes keys of the job file."""

    def change(**changes):
        job_file.write_text(json.dumps({**json.loads(job_file.read_text()), **changes}))

    return change


@pytest.fixture
def simslate(app, capsys):
    """Return a function that runs the command line: (exit code, stdout, stderr)."""

    def run(*argv):
        capsys.readouterr()
        code = app.run(main([str(arg) for arg in argv]))
        return code, *capsys.readouterr()

    return run


def test_record(simslate, job_file, notes, tmp_path):
    code, out, err = simslate("record", job_file)
    assert (code, out) == (0, f"3 frames in {tmp_path / 'out' / 'set'}\n")
    assert "3/3 frames" in err
    assert len(notes.times) == 3
    report = json.loads((tmp_path / "out" / "set" / "simslate" / "report.json").read_text())
    assert (report["complete"], report["frames"]) == (True, 3)
    effective = json.loads((tmp_path / "out" / "set" / "simslate" / "job.json").read_text())
    assert effective["stage"] == str(tmp_path / "scene.usda")


def test_json(simslate, job_file, tmp_path):
    code, out, _ = simslate("record", job_file, "--json")
    told = {"folder": str(tmp_path / "out" / "set"), "frames": 3, "complete": True, "suspect": []}
    assert (code, json.loads(out)) == (0, told)


def test_options_change_the_job(simslate, job_file, notes, tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    (tmp_path / "scene.usda").rename(tmp_path / "there" / "other.usda")
    monkeypatch.chdir(tmp_path / "there")
    options = ("--stage", "other.usda", "--output", "data", "--frames", 2, "--on-conflict", "increment")
    folders = [simslate("record", job_file, *options)[1] for _ in range(2)]
    assert folders == [f"2 frames in {tmp_path / 'there' / name}\n" for name in ("data", "data_0001")]
    assert len(notes.times) == 4


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"frames": 0}, 2, "job.json:1: $.frames: 0 is not a whole number from 1"),
        ({"stage": "none.usda"}, 2, "$.stage: there is no file"),
        ({"stage": "job.json"}, 2, "$.stage: "),
        ({"writer": {"name": "Nodes"}}, 2, '$.writer.name: "Nodes" is not a registered writer; did you mean "Notes"?'),
        ({"script": "none.py"}, 2, "none.py cannot be read: [Errno 2] No such file or directory"),
        ({"script": "scene.usda"}, 2, "scene.usda cannot be read: invalid syntax (scene.usda, line 3)"),
        ({"output": {"kind": "disk", "directory": "scene.usda"}}, 4, "scene.usda"),
    ],
)
def test_bad_input(simslate, job_file, change, tmp_path, changes, code, message):
    change(**changes)
    before = sorted(tmp_path.glob("[!u]*"))
    result = simslate("record", job_file)
    assert (result[0], result[1]) == (code, "")
    assert message in result[2]
    assert result[2].count("error: ") == 1
    assert "Traceback" not in result[2]
    assert sorted(tmp_path.glob("[!u]*")) == before


def test_each_problem_has_a_line(simslate, job_file, change):
    change(frames=0, seed=-1)
    code, _, err = simslate("record", job_file)
    assert (code, [line.split(": ")[2] for line in err.splitlines()]) == (2, ["$.frames", "$.seed"])


def test_a_folder_that_is_there(simslate, job_file):
    simslate("record", job_file)
    code, out, err = simslate("record", job_file)
    assert (code, out) == (4, "")
    assert "is there already and is not empty" in err


def test_a_writer_that_fails(simslate, job_file, notes):
    notes.on_write.append(lambda: 1 / 0)
    code, _, err = simslate("record", job_file)
    assert (code, err) == (3, "error: the recording ended after 0 of 3 frames: ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize(
    "argv", [[], ["rekord"], ["record"], ["record", "j.json", "--frames", "x"], ["record", "j.json", "--frames", "0"]]
)
def test_usage_errors(simslate, argv):
    code, out, err = simslate(*argv)
    assert (code, out) == (2, "")
    assert err.startswith("usage: simslate")


@pytest.mark.parametrize("frames", ["0", "-1", "x", "1.5", "9" * 5000])
def test_a_number_of_frames_that_is_none(simslate, job_file, frames):
    code, _, err = simslate("record", job_file, f"--frames={frames}")
    assert (code, "argument --frames: " in err, "is not a whole number from 1" in err) == (2, True, True)


def test_one_frame_is_one_frame(simslate, job_file, tmp_path):
    assert simslate("record", job_file, "--frames", 1)[1] == f"1 frame in {tmp_path / 'out' / 'set'}\n"


def test_help_names_the_other_command(simslate):
    code, out, _ = simslate("--help")
    assert code == 0
    assert "exec SCRIPT.py" in out
    assert "130 interrupted" in out


def test_a_script_changes_the_stage_first(simslate, job_file, change, tmp_path):
    script = "import omni.usd, pathlib\nassert pathlib.Path(__file__).name == 'late.py'\n"
    script += "omni.usd.get_context().get_stage().DefinePrim('/World/Late', 'Camera')\n"
    (tmp_path / "late.py").write_text(script)
    change(script="late.py", render_products=[{"camera": "/World/Late", "resolution": [4, 4]}])
    assert simslate("record", job_file)[0] == 0


def test_a_script_that_fails(simslate, job_file, change, tmp_path):
    (tmp_path / "bad.py").write_text("x = 1\ny = x / 0\n")
    change(script="bad.py")
    code, out, err = simslate("record", job_file)
    assert (code, out) == (2, "")
    assert err == f"error: {job_file}: $.script: {tmp_path / 'bad.py'}, line 2: ZeroDivisionError: division by zero\n"


@pytest.mark.parametrize("frames", [1000, None])
def test_interrupted(app, job_file, change, notes, tmp_path, capsys, frames):
    async def scenario():
        task = asyncio.ensure_future(main(["record", str(job_file)]))
        while len(notes.times) < 5:
            await omni.kit.app.get_app().next_update_async()
        task.cancel()
        return await task

    change(frames=frames)
    assert app.run(scenario()) == 130
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[-1]) == ("", f"interrupted: 5 frames in {tmp_path / 'out' / 'set'}")
    assert get_recorder().status.state is State.IDLE


def test_interrupted_before_the_first_frame(app, job_file, tmp_path, capsys):
    async def scenario():
        task = asyncio.ensure_future(main(["record", str(job_file)]))
        await asyncio.sleep(0)
        task.cancel()
        return await task

    assert app.run(scenario()) == 130
    assert capsys.readouterr() == ("", "interrupted: nothing was recorded\n")
    assert not (tmp_path / "out").exists()


def test_the_recorder_lives_as_long_as_the_extension(app):
    manager = omni.kit.app.get_app().get_extension_manager()
    first = get_recorder()
    assert get_recorder() is first
    manager.set_extension_enabled_immediate("simslate.recorder", False)
    with pytest.raises(StateError, match=r"simslate\.recorder is not enabled"):
        get_recorder()
    manager.set_extension_enabled_immediate("simslate.recorder", True)
    assert get_recorder() is not first


def test_disabling_the_extension_ends_a_recording(app, job_file, notes, change):
    async def scenario():
        task = asyncio.ensure_future(main(["record", str(job_file)]))
        while not notes.times:
            await omni.kit.app.get_app().next_update_async()
        manager = omni.kit.app.get_app().get_extension_manager()
        manager.set_extension_enabled_immediate("simslate.recorder", False)
        return await task

    change(frames=None)
    assert app.run(scenario()) == 0
    assert rep.WriterRegistry.get_writer_render_products() == set()
