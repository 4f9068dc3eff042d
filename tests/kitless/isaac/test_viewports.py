"""Viewports: their cameras by closed forms, and what they show."""

import asyncio
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Usd, UsdGeom

import omni.usd
from isaacsim.core.utils import viewports
from isaacsim.test.utils.image_capture import (
    capture_depth_data_async,
    capture_rgb_data_async,
    capture_viewport_annotator_data_async,
    capture_viewport_screenshot_async,
)
from isaacsim.test.utils.viewport_utils import project_world_to_screen
from omni.kit.viewport import utility
from omni.syntheticdata import SyntheticData, helpers, sensors
from omni.syntheticdata._syntheticdata import SensorType


@pytest.fixture
def viewport(stage):
    found = utility.get_active_viewport()
    found.resolution = (64, 48)
    return found


def test_the_first_viewport_shows_the_apps_camera(viewport, stage):
    assert viewport.camera_path == "/OmniverseKit_Persp"
    assert utility.get_num_viewports() == 1
    assert utility.get_active_viewport_window().name == "Viewport"
    camera = viewport.camera.GetPrim()
    assert stage.GetSessionLayer().GetPrimAtPath(camera.GetPath())
    assert not stage.GetRootLayer().GetPrimAtPath(camera.GetPath())


def test_windows_are_opened_named_and_destroyed(viewport):
    window = utility.create_viewport_window(width=320, height=240, camera_path="/World/Camera")
    assert (window.name, window.width, window.viewport_api.resolution) == ("Viewport 2", 320, (320, 240))
    assert utility.get_viewport_window_camera_string("Viewport 2") == "/World/Camera"
    assert viewports.get_viewport_names() == ["Viewport", "Viewport 2"]
    assert viewports.get_window_from_id(viewports.get_id_from_index(1)) is window
    viewports.destroy_all_viewports(destroy_main_viewport=False)
    assert viewports.get_viewport_names() == ["Viewport"]
    with pytest.raises(ValueError, match="at least 1 x 1"):
        viewport.resolution = (0, 5)


@pytest.mark.parametrize(
    ("axis", "eye", "up"),
    [
        ("Z", (4, 0, 0), (0, 0, 1)),
        ("Y", (0, 0, 4), (0, 1, 0)),
        ("Z", (0, 0, 4), (0, 1, 0)),
        ("Y", (0, 4, 0), (0, 0, -1)),
    ],
)
def test_a_camera_looks_at_a_point_with_the_up_axis_upwards(stage, axis, eye, up):
    UsdGeom.SetStageUpAxis(stage, axis)
    viewports.set_camera_view(np.array(eye), [0, 0, 0])
    matrix = omni.usd.get_world_transform_matrix(stage.GetPrimAtPath("/OmniverseKit_Persp"))
    assert Gf.IsClose(matrix.ExtractTranslation(), Gf.Vec3d(eye), 1e-9)
    assert Gf.IsClose(matrix.TransformDir(Gf.Vec3d(0, 0, -1)), -Gf.Vec3d(eye).GetNormalized(), 1e-9)
    assert Gf.IsClose(matrix.TransformDir(Gf.Vec3d(0, 1, 0)), Gf.Vec3d(up), 1e-9)


def test_a_camera_below_a_moved_parent_is_placed_in_the_world(stage):
    UsdGeom.Xform.Define(stage, "/World/Arm").AddTranslateOp().Set(Gf.Vec3d(5, 5, 5))
    UsdGeom.Camera.Define(stage, "/World/Arm/Camera")
    viewports.set_camera_view([1, 2, 3], [0, 0, 0], "/World/Arm/Camera")
    matrix = omni.usd.get_world_transform_matrix(stage.GetPrimAtPath("/World/Arm/Camera"))
    assert Gf.IsClose(matrix.ExtractTranslation(), Gf.Vec3d(1, 2, 3), 1e-9)
    with pytest.raises(ValueError, match=r"no camera at /World/Arm$"):
        viewports.set_camera_view([1, 2, 3], [0, 0, 0], "/World/Arm")
    with pytest.raises(ValueError, match="cannot look at the point where it is"):
        viewports.set_camera_view([1, 2, 3], [1, 2, 3])


def test_a_calibration_is_set_read_and_agrees_with_usds_frustum(viewport, stage):
    wanted = [[80.0, 0, 30.0], [0, 80.0, 25.0], [0, 0, 1]]
    viewports.set_intrinsics_matrix(viewport, wanted, focal_length=2.0)
    np.testing.assert_allclose(viewports.get_intrinsics_matrix(viewport), wanted, atol=1e-4)
    # A point in the camera's frame, by the pinhole's formula, and through the frustum of USD.
    x, y, depth = 0.2, -0.1, 2.0
    ndc = viewport.projection.Transform(Gf.Vec3d(x, -y, -depth))
    pixel = ((0.5 + ndc[0] / 2) * 64, (0.5 - ndc[1] / 2) * 48)
    np.testing.assert_allclose(pixel, (80 * x / depth + 30, 80 * y / depth + 25), atol=1e-3)
    with pytest.raises(ValueError, match="pixels are square"):
        viewports.set_intrinsics_matrix(viewport, [[80, 0, 32], [0, 70, 24], [0, 0, 1]])


def test_points_of_the_world_are_pixels(viewport):
    viewports.set_camera_view([4, 0, 0], [0, 0, 0])
    np.testing.assert_allclose(project_world_to_screen((0, 0, 0)), (32, 24), atol=1e-9)
    x, y = project_world_to_screen((0, 1, 1))
    assert (x > 32, y < 24) == (True, True)
    assert project_world_to_screen((5, 0, 0)) is None


