"""The parameters of writer classes, from signatures of every kind."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union

import jsonschema
import pytest

import omni.replicator.core as rep
from simslate.recorder.writer_schema import help_of, of_hint, parameter_problems, parameters_schema


class Colour(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (bool, {"type": "boolean"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (str, {"type": "string"}),
        (type(None), {"type": "null"}),
        (str | None, {"type": ["string", "null"]}),
        (Optional[int], {"type": ["integer", "null"]}),  # noqa: UP045  writers of others are written so
        (Union[int, str], {"type": ["integer", "string"]}),  # noqa: UP007
        (list, {"type": "array"}),
        (list[str] | None, {"type": ["array", "null"], "items": {"type": "string"}}),
        (Sequence[float], {"type": "array", "items": {"type": "number"}}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (
            tuple[int, str],
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
        ),
        (set[str], {"type": "array", "items": {"type": "string"}}),
        (dict, {"type": "object"}),
        (
            Mapping[str, int | str],
            {"type": "object", "additionalProperties": {"type": ["integer", "string"]}},
        ),
        (dict[str, Any], {"type": "object"}),
        (Literal["a", "b"], {"enum": ["a", "b"]}),
        (Literal["a"] | None, {"enum": ["a", None]}),
        (Annotated[int, "metres"], {"type": "integer"}),
        (list[int] | dict[str, int], {"anyOf": [of_hint(list[int]), of_hint(dict[str, int])]}),
        (Path, {"type": "string"}),
        (Any, {}),
        (object, {}),
        (Colour, {}),
        (Colour | None, {}),
        ("nonsense", {}),
    ],
)
def test_an_annotation_as_a_schema(hint, expected):
    assert of_hint(hint) == expected
    jsonschema.Draft202012Validator.check_schema(of_hint(hint))


class Plain(rep.Writer):
    """Writes things,
    in two lines.

    And more.
    """

    def __init__(self, backend, a=True, b=1, c=0.5, d="x", e=(1, 2), f=None, *, g, h: Missing = 3, i: int = None):  # noqa: F821, RUF013
        pass

    def write(self, data):
        pass


def test_defaults_tell_types_where_there_is_no_annotation():
    schema = parameters_schema(Plain)
    assert schema["properties"] == {
        "a": {"type": "boolean", "default": True},
        "b": {"type": "number", "default": 1},
        "c": {"type": "number", "default": 0.5},
        "d": {"type": "string", "default": "x"},
        "e": {"type": "array"},
        "f": {"default": None},
        "g": {},
        "h": {"default": 3},
        "i": {"type": ["integer", "null"], "default": None},
    }
    assert (schema["required"], schema["additionalProperties"]) == (["g"], False)
    assert schema["description"] == help_of(Plain) == "Writes things, in two lines."


class Told(Plain):
    parameters_schema = {"properties": {"b": {"type": "integer", "minimum": 1}, "d": {"description": "a name"}}}  # noqa: RUF012

    @classmethod
    def parameters_problems(cls, parameters, products):
        if parameters["g"] == len(products):
            yield ".g", "is as many as there are products"


def test_a_class_can_tell_its_schema_and_look_further():
    properties = parameters_schema(Told)["properties"]
    assert properties["b"] == {"type": "integer", "minimum": 1, "default": 1}
    assert properties["d"] == {"type": "string", "default": "x", "description": "a name"}
    assert parameter_problems(Told, {"g": 0, "b": 0}, [1]) == [(".b", "0 is not a whole number from 1")]
    assert parameter_problems(Told, {"g": 1}, [1]) == [(".g", "is as many as there are products")]
    assert parameter_problems(Told, {"g": 2}, [1]) == []


def test_a_class_without_a_docstring_has_no_help():
    assert help_of(Told) == ""


class Anything(Plain):
    def __init__(self, **anything):
        pass


def test_a_writer_that_takes_anything_may_get_anything():
    assert parameter_problems(Anything, {"x": [1, {"y": None}]}, []) == []


@pytest.fixture
def basic():
    from omni.replicator.core.writers import BasicWriter

    return BasicWriter


def test_every_schema_is_one(basic):
    for writer in (basic, Plain, Told, Anything):
        jsonschema.Draft202012Validator.check_schema(parameters_schema(writer))


def test_where_to_write_is_not_among_the_parameters(basic):
    properties = parameters_schema(basic)["properties"]
    assert "backend" not in properties
    assert "output_dir" not in properties
    assert properties["rgb"]["description"] == "Colour and alpha."


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"rgb": True, "frame_padding": 20, "semantic_types": None, "image_output_format": "exr"}, []),
        ({"image_output_format": "pgn"}, [(".image_output_format", '"pgn" is unknown; did you mean "png"?')]),
        ({"frame_padding": -1}, [(".frame_padding", "-1 is not a whole number from 0 to 20")]),
        ({"frame_padding": True}, [(".frame_padding", "true is not a whole number from 0 to 20")]),
        ({"rgb": "yes"}, [(".rgb", '"yes" is not true or false')]),
        (
            {"semantic_types": ["class"], "semantic_filter_predicate": "class:*"},
            [(".semantic_filter_predicate", "cannot be given together with semantic_types; leave one of them out")],
        ),
        (
            {"rgb": 1, "rbg": True},
            [
                (".rgb", "1 is not true or false; did you mean true?"),
                (".rbg", 'is not a parameter of BasicWriter; did you mean "rgb"?'),
            ],
        ),
    ],
)
def test_basic_writer_is_known_well(basic, parameters, expected):
    assert parameter_problems(basic, parameters, []) == expected


class Misannotated(Plain):
    def __init__(self, backend, padding: str = 4, flag: bool = None):  # noqa: RUF013  some of Kit's are so
        pass


def test_a_default_is_right_whatever_its_annotation():
    assert parameter_problems(Misannotated, {"padding": 4, "flag": None}, []) == []
    assert parameter_problems(Misannotated, {"padding": 5}, []) == [(".padding", '5 is not a text; did you mean "5"?')]
