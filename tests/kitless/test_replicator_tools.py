"""rep.tools: pictures of data, against closed forms and pycocotools."""

import colorsys
import hashlib

import numpy as np
import pytest
from pycocotools import mask as coco

from omni.replicator.core import tools


def test_distances_are_logarithmic_between_near_and_far():
    picture = tools.colorize_distance(np.array([[1.0, 10.0, 100.0, np.inf]]), near=1.0, far=100.0)
    assert picture.dtype == np.uint8
    assert picture.tolist() == [[255, 127, 0, 0]]
    fitted = tools.colorize_distance(np.array([[2.0, 20.0, 200.0, np.inf]]), near=None, far=None)
    assert fitted.tolist() == [[255, 127, 0, 0]]
    assert tools.colorize_distance(np.full((2, 2), np.inf)).tolist() == [[0, 0], [0, 0]]


def test_normals_are_spread_over_the_bytes():
    assert tools.colorize_normals(np.array([[[0.0, 1.0, -1.0, 1.0]]])).tolist() == [[[127, 255, 0, 255]]]


def test_motion_is_a_hue_and_a_brightness():
    motion = np.zeros((1, 9, 4), np.float32)
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    motion[0, :8, 0], motion[0, :8, 1] = 3 * np.cos(angles), 3 * np.sin(angles)
    picture = tools.colorize_motion_vector(motion)
    expected = [[int(255 * c + 1e-6) for c in colorsys.hsv_to_rgb(i / 8, 1, 1)] for i in range(8)]
    assert np.abs(picture[0, :8, :3].astype(int) - expected).max() <= 1
    assert picture[0, 8].tolist() == [0, 0, 0, 255]


def test_masks_are_coloured_with_and_without_a_mapping():
    ids = np.array([[0, 2], [3, 3]], np.uint32)
    labels = {"0": {"class": "BACKGROUND"}, "2": {"class": "Car"}, "3": {"class": "tree", "kind": "oak"}}
    picture, palette, numbers = tools.colorize_segmentation(ids, labels)
    assert picture[0, 0].tolist() == [0, 0, 0, 0]
    assert palette.shape == (3, 4)
    for place in ((0, 0), (0, 1), (1, 1)):
        assert numbers[tuple(picture[place].tolist())] == ids[place]
    mapped = tools.colorize_segmentation(ids, labels, mapping={"car": (9, 8, 7), "kind:OAK": (1, 2, 3, 4)})
    assert mapped[0, 1].tolist() == [9, 8, 7, 255]
    assert mapped[1, 0].tolist() == [1, 2, 3, 4]
    assert mapped[0, 0].tolist() == [0, 0, 0, 0]


def test_boxes_are_drawn_where_they_are():
    row = np.zeros(1, [("semanticId", "<u4"), *((n, "<i4") for n in ("x_min", "y_min", "x_max", "y_max"))])
    row["x_min"], row["y_min"], row["x_max"], row["y_max"] = 2, 3, 6, 5
    drawn = tools.colorize_bbox_2d(np.zeros((8, 10, 4), np.uint8), row)
    expected = np.zeros((8, 10), bool)
    expected[3:6, 2:7] = True
    expected[4, 3:6] = False
    assert np.array_equal(drawn.any(axis=2), expected)
    with pytest.raises(NotImplementedError, match="colorize_bbox_2d"):
        tools.colorize_bbox_2d(drawn, row, draw_rotated_boxes=True)


def test_colours_are_distinct_and_repeat():
    colours = tools.random_colours(50, enable_random=False)
    assert len(np.unique(colours, axis=0)) == 50
    assert tuple(colours[7]) == tools.random_colours_id(7)
    assert tools.random_colours(3, num_channels=3, start=5, enable_random=False).tolist() == [
        list(tools.random_colours_id(number, 3)) for number in (5, 6, 7)
    ]
    shuffled = tools.random_colours(50)
    assert {tuple(c) for c in shuffled} == {tuple(c) for c in colours}
    assert np.array_equal(shuffled, tools.random_colours(50))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # pycocotools' own
@pytest.mark.parametrize("first", [0, 1])
def test_run_lengths_are_coco(first):
    mask = np.random.default_rng(3).random((7, 5)) < 0.4
    mask[0, 0] = first
    found = tools.binary_mask_to_rle(mask)
    assert np.array_equal(coco.decode(coco.frPyObjects(found, *mask.shape)), mask)


def test_a_texts_colour_comes_from_its_hash():
    digest = hashlib.sha256(b"cube").digest()
    values = np.array([(byte + 1) * 33 % 255 for byte in digest[:3]])
    expected = np.minimum(values * (128 / values.mean()), 255).astype(int)
    assert tools.data_to_colour("cube") == tuple(expected)
    assert tools.data_to_colour("cube") != tools.data_to_colour("sphere")
