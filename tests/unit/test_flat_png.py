"""PNG files of masks, ids and distances, read by Pillow."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from simslate.recorder.dataset.export.flat_png import flat_png, mask_png
from simslate.recorder.dataset.export.mask import Mask


def read(pieces):
    data = b"".join(pieces)
    with Image.open(BytesIO(data)) as image:
        image.verify()
    with Image.open(BytesIO(data)) as image:
        return image.mode, np.asarray(image)


SIDES = st.tuples(st.integers(1, 9), st.integers(1, 9))


@given(SIDES.flatmap(lambda sides: arrays(np.uint8, sides)))
def test_bytes_are_grey(pixels):
    mode, found = read(flat_png(pixels))
    assert mode == "L"
    assert (found == pixels).all()


@given(SIDES.flatmap(lambda sides: arrays(np.uint16, sides)))
def test_two_bytes_are_grey_too(pixels):
    mode, found = read(flat_png(pixels))
    assert mode == "I;16"
    assert (found == pixels).all()


@pytest.mark.parametrize(("channels", "mode"), [(3, "RGB"), (4, "RGBA")])
def test_colours_need_not_lie_side_by_side(channels, mode):
    pixels = np.arange(5 * 7 * 4, dtype=np.uint8).reshape(5, 7, 4)[::-1, :, :channels]
    assert read(flat_png(pixels))[0] == mode
    assert (read(flat_png(pixels))[1] == pixels).all()


def test_a_mask_is_255_in_a_picture_of_its_own_size():
    image = np.zeros((6, 9), bool)
    image[2:4, 3:8] = True
    image[3, 4] = False
    mode, found = read(mask_png(Mask.of(image)))
    assert mode == "L"
    assert (found == image * 255).all()
