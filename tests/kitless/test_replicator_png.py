"""PNG files: Pillow, an independent decoder, reads back what was written."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from omni.replicator.core.functional.encode import png_bytes

SHAPES = [(1, 1), (1, 7), (5, 1), (3, 5), (48, 65)]


def read(data):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.mode, np.asarray(image)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("level", [0, 1, 3, 6, 9])
@pytest.mark.parametrize(
    ("channels", "dtype", "mode"),
    [((), np.uint8, "L"), ((), np.uint16, "I;16"), ((3,), np.uint8, "RGB"), ((4,), np.uint8, "RGBA")],
)
def test_every_kind_is_read_back(shape, level, channels, dtype, mode):
    pixels = np.random.default_rng(1).integers(0, np.iinfo(dtype).max + 1, shape + channels, dtype)
    found, values = read(png_bytes(pixels, level))
    assert found == mode
    assert np.array_equal(values, pixels)


def test_pixels_need_not_lie_in_order():
    pixels = np.random.default_rng(2).integers(0, 256, (9, 14, 6), np.uint8)
    assert np.array_equal(read(png_bytes(pixels[::2, ::-1]))[1], pixels[::2, ::-1, :4])
    assert np.array_equal(read(png_bytes(pixels[..., :1]))[1], pixels[..., 0])


def test_wide_ids_saturate():
    assert read(png_bytes(np.array([[0, 1, 65535, 65536, 2**31]], np.uint32)))[1].tolist() == [
        [0, 1, 65535, 65535, 65535]
    ]


def test_the_same_picture_gives_the_same_bytes_and_sound_checksums():
    pixels = np.random.default_rng(3).integers(0, 256, (31, 17, 4), np.uint8)
    data = png_bytes(pixels)
    assert data == png_bytes(pixels.copy())
    at = 8
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        (check,) = struct.unpack_from(">I", data, at + 8 + size)
        assert check == zlib.crc32(data[at + 4 : at + 8 + size])
        at += 12 + size


def test_what_png_cannot_hold_is_refused():
    with pytest.raises((TypeError, OSError)):
        png_bytes(np.zeros((4, 4), np.float64))
