"""Point instancers: where the instances are, which there are, and what they are called. USD's own functions judge."""

import time
from contextlib import closing

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux, Vt

from kitless.raycast import Camera, GeometryError, Scene, silhouettes, trace
from kitless.raycast.motion import Past, motion

NOW = Usd.TimeCode.Default()


@pytest.fixture
def instancer(stage, add, add_camera):
    """/World/Many, of a cube and a sphere, at three places in a row."""
    add_camera((0, 0, 20))
    many = UsdGeom.PointInstancer.Define(stage, "/World/Many")
    add("Cube", "/World/Many/Cube", size=1.0)
    add("Sphere", "/World/Many/Ball", radius=0.5)
    many.CreatePrototypesRel().SetTargets(["/World/Many/Cube", "/World/Many/Ball"])
    many.CreatePositionsAttr([(-3, 0, 0), (0, 0, 0), (3, 0, 0)])
    many.CreateProtoIndicesAttr([0, 1, 0])
    return many


def names(look, *args):
    return [instance.name for instance in look((64, 64), *args).scene.instances]


def origins(look, *args):
    return {i.name: i.transform[3, :3].tolist() for i in look((64, 64), *args).scene.instances}


def matrices(look, *args):
    return np.stack([i.transform for i in look((8, 8), *args).scene.instances])


def test_every_instance_is_one_and_prototypes_are_none(instancer, look):
    seen = look()
    assert [i.name for i in seen.scene.instances] == ["/World/Many[0]", "/World/Many[2]", "/World/Many[1]"]
    assert [str(i.path) for i in seen.scene.instances] == ["/World/Many/Cube"] * 2 + ["/World/Many/Ball"]
    assert sorted(np.unique(seen.hits.instance)) == [-1, 0, 1, 2]
    assert seen.hits.instance[50, [43, 50, 58]].tolist() == [0, 2, 1]


def test_placement_is_what_usd_computes(stage, instancer, look):
    generator = np.random.default_rng(1)
    turns = [Gf.Rotation(Gf.Vec3d(*generator.normal(size=3)), float(a)).GetQuat() for a in (20, 130, 300)]
    instancer.CreateOrientationsfAttr([Gf.Quatf(turn) for turn in turns])
    instancer.CreateScalesAttr([(1, 2, 3), (0.5, 0.5, 2), (-1, 1, 1)])
    UsdGeom.Xformable(stage.GetPrimAtPath("/World/Many/Cube")).AddRotateXYZOp().Set(Gf.Vec3f(10, 20, 30))
    instancer.AddTransformOp().Set(Gf.Matrix4d().SetRotate(Gf.Rotation((1, 1, 0), 40)).SetTranslateOnly((1, 2, 3)))
    own = np.array(instancer.ComputeInstanceTransformsAtTime(NOW, NOW)) @ np.array(instancer.GetLocalTransformation())
    assert np.abs(matrices(look) - own[[0, 2, 1]]).max() < 1e-6


def test_half_orientations_are_turned_by_the_same_angle(instancer, look):
    instancer.CreateOrientationsAttr([Gf.Quath(Gf.Rotation((0, 0, 1), 90).GetQuat())] * 3)
    assert np.allclose(matrices(look)[0, :3, :3], [[0, 1, 0], [-1, 0, 0], [0, 0, 1]], atol=1e-6)


def test_ids_name_instances_and_keep_their_names_when_others_go(instancer, look):
    instancer.CreateIdsAttr([70, 5, 31])
    assert names(look) == ["/World/Many[70]", "/World/Many[31]", "/World/Many[5]"]
    instancer.CreateIdsAttr([5, 31])
    instancer.GetPositionsAttr().Set([(0, 0, 0), (3, 0, 0)])
    instancer.GetProtoIndicesAttr().Set([1, 0])
    assert names(look) == ["/World/Many[31]", "/World/Many[5]"]


@pytest.mark.parametrize("switch", ["InvisId", "DeactivateId"])
@pytest.mark.parametrize("ids", [None, [70, 5, 31]])
def test_switched_off_ids_are_not_there(instancer, look, switch, ids):
    if ids:
        instancer.CreateIdsAttr(ids)
    off = (ids or [0, 1, 2])[1]
    look((8, 8))
    getattr(instancer, switch)(*([off, NOW] if switch == "InvisId" else [off]))
    kept = [n for n, alive in zip(ids or [0, 1, 2], instancer.ComputeMaskAtTime(NOW), strict=True) if alive]
    assert (len(kept), names(look)) == (2, [f"/World/Many[{n}]" for n in kept])


