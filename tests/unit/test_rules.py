"""Label rules: reading them, what they match, what they give."""

import json

import pytest
from pxr import Sdf, Usd

from simslate.recorder.errors import ConfigError, StageError
from simslate.recorder.labels import Rules, Strip, own_labels
from simslate.recorder.labels.match import glob

BOX = {"match": {"path": "/World/Box*"}, "labels": {"class": "box"}}


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    for path, kind in (
        ("/World/Box", "Xform"),
        ("/World/Box/Lid", "Mesh"),
        ("/World/Box_01", "Mesh"),
        ("/World/SM_Chair_02", "Mesh"),
        ("/World/SM_Lamp", "Xform"),
    ):
        stage.DefinePrim(path, kind)
    return stage


def planned(stage, *rules, **options):
    found: dict[str, dict[str, str]] = {}
    for change in Rules.from_json({"rules": list(rules), **options}, "r.json").plan(stage).changes:
        found.setdefault(str(change.path), {})[change.taxonomy] = ",".join(change.after)
    return found


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("/World/Box*", ["/World/Box", "/World/Box_1"], ["/World/Box/Lid", "/World/MyBox"]),
        ("/World/*/Lid", ["/World/Box/Lid"], ["/World/Lid", "/World/A/B/Lid"]),
        ("/World/**", ["/World/A", "/World/A/B"], ["/World", "/Worlds/A"]),
        ("/World/**/Lid", ["/World/Lid", "/World/A/Lid", "/World/A/B/Lid"], ["/World/A/TheLid", "/World/A/Lid/B"]),
        ("/**", ["/World", "/A/B"], []),
        ("/World/Box_?", ["/World/Box_1"], ["/World/Box_", "/World/Box_12", "/World/Box_/"]),
        ("/World/a.b", ["/World/a.b"], ["/World/axb"]),
        ("/World/[ab]", ["/World/[ab]"], ["/World/a"]),
    ],
)
def test_globs(pattern, yes, no):
    compiled = glob(pattern)
    assert [path for path in (*yes, *no) if compiled.fullmatch(path)] == yes


def test_a_path_rule_takes_its_prims_and_not_their_children(stage):
    assert planned(stage, BOX) == {"/World/Box": {"class": "box"}, "/World/Box_01": {"class": "box"}}


def test_all_of_a_match_has_to_fit(stage):
    rule = {"match": {"path": "/World/**", "name": "*o*", "type": "Mesh"}, "labels": {"class": "x"}}
    assert list(planned(stage, rule)) == ["/World/Box_01"]


def test_the_first_rule_that_fits_decides_alone(stage):
    second = {"match": {"type": "Mesh"}, "labels": {"class": "mesh", "kind": "m"}}
    assert planned(stage, BOX, second)["/World/Box_01"] == {"class": "box"}
    assert planned(stage, BOX, second)["/World/Box/Lid"] == {"class": "mesh", "kind": "m"}


def test_names_as_labels(stage):
    rule = {"match": {"name": "SM_*"}, "labels": {"class": "{name}"}, "strip": {"prefixes": ["SM_"], "numbers": True}}
    assert planned(stage, rule) == {"/World/SM_Chair_02": {"class": "Chair"}, "/World/SM_Lamp": {"class": "Lamp"}}


@pytest.mark.parametrize(
    ("strip", "name", "left"),
    [
        (Strip(), "SM_Box_01", "SM_Box_01"),
        (Strip(prefixes=("SM_", "P_")), "SM_P_Box", "Box"),
        (Strip(suffixes=("_LOD0",), numbers=True), "Box_01_LOD0", "Box"),
        (Strip(numbers=True), "Box__12_3", "Box"),
        (Strip(numbers=True), "_03", "_03"),
        (Strip(prefixes=("SM_",)), "SM_", "SM_"),
        (Strip(prefixes=("SM_",)), "A_SM_", "A_SM_"),
    ],
)
def test_strip(strip, name, left):
    assert strip.applied(name) == left


def test_a_rule_without_a_prim_is_a_warning(stage):
    nothing = {"match": {"name": "Sphere"}, "labels": {"class": "ball"}}
    shadowed = {"match": {"path": "/World/Box"}, "labels": {"class": "late"}}
    plan = Rules.from_json({"rules": [BOX, nothing, shadowed]}, "r.json").plan(stage)
    assert plan.warnings == tuple(f"r.json: $.rules[{i}]: gave labels to no prim" for i in (1, 2))


