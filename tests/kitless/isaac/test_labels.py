"""Labels by all names that Isaac Sim has given their functions."""

import pytest
from pxr import UsdGeom, UsdSemantics

import isaacsim.core.experimental.utils.semantics as newer
import omni.isaac.core.utils.semantics as oldest
from isaacsim.core.utils import semantics
from semantics.schema.editor import PrimSemanticData


@pytest.fixture
def mesh(stage):
    return UsdGeom.Mesh.Define(stage, "/World/Blue_Chair").GetPrim()


def labels(prim, taxonomy="class"):
    attribute = UsdSemantics.LabelsAPI(prim, taxonomy).GetLabelsAttr()
    return list(attribute.Get()) if attribute else None


def test_labels_replace_or_are_appended_each_once(mesh):
    semantics.add_labels(mesh, ["chair"])
    semantics.add_labels(mesh, ["seat", "chair"], overwrite=False)
    assert labels(mesh) == ["chair", "seat"]
    semantics.add_labels(mesh, ["stool"])
    semantics.add_labels(mesh, ["blue"], instance_name="color")
    assert semantics.get_labels(mesh) == {"class": ["stool"], "color": ["blue"]}
    semantics.remove_labels(mesh, "class")
    assert semantics.get_labels(mesh) == {"color": ["blue"]}
    assert not mesh.HasAPI(UsdSemantics.LabelsAPI, "class")
    with pytest.raises(ValueError, match="a list of texts"):
        semantics.add_labels(mesh, "chair")


def test_the_newer_ones_take_paths_and_append(mesh, stage):
    child = stage.DefinePrim("/World/Blue_Chair/Leg")
    newer.add_labels("/World/Blue_Chair", labels="chair")
    newer.add_labels(mesh, labels=["chair", "seat"])
    newer.add_labels(child, labels=["leg"], taxonomy="part")
    assert newer.get_labels(mesh) == {"class": ["chair", "seat"]}
    assert newer.get_labels(mesh, include_descendants=True) == {"class": ["chair", "seat"], "part": ["leg"]}
    newer.remove_labels(mesh, labels="chair")
    assert labels(mesh) == ["seat"]
    newer.remove_all_labels(mesh, include_descendants=True)
    assert (labels(mesh), labels(child, "part")) == ([], [])
    newer.remove_all_labels(mesh, remove_taxonomies=True)
    assert newer.get_labels(mesh) == {}


def test_the_legacy_schema_is_written_read_and_upgraded(mesh):
    oldest.add_update_semantics(mesh, "chair")
    oldest.add_update_semantics(mesh, "blue", "color", suffix="_1")
    assert mesh.GetAttribute("semantic:Semantics:params:semanticData").Get() == "chair"
    assert semantics.get_semantics(mesh) == {"Semantics": ("class", "chair"), "Semantics_1": ("color", "blue")}
    assert newer.upgrade_prim_semantics_to_labels(mesh) == ["/World/Blue_Chair"]
    assert semantics.get_semantics(mesh) == {}
    assert semantics.get_labels(mesh) == {"class": ["chair"], "color": ["blue"]}
    assert semantics.upgrade_prim_semantics_to_labels(mesh) == 0


def test_what_is_wrong_with_a_scene(mesh, stage):
    UsdGeom.Mesh.Define(stage, "/World/Plain")
    UsdGeom.Cube.Define(stage, "/World/NoMesh")
    semantics.add_labels(mesh, ["blue-chair", "sofa", "bench"])
    assert semantics.check_missing_labels() == ["/World/Plain"]
    assert semantics.check_incorrect_labels() == [["/World/Blue_Chair", "sofa"]]
    assert semantics.count_labels_in_scene() == {"missing_labels": 1, "blue-chair": 1, "sofa": 1, "bench": 1}
    assert semantics.check_missing_semantics("/World/Blue_Chair") == ["/World/Blue_Chair"]


def test_the_schema_editors_entry(mesh):
    PrimSemanticData(mesh).add_entry("class", "chair")
    PrimSemanticData(mesh).add_entry("class", "chair")
    assert labels(mesh) == ["chair"]
    with pytest.raises(ValueError, match="no colon: 'a:b'"):
        PrimSemanticData(mesh).add_entry("class", "a:b")


def test_old_and_new_names_are_one():
    assert oldest.add_labels is semantics.add_labels
