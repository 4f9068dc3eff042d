"""JSON paths to line numbers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.recorder.json_lines import Lines

TEXT = """{
  "version": 1, "name":
    "a \\"quoted\\" {brace} [0], text",
  "list": [
    1, {"inner": null},
    [2,
     3]
  ],

  "again": 1,
  "again": {"deep":
    true},
  "empty": {}, "none": []
}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("$", 1),
        ("$.version", 2),
        ("$.name", 2),
        ("$.list", 4),
        ("$.list[0]", 5),
        ("$.list[1]", 5),
        ("$.list[1].inner", 5),
        ("$.list[2]", 6),
        ("$.list[2][1]", 7),
        ("$.again", 11),
        ("$.again.deep", 11),
        ("$.empty", 13),
        ("$.none", 13),
    ],
)
def test_a_value_has_the_line_it_is_on(path, line):
    assert Lines(TEXT).of(path) == line


@pytest.mark.parametrize(
    ("path", "line"), [("$.none[3]", 13), ("$.list[1].outer.x", 5), ("$.list[9]", 4), ("$.what", 1), ("", 1)]
)
def test_what_is_not_there_has_the_line_of_what_would_hold_it(path, line):
    assert Lines(TEXT).of(path) == line


def test_keys_are_read_as_json_reads_them():
    assert Lines('{\n"caf\\u00e9 \\n.x": 1}').of("$.café \n.x") == 2


@pytest.mark.parametrize("text", ["", "{", "]]]", '"', '{"a": }', '{"a" 1, "b": 2', "\0", '"\\', "{:,}" * 9])
def test_text_that_is_not_json_does_no_harm(text):
    assert Lines(text).of("$.a") >= 1


def test_depth_is_no_matter():
    assert Lines("[\n" * 5000 + "]" * 5000).of("$" + "[0]" * 4999) == 5000


KEYS = st.text(st.characters(exclude_characters=".[]", exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


def written(value, path="$", line=1, indent=0):
    """The text of a value with each item on a line of its own, and the line of each path."""
    if isinstance(value, dict) and value:
        items = [(f"{path}.{key}", json.dumps(key) + ": ", each) for key, each in value.items()]
    elif isinstance(value, list) and value:
        items = [(f"{path}[{index}]", "", each) for index, each in enumerate(value)]
    else:
        return json.dumps(value), {path: line}
    text, lines = "{" if isinstance(value, dict) else "[", {path: line}
    for index, (place, head, each) in enumerate(items):
        text += ",\n" if index else "\n"
        inner, more = written(each, place, line + text.count("\n"))
        text += head + inner
        lines |= more
    return text + ("}" if isinstance(value, dict) else "]"), lines


@given(VALUES)
def test_every_path_of_any_value_is_found(value):
    text, lines = written(value)
    assert json.loads(text) == value
    found = Lines(text)
    assert {path: found.of(path) for path in lines} == lines
