"""An app with the extension, a bare stage, and CARLA's world of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from pxr import Sdf, UsdGeom, UsdSemantics

import omni.usd
from omni.kit.app import App

EXTENSIONS = Path(__file__).parents[3] / "exts"


@pytest.fixture
def app(tmp_path):
    with App(data_dir=tmp_path / "user", ext_folders=[EXTENSIONS], enable=["simslate.carla"]) as app:
        yield app


@pytest.fixture
def stage(app):
    """A road of 400 m by 400 m, whose time codes are 0.05 s."""
    return new_stage()


def new_stage(up=UsdGeom.Tokens.z, unit=1.0):
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageUpAxis(stage, up)
    UsdGeom.SetStageMetersPerUnit(stage, unit)
    stage.SetTimeCodesPerSecond(20)
    omni.timeline.get_timeline_interface().set_time_codes_per_second(20)
    plane = UsdGeom.Plane.Define(stage, "/Road")
    plane.CreateWidthAttr(400 / unit)
    plane.CreateLengthAttr(400 / unit)
    plane.CreateAxisAttr(up)
    UsdSemantics.LabelsAPI.Apply(plane.GetPrim(), "class").CreateLabelsAttr(["road"])
    return stage


@pytest.fixture
def carla(app):
    """The package, as a script has it."""
    from simslate import carla

    return carla


@pytest.fixture
def world(stage, carla):
    return carla.Client("localhost", 2000).get_world()


@pytest.fixture
def spawn(world, carla):
    """Spawn by blueprint id at x, y, z with a yaw, with attributes by name."""

    def spawn(name, x=0.0, y=0.0, z=0.0, *, yaw=0.0, pitch=0.0, on=None, **attributes):
        blueprint = world.get_blueprint_library().find(name)
        for key, value in attributes.items():
            blueprint.set_attribute(key, str(value))
        pose = carla.Transform(carla.Location(x, y, z), carla.Rotation(pitch=pitch, yaw=yaw))
        return world.spawn_actor(blueprint, pose, attach_to=on)

    return spawn


@pytest.fixture
def camera(spawn):
    """Spawn a camera and listen to it; return it with the list of its pictures."""

    def camera(kind="instance_segmentation", x=-10.0, y=0.0, z=1.5, **rest):
        sensor = spawn(f"sensor.camera.{kind}", x, y, z, **{"image_size_x": 160, "image_size_y": 120, **rest})
        pictures = []
        sensor.listen(pictures.append)
        return SimpleNamespace(sensor=sensor, pictures=pictures)

    return camera


@pytest.fixture
def mark(stage):
    """Give a new Xform a bool attribute that is true."""

    def mark(path, name, matrix=None):
        prim = UsdGeom.Xform.Define(stage, path)
        prim.GetPrim().CreateAttribute(name, Sdf.ValueTypeNames.Bool).Set(True)
        if matrix is not None:
            prim.AddTransformOp().Set(matrix)
        return prim

    return mark
