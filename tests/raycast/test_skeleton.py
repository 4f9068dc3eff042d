"""UsdSkel: an arm of two joints, bent by known angles, against the rotation that bends it."""

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdSkel

SIDE = 0.25
# A bar along x from 0 to 4, with rings at 0, 2 and 4; the elbow is at 2.
BAR = [(x, y, z) for x in (0, 2, 4) for y, z in ((-SIDE, -SIDE), (SIDE, -SIDE), (SIDE, SIDE), (-SIDE, SIDE))]
SIDES = [(4 * r + k, 4 * r + (k + 1) % 4, 4 * r + 4 + (k + 1) % 4, 4 * r + 4 + k) for r in (0, 1) for k in range(4)]
FACES = [*SIDES, (3, 2, 1, 0), (8, 9, 10, 11)]


class Arm:
    """A SkelRoot with a skeleton, an animation of its elbow about z, and a skinned bar."""

    def __init__(self, stage, path="/Arm"):
        self.stage = stage
        self.root = UsdSkel.Root.Define(stage, path)
        self.skeleton = UsdSkel.Skeleton.Define(stage, f"{path}/Bones")
        self.animation = UsdSkel.Animation.Define(stage, f"{path}/Bones/Moves")
        joints, elbow = ["Shoulder", "Shoulder/Elbow"], Gf.Matrix4d().SetTranslate((2, 0, 0))
        self.skeleton.CreateJointsAttr(joints)
        self.skeleton.CreateBindTransformsAttr([Gf.Matrix4d(1), elbow])
        self.skeleton.CreateRestTransformsAttr([Gf.Matrix4d(1), elbow])
        self.animation.CreateJointsAttr(joints)
        self.animation.CreateTranslationsAttr([(0, 0, 0), (2, 0, 0)])
        self.animation.CreateScalesAttr([(1, 1, 1)] * 2)
        self.bend(0)
        binding = UsdSkel.BindingAPI.Apply(self.skeleton.GetPrim())
        binding.CreateAnimationSourceRel().SetTargets([self.animation.GetPath()])
        self.mesh = UsdGeom.Mesh.Define(stage, f"{path}/Bar")
        self.mesh.CreatePointsAttr(BAR)
        self.mesh.CreateFaceVertexCountsAttr([4] * len(FACES))
        self.mesh.CreateFaceVertexIndicesAttr([i for face in FACES for i in face])
        self.bind(self.mesh.GetPrim(), [0] * 8 + [1] * 4)

    def bind(self, prim, joints):
        binding = UsdSkel.BindingAPI.Apply(prim)
        binding.CreateSkeletonRel().SetTargets([self.skeleton.GetPath()])
        binding.CreateJointIndicesPrimvar(False, 1).Set(joints)
        binding.CreateJointWeightsPrimvar(False, 1).Set([1.0] * len(joints))
        return binding

    def bend(self, degrees, time=None):
        turn = Gf.Quatf(Gf.Rotation(Gf.Vec3d(0, 0, 1), degrees).GetQuat())
        time = Usd.TimeCode.Default() if time is None else time
        self.animation.CreateRotationsAttr().Set([Gf.Quatf(1), turn], time)


@pytest.fixture
def arm(stage, add_camera):
    add_camera((0, 0, 20))
    return Arm(stage)


def points(seen, path="/Arm/Bar"):
    return seen.scene.instances[seen.paths().index(path)].mesh.points


def bent(degrees):
    """The bar's last ring, turned about the elbow."""
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return (np.array(BAR[8:]) - [2, 0, 0]) @ turn + [2, 0, 0]


@pytest.mark.parametrize("method", ["classicLinear", "dualQuaternion"])
@pytest.mark.parametrize("degrees", [0, 37, 90])
def test_a_bent_arm(arm, look, degrees, method):
    arm.bend(degrees)
    UsdSkel.BindingAPI(arm.mesh).CreateSkinningMethodAttr(method)
    found = points(look((8, 8)))
    assert np.allclose(found[:8], BAR[:8], atol=1e-6)
    assert np.allclose(found[8:], bent(degrees), atol=1e-6)


@pytest.mark.parametrize(("method", "reach"), [("classicLinear", np.cos(np.pi / 4)), ("dualQuaternion", 1.0)])
def test_half_a_joint_each_shrinks_linearly_and_turns_with_dual_quaternions(arm, look, method, reach):
    arm.bend(90)
    binding = UsdSkel.BindingAPI(arm.mesh)
    binding.CreateSkinningMethodAttr(method)
    binding.CreateJointIndicesPrimvar(False, 2).Set([0, 1] * 12)
    binding.CreateJointWeightsPrimvar(False, 2).Set([0.5] * 24)
    tip = points(look((8, 8)))[8:].mean(axis=0)
    # Both blends of no turn and a quarter point along 45 degrees; the linear one is the mean of the two ends.
    assert np.allclose(tip, [2 + 2 * reach * np.cos(np.pi / 4), 2 * reach * np.sin(np.pi / 4), 0], atol=1e-6)


