"""Subframes and path tracing, asked for as Replicator asks: they change the picture and nothing else."""

import numpy as np
import pytest
from pxr import Gf, UsdGeom, UsdLux, UsdSemantics

import carb.settings
import omni.replicator.core as rep
import omni.usd
from omni.replicator.core.render_mode import BLUR, BOUNCES, MODE, SAMPLES, TOTAL_SAMPLES, RenderMode, render_mode

SIZE = (48, 36)
EXACT = ("instance_id_segmentation", "distance_to_camera", "normals", "bounding_box_2d_tight")


@pytest.fixture
def settings(app):
    return carb.settings.get_settings()


@pytest.fixture
def frame(app):
    """Takes a frame of a box in the sun, by subframes: annotator to bytes."""
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.Camera.Define(stage, "/Camera").AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    box = UsdGeom.Cube.Define(stage, "/World/Box")
    box.AddRotateXYZOp().Set(Gf.Vec3f(20, 30, 40))
    UsdSemantics.LabelsAPI.Apply(box.GetPrim(), "class").CreateLabelsAttr(["box"])
    UsdLux.DistantLight.Define(stage, "/Sun").CreateIntensityAttr(1000.0)
    product = rep.create.render_product("/Camera", SIZE)
    annotators = {name: rep.annotators.get(name) for name in ("rgb", *EXACT)}
    for annotator in annotators.values():
        annotator.attach(product)

    def take(subframes=-1):
        app.run(rep.orchestrator.step_async(rt_subframes=subframes, delta_time=0.0))
        return {name: data_of(annotator).tobytes() for name, annotator in annotators.items()}

    return take


def data_of(annotator):
    found = annotator.get_data()
    return np.asarray(found["data"] if isinstance(found, dict) else found)


def test_subframes_and_paths_change_the_picture_only(frame, settings):
    pictures = [frame(), frame(8)]
    settings.set(MODE, "PathTracing")
    settings.set(TOTAL_SAMPLES, 4)
    pictures.append(frame())
    assert len({each["rgb"] for each in pictures}) == 3
    for name in EXACT:
        assert len({each[name] for each in pictures}) == 1, name


def test_a_path_traced_frame_twice_is_the_same(frame, settings):
    settings.set(MODE, "PathTracing")
    settings.set(TOTAL_SAMPLES, 4)
    assert frame() == frame()


@pytest.mark.parametrize(
    ("spp", "total", "subframes", "expected"), [(None, None, 1, 64), (8, 64, 1, 64), (8, 64, 16, 128), (32, 16, 1, 32)]
)
def test_as_many_pictures_as_make_the_total(settings, spp, total, subframes, expected):
    settings.set(MODE, "PathTracing")
    for name, value in ((SAMPLES, spp), (TOTAL_SAMPLES, total), (BOUNCES, 7)):
        if value is not None:
            settings.set(name, value)
    assert render_mode(subframes) == RenderMode(expected, 7)


@pytest.mark.parametrize("mode", ["RaytracedLighting", "PathTracing"])
def test_motion_blur_mixes_the_picture_and_leaves_ids(app, settings, mode):
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.Camera.Define(stage, "/Camera").AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    lens = UsdGeom.Camera(stage.GetPrimAtPath("/Camera"))
    lens.CreateFocalLengthAttr(10.0)
    lens.CreateHorizontalApertureAttr(20.0)
    box = UsdGeom.Cube.Define(stage, "/World/Box")
    move = box.AddTranslateOp()
    # At the frame it stands on the left; while the shutter is open for a whole frame it moves to the right.
    move.Set(Gf.Vec3d(-4, 0, 0), 0)
    move.Set(Gf.Vec3d(4, 0, 0), 1)
    lens.CreateShutterCloseAttr(1.0)
    UsdLux.DomeLight.Define(stage, "/Night").CreateIntensityAttr(0.0)
    UsdLux.DistantLight.Define(stage, "/Sun").CreateIntensityAttr(900.0)
    product = rep.create.render_product("/Camera", SIZE)
    found = {name: rep.annotators.get(name) for name in ("HdrColor", "distance_to_camera")}
    for annotator in found.values():
        annotator.attach(product)
    settings.set(MODE, mode)
    settings.set(TOTAL_SAMPLES, 16)
    settings.set(BLUR, True)
    app.run(rep.orchestrator.step_async(rt_subframes=64, delta_time=0.0))
    light, depth = (data_of(annotator) for annotator in found.values())
    hit = np.isfinite(depth)
    assert hit[18, 14]
    assert not hit[18, 24:].any()
    # 2 of the 8 units that it goes are where the middle sees it: for a quarter of the time.
    settings.set(BLUR, False)
    move.Set(Gf.Vec3d(0, 0, 0), 0)
    app.run(rep.orchestrator.step_async(rt_subframes=64, delta_time=0.0))
    still = data_of(found["HdrColor"])
    assert light[18, 23:25, 0].mean() == pytest.approx(still[18, 23:25, 0].mean() / 4, rel=0.1)


def test_other_modes_are_direct_light(settings):
    settings.set(MODE, "RaytracedLighting")
    assert render_mode(5) == RenderMode(5)
