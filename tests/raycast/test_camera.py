"""Camera: projection, rays and refusals."""

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from kitless.raycast import Camera, CameraError


def test_view_is_world_to_camera(add_camera):
    camera = Camera.from_prim(add_camera((100, 0, 0)), (10, 10))
    assert camera.view[3].tolist() == [-100, 0, 0, 1]
    assert camera.position.tolist() == [100, 0, 0]


def test_projection_is_replicators_reversed_depth(add_camera):
    prim = add_camera(focalLength=24.0, horizontalAperture=20.955, clippingRange=(0.1, 100))
    p = Camera.from_prim(prim, (1280, 720)).projection
    near, far = (float(np.float32(v)) for v in (0.1, 100))
    assert p[0, 0] == pytest.approx(2 * 24 / 20.955, rel=1e-6)
    assert p[1, 1] == pytest.approx(2 * 24 / 20.955 * 1280 / 720, rel=1e-6)
    assert [p[2, 2], p[3, 2], p[2, 3]] == pytest.approx([near / (far - near), near * far / (far - near), -1])


def test_aperture_offsets_are_gf_frustums(add_camera):
    prim = add_camera(horizontalApertureOffset=3.0, verticalApertureOffset=-2.0, verticalAperture=20.0)
    p = Camera.from_prim(prim, (64, 64)).projection
    expected = np.array(UsdGeom.Camera(prim).GetCamera(Usd.TimeCode.Default()).frustum.ComputeProjectionMatrix())
    assert p[2, :2] == pytest.approx(expected[2, :2])


def test_vertical_aperture_is_ignored(add_camera):
    tall = Camera.from_prim(add_camera(verticalAperture=50.0), (64, 32))
    assert tall.projection[1, 1] == 2 * tall.projection[0, 0]


def test_project_maps_the_frustum_to_the_frame(add_camera):
    camera = Camera.from_prim(add_camera((0, 0, 0)), (200, 100))
    pixels, depth = camera.project(np.array([[0, 0, -2], [2, 1, -2], [-2, -1, -2.0]]))
    assert pixels.tolist() == [[100, 50], [200, 0], [0, 100]]
    assert depth.tolist() == [2, 2, 2]


def test_scale_on_a_camera_is_ignored(add_camera, stage):
    prim = add_camera((0, 0, 5))
    plain = Camera.from_prim(prim, (9, 9)).view
    UsdGeom.Xformable(prim).AddScaleOp().Set(Gf.Vec3f(3, 3, 3))
    assert np.allclose(Camera.from_prim(prim, (9, 9)).view, plain)


def test_an_infinite_far_plane_is_fine(add_camera):
    camera = Camera.from_prim(add_camera(clippingRange=(0.5, np.inf)), (8, 8))
    assert [camera.projection[2, 2], camera.projection[3, 2]] == [0, 0.5]


def test_what_is_no_camera_is_refused_with_the_nearest(add_camera, add):
    add_camera(path="/World/turtle_Camera")
    with pytest.raises(CameraError, match=r"/World/turtle is no Camera but Cube; did you mean /World/turtle_Camera\?"):
        Camera.from_prim(add("Cube", "/World/turtle"), (8, 8))


def test_a_missing_prim_is_refused(stage):
    with pytest.raises(CameraError, match="does not exist"):
        Camera.from_prim(stage.GetPrimAtPath("/Nowhere"), (8, 8))


def test_a_lens_that_cannot_be_drawn_is_named(add_camera):
    prim = add_camera()
    prim.CreateAttribute("cameraProjectionType", Sdf.ValueTypeNames.Token).Set("fisheyeSpherical")
    with pytest.raises(NotImplementedError, match="/Camera: cameras of type fisheyeSpherical cannot be drawn"):
        Camera.from_prim(prim, (8, 8))


@pytest.mark.parametrize("resolution", [(0, 8), (8, 0), (-1, 8)])
def test_a_resolution_must_be_positive(add_camera, resolution):
    with pytest.raises(CameraError, match=f"/Camera: resolution {resolution[0]}x{resolution[1]}"):
        Camera.from_prim(add_camera(), resolution)


@pytest.mark.parametrize("values", [{"focalLength": 0.0}, {"clippingRange": (5, 5)}, {"clippingRange": (-1, 5)}])
def test_an_impossible_lens_is_refused(add_camera, values):
    with pytest.raises(CameraError, match="/Camera"):
        Camera.from_prim(add_camera(**values), (8, 8))


def test_time_samples_move_a_camera(add_camera):
    prim = add_camera()
    prim.GetAttribute("xformOp:translate").Set(Gf.Vec3d(0, 0, 2), 1)
    prim.GetAttribute("xformOp:translate").Set(Gf.Vec3d(0, 0, 4), 2)
    assert Camera.from_prim(prim, (8, 8), Usd.TimeCode(1.5)).position.tolist() == [0, 0, 3]
