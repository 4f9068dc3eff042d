"""Scene: what is on the stage, at which time, and after which edits."""

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics

from kitless.raycast import occurrence, trace
from kitless.raycast.placing import Cohort
from kitless.raycast.shapes import cube

NOW = Usd.TimeCode.Default()


@pytest.fixture
def prototype(stage, add):
    """Two instances, /A and /B, of a prototype with a cube inside."""
    stage.OverridePrim("/Prototype").SetSpecifier(Sdf.SpecifierClass)
    stage.OverridePrim("/Prototype").SetTypeName("Xform")
    add("Cube", "/Prototype/Box", size=2.0)
    for path, x in (("/A", -3), ("/B", 3)):
        xform = UsdGeom.Xform.Define(stage, path)
        xform.AddTranslateOp().Set(Gf.Vec3d(x, 0, 0))
        xform.GetPrim().GetReferences().AddInternalReference("/Prototype")
        xform.GetPrim().SetInstanceable(True)


def test_instances_share_one_mesh(prototype, add_camera, look):
    add_camera()
    seen = look()
    assert seen.paths() == ["/A/Box", "/B/Box"]
    first, second = seen.scene.instances
    assert first.mesh is second.mesh
    assert first.prim.IsInstanceProxy()
    assert [first.transform[3, 0], second.transform[3, 0]] == [-3, 3]
    assert seen.area("/A/Box") == seen.area("/B/Box") > 0


def test_equal_copies_share_one_mesh_too(add, add_camera, look):
    add_camera()
    add("Cube", "/A", size=2.0)
    add("Cube", "/B", size=2.0, at=(3, 0, 0))
    first, second = look((8, 8)).scene.instances
    assert first.mesh is second.mesh


def test_an_edit_in_a_prototype_reaches_all_instances(prototype, add_camera, look, stage):
    add_camera()
    before = look().area("/A/Box")
    stage.GetPrimAtPath("/Prototype/Box").GetAttribute("size").Set(1.0)
    after = look()
    assert after.area("/A/Box") == after.area("/B/Box") < before / 2
    UsdGeom.Xformable(stage.GetPrimAtPath("/Prototype/Box")).AddTranslateOp().Set(Gf.Vec3d(0, 1, 0))
    assert [i.transform[3].tolist() for i in look().scene.instances] == [[-3, 1, 0, 1], [3, 1, 0, 1]]


def test_a_prim_added_to_a_prototype_appears_in_all_instances(prototype, add_camera, look, add):
    add_camera()
    look((8, 8))
    add("Sphere", "/Prototype/Ball")
    assert look((8, 8)).paths() == ["/A/Ball", "/A/Box", "/B/Ball", "/B/Box"]


def test_order_is_by_path_not_by_authoring(add, add_camera, look):
    add_camera()
    for path in ("/C", "/A/Z", "/A1", "/A/B"):
        add("Cube", path)
    assert look((8, 8)).paths() == ["/A/B", "/A/Z", "/A1", "/C"]


def test_transforms_compose(stage, add, add_camera, look):
    add_camera()
    UsdGeom.Xform.Define(stage, "/World").AddScaleOp().Set(Gf.Vec3f(2, 2, 2))
    add("Cube", "/World/Box", at=(1, 2, 3))
    assert look((8, 8)).scene.instances[0].transform[3].tolist() == [2, 4, 6, 1]


def test_reset_xform_stack(stage, add, add_camera, look):
    add_camera()
    UsdGeom.Xform.Define(stage, "/World").AddTranslateOp().Set(Gf.Vec3d(50, 0, 0))
    prim = add("Cube", "/World/Box", at=(1, 2, 3))
    UsdGeom.Xformable(prim).SetResetXformStack(True)
    assert look((8, 8)).scene.instances[0].transform[3].tolist() == [1, 2, 3, 1]


def test_a_flat_transform_hides(add, add_camera, look):
    add_camera()
    add("Cube", "/Box", scale=(1, 0, 1))
    assert look((8, 8)).paths() == []


@pytest.mark.parametrize(("purpose", "drawn"), [("default", 1), ("render", 1), ("proxy", 0), ("guide", 0)])
def test_purpose_is_inherited(stage, add, add_camera, look, purpose, drawn):
    add_camera()
    UsdGeom.Xform.Define(stage, "/World").CreatePurposeAttr(purpose)
    add("Cube", "/World/Box")
    assert len(look((8, 8)).paths()) == drawn


