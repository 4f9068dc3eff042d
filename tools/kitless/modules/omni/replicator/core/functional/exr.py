"""OpenEXR files, with the OpenEXR library's own Python module (an extra)."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHANNELS = {1: "Y", 3: "RGB", 4: "RGBA"}
"""The channel group of an image with so many channels."""


def library() -> Any:
    """The OpenEXR module. Raises ``ImportError`` with the install line where it is absent."""
    try:
        import OpenEXR
    except ImportError as error:
        raise ImportError("EXR files need the OpenEXR package: pip install 'simslate[exr]'") from error
    return OpenEXR


def to_linear(data: NDArray[Any]) -> NDArray[np.float32]:
    """Floats as they are; 8-bit pictures as linear light 0…1, which is what EXR viewers expect. Alpha stays linear."""
    if data.dtype != np.uint8:
        return data.astype(np.float32)
    value: NDArray[np.float32] = data.astype(np.float32) / np.float32(255)
    colour = value[..., :3] if data.ndim == 3 and data.shape[2] > 1 else value
    # The sRGB transfer function (IEC 61966-2-1), inverted.
    colour[...] = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return value


def exr_bytes(data: Any, half_precision: bool = False) -> bytes:
    """An EXR file of (H,W) or (H,W,1|3|4), float32 or float16, ZIP compressed (lossless)."""
    openexr = library()
    pixels = to_linear(np.asarray(data)).astype(np.float16 if half_precision else np.float32)
    count = pixels.shape[2] if pixels.ndim == 3 else 1
    if count not in CHANNELS:
        raise ValueError(f"An EXR image has 1, 3 or 4 channels, not {count}")
    pixels = np.ascontiguousarray(pixels[..., 0] if pixels.ndim == 3 and count == 1 else pixels)
    header = {"compression": openexr.ZIP_COMPRESSION, "type": openexr.scanlineimage}
    buffer = io.BytesIO()
    openexr.File(header, {CHANNELS[count]: pixels}).write(buffer)
    return buffer.getvalue()


def exr_array(data: bytes) -> NDArray[Any]:
    """The pixels of an EXR file: (H,W) or (H,W,3|4)."""
    channels = library().File(io.BytesIO(data)).channels()
    if len(channels) != 1:
        raise ValueError(f"Not one group of channels but {sorted(channels)}")
    pixels: NDArray[Any] = next(iter(channels.values())).pixels
    return pixels