def test_applying_goes_to_the_edit_target_and_twice_is_once(stage):
    plan = Rules.from_json({"rules": [BOX]}, "r.json").plan(stage)
    before = stage.GetRootLayer().ExportToString()
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        plan.edit(stage).apply()
        once = stage.GetSessionLayer().ExportToString()
        plan.edit(stage).apply()
    assert stage.GetSessionLayer().ExportToString() == once
    assert stage.GetRootLayer().ExportToString() == before
    assert own_labels(stage.GetPrimAtPath("/World/Box_01")) == {"class": ["box"]}


def test_prims_inside_instances_are_named_all_at_once(stage):
    stage.DefinePrim("/Proto/Part", "Mesh")
    for name in ("A", "B"):
        prim = stage.DefinePrim(f"/World/{name}")
        prim.GetReferences().AddInternalReference("/Proto")
        prim.SetInstanceable(True)
    stage.GetPrimAtPath("/Proto").SetSpecifier(Sdf.SpecifierClass)
    with pytest.raises(StageError) as caught:
        planned(stage, BOX, {"match": {"name": "Part"}, "labels": {"class": "p"}})
    assert [line.split(" lies ")[0] for line in caught.value.problems] == [
        "r.json: $.rules[1]: /World/A/Part",
        "r.json: $.rules[1]: /World/B/Part",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"match": {}}, ".match: is empty; give at least one of path, regex, name"),
        ({"match": "Box"}, '.match: "Box" is not an object'),
        ({"match": {"pth": "/A", "name": "A"}}, '.match.pth: is an unknown key; did you mean "path"?'),
        ({"match": {"path": "World"}}, '.match.path: "World" is not the pattern of a prim path'),
        ({"match": {"path": "/World/"}}, '.match.path: "/World/" is not the pattern of a prim path'),
        ({"match": {"name": "a/b"}}, '.match.name: "a/b" is not the pattern of a prim name'),
        ({"match": {"type": 1}}, ".match.type: 1 is not the pattern of a prim name"),
        ({"labels": {}}, '.labels: {} is not an object such as {"class": "box"}'),
        ({"labels": "box"}, '.labels: "box" is not an object such as {"class": "box"}'),
        ({"labels": {"class": ""}}, ".labels.class: '' is not a label"),
        ({"labels": {"class": "a:b"}}, '.labels.class: "a:b" is not a label: it has a colon in it'),
        ({"labels": {"a b": "x"}}, ".labels.a b: 'a b' is not a taxonomy"),
        ({"labels": {"class": "{nam}"}}, '.labels.class: "{nam}" has a template other than {name} and {parent}'),
        ({"strip": {"number": True}}, '.strip.number: is an unknown key; did you mean "numbers"?'),
        ({"strip": {"numbers": 1}}, ".strip.numbers: 1 is not true or false"),
        ({"strip": {"prefixes": "SM_"}}, '.strip.prefixes: "SM_" is not a list of non-empty texts'),
        ({"strip": {"suffixes": [""]}}, '.strip.suffixes: [""] is not a list of non-empty texts'),
        ({"label": {}}, '.label: is an unknown key; did you mean "labels"?'),
    ],
)
def test_one_wrong_rule(change, expected):
    with pytest.raises(ConfigError) as caught:
        Rules.from_json({"rules": [BOX, {**BOX, **change}]}, "r.json")
    (problem,) = caught.value.problems
    assert problem.startswith(f"r.json: $.rules[1]{expected}")


@pytest.mark.parametrize("data", [[], {}, {"rules": {}}, None])
def test_rules_are_a_list_in_an_object(data):
    with pytest.raises(ConfigError, match='not an object with a list "rules"'):
        Rules.from_json(json.dumps(data), "r.json")


def test_all_problems_come_at_once(tmp_path):
    (tmp_path / "r.json").write_text('{"rules": [{"match": {}}, 3], "rule": 0}')
    with pytest.raises(ConfigError) as caught:
        Rules.load(tmp_path / "r.json")
    assert [line.split(": ")[1] for line in caught.value.problems] == [
        "$.rule",
        "$.rules[0].labels",
        "$.rules[0].match",
        "$.rules[1]",
    ]