def test_visibility_is_inherited_and_may_change(stage, add, add_camera, look):
    add_camera()
    world = UsdGeom.Xform.Define(stage, "/World")
    add("Cube", "/World/Box")
    assert look().area("/World/Box") > 0
    world.MakeInvisible()
    hidden = look()
    assert hidden.paths() == []
    assert (hidden.hits.instance == -1).all()
    world.MakeVisible()
    assert look().area("/World/Box") > 0


def test_visibility_may_be_animated(add, add_camera, look):
    add_camera()
    attribute = UsdGeom.Imageable(add("Cube", "/Box")).CreateVisibilityAttr()
    attribute.Set("inherited", 1)
    attribute.Set("invisible", 2)
    assert [len(look((8, 8), Usd.TimeCode(t)).paths()) for t in (1, 2, 1)] == [1, 0, 1]


def test_animated_transforms_are_interpolated(stage, add, add_camera, look):
    add_camera()
    op = UsdGeom.Xform.Define(stage, "/World").AddTranslateOp()
    op.Set(Gf.Vec3d(0, 0, 0), 0)
    op.Set(Gf.Vec3d(4, 0, 0), 10)
    add("Cube", "/World/Box")
    assert [look((8, 8), Usd.TimeCode(t)).scene.instances[0].transform[3, 0] for t in (0, 5, 10, 2.5)] == [0, 2, 4, 1]


def test_animated_points_move(add, add_camera, look):
    add_camera((0, 0, 10))
    prim = add("Mesh", "/Sheet", faceVertexCounts=[4], faceVertexIndices=[0, 1, 2, 3])
    for time, z in ((1, 0.0), (2, 4.0)):
        points = [(-1, -1, z), (1, -1, z), (1, 1, z), (-1, 1, z)]
        prim.GetAttribute("points").Set(points, time)
    assert [look(time=Usd.TimeCode(t)).middle for t in (1, 1.5, 2)] == [10, 8, 6]


def test_one_sample_beside_a_default_is_seen_when_time_becomes_numeric(add, add_camera, look):
    add_camera()
    size = add("Cube", "/Box", size=2.0).GetAttribute("size")
    size.Set(4.0, 1)
    assert look((8, 8)).scene.instances[0].mesh.extent[1, 0] == 1
    assert look((8, 8), Usd.TimeCode(1)).scene.instances[0].mesh.extent[1, 0] == 2


@pytest.mark.parametrize("change", ["deactivate", "remove", "class", "over"])
def test_what_is_not_there_is_not_drawn(stage, add, add_camera, look, change):
    add_camera()
    prim = add("Cube", "/World/Box")
    assert look((8, 8)).paths() == ["/World/Box"]
    {
        "deactivate": lambda: prim.SetActive(False),
        "remove": lambda: stage.RemovePrim("/World/Box"),
        "class": lambda: prim.SetSpecifier(Sdf.SpecifierClass),
        "over": lambda: prim.SetSpecifier(Sdf.SpecifierOver),
    }[change]()
    assert look((8, 8)).paths() == []


def test_edits_appear(stage, add, add_camera, look):
    add_camera((0, 0, 10))
    prim = add("Cube", "/Box", size=2.0, at=(0, 0, 0))
    assert look().middle == 9
    prim.GetAttribute("xformOp:translate").Set(Gf.Vec3d(0, 0, 3))
    assert look().middle == 6
    prim.GetAttribute("size").Set(4.0)
    assert look().middle == 5
    add("Sphere", "/Ball", at=(0, 0, 6))
    assert look().paths() == ["/Ball", "/Box"]
    assert look().middle == 3


def test_moving_what_is_above_moves_what_is_below(stage, add, add_camera, look):
    add_camera((0, 0, 10))
    world = UsdGeom.Xform.Define(stage, "/World")
    move = world.AddTranslateOp()
    add("Cube", "/World/Inner/Box", size=2.0)
    add("Cube", "/World1", size=2.0, at=(0, 0, -20))
    look()
    move.Set(Gf.Vec3d(0, 0, 5))
    assert look().middle == 4