def test_ids_may_be_switched_on_again(instancer, look):
    instancer.DeactivateId(0)
    instancer.InvisId(2, NOW)
    assert names(look) == ["/World/Many[1]"]
    instancer.ActivateAllIds()
    instancer.VisAllIds(NOW)
    assert len(names(look)) == 3


def test_moved_instances_are_seen_where_they_are(instancer, look):
    before = look().scene.instances.rosters
    instancer.GetPositionsAttr().Set([(-3, 0, 5), (0, 2, 0), (3, 0, 0)])
    assert origins(look) == {
        "/World/Many[0]": [-3, 0, 5],
        "/World/Many[1]": [0, 2, 0],
        "/World/Many[2]": [3, 0, 0],
    }
    after = look()
    assert after.scene.instances.rosters == before
    assert after.hits.instance[45, 50] == 2


def test_prototype_indices_may_change(instancer, look):
    look()
    instancer.GetProtoIndicesAttr().Set([1, 1, 1])
    assert {str(i.path) for i in look().scene.instances} == {"/World/Many/Ball"}
    assert len(np.unique(look().hits.instance)) == 4


def test_prototypes_may_be_retargeted_edited_and_grow(stage, instancer, look, add):
    look((8, 8))
    stage.GetPrimAtPath("/World/Many/Cube").GetAttribute("size").Set(4.0)
    assert look((8, 8)).scene.instances[0].mesh.extent[1].tolist() == [2, 2, 2]
    add("Cone", "/Elsewhere/Group/Cone")
    instancer.GetPrototypesRel().SetTargets(["/Elsewhere/Group", "/World/Many/Ball"])
    assert names(look) == ["/Elsewhere/Group/Cone", "/World/Many[0]/Cone", "/World/Many[2]/Cone", "/World/Many[1]"]
    add("Cube", "/Elsewhere/Group/Hat")
    assert "/World/Many[2]/Hat" in names(look)
    stage.RemovePrim("/Elsewhere/Group/Cone")
    assert "/World/Many[2]/Cone" not in names(look)
    stage.RemovePrim("/World/Many")
    assert names(look) == ["/Elsewhere/Group/Hat"]


def test_a_prototype_below_an_over_or_a_class_is_drawn_by_its_instancer_only(stage, add, add_camera, look):
    add_camera()
    many = UsdGeom.PointInstancer.Define(stage, "/Many")
    add("Cube", "/Library/Tree/Crown")
    stage.GetPrimAtPath("/Library").SetSpecifier(Sdf.SpecifierOver)
    stage.GetPrimAtPath("/Library/Tree").SetSpecifier(Sdf.SpecifierClass)
    stage.GetPrimAtPath("/Library/Tree/Crown").SetSpecifier(Sdf.SpecifierDef)
    many.CreatePrototypesRel().SetTargets(["/Library/Tree"])
    many.CreatePositionsAttr([(0, 0, 0)])
    many.CreateProtoIndicesAttr([0])
    assert names(look) == ["/Many[0]/Crown"]


def test_visibility_within_a_prototype_and_above_the_instancer(stage, instancer, look):
    ball = UsdGeom.Imageable(stage.GetPrimAtPath("/World/Many/Ball"))
    ball.MakeInvisible()
    assert names(look) == ["/World/Many[0]", "/World/Many[2]"]
    ball.MakeVisible()
    UsdGeom.Xform.Define(stage, "/World").MakeInvisible()
    assert names(look) == []


def test_nested_instancers_multiply(stage, add, add_camera, look):
    """Rows of 3 in columns of 4, each column scaled: the product of the two transforms, known by hand."""
    add_camera()
    outer = UsdGeom.PointInstancer.Define(stage, "/Outer")
    inner = UsdGeom.PointInstancer.Define(stage, "/Outer/Row/Inner")
    UsdGeom.Xformable(inner).AddTranslateOp().Set(Gf.Vec3d(0, 0, 7))
    add("Cube", "/Outer/Row/Inner/Group/Box", at=(0.25, 0, 0))
    inner.CreatePrototypesRel().SetTargets(["/Outer/Row/Inner/Group"])
    inner.CreatePositionsAttr([(x, 0, 0) for x in range(3)])
    inner.CreateProtoIndicesAttr([0] * 3)
    outer.CreatePrototypesRel().SetTargets(["/Outer/Row"])
    outer.CreatePositionsAttr([(0, y, 0) for y in range(4)])
    outer.CreateScalesAttr([(y + 1, 1, 1) for y in range(4)])
    outer.CreateProtoIndicesAttr([0] * 4)
    assert origins(look) == {
        f"/Outer[{y}]/Inner[{x}]/Box": [(x + 0.25) * (y + 1), y, 7] for y in range(4) for x in range(3)
    }


