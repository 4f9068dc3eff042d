"""What sensors see as pictures, labels as entries, writers as forms: closed forms."""

import inspect

import numpy as np
import pytest

from simslate.window.forms import Form, complaint, completed, form_of, shown, stored, switches
from simslate.window.labelling import Audited, Finding, Replacement, entries, replacements
from simslate.window.pictures import ANNOTATORS, Row, picture_of
from simslate.window.tree import filled, keys_of, replaced, value_at, without
from simslate.window.world import LEGACY, Label, Selected

RED, BLUE, NONE, BACK = (255, 0, 0, 255), (0, 0, 255, 255), (0, 0, 0, 255), (0, 0, 0, 0)


def mask(*rows):
    return np.array(rows, np.uint8)


def test_a_mask_is_opaque_and_counted():
    data = mask([RED, RED, NONE], [BLUE, RED, BACK])
    labels = {str(RED): {"class": "box"}, str(BLUE): {"class": "can"}, str(NONE): {"class": "UNLABELLED"}}
    labels[str(BACK)] = {"class": "BACKGROUND"}
    picture = picture_of("semantic_segmentation", {"data": data, "info": {"idToLabels": labels}})
    assert picture.size == (3, 2)
    assert (picture.pixels[..., 3] == 255).all()
    assert (picture.pixels[..., :3] == data[..., :3]).all()
    assert picture.legend == (
        Row("box", (255, 0, 0), 3),
        Row("can", (0, 0, 255), 1),
        Row("BACKGROUND", (0, 0, 0), 1),
        Row("UNLABELLED", (0, 0, 0), 1),
    )
    assert data[1, 2, 3] == 0


def test_instances_are_told_with_their_class():
    info = {"idToLabels": {RED: "/World/Box"}, "idToSemantics": {RED: {"class": "box", "colour": "red"}}}
    picture = picture_of("instance_segmentation", {"data": mask([RED]), "info": info})
    assert picture.legend == (Row("/World/Box: class: box, colour: red", (255, 0, 0), 1),)


def test_distance_is_grey_near_light_and_infinity_black():
    data = np.array([[1.0, 10.0, 100.0, np.inf]], np.float32)
    pixels = picture_of("distance_to_camera", data).pixels
    assert [tuple(map(int, pixel)) for pixel in pixels[0]] == [
        (255, 255, 255, 255),
        (147, 147, 147, 255),
        (40, 40, 40, 255),
        (0, 0, 0, 255),
    ]
    assert not picture_of("distance_to_camera", np.full((1, 2), np.inf, np.float32)).pixels[..., :3].any()


def test_normals_are_colours_and_nothing_is_black():
    data = np.array([[[1, 0, -1, 1], [0, 0, 0, 1]]], np.float32)
    assert picture_of("normals", data).pixels.tolist() == [[[255, 127, 0, 255], [0, 0, 0, 255]]]


@pytest.mark.parametrize("name", ANNOTATORS)
def test_nothing_yet_is_no_picture(name):
    assert picture_of(name, np.empty((0, 0), np.uint32)) is None


# --- labels

PRIMS = (
    Selected("/A", (Label("class", "box"), Label("class", "paper"))),
    Selected("/B", (Label("class", "box"),)),
    Selected("/C", (Label("class", "box", LEGACY),)),
)


def test_entries_are_each_label_once():
    found = [(entry.label.text, entry.label.schema, entry.paths) for entry in entries(PRIMS)]
    assert found == [("box", "labels", ("/A", "/B")), ("paper", "labels", ("/A",)), ("box", "legacy", ("/C",))]


def test_replacing_leaves_the_other_labels():
    box, paper, _ = entries(PRIMS)
    assert replacements(PRIMS, box, "crate") == [
        Replacement(("crate", "paper"), ("/A",)),
        Replacement(("crate",), ("/B",)),
    ]
    assert replacements(PRIMS, paper, "box") == [Replacement(("box",), ("/A",))]


