"""Masks as data sets hold them: run lengths against a decoder of its own and pycocotools, outlines against areas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco

from simslate.recorder.dataset.export.mask import Box, Mask, masks
from simslate.recorder.dataset.export.polygon import area, joined, polygons, rings
from simslate.recorder.dataset.export.rle import column_counts, compress, encode

images = arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))).filter(np.any)


def decoded(counts, shape):
    """The slow way: lengths in turn, down the columns."""
    flat, value = [], False
    for count in counts:
        flat += [value] * int(count)
        value = not value
    flat += [False] * (shape[0] * shape[1] - len(flat))
    return np.array(flat, bool).reshape(shape[1], shape[0]).T


def drawn(text):
    """A picture from rows of text, # for what is inside."""
    return np.array([[character == "#" for character in row] for row in text.split()])


@given(images)
def test_run_lengths_decode_to_the_mask(image):
    counts = column_counts(Mask.of(image))
    assert (counts[1:] > 0).all()
    assert np.array_equal(decoded(counts, image.shape), image)


@given(images)
def test_the_text_is_the_one_of_pycocotools(image):
    wanted = coco.encode(np.asfortranarray(image.astype(np.uint8)))
    assert encode(Mask.of(image)) == {"size": list(image.shape), "counts": wanted["counts"].decode()}


@given(st.lists(st.integers(0, 1 << 30), min_size=1, max_size=12))
def test_large_counts_are_the_text_of_pycocotools(counts):
    found = coco.frPyObjects([{"size": [1 << 20, 1 << 14], "counts": counts}], 1 << 20, 1 << 14)[0]
    assert compress(np.array(counts)) == found["counts"].decode()


@given(arrays(np.uint32, (6, 7), elements=st.integers(0, 3)))
def test_each_number_has_its_pixels_its_box_and_its_crop(codes):
    found = dict(masks(codes))
    assert sorted(found) == np.unique(codes).tolist()
    for code, mask in found.items():
        rows, columns = np.nonzero(codes == code)
        box = Box(columns.min(), rows.min(), columns.max(), rows.max())
        assert mask.box == box
        assert mask.pixels == len(rows)
        crop = (codes == code)[box.y_min : box.y_max + 1, box.x_min : box.x_max + 1]
        assert np.array_equal(mask.crop, crop)


def test_a_box_of_one_pixel_is_one_wide():
    assert Box(4, 5, 4, 5).xywh == [4, 5, 1, 1]


def test_nothing_is_in_a_picture_of_no_size():
    assert list(masks(np.empty((0, 4), np.uint32))) == []


@settings(max_examples=300)
@given(images)
def test_outlines_have_the_area_of_the_pixels(image):
    found = polygons(Mask.of(image))
    assert sum(map(area, found)) == image.sum()
    assert area(joined(found)) == image.sum()


@settings(max_examples=300)
@given(images)
def test_outlines_hold_the_middles_of_their_pixels_only(image):
    parts = polygons(Mask.of(image))
    inside = np.zeros(image.shape, int)
    for part in parts:
        for y, x in np.ndindex(image.shape):
            inside[y, x] += crossings(part, x + 0.5, y + 0.5) % 2
    assert np.array_equal(inside, image.astype(int))


def crossings(ring, x, y):
    ends = np.roll(ring, -1, axis=0)
    return sum(
        1
        for (x0, y0), (x1, y1) in zip(ring.tolist(), ends.tolist(), strict=True)
        if (y0 > y) != (y1 > y) and x0 + (y - y0) / (y1 - y0) * (x1 - x0) > x
    )


@pytest.mark.parametrize(
    ("text", "outer", "holes"),
    [
        ("##", 1, 0),
        ("#.# ... #.#", 4, 0),
        ("#. .#", 2, 0),
        (".# #.", 2, 0),
        ("### #.# ###", 1, 1),
        ("##### #...# #.#.# #...# #####", 2, 1),
        ("##### #.#.# #####", 1, 2),
        ("#### #.## ##.# ####", 1, 1),
    ],
)
def test_parts_and_holes_are_told_apart(text, outer, holes):
    found = rings(Mask.of(drawn(text)))
    assert (len(found[0]), len(found[1])) == (outer, holes)
    assert all(area(ring) > 0 for ring in found[0])
    assert all(area(ring) < 0 for ring in found[1])


def test_a_rectangle_is_its_four_corners():
    image = np.zeros((6, 9), bool)
    image[2:4, 3:8] = True
    assert polygons(Mask.of(image))[0].tolist() == [[3, 2], [8, 2], [8, 4], [3, 4]]
