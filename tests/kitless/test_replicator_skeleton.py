"""skeleton_data: an arm of two joints, bent by a known angle, before a camera."""

import ast
import json

import numpy as np
import pytest
from pxr import Gf, Sdf, UsdGeom, UsdSkel

import omni.replicator.core as rep
import omni.usd
from kitless.raycast import Camera

SIZE = (320, 240)
ARRAYS = {
    "skeletonParents": (np.int32, ()),
    "restGlobalTranslations": (np.float32, (3,)),
    "restLocalTranslations": (np.float32, (3,)),
    "restLocalRotations": (np.float32, (4,)),
    "globalTranslations": (np.float32, (3,)),
    "localRotations": (np.float32, (4,)),
    "translations2d": (np.float32, (2,)),
    "jointOcclusions": (np.bool_, ()),
}
KEYS = [
    "skel_name",
    "skel_path",
    "asset_path",
    "animation_variant",
    "skeleton_parents",
    "rest_global_translations",
    "rest_local_translations",
    "rest_local_rotations",
    "global_translations",
    "local_rotations",
    "translations_2d",
    "skeleton_joints",
    "joint_occlusions",
    "occlusion_types",
    "in_view",
]


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    camera = UsdGeom.Camera.Define(stage, "/Camera")
    camera.CreateHorizontalApertureAttr(20.0)
    camera.CreateFocalLengthAttr(10.0)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.01, 10000))
    camera.AddTranslateOp().Set((0.3, -0.2, 10))
    camera.AddRotateXYZOp().Set((3, -2, 5))
    return stage


@pytest.fixture
def arm(stage):
    """Adds an arm along x: shoulder, elbow at 2, wrist at 4; the elbow is bent about z. Its skin is a triangle."""

    def add(path="/Arm", at=(0, 0, 0), degrees=90):
        root = UsdSkel.Root.Define(stage, path)
        root.AddTranslateOp().Set(at)
        skeleton = UsdSkel.Skeleton.Define(stage, f"{path}/Bones")
        joints = ["Shoulder", "Shoulder/Elbow", "Shoulder/Elbow/Wrist"]
        skeleton.CreateJointsAttr(joints)
        skeleton.CreateBindTransformsAttr([Gf.Matrix4d().SetTranslate((x, 0, 0)) for x in (0, 2, 4)])
        skeleton.CreateRestTransformsAttr([Gf.Matrix4d().SetTranslate((x, 0, 0)) for x in (0, 2, 2)])
        moves = UsdSkel.Animation.Define(stage, f"{path}/Bones/Moves")
        moves.CreateJointsAttr(joints)
        moves.CreateTranslationsAttr([(0, 0, 0), (2, 0, 0), (2, 0, 0)])
        turn = Gf.Quatf(Gf.Rotation(Gf.Vec3d(0, 0, 1), degrees).GetQuat())
        moves.CreateRotationsAttr([Gf.Quatf(1), turn, Gf.Quatf(1)])
        moves.CreateScalesAttr([(1, 1, 1)] * 3)
        UsdSkel.BindingAPI.Apply(skeleton.GetPrim()).CreateAnimationSourceRel().SetTargets([moves.GetPath()])
        mesh = UsdGeom.Mesh.Define(stage, f"{path}/Skin")
        mesh.CreatePointsAttr([(-0.5, -0.5, 0.5), (4.5, -0.5, 0.5), (2, 0.5, 0.5)])
        mesh.CreateFaceVertexCountsAttr([3])
        mesh.CreateFaceVertexIndicesAttr([0, 1, 2])
        binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
        binding.CreateSkeletonRel().SetTargets([skeleton.GetPath()])
        binding.CreateJointIndicesPrimvar(False, 1).Set([0, 2, 1])
        binding.CreateJointWeightsPrimvar(False, 1).Set([1.0] * 3)
        return skeleton

    return add


@pytest.fixture
def seen(app):
    def look():
        product = rep.create.render_product("/Camera", SIZE, force_new=True)
        annotator = rep.annotators.get("skeleton_data", init_params={"useSkelJoints": False}).attach(product)
        app.run(rep.orchestrator.step_async())
        return annotator.get_data()

    return look


def cube(stage, path, at, size=1.0):
    prim = UsdGeom.Cube.Define(stage, path)
    prim.CreateSizeAttr(size)
    prim.AddTranslateOp().Set(at)
    return prim


def test_names_types_and_sizes(arm, seen):
    arm("/A")
    arm("/B")
    found = seen()
    assert found["numSkeletons"] == 2
    assert found["skelName"] == ["Bones", "Bones"]
    assert found["skelPath"] == ["/A/Bones", "/B/Bones"]
    assert {name: (found[name].dtype.type, found[name].shape[1:]) for name in ARRAYS} == ARRAYS
    assert all(len(found[name]) == 6 and found[f"{name}Sizes"].tolist() == [3, 3] for name in ARRAYS)
    assert {found[f"{name}Sizes"].dtype.type for name in ARRAYS} == {np.int32}
    assert found["skeletonParents"].tolist() == [-1, 0, 1] * 2
    assert ast.literal_eval(found["skeletonJoints"][0])[1:] == ["Shoulder/Elbow", "Shoulder/Elbow/Wrist"]


