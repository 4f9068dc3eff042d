"""Pictures: encoded once for all who ask, the newest only, masks without loss."""

import asyncio
import io

import numpy as np
import pytest
from PIL import Image

from kitless.browser import pictures as module
from kitless.browser.pictures import Pictures, is_picture


@pytest.fixture
def pictures():
    found = Pictures()
    yield found
    found.close()


def mask(value=9):
    return np.full((24, 32, 4), (value, 90, 200, 255), np.uint8)


def test_all_who_ask_share_one_encoding(pictures, monkeypatch):
    encoded = []
    original = module._encode
    monkeypatch.setattr(module, "_encode", lambda pixels: encoded.append(pixels[0, 0, 0]) or original(pixels))
    for value in range(5):
        pictures.show("a", mask(value))

    async def ask():
        return await asyncio.gather(*(pictures.get("a") for _ in range(4)))

    found = asyncio.run(ask())
    assert encoded == [4]
    assert all(each is found[0] for each in found)


def test_a_mask_is_kept_exactly(pictures):
    pictures.show("a", mask())
    data, media_type = asyncio.run(pictures.get("a"))
    assert media_type == "image/png"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), mask()[..., :3])


def test_a_photograph_is_a_jpeg_and_transparency_is_kept(pictures):
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 4), np.uint8)
    pictures.show("clear", noise)
    assert asyncio.run(pictures.get("clear"))[1] == "image/png"
    opaque = noise.copy()
    opaque[..., 3] = 255
    pictures.show("opaque", opaque)
    assert asyncio.run(pictures.get("opaque"))[1] == "image/jpeg"


def test_a_version_is_that_of_the_pixels(pictures):
    pixels = mask()
    first = pictures.show("a", pixels)
    assert pictures.show("a", pixels) == first
    assert pictures.show("a", mask()) > first
    pictures.forget("a")
    assert asyncio.run(pictures.get("a")) is None


def test_only_image_files_are_pictures(tmp_path):
    for name in ("secret.txt", "icon.png", "drawing.SVG"):
        (tmp_path / name).write_bytes(b"<svg/>")
    assert [is_picture(tmp_path / name) for name in ("secret.txt", "icon.png", "drawing.SVG", "no.png")] == [
        False,
        True,
        True,
        False,
    ]
