"""Real objects: a stage that references the YCB assets."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Usd, UsdGeom, UsdLux

ASSETS = Path(__file__).parents[2].parent / "shared/assets/ycb"
pytestmark = pytest.mark.skipif(not ASSETS.exists(), reason="the YCB assets are not beside this clone")
NAMES = {"box": "003_cracker_box.usdz", "can": "005_tomato_soup_can.usdz"}


@pytest.fixture
def stage_path(tmp_path):
    path = tmp_path / "ycb.usda"
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    for index, (name, asset) in enumerate(NAMES.items()):
        prim = UsdGeom.Xform.Define(stage, f"/World/{name}")
        prim.GetPrim().GetReferences().AddReference(str(ASSETS / asset))
        prim.AddTranslateOp(opSuffix="place").Set(Gf.Vec3d(0.2 * index - 0.1, 0.75, -0.1))
    camera = UsdGeom.Camera.Define(stage, "/World/turtle_Camera")
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.01, 100))
    camera.AddRotateXYZOp().Set(Gf.Vec3f(90, 0, 0))
    UsdLux.DomeLight.Define(stage, "/World/Dome").CreateIntensityAttr(1000)
    stage.GetRootLayer().Save()
    return path


def test_a_stage_of_referenced_assets_is_recorded_with_labels_and_textures(simslate, write_job, stage_path, tmp_path):
    parameters = {"rgb": True, "semantic_segmentation": True, "bounding_box_2d_tight": True}
    product = {"camera": "/World/turtle_Camera", "resolution": [640, 480]}
    job = write_job(render_products=[product], writer={"name": "BasicWriter", "parameters": parameters}, frames=1)
    run = simslate("record", job, "--stage", stage_path, "--output", tmp_path / "set")
    assert run.returncode == 0, run.stderr
    labels = json.loads((tmp_path / "set/semantic_segmentation_labels_0000.json").read_text())
    # The assets carry one label each; they stand for themselves without any rule.
    assert len([entry for entry in labels.values() if entry["class"].islower()]) == len(NAMES)
    picture = np.asarray(Image.open(tmp_path / "set/rgb_0000.png"))[..., :3].astype(int)
    for row in np.load(tmp_path / "set/bounding_box_2d_tight_0000.npy"):
        part = picture[row["y_min"] : row["y_max"], row["x_min"] : row["x_max"]].reshape(-1, 3)
        assert len(part) > 5000
        # Printed packaging: a plain grey material would have no saturated pixel at all.
        assert (part.max(axis=1) - part.min(axis=1) > 60).mean() > 0.1
        assert part.std(axis=0).max() > 30