def test_joints_are_where_the_bend_puts_them(arm, seen):
    arm(at=(1, 1, 0), degrees=90)
    found = seen()
    assert np.allclose(found["globalTranslations"], [(1, 1, 0), (3, 1, 0), (3, 3, 0)], atol=1e-6)
    assert np.allclose(found["restGlobalTranslations"], [(1, 1, 0), (3, 1, 0), (5, 1, 0)], atol=1e-6)
    assert np.allclose(found["restLocalTranslations"], [(0, 0, 0), (2, 0, 0), (2, 0, 0)], atol=1e-6)
    half = np.sqrt(0.5)
    assert np.allclose(found["localRotations"], [(1, 0, 0, 0), (half, 0, 0, half), (1, 0, 0, 0)], atol=1e-6)
    assert np.allclose(found["restLocalRotations"], [(1, 0, 0, 0)] * 3)


def test_joints_project_as_the_camera_projects(arm, seen, stage):
    arm(degrees=50)
    a = np.radians(50)
    world = np.array([(0, 0, 0), (2, 0, 0), (2 + 2 * np.cos(a), 2 * np.sin(a), 0)])
    pixels, _ = Camera.from_prim(stage.GetPrimAtPath("/Camera"), SIZE).project(world)
    assert np.abs(seen()["translations2d"] - pixels).max() < 1e-3


def test_only_something_else_hides_a_joint(arm, seen, stage):
    arm()
    assert seen()["jointOcclusions"].tolist() == [False] * 3
    cube(stage, "/Box", (2, 2, 2))
    found = seen()
    assert found["jointOcclusions"].tolist() == [False, False, True]
    assert ast.literal_eval(found["occlusionTypes"][0]) == ["visible", "visible", "occluded"]


def test_what_is_behind_a_joint_does_not_hide_it(arm, seen, stage):
    arm()
    cube(stage, "/Wall", (0, 0, -6), size=10.0)
    assert seen()["jointOcclusions"].tolist() == [False] * 3


def test_one_skeleton_hides_another(arm, seen):
    arm("/A", at=(0, 0, -1))
    arm("/B", at=(0, 0, 1))
    found = seen()["jointOcclusions"].reshape(2, 3)
    assert found[0].any()
    assert not found[1].any()


def test_in_view(arm, seen):
    arm("/A")
    arm("/B", at=(500, 0, 0))
    arm("/C", at=(0, 0, 50))
    found = seen()
    assert found["inView"].tolist() == [True, False, False]
    assert ast.literal_eval(found["occlusionTypes"][1]) == ["out_of_view"] * 3
    assert np.isnan(found["translations2d"][6:]).all()


def test_hidden_skins_have_no_skeleton_to_show(arm, seen, stage):
    arm()
    UsdGeom.Imageable(stage.GetPrimAtPath("/Arm")).MakeInvisible()
    found = seen()
    assert found["numSkeletons"] == 0
    assert found["globalTranslations"].shape == (0, 3)


def test_the_asset_and_the_animation_variant(arm, seen, stage, tmp_path):
    arm()
    file = tmp_path / "arm.usda"
    stage.GetRootLayer().Export(str(file))
    stage.RemovePrim("/Arm")
    prim = stage.DefinePrim("/Guest")
    prim.GetReferences().AddReference(str(file), "/Arm")
    variants = prim.GetVariantSets().AddVariantSet("animation")
    variants.AddVariant("walk")
    variants.SetVariantSelection("walk")
    found = seen()
    assert found["skelPath"] == ["/Guest/Bones"]
    assert found["assetPath"] == [str(file)]
    assert found["animationVariant"] == ["walk"]


def test_instances_have_a_skeleton_each(arm, seen, stage):
    arm("/Prototype", at=(0, 0, 0))
    stage.GetPrimAtPath("/Prototype").SetSpecifier(Sdf.SpecifierClass)
    for path, x in (("/A", -4), ("/B", 1)):
        xform = UsdGeom.Xform.Define(stage, path)
        xform.AddTranslateOp().Set((x, 0, 0))
        child = stage.DefinePrim(f"{path}/Arm")
        child.GetReferences().AddInternalReference("/Prototype")
        child.SetInstanceable(True)
    found = seen()
    assert found["skelPath"] == ["/A/Arm/Bones", "/B/Arm/Bones"]
    assert np.allclose(found["globalTranslations"][::3, 0], [-4, 1])


def test_point_instances_have_a_skeleton_each(arm, seen, stage):
    instancer = UsdGeom.PointInstancer.Define(stage, "/Crowd")
    arm("/Crowd/Arm")
    instancer.CreatePrototypesRel().SetTargets(["/Crowd/Arm"])
    instancer.CreateProtoIndicesAttr([0, 0])
    instancer.CreatePositionsAttr([(0, 1, 0), (0, -3, 0)])
    found = seen()
    assert found["numSkeletons"] == 2
    assert np.allclose(found["globalTranslations"][[2, 5]], [(2, 3, 0), (2, -1, 0)], atol=1e-6)


def test_the_writers_file(app, arm, stage, tmp_path):
    arm()
    writer = rep.writers.get("BasicWriter", init_params={"output_dir": str(tmp_path), "skeleton_data": True})
    writer.attach(rep.create.render_product("/Camera", SIZE))
    app.run(rep.orchestrator.step_async())
    app.run(rep.orchestrator.wait_until_complete_async())
    content = json.loads((tmp_path / "skeleton_0000.json").read_text())
    assert list(content) == ["skeleton_0"]
    one = content["skeleton_0"]
    assert list(one) == KEYS
    assert one["skeleton_parents"] == [-1, 0, 1]
    assert np.allclose(one["global_translations"][2], [2, 2, 0], atol=1e-6)
    assert one["in_view"] is True
