"""The window's model and its texts, without a window."""

import dataclasses
import inspect
import json

import pytest

from simslate.recorder import ConfigError, Job, State, Status
from simslate.window.checking import blockers, find_problems, make_job
from simslate.window.control import (
    button,
    choices,
    entry_buttons,
    field_off,
    field_spec,
    last_problem,
    named,
    pause_button,
    progress,
    selection_line,
    sensor_line,
    start_button,
    status_line,
)
from simslate.window.draft import DEFAULT, kept, restored, with_job
from simslate.window.field_table import BUTTONS, FIELDS
from simslate.window.forms import form_of
from simslate.window.labelling import entries
from simslate.window.model import RecorderModel, Snapshot
from simslate.window.world import Label, Selected, World


class Basic:
    def __init__(self, output_dir=None, rgb: bool = False, occlusion=False, semantic_types=None, frame_padding=4):
        pass


FORM = form_of(inspect.signature(Basic).parameters)
WORLD = World(stage="/s.usda", cameras=("/World/A", "/World/B"), writers={"BasicWriter": FORM})
RUNNING = [state for state in State if state is not State.IDLE]


@pytest.fixture
def model():
    """A model that could start."""
    model = RecorderModel()
    model.see(WORLD)
    model.add_products()
    return model


@pytest.fixture
def heard(model):
    heard = []
    model.subscribe(heard.append)
    return heard


def at(state, frame=0, frames=None, error=None, **more):
    ready = RecorderModel()
    ready.see(WORLD)
    ready.add_products()
    status = Status(state, frame, frames, error)
    return dataclasses.replace(ready.snapshot, status=status, **more)


# --- updates


def test_an_update_is_told_once_and_whole(model, heard):
    model.update("products.0.width", 64)
    assert [each.value("products.0.width") for each in heard] == [64]
    assert heard[0] is model.snapshot


def test_an_equal_value_is_told_to_nobody(model, heard):
    model.update("products.0.width", 1280)
    model.update("writer.parameter.rgb", True)
    model.update("writer.parameter.frame_padding", 4)
    model.see(dataclasses.replace(WORLD))
    model.note("labels.add", "")
    assert heard == []


def test_a_subscription_ends(model):
    heard = []
    cancel = model.subscribe(heard.append)
    cancel()
    cancel()
    model.update("control.frames", 3)
    assert heard == []


def test_nothing_that_was_handed_out_changes(model):
    before = model.snapshot
    copy = json.dumps(dict(before.draft))
    model.update("products.0.camera", "/World/B")
    model.update("writer.parameter.occlusion", True)
    model.remove_product(0)
    assert json.dumps(dict(before.draft)) == copy


def test_the_others_hear_the_newest_only(model):
    heard = []
    model.subscribe(lambda snapshot: snapshot.value("control.frames") == 1 and model.update("control.frames", 2))
    model.subscribe(lambda snapshot: heard.append(snapshot.value("control.frames")))
    model.update("control.frames", 1)
    assert set(heard) == {2}


def test_a_field_that_is_gone_is_left_out(model, heard):
    model.update("products.7.width", 3)
    model.update("nothing.at.all", 3)
    assert heard == []
    assert model.snapshot.value("products.7.width") is None


# --- render products


def test_products_are_the_selected_cameras_else_the_viewports_else_the_first():
    for world, wanted in (
        (WORLD, ["/World/A"]),
        (dataclasses.replace(WORLD, viewport_camera="/World/B"), ["/World/B"]),
        (dataclasses.replace(WORLD, viewport_camera="/Gone"), ["/World/A"]),
        (
            dataclasses.replace(WORLD, selected=(Selected("/World/B"), Selected("/World/A"), Selected("/World/C"))),
            ["/World/B", "/World/A"],
        ),
    ):
        model = RecorderModel()
        model.see(world)
        model.add_products()
        assert [product["camera"] for product in model.snapshot.draft["products"]] == wanted


def test_the_same_camera_may_be_there_twice(model):
    model.add_products()
    assert find_problems(model.snapshot.draft, WORLD) == {}


# --- writers


def test_parameters_of_another_writer_wait(model):
    model.update("writer.parameter.occlusion", True)
    model.update("writer.name", "Other")
    assert "occlusion" not in [parameter.name for parameter in model.snapshot.parameters]
    model.update("writer.name", "BasicWriter")
    assert model.snapshot.value("writer.parameter.occlusion") is True


def test_all_switches_are_turned_in_one_step(model, heard):
    model.select_all()
    model.toggle_all()
    assert len(heard) == 2
    assert [model.snapshot.value(f"writer.parameter.{name}") for name in ("rgb", "occlusion")] == [False, False]


def test_an_empty_text_leaves_a_parameter_to_its_default(model):
    model.update("writer.parameter.semantic_types", '["class"]')
    assert make_job(model.snapshot.draft).writer.parameters["semantic_types"] == ["class"]
    model.update("writer.parameter.semantic_types", " ")
    assert "semantic_types" not in make_job(model.snapshot.draft).writer.parameters


