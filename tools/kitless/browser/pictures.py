"""Pictures: pixels in, encoded when a tab asks, once for all tabs. What nobody asked for in time is never encoded."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Encoded = tuple[bytes, str]
"""Bytes and their media type."""

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".svg"}
"""Image files that widgets may show."""
_SVG = ".svg"
_MANY_COLOURS = 256
_JPEG_QUALITY = 88


@dataclass
class _Picture:
    version: int
    encode: Callable[[], Encoded]
    task: asyncio.Future[Encoded] | None = None


class Pictures:
    """The newest picture of each key. `show` is for the app's thread, the rest for the server's."""

    def __init__(self) -> None:
        self._pictures: dict[str, _Picture] = {}
        self._versions = 0
        self._sources: dict[str, Any] = {}
        self._encoder = ThreadPoolExecutor(1, "kitless-pictures")

    def close(self) -> None:
        """End the encoder's thread."""
        self._encoder.shutdown(wait=True, cancel_futures=True)

    def show(self, key: str, source: NDArray[np.uint8] | Path) -> int:
        """Make ``source``, pixels (H, W, 4) uint8 RGBA that nobody writes to or a file, the picture of that key.

        Returns its version; the same source has the same one.
        """
        known = self._pictures.get(key)
        # Kept by the array itself, not its id, which could become that of another one.
        if known is not None and _same(self._sources.get(key), source):
            return known.version
        self._versions += 1
        self._sources[key] = source
        encode = (lambda: _read(source)) if isinstance(source, Path) else (lambda: _encode(source))
        # One assignment: the server's thread sees the old picture or the new one.
        self._pictures[key] = _Picture(self._versions, encode)
        return self._versions

    def forget(self, key: str) -> None:
        """Drop the pictures of a widget."""
        for each in (key, icon_key(key)):
            self._pictures.pop(each, None)
            self._sources.pop(each, None)

    async def get(self, key: str) -> Encoded | None:
        """Return the newest picture of that key, encoded."""
        picture = self._pictures.get(key)
        if picture is None:
            return None
        if picture.task is None:
            loop = asyncio.get_running_loop()
            picture.task = asyncio.ensure_future(loop.run_in_executor(self._encoder, picture.encode))
        # The first tab may go away while others wait for the same bytes.
        return await asyncio.shield(picture.task)


def icon_key(key: str) -> str:
    """Return the key of the picture on a widget that shows something else too."""
    return f"{key}-icon"


def is_picture(path: Path) -> bool:
    """Return whether a widget may show that file."""
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _same(old: Any, new: Any) -> bool:
    return old == new if isinstance(old, Path) and isinstance(new, Path) else old is new


def _read(path: Path) -> Encoded:
    data = path.read_bytes()
    if path.suffix.lower() == _SVG:
        return data, "image/svg+xml"
    with Image.open(io.BytesIO(data)) as image:
        return data, Image.MIME.get(image.format or "", "application/octet-stream")


def _encode(pixels: NDArray[np.uint8]) -> Encoded:
    """Masks as PNG, sharp and small; what has many colours, as photographs have, as JPEG, which is faster."""
    buffer = io.BytesIO()
    is_opaque = bool((pixels[..., 3] == 255).all())
    image = Image.fromarray(pixels)
    if is_opaque:
        image = image.convert("RGB")
    if is_opaque and _colours(pixels[::8, ::8]) > _MANY_COLOURS:
        image.save(buffer, "JPEG", quality=_JPEG_QUALITY)
        return buffer.getvalue(), "image/jpeg"
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue(), "image/png"


def _colours(pixels: NDArray[np.uint8]) -> int:
    return len(np.unique(np.ascontiguousarray(pixels).view(np.uint32)))