def test_an_instancer_inside_itself_is_told_not_followed(stage, instancer, look):
    instancer.GetPrototypesRel().SetTargets(["/World"])
    assert "PointInstancer inside itself" in look((8, 8)).scene.unsupported


def test_what_cannot_be_drawn_in_a_prototype_is_told_lights_included(stage, instancer, look):
    UsdLux.SphereLight.Define(stage, "/World/Many/Cube/Lamp")
    UsdGeom.TetMesh.Define(stage, "/World/Many/Cube/Jelly")
    scene = look((8, 8)).scene
    assert {kind: list(map(str, paths)) for kind, paths in scene.unsupported.items()} == {
        "SphereLight": ["/World/Many/Cube/Lamp"],
        "TetMesh": ["/World/Many/Cube/Jelly"],
    }
    assert scene.lights.count == 0


def test_prototypes_that_are_instanceable_and_instancers_in_references(stage, add, add_camera, look):
    add_camera()
    add("Cube", "/Asset/Box")
    many = UsdGeom.PointInstancer.Define(stage, "/Kit/Many")
    tree = UsdGeom.Xform.Define(stage, "/Kit/Many/Tree").GetPrim()
    tree.GetReferences().AddInternalReference("/Asset")
    tree.SetInstanceable(True)
    many.CreatePrototypesRel().SetTargets(["/Kit/Many/Tree"])
    many.CreatePositionsAttr([(1, 0, 0), (2, 0, 0)])
    many.CreateProtoIndicesAttr([0, 0])
    for path in ("/A", "/B"):
        xform = UsdGeom.Xform.Define(stage, path)
        xform.AddTranslateOp().Set(Gf.Vec3d(0, ord(path[1]) - 64, 0))
        xform.GetPrim().GetReferences().AddInternalReference("/Kit")
        xform.GetPrim().SetInstanceable(True)
    found = origins(look)
    assert {n: found[n] for n in found if n[:3] in ("/A/", "/B/")} == {
        f"/{name}/Many[{i}]/Box": [i + 1, y, 0] for name, y in (("A", 1), ("B", 2)) for i in (0, 1)
    }
    many.GetPositionsAttr().Set([(5, 0, 0), (2, 0, 0)])
    assert origins(look)["/B/Many[0]/Box"] == [5, 2, 0]


def test_time_samples_move_and_velocities_do_not(instancer, look):
    instancer.GetPositionsAttr().Set([(0, 0, 0)] * 3, 0)
    instancer.GetPositionsAttr().Set([(8, 0, 0)] * 3, 8)
    instancer.CreateVelocitiesAttr().Set([(0, 1000, 0)] * 3, 0)
    assert origins(look, Usd.TimeCode(2))["/World/Many[1]"] == [2, 0, 0]
    assert origins(look, Usd.TimeCode(6))["/World/Many[1]"] == [6, 0, 0]


def test_invisible_ids_may_be_animated(instancer, look):
    instancer.CreateInvisibleIdsAttr().Set([0], 1)
    instancer.GetInvisibleIdsAttr().Set([], 2)
    assert [len(names(look, Usd.TimeCode(t))) for t in (1, 2, 1)] == [2, 3, 2]


@pytest.mark.parametrize("name", ["positions", "scales", "ids"])
def test_arrays_that_do_not_belong_together_are_named(instancer, look, name):
    {"positions": instancer.GetPositionsAttr, "scales": instancer.CreateScalesAttr, "ids": instancer.CreateIdsAttr}[
        name
    ]().Set([4, 4] if name == "ids" else [(1, 1, 1)] * 2)
    with pytest.raises(GeometryError, match=rf"/World/Many\.{name} has \d .*3 instances"):
        look((8, 8))