def test_a_parameters_file_switches_the_fields_off(model):
    assert field_off(model.snapshot, "writer.parameter.rgb") == ""
    model.update("writer.file", "/p.json")
    assert "parameters file" in field_off(model.snapshot, "writer.parameter.rgb")
    assert not button(model.snapshot, "writer.select_all").enabled


# --- problems: every field that can be wrong

WRONG = [
    ("control.frames", -1, "from 0 (until Stop)"),
    ("control.subframes", -1, "from 0 to 65536"),
    ("products.0.camera", "/World/Aa", 'did you mean "/World/A"?'),
    ("products.0.camera", "", "is not a camera"),
    ("products.0.width", 0, "from 1 to 16384"),
    ("products.0.height", 99999, "from 1 to 16384"),
    ("products.0.name", "a b", "is not a name"),
    ("writer.name", "BasicWrite", 'did you mean "BasicWriter"?'),
    ("writer.file", "/nowhere.json", "cannot be read"),
    ("writer.parameter.rgb", "yes", "is not true or false"),
    ("writer.parameter.rggb", "1", 'did you mean "rgb"?'),
    ("writer.parameter.semantic_types", "[1", "is not JSON"),
    ("output.directory", " ", "is not a path"),
    ("output.folder", "/abs", "leads out"),
    ("output.on_conflict", "ask", "is unknown"),
    ("job.stage", "/other.usda", "is not the stage that is open"),
    ("job.labels", "/no.json", "there is no file"),
    ("job.taxonomy", "/no.json", "there is no file"),
    ("job.script", "/no.py", "there is no file"),
    ("job.resolve", "all", "is unknown"),
    ("job.first_frame", -1, "from 0 to 2147483647"),
    ("job.warmup_frames", -1, "from 0 to 65536"),
    ("job.retries", 101, "from 0 to 100"),
    ("job.seed", -1, "from 0 to 2147483647"),
    ("labels.type", "a b", "is not a taxonomy"),
    ("labels.data", "a:b", "a colon in it"),
    ("labels.rules", "/no.json", "there is no file"),
    ("sensors.camera", "/Gone", "is not a camera"),
    ("sensors.width", 0, "from 1 to 4096"),
    ("sensors.height", 9999, "from 1 to 4096"),
]


@pytest.mark.parametrize(("path", "value", "text"), WRONG)
def test_a_problem_is_told_at_its_field_alone(model, path, value, text):
    model.update(path, value)
    problems = model.snapshot.problems
    assert list(problems) == [path]
    assert text in problems[path]
    is_other = path.startswith(("labels.", "sensors."))
    assert start_button(model.snapshot).enabled is is_other
    assert is_other or text in start_button(model.snapshot).tooltip


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("bucket", "", "is not"),
        ("bucket", "No Bucket", "is not"),
        ("prefix", "/a//b", ""),
        ("region", " ", "is not"),
        ("profile", " ", "is not"),
        ("endpoint", "localhost", "is not"),
    ],
)
def test_a_problem_of_the_bucket_is_told_at_its_field(model, name, value, text):
    model.update("output.bucket", "data")
    model.update(f"output.{name}", value)
    assert model.snapshot.problems == {}
    model.update("output.use_s3", True)
    assert list(model.snapshot.problems) == [f"output.{name}"]
    assert text in model.snapshot.problems[f"output.{name}"]
    assert not button(model.snapshot, "output.test").enabled


def test_disk_and_bucket_keep_what_is_set(model):
    for path, value in (("output.bucket", "data"), ("output.directory", "/out"), ("output.use_s3", True)):
        model.update(path, value)
    assert make_job(model.snapshot.draft).output.to_json()["bucket"] == "data"
    model.update("output.use_s3", False)
    assert make_job(model.snapshot.draft).output.directory.name == "out"


def test_disk_and_bucket_may_be_set_together(model, tmp_path):
    disk = {"kind": "disk", "directory": "/out", "folder": "one", "on_conflict": "resume"}
    bucket = {"kind": "s3", "bucket": "data", "prefix": "two", "profile": "me", "on_conflict": "resume"}
    path = tmp_path / "job.json"
    written = make_job(model.snapshot.draft).to_json()
    path.write_text(json.dumps({**written, "output": {"kind": "group", "outputs": [disk, bucket]}}))
    model.set_draft(with_job(model.snapshot.draft, Job.load(path)))
    read = make_job(model.snapshot.draft).output
    assert (read.disk.folder, read.s3.bucket, read.s3.profile) == ("one", "data", "me")
    model.update("output.folder", "..")
    assert list(model.snapshot.problems) == ["output.folder"]
    model.update("output.folder", "three")
    model.update("output.bucket", "No Bucket")
    assert list(model.snapshot.problems) == ["output.bucket"]
    model.update("output.and_disk", False)
    model.update("output.bucket", "data")
    assert make_job(model.snapshot.draft).output.to_json()["kind"] == "s3"


