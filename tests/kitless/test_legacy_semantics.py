"""The legacy schema SemanticsAPI."""

import subprocess
import sys
from pathlib import Path

import pytest
from pxr import Sdf, Usd

import Semantics

MODULES = Path(Semantics.__file__).parent


@pytest.fixture
def prim():
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/A", "Cube")
    label = Semantics.SemanticsAPI.Apply(prim, "Semantics_x")
    label.CreateSemanticTypeAttr().Set("class")
    label.CreateSemanticDataAttr().Set("box")
    yield prim
    del stage


def test_an_applied_label_is_written_as_isaac_sim_does(prim):
    text = prim.GetStage().GetRootLayer().ExportToString()
    assert 'prepend apiSchemas = ["SemanticsAPI:Semantics_x"]' in text
    assert 'string semantic:Semantics_x:params:semanticType = "class"' in text
    assert 'string semantic:Semantics_x:params:semanticData = "box"' in text
    assert "custom" not in text


def test_a_label_is_read_back(prim):
    label = Semantics.SemanticsAPI.Get(prim, "Semantics_x")
    assert label
    assert (label.GetSemanticTypeAttr().Get(), label.GetSemanticDataAttr().Get()) == ("class", "box")
    assert (label.GetName(), label.GetPath()) == ("Semantics_x", prim.GetPath())
    assert [each.GetName() for each in Semantics.SemanticsAPI.GetAll(prim)] == ["Semantics_x"]


@pytest.mark.parametrize("schema", [Semantics.SemanticsAPI, "SemanticsAPI"])
def test_has_api_knows_the_class_and_the_name(prim, schema):
    other = prim.GetStage().DefinePrim("/B")
    assert prim.HasAPI(schema)
    assert prim.HasAPI(schema, "Semantics_x")
    assert not prim.HasAPI(schema, "other")
    assert not other.HasAPI(schema)
    assert not Semantics.SemanticsAPI.Get(other, "Semantics_x")


def test_usd_itself_applies_and_removes_it(prim):
    assert prim.ApplyAPI(Semantics.SemanticsAPI, "y")
    assert prim.GetAppliedSchemas() == ["SemanticsAPI:Semantics_x", "SemanticsAPI:y"]
    assert prim.RemoveAPI(Semantics.SemanticsAPI, "Semantics_x")
    assert prim.GetAppliedSchemas() == ["SemanticsAPI:y"]


def test_other_schemas_are_known_as_before(prim):
    assert prim.ApplyAPI(Usd.CollectionAPI, "c")
    assert prim.HasAPI(Usd.CollectionAPI)
    assert not prim.HasAPI(Usd.ClipsAPI)


def test_values_may_be_given_when_the_attribute_is_made(prim):
    label = Semantics.SemanticsAPI.Apply(prim, "z")
    label.CreateSemanticDataAttr("mug", True)
    label.CreateSemanticTypeAttr("class")
    assert label.GetSemanticDataAttr().Get() == "mug"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("/A.semantic:x:params:semanticType", True), ("/A.semantic:x", True), ("/A.size", False), ("/A", False)],
)
def test_a_path_of_a_label_is_told_from_others(path, is_one):
    assert Semantics.SemanticsAPI.IsSemanticsAPIPath(Sdf.Path(path)) is is_one


def test_importing_it_alone_is_enough_and_pxr_has_it_too():
    program = (
        f"import sys; sys.path[:0] = [{str(MODULES)!r}]\n"
        "import Semantics\nfrom pxr import Semantics as again, Usd\nassert again is Semantics\n"
        "stage = Usd.Stage.CreateInMemory()\nprim = stage.DefinePrim('/A')\nSemantics.SemanticsAPI.Apply(prim, 'x')\n"
        "assert prim.HasAPI(Semantics.SemanticsAPI, 'x')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_app_registers_it_before_any_stage(app):
    assert Usd.SchemaRegistry().IsMultipleApplyAPISchema("SemanticsAPI")