def test_silhouettes_of_unoccluded_instances_are_what_is_seen(instancer, look):
    seen = look((201, 201))
    alone = silhouettes(seen.scene, seen.camera, [[0], [1], [2], [0, 1, 2]])
    counts = [int((seen.hits.instance == n).sum()) for n in range(3)]
    assert alone.pixels.tolist() == [*counts, sum(counts)]


def test_motion_follows_an_instance_by_its_id(instancer, look):
    instancer.CreateIdsAttr([0, 1, 2])
    first = look((100, 100))
    past = Past(first.camera, first.scene.instances)
    # The first goes; the cube with id 2 moves by 2 at a distance of 19.5, where a unit is 50 / 19.5 pixels.
    instancer.GetIdsAttr().Set([1, 2])
    instancer.GetProtoIndicesAttr().Set([1, 0])
    instancer.GetPositionsAttr().Set([(0, 0, 0), (5, 0, 0)])
    second = look((100, 100))
    moved = motion(past, second.scene.instances, second.hits)[second.hits.instance == 0]
    assert np.abs(moved[:, 0].max() + 2 * 50 / 19.5) < 0.6
    assert np.median(moved[:, 0]) == pytest.approx(-2 * 50 / 19.5, abs=1e-3)


def test_order_of_prims_in_the_file_does_not_matter():
    many = "int[] protoIndices = [0, 1, 1]\npoint3f[] positions = [(9, 0, 0), (4, 0, 0), (0, 4, 0)]"
    prims = [
        'def Cube "Box" {\n}',
        'over "Library" {\ndef Sphere "Ball" {\n}\n}',
        f'def PointInstancer "Many" {{\n{many}\nrel prototypes = [</Box>, </Library/Ball>]\n}}',
    ]
    assert _mask(prims) == _mask(prims[::-1])


def _mask(prims):
    stage = Usd.Stage.CreateInMemory()
    stage.GetRootLayer().ImportFromString("#usda 1.0\n" + "\n".join(prims))
    UsdGeom.Camera.Define(stage, "/Camera").AddTranslateOp().Set(Gf.Vec3d(0, 0, 60))
    with closing(Scene(stage)) as scene:
        scene.update(NOW)
        image = trace(scene, Camera.from_prim(stage.GetPrimAtPath("/Camera"), (160, 120))).instance
    assert np.unique(image).tolist() == [-1, 0, 1, 2, 3]
    return image.tobytes()


def test_seventy_thousand_instances_keep_seventy_thousand_ids(stage, add, add_camera, look):
    """280 x 250 quads, each seen in exactly 3 x 3 of 4 x 4 pixels."""
    columns, rows = 280, 250
    add_camera((0, 0, 140), horizontalAperture=20.0, focalLength=10.0)
    quad = add("Mesh", "/Many/Quad", faceVertexCounts=[4], faceVertexIndices=[0, 1, 2, 3])
    quad.GetAttribute("points").Set([(-0.375, -0.375, 0), (0.375, -0.375, 0), (0.375, 0.375, 0), (-0.375, 0.375, 0)])
    many = UsdGeom.PointInstancer.Define(stage, "/Many")
    many.CreatePrototypesRel().SetTargets([quad.GetPath()])
    x, y = np.meshgrid(np.arange(columns) - 139.5, 124.5 - np.arange(rows))
    positions = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1).astype(np.float32)
    many.CreatePositionsAttr(Vt.Vec3fArray.FromNumpy(positions))
    many.CreateProtoIndicesAttr(Vt.IntArray.FromNumpy(np.zeros(x.size, np.int32)))
    start = time.perf_counter()
    # One world unit is 4 pixels; quads cover the pixel centres 0.5, 1.5, 2.5, 3.5 of 4 from 0.5 to 3.5: the ends are
    # on the edge, so the picture is shifted by a quarter pixel to be clear of it.
    camera = stage.GetPrimAtPath("/Camera")
    camera.GetAttribute("horizontalApertureOffset").Set(20.0 * 0.25 / (4 * columns))
    camera.GetAttribute("verticalApertureOffset").Set(20.0 * 0.25 / (4 * columns))
    seen = look((4 * columns, 4 * rows))
    assert time.perf_counter() - start < 10
    expected = np.repeat(np.repeat(np.arange(columns * rows).reshape(rows, columns), 4, axis=0), 4, axis=1)
    hit = seen.hits.instance >= 0
    assert (seen.hits.instance == expected)[hit].all()
    assert (np.bincount(seen.hits.instance[hit], minlength=columns * rows) == 9).all()
