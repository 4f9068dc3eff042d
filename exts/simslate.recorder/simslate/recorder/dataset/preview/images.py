"""Pictures at the size of a page, encoded as text."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Size = tuple[int, int]
"""Width and height."""
_QUALITY = 80
_GROUND = (58, 62, 70)
"""What shines through where a picture is transparent."""
_NEAR_TO_FAR = ((255, 244, 196), (255, 190, 84), (226, 92, 74), (122, 48, 110), (28, 22, 66))
"""The colours of distances."""
_STEPS = 255
"""How many shades there are of them: as many as a byte has beside the 0 of what is infinitely far."""


def shrunk(size: Size, width: int) -> Size:
    """Return ``size`` at no more than ``width``, proportions kept."""
    if size[0] <= width:
        return size
    return width, max(1, round(size[1] * width / size[0]))


def photo(pixels: NDArray[Any], width: int) -> str:
    """Return uint8 pixels, (H,W) or (H,W,C), as a JPEG."""
    image = Image.fromarray(pixels)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    size = shrunk(image.size, width)
    if size != image.size:
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", size, (*_GROUND, 255)), image)
    return _jpeg(image.convert("RGB"))


def distances(metres: NDArray[Any], width: int) -> tuple[str, str]:
    """Return distances (H,W) as a JPEG, near is bright, and what its ends are. What is infinitely far is black."""
    metres = sampled(metres.astype(np.float64, copy=False), width)
    finite = np.isfinite(metres) & (metres > 0)
    if not finite.any():
        return _jpeg(Image.new("RGB", metres.shape[::-1])), "nothing hit"
    near, far = float(metres[finite].min()), float(metres[finite].max())
    place = np.log(np.where(finite, metres, near) / near) / max(np.log(far / near), 1e-9)
    steps = np.where(finite, 1 + place * (_STEPS - 1), 0).astype(np.uint8)
    return _jpeg(Image.fromarray(np.take(_distance_colours(), steps, axis=0))), f"{near:.3g} to {far:.3g} m"


@cache
def _distance_colours() -> NDArray[np.uint8]:
    """(256, 3): black for what is infinitely far, then from near to far."""
    stops = np.linspace(0, _STEPS - 1, len(_NEAR_TO_FAR))
    planes = [np.interp(np.arange(_STEPS), stops, [each[channel] for each in _NEAR_TO_FAR]) for channel in range(3)]
    return np.concatenate([np.zeros((1, 3)), np.stack(planes, axis=-1)]).astype(np.uint8)


def motion(vectors: NDArray[Any], width: int) -> tuple[str, str]:
    """Return motion (H,W,2 or more) as a JPEG, direction is hue and speed is brightness, and its largest speed."""
    vectors = np.nan_to_num(sampled(vectors, width)[..., :2].astype(np.float64))
    speed = np.hypot(vectors[..., 0], vectors[..., 1])
    largest = float(speed.max()) if speed.size else 0.0
    hue = np.arctan2(vectors[..., 1], vectors[..., 0]) / (2 * np.pi) % 1 * 255
    planes = (hue, np.full_like(hue, 200), speed / max(largest, 1e-6) * 255)
    image = Image.merge("HSV", [Image.fromarray(plane.astype(np.uint8)) for plane in planes])
    return _jpeg(image.convert("RGB")), f"up to {largest:.3g} px"


def index_image(indexes: NDArray[Any]) -> str:
    """Return small whole numbers (H,W) as a PNG: grey, or red + 256 green if there are more than grey has."""
    if indexes.size and int(indexes.max()) > 255:
        planes = [indexes & 255, indexes >> 8, np.zeros_like(indexes)]
        return _encoded(Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8)), "PNG")
    return _encoded(Image.fromarray(indexes.astype(np.uint8)), "PNG")


def sampled(array: NDArray[Any], width: int) -> NDArray[Any]:
    """Return evenly spread rows and columns of ``array`` (H,W,...), so that nothing is mixed."""
    height, full = array.shape[:2]
    if not height or not full:
        return array
    small = shrunk((full, height), width)
    rows = (np.arange(small[1]) * 2 + 1) * height // (2 * small[1])
    columns = (np.arange(small[0]) * 2 + 1) * full // (2 * small[0])
    found: NDArray[Any] = array[rows[:, None], columns]
    return found


def _jpeg(image: Image.Image) -> str:
    return _encoded(image, "JPEG", quality=_QUALITY)


def _encoded(image: Image.Image, kind: str, **options: Any) -> str:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return b64encode(buffer.getvalue()).decode("ascii")
