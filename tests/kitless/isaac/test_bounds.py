"""Boxes of prims that are moved, turned and scaled."""

import numpy as np
import pytest
from pxr import Gf, UsdGeom

from isaacsim.core.utils import bounds


@pytest.fixture
def boxes(stage):
    """/World/A: a cube of edge 2 at (1, 2, 3), turned by 45 degrees about z, twice as high, with a cube below it."""
    cube = UsdGeom.Cube.Define(stage, "/World/A")
    cube.CreateSizeAttr(2.0)
    cube.AddTranslateOp().Set(Gf.Vec3d(1, 2, 3))
    cube.AddRotateZOp().Set(45.0)
    cube.AddScaleOp().Set(Gf.Vec3f(1, 1, 2))
    child = UsdGeom.Cube.Define(stage, "/World/A/Child")
    child.CreateSizeAttr(2.0)
    child.AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    return bounds.create_bbox_cache()


def test_a_box_along_the_worlds_axes(boxes):
    root = np.sqrt(2)
    own = bounds.compute_aabb(boxes, "/World/A")
    np.testing.assert_allclose(own, (1 - root, 2 - root, 1, 1 + root, 2 + root, 5), atol=1e-6)
    both = bounds.compute_aabb(boxes, "/World/A", include_children=True)
    np.testing.assert_allclose(both[5], 3 + 2 * 11, atol=1e-6)
    np.testing.assert_allclose(bounds.compute_combined_aabb(boxes, ["/World/A/Child"])[2], 3 + 2 * 9, atol=1e-6)
    with pytest.raises(ValueError, match="no prim at /World/B"):
        bounds.compute_aabb(boxes, "/World/B")


def test_a_box_along_the_prims_own_axes(boxes):
    centre, axes, half = bounds.compute_obb(boxes, "/World/A/Child")
    np.testing.assert_allclose(centre, (1, 2, 23), atol=1e-6)
    np.testing.assert_allclose(axes[0], (np.sqrt(0.5), np.sqrt(0.5), 0), atol=1e-6)
    np.testing.assert_allclose(half, (1, 1, 2), atol=1e-6)
    corners = bounds.compute_obb_corners(boxes, "/World/A/Child")
    np.testing.assert_allclose(corners[0], (1, 2 - np.sqrt(2), 21), atol=1e-6)
    np.testing.assert_allclose(corners[7], (1, 2 + np.sqrt(2), 25), atol=1e-6)


def test_extents_are_authored_anew(stage):
    mesh = UsdGeom.Mesh.Define(stage, "/World/M")
    mesh.CreatePointsAttr([(0, 0, 0), (1, 2, 3)])
    mesh.CreateExtentAttr([(9, 9, 9), (9, 9, 9)])
    bounds.recompute_extents(mesh.GetPrim())
    assert [tuple(point) for point in mesh.GetExtentAttr().Get()] == [(0, 0, 0), (1, 2, 3)]
    with pytest.raises(ValueError, match="/World is a Xform: it has no extent"):
        bounds.recompute_extents(stage.GetPrimAtPath("/World"))
