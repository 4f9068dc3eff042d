"""The label commands as buttons and scripts use them: the walk-through of the picture, selection, undo, refusals."""

import json
from pathlib import Path

import numpy as np
import pytest

import omni.kit.undo
import omni.replicator.core as rep
import omni.usd
from omni.kit.commands import execute, get_command_class
from simslate.recorder import get_recorder, own_labels, set_labels

TABLETOP = Path(__file__).parents[3] / "data/tabletop.usda"
BLACK = (0, 0, 0, 255)
COMMANDS = ("AddLabels", "ReplaceLabels", "RemoveLabels", "ClearLabels", "UpgradeLabels", "ApplyLabelRules")


@pytest.fixture
def app(extended_app):
    return extended_app


@pytest.fixture
def select(stage):
    return lambda *paths: omni.usd.get_context().get_selection().set_selected_prim_paths([*map(str, paths)], True)


@pytest.fixture
def boxes(stage):
    """Three prims to label."""
    return [stage.DefinePrim(f"/World/Thing{i}", "Cube") for i in range(3)]


def labels_of(prims):
    return [own_labels(prim) for prim in prims]


def run(name, **arguments):
    done, result = execute(f"Simslate{name}", **arguments)
    assert done
    return result


def refusal(capfd, name, **arguments):
    """What the log says of a command that did not succeed."""
    capfd.readouterr()
    assert execute(f"Simslate{name}", **arguments) == (False, None)
    return capfd.readouterr().err


# The walk-through


@pytest.fixture
def picture(app):
    """Return a function that tells the colours of the mask, and the pixels of each, of the turtle's camera."""
    omni.usd.get_context().open_stage(str(TABLETOP))
    product = rep.create.render_product("/World/turtle_Camera", (160, 90))
    mask = rep.annotators.get("semantic_segmentation", init_params={"colorize": True}).attach(product)

    def look():
        app.run(rep.orchestrator.step_async())
        data = mask.get_data()
        image, labels = data["data"], data["info"]["idToLabels"]
        colours, counts = np.unique(image.reshape(-1, 4), axis=0, return_counts=True)
        names = {key: entry["class"] for key, entry in labels.items()}
        return {names[str(tuple(c.tolist()))]: int(n) for c, n in zip(colours, counts, strict=True) if c[3]}

    return look


def test_the_seeds_walk_through(app, picture):
    selection = omni.usd.get_context().get_selection()
    assert set(picture()) == {"UNLABELLED"}
    seen = []
    for name, label in (
        ("_03_cracker_box", "box"),
        ("_03_cracker_box_01", "box"),
        ("_05_tomato_soup_can", "can"),
        ("_05_tomato_soup_can_01", "can"),
    ):
        selection.set_selected_prim_paths([f"/World/{name}"], True)
        run("AddLabels", taxonomy="class", labels=label)
        seen.append(picture())
    assert [set(each) - {"UNLABELLED"} for each in seen] == [{"box"}, {"box"}, {"box", "can"}, {"box", "can"}]
    assert seen[0]["box"] < seen[1]["box"] == seen[3]["box"]
    assert seen[2]["can"] < seen[3]["can"]
    for left in (2, 1, 0):
        omni.kit.undo.undo()
        assert picture() == seen[left]
    omni.kit.undo.undo()
    assert set(picture()) == {"UNLABELLED"}
    for _ in seen:
        omni.kit.undo.redo()
    assert picture() == seen[-1]


# One action, one step


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("AddLabels", {"labels": "box"}, [{"class": ["box"]}, {"class": ["old", "box"]}]),
        (
            "AddLabels",
            {"labels": ["a", "b"], "taxonomy": "part"},
            [{"part": ["a", "b"]}, {"class": ["old"], "part": ["a", "b"]}],
        ),
        ("ReplaceLabels", {"labels": "box"}, [{"class": ["box"]}, {"class": ["box"]}]),
        ("RemoveLabels", {}, [{}, {}]),
        ("RemoveLabels", {"labels": "other"}, [{}, {"class": ["old"]}]),
        ("ClearLabels", {}, [{}, {}]),
    ],
)
def test_all_selected_prims_are_one_step(stage, select, boxes, name, arguments, expected):
    set_labels(boxes[1], ["old"])
    before = stage.GetRootLayer().ExportToString()
    select(boxes[0].GetPath(), boxes[1].GetPath())
    steps = len(omni.kit.undo.get_undo_stack())
    run(name, **arguments)
    assert labels_of(boxes) == [*expected, {}]
    assert len(omni.kit.undo.get_undo_stack()) == steps + 1
    after = stage.GetRootLayer().ExportToString()
    omni.kit.undo.undo()
    assert stage.GetRootLayer().ExportToString() == before
    omni.kit.undo.redo()
    assert stage.GetRootLayer().ExportToString() == after


def test_paths_layers_and_schemas_can_be_chosen(stage, select, boxes):
    select(boxes[0].GetPath())
    run("AddLabels", labels="box", paths=["/World/Thing1"], layer="session", schema="legacy")
    assert labels_of(boxes) == [{}, {"class": ["box"]}, {}]
    session = stage.GetSessionLayer().GetPrimAtPath("/World/Thing1")
    assert [*session.properties.keys()] == [f"semantic:Semantics_class:params:semantic{x}" for x in ("Type", "Data")]