def test_the_animation_is_met_at_its_time(arm, look):
    for time, degrees in ((1, 0), (2, 45), (3, 90)):
        arm.bend(degrees, time)
    for time, degrees in ((2, 45), (3, 90), (1, 0)):
        assert np.allclose(points(look((8, 8), Usd.TimeCode(time)))[8:], bent(degrees), atol=1e-6)


def test_a_posed_skeleton_appears_and_costs_only_what_it_skins(arm, add, look):
    add("Cube", "/Box")
    before = {str(i.path): i.mesh for i in look((8, 8)).scene.instances}
    arm.bend(60)
    seen = look((8, 8))
    assert np.allclose(points(seen)[8:], bent(60), atol=1e-6)
    after = {str(i.path): i.mesh for i in seen.scene.instances}
    assert [path for path in before if after[path] is not before[path]] == ["/Arm/Bar"]


def test_points_are_posed_where_the_skeleton_is_not_where_the_mesh_is(arm, look):
    arm.bend(90)
    look((8, 8))
    UsdGeom.Xformable(arm.skeleton).AddTranslateOp().Set((0, 5, 0))
    UsdGeom.Xformable(arm.mesh).AddTranslateOp().Set((1, 0, 0))
    seen = look((8, 8))
    assert seen.scene.instances[0].transform[3].tolist() == [1, 0, 0, 1]
    assert np.allclose(points(seen)[8:] - bent(90), [-1, 5, 0], atol=1e-6)


def test_moving_the_whole_leaves_the_mesh_alone(arm, look):
    move = UsdGeom.Xformable(arm.root).AddTranslateOp()
    before = look((8, 8)).scene.instances[0].mesh
    move.Set((0, 0, 3))
    after = look((8, 8)).scene.instances[0]
    assert after.mesh is before
    assert after.transform[3].tolist() == [0, 0, 3, 1]


def test_geom_bind_transform_places_the_mesh_on_the_skeleton(arm, look):
    arm.bend(90)
    arm.mesh.GetPointsAttr().Set([(x - 1, y, z) for x, y, z in BAR])
    UsdSkel.BindingAPI(arm.mesh).CreateGeomBindTransformAttr(Gf.Matrix4d().SetTranslate((1, 0, 0)))
    assert np.allclose(points(look((8, 8)))[8:], bent(90), atol=1e-6)


def test_joints_named_in_another_order(arm, look):
    arm.bend(90)
    binding = UsdSkel.BindingAPI(arm.mesh)
    binding.CreateJointsAttr(["Shoulder/Elbow", "Shoulder"])
    binding.CreateJointIndicesPrimvar(False, 1).Set([1] * 8 + [0] * 4)
    assert np.allclose(points(look((8, 8)))[8:], bent(90), atol=1e-6)


@pytest.mark.parametrize("interpolation", ["vertex", "faceVarying"])
def test_normals_turn_along(arm, look, interpolation):
    arm.bend(90)
    corners = 12 if interpolation == "vertex" else 4 * len(FACES)
    arm.mesh.CreateNormalsAttr([(0.6, 0, 0.8)] * corners)
    arm.mesh.SetNormalsInterpolation(interpolation)
    mesh = look((8, 8)).scene.instances[0].mesh
    ring = slice(8, 12) if interpolation == "vertex" else slice(-4, None)
    assert np.allclose(mesh.normals.values[0], [0.6, 0, 0.8], atol=1e-6)
    assert np.allclose(mesh.normals.values[ring], [0, 0.6, 0.8], atol=1e-6)


def test_a_skinned_arm_is_seen_bent(arm, look):
    arm.bend(90)
    seen = look((400, 400))
    pixels, _ = seen.camera.project(np.array([[2, 1.8, SIDE], [3.8, 0, SIDE]]))
    (x, y), (i, j) = pixels.astype(int)
    assert seen.hits.instance[y, x] == 0
    assert seen.hits.instance[j, i] == -1