def test_an_update_reads_only_what_changed(add, add_camera, look, scene, monkeypatch):
    add_camera()
    prims = [add("Cube", f"/Box{n}", at=(n, 0, 0)) for n in range(5)]
    look((8, 8))
    placed, read = [], Cohort.read
    monkeypatch.setattr(Cohort, "read", lambda some, cache: placed.extend(some.members) or read(some, cache))
    monkeypatch.setattr(occurrence, "read_mesh", lambda prim, *_: pytest.fail(f"{prim.GetPath()} is read again"))
    prims[2].GetAttribute("xformOp:translate").Set(Gf.Vec3d(9, 0, 0))
    instances = look((8, 8)).scene.instances
    assert [each.gprim.key for each in placed] == ["/Box2"]
    assert [each.transform[3, 0] for each in instances] == [0, 1, 9, 3, 4]


def test_labels_and_physics_edits_cost_nothing(add, add_camera, look, scene):
    add_camera()
    prim = add("Cube", "/Box")
    UsdPhysics.RigidBodyAPI.Apply(prim)
    prim.CreateAttribute("semantics:labels:class", Sdf.ValueTypeNames.TokenArray).Set(["box"])
    tables = look((8, 8)).scene.tables
    prim.GetAttribute("semantics:labels:class").Set(["crate"])
    UsdPhysics.RigidBodyAPI(prim).GetVelocityAttr().Set(Gf.Vec3f(1, 0, 0))
    scene.update(NOW)
    assert scene.tables is tables


def test_hits_keep_the_frame_they_were_traced_in(add, add_camera, look):
    add_camera((0, 0, 10))
    prim = add("Cube", "/Box", size=2.0, turn=(0, 0, 0))
    first = look()
    prim.GetAttribute("xformOp:rotateXYZ").Set(Gf.Vec3f(45, 0, 0))
    first.scene.update(NOW)
    assert first.hits.normal[50, 50].tolist() == [0, 0, 1]


def test_what_cannot_be_drawn_is_listed_not_drawn(stage, add, add_camera, look):
    add_camera()
    add("NurbsPatch", "/World/Hair")
    add("TetMesh", "/World/Dust")
    add("NurbsPatch", "/World/Hidden", purpose="guide")
    seen = look((8, 8))
    assert seen.paths() == []
    assert {k: list(map(str, v)) for k, v in seen.scene.unsupported.items()} == {
        "NurbsPatch": ["/World/Hair"],
        "TetMesh": ["/World/Dust"],
    }


def test_two_scenes_and_two_cameras_do_not_mix(stage, add, add_camera, look):
    add_camera((0, 0, 10))
    add_camera((0, 0, 20), path="/Far")
    add("Cube", "/Box", size=2.0)
    near, far = look(), look(path="/Far")
    assert [near.middle, far.middle] == [9, 19]


def test_closing_twice_is_fine(scene):
    scene.update(NOW)
    scene.close()
    scene.close()


def test_many_instances_have_their_own_ids(stage, add, add_camera, look):
    add_camera((0, 0, 100))
    UsdGeom.Xform.Define(stage, "/World")
    with Sdf.ChangeBlock():
        for n in range(900):
            prim = Sdf.CreatePrimInLayer(stage.GetRootLayer(), f"/World/B{n:03}")
            prim.specifier, prim.typeName = Sdf.SpecifierDef, "Cube"
            Sdf.AttributeSpec(prim, "xformOp:translate", Sdf.ValueTypeNames.Double3).default = Gf.Vec3d(
                n % 30 * 4 - 58, n // 30 * 4 - 58, 0
            )
            Sdf.AttributeSpec(prim, "xformOpOrder", Sdf.ValueTypeNames.TokenArray).default = ["xformOp:translate"]
    seen = look((600, 600))
    x, y = (np.array([i.transform[3, k] for i in seen.scene.instances]) for k in (0, 1))
    pixels, _ = seen.camera.project(np.stack([x, y, np.ones_like(x)], axis=1))
    columns, rows = pixels.astype(int).T
    assert (seen.hits.instance[rows, columns] == np.arange(900)).all()
    assert trace(seen.scene, seen.camera).instance.tobytes() == seen.hits.instance.tobytes()


def test_a_prototype_is_read_once(prototype, add_camera, look, monkeypatch):
    add_camera()
    read = []
    monkeypatch.setattr("kitless.raycast.occurrence.read_mesh", lambda prim, *rest: read.append(prim) or cube(2.0))
    assert look((8, 8)).paths() == ["/A/Box", "/B/Box"]
    assert len(read) == 1
