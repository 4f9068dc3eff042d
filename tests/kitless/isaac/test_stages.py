"""Opening and asking about stages, and prims on them."""

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

import isaacsim.core.experimental.utils.app as app_utils
import isaacsim.core.experimental.utils.prim as prim_utils
import isaacsim.core.experimental.utils.stage as stage_utils
import omni.isaac.core.utils.stage as oldest
import omni.usd
from isaacsim.core.utils import extensions, prims
from isaacsim.core.utils import stage as older


@pytest.fixture
def table(tmp_path):
    """A file with /Table, in two variants."""
    stage = Usd.Stage.CreateNew(str(tmp_path / "table.usda"))
    prim = stage.DefinePrim("/Table", "Xform")
    stage.DefinePrim("/Table/Leg", "Cube")
    stage.SetDefaultPrim(prim)
    variants = prim.GetVariantSets().AddVariantSet("wood")
    for name in ("oak", "pine"):
        variants.AddVariant(name)
    stage.Save()
    return str(tmp_path / "table.usda")


def test_a_reference_is_added_to_a_new_or_an_old_prim(stage, table):
    assert older.add_reference_to_stage(table, "/World/Table") == stage.GetPrimAtPath("/World/Table")
    assert stage.GetPrimAtPath("/World/Table/Leg").GetTypeName() == "Cube"
    prim = stage_utils.add_reference_to_stage(table, "/World/Other", variants=[("wood", "pine")])
    assert prim_utils.get_prim_variants(prim) == [("wood", "pine")]
    assert prim_utils.get_prim_variant_collection(prim) == {"wood": ["oak", "pine"]}
    with pytest.raises(ValueError, match="no variant 'steel' of 'wood'; it has the variants oak, pine"):
        prim_utils.set_prim_variants(prim, variants=[("wood", "steel")])
    with pytest.raises(FileNotFoundError, match=r"chair\.usd: no such USD file"):
        older.add_reference_to_stage("/nowhere/chair.usd", "/World/Chair")


def test_stages_are_opened_saved_and_closed(app, table, tmp_path):
    assert older.open_stage(table)
    assert older.get_current_stage().GetPrimAtPath("/Table")
    assert oldest.get_current_stage is older.get_current_stage
    assert older.save_stage(str(tmp_path / "copy.usda"), save_and_reload_in_place=False)
    assert Usd.Stage.Open(str(tmp_path / "copy.usda")).GetPrimAtPath("/Table/Leg")
    assert stage_utils.open_stage(table)[0]
    opened, stage = app.run(stage_utils.open_stage_async(table))
    assert (opened, bool(stage.GetPrimAtPath("/Table"))) == (True, True)
    with pytest.raises(ValueError, match=r"table\.txt is no USD file"):
        older.open_stage("table.txt")
    assert older.close_stage()
    assert older.get_current_stage() is None
    with pytest.raises(RuntimeError, match="no stage is open"):
        stage_utils.get_current_stage()


def test_new_stages_and_their_units(app):
    assert older.create_new_stage()
    older.set_stage_units(0.01)
    older.set_stage_up_axis("y")
    assert (older.get_stage_units(), older.get_stage_up_axis()) == (0.01, "Y")
    stage_utils.set_stage_units(kilograms_per_unit=2.0)
    assert stage_utils.get_stage_units() == (0.01, 2.0)
    stage_utils.set_stage_time_code(end_time_code=48, time_codes_per_second=24)
    assert stage_utils.get_stage_time_code() == (0.0, 48.0, 24.0)
    assert not list(stage_utils.create_new_stage(template="empty").Traverse())
    made = app.run(stage_utils.create_new_stage_async())
    assert made == omni.usd.get_context().get_stage()
    assert made.GetPrimAtPath("/World")


def test_a_block_works_on_another_stage(stage):
    other = older.create_new_stage_in_memory()
    with older.use_stage(other):
        assert stage_utils.is_stage_set()
        stage_utils.define_prim("/Only", "Cube")
        assert prims.is_prim_path_valid("/Only")
    assert not stage_utils.is_stage_set()
    assert (bool(other.GetPrimAtPath("/Only")), bool(stage.GetPrimAtPath("/Only"))) == (True, False)


def test_prims_are_defined_deleted_and_named(stage):
    assert stage_utils.define_prim("/World/A", "Cube").GetTypeName() == "Cube"
    assert stage_utils.define_prim("/World/A", "Cube") == stage.GetPrimAtPath("/World/A")
    with pytest.raises(ValueError, match="a Cube at /World/A already, which cannot be made a Sphere"):
        stage_utils.define_prim("/World/A", "Sphere")
    assert stage_utils.generate_next_free_path("/World/A") == "/World/A_01"
    assert older.get_next_free_path("A", "/World") == "/World/A_01"
    assert stage_utils.generate_stage_representation("list") == ["/World", "/World/A"]
    assert stage_utils.generate_stage_representation() == "World (Xform)\n  A (Cube)"
    assert stage_utils.delete_prim("/World/A")
    assert [str(prim.GetPath()) for prim in older.traverse_stage()] == ["/World"]


def test_a_moved_prim_stays_in_its_place(stage):
    UsdGeom.Xform.Define(stage, "/World/Far").AddTranslateOp().Set(Gf.Vec3d(10, 0, 0))
    prims.create_prim("/World/A", "Cube", position=(1, 2, 3))
    prims.move_prim("/World/A", "/World/Far/A")
    assert not stage.GetPrimAtPath("/World/A")
    moved = omni.usd.get_world_transform_matrix(stage.GetPrimAtPath("/World/Far/A"))
    np.testing.assert_allclose(moved.ExtractTranslation(), (1, 2, 3))
    assert stage_utils.move_prim("/World/Far/A", "/World") == (True, "/World/A")


