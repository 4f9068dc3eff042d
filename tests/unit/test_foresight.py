"""What is expected of a view before it is rendered, in stages where that can be told by hand."""

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics, UsdShade

from simslate.recorder.foresight import Foresight
from simslate.recorder.frame_checks import Expected
from simslate.recorder.predicate import Predicate
from simslate.recorder.preflight import Preflight
from simslate.recorder.view import View

NOW = Usd.TimeCode(0)


@pytest.fixture
def stage():
    """A wall before one camera, which another camera has behind it."""
    stage = Usd.Stage.CreateInMemory()
    for path, turn in (("/Front", 0), ("/Back", 180)):
        UsdGeom.Camera.Define(stage, path).AddRotateYOp().Set(turn)
    UsdGeom.Cube.Define(stage, "/World/Wall").AddTranslateOp().Set(Gf.Vec3d(0, 0, -9))
    return stage


def foresight(stage):
    views = {path: View(stage.GetPrimAtPath(f"/{path}"), (64, 48)) for path in ("Front", "Back")}
    return Foresight(Preflight(stage, Predicate("class:*"), mode="path"), views)


def label(stage, path):
    UsdSemantics.LabelsAPI.Apply(stage.GetPrimAtPath(path), "class").CreateLabelsAttr(["x"])


def test_by_render_product(stage):
    found = foresight(stage)
    assert found.expected("Front", NOW) == Expected(surfaces=True, labels=False)
    assert found.expected("Back", NOW) == found.expected("another", NOW) == Expected()
    label(stage, "/World/Wall")
    assert foresight(stage).expected("Front", NOW) == Expected(surfaces=True, labels=True)


def test_what_is_labelled_is_expected_in_view_although_it_is_hidden(stage):
    UsdGeom.Cube.Define(stage, "/World/Mug").AddTranslateOp().Set(Gf.Vec3d(0, 0, -20))
    label(stage, "/World/Mug")
    assert foresight(stage).expected("Front", NOW) == Expected(surfaces=True, labels=True)


def test_what_lets_light_through_is_not_certain_to_be_hit(stage):
    glass = UsdShade.Material.Define(stage, "/Glass")
    shader = UsdShade.Shader.Define(stage, "/Glass/Shader")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("opacity", Sdf.ValueTypeNames.Float).Set(0.2)
    glass.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(stage.GetPrimAtPath("/World/Wall")).Bind(glass)
    assert foresight(stage).expected("Front", NOW) == Expected()


def test_what_has_gone_since_or_is_hidden_now_is_not_expected(stage):
    found = foresight(stage)
    assert found.expected("Front", NOW).surfaces
    UsdGeom.Imageable(stage.GetPrimAtPath("/World/Wall")).MakeInvisible()
    assert found.expected("Front", NOW) == Expected()
    stage.RemovePrim("/World/Wall")
    assert found.expected("Front", NOW) == Expected()


def test_a_stage_of_many_prims_is_looked_at_here_and_there(stage):
    for number in range(2000):
        UsdGeom.Cube.Define(stage, f"/World/Far{number}").AddTranslateOp().Set(Gf.Vec3d(0, 0, 9e4 + number))
    found = foresight(stage)
    assert found.expected("Back", NOW) == Expected(surfaces=False, labels=False)
    assert len(found._opaque) < 600
