"""Poses in the camera's axes against numbers worked out by hand: KITTI's columns, BOP's matrices, cameras."""

import json
from io import BytesIO
from math import pi

import numpy as np
import pytest
from PIL import Image

from simslate.recorder import ConfigError
from simslate.recorder.dataset.export.bop import BopEncoder
from simslate.recorder.dataset.export.camera import Camera, Solid
from simslate.recorder.dataset.export.class_list import ClassList
from simslate.recorder.dataset.export.kitti import KittiEncoder, pose_of
from simslate.recorder.dataset.export.mask import Box, Mask
from simslate.recorder.dataset.export.shot import Instance, Shot

WIDTH, HEIGHT = 100, 80
PARAMS = {
    "cameraModel": "pinhole",
    "cameraProjection": [1, 0, 0, 0, 0, 1.25, 0, 0, 0, 0, 0.001, -1, 0, 0, 0.1, 0],
    # At (0, 0, 5) in the world, looking along -z.
    "cameraViewTransform": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -5, 1],
    "metersPerSceneUnit": 1.0,
    "renderProductResolution": [WIDTH, HEIGHT],
}


def camera(**changes):
    return Camera.of({**PARAMS, **changes})


def turned(angle, *, place=(1.0, 0.5, -5.0), scale=1.0):
    """A transform for row vectors: around the world's y axis, then to a place."""
    transform = np.eye(4)
    cosine, sine = np.cos(angle), np.sin(angle)
    transform[:3, :3] = scale * np.array([[cosine, 0, -sine], [0, 1, 0], [sine, 0, cosine]])
    transform[3, :3] = place
    return transform


def solid(transform=None, half=(2.0, 1.0, 0.5)):
    """A box whose y is its height, x its length and z its width."""
    half = np.array(half)
    return Solid(-half, half, turned(0.0) if transform is None else transform)


def shot(*instances, **changes):
    return Shot("", "000000", (WIDTH, HEIGHT), instances, camera=camera(), **changes)


def instance(**changes):
    image = np.zeros((HEIGHT, WIDTH), bool)
    image[20:30, 40:60] = True
    mask = Mask.of(image)
    return Instance("/World/a", "big box", mask.box, mask, **{"solid": solid(), **changes})


def whole(content):
    return content if isinstance(content, bytes) else b"".join(content)


def text(files, path):
    return whole(next(file.content for file in files if file.path == path)).decode()


def kitti(*instances, **changes):
    return text(list(KittiEncoder(ClassList()).add(shot(*instances, **changes))), "training/label_2/000000.txt")


def test_a_camera_matrix_is_in_pixels():
    assert camera().matrix.tolist() == [[50, 0, 50], [0, 50, 40], [0, 0, 1]]


def test_a_shifted_lens_moves_the_middle():
    shifted = [*PARAMS["cameraProjection"]]
    shifted[8], shifted[9] = 0.2, -0.1
    assert camera(cameraProjection=shifted).matrix[:2, 2].tolist() == pytest.approx([40, 36])


def test_a_point_is_where_the_projection_puts_it():
    point = np.array([[1.0, 0.5, -5.0, 1.0]]) @ camera().view
    assert point[0, :3].tolist() == [1, -0.5, 10]
    assert camera().project(point[:, :3]).tolist() == [[55, 37.5]]


def test_a_box_stands_on_its_bottom():
    pose = pose_of(solid(), camera())
    assert pose.size == (2, 1, 4)
    assert pose.location == (1, 0.5, 10)
    assert pose.rotation_y == 0
    assert pose.alpha == pytest.approx(-np.arctan2(1, 10))


@pytest.mark.parametrize("angle", [0.3, pi / 2, -2.5])
def test_a_turn_around_the_vertical_is_the_rotation(angle):
    # Around the axis that points down it is a turn the other way.
    assert pose_of(solid(turned(angle)), camera()).rotation_y == pytest.approx(-angle)


def test_sizes_are_metres_with_the_scale_in_them():
    pose = pose_of(solid(turned(0.0, scale=3.0)), camera(metersPerSceneUnit=0.01))
    assert pose.size == pytest.approx((0.06, 0.03, 0.12))
    assert pose.location[2] == pytest.approx(0.1)


def test_kitti_has_fifteen_columns_without_blanks_in_names():
    columns = kitti(instance(visibility=0.95, truncation=0.25)).split()
    assert len(columns) == 15
    assert columns[:3] == ["big_box", "0.25", "0"]
    assert [float(each) for each in columns[4:8]] == [40, 20, 59, 29]
    assert [float(each) for each in columns[8:14]] == [2, 1, 4, 1, 0.5, 10]


@pytest.mark.parametrize(("visibility", "level"), [(1.0, "0"), (0.9, "0"), (0.7, "1"), (0.49, "2"), (None, "3")])
def test_levels_of_occlusion(visibility, level):
    assert kitti(instance(visibility=visibility)).split()[2] == level


