"""What the window shows in each state, and which buttons work, without a window."""

import dataclasses

import pytest

from simslate.recorder import ConfigError, State, Status
from simslate.window.control import (
    button,
    entry_buttons,
    field_off,
    last_problem,
    pause_button,
    progress,
    sensor_line,
    start_button,
    status_line,
)
from simslate.window.draft import DEFAULT
from simslate.window.field_table import BUTTONS, FIELDS
from simslate.window.labelling import entries
from simslate.window.model import RecorderModel
from simslate.window.world import Label, Selected, World

from .window_drafts import RUNNING, WORLD, at, startable


@pytest.fixture
def model():
    return startable()


# --- states


@pytest.mark.parametrize(
    ("snapshot", "start", "pause", "line"),
    [
        (at(State.IDLE), ("Start", True), ("Pause", False), "Ready"),
        (at(State.STARTING, 0, 4), ("Stop", True), ("Pause", False), "Starting ..."),
        (
            at(State.RECORDING, 2, 4, seconds=1.0),
            ("Stop", True),
            ("Pause", True),
            "2/4 frames, 2.0 frames/s, 0:01 left",
        ),
        (at(State.RECORDING, 2, None, seconds=4.0), ("Stop", True), ("Pause", True), "2 frames, 0.5 frames/s"),
        (
            at(State.PAUSED, 2, 4, seconds=1.0),
            ("Stop", True),
            ("Resume", True),
            "2/4 frames, 2.0 frames/s, 0:01 left, paused",
        ),
        (at(State.FINISHING, 4, 4), ("Stop", False), ("Pause", False), "Writing the last files ..."),
        (at(State.IDLE, 1, 4, OSError("full")), ("Start", True), ("Pause", False), "Failed after 1 frame"),
        (at(State.IDLE, 4, 4, folder="/out/set"), ("Start", True), ("Pause", False), "4 frames in /out/set"),
    ],
    ids=["idle", "starting", "recording", "endless", "paused", "finishing", "failed", "done"],
)
def test_each_state_has_its_buttons_and_line(snapshot, start, pause, line):
    begun, held = start_button(snapshot), pause_button(snapshot)
    assert (begun.text, begun.enabled) == start
    assert (held.text, held.enabled) == pause
    assert begun.tooltip
    assert held.tooltip
    assert status_line(snapshot) == line


@pytest.mark.parametrize("state", RUNNING)
def test_what_is_recorded_cannot_be_changed_meanwhile(state):
    snapshot = at(state)
    off = {path: field_off(snapshot, path.replace("*", "0")) for path in FIELDS}
    assert {path for path, reason in off.items() if not reason} == {
        path for path in FIELDS if path.startswith(("sensors.", "config."))
    }
    assert not any(field_off(at(State.IDLE), path.replace("*", "0")) for path in FIELDS)
    for name in ("labels.add", "rules.apply", "products.add", "config.load", "config.reset", "products.0.delete"):
        assert not button(snapshot, name).enabled
    assert sensor_line(snapshot) == "Updates resume after the recording."


@pytest.mark.parametrize(("frame", "frames", "share"), [(0, 4, 0.0), (3, 4, 0.75), (4, 4, 1.0), (7, None, 0.0)])
def test_the_bar_shows_the_share(frame, frames, share):
    assert progress(at(State.RECORDING, frame, frames, seconds=1.0)) == share


def test_the_last_problem_is_whole():
    assert last_problem(at(State.IDLE, error=ConfigError("one", "two"))) == "one\ntwo"
    assert last_problem(at(State.IDLE, error=ValueError("odd"))) == "ValueError: odd"
    assert last_problem(at(State.IDLE)) == ""
    assert last_problem(at(State.IDLE, notes={"control.start": "!the script fails"})) == "the script fails"


def test_seconds_run_from_the_start_and_stand_at_the_end(model):
    for state, now in ((State.STARTING, 10.0), (State.RECORDING, 12.5), (State.FINISHING, 14.0), (State.IDLE, 99.0)):
        model.hear(Status(state, 1, 2), now, "/out")
    assert model.snapshot.seconds == 4.0
    assert model.snapshot.folder == "/out"


# --- buttons


def test_every_button_says_what_it_does():
    for identifier in (*BUTTONS, "products.0.delete"):
        now = button(at(State.IDLE), identifier)
        assert now.text
        assert now.tooltip


@pytest.mark.parametrize(
    ("identifier", "reason"),
    [
        ("labels.add", "no prim is selected"),
        ("labels.undo", "there is nothing to undo"),
        ("labels.redo", "there is nothing to do again"),
        ("rules.apply", "no stage is open"),
        ("audit.run", "no stage is open"),
        ("products.add", "the stage has no camera"),
        ("config.load", "name a config file"),
        ("config.open_stage", "name a stage"),
        ("control.open_folder", "nothing has been recorded yet"),
        ("writer.select_all", "the writer has no switches"),
    ],
)
def test_a_button_that_is_off_says_why(identifier, reason):
    now = button(RecorderModel(DEFAULT | {"writer": {"name": "X", "parameters": {}, "files": {}}}).snapshot, identifier)
    assert not now.enabled
    assert reason in now.tooltip


def test_labels_need_prims_a_type_and_data(model):
    def is_on():
        return button(model.snapshot, "labels.add").enabled

    model.see(dataclasses.replace(WORLD, selected=(Selected("/World/A"),), can_undo=True))
    assert not is_on()
    model.update("labels.data", "box")
    assert is_on()
    model.update("labels.type", "")
    assert not is_on()
    assert button(model.snapshot, "labels.undo").enabled


def test_a_job_is_saved_without_a_stage(model):
    model.update("config.path", "/x.json")
    model.see(World(writers=WORLD.writers))
    assert button(model.snapshot, "config.save").enabled
    model.update("output.folder", "..")
    assert "Folder" in button(model.snapshot, "config.save").tooltip


def test_an_entry_is_replaced_by_another_valid_label_only(model):
    prim = Selected("/P", (Label("class", "box"),))
    (entry,) = entries([prim])
    for text, is_on in (("box", False), ("a:b", False), ("", False), ("crate", True)):
        model.edit_label(entry.key, text)
        assert entry_buttons(model.snapshot, entry)[0].enabled is is_on
    assert entry_buttons(model.snapshot, entry)[1].enabled
    model.forget_edits()
    assert not entry_buttons(model.snapshot, entry)[0].enabled
    assert not any(each.enabled for each in entry_buttons(at(State.RECORDING), entry))
