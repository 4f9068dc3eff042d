"""Objects for prims: where they are, in the world and below a parent that is turned and scaled."""

import math

import numpy as np
import pytest
from pxr import Gf, UsdGeom

from isaacsim.core.experimental.prims import XformPrim
from isaacsim.core.prims import SingleXFormPrim, XFormPrim
from isaacsim.core.utils.xforms import get_local_pose, get_world_pose, reset_and_set_xform_ops

HALF = math.sqrt(0.5)


@pytest.fixture
def turned(stage):
    """/World/Parent: at (10, 0, 0), turned by 90 degrees about z, twice as large."""
    parent = UsdGeom.Xform.Define(stage, "/World/Parent")
    parent.AddTranslateOp().Set(Gf.Vec3d(10, 0, 0))
    parent.AddRotateZOp().Set(90.0)
    parent.AddScaleOp().Set(Gf.Vec3f(2, 2, 2))
    return stage


def test_a_place_below_a_turned_and_scaled_parent(turned):
    prim = SingleXFormPrim("/World/Parent/Child", translation=(1, 0, 0))
    position, orientation = prim.get_world_pose()
    np.testing.assert_allclose(position, (10, 2, 0), atol=1e-9)
    np.testing.assert_allclose(orientation, (HALF, 0, 0, HALF), atol=1e-9)
    np.testing.assert_allclose(prim.get_world_scale(), (2, 2, 2), atol=1e-9)


def test_a_place_in_the_world_below_that_parent(turned):
    prim = SingleXFormPrim("/World/Parent/Child", position=(10, 2, 4), orientation=(1, 0, 0, 0), scale=(1, 2, 3))
    np.testing.assert_allclose(prim.get_world_pose()[0], (10, 2, 4), atol=1e-9)
    np.testing.assert_allclose(prim.get_world_pose()[1], (1, 0, 0, 0), atol=1e-9)
    np.testing.assert_allclose(prim.get_local_pose()[0], (1, 0, 2), atol=1e-9)
    np.testing.assert_allclose(prim.get_local_pose()[1], (HALF, 0, 0, -HALF), atol=1e-9)
    np.testing.assert_allclose(prim.get_local_scale(), (1, 2, 3))


def test_only_the_part_that_is_given_moves(stage):
    prim = SingleXFormPrim("/World/A", position=(1, 2, 3), orientation=(HALF, 0, 0, HALF))
    prim.set_world_pose(orientation=(1, 0, 0, 0))
    np.testing.assert_allclose(prim.get_world_pose()[0], (1, 2, 3))
    prim.set_world_pose(position=(0, 0, 0))
    np.testing.assert_allclose(prim.get_world_pose()[1], (1, 0, 0, 0))


def test_other_ops_become_translate_orient_and_scale_in_the_same_place(stage):
    xform = UsdGeom.Xform.Define(stage, "/World/A")
    xform.AddTransformOp().Set(Gf.Matrix4d(Gf.Rotation(Gf.Vec3d(0, 0, 1), 90), Gf.Vec3d(1, 2, 3)))
    prim = SingleXFormPrim("/World/A")
    assert [op.GetOpName() for op in xform.GetOrderedXformOps()] == [
        "xformOp:translate",
        "xformOp:orient",
        "xformOp:scale",
    ]
    assert not xform.GetPrim().HasAttribute("xformOp:transform")
    np.testing.assert_allclose(prim.get_world_pose()[0], (1, 2, 3))
    np.testing.assert_allclose(prim.get_world_pose()[1], (HALF, 0, 0, HALF))


def test_the_precision_of_ops_that_are_there_stays(stage):
    xform = UsdGeom.Xform.Define(stage, "/World/A")
    xform.AddOrientOp(UsdGeom.XformOp.PrecisionFloat).Set(Gf.Quatf(1))
    SingleXFormPrim("/World/A", orientation=(0, 0, 0, 1))
    orient = xform.GetPrim().GetAttribute("xformOp:orient")
    assert orient.GetTypeName() == "quatf"
    np.testing.assert_allclose(orient.Get().GetImaginary(), (0, 0, 1), atol=1e-6)


