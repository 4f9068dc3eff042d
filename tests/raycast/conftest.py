"""Stages made in memory, and a look through a camera at them."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux

from kitless.raycast import Camera, Hits, Scene, radiance, trace

from .pictures import SKY

NOW = Usd.TimeCode.Default()


@dataclass
class Look:
    scene: Scene
    camera: Camera
    hits: Hits

    @property
    def middle(self):
        """Depth in the middle of 101 x 101 pixels, to six digits: the last bits differ from processor to processor."""
        return float(f"{self.hits.depth[50, 50]:.6g}")

    def paths(self):
        return [str(instance.path) for instance in self.scene.instances]

    def area(self, path):
        """Pixels of one prim."""
        return int((self.hits.instance == self.paths().index(path)).sum()) if path in self.paths() else 0


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    return stage


@pytest.fixture
def add_camera(stage):
    """Adds a camera at a position, turned by XYZ degrees; a focal length of 10 for an aperture of 20: 90 degrees."""

    def add(position=(0, 0, 10), turn=(0, 0, 0), path="/Camera", **attributes):
        camera = UsdGeom.Camera.Define(stage, path)
        camera.AddTranslateOp().Set(Gf.Vec3d(*position))
        camera.AddRotateXYZOp().Set(Gf.Vec3f(*turn))
        values = {"focalLength": 10.0, "horizontalAperture": 20.0, "clippingRange": (0.1, 1e6)} | attributes
        for name, value in values.items():
            camera.GetPrim().GetAttribute(name).Set(value)
        return camera.GetPrim()

    return add


@pytest.fixture
def add(stage):
    """Adds a gprim: add("Cube", "/Box", size=2, at=(0, 0, 1), turn=(0, 0, 45), scale=(1, 1, 2))."""

    def define(kind, path, at=None, turn=None, scale=None, **attributes):
        prim = getattr(UsdGeom, kind).Define(stage, path)
        if at is not None:
            prim.AddTranslateOp().Set(Gf.Vec3d(*at))
        if turn is not None:
            prim.AddRotateXYZOp().Set(Gf.Vec3f(*turn))
        if scale is not None:
            prim.AddScaleOp().Set(Gf.Vec3f(*scale))
        for name, value in attributes.items():
            prim.GetPrim().GetAttribute(name).Set(value)
        return prim.GetPrim()

    return define


@pytest.fixture
def scene(stage):
    scene = Scene(stage)
    yield scene
    scene.close()


@pytest.fixture
def look(scene, stage):
    """Updates the scene and traces what a camera sees."""

    def at(resolution=(101, 101), time=NOW, path="/Camera"):
        scene.update(time)
        camera = Camera.from_prim(stage.GetPrimAtPath(path), resolution, time)
        return Look(scene, camera, trace(scene, camera))

    return at


@pytest.fixture
def ycb():
    folder = Path(__file__).parents[2].parent / "shared" / "assets" / "ycb"
    if not folder.is_dir():
        pytest.skip("the shared YCB assets are not beside this project")
    return folder


@pytest.fixture
def sheet(stage, add):
    """Adds a square, 2 wide, about the origin, seen from +Z with s to the right and t up."""

    def define(path="/Sheet", st=((0, 0), (1, 0), (1, 1), (0, 1)), at=None):
        points = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
        mesh = add("Mesh", path, at=at, points=points, faceVertexCounts=[4], faceVertexIndices=[0, 1, 2, 3])
        UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, "vertex").Set(st)
        return mesh

    return define


@pytest.fixture
def sky(stage):
    UsdLux.DomeLight.Define(stage, "/Sky").CreateIntensityAttr(SKY)


@pytest.fixture
def lit(look):
    """The linear picture; from (0, 0, 2) at 90 degrees, pixel (x, y) of 40 sees (x + 0.5 - 20) / 10 to the right."""

    def of(**options):
        seen = look((40, 40))
        return radiance(seen.scene, seen.camera, seen.hits, **options)

    return of
