"""Reading and setting labels, with both schemas, inheritance and instances."""

import pytest
from pxr import Sdf, Usd, UsdSemantics

from simslate.recorder.errors import ConfigError, StageError
from simslate.recorder.labels import inherited_labels, labelled_prims, own_labels, set_labels


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    stage.DefinePrim("/World/Shelf/Box", "Cube")
    return stage


@pytest.fixture
def box(stage):
    return stage.GetPrimAtPath("/World/Shelf/Box")


def apply_new(prim, taxonomy, *labels):
    UsdSemantics.LabelsAPI.Apply(prim, taxonomy).CreateLabelsAttr(labels)


def apply_old(prim, instance, taxonomy, label):
    prim.AddAppliedSchema(f"SemanticsAPI:{instance}")
    prim.CreateAttribute(f"semantic:{instance}:params:semanticType", Sdf.ValueTypeNames.String).Set(taxonomy)
    prim.CreateAttribute(f"semantic:{instance}:params:semanticData", Sdf.ValueTypeNames.String).Set(label)


def add_instances(stage, count=3):
    """Give ``stage`` instances /I0, /I1 ... of a prim with a labelled mesh inside."""
    apply_new(stage.DefinePrim("/Proto/Mesh", "Mesh"), "class", "bolt")
    stage.OverridePrim("/Proto").SetSpecifier(Sdf.SpecifierClass)
    for index in range(count):
        prim = stage.DefinePrim(f"/I{index}")
        prim.GetReferences().AddInternalReference("/Proto")
        prim.SetInstanceable(True)


def test_an_unlabelled_prim_has_no_labels(stage, box):
    assert own_labels(box) == inherited_labels(box) == {}
    assert list(labelled_prims(stage)) == []


def test_new_labels_keep_their_order(box):
    apply_new(box, "class", "box", "carton")
    apply_new(box, "material", "paper")
    assert own_labels(box) == {"class": ["box", "carton"], "material": ["paper"]}


def test_old_labels_join_by_type(box):
    apply_old(box, "Semantics", "class", "box")
    apply_old(box, "Semantics_a", "class", "carton")
    apply_old(box, "Semantics_b", "shape", "boxy")
    assert own_labels(box) == {"class": ["box", "carton"], "shape": ["boxy"]}


def test_old_labels_come_before_new_ones(box):
    apply_new(box, "class", "new")
    apply_old(box, "Semantics", "class", "old")
    assert own_labels(box) == {"class": ["old", "new"]}


def test_string_arrays_are_read_as_well_as_token_arrays(box):
    box.AddAppliedSchema("SemanticsLabelsAPI:class")
    box.CreateAttribute("semantics:labels:class", Sdf.ValueTypeNames.StringArray).Set(["box"])
    assert own_labels(box) == {"class": ["box"]}


def test_an_attribute_without_the_schema_is_no_label(stage, box):
    box.CreateAttribute("semantics:labels:class", Sdf.ValueTypeNames.TokenArray).Set(["box"])
    assert own_labels(box) == {}


def test_a_schema_without_a_value_is_no_label(stage, box):
    UsdSemantics.LabelsAPI.Apply(box, "class")
    box.AddAppliedSchema("SemanticsAPI:Semantics")
    assert not any(own_labels(box).values())
    assert list(labelled_prims(stage)) == []


def test_labels_over_time(box):
    attribute = UsdSemantics.LabelsAPI.Apply(box, "class").CreateLabelsAttr()
    attribute.Set(["closed"], 1)
    attribute.Set(["open"], 5)
    assert own_labels(box) == {"class": ["closed"]}
    assert own_labels(box, Usd.TimeCode(5)) == {"class": ["open"]}


def test_inherited_labels_come_ancestor_first(stage, box):
    apply_new(stage.GetPrimAtPath("/World"), "class", "scene")
    apply_old(stage.GetPrimAtPath("/World/Shelf"), "Semantics", "class", "shelf")
    apply_new(box, "class", "box")
    assert inherited_labels(box) == {"class": ["scene", "shelf", "box"]}


def test_labels_inside_instances_are_found_once_per_instance(stage):
    add_instances(stage)
    assert [prim.GetPath() for prim in labelled_prims(stage)] == ["/I0/Mesh", "/I1/Mesh", "/I2/Mesh"]
    assert inherited_labels(stage.GetPrimAtPath("/I1/Mesh")) == {"class": ["bolt"]}


def test_set_labels_is_read_back_by_usd_itself(box):
    set_labels(box, ["box", "carton"])
    assert list(UsdSemantics.LabelsAPI(box, "class").GetLabelsAttr().Get()) == ["box", "carton"]
    assert UsdSemantics.LabelsAPI.GetDirectTaxonomies(box) == ["class"]


def test_set_labels_replaces_one_taxonomy_and_leaves_the_others(box):
    apply_new(box, "class", "old")
    apply_new(box, "material", "paper")
    set_labels(box, ["box"])
    assert own_labels(box) == {"class": ["box"], "material": ["paper"]}


def test_set_labels_writes_to_the_edit_target_only(stage, box):
    before = stage.GetRootLayer().ExportToString()
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        set_labels(box, ["box"], taxonomy="kind")
    assert stage.GetRootLayer().ExportToString() == before
    assert own_labels(box) == {"kind": ["box"]}


@pytest.mark.parametrize(("label", "why"), [("", "non-empty"), ("  ", "non-empty"), ("a:b", "colon"), (3, "non-empty")])
def test_labels_nobody_could_read_back_are_refused(box, label, why):
    with pytest.raises(ConfigError, match=f"/World/Shelf/Box: .*{why}"):
        set_labels(box, ["fine", label])
    assert own_labels(box) == {}


@pytest.mark.parametrize("taxonomy", ["", "a b", "a:b", "1a", None])
def test_taxonomies_are_names(box, taxonomy):
    with pytest.raises(ConfigError, match="is not a taxonomy"):
        set_labels(box, ["box"], taxonomy=taxonomy)


def test_a_prim_inside_an_instance_is_refused_with_the_prim_to_label_instead(stage):
    add_instances(stage)
    with pytest.raises(StageError, match=r"/I1/Mesh lies inside an instance .* label /I1 instead"):
        set_labels(stage.GetPrimAtPath("/I1/Mesh"), ["nut"])
    set_labels(stage.GetPrimAtPath("/I1"), ["nut"])
    assert inherited_labels(stage.GetPrimAtPath("/I1/Mesh")) == {"class": ["nut", "bolt"]}
