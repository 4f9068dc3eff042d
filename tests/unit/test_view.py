"""What a camera may see, in stages where that can be told by hand."""

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSkel

from simslate.recorder.view import View

NOW = Usd.TimeCode(0)


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    camera = UsdGeom.Camera.Define(stage, "/Camera")  # at the origin, looking along -Z
    camera.CreateHorizontalApertureAttr(20)
    camera.CreateFocalLengthAttr(10)  # 90 degrees wide
    return stage


@pytest.fixture
def view(stage):
    return lambda width=100, height=100: View(stage.GetPrimAtPath("/Camera"), (width, height))


def cube(stage, position, path="/Cube"):
    prim = UsdGeom.Cube.Define(stage, path)
    prim.AddTranslateOp().Set(Gf.Vec3d(*position))
    return prim.GetPrim()


@pytest.mark.parametrize(
    ("position", "seen"),
    [
        ((0, 0, -5), True),
        ((0, 0, 5), False),
        ((5.5, 0, -5), True),  # its left side is at 4.5 of 5
        ((9, 0, -5), False),
        ((0, 5.5, -5), True),
        ((0, 0, -1e6), True),  # clipping is the renderer's affair
    ],
)
def test_by_bounds(stage, view, position, seen):
    assert view().may_see([cube(stage, position)], NOW) is seen


def test_the_resolution_decides_on_the_height(stage, view):
    above = cube(stage, (0, 5, -5))
    assert view(100, 100).may_see([above], NOW)
    assert not view(100, 25).may_see([above], NOW)


def test_time_moves_things_into_view(stage, view):
    prim = cube(stage, (0, 0, 5))
    operation = UsdGeom.Xformable(prim).GetOrderedXformOps()[0]
    operation.Set(Gf.Vec3d(0, 0, 5), 0)
    operation.Set(Gf.Vec3d(0, 0, -5), 10)
    assert [view().may_see([prim], Usd.TimeCode(time)) for time in (0, 10)] == [False, True]


def test_one_of_several_is_enough_and_none_is_not(stage, view):
    assert view().may_see([cube(stage, (0, 0, 5)), cube(stage, (0, 0, -5), "/Other")], NOW)
    assert not view().may_see([], NOW)


def test_authored_extents_that_are_wrong_hide_nothing(stage, view):
    prim = cube(stage, (0, 0, -5))
    UsdGeom.Boundable(prim).CreateExtentAttr([(-1, -1, 100), (1, 1, 102)])
    assert view().may_see([prim], NOW)


def test_what_a_skeleton_moves_may_be_anywhere(stage, view):
    prim = cube(stage, (0, 0, 5))
    UsdSkel.Skeleton.Define(stage, "/Skeleton")
    UsdSkel.BindingAPI.Apply(prim).CreateSkeletonRel().SetTargets(["/Skeleton"])
    assert view().may_see([prim], NOW)


def test_a_lens_that_is_no_pinhole_may_see_anything(stage, view):
    camera = stage.GetPrimAtPath("/Camera")
    camera.CreateAttribute("cameraProjectionType", Sdf.ValueTypeNames.Token).Set("fisheyePolynomial")
    assert view().may_see([cube(stage, (0, 0, 5))], NOW)


def mesh(stage, points, counts=None, path="/Mesh"):
    prim = UsdGeom.Mesh.Define(stage, path)
    prim.CreatePointsAttr(points)
    prim.CreateFaceVertexCountsAttr(counts or [len(points)])
    prim.CreateFaceVertexIndicesAttr(list(range(len(points))))
    return prim.GetPrim()


SQUARE = [(-1, -1, -5), (1, -1, -5), (1, 1, -5), (-1, 1, -5)]
"""Counter-clockwise: it faces the camera."""


@pytest.mark.parametrize("kind", [UsdGeom.Cube, UsdGeom.Sphere, UsdGeom.Cylinder, UsdGeom.Capsule])
@pytest.mark.parametrize(
    ("position", "sure"),
    [((0, 0, -5), True), ((0, 0, 5), False), ((5.5, 0, -5), False), ((0, 0, -500), False), ((0, 0, 0), False)],
)
def test_what_must_be_seen(stage, view, kind, position, sure):
    prim = kind.Define(stage, "/Solid")
    prim.AddTranslateOp().Set(Gf.Vec3d(*position))
    assert view().must_see([prim.GetPrim()], NOW) is sure


def test_a_face_must_be_seen_from_its_front_or_from_both_sides_if_it_has_both(stage, view):
    front, back = mesh(stage, SQUARE), mesh(stage, SQUARE[::-1], path="/Back")
    assert [view().must_see([prim], NOW) for prim in (front, back)] == [True, False]
    UsdGeom.Mesh(front).CreateOrientationAttr(UsdGeom.Tokens.leftHanded)
    assert not view().must_see([front], NOW)
    UsdGeom.Mesh(back).CreateDoubleSidedAttr(True)
    assert view().must_see([back], NOW)


def test_a_mirrored_face_shows_the_same_side(stage, view):
    front, back = mesh(stage, SQUARE), mesh(stage, SQUARE[::-1], path="/Back")
    for prim in (front, back):
        UsdGeom.Xformable(prim).AddScaleOp().Set(Gf.Vec3f(-1, 1, 1))
    assert [view().must_see([prim], NOW) for prim in (front, back)] == [True, False]


@pytest.mark.parametrize(
    "points",
    [
        [(x, y, 5) for x, y, _ in SQUARE],
        [(x / 100, y / 100, z) for x, y, z in SQUARE],  # a fifth of a pixel
        [(x + 9, y, z) for x, y, z in SQUARE],
        [(-1, -1, -5), (1, -1, -5), (1, 1, 5), (-1, 1, 5)],  # partly behind
        [],
    ],
)
def test_a_face_that_need_not_be_seen(stage, view, points):
    assert not view().must_see([mesh(stage, points, [len(points)] if points else [])], NOW)


def test_nothing_is_certain_of_what_is_clipped_hidden_refined_or_seen_through_a_bent_lens(stage, view):
    prim, camera = cube(stage, (0, 0, -5)), UsdGeom.Camera(stage.GetPrimAtPath("/Camera"))
    assert view().must_see([prim], NOW)
    for clipping, sure in (((10, 100), False), ((1, 3), False), ((0, 100), False), ((1, 100), True)):
        camera.CreateClippingRangeAttr(clipping)
        assert view().must_see([prim], NOW) is sure
    UsdGeom.Imageable(prim).MakeInvisible()
    refined = mesh(stage, SQUARE)
    refined.CreateAttribute("refinementEnableOverride", Sdf.ValueTypeNames.Bool).Set(True)
    assert not view().must_see([prim, refined], NOW)
    UsdGeom.Imageable(prim).MakeVisible()
    camera.GetPrim().CreateAttribute("cameraProjectionType", Sdf.ValueTypeNames.Token).Set("fisheyePolynomial")
    assert not view().must_see([prim], NOW)
