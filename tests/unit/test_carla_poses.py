"""CARLA's poses and lenses in USD: recorded poses, round trips, and USD's own cameras."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pxr import Gf, Usd, UsdGeom

from simslate.carla.errors import CarlaError
from simslate.carla.geometry import Location, Rotation, Transform
from simslate.carla.poses import (
    apertures_to_field_of_view,
    camera_matrix,
    carla_transform,
    carla_transform_of_camera,
    field_of_view_to_apertures,
    intrinsics,
    projected,
    usd_matrix,
)

FILE = Path(__file__).parents[2].parent / "shared/golden/carla/transforms.json"
CASES = json.loads(FILE.read_text())["cases"] if FILE.exists() else []
STAGES = [{"up_axis": axis, "meters_per_unit": unit} for axis in "YZ" for unit in (1, 0.01, 0.0254)]
WAYS = [(usd_matrix, carla_transform), (camera_matrix, carla_transform_of_camera)]
SEED = Transform(Location(-46, 152, 18), Rotation(pitch=-21, yaw=-93.4, roll=0))

each_stage = pytest.mark.parametrize(
    "stage", STAGES, ids=lambda stage: "{up_axis}, {meters_per_unit} m".format(**stage)
)
each_way = pytest.mark.parametrize(("there", "back"), WAYS, ids=["prim", "camera"])


def turns(limit):
    return st.floats(-limit, limit)


places = st.builds(Location, turns(1000), turns(1000), turns(1000))
poses = st.builds(Transform, places, st.builds(Rotation, turns(89), turns(179.9), turns(179.9)))
any_poses = st.builds(Transform, places, st.builds(Rotation, turns(720), turns(720), turns(720)))


def values(transform):
    place, turn = transform.location, transform.rotation
    return np.array([place.x, place.y, place.z, turn.pitch, turn.yaw, turn.roll])


def on_stage(points, up_axis, meters_per_unit):
    x, y, z = np.transpose(points)
    return np.stack([x, -y, z] if up_axis == "Z" else [x, z, y], axis=-1) / meters_per_unit


def near(value, tolerance):
    return pytest.approx(value, abs=tolerance, rel=0)


@pytest.mark.skipif(not CASES, reason="the recorded golden data is not beside this clone")
@each_stage
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_prim_is_where_the_client_puts_the_actor(case, stage):
    matrix = usd_matrix(Transform(Location(*case["location"]), Rotation(**case["rotation"])), **stage)
    for point in case["points"]:
        x, y, z = point["local"]
        expected = on_stage(point["world"], **stage)
        assert (matrix @ [x, -y, z, 1])[:3] * stage["meters_per_unit"] == near(
            expected * stage["meters_per_unit"], 2e-5
        )


@each_way
@given(pose=poses, stage=st.sampled_from(STAGES))
def test_a_pose_returns(there, back, stage, pose):
    assert values(back(there(pose, **stage), **stage)) == near(values(pose), 1e-9)


@each_way
@given(pose=any_poses, stage=st.sampled_from(STAGES))
def test_a_pose_beyond_the_usual_turns_returns_as_the_same_place(there, back, stage, pose):
    returned = back(there(pose, **stage), **stage)
    assert np.array(returned.get_matrix()) == near(np.array(pose.get_matrix()), 1e-8)
    assert abs(returned.rotation.pitch) <= 90


@each_stage
@each_way
def test_the_pose_of_the_sample_script_returns(there, back, stage):
    assert values(back(there(SEED, **stage), **stage)) == near(values(SEED), 1e-9)


@pytest.mark.parametrize("pitch", [90, -90])
@each_way
def test_straight_up_and_down_has_no_roll(there, back, pitch):
    pose = Transform(Location(1, 2, 3), Rotation(pitch, 30, 40))
    returned = back(there(pose))
    assert values(returned)[3:] == near([pitch, 30 - math.copysign(40, pitch), 0], 1e-6)
    assert np.array(returned.get_matrix()) == near(np.array(pose.get_matrix()), 1e-9)
    assert returned.rotation.roll == 0


def test_axes_of_prims_and_cameras():
    assert usd_matrix(Transform(), meters_per_unit=0.01).tolist() == np.diag([100, 100, 100, 1]).tolist()
    turned = usd_matrix(Transform(), up_axis="Y")[:3, :3]
    assert turned.T.tolist() == [[1, 0, 0], [0, 0, -1], [0, 1, 0]]  # forward, left, up
    assert camera_matrix(Transform())[:3, :3].T.tolist() == [[0, -1, 0], [0, 0, 1], [-1, 0, 0]]  # right, up, backward
    assert camera_matrix(Transform(), up_axis="Y")[:3, :3].T.tolist() == [[0, 0, 1], [0, 1, 0], [-1, 0, 0]]


def test_a_turned_stage_is_turned_as_usd_does_it():
    turn = np.array(Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(1, 0, 0), -90))).T
    for matrix in (usd_matrix, camera_matrix):
        assert matrix(SEED, up_axis="Y") == near(turn @ matrix(SEED), 1e-12)


@each_stage
@pytest.mark.parametrize(("width", "height", "fov"), [(800, 600, 90), (1920, 1080, 60), (64, 64, 120)])
def test_usds_camera_sees_points_where_carlas_does(stage, width, height, fov):
    pose = Transform(SEED.location, Rotation(-21, -93.4, 10))
    scene = Usd.Stage.CreateInMemory()
    camera = UsdGeom.Camera.Define(scene, "/Camera")
    camera.AddTransformOp().Set(Gf.Matrix4d(camera_matrix(pose, **stage).T.tolist()))
    horizontal, vertical = field_of_view_to_apertures(fov, width, height, focal_length=24)
    camera.CreateHorizontalApertureAttr(horizontal)
    camera.CreateVerticalApertureAttr(vertical)
    camera.CreateFocalLengthAttr(24)
    frustum = camera.GetCamera(Usd.TimeCode.Default()).frustum
    to_screen = np.array(frustum.ComputeViewMatrix() * frustum.ComputeProjectionMatrix())

    local = np.random.default_rng(0).uniform((1, -20, -20), (60, 20, 20), (200, 3))
    world = np.array([(p.x, p.y, p.z) for p in (pose.transform(Location(*point)) for point in local)])
    screen = np.c_[on_stage(world, **stage), np.ones(200)] @ to_screen
    seen = (screen[:, :2] / screen[:, 3:] * [1, -1] + 1) / 2 * [width, height]
    pixels, depth = projected(world, pose, width, height, fov)
    assert pixels == near(seen, 1e-3)
    assert depth == near(local[:, 0], 1e-9)


def test_points_behind_the_camera_have_no_pixel():
    pixels, depth = projected([(5, 0, 0), (0, 1, 1), (-5, 1, 1)], Transform(), 80, 60, 90)
    assert np.isnan(pixels).all(axis=1).tolist() == [False, True, True]
    assert pixels[0].tolist() == [40, 30]
    assert depth.tolist() == [5, 0, -5]
    assert projected([], Transform(), 80, 60, 90)[0].shape == (0, 2)


def test_a_point_to_the_right_and_above_is_there_in_the_picture():
    pixels, _ = projected([(10, 1, 2)], Transform(), 80, 60, 90)
    assert pixels[0] == near([40 + 4, 30 - 8], 1e-12)


@given(st.floats(0.1, 179), st.integers(1, 4000), st.integers(1, 4000), st.floats(0.1, 100))
def test_a_field_of_view_returns(fov, width, height, focal_length):
    horizontal, vertical = field_of_view_to_apertures(fov, width, height, focal_length=focal_length)
    assert apertures_to_field_of_view(horizontal, focal_length=focal_length) == near(fov, 1e-9)
    assert vertical == pytest.approx(horizontal * height / width)


def test_intrinsics_of_a_right_angle():
    assert intrinsics(800, 600, 90) == near(np.array([[400, 0, 400], [0, 400, 300], [0, 0, 1]]), 1e-9)
    assert field_of_view_to_apertures(90, 800, 600, focal_length=10) == near((20, 15), 1e-9)


@pytest.mark.parametrize("matrix", [np.diag([1, -1, 1, 1]), np.diag([1, 0, 1, 1]), np.eye(3), np.full((4, 4), np.nan)])
@pytest.mark.parametrize("back", [carla_transform, carla_transform_of_camera])
def test_a_matrix_that_is_no_pose_is_refused(back, matrix):
    with pytest.raises(CarlaError, match="a pose needs"):
        back(matrix)


def test_a_skewed_matrix_is_refused_and_scale_is_dropped():
    skewed = np.eye(4)
    skewed[0, 1] = 0.1
    with pytest.raises(CarlaError, match="turns and scales only"):
        carla_transform(skewed)
    assert carla_transform(np.diag([2, 3, 4, 1])) == Transform()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: usd_matrix(SEED, up_axis="X"), 'up_axis must be "Y" or "Z", not \'X\''),
        (lambda: camera_matrix(SEED, meters_per_unit=0), "meters_per_unit must be a finite number above 0, not 0"),
        (lambda: carla_transform(np.eye(4), meters_per_unit=math.inf), "meters_per_unit"),
        (lambda: carla_transform_of_camera(np.eye(4), up_axis="z"), "up_axis"),
        (lambda: field_of_view_to_apertures(180, 8, 6), "fov must be above 0 and below 180 degrees, not 180"),
        (lambda: field_of_view_to_apertures(90, 0, 6), "width"),
        (lambda: field_of_view_to_apertures(90, 8, 6, focal_length=-1), "focal_length"),
        (lambda: apertures_to_field_of_view(0), "horizontal_aperture"),
        (lambda: intrinsics(8, -6, 90), "height"),
        (lambda: projected([(1, 0, 0)], SEED, 8, 6, math.nan), "fov"),
    ],
)
def test_bad_numbers_are_refused(call, message):
    with pytest.raises(CarlaError, match=message):
        call()
