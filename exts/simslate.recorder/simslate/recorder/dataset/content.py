"""What is in a file: read once, hashed and decoded from memory."""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .json_file import Flaw, read_json

_CHUNK = 1 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
_EXR = b"\x76\x2f\x31\x01"
_HEADERS = threading.Lock()
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)
"""What Pillow raises for a file that is none of its kind, or only the beginning of one."""


@dataclass(frozen=True)
class Picture:
    """A decoded picture."""

    mode: str
    """Pillow's: RGBA, RGB, L, or I;16 for ids."""

    pixels: NDArray[Any]
    """(H,W) or (H,W,C)."""


@dataclass(frozen=True)
class Content:
    """One file as it was read."""

    value: Any
    """A ``Picture``, an array, what JSON says, or None for what has no decoder or cannot be decoded."""

    sha256: str | None
    flaws: tuple[Flaw, ...] = ()


def read_content(path: Path, *, hashed: bool) -> Content:
    """Read the file at ``path``. Raises nothing: what goes wrong is among the flaws."""
    decode = _DECODERS.get(path.suffix.lower())
    try:
        if decode is None:
            return Content(None, _hash_of(path) if hashed else None)
        data = path.read_bytes()
    except OSError as error:
        return Content(None, None, (("unreadable", f"cannot be read: {error.strerror or error}"),))
    value, flaws = decode(data)
    return Content(value, hashlib.sha256(data).hexdigest() if hashed else None, tuple(flaws))


def picture_size(path: Path) -> tuple[int, int] | None:
    """Return width and height of a picture or an array of (H,W) or (H,W,C), by its header; None for anything else."""
    try:
        if path.suffix == ".npy":
            with path.open("rb") as file:
                shape = _read_header(file)[0]
            return (shape[1], shape[0]) if len(shape) in (2, 3) else None
        with Image.open(path) as image:
            return image.size
    except _BROKEN:
        return None


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _unreadable(text: object) -> tuple[None, list[Flaw]]:
    return None, [("unreadable", f"cannot be decoded: {text}")]


def _picture(data: bytes) -> tuple[Picture | None, list[Flaw]]:
    broken = _broken_png(data) if data.startswith(_PNG) else None
    if broken is not None:
        return _unreadable(broken)
    try:
        with Image.open(BytesIO(data)) as image:
            image.load()
            return Picture(image.mode, np.asarray(image)), []
    except _BROKEN as error:
        return _unreadable(error)


def _broken_png(data: bytes) -> str | None:
    """Return what is wrong with a PNG's chunks. Pillow lets wrong checksums of pixels pass."""
    place = len(_PNG)
    while place + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            break
        if zlib.crc32(memoryview(data)[place + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            return f"the checksum of the chunk at byte {place} is wrong"
        if name == b"IEND":
            return None
        place = end
    return "the file ends too early"


def _exr(data: bytes) -> tuple[None, list[Flaw]]:
    return (None, []) if data.startswith(_EXR) else _unreadable("it is no EXR file")


def _read_header(file: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(version)
    if read is None:
        raise ValueError(f"version {version} of the format is not known")
    # numpy parses headers as Python, and Python 3.11's parser makes its trees for one thread at a time only.
    with _HEADERS:
        shape, by_column, dtype = read(file)
    return shape, by_column, dtype


def _array(data: bytes) -> tuple[NDArray[Any] | None, list[Flaw]]:
    """Decode an array without believing its header: nothing is unpickled, and no memory taken that is not there."""
    file = BytesIO(data)
    try:
        shape, by_column, dtype = _read_header(file)
    except _BROKEN as error:
        return _unreadable(error)
    if dtype.hasobject:
        return _unreadable("it holds Python objects")
    count = 1
    for side in shape:
        count *= side
    there, wanted = len(data) - file.tell(), count * dtype.itemsize
    if there != wanted:
        return _unreadable(f"it has {there} bytes of data; {dtype} of shape {shape} takes {wanted}")
    values = np.frombuffer(data, dtype, count, file.tell()) if wanted else np.empty(count, dtype)
    return values.reshape(shape, order="F" if by_column else "C"), []


_DECODERS = {
    ".png": _picture,
    ".jpg": _picture,
    ".jpeg": _picture,
    ".exr": _exr,
    ".npy": _array,
    ".json": read_json,
}