def test_old_labels_become_new_ones_with_all_below(stage, boxes):
    legacy = {"schema": "legacy", "paths": [box.GetPath() for box in boxes]}
    run("AddLabels", labels=["crate", "wood"], **legacy)
    run("AddLabels", labels="round", taxonomy="shape", **legacy)
    assert len(run("UpgradeLabels", paths=["/"])) == 6
    assert labels_of(boxes) == [{"class": ["crate", "wood"], "shape": ["round"]}] * 3
    assert "SemanticsAPI" not in stage.GetRootLayer().ExportToString()
    omni.kit.undo.undo()
    assert stage.GetRootLayer().ExportToString().count("semanticData") == 9


def test_rules_are_one_step(stage, boxes, tmp_path):
    rules = {"rules": [{"match": {"name": "Thing*"}, "labels": {"class": "{name}"}, "strip": {"numbers": True}}]}
    (tmp_path / "r.json").write_text(json.dumps(rules))
    before = stage.GetRootLayer().ExportToString()
    changes = run("ApplyLabelRules", rules=str(tmp_path / "r.json"))
    assert [str(change) for change in changes] == [f"+ /World/Thing{i}  class: Thing" for i in range(3)]
    assert run("ApplyLabelRules", rules=str(tmp_path / "r.json")) == ()
    omni.kit.undo.undo()
    omni.kit.undo.undo()
    assert stage.GetRootLayer().ExportToString() == before


# Refusals: never half done, never done to nothing


@pytest.fixture
def instance(stage):
    stage.DefinePrim("/Proto/Part", "Cube")
    prim = stage.DefinePrim("/World/Instance")
    prim.GetReferences().AddInternalReference("/Proto")
    prim.SetInstanceable(True)
    return prim


def test_a_prim_inside_an_instance(capfd, stage, boxes, instance):
    part = {"labels": "box", "paths": ["/World/Thing0", "/World/Instance/Part"]}
    assert "/World/Instance/Part lies inside an instance" in refusal(capfd, "AddLabels", **part)
    assert labels_of(boxes) == [{}, {}, {}]
    run("AddLabels", instances="root", **part)
    assert labels_of([boxes[0], instance]) == [{"class": ["box"]}] * 2
    omni.kit.undo.undo()
    run("AddLabels", instances="deinstance", **part)
    assert own_labels(stage.GetPrimAtPath("/World/Instance/Part")) == {"class": ["box"]}
    omni.kit.undo.undo()
    assert instance.IsInstance()


def test_upgrading_inside_instances(capfd, stage, instance):
    run("AddLabels", labels="part", paths=["/Proto/Part"], schema="legacy")
    assert "/World/Instance/Part lies inside" in refusal(capfd, "UpgradeLabels", paths=["/World"])
    assert '"root" would move labels' in refusal(capfd, "UpgradeLabels", paths=["/World"], instances="root")
    run("UpgradeLabels", paths=["/Proto"])
    assert own_labels(stage.GetPrimAtPath("/World/Instance/Part")) == {"class": ["part"]}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"labels": "a:b"}, '/World/Thing0: "a:b" is not a label: it has a colon in it'),
        ({"labels": " "}, "/World/Thing0: ' ' is not a label"),
        ({"labels": "a", "taxonomy": "a b"}, "'a b' is not a taxonomy"),
        ({"labels": "a", "layer": "sesion"}, 'sesion: is not a layer of the stage; did you mean "session"'),
        ({"labels": "a", "schema": "old"}, 'schema: "old" is unknown'),
        ({"labels": "a", "paths": ["/World/None"]}, "/World/None: there is no such prim"),
        ({"labels": "a", "paths": []}, "no prim is selected"),
        ({"labels": "a", "layers": "root"}, "layers"),
    ],
)
def test_wrong_arguments(capfd, stage, select, boxes, arguments, expected):
    select(boxes[0].GetPath())
    assert expected in refusal(capfd, "AddLabels", **arguments)
    assert labels_of(boxes) == [{}, {}, {}]


def test_no_selection_and_no_stage(capfd, stage, boxes):
    assert "no prim is selected" in refusal(capfd, "AddLabels", labels="a")
    omni.usd.get_context().close_stage()
    assert "no stage is open" in refusal(capfd, "AddLabels", labels="a", paths=["/World"])


def test_labels_stay_as_they_are_while_frames_are_recorded(capfd, app, boxes, make_job, notes):

    texts = []
    notes.on_write.append(lambda: texts.append(refusal(capfd, "AddLabels", labels="late", paths=["/World/Thing0"])))
    app.run(get_recorder().record(make_job(frames=1)))
    assert ["labels cannot be changed while the recorder is recording" in text for text in texts] == [True]
    assert labels_of(boxes) == [{}, {}, {}]


def test_undo_waits_for_the_end_of_a_recording_too(app, boxes, make_job, notes):
    run("AddLabels", labels="box", paths=["/World/Thing0"])
    notes.on_write.append(omni.kit.undo.undo)
    app.run(get_recorder().record(make_job(frames=1)))
    assert labels_of(boxes)[0] == {"class": ["box"]}
    omni.kit.undo.redo()
    omni.kit.undo.undo()
    assert labels_of(boxes)[0] == {}


def test_the_commands_come_and_go_with_the_extension(app):
    manager = app.get_extension_manager()
    assert all(get_command_class(f"Simslate{name}") for name in COMMANDS)
    manager.set_extension_enabled_immediate("simslate.recorder", False)
    assert [name for name in COMMANDS if get_command_class(f"Simslate{name}")] == []
    manager.set_extension_enabled_immediate("simslate.recorder", True)
    assert all(get_command_class(f"Simslate{name}") for name in COMMANDS)