def test_findings_are_grouped_in_their_order():
    found = (Finding("conflict", "error", "/A", "x"), Finding("nested", "info", "/B", "y"))
    groups = Audited((*found, Finding("conflict", "error", "/C", "z")), (("conflict", "two labels"),)).groups
    assert [heading for heading, _ in groups] == ["error: conflict (2): two labels", "info: nested (1): "]
    assert [finding.path for finding in groups[0][1]] == ["/A", "/C"]


# --- forms


def form(function):
    return form_of(inspect.signature(function).parameters)


def test_kinds_follow_defaults_and_annotations():
    def init(a=True, b=1, c=0.5, d="x", e=None, f: int = 7, g: "str | None" = None, *h, i: float, j: list, **k): ...

    found = form(init)
    kinds = {parameter.name: parameter.kind for parameter in found.parameters}
    flags, texts = {"a": "flag"}, {"d": "text", "g": "text"}
    numbers = {"b": "whole", "f": "whole", "c": "number", "i": "number"}
    assert kinds == {**flags, **texts, **numbers, "e": "json", "j": "json"}
    assert found.takes_any
    assert [parameter.name for parameter in found.parameters if parameter.is_required] == ["i", "j"]


def test_where_to_write_is_not_in_the_form():
    assert form(lambda output_dir, backend=None, s3_bucket="", rgb=False: None).parameters[0].name == "rgb"


def test_switches_are_annotators_else_flags():
    assert [each.name for each in switches(form(lambda rgb=False, colorize_depth=False: None).parameters)] == ["rgb"]
    assert [each.name for each in switches(form(lambda a=False, b=1: None).parameters)] == ["a"]


@pytest.mark.parametrize(
    ("function", "text", "value"),
    [
        (lambda p=True: 0, None, True),
        (lambda p=True: 0, "false", False),
        (lambda p=3: 0, "4", 4),
        (lambda p="x": 0, '"y"', "y"),
        (lambda p=None: 0, '["a"]', '["a"]'),
    ],
)
def test_what_is_shown_is_what_is_stored(function, text, value):
    (parameter,) = form(function).parameters
    assert shown(parameter, text) == value
    assert text is None or stored(parameter, value) == text


def test_complaints():
    def said(function, text):
        (parameter,) = form(function).parameters
        return complaint(parameter, text, writer="W", hint="")

    assert said(lambda p: 0, None) == "is missing; W cannot do without it"
    assert said(lambda p=1: 0, "1.5") == "1.5 is not a whole number"
    assert said(lambda p=0.5: 0, "1") is None
    assert said(lambda p=True: 0, "1") == "1 is not true or false"
    (unknown,) = completed(Form(), {"x": "1"})
    assert complaint(unknown, "1", writer="W", hint="there are none").startswith("x is not a parameter of W; there are")


# --- trees


def test_trees_are_replaced_and_never_changed():
    tree = {"a": [{"b": 1}, {"b": 2}], "c": {}}
    assert replaced(tree, keys_of("a.1.b"), 3) == {"a": [{"b": 1}, {"b": 3}], "c": {}}
    assert replaced(tree, ("c", "d", "e"), 1)["c"] == {"d": {"e": 1}}
    assert without(tree, ("a", 0))["a"] == [{"b": 2}]
    assert without(tree, ("c", "gone")) == tree
    assert value_at(tree, keys_of("a.0.b")) == 1
    assert value_at(tree, keys_of("a.9.b"), "none") == "none"
    assert tree == {"a": [{"b": 1}, {"b": 2}], "c": {}}


def test_what_is_kept_fits_into_the_shape():
    default = {"a": {"b": 1, "c": True}, "free": {}}
    assert filled(default, {"a": {"b": "x", "c": False}, "free": {"y": 1}, "old": 1}) == {
        "a": {"b": 1, "c": False},
        "free": {"y": 1},
    }
