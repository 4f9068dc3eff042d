"""The window's model and its texts, without a window."""

import dataclasses
import inspect
import json

import pytest

from simslate.recorder import Job, State
from simslate.window.checking import blockers, find_problems, make_job
from simslate.window.control import (
    button,
    choices,
    field_off,
    field_spec,
    named,
    selection_line,
    sensor_line,
    start_button,
    status_line,
)
from simslate.window.draft import DEFAULT, kept, restored, with_job
from simslate.window.field_table import FIELDS
from simslate.window.forms import form_of
from simslate.window.model import RecorderModel, Snapshot
from simslate.window.world import Selected, World

from .window_drafts import WORLD, at, startable


@pytest.fixture
def model():
    return startable()


@pytest.fixture
def heard(model):
    heard = []
    model.subscribe(heard.append)
    return heard


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
