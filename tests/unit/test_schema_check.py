"""Our reading of JSON Schema against the jsonschema package's, and the words for what does not fit."""

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.recorder.schema_check import complaints

SCHEMAS = {
    "flag": {"type": "boolean"},
    "whole": {"type": "integer", "minimum": 0, "maximum": 20},
    "number or null": {"type": ["number", "null"], "exclusiveMinimum": 0},
    "choice": {"enum": ["png", "jpg", None]},
    "text": {"type": "string", "minLength": 1, "maxLength": 3},
    "list": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
    "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
    "object": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"$ref": "#/$defs/b"}},
        "required": ["a"],
        "additionalProperties": False,
        "$defs": {"b": {"type": "array", "items": {"type": "boolean"}}},
    },
    "mapping": {"type": "object", "additionalProperties": {"type": "integer"}},
    "either": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]},
    "pattern": {"type": "string", "pattern": "^[a-z]+$"},
    "anything": {},
}
SCALARS = st.none() | st.booleans() | st.integers(-3, 25) | st.sampled_from([0.5, 2.5]) | st.sampled_from("abcd1")
SCALARS |= st.sampled_from(["png", "jpg", "", "abcd"])
KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)


@pytest.mark.parametrize("name", SCHEMAS)
@given(value=VALUES)
def test_the_same_values_are_allowed_as_by_jsonschema(name, value):
    validator = jsonschema.Draft202012Validator(SCHEMAS[name])
    assert (not any(complaints(value, SCHEMAS[name]))) == validator.is_valid(value)


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ("true", "flag", ("", '"true" is not true or false; did you mean true?')),
        (0, "flag", ("", "0 is not true or false; did you mean false?")),
        (2, "flag", ("", "2 is not true or false")),
        (4.0, "whole", ("", "4.0 is not a whole number from 0 to 20; did you mean 4?")),
        ("4", "whole", ("", '"4" is not a whole number from 0 to 20; did you mean 4?')),
        (21, "whole", ("", "21 is not a whole number from 0 to 20")),
        (True, "whole", ("", "true is not a whole number from 0 to 20")),
        (0, "number or null", ("", "0 is not a number above 0 or null")),
        ("pgn", "choice", ("", '"pgn" is unknown; did you mean "png"?')),
        ("a", "list", ("", '"a" is not a list; did you mean ["a"]?')),
        ([], "list", ("", "[] is not a list of 1 to 3 items")),
        (["a", 1], "list", ("[1]", '1 is not a text; did you mean "1"?')),
        ({"a": 1, "bb": []}, "object", (".bb", 'is an unknown key; did you mean "b"?')),
        ({"a": 1, "b": [0]}, "object", (".b[0]", "0 is not true or false; did you mean false?")),
        ({}, "object", (".a", "is missing")),
        ({"x": "y"}, "mapping", (".x", '"y" is not a whole number')),
        ([1, "x"], "either", ("[1]", '"x" is not a whole number')),
        ("x", "either", ("", '"x" is not a whole number or a list')),
        ("[" * 5000, "flag", ("", f'"{"[" * 56}... is not true or false')),
        (float("nan"), "number or null", ("", "NaN is not a number above 0 or null")),
    ],
)
def test_what_is_wrong_and_what_may_be_meant(value, name, expected):
    assert list(complaints(value, SCHEMAS[name])) == [expected]
