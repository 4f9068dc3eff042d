"""Commands on the stage: what they do, and that undo puts every layer back to the letter."""

import pytest
from pxr import Sdf, Usd, UsdGeom

import omni.usd
from omni.kit import commands, undo


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    for name in "ABC":
        cube = UsdGeom.Cube.Define(stage, f"/World/{name}")
        cube.GetSizeAttr().Set(3.0, 1)
        UsdGeom.Sphere.Define(stage, f"/World/{name}/Child")
    return stage


def text(stage):
    return [layer.ExportToString() for layer in stage.GetLayerStack()]


@pytest.fixture
def there_and_back(stage):
    """Executes a command, undoes it, does it again and undoes it again; gives the text of the layers when done."""

    def run(name, **kwargs):
        before = text(stage)
        assert commands.execute(name, **kwargs)[0]
        done = text(stage)
        for _ in range(2):
            assert undo.undo()
            assert text(stage) == before
            assert undo.redo()
            assert text(stage) == done
        assert done != before
        return done

    return run


def paths(stage):
    return [str(prim.GetPath()) for prim in stage.Traverse()]


@pytest.mark.parametrize(
    ("path", "kwargs"),
    [
        ("/World/A.size", {"value": 5.0}),
        ("/World/A.size", {"value": 5.0, "timecode": Usd.TimeCode(2)}),
        ("/World/B.radius2", {"value": 1, "type_to_create_if_not_exist": Sdf.ValueTypeNames.Int, "is_custom": True}),
        ("/World/C.purpose", {"value": "proxy"}),
    ],
)
def test_a_property_is_changed(stage, there_and_back, path, kwargs):
    there_and_back("ChangeProperty", prop_path=path, prev=None, **kwargs)
    attribute = stage.GetAttributeAtPath(path)
    assert attribute.Get(kwargs.get("timecode", Usd.TimeCode.Default())) == kwargs["value"]


def test_a_property_can_be_changed_in_another_layer(stage, there_and_back):
    there_and_back(
        "ChangeProperty", prop_path="/World/A.purpose", value="guide", prev=None, target_layer=stage.GetSessionLayer()
    )
    assert '"guide"' in stage.GetSessionLayer().ExportToString()
    assert '"guide"' not in stage.GetRootLayer().ExportToString()


@pytest.mark.parametrize("path", ["/World/A.nothing", "/World/Nobody.size"])
def test_a_property_that_is_not_there_is_named(stage, path, capsys):
    before = text(stage)
    assert commands.execute("ChangeProperty", prop_path=path, value=1.0, prev=None) == (False, None)
    assert path.split(".")[0] in capsys.readouterr().err
    assert text(stage) == before
    assert not undo.can_undo()


def test_schemas_are_applied_and_removed(stage, there_and_back):
    there_and_back("AppendAPIToPrims", paths=["/World/A", "/World/B"], api_schema="CollectionAPI", api_instance="x")
    assert stage.GetPrimAtPath("/World/B").HasAPI(Usd.CollectionAPI, "x")
    there_and_back("RemoveAPIFromPrims", paths=["/World/B"], api_schema="CollectionAPI", api_instance="x")
    assert not stage.GetPrimAtPath("/World/B").HasAPI(Usd.CollectionAPI, "x")
    assert stage.GetPrimAtPath("/World/A").HasAPI(Usd.CollectionAPI, "x")


def test_a_schema_that_is_not_there_changes_no_prim(stage):
    before = text(stage)
    assert commands.execute("AppendAPIToPrims", paths=["/World/A", "/World/B"], api_schema="NoSuchAPI")[0] is False
    assert text(stage) == before


def test_schemas_of_a_prim_from_elsewhere_leave_nothing_behind(stage, there_and_back, tmp_path):
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        there_and_back("AppendAPIToPrims", paths=["/World/A/Child"], api_schema="CollectionAPI", api_instance="x")
    undo.undo()
    assert stage.GetSessionLayer().empty


@pytest.mark.parametrize("gone", [["/World/A"], ["/World/B", "/World/B/Child"], ["/World/A", "/World/B", "/World/C"]])
def test_prims_are_deleted_and_come_back_in_their_places(stage, there_and_back, gone):
    there_and_back("DeletePrims", paths=gone)
    assert not any(stage.GetPrimAtPath(path) for path in gone)


def test_a_deleted_prim_goes_from_every_layer(stage, there_and_back):
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        stage.GetPrimAtPath("/World/B").CreateAttribute("note", Sdf.ValueTypeNames.Int).Set(1)
    there_and_back("DeletePrims", paths=["/World/B"])
    assert not stage.GetPrimAtPath("/World/B")


def test_a_prim_from_a_reference_is_hidden_instead(stage, there_and_back):
    stage.DefinePrim("/World/R").GetReferences().AddInternalReference("/World/A")
    there_and_back("DeletePrims", paths=["/World/R/Child"])
    assert stage.GetPrimAtPath("/World/R/Child").IsActive() is False
    assert stage.GetPrimAtPath("/World/A/Child").IsActive()


def test_without_destruction_prims_are_only_hidden(stage, there_and_back):
    there_and_back("DeletePrims", paths=["/World/A"], destructive=False)
    assert stage.GetPrimAtPath("/World/A").IsActive() is False


def test_deleting_what_is_not_there_deletes_nothing(stage, capsys):
    assert commands.execute("DeletePrims", paths=["/World/A", "/World/X"]) == (False, None)
    assert "/World/X" in capsys.readouterr().err
    assert stage.GetPrimAtPath("/World/A")


@pytest.mark.parametrize("name", ["CreatePrim", "CreatePrimWithDefaultXform"])
def test_a_prim_is_created_selected_and_gone_again(stage, there_and_back, name):
    omni.usd.get_context().get_selection().set_selected_prim_paths(["/World/A"], True)
    there_and_back(name, prim_type="Cube", attributes={"size": 7.0})
    assert omni.usd.get_context().get_selection().get_selected_prim_paths() == ["/World/Cube"]
    assert stage.GetAttributeAtPath("/World/Cube.size").Get() == 7.0
    order = list(stage.GetAttributeAtPath("/World/Cube.xformOpOrder").Get())
    assert order == ["xformOp:translate", "xformOp:rotateXYZ", "xformOp:scale"]
    undo.undo()
    assert omni.usd.get_context().get_selection().get_selected_prim_paths() == ["/World/A"]


def test_a_created_prim_gets_the_next_free_path(stage):
    assert commands.execute("CreatePrim", prim_type="Xform", prim_path="/World/A") == (True, "/World/A_01")


def test_an_attribute_the_type_lacks_creates_nothing(stage, capsys):
    before = text(stage)
    assert commands.execute("CreatePrim", prim_type="Cube", attributes={"no": 1}) == (False, None)
    assert "'no'" in capsys.readouterr().err
    assert text(stage) == before


def test_selecting_can_be_undone(stage):
    selection = omni.usd.get_context().get_selection()
    commands.execute("SelectPrims", old_selected_paths=[], new_selected_paths=["/World/B"])
    assert selection.get_selected_prim_paths() == ["/World/B"]
    undo.undo()
    assert selection.get_selected_prim_paths() == []


def test_without_a_stage_the_command_fails_and_says_so(app, capsys):
    assert commands.execute("DeletePrims", paths=["/World"]) == (False, None)
    assert "no stage is open" in capsys.readouterr().err


def test_closing_the_stage_leaves_nothing_to_undo(stage):
    commands.execute("DeletePrims", paths=["/World/A"])
    omni.usd.get_context().close_stage()
    assert not undo.can_undo()