def test_what_is_wrong_is_named(stage):
    with pytest.raises(ValueError, match="not both"):
        SingleXFormPrim("/World/A", position=(0, 0, 0), translation=(0, 0, 0))
    stage.DefinePrim("/World/Look", "Material")
    with pytest.raises(ValueError, match="/World/Look is a Material: it has no transform"):
        SingleXFormPrim("/World/Look")
    with pytest.raises(ValueError, match="a position needs 3 numbers, not 2"):
        SingleXFormPrim("/World/A").set_world_pose((1, 2))


def test_a_reset_brings_back_the_first_place_or_the_one_that_is_set(stage):
    prim = SingleXFormPrim("/World/A", position=(1, 2, 3))
    prim.set_world_pose((9, 9, 9))
    prim.post_reset()
    np.testing.assert_allclose(prim.get_world_pose()[0], (1, 2, 3))
    prim.set_default_state(position=(4, 5, 6))
    prim.post_reset()
    np.testing.assert_allclose(prim.get_world_pose()[0], (4, 5, 6))


def test_hiding_and_showing(stage):
    SingleXFormPrim("/World/A")
    child = SingleXFormPrim("/World/A/B")
    SingleXFormPrim("/World/A", visible=False)
    assert not child.get_visibility()
    SingleXFormPrim("/World/A").set_visibility(True)
    assert child.get_visibility()


def test_all_that_match_move_together(stage):
    for name in ("Box_0", "Box_1", "Ball_0"):
        stage.DefinePrim(f"/World/{name}", "Xform")
    view = XFormPrim("/World/Box_.*", positions=[(1, 0, 0), (2, 0, 0)])
    assert (view.count, view.prim_paths) == (2, ["/World/Box_0", "/World/Box_1"])
    view.set_world_poses(positions=[(5, 5, 5)], indices=[1])
    np.testing.assert_allclose(view.get_world_poses()[0], [(1, 0, 0), (5, 5, 5)])
    np.testing.assert_allclose(view.get_world_poses()[1], [(1, 0, 0, 0)] * 2)
    with pytest.raises(ValueError, match="1 rows for 2 prims"):
        view.set_local_scales([(1, 1, 1)])
    with pytest.raises(ValueError, match=r"no prim matches /World/Cone_\.\*"):
        XFormPrim("/World/Cone_.*")


def test_in_the_newer_one_a_row_is_for_all(turned):
    for name in ("Box_0", "Box_1"):
        turned.DefinePrim(f"/World/Parent/{name}", "Xform")
    prims = XformPrim("/World/Parent/Box_.*", positions=[10, 2, 0], scales=[1, 2, 3])
    positions, orientations = prims.get_world_poses()
    np.testing.assert_allclose(positions.numpy(), [(10, 2, 0)] * 2, atol=1e-6)
    assert type(positions.numpy()) is np.ndarray
    np.testing.assert_allclose(orientations.numpy(), [(HALF, 0, 0, HALF)] * 2, atol=1e-6)
    np.testing.assert_allclose(prims.get_local_poses()[0].list(), [(1, 0, 0)] * 2, atol=1e-6)
    prims.set_visibilities(False, indices=[1])
    assert prims.get_visibilities().list() == [True, False]
    with pytest.raises(ValueError, match=r"scales have the shape \(2,\), not \(2, 3\)"):
        prims.set_local_scales([1, 2])


def test_the_newer_ones_default_state_is_none_until_set(stage):
    stage.DefinePrim("/World/A", "Xform")
    prims = XformPrim("/World/A", positions=[1, 2, 3])
    assert prims.get_default_state() == (None, None)
    prims.set_default_state(positions=[7, 8, 9])
    prims.reset_to_default_state()
    np.testing.assert_allclose(prims.get_world_poses()[0], [(7, 8, 9)])


def test_poses_by_path(turned):
    prim = turned.DefinePrim("/World/Parent/A", "Xform")
    reset_and_set_xform_ops(prim, Gf.Vec3d(1, 0, 0), Gf.Quatd(1))
    np.testing.assert_allclose(get_local_pose("/World/Parent/A")[0], (1, 0, 0))
    np.testing.assert_allclose(get_world_pose("/World/Parent/A")[0], (10, 2, 0), atol=1e-9)
    with pytest.raises(ValueError, match="no prim at /Nowhere"):
        get_world_pose("/Nowhere")
