"""A thousand frames: what a long recording holds on to."""

import resource
from pathlib import Path

import pytest
from pxr import Gf, UsdGeom, UsdSemantics

import omni.replicator.core as rep
import omni.timeline
import omni.usd

MIB = 1 << 20
EVERYTHING = [
    "rgb",
    "semantic_segmentation",
    "instance_segmentation",
    "instance_id_segmentation",
    "bounding_box_2d_tight",
    "bounding_box_2d_loose",
    "bounding_box_3d",
    "distance_to_camera",
    "normals",
    "motion_vectors",
    "occlusion",
    "pointcloud",
    "camera_params",
]


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class Forgetful(rep.Writer):
    """Takes everything and keeps nothing."""

    def __init__(self):
        self.version = "1.0.0"
        self.annotators = list(EVERYTHING)
        self.data_structure = "annotator"

    def write(self, data):
        assert data["annotators"]["rgb"]


@pytest.fixture
def moving_scene(app):
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    stage.SetTimeCodesPerSecond(25)
    for index in range(8):
        prim = UsdGeom.Cube.Define(stage, f"/World/c{index}")
        move = prim.AddTranslateOp()
        for code in range(0, 1001, 50):
            move.Set(Gf.Vec3d(index - 4, 8 + index, code % 3 - 1), code)
        UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr([f"k{index % 3}"])
    camera = UsdGeom.Camera.Define(stage, "/World/Camera")
    camera.AddRotateXYZOp().Set(Gf.Vec3f(90, 0, 0))
    return stage


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc")
def test_a_thousand_frames_hold_on_to_less_than_a_mebibyte(app, moving_scene):
    rep.orchestrator.set_capture_on_play(False)
    omni.timeline.get_timeline_interface().set_end_time(1000)
    writer = Forgetful()
    writer.attach(rep.create.render_product("/World/Camera", (96, 64)))
    omni.timeline.get_timeline_interface().play()

    def record(frames):
        for _ in range(frames):
            app.run(rep.orchestrator.step_async(pause_timeline=False))
        return resident_bytes()

    warm = record(300)
    assert record(1000) - warm < MIB
