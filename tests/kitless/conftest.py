"""What every test of the services needs: an app with a data folder of its own, and a stage with things on it."""

import pytest
from pxr import Gf, UsdGeom, UsdSemantics

import omni.usd

# Registers the legacy schema, which has to be done before the process opens its first stage, in whichever test that is.
import Semantics  # noqa: F401
from omni.kit.app import App


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def app(data_dir):
    with App(data_dir=data_dir) as running:
        yield running


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    return stage


@pytest.fixture
def camera(stage):
    """Add a camera with a 90 degree horizontal field of view; unrotated by the test it looks along +Y."""

    def add(position=(0, 0, 0), rotation=(90, 0, 0), path="/World/Camera"):
        prim = UsdGeom.Camera.Define(stage, path)
        prim.CreateHorizontalApertureAttr(20.0)
        prim.CreateFocalLengthAttr(10.0)
        prim.CreateClippingRangeAttr(Gf.Vec2f(0.01, 10000))
        prim.AddTranslateOp().Set(Gf.Vec3d(*position))
        prim.AddRotateXYZOp().Set(Gf.Vec3f(*rotation))
        return prim.GetPrim()

    return add


@pytest.fixture
def cube(stage):
    """Add a cube, with a class if asked."""

    def add(path, position, size=1.0, label=None):
        prim = UsdGeom.Cube.Define(stage, path)
        prim.CreateSizeAttr(size)
        prim.AddTranslateOp().Set(Gf.Vec3d(*position))
        if label:
            UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr([label])
        return prim

    return add
