"""Arrays to file bytes: PNG, JPEG, NPY, JSON."""

import io
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .png import is_plain, png_array_bytes

if TYPE_CHECKING:
    from PIL import Image

PNG_LEVEL = 3
JPEG_QUALITY = 75
IMAGE_SUFFIXES = (".jpeg", ".jpg", ".png", ".exr")


def to_pixels(data: Any) -> NDArray[Any]:
    """An array as images have it.

    (H,W,4+) is RGBA, (H,W,3) RGB, (H,W,1) and (H,W) 8-bit grey. Wider (H,W) integers become 16-bit grey, values above
    65535 saturated, as Replicator's files are; Pillow itself no longer writes 32-bit grey.
    """
    array = np.ascontiguousarray(data)
    if array.ndim == 3:
        return array[..., 0] if array.shape[2] == 1 else array[..., :4]
    if array.dtype.kind in "iu" and array.dtype.itemsize > 1:
        return np.clip(array, 0, 65535).astype(np.uint16)
    return array


def to_image(data: Any) -> "Image.Image":
    """A Pillow image of an array."""
    from PIL import Image  # loaded when it is needed: most pictures are encoded without it

    return data if isinstance(data, Image.Image) else Image.fromarray(to_pixels(data))


def _is_image(data: Any) -> bool:
    if isinstance(data, np.ndarray):
        return False
    from PIL import Image

    return isinstance(data, Image.Image)


def png_bytes(data: Any, compress_level: int = PNG_LEVEL) -> bytes:
    """A PNG file. Levels are zlib's, up to 3 the fastest way (see ``png``)."""
    pixels = np.empty(0) if _is_image(data) else to_pixels(data)
    if is_plain(pixels):
        return png_array_bytes(pixels, compress_level)
    return image_bytes(to_image(data), "PNG", compress_level=compress_level)


def jpeg_bytes(data: Any, **options: Any) -> bytes:
    """A JPEG file; alpha is dropped."""
    image = to_image(data)
    return image_bytes(image.convert("RGB") if image.mode == "RGBA" else image, "JPEG", **options)


def image_bytes(image: "Image.Image", kind: str, **options: Any) -> bytes:
    """An image file of a kind that Pillow knows."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def npy_bytes(data: Any) -> bytes:
    """A ``.npy`` file (format 1.0). Raises ``ValueError`` for object arrays: they would need a pickle."""
    array = np.asarray(data)
    header = io.BytesIO()
    if array.dtype.hasobject or not array.flags.c_contiguous or not array.size:
        np.save(header, array, allow_pickle=False)
        return header.getvalue()
    # As np.save has it, but the array is copied once, not three times.
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(array))
    return b"".join((header.getvalue(), array.reshape(-1).view(np.uint8).data))


def json_bytes(data: Any, encoding: str = "utf-8", errors: str = "strict", **options: Any) -> bytes:
    """A JSON file: one line, ``json.dumps`` defaults, no newline at the end."""
    return json.dumps(data, **options).encode(encoding, errors)


def image_suffix(path: str) -> str:
    """The lower-case suffix of an image path. Raises ``ValueError`` for one that is no image format here."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in IMAGE_SUFFIXES:
        raise ValueError(f"Cannot write '{path}' as an image: '{suffix}' is none of {', '.join(IMAGE_SUFFIXES)}")
    return suffix