def test_every_field_is_either_wrong_somewhere_or_never():
    told = {".".join("*" if key.isdigit() else key for key in path.split(".")) for path, _, _ in WRONG}
    never = {
        *("labels.layer", "labels.instances", "sensors.annotator", "config.path"),
        *("control.control_timeline", "control.allow_degraded"),
        *("output.use_s3", "output.bucket", "output.prefix", "output.region", "output.endpoint"),  # below
        *("output.profile", "output.path_style", "output.and_disk"),
    }
    assert set(FIELDS) - told == never


def test_no_stage_and_no_product_are_problems():
    problems = RecorderModel().snapshot.problems
    assert problems["products"] == "add at least one render product"
    assert problems["job.stage"] == "no stage is open"


def test_the_first_problem_and_their_number_say_why_not(model):
    model.update("products.0.width", 0)
    model.update("output.folder", "..")
    model.update("control.frames", -1)
    wanted = "Render product 1, Width: 0 is not a whole number from 1 to 16384 (and 2 more)"
    assert start_button(model.snapshot).tooltip == f"Cannot start: {wanted}"
    assert status_line(model.snapshot) == f"Not ready: {wanted}"


def test_a_required_parameter_is_asked_for():
    class Needy:
        def __init__(self, count: int, **more):
            pass

    world = dataclasses.replace(WORLD, writers={"Needy": form_of(inspect.signature(Needy).parameters)})
    draft = {**DEFAULT, "writer": {"name": "Needy", "parameters": {"Needy": {"more": "1"}}, "files": {}}}
    problems = find_problems(draft, world)
    assert "cannot do without it" in problems["writer.parameter.count"]
    assert "writer.parameter.more" not in problems


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


# --- choices and texts


def test_what_is_chosen_can_be_chosen(model):
    model.update("products.0.camera", "/Gone")
    assert choices(model.snapshot, "products.0.camera") == ("/Gone", "/World/A", "/World/B")
    assert choices(model.snapshot, "writer.name") == ("BasicWriter",)
    assert choices(model.snapshot, "labels.layer") == ("edit target", "session", "root")


def test_fields_have_names_and_help(model):
    assert all(field.label and field.tooltip for field in FIELDS.values())
    assert field_spec(model.snapshot, "writer.parameter.rgb").tooltip == "Colour and alpha."
    assert named("writer.parameter.rgb") == "rgb"
    assert named("products.2.name") == "Render product 3, Name"
    assert named("output.use_s3") == "Use S3"


def test_lines_for_nothing():
    empty = Snapshot()
    assert selection_line(empty) == "Select prims in the stage to label them."
    assert sensor_line(empty) == "No stage is open."
    assert sensor_line(dataclasses.replace(empty, world=World(stage="/s"))) == "The stage has no camera."
    assert sensor_line(at(State.IDLE)) == "Waiting for a picture."
    many = World(selected=tuple(Selected(f"/P{i}") for i in range(5)))
    assert selection_line(dataclasses.replace(empty, world=many)) == "Selected: /P0, /P1, /P2 and 2 more"


# --- what is kept


def test_a_draft_comes_back_as_it_was(model):
    model.update("writer.parameter.semantic_types", "[broken")
    model.update("writer.file", "p.json")
    assert restored(kept(model.snapshot.draft)) == dict(model.snapshot.draft)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"products": [3], "writer": {"parameters": {"W": 3}, "files": {"W": 3}}, "control": 1}'],
)
def test_what_cannot_be_restored_is_the_default(text):
    assert find_problems(restored(text), World()) == find_problems(DEFAULT, World())


def test_a_job_survives_the_window(tmp_path):
    data = {
        "version": 1,
        "stage": "/s.usda",
        "labels": "l.json",
        "resolve": "nearest",
        "render_products": [{"camera": "/World/A", "resolution": [4, 3], "name": "x"}],
        "writer": {"name": "BasicWriter", "parameters": {"rgb": True, "frame_padding": 6, "semantic_types": ["a"]}},
        "output": {"kind": "disk", "directory": "out", "folder": "set", "on_conflict": "fail"},
        "frames": None,
        "subframes": 2,
        "first_frame": 4,
        "warmup_frames": 3,
        "retries": 5,
        "control_timeline": True,
        "seed": 9,
    }
    job = Job.from_json(data, tmp_path / "job.json")
    assert make_job(with_job(DEFAULT, job)) == job


def test_blockers_are_about_the_job_only():
    assert blockers({"labels.type": "x", "sensors.width": "y", "output.folder": "z"}) == {"output.folder": "z"}


def test_a_writer_outside_the_registry_is_not_judged_before_it_is_loaded(model, tmp_path):
    model.update("writer.name", f"{tmp_path}/w.py:Mine")
    assert {path for path in find_problems(model.snapshot.draft, WORLD) if path.startswith("writer")} == set()
    model.update("writer.name", "../w.py:Mine")
    assert "leads out of" in find_problems(model.snapshot.draft, WORLD)["writer.name"]