def test_a_stage_is_cleared_of_all_but_what_must_stay(stage):
    prims.create_prim("/World/A", "Cube")
    prims.set_prim_no_delete(prims.create_prim("/World/B", "Cube"), True)
    older.clear_stage(lambda path: path.startswith("/World/"))
    assert [str(prim.GetPath()) for prim in stage.Traverse()] == ["/World", "/World/B"]


def test_a_prim_is_made_with_all_that_is_said(stage, table):
    prim = prims.create_prim(
        "/World/Ball",
        "Sphere",
        position=(1, 2, 3),
        orientation=(0, 0, 0, 1),
        scale=np.array([1, 2, 3]),
        semantic_label="ball",
        attributes={"radius": 2.5},
    )
    assert prim.GetAttribute("radius").Get() == 2.5
    assert prim.GetAttribute("xformOp:scale").Get() == Gf.Vec3d(1, 2, 3)
    orient = prim.GetAttribute("xformOp:orient").Get()
    np.testing.assert_allclose([orient.GetReal(), *orient.GetImaginary()], (0, 0, 0, 1), atol=1e-12)
    assert list(prim.GetAttribute("semantics:labels:class").Get()) == ["ball"]
    assert prims.create_prim("/World/Table", usd_path=table).GetChild("Leg")
    with pytest.raises(ValueError, match="there is a prim at /World/Ball already"):
        prims.create_prim("/World/Ball")
    with pytest.raises(ValueError, match="/World/C has no attribute 'sise'; it has"):
        prims.create_prim("/World/C", "Cube", attributes={"sise": 1})


def test_attributes_are_set_and_read(stage):
    prims.create_prim("/World/A", "Mesh")
    prims.set_prim_attribute_value("/World/A", "primvars:displayColor", [(1, 0, 0)])
    assert prims.get_prim_attribute_value("/World/A", "primvars:displayColor")[0] == Gf.Vec3f(1, 0, 0)
    prims.set_prim_property("/World/A", "xformOp:translate", (1, 2, 3))
    assert prims.get_prim_property("/World/A", "xformOp:translate") == Gf.Vec3d(1, 2, 3)
    assert "points" in prims.get_prim_attribute_names("/World/A")
    prims.set_targets(stage.GetPrimAtPath("/World"), "likes", ["/World/A"])
    assert stage.GetPrimAtPath("/World").GetRelationship("likes").GetTargets() == [Sdf.Path("/World/A")]


def test_prims_are_found(stage):
    for path in ("/World/A/Cube_1", "/World/A/Cube_2", "/World/B/Ball"):
        stage.DefinePrim(path, "Xform")
    assert prims.find_matching_prim_paths("/World/.*/Cube_[0-9]") == ["/World/A/Cube_1", "/World/A/Cube_2"]
    assert prim_utils.find_matching_prim_paths(".*Ball", traverse=True) == ["/World/B/Ball"]
    first = prims.get_first_matching_child_prim("/World", lambda path: path.endswith("Ball"))
    assert prims.get_prim_path(first) == "/World/B/Ball"
    found = prims.get_all_matching_child_prims("/World", lambda path: "A" in path, depth=1)
    assert [str(prim.GetPath()) for prim in found] == ["/World/A"]
    above = prim_utils.get_first_matching_parent_prim("/World/B/Ball", predicate=lambda prim, path: path == "/World")
    assert above == stage.GetPrimAtPath("/World")
    assert prims.query_parent_path("/World/B/Ball", lambda path: path == "/World/C") is False


def test_what_physics_says_about_prims(stage):
    UsdPhysics.ArticulationRootAPI.Apply(stage.DefinePrim("/World/Robot", "Xform"))
    link = stage.DefinePrim("/World/Robot/Link", "Xform")
    UsdPhysics.RigidBodyAPI.Apply(link)
    stage.DefinePrim("/World/Robot/Joint", "PhysicsRevoluteJoint")
    kinds = {path: prims.get_prim_object_type(f"/World/Robot{path}") for path in ("", "/Link", "/Joint")}
    assert kinds == {"": "articulation", "/Link": "rigid_body", "/Joint": "joint"}
    assert prims.is_prim_non_root_articulation_link("/World/Robot/Link")
    assert prims.get_articulation_root_api_prim_path("/World") == "/World/Robot"
    assert prim_utils.has_api(link, UsdPhysics.RigidBodyAPI)
    assert prim_utils.has_api(link, [UsdPhysics.RigidBodyAPI, UsdPhysics.MassAPI], test="any")
    assert not prim_utils.has_api(link, [UsdPhysics.RigidBodyAPI, UsdPhysics.MassAPI])


def test_what_comes_with_a_reference_is_ancestral(stage, table):
    older.add_reference_to_stage(table, "/World/Table")
    assert prims.is_prim_ancestral("/World/Table/Leg")
    assert not prims.is_prim_ancestral("/World/Table")


def test_the_app_is_updated_and_its_timeline_moved(app):
    before = app.get_update_number()
    app_utils.update_app(steps=3)
    assert app.get_update_number() - before == 3
    app_utils.update_app(steps=5, callback=lambda step, steps: step < 1)
    assert app.get_update_number() - before == 5
    app_utils.play()
    assert app_utils.is_playing()
    app_utils.pause()
    assert app_utils.is_paused()
    app_utils.stop()
    assert app_utils.is_stopped()


def test_extensions_are_enabled_or_the_log_says_why_not(app, capsys):
    assert extensions.enable_extension("omni.replicator.core")
    assert extensions.get_extension_id("omni.replicator.core") == "omni.replicator.core"
    assert not extensions.enable_extension("omni.nobody.has")
    assert "Extension omni.nobody.has is not enabled" in capsys.readouterr().err