def test_blend_shapes_are_added_by_weight(arm, stage, look):
    shape = UsdSkel.BlendShape.Define(stage, "/Arm/Bar/Stretch")
    shape.CreatePointIndicesAttr([8, 9, 10, 11])
    shape.CreateOffsetsAttr([(1, 0, 0)] * 4)
    arm.animation.CreateBlendShapesAttr(["stretch"])
    arm.animation.CreateBlendShapeWeightsAttr([0.5])
    binding = UsdSkel.BindingAPI(arm.mesh)
    binding.CreateBlendShapesAttr(["stretch"])
    binding.CreateBlendShapeTargetsRel().SetTargets([shape.GetPath()])
    assert points(look((8, 8)))[8:, 0].tolist() == [4.5] * 4
    arm.animation.GetBlendShapeWeightsAttr().Set([1.0])
    assert points(look((8, 8)))[8:, 0].tolist() == [5.0] * 4
    shape.GetOffsetsAttr().Set([(2, 0, 0)] * 4)
    assert points(look((8, 8)))[8:, 0].tolist() == [6.0] * 4


def test_a_shape_carried_by_one_joint(arm, stage, add, look):
    ball = add("Sphere", "/Arm/Ball", radius=0.5)
    binding = UsdSkel.BindingAPI.Apply(ball)
    binding.CreateSkeletonRel().SetTargets([arm.skeleton.GetPath()])
    binding.CreateGeomBindTransformAttr(Gf.Matrix4d().SetTranslate((4, 0, 0)))
    binding.CreateJointIndicesPrimvar(True, 1).Set([1])
    binding.CreateJointWeightsPrimvar(True, 1).Set([1.0])
    arm.bend(90)
    assert np.allclose(points(look((8, 8)), "/Arm/Ball"), [[2, 2, 0]], atol=1e-6)


def test_the_skeleton_is_inherited_from_above(arm, look):
    arm.bend(90)
    UsdSkel.BindingAPI(arm.mesh).GetSkeletonRel().ClearTargets(True)
    assert np.allclose(points(look((8, 8)))[8:], BAR[8:], atol=1e-6)
    UsdSkel.BindingAPI.Apply(arm.root.GetPrim()).CreateSkeletonRel().SetTargets([arm.skeleton.GetPath()])
    assert np.allclose(points(look((8, 8)))[8:], bent(90), atol=1e-6)


def test_instanced_arms_with_several_skeletons(stage, add_camera, look):
    add_camera((0, 0, 20))
    stage.CreateClassPrim("/Class")
    Arm(stage, "/Class/Left").bend(90)
    Arm(stage, "/Class/Right").bend(-90)
    for path, x in (("/A", 0), ("/B", 5)):
        prim = UsdGeom.Xform.Define(stage, path)
        prim.AddTranslateOp().Set((x, 0, 0))
        prim.GetPrim().GetReferences().AddInternalReference("/Class")
        prim.GetPrim().SetInstanceable(True)
    seen = look((8, 8))
    assert np.allclose(points(seen, "/B/Left/Bar")[8:], bent(90), atol=1e-6)
    assert np.allclose(points(seen, "/B/Right/Bar")[8:], bent(-90), atol=1e-6)
    a, b = (seen.scene.instances[seen.paths().index(f"/{k}/Left/Bar")].mesh for k in "AB")
    assert a is b


def test_an_edited_pose_reaches_instances(stage, add_camera, look):
    add_camera((0, 0, 20))
    stage.CreateClassPrim("/Class")
    arm = Arm(stage, "/Class/Arm")
    prim = UsdGeom.Xform.Define(stage, "/A").GetPrim()
    prim.GetReferences().AddInternalReference("/Class")
    prim.SetInstanceable(True)
    look((8, 8))
    arm.bend(90)
    assert np.allclose(points(look((8, 8)), "/A/Arm/Bar")[8:], bent(90), atol=1e-6)


def test_influences_that_do_not_fit_are_logged(arm, look, caplog):
    UsdSkel.BindingAPI(arm.mesh).CreateJointIndicesPrimvar(False, 1).Set([0, 1])
    UsdSkel.BindingAPI(arm.mesh).CreateJointWeightsPrimvar(False, 1).Set([1.0, 1.0])
    arm.bend(90)
    assert np.allclose(points(look((8, 8))), BAR)
    assert "/Arm/Bar: its joint influences do not fit its 12 points" in caplog.text


def test_outside_a_skel_root_nothing_is_skinned(arm, stage, look):
    arm.bend(90)
    stage.GetPrimAtPath("/Arm").SetTypeName("Xform")
    assert np.allclose(points(look((8, 8))), BAR)


def test_a_skinned_cage_is_subdivided_after_it_is_posed(arm, look):
    arm.mesh.CreateSubdivisionSchemeAttr("catmullClark")
    straight = points(look((8, 8)))
    arm.bend(90)
    assert straight[:, 0].max() < 4
    curved = points(look((8, 8)))
    assert curved[:, 1].max() == pytest.approx(straight[:, 0].max() - 2, abs=0.1)
    assert len(curved) == len(straight)
