"""What moves: transforms after every sort of step, beside USD's own."""

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdLux

from kitless.raycast.lights import COLOR, POSITION
from kitless.raycast.placing import invert


def turned(seed):
    generator = np.random.default_rng(seed)
    turn = Gf.Rotation(Gf.Vec3d(*generator.normal(size=3)), float(generator.uniform(0, 360)))
    scale = Gf.Matrix4d().SetScale(Gf.Vec3d(*generator.uniform(0.5, 2, 3)))
    return scale * Gf.Matrix4d().SetRotate(turn) * Gf.Matrix4d().SetTranslate(Gf.Vec3d(*generator.normal(size=3)))


def animate(prim, seed, times=(0, 4)):
    operation = UsdGeom.Xformable(prim).AddTransformOp()
    for time in times:
        operation.Set(turned(100 * seed + time), time)
    return operation


@pytest.fixture
def crowd(stage, add, add_camera):
    """Boxes below still and moving parents, one with a stack of its own, and instances of a box in a moving class."""
    add_camera((0, 0, 50))
    animate(UsdGeom.Xform.Define(stage, "/Train").GetPrim(), 1)
    UsdGeom.Xform.Define(stage, "/Station").AddTranslateOp().Set(Gf.Vec3d(0, 5, 0))
    for number in range(3):
        animate(add("Cube", f"/Train/Box{number}"), 2 + number)
        animate(add("Cube", f"/Station/Box{number}"), 5 + number)
        add("Cube", f"/Train/Still{number}", at=(number, 0, 0))
    UsdGeom.Xformable(stage.GetPrimAtPath("/Train/Box1")).SetResetXformStack(True)
    UsdGeom.Xformable(stage.GetPrimAtPath("/Train/Still1")).SetResetXformStack(True)
    UsdGeom.Xform.Define(stage, "/Train/Car").AddTransformOp().Set(turned(30))
    for number in range(2):
        add("Cube", f"/Train/Car/Seat{number}", at=(0, number, 0), turn=(10, 20, 30))
    stage.CreateClassPrim("/Shape")
    animate(add("Cube", "/Shape/Box"), 8)
    for number in range(3):
        prim = stage.DefinePrim(f"/Copies/Copy{number}", "Xform")
        prim.GetReferences().AddInternalReference("/Shape")
        prim.SetInstanceable(True)
        animate(prim, 10 + number)
    add("Cube", "/Still", at=(1, 2, 3))
    return stage


def check(seen, time):
    """All transforms are USD's, inverses undo them, and tables have the same."""
    scene = seen.scene
    for index, instance in enumerate(scene.instances):
        expected = np.array(UsdGeom.Imageable(instance.prim).ComputeLocalToWorldTransform(Usd.TimeCode(time)))
        np.testing.assert_allclose(instance.transform, expected, atol=1e-12)
        np.testing.assert_allclose(scene.instances.inverses[index] @ expected, np.eye(4), atol=1e-9)
    assert scene.tables.transforms is scene.instances.transforms
    assert scene.tables.inverses is scene.instances.inverses
    return seen


def test_everything_is_where_usd_has_it_at_all_times(crowd, look):
    for time in (0, 4, 1.5, 0, -3, 9):
        assert len(check(look((8, 8), Usd.TimeCode(time)), time).scene.instances) == 15


def test_rays_meet_things_where_they_have_moved_to(add, add_camera, look):
    add_camera((0, 0, 10))
    operation = UsdGeom.Xformable(add("Cube", "/Box", size=2.0)).AddTranslateOp()
    for time in (0, 4):
        operation.Set(Gf.Vec3d(0, 0, time), time)
    assert [look(time=Usd.TimeCode(t)).middle for t in (0, 4, 1, 0)] == [9, 5, 8, 9]


@pytest.mark.parametrize(
    "edit",
    [
        lambda stage: stage.GetPrimAtPath("/Station").GetAttribute("xformOp:translate").Set(Gf.Vec3d(7, 0, 0)),
        lambda stage: stage.GetPrimAtPath("/Station/Box1").GetAttribute("xformOp:transform").Set(turned(77), 4),
        lambda stage: stage.GetPrimAtPath("/Still").GetAttribute("xformOp:translate").Set(Gf.Vec3d(7, 0, 0)),
        lambda stage: UsdGeom.Xformable(stage.GetPrimAtPath("/Station/Box1")).SetResetXformStack(True),
        lambda stage: UsdGeom.Xformable(stage.GetPrimAtPath("/Train/Box1")).SetResetXformStack(False),
        lambda stage: stage.GetPrimAtPath("/Train").GetAttribute("xformOp:transform").Clear(),
        lambda stage: stage.GetPrimAtPath("/Shape/Box").GetAttribute("xformOp:transform").Set(turned(78), 4),
        lambda stage: stage.GetPrimAtPath("/Train/Car").GetAttribute("xformOp:transform").Set(turned(79)),
        lambda stage: stage.GetPrimAtPath("/Train/Car").GetAttribute("xformOp:transform").Set(turned(79), 2),
        lambda stage: UsdGeom.Xformable(stage.GetPrimAtPath("/Train/Car")).SetResetXformStack(True),
        lambda stage: UsdGeom.Xformable(stage.GetPrimAtPath("/Train/Still1")).SetResetXformStack(False),
        lambda stage: stage.RemovePrim("/Train/Box0"),
        lambda stage: UsdGeom.Cube.Define(stage, "/Train/Another"),
        lambda stage: animate(stage.GetPrimAtPath("/Still"), 20),
        lambda stage: animate(stage.GetPrimAtPath("/Copies"), 21),
    ],
)
def test_edits_between_times_are_kept_up_with(crowd, look, edit):
    for time in (0, 4):
        check(look((8, 8), Usd.TimeCode(time)), time)
    edit(crowd)
    # At the same time, at others, and back.
    for time in (4, 0, 4, 2):
        check(look((8, 8), Usd.TimeCode(time)), time)


