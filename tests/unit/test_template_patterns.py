"""Patterns reach into nothing, and paths stay where they belong."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.recorder.errors import OutputError
from simslate.recorder.template.encodings import ENCODINGS
from simslate.recorder.template.paths import FIELDS, check_inside, filled, named, path_complaints
from simslate.recorder.template.pattern import Pattern, complaints
from simslate.recorder.template.sources import HELP

KNOWN = {"frame": "whole", "w": "number", "class": "text", "transform": "list"}


@pytest.mark.parametrize(
    "source",
    [
        "{0}",
        "{}",
        "{0.__class__}",
        "{frame.__class__}",
        "{frame.__class__.__init__.__globals__}",
        "{frame[0]}",
        "{class[password]}",
        "{frame!r}",
        "{frame!s}",
        "{class!a}",
        "{frame:{w}}",
        "{frame:{w.__class__}}",
        "{frame:>99999999d}",
        "{frame:0999d}",
        "{w:.999f}",
        "{w:n}",
        "{w:%}",
        "{frame:x}",
        "{class:>9}",
        "{class:.1}",
        "{w:d}",
        "{transform}",
        "{unknown}",
        "{frame",
        "frame}",
        "{ frame }",
        "x" * 1001,
        "{frame}" * 200,
    ],
)
def test_patterns_that_are_refused(source):
    assert list(complaints(source, KNOWN))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{{}}", "{}"),
        ("{frame}", "7"),
        ("{frame:06d}|{frame:6}|{frame:.1f}", "000007|     7|7.0"),
        ("{w:.3f} {w:8.2f} {w:g} {w:e}", "0.250     0.25 0.25 2.500000e-01"),
        ("<{class}>{frame}", "<a {frame}>7"),
    ],
)
def test_patterns_that_are_filled(source, expected):
    assert list(complaints(source, KNOWN)) == []
    # A value that looks like a pattern is a value.
    assert Pattern.of(source).fill({"frame": 7, "w": 0.25, "class": "a {frame}"}) == expected


@given(st.text(st.sampled_from("{}[].!:0d_frame class"), max_size=30))
def test_no_pattern_reaches_into_a_value(source):
    if not any(complaints(source, {"frame": "whole", "class": "text"})):
        pattern = Pattern.of(source)
        assert pattern.fields <= {"frame", "class"}
        text = pattern.fill({"frame": 7, "class": "box"})
        assert "<" not in text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../{frame}.txt", "leads out of the output folder"),
        ("a/../../{frame}.txt", "leads out of the output folder"),
        ("a/..", "leads out of the output folder"),
        ("/etc/{frame}", "leads out of the output folder"),
        ("~/{frame}", "leads out of the output folder"),
        ("C:/{frame}", "backslash or a colon"),
        ("a\\..\\{frame}", "backslash or a colon"),
        ("a/\0{frame}", "control character"),
        ("a\n{frame}", "control character"),
        ("a//{frame}", "empty part"),
        ("./{frame}", "empty part"),
        ("{frame}/", "empty part"),
        ("", "is empty"),
        ("simslate/{frame}.json", "there for the recording itself"),
        ("Metadata.txt", "there for the recording itself"),
        ("x" * 300 + "{frame}", "too long"),
        ("/".join(["x" * 90] * 20), "characters; at most 1000"),
        ("é" * 200 + "{frame}", "too long"),
        ("{frame.__class__}", "no such field"),
        ("{frame!r}", "no conversion"),
        ("{frame:{class}}", "is not a format"),
    ],
)
def test_paths_that_are_refused(path, expected):
    (found, *_) = path_complaints(path)
    assert expected in found


VALUES = {"frame": 3, "product": "front", "camera": "Cam", "annotator": "rgb", "class": "box", "instance": 5}


def test_a_path_is_filled():
    path = "{product}/{camera}-{annotator}/{frame:06d}_{class}_{instance}.png"
    assert filled(Pattern.of(path), VALUES) == "front/Cam-rgb/000003_box_5.png"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("box", "box"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "_"),
        ("", "_"),
        ("traffic light", "traffic_light"),
        ("a\0b\n", "a_b_"),
        ("C:\\x", "C__x"),
        ("car,wheel", "car_wheel"),
        (".hidden", "hidden"),
        ("Straße", "Straße"),
    ],
)
def test_labels_become_names(label, name):
    assert named(label) == name


@given(label=st.text(), source=st.sampled_from(["{class}", "a/{class}/b.txt", "x{class}{frame}", "{class}/{class}"]))
def test_no_label_leads_out(label, source):
    path = filled(Pattern.of(source), {**VALUES, "class": label[:60]})
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.split("/"))
    assert path.count("/") == source.count("/")
    assert not {"\0", "\\", ":", "\n"} & set(path)


def test_a_label_that_is_too_long_is_told():
    with pytest.raises(OutputError, match="is too long"):
        filled(Pattern.of("{class}.png"), {**VALUES, "class": "x" * 300})


def test_a_link_that_leads_out_is_told(tmp_path):
    (tmp_path / "out/inner").mkdir(parents=True)
    (tmp_path / "out/link").symlink_to(tmp_path)
    (tmp_path / "out/file.txt").symlink_to(tmp_path / "elsewhere.txt")
    (tmp_path / "out/back").symlink_to(tmp_path / "out/inner")
    check_inside(str(tmp_path / "out"), "inner/new/a.txt")
    check_inside(str(tmp_path / "out"), "back/a.txt")
    check_inside("a/prefix/of/keys", "a.txt")
    for path in ("link/a.txt", "file.txt", "link/deeper/a.txt"):
        with pytest.raises(OutputError, match="leads out of the output folder"):
            check_inside(str(tmp_path / "out"), path)


def test_every_field_of_a_path_has_a_kind_that_can_be_in_a_text():
    assert set(FIELDS.values()) <= {"whole", "number", "text"}


OVERVIEW = (Path(__file__).parents[2] / "exts/simslate.recorder/docs/Overview.md").read_text(encoding="utf-8")


def test_the_overview_has_every_field_and_encoding():
    rows = {line.split("|")[1].strip().strip("`"): line for line in OVERVIEW.splitlines() if line.startswith("| `")}
    assert {name for name, text in HELP.items() if f"| {text} |" not in rows.get(name, "")} == set()
    assert {name for name, each in ENCODINGS.items() if f"| {each.help} |" not in rows.get(name, "")} == set()


def test_the_overviews_example_is_the_one_that_is_shipped():
    block = next(text for text in re.findall(r"```json\n(.*?)```", OVERVIEW, re.DOTALL) if "TemplateWriter" in text)
    shipped = json.loads((Path(__file__).parents[2] / "config/writers/yolo.json").read_text(encoding="utf-8"))
    assert json.loads(block) == {key: value for key, value in shipped.items() if key != "$schema"}
