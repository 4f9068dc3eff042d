"""Pictures of more than eight bits: Radiance's .hdr, and .exr through the OpenEXR package."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIZE = re.compile(rb"-Y (\d+) \+X (\d+)\n")
_MARKS = (b"#?RADIANCE", b"#?RGBE")
_EXR = b"\x76\x2f\x31\x01"
_SHORTEST, _LONGEST = 8, 32767
"""Widths that rows may be run-length encoded at."""


def is_float_picture(data: bytes) -> bool:
    """Whether a file's content is a .hdr or .exr picture."""
    return data.startswith((*_MARKS, _EXR))


def read_float_picture(data: bytes) -> NDArray[np.float32]:
    """Return linear (H, W, 3) float32, first row on top, of a .hdr or .exr file's content.

    Raises ValueError for one that cannot be read, ImportError where OpenEXR is needed and absent.
    """
    return _read_exr(data) if data.startswith(_EXR) else _read_hdr(data)


def _read_hdr(data: bytes) -> NDArray[np.float32]:
    """Decode Radiance's picture format: four bytes a pixel, three mantissas and a shared exponent."""
    header, blank, _ = data.partition(b"\n\n")
    size = _SIZE.match(data, len(header) + 2)
    if not blank or not size:
        raise ValueError("a .hdr picture whose size is not given as '-Y height +X width'")
    if b"FORMAT=32-bit_rle_xyze" in header:
        raise ValueError("a .hdr picture in XYZE, only RGBE is read")
    height, width = int(size[1]), int(size[2])
    rgbe = _rows(np.frombuffer(data, np.uint8, offset=size.end()), height, width)
    # 2^(e - 136): mantissas are fractions of 256, exponents are biased by 128. An exponent of 0 is black.
    factor = np.where(rgbe[..., 3:] > 0, np.ldexp(np.float32(1), rgbe[..., 3:].astype(np.int32) - 136), 0)
    return (rgbe[..., :3] * factor).astype(np.float32)


def _rows(data: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    encoded = _SHORTEST <= width <= _LONGEST and tuple(data[:4]) == (2, 2, width >> 8, width & 255)
    if not encoded:
        if len(data) < height * width * 4:
            raise ValueError(f"a .hdr picture of {width} x {height} that ends early")
        return data[: height * width * 4].reshape(height, width, 4)
    out, place = np.empty((height, 4, width), np.uint8), 0
    stream = data.tobytes()
    for row in range(height):
        if stream[place : place + 4] != bytes((2, 2, width >> 8, width & 255)):
            raise ValueError(f"a .hdr picture whose row {row} does not begin as a row does")
        place = _row(stream, place + 4, out[row])
    return np.ascontiguousarray(out.transpose(0, 2, 1))


def _row(stream: bytes, place: int, out: NDArray[np.uint8]) -> int:
    """Fill (4, width) from a run-length encoded row; return where the next one begins."""
    flat, done = out.reshape(-1), 0
    while done < len(flat):
        count = stream[place] if place < len(stream) else 0
        run = count - 128 if count > 128 else count
        here = stream[place + 1 : place + 2] if count > 128 else stream[place + 1 : place + 1 + run]
        if not run or done + run > len(flat) or len(here) < (1 if count > 128 else run):
            raise ValueError("a .hdr picture whose run-length encoding is broken")
        flat[done : done + run] = np.frombuffer(here, np.uint8)
        done, place = done + run, place + 1 + len(here)
    return place


def _read_exr(data: bytes) -> NDArray[np.float32]:
    try:
        import OpenEXR
    except ImportError as error:
        raise ImportError("an EXR picture needs the OpenEXR package: pip install 'simslate[exr]'") from error
    # The package reads files by name only.
    handle, name = tempfile.mkstemp(suffix=".exr")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        with OpenEXR.File(name, separate_channels=True) as picture:
            channels = {key: np.asarray(channel.pixels, np.float32) for key, channel in picture.channels().items()}
    except RuntimeError as error:
        raise ValueError(f"not readable as EXR: {error}") from error
    finally:
        Path(name).unlink()
    grey = channels.get("Y")
    planes = [channels.get(key, grey) for key in "RGB"]
    found = [plane for plane in planes if plane is not None]
    if len(found) < 3:
        raise ValueError(f"an EXR picture with channels {', '.join(sorted(channels))}, neither R, G, B nor Y")
    return np.stack(found, axis=2)
