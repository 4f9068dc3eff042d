"""Label rules: reading them, what they match, what they give."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pxr import Sdf, Usd, UsdShade

from simslate.recorder.errors import ConfigError, StageError
from simslate.recorder.labels import Rules, Strip, own_labels, set_labels
from simslate.recorder.labels.match import glob

BOX = {"match": {"path": "/World/Box*"}, "labels": {"class": "box"}}


def make_stage():
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


@pytest.fixture
def stage():
    return make_stage()


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


# More to match by


@pytest.fixture
def asset_stage(stage, tmp_path):
    """The stage with a referenced and a payloaded asset, a material, a kind and labels on it."""
    asset = Usd.Stage.CreateNew(str(tmp_path / "props" / "mug.usda"))
    asset.SetDefaultPrim(asset.DefinePrim("/Mug", "Xform"))
    asset.GetRootLayer().Save()
    stage.DefinePrim("/World/A").GetReferences().AddReference(str(tmp_path / "props/mug.usda"))
    stage.DefinePrim("/World/B").GetPayloads().AddPayload(str(tmp_path / "props/mug.usda"))
    metal = UsdShade.Material.Define(stage, "/World/Looks/Metal_01")
    UsdShade.MaterialBindingAPI.Apply(stage.GetPrimAtPath("/World/Box")).Bind(metal)
    Usd.ModelAPI(stage.GetPrimAtPath("/World/SM_Lamp")).SetKind("component")
    set_labels(stage.GetPrimAtPath("/World/Box_01"), ["crate_big"])
    set_labels(stage.GetPrimAtPath("/World/Box_01"), ["wood"], taxonomy="material")
    return stage


@pytest.mark.parametrize(
    ("match", "found"),
    [
        ({"regex": "/World/(Box|SM_Lamp)"}, ["/World/Box", "/World/SM_Lamp"]),
        ({"regex": "Box"}, []),
        ({"kind": "comp*"}, ["/World/SM_Lamp"]),
        ({"material": "Metal_*"}, ["/World/Box", "/World/Box/Lid"]),
        ({"material": "/World/Looks/*"}, ["/World/Box", "/World/Box/Lid"]),
        ({"material": "/Looks/*"}, []),
        ({"asset": "mug.usda"}, ["/World/A", "/World/B"]),
        ({"asset": "props/*.usd?"}, ["/World/A", "/World/B"]),
        ({"asset": "rops/mug.usda"}, []),
        ({"label": {"class": "crate*"}}, ["/World/Box_01"]),
        ({"label": {"class": "crate*", "material": "wood"}}, ["/World/Box_01"]),
        ({"label": {"class": "crate*", "material": "steel"}}, []),
        ({"label": {"shape": "*"}}, []),
    ],
)
def test_what_a_rule_can_ask(asset_stage, match, found):
    assert list(planned(asset_stage, {"match": match, "labels": {"mark": "x"}})) == found


def test_a_name_fits_with_or_without_what_strip_takes_off(stage):
    strip = {"prefixes": ["SM_"], "numbers": True}
    for name in ("Chair", "SM_Chair_02", "SM_*_02"):
        rule = {"match": {"name": name}, "labels": {"class": "seat"}, "strip": strip}
        assert planned(stage, rule) == {"/World/SM_Chair_02": {"class": "seat"}}


def test_templates_and_several_labels(stage):
    labels = {"class": ["{name}", "part of {parent}"], "path": "{parent}.{name}"}
    rule = {"match": {"name": "Lid"}, "labels": labels, "strip": {"prefixes": ["B"]}}
    assert planned(stage, rule) == {"/World/Box/Lid": {"class": "Lid,part of ox", "path": "ox.Lid"}}


def test_a_name_that_looks_like_a_template_is_not_filled_in_twice(stage):
    stage.DefinePrim("/World/name/parent")
    rule = {"match": {"path": "/World/name/parent"}, "labels": {"class": "{parent}-{name}"}}
    assert planned(stage, rule)["/World/name/parent"] == {"class": "name-parent"}


def test_the_last_rule_decides_if_asked(stage):
    second = {"match": {"type": "Mesh"}, "labels": {"class": "mesh"}}
    assert planned(stage, BOX, second, wins="last")["/World/Box_01"] == {"class": "mesh"}
    assert planned(stage, BOX, second, wins="last")["/World/Box"] == {"class": "box"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"wins": "frist"}, '$.wins: "frist" is unknown; did you mean "first"?'),
        ({"instances": "roots"}, '$.instances: "roots" is unknown; did you mean "root"?'),
        ({"win": "last"}, '$.win: is an unknown key; did you mean "wins"?'),
    ],
)
def test_a_wrong_option(options, expected):
    with pytest.raises(ConfigError) as caught:
        Rules.from_json({"rules": [BOX], **options}, "r.json")
    assert caught.value.problems == (f"r.json: {expected}",)


# Dry run


def test_the_plan_tells_what_changes_and_changes_nothing(stage):
    set_labels(stage.GetPrimAtPath("/World/Box"), ["crate"])
    set_labels(stage.GetPrimAtPath("/World/Box_01"), ["box"])
    before = stage.ExportToString()
    plan = Rules.from_json({"rules": [{"match": {"path": "/World/*"}, "labels": {"class": "box"}}]}, "r").plan(stage)
    assert list(plan.diff()) == [
        "~ /World/Box  class: crate -> box",
        "+ /World/SM_Chair_02  class: box",
        "+ /World/SM_Lamp  class: box",
    ]
    assert plan.summary() == "4 prims labelled by rules: 2 new, 1 changed"
    assert stage.ExportToString() == before


def test_rules_that_never_settle_are_refused(stage):
    set_labels(stage.GetPrimAtPath("/World/Box"), ["a"])
    first = {"match": {"label": {"class": "a"}}, "labels": {"class": "b"}}
    second = {"match": {"label": {"class": "b"}}, "labels": {"class": "c"}}
    assert planned(stage, first) == {"/World/Box": {"class": "b"}}
    with pytest.raises(
        ConfigError, match=r"\$\.rules\[1\]: would change /World/Box again, after \$\.rules\[0\] gave it"
    ):
        planned(stage, first, second)
    assert planned(stage, second, {**first, "labels": {"class": "c"}}) == {"/World/Box": {"class": "c"}}


PATTERNS = st.sampled_from(["/World/*", "/World/**", "/World/Box*", "/World/*/Lid"])
MATCHES = st.one_of(
    st.builds(lambda p: {"path": p}, PATTERNS),
    st.builds(lambda t: {"type": t}, st.sampled_from(["Mesh", "X*"])),
    st.builds(lambda label: {"label": {"class": label}}, st.sampled_from("abc")),
)
RULES = st.lists(
    st.builds(
        lambda m, label: {"match": m, "labels": {"class": label}}, MATCHES, st.sampled_from(["a", "b", "{name}"])
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=RULES, wins=st.sampled_from(["first", "last"]), own=st.lists(st.sampled_from("abc"), max_size=5))
def test_a_second_time_there_is_nothing_to_change(rules, wins, own):
    stage = make_stage()
    for prim, label in zip(stage.Traverse(), own, strict=False):
        set_labels(prim, [label])
    parsed = Rules.from_json({"rules": rules, "wins": wins}, "r.json")
    try:
        plan = parsed.plan(stage)
    except ConfigError:
        return  # they never settle, which another test is about
    before = stage.GetRootLayer().ExportToString()
    edit = plan.edit(stage)
    edit.apply()
    assert parsed.plan(stage).changes == ()
    edit.revert()
    assert stage.GetRootLayer().ExportToString() == before


# Instances


@pytest.fixture
def instances(stage):
    stage.DefinePrim("/Proto/Part", "Mesh")
    stage.DefinePrim("/Proto/Screw", "Mesh")
    for name in ("A", "B"):
        prim = stage.DefinePrim(f"/World/{name}")
        prim.GetReferences().AddInternalReference("/Proto")
        prim.SetInstanceable(True)
    stage.GetPrimAtPath("/Proto").SetSpecifier(Sdf.SpecifierClass)
    return stage


PART = {"match": {"name": "Part"}, "labels": {"class": "part"}}


def test_the_instance_takes_the_label_of_what_is_in_it(instances):
    assert planned(instances, PART, instances="root") == {f"/World/{n}": {"class": "part"} for n in "AB"}
    own = {"match": {"path": "/World/B"}, "labels": {"class": "own"}}
    assert planned(instances, PART, own, instances="root")["/World/B"] == {"class": "own"}


def test_an_instance_cannot_take_two_labels(instances):
    screw = {"match": {"name": "Screw"}, "labels": {"class": "screw"}}
    with pytest.raises(StageError, match=r"/World/A/Screw would give class:screw to its instance /World/A, which"):
        planned(instances, PART, screw, instances="root")


def test_instances_become_ordinary_prims_only_as_needed(instances):
    rule = {"match": {"path": "/World/A/Part"}, "labels": {"class": "part"}}
    rules = Rules.from_json({"rules": [rule], "instances": "deinstance"}, "r.json")
    plan = rules.plan(instances)
    assert next(plan.diff()) == "* /World/A  becomes an ordinary prim, no longer an instance"
    plan.edit(instances).apply()
    assert own_labels(instances.GetPrimAtPath("/World/A/Part")) == {"class": ["part"]}
    assert instances.GetPrimAtPath("/World/B").IsInstance()
    assert rules.plan(instances).changes == rules.plan(instances).deinstanced == ()