def test_framing_puts_the_sphere_around_prims_into_view(viewport, stage):
    UsdGeom.Cube.Define(stage, "/World/A").CreateSizeAttr(2.0)
    stage.GetPrimAtPath("/World/A").GetAttribute("extent").Set([(-1, -1, -1), (1, 1, 1)])
    viewports.set_camera_view([9, 0, 0], [0, 0, 0])
    assert utility.frame_viewport_prims(viewport, ["/World/A"])
    lens = viewport.camera.GetCamera(Usd.TimeCode.Default())
    half = np.arctan(lens.horizontalAperture / 2 / lens.focalLength * 48 / 64)
    assert viewport.transform.ExtractTranslation()[0] == pytest.approx(np.sqrt(3) / np.sin(half), rel=1e-6)
    omni.usd.get_context().get_selection().set_selected_prim_paths(["/World/A"], True)
    assert utility.frame_viewport_selection(viewport)
    with pytest.raises(ValueError, match="no prim at /World/B to frame"):
        utility.frame_viewport_prims(viewport, ["/World/B"])


def test_pictures_and_distances_of_a_cube_before_the_camera(viewport, stage, app, tmp_path):
    UsdGeom.Cube.Define(stage, "/World/A").CreateSizeAttr(2.0)
    viewports.set_camera_view([4, 0, 0], [0, 0, 0])
    seen = []
    capture = utility.capture_viewport_to_file(viewport, str(tmp_path / "new/a.png"))
    utility.capture_viewport_to_buffer(viewport, lambda *what: seen.append(what))
    sensors.enable_sensors(viewport, [SensorType.DistanceToImagePlane])
    assert app.run(capture.wait_for_result())
    with Image.open(tmp_path / "new/a.png") as image:
        assert image.size == (64, 48)
        pixels = np.array(image)
    (buffer, size, width, height, kind), *_ = seen
    assert (size, width, height, kind) == (64 * 48 * 4, 64, 48, "RGBA8_UNORM")
    np.testing.assert_array_equal(buffer, pixels)
    depth = sensors.get_distance_to_image_plane(viewport)
    assert depth[24, 32] == pytest.approx(3.0, abs=1e-5)
    assert np.isinf(depth[0, 0])
    assert sensors.get_rgb(viewport).shape == (48, 64, 4)
    place = {"camera_position": (4, 0, 0), "resolution": (64, 48)}
    straight = app.run(capture_depth_data_async("distance_to_camera", **place))
    assert straight[24, 32] == pytest.approx(3.0, abs=1e-2)
    assert app.run(capture_rgb_data_async(**place)).shape == (48, 64, 4)
    again = app.run(capture_viewport_annotator_data_async(viewport, "distance_to_image_plane"))
    np.testing.assert_array_equal(again, depth)
    assert app.run(capture_viewport_screenshot_async(tmp_path / "b.png", viewport_api=viewport))
    with Image.open(tmp_path / "b.png") as image:
        np.testing.assert_array_equal(np.array(image), pixels)
    assert [str(prim.GetPath()) for prim in stage.Traverse() if prim.GetName() == "CaptureCamera"] == []


def test_a_picture_without_its_camera_is_refused(viewport):
    viewport.camera_path = "/World/None"
    with pytest.raises(ValueError, match=r"its camera /World/None is not on the open stage"):
        utility.capture_viewport_to_file(viewport, "a.png")


def test_what_waits_for_frames_waits_for_updates(viewport, app):
    number = app.get_update_number()
    app.run(utility.next_viewport_frame_async(viewport, 2))
    assert app.get_update_number() - number == 3


def test_the_corners_of_boxes_are_in_the_world():
    names = [f"{axis}_{end}" for end in ("min", "max") for axis in "xyz"]
    box = np.zeros(1, [*[(name, "<f4") for name in names], ("transform", "<f4", (4, 4))])
    for name, value in zip(names, (-1, -2, -3, 1, 2, 3), strict=True):
        box[name] = value
    box["transform"] = np.array(Gf.Matrix4d(Gf.Rotation(Gf.Vec3d(0, 0, 1), 90), Gf.Vec3d(10, 0, 0)))
    corners = helpers.get_bbox_3d_corners(box)
    assert corners.shape == (1, 8, 3)
    np.testing.assert_allclose(corners[0, 0], (12, -1, -3), atol=1e-5)
    np.testing.assert_allclose(corners[0, 1], (12, 1, -3), atol=1e-5)
    np.testing.assert_allclose(corners[0, 7], (8, 1, 3), atol=1e-5)


def test_sensors_know_the_filter_and_say_what_they_lack(viewport):
    assert sensors.get_synthetic_data() is SyntheticData.Get()
    with pytest.raises(NotImplementedError, match="sensors: Occlusion is not in kitless yet"):
        sensors.enable_sensors(viewport, [SensorType.Occlusion])
    with pytest.raises(NotImplementedError, match=r"omni\.syntheticdata\.sensors\.get_occlusion"):
        sensors.get_occlusion(viewport)
    assert asyncio.iscoroutinefunction(sensors.next_sensor_data_async)


def test_the_filter_may_be_imported_before_replicator():
    code = "import omni.syntheticdata; omni.syntheticdata.SyntheticData, omni.syntheticdata.sensors"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
