"""Rotations against closed forms and USD's own."""

import math

import numpy as np
import pytest
from pxr import Gf

from isaacsim.core.utils import rotations
from isaacsim.core.utils.numpy import rotations as many

HALF = math.sqrt(0.5)


@pytest.mark.parametrize(
    ("degrees", "quaternion"),
    [((90, 0, 0), (HALF, HALF, 0, 0)), ((0, 90, 0), (HALF, 0, HALF, 0)), ((0, 0, 90), (HALF, 0, 0, HALF))],
)
def test_a_right_angle_about_one_axis(degrees, quaternion):
    np.testing.assert_allclose(rotations.euler_angles_to_quat(degrees, degrees=True), quaternion, atol=1e-12)
    np.testing.assert_allclose(rotations.quat_to_euler_angles(quaternion, degrees=True), degrees, atol=1e-6)


@pytest.mark.parametrize(("extrinsic", "order"), [(True, (0, 1, 2)), (False, (2, 1, 0))])
def test_the_order_of_axes_is_that_of_gf(extrinsic, order):
    angles = (10.0, 20.0, 30.0)
    turns = [Gf.Rotation(Gf.Vec3d.Axis(axis), angles[axis]) for axis in order]
    expected = np.array(Gf.Matrix3d(turns[0] * turns[1] * turns[2])).T
    found = rotations.euler_to_rot_matrix(angles, degrees=True, extrinsic=extrinsic)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("extrinsic", [True, False])
def test_angles_come_back(extrinsic):
    angles = np.random.default_rng(7).uniform(-1.5, 1.5, (20, 3))
    quaternions = many.euler_angles_to_quats(angles, extrinsic=extrinsic)
    assert quaternions.shape == (20, 4)
    np.testing.assert_allclose(many.quats_to_euler_angles(quaternions, extrinsic=extrinsic), angles, atol=1e-9)


@pytest.mark.parametrize("extrinsic", [True, False])
@pytest.mark.parametrize("middle", [math.pi / 2, -math.pi / 2])
def test_where_angles_are_not_unique_the_matrix_is(extrinsic, middle):
    matrix = rotations.euler_to_rot_matrix((0.3, middle, 0.4), extrinsic=extrinsic)
    angles = rotations.matrix_to_euler_angles(matrix, extrinsic=extrinsic)
    np.testing.assert_allclose(rotations.euler_to_rot_matrix(angles, extrinsic=extrinsic), matrix, atol=1e-9)


def test_matrices_turn_column_vectors():
    np.testing.assert_allclose(rotations.quat_to_rot_matrix((HALF, 0, 0, HALF)) @ (1, 0, 0), (0, 1, 0), atol=1e-12)
    np.testing.assert_allclose(rotations.rot_matrix_to_quat([[0, -1, 0], [1, 0, 0], [0, 0, 1]]), (HALF, 0, 0, HALF))


def test_rotation_vectors_are_axis_times_angle():
    np.testing.assert_allclose(
        many.rotvecs_to_quats([[0, 0, math.pi / 2], [0, 0, 0]]), [(HALF, 0, 0, HALF), (1, 0, 0, 0)]
    )
    np.testing.assert_allclose(
        many.quats_to_rotvecs([(HALF, 0, 0, HALF), (1, 0, 0, 0)]), [(0, 0, math.pi / 2), (0, 0, 0)]
    )


def test_where_w_is():
    np.testing.assert_array_equal(many.xyzw2wxyz([[1, 2, 3, 0]]), [[0, 1, 2, 3]])
    np.testing.assert_array_equal(many.wxyz2xyzw([[0, 1, 2, 3]]), [[1, 2, 3, 0]])


def test_a_camera_that_looks_along_x_has_z_up():
    turn = Gf.Rotation(rotations.lookat_to_quatf(Gf.Vec3f(0), Gf.Vec3f(5, 0, 0), Gf.Vec3f(0, 0, 1)))
    assert Gf.IsClose(turn.TransformDir(Gf.Vec3d(0, 0, -1)), Gf.Vec3d(1, 0, 0), 1e-6)
    assert Gf.IsClose(turn.TransformDir(Gf.Vec3d(0, 1, 0)), Gf.Vec3d(0, 0, 1), 1e-6)
    np.testing.assert_allclose(rotations.gf_rotation_to_np_array(Gf.Rotation(Gf.Vec3d.ZAxis(), 90)), (HALF, 0, 0, HALF))


def test_zeros_are_no_rotation():
    with pytest.raises(ValueError, match="zeros"):
        rotations.quat_to_rot_matrix((0, 0, 0, 0))
    with pytest.raises(ValueError, match="needs 4 numbers, not 3"):
        rotations.quat_to_rot_matrix((1, 0, 0))