def test_an_edited_one_moves_on_with_the_others(crowd, look):
    for step, time in enumerate((0, 1, 2, 3, 4)):
        crowd.GetPrimAtPath("/Station/Box1").GetAttribute("xformOp:transform").Set(turned(50 + step), 4)
        check(look((8, 8), Usd.TimeCode(time)), time)
        check(look((8, 8), Usd.TimeCode(time + 0.5)), time + 0.5)


def test_what_was_hidden_is_where_it_has_moved_to_when_it_is_shown(crowd, look):
    hidden = UsdGeom.Imageable(crowd.GetPrimAtPath("/Train/Box0"))
    attribute = hidden.CreateVisibilityAttr()
    for time, value in ((0, "inherited"), (1, "invisible"), (3, "inherited")):
        attribute.Set(value, time)
    counts = [len(check(look((8, 8), Usd.TimeCode(t)), t).scene.instances) for t in (0, 1, 2, 3, 1, 4)]
    assert counts == [15, 14, 14, 15, 14, 15]


def test_what_is_flat_for_a_while_is_not_there_meanwhile(add, add_camera, look):
    add_camera((0, 0, 10))
    size = UsdGeom.Xformable(add("Cube", "/Box", size=2.0)).AddScaleOp()
    animate(add("Cube", "/Other", size=2.0), 1)
    for time, z in ((0, 1.0), (1, 0.0), (2, 3.0)):
        size.Set(Gf.Vec3f(1, 1, z), time)
    for time, count in ((0, 2), (1, 1), (2, 2), (1, 1), (0.5, 2)):
        assert len(check(look((8, 8), Usd.TimeCode(time)), time).scene.instances) == count


@pytest.mark.parametrize("kind", ["xformOp", "visibility", "size"])
def test_what_is_keyed_later_varies_from_then_on(add, add_camera, look, kind):
    add_camera((0, 0, 10))
    box = add("Cube", "/Box", size=2.0, at=(0, 0, 0))
    assert look(time=Usd.TimeCode(0)).middle == 9
    if kind == "xformOp":
        for time in (0, 4):
            box.GetAttribute("xformOp:translate").Set(Gf.Vec3d(0, 0, time), time)
    elif kind == "visibility":
        for time, value in ((0, "inherited"), (4, "invisible")):
            box.GetAttribute("visibility").Set(value, time)
    else:
        for time in (0, 4):
            box.GetAttribute("size").Set(2.0 + time, time)
    expected = {"xformOp": 5, "visibility": np.inf, "size": 7}[kind]
    assert [look(time=Usd.TimeCode(t)).middle for t in (0, 4, 0)] == [9, expected, 9]


def test_lights_that_vary_are_read_at_every_time(stage, scene):
    rig = UsdGeom.Xform.Define(stage, "/Rig")
    lamp = UsdLux.SphereLight.Define(stage, "/Rig/Lamp")
    lamp.CreateIntensityAttr(1.0)

    def first(time):
        scene.update(Usd.TimeCode(time))
        return scene.lights.table[0].copy() if len(scene.lights.table) else None

    bright = first(0)
    assert (first(1) == bright).all()
    for time in (0, 4):
        lamp.GetIntensityAttr().Set(1.0 + time, time)
    assert first(1)[COLOR] == pytest.approx(2 * bright[COLOR])
    lamp.GetIntensityAttr().Clear()
    operation = rig.AddTranslateOp()
    for time in (0, 4):
        operation.Set(Gf.Vec3d(time, 0, 0), time)
    assert [first(time)[POSITION] for time in (0, 4, 1)] == [0, 4, 1]
    for time, value in ((0, "inherited"), (4, "invisible")):
        rig.CreateVisibilityAttr().Set(value, time)
    assert first(0) is not None
    assert first(4) is None
    assert first(0) is not None


@pytest.mark.parametrize("last", [(0, 0, 0, 1), (0, 0, 0.1, 1), (0, 0, 0, 2)])
def test_inverses_are_those_of_lapack(last):
    matrices = np.stack([np.array(turned(seed)) for seed in range(50)])
    matrices[::2, :3, 3], matrices[::2, 3, 3] = last[:3], last[3]
    solid, inverses = invert(matrices)
    assert solid.all()
    np.testing.assert_allclose(inverses, np.linalg.inv(matrices), rtol=1e-10, atol=1e-12)


def test_matrices_that_show_nothing_are_told_apart():
    matrices = np.tile(np.eye(4), (6, 1, 1))
    matrices[1, 2, 2] = 0.0
    matrices[2, 0, 0] = np.nan
    matrices[3, 3, 1] = np.inf
    matrices[4, 1, :3] = matrices[4, 0, :3]
    matrices[5, :3, :3] *= 1e-5
    assert invert(matrices)[0].tolist() == [True, False, False, False, False, True]
    assert [len(each) for each in invert(np.empty((0, 4, 4)))] == [0, 0]
