"""What a scene reads again after an edit, and what it leaves alone."""

import pytest
from pxr import Gf, Usd, UsdGeom, UsdSemantics, UsdShade

from kitless.raycast import Camera, Scene

NOW = Usd.TimeCode.Default()


@pytest.fixture
def box(stage):
    return UsdGeom.Cube.Define(stage, "/World/box")


@pytest.fixture
def scene(stage, box):
    found = Scene(stage)
    found.update(NOW)
    yield found
    found.close()


@pytest.fixture
def changes(scene):
    """Return whether the scene is another one after an update."""

    def update():
        before = scene.tables
        scene.update(NOW)
        return scene.tables is not before

    return update


def label(prim):
    UsdSemantics.LabelsAPI.Apply(prim, "class").CreateLabelsAttr(["box"])


def test_labels_that_come_and_go_change_nothing(box, changes):
    prim = box.GetPrim()
    label(prim)
    # Which schemas the prim had before is not known the first time.
    changes()
    for _ in range(2):
        prim.RemoveAPI(UsdSemantics.LabelsAPI, "class")
        assert not changes()
        label(prim)
        assert not changes()


def test_another_schema_beside_a_label_is_looked_at(stage, box, changes):
    prim = box.GetPrim()
    label(prim)
    changes()
    UsdShade.MaterialBindingAPI.Apply(prim)
    assert changes()


def test_a_label_hides_no_other_edit(stage, box, changes, scene):
    prim = box.GetPrim()
    label(prim)
    changes()
    with Usd.EditContext(stage, stage.GetRootLayer()):
        prim.RemoveAPI(UsdSemantics.LabelsAPI, "class")
        box.AddTranslateOp().Set(Gf.Vec3d(5, 0, 0))
    assert changes()
    assert scene.instances.transforms[0][3][0] == 5
    prim.SetActive(False)
    assert changes()
    assert len(scene.instances) == 0
    prim.SetActive(True)
    assert changes()
    assert len(scene.instances) == 1


def test_cameras_see_alike_only_where_they_are_the_same(stage):
    camera = UsdGeom.Camera.Define(stage, "/World/camera")
    place = camera.AddTranslateOp()
    first, second = (Camera.from_prim(camera.GetPrim(), (64, 48), NOW) for _ in range(2))
    assert first.sees_like(second)
    assert not first.sees_like(Camera.from_prim(camera.GetPrim(), (64, 49), NOW))
    place.Set(Gf.Vec3d(0, 0, 1))
    assert not first.sees_like(Camera.from_prim(camera.GetPrim(), (64, 48), NOW))
    camera.GetFocalLengthAttr().Set(20.0)
    assert not second.sees_like(Camera.from_prim(camera.GetPrim(), (64, 48), NOW))
