"""The Script Editor snippets of docs/snippets, each run exactly as it is pasted; the one for S3 is in tests/s3."""

import ast
import json
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import omni.kit.commands
import omni.kit.undo
import omni.usd
from omni.kit.app import App
from simslate.recorder import State, get_recorder, own_labels

ROOT = Path(__file__).parents[2]
SNIPPETS = {path.stem: path for path in (ROOT / "docs/snippets").glob("*.py")}
BOX = "/World/_03_cracker_box"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("user")
    with App(data_dir=folder, ext_folders=[ROOT / "exts"], enable=["simslate.recorder"]) as app:
        yield app


@pytest.fixture
def stage(app, tmp_path, monkeypatch):
    """The sample stage, open, in a home of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    omni.usd.get_context().open_stage(str(ROOT / "data/tabletop.usda"))
    return omni.usd.get_context().get_stage()


@pytest.fixture
def paste(app):
    """Run a snippet as the Script Editor does, and return its names."""

    def paste(name):
        names = {"__name__": "__main__"}
        with app.as_running_loop():
            exec(compile(SNIPPETS[name].read_text(), "<script editor>", "exec"), names)
        return names

    return paste


@pytest.fixture
def run(app, paste):
    """Paste a snippet and update until the task it started is done."""

    def run(name):
        task = paste(name)["task"]

        async def done():
            await task

        app.run(done())

    return run


def test_every_snippet_is_known_here():
    tried = {"label_selection", "audit", "record", "pause_and_resume", "custom_writer", "record_to_s3"}
    assert set(SNIPPETS) == tried


@pytest.mark.parametrize("name", sorted(SNIPPETS))
def test_a_snippet_is_short_told_and_can_be_pasted(name):
    text = SNIPPETS[name].read_text()
    # Without the flag that some consoles set, a top-level await is a SyntaxError.
    tree = compile(text, name, "exec", flags=ast.PyCF_ONLY_AST)
    assert ast.get_docstring(tree)
    assert text.count("\n") <= 45


def test_the_selection_gets_its_label(stage, paste):
    omni.usd.get_context().get_selection().set_selected_prim_paths([BOX], True)
    paste("label_selection")
    assert own_labels(stage.GetPrimAtPath(BOX)) == {"class": ["box"]}
    omni.kit.undo.undo()
    assert own_labels(stage.GetPrimAtPath(BOX)) == {}


def test_an_audit_tells_what_has_no_label(stage, paste, capsys):
    paste("audit")
    assert "0 of" in capsys.readouterr().out.splitlines()[0]
    omni.kit.commands.execute("SimslateApplyLabelRules", rules=str(ROOT / "config/labels/tabletop.json"))
    paste("audit")
    first, *rest = capsys.readouterr().out.splitlines()
    assert not first.startswith("0 of")
    assert any(line.startswith("warning unlabelled /World/mug") for line in rest)
    assert not any(BOX in line for line in rest)


def test_ten_frames_are_recorded_with_a_pause_between_them(app, stage, paste, tmp_path, capsys):
    omni.kit.commands.execute("SimslateAddLabels", labels="box", paths=[BOX])
    statuses = []
    cancel = get_recorder().subscribe(statuses.append)
    recording = paste("record")["task"]

    async def begin():
        while get_recorder().status.frame < 2 and not recording.done():
            await app.next_update_async()

    app.run(begin())
    pausing = paste("pause_and_resume")["task"]

    async def end():
        await pausing
        await recording

    app.run(end())
    cancel()
    states = [status.state for status in statuses]
    assert State.RECORDING in states[states.index(State.PAUSED) :]
    folder = tmp_path / "simslate/frames"
    told = capsys.readouterr().out.splitlines()
    assert (told[0][:16], told[1]) == ("paused at frame ", f"10 frames in {folder}")
    assert json.loads((folder / "simslate/report.json").read_text())["complete"]
    assert len(list(folder.glob("rgb_*.png"))) == 10
    with Image.open(folder / "rgb_0009.png") as picture:
        assert picture.size == (320, 240)
    assert {"class": "box"} in json.loads((folder / "semantic_segmentation_labels_0000.json").read_text()).values()


def test_a_writer_of_ones_own_is_recorded_with(stage, run, tmp_path):
    run("custom_writer")
    run("custom_writer")  # who pastes it again, changed, gets the new one
    for folder in (tmp_path / "simslate/nearest", tmp_path / "simslate/nearest_0001"):
        values = [json.loads((folder / f"nearest_{frame:04}.json").read_text())["metres"] for frame in range(3)]
        # The camera's distance to the middle of the table's things, and the room behind them, bound it.
        assert all(0.1 < value < 3 for value in values)
        assert np.isfinite(values).all()


def test_the_script_of_the_readme_runs(app, stage, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text()
    (code,) = re.findall(r"^    import asyncio\n(?:    .*\n|\n)+", readme, re.MULTILINE)
    with app.as_running_loop():
        exec(compile(textwrap.dedent(code), "README.md", "exec"), {"__name__": "__main__"})

    async def told():
        while not (text := capsys.readouterr().out):
            await app.next_update_async()
        return text

    text = app.run(told())
    assert text.endswith(" metres to the nearest surface\n")
    assert 0.1 < float(text.split()[0]) < 3
