"""Authoring labels as one edit: which opinions come about, what is refused, and that taking it back leaves no trace."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pxr import Sdf, Usd, UsdSemantics

from simslate.recorder.errors import ConfigError, StageError
from simslate.recorder.labels import (
    LabelEdit,
    added,
    authored_at,
    find_target,
    labels_by_schema,
    own_labels,
    removed,
    replaced,
)

STAGE = """#usda 1.0
def Xform "World" {
    def Cube "Plain" {
        custom int zebra = 1
    }
    def Cube "New" (prepend apiSchemas = ["SemanticsLabelsAPI:class"]) {
        custom int alpha = 1
        token[] semantics:labels:class = ["crate", "wood"]
        custom int zebra = 2
    }
    def Cube "Old" (
        prepend apiSchemas = ["CollectionAPI:kept", "SemanticsAPI:Semantics_a", "SemanticsAPI:Semantics_b"]
    ) {
        string semantic:Semantics_a:params:semanticType = "class"
        string semantic:Semantics_a:params:semanticData = "crate"
        string semantic:Semantics_b:params:semanticType = "shape"
        string semantic:Semantics_b:params:semanticData = "boxy"
    }
    def Cube "Explicit" (apiSchemas = ["SemanticsLabelsAPI:class"]) {
        token[] semantics:labels:class = ["crate"]
    }
}
"""


@pytest.fixture
def stage():
    layer = Sdf.Layer.CreateAnonymous("root.usda")
    layer.ImportFromString(STAGE)
    return Usd.Stage.Open(layer)


def prim(stage, name):
    return stage.GetPrimAtPath(f"/World/{name}")


def edit(stage, *changes, layer="root", **options):
    made = LabelEdit(find_target(stage, layer), changes, **options)
    made.apply()
    return made


@pytest.mark.parametrize("layer", ["root", "session"])
@pytest.mark.parametrize("name", ["Plain", "New", "Old", "Explicit"])
def test_replacing_leaves_one_label_in_the_new_schema(stage, name, layer):
    edit(stage, replaced(prim(stage, name), "class", ["box"]), layer=layer)
    old, new = labels_by_schema(prim(stage, name))
    assert new == {"class": ["box"]}
    assert old == ({"shape": ["boxy"]} if name == "Old" else {})
    assert UsdSemantics.LabelsAPI(prim(stage, name), "class").GetLabelsAttr().Get() == ["box"]


def test_adding_keeps_what_is_there_and_adds_nothing_twice(stage):
    edit(stage, added(prim(stage, "New"), "class", ["wood", "box"]), added(prim(stage, "Old"), "shape", ["round"]))
    assert own_labels(prim(stage, "New")) == {"class": ["crate", "wood", "box"]}
    assert own_labels(prim(stage, "Old")) == {"class": ["crate"], "shape": ["boxy", "round"]}


def test_removing_the_last_label_takes_the_schema_and_the_attribute_away(stage):
    edit(stage, removed(prim(stage, "New"), "class", ["crate"]))
    assert own_labels(prim(stage, "New")) == {"class": ["wood"]}
    edit(stage, removed(prim(stage, "New"), "class"), removed(prim(stage, "Old"), "class"))
    assert not prim(stage, "New").GetAppliedSchemas()
    assert not prim(stage, "New").HasAttribute("semantics:labels:class")
    assert prim(stage, "Old").GetPrimTypeInfo().GetAppliedAPISchemas() == [
        "CollectionAPI:kept",
        "SemanticsAPI:Semantics_b",
    ]
    assert not prim(stage, "Old").HasAttribute("semantic:Semantics_a:params:semanticData")


def test_a_label_of_a_weaker_layer_is_removed_from_above(stage):
    edit(stage, removed(prim(stage, "New"), "class"), layer="session")
    assert own_labels(prim(stage, "New")) == {}
    assert "crate" in stage.GetRootLayer().ExportToString()


def test_legacy_on_request_has_one_instance_for_each_label(stage):
    edit(
        stage,
        replaced(prim(stage, "New"), "class", ["box", "carton"]),
        replaced(prim(stage, "Old"), "class", ["box", "carton"]),
        schema="legacy",
    )
    for name in ("New", "Old"):
        old, new = labels_by_schema(prim(stage, name))
        assert (old["class"], new) == (["box", "carton"], {})
    applied = prim(stage, "Old").GetPrimTypeInfo().GetAppliedAPISchemas()
    assert [each for each in applied if "Semantics_a" in each or "Semantics_class" in each] == [
        "SemanticsAPI:Semantics_a",
        "SemanticsAPI:Semantics_class",
    ]


def test_string_arrays_stay_what_they_are(stage):
    target = prim(stage, "Plain")
    target.AddAppliedSchema("SemanticsLabelsAPI:class")
    target.CreateAttribute("semantics:labels:class", Sdf.ValueTypeNames.StringArray).Set(["crate"])
    edit(stage, replaced(target, "class", ["box"]), layer="session")
    assert own_labels(target) == {"class": ["box"]}


def test_time_samples_of_a_label_give_way(stage):
    attribute = prim(stage, "New").GetAttribute("semantics:labels:class")
    attribute.Set(["early"], 1)
    made = edit(stage, replaced(prim(stage, "New"), "class", ["box"]))
    assert attribute.Get(5) == ["box"]
    made.revert()
    assert attribute.Get(5) == ["early"]


@pytest.mark.parametrize("change", [added, replaced])
def test_what_a_stronger_layer_hides_is_refused_whole(stage, change):
    edit(stage, replaced(prim(stage, "New"), "class", ["strong"]), layer="session")
    before = stage.GetRootLayer().ExportToString()
    with pytest.raises(StageError, match=r"/World/New: labels of class in .* have no effect: .*session.* is stronger"):
        edit(stage, change(prim(stage, "Plain"), "class", ["a"]), change(prim(stage, "New"), "class", ["b"]))
    assert stage.GetRootLayer().ExportToString() == before


def test_many_hidden_labels_are_counted(stage):
    prims = [stage.DefinePrim(f"/World/P{i}") for i in range(9)]
    edit(stage, *(replaced(each, "class", ["strong"]) for each in prims), layer="session")
    with pytest.raises(StageError) as caught:
        edit(stage, *(replaced(each, "class", ["weak"]) for each in prims))
    assert len(caught.value.problems) == 6
    assert caught.value.problems[-1] == "... and 4 more"


@pytest.mark.parametrize("label", ["", "  ", "a:b", 3])
def test_what_is_no_label_is_refused(stage, label):
    with pytest.raises(ConfigError, match=r"/World/Plain: .* is not a label"):
        replaced(prim(stage, "Plain"), "class", [label])


@pytest.mark.parametrize("taxonomy", ["", "a b", "1x", "a:b"])
def test_what_is_no_taxonomy_is_refused(stage, taxonomy):
    with pytest.raises(ConfigError, match="is not a taxonomy"):
        replaced(prim(stage, "Plain"), taxonomy, ["box"])


def test_an_unknown_schema_is_refused(stage):
    with pytest.raises(ConfigError, match='schema: "label" is unknown; did you mean "labels"'):
        edit(stage, replaced(prim(stage, "Plain"), "class", ["box"]), schema="label")


# Layers


def test_layers_are_found_by_name(stage, tmp_path):
    sub = Sdf.Layer.CreateNew(str(tmp_path / "labels.usda"))
    stage.GetRootLayer().subLayerPaths.append(sub.identifier)
    for name in (sub, sub.identifier, sub.realPath, "labels.usda"):
        assert find_target(stage, name).layer == sub
    assert find_target(stage, "root").layer == stage.GetRootLayer()
    assert find_target(stage, "session").layer == stage.GetSessionLayer()
    assert find_target(stage).layer == stage.GetEditTarget().GetLayer()
    with pytest.raises(StageError, match=r'label.usda: is not a layer of the stage; did you mean "labels.usda"'):
        find_target(stage, "label.usda")


def test_layers_that_cannot_hold_labels_are_refused(stage, tmp_path):
    sub = Sdf.Layer.CreateNew(str(tmp_path / "labels.usda"))
    stage.GetRootLayer().subLayerPaths.append(sub.identifier)
    sub.SetPermissionToEdit(False)
    with pytest.raises(StageError, match="may not be edited"):
        find_target(stage, sub)
    sub.SetPermissionToEdit(True)
    stage.MuteLayer(sub.identifier)
    with pytest.raises(StageError, match=r"labels.usda"):
        find_target(stage, sub)


def test_a_variant_as_edit_target_holds_the_label(stage):
    variants = prim(stage, "Plain").GetVariantSets().AddVariantSet("look")
    for name in ("red", "blue"):
        variants.AddVariant(name)
    variants.SetVariantSelection("red")
    with variants.GetVariantEditContext():
        made = LabelEdit(find_target(stage), [replaced(prim(stage, "Plain"), "class", ["box"])])
        made.apply()
    assert own_labels(prim(stage, "Plain")) == {"class": ["box"]}
    variants.SetVariantSelection("blue")
    assert own_labels(prim(stage, "Plain")) == {}


def test_a_prim_that_the_edit_target_cannot_speak_of(stage):
    source = Sdf.Layer.CreateAnonymous("asset.usda")
    Sdf.CreatePrimInLayer(source, "/Asset/Part").specifier = Sdf.SpecifierDef
    prim(stage, "Plain").GetReferences().AddReference(source.identifier, "/Asset")
    stage.SetEditTarget(Usd.EditTarget(source, prim(stage, "Plain").GetPrimIndex().rootNode.children[0]))
    LabelEdit(find_target(stage), [replaced(prim(stage, "Plain/Part"), "class", ["box"])]).apply()
    assert source.GetAttributeAtPath("/Asset/Part.semantics:labels:class").default == ["box"]
    with pytest.raises(StageError, match=r"/World/New: the edit target .* cannot speak of this prim"):
        LabelEdit(find_target(stage), [replaced(prim(stage, "New"), "class", ["box"])]).apply()


# Instances


@pytest.fixture
def nested(stage):
    """Instances /A and /B of a prototype with an instance in it that has a mesh."""
    stage.DefinePrim("/Inner/Mesh", "Mesh")
    stage.DefinePrim("/Outer")
    stage.GetPrimAtPath("/Inner").SetSpecifier(Sdf.SpecifierClass)
    stage.GetPrimAtPath("/Outer").SetSpecifier(Sdf.SpecifierClass)
    for path, source in (("/Outer/Inner", "/Inner"), ("/A", "/Outer"), ("/B", "/Outer")):
        made = stage.DefinePrim(path)
        made.GetReferences().AddInternalReference(source)
        made.SetInstanceable(True)
    return stage


def test_a_prim_inside_an_instance_is_an_error_that_tells_both_ways_out(nested):
    with pytest.raises(StageError) as caught:
        authored_at(nested.GetPrimAtPath("/A/Inner/Mesh"))
    assert str(caught.value).startswith(
        "/A/Inner/Mesh lies inside an instance and cannot have a label of its own; label /A"
    )
    assert 'instances: "deinstance"' in str(caught.value)


def test_the_root_of_the_outermost_instance_takes_the_label(nested):
    holder, broken = authored_at(nested.GetPrimAtPath("/A/Inner/Mesh"), "root")
    assert (holder.GetPath(), broken) == (Sdf.Path("/A"), ())
    edit(nested, replaced(holder, "class", ["box"]))
    assert own_labels(nested.GetPrimAtPath("/A")) == {"class": ["box"]}
    assert nested.GetPrimAtPath("/A").IsInstance()


def test_only_the_one_instance_becomes_an_ordinary_prim(nested):
    before = nested.GetRootLayer().ExportToString()
    mesh = nested.GetPrimAtPath("/A/Inner/Mesh")
    holder, broken = authored_at(mesh, "deinstance")
    assert broken == (Sdf.Path("/A"), Sdf.Path("/A/Inner"))
    made = edit(nested, replaced(holder, "class", ["box"]), deinstanced=broken)
    assert own_labels(nested.GetPrimAtPath("/A/Inner/Mesh")) == {"class": ["box"]}
    assert not nested.GetPrimAtPath("/A").IsInstance()
    assert nested.GetPrimAtPath("/B").IsInstance()
    assert own_labels(nested.GetPrimAtPath("/B/Inner/Mesh")) == {}
    made.revert()
    assert nested.GetRootLayer().ExportToString() == before
    assert nested.GetPrimAtPath("/A").IsInstance()


def test_prims_of_usds_own_prototypes_and_unknown_policies_are_refused(nested):
    prototype = nested.GetPrimAtPath("/A").GetPrototype()
    with pytest.raises(StageError, match="is in a prototype that USD made"):
        authored_at(prototype)
    with pytest.raises(ConfigError, match='instances: "deinstanced" is unknown; did you mean "deinstance"'):
        authored_at(nested.GetPrimAtPath("/A"), "deinstanced")


# Taking back

NAMES = ("Plain", "New", "Old", "Explicit")
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(["class", "shape"]),
        st.sampled_from([added, replaced, removed]),
        st.lists(st.sampled_from(["crate", "wood", "box", "boxy"]), unique=True),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda change: change[:2],
)


def contents(layer):
    """The text of a layer, and the order of properties and children, which the text does not show."""
    order = []
    layer.Traverse(Sdf.Path.absoluteRootPath, lambda path: order.append(str(path)))
    return layer.ExportToString(), order


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(CHANGES, min_size=1, max_size=4), layer=st.sampled_from(["root", "session"]), legacy=st.booleans()
)
def test_undo_restores_the_layer_to_the_byte_and_redo_the_labels(steps, layer, legacy):
    root = Sdf.Layer.CreateAnonymous("root.usda")
    root.ImportFromString(STAGE)
    stage = Usd.Stage.Open(root)
    states, edits = [], []
    for step in steps:
        states.append([contents(each) for each in (root, stage.GetSessionLayer())])
        changes = [make(prim(stage, name), taxonomy, labels) for name, taxonomy, make, labels in step]
        edits.append(edit(stage, *changes, layer=layer, schema="legacy" if legacy else "labels"))
        for change in changes:
            assert tuple(own_labels(stage.GetPrimAtPath(change.path)).get(change.taxonomy, ())) == change.after
    labels = [own_labels(prim(stage, name)) for name in NAMES]
    for made, state in zip(reversed(edits), reversed(states), strict=True):
        made.revert()
        assert [contents(each) for each in (root, stage.GetSessionLayer())] == state
    for made in edits:
        made.apply()
    assert [own_labels(prim(stage, name)) for name in NAMES] == labels


def test_what_others_author_in_between_stays(stage):
    session = stage.GetSessionLayer()
    made = edit(stage, *(replaced(prim(stage, name), "class", ["box"]) for name in ("Plain", "New")), layer="session")
    with Usd.EditContext(stage, session):
        prim(stage, "Plain").GetAttribute("zebra").Set(7)
        stage.DefinePrim("/World/New/Child")
        stage.DefinePrim("/World/Other")
    made.revert()
    assert [own_labels(prim(stage, name)) for name in ("Plain", "New")] == [{}, {"class": ["crate", "wood"]}]
    assert prim(stage, "Plain").GetAttribute("zebra").Get() == 7
    assert stage.GetPrimAtPath("/World/New/Child")
    assert stage.GetPrimAtPath("/World/Other")


def test_siblings_that_stay_keep_their_place(stage):
    session = stage.GetSessionLayer()
    with Usd.EditContext(stage, session):
        for index in range(4):
            stage.OverridePrim(f"/World/Kept{index}/Child").SetCustomDataByKey("n", index)
    before = contents(session)
    edit(stage, *(replaced(prim(stage, name), "class", ["box"]) for name in NAMES), layer="session").revert()
    assert contents(session) == before


def test_prims_that_are_gone_do_not_come_back(stage):
    made = edit(stage, replaced(prim(stage, "Plain"), "class", ["box"]))
    stage.RemovePrim("/World/Plain")
    made.revert()
    assert not prim(stage, "Plain")