def test_truncation_is_that_of_the_box_in_space_where_nothing_else_tells():
    # 4 m long and flat at 10 m: 20 pixels, of which 5 are beyond the left edge.
    flat = solid(turned(0.0, place=(-9.0, 0.0, -5.0)), half=(2.0, 1.0, 1e-6))
    assert float(kitti(instance(solid=flat)).split()[1]) == 0.25
    behind = solid(turned(0.0, place=(0.0, 0.0, 5.0)))
    assert float(kitti(instance(solid=behind)).split()[1]) == -1


def test_other_lenses_leave_kitti_in_the_picture():
    found = list(
        KittiEncoder(ClassList()).add(Shot("", "0", (WIDTH, HEIGHT), (instance(),), camera=camera(cameraModel="x")))
    )
    assert [file.path for file in found] == ["training/label_2/0.txt"]
    assert text(found, "training/label_2/0.txt").split()[11:14] == ["-1000.00"] * 3


def test_the_calibration_is_the_camera_matrix():
    found = list(KittiEncoder(ClassList()).add(shot()))
    lines = dict(line.split(": ") for line in text(found, "training/calib/000000.txt").splitlines())
    assert np.array(lines["P2"].split(), float).reshape(3, 4)[:, :3].tolist() == camera().matrix.tolist()
    assert sorted(lines) == ["P0", "P1", "P2", "P3", "R0_rect", "Tr_imu_to_velo", "Tr_velo_to_cam"]


@pytest.fixture
def classes():
    return ClassList.from_json([{"id": 4, "name": "big box"}], "list")


def test_bop_takes_points_of_the_prim_to_the_camera_in_millimetres(classes):
    encoder = BopEncoder(classes)
    list(encoder.add(shot(instance(solid=solid(turned(0.4, scale=2.0))))))
    pose = json.loads(text(list(encoder.finish()), "train/000000/scene_gt.json"))["0"][0]
    rotation, place = np.array(pose["cam_R_m2c"]).reshape(3, 3), np.array(pose["cam_t_m2c"])
    assert pose["obj_id"] == 4
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-12)
    point = np.array([0.1, 0.2, 0.3])
    wanted = np.append(point * 2.0, 1.0) @ turned(0.4)
    wanted = [wanted[0], -wanted[1], 5 - wanted[2]]
    assert rotation @ (point * 2000) + place == pytest.approx(np.array(wanted) * 1000)


def test_bop_counts_pixels_and_knows_what_it_does_not_know(classes):
    depth = np.full((HEIGHT, WIDTH), 2.0, np.float32)
    depth[25:] = np.inf
    depth[0, 0] = 70.0
    encoder = BopEncoder(classes)
    known = {"alone": 400, "visibility": 0.5, "alone_box": Box(40, 20, 59, 39)}
    files = list(encoder.add(shot(instance(**known), instance(), depth=depth)))
    info = json.loads(text(list(encoder.finish()), "train/000000/scene_gt_info.json"))["0"]
    assert info[0] == {
        "bbox_obj": [40, 20, 20, 20],
        "bbox_visib": [40, 20, 20, 10],
        "px_count_all": 400,
        "px_count_valid": 100,
        "px_count_visib": 200,
        "visib_fract": 0.5,
    }
    assert (info[1]["bbox_obj"], info[1]["px_count_all"], info[1]["visib_fract"]) == ([-1] * 4, -1, -1)
    pictures = {file.path: np.asarray(Image.open(BytesIO(whole(file.content)))) for file in files}
    steps = pictures["train/000000/depth/000000.png"]
    assert (steps.dtype, steps[1, 0], steps[0, 0], steps[30, 0]) == (np.uint16, 2000, 0, 0)
    assert pictures["train/000000/mask_visib/000000_000001.png"].sum() == 200 * 255


def test_each_render_product_is_a_scene(classes):
    encoder = BopEncoder(classes)
    for product in ("left", "right", "left"):
        list(encoder.add(Shot(product, "000000", (WIDTH, HEIGHT), (), camera=camera())))
    files = list(encoder.finish())
    assert list(json.loads(text(files, "train/000000/scene_camera.json"))) == ["0", "1"]
    assert json.loads(text(files, "simslate.json"))["render_products"] == {"000000": "left", "000001": "right"}


def test_bop_refuses_other_lenses(classes):
    with pytest.raises(ConfigError, match="fisheyePolynomial"):
        list(BopEncoder(classes).add(Shot("", "0", (1, 1), (), camera=camera(cameraModel="fisheyePolynomial"))))


def test_mirrored_prims_have_rotations(classes):
    mirrored = turned(0.4) @ np.diag([-1.0, 1, 1, 1])
    encoder = BopEncoder(classes)
    list(encoder.add(shot(instance(solid=solid(mirrored)))))
    pose = json.loads(text(list(encoder.finish()), "train/000000/scene_gt.json"))["0"][0]
    assert np.linalg.det(np.array(pose["cam_R_m2c"]).reshape(3, 3)) == pytest.approx(1)
