"""A file of an export, and what goes into it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Content: TypeAlias = bytes | Path | Iterable[bytes]
"""All of it, the file it is a copy of, or its pieces one after the other, which may be made as they are asked for."""


@dataclass(frozen=True, eq=False)
class File:
    """One file."""

    path: str
    """POSIX, relative to the export's folder."""

    content: Content


def png(pixels: NDArray[Any]) -> bytes:
    """Return uint8 (H,W) or (H,W,C), or uint16 (H,W), as a PNG."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def picture_file(path: str, picture: NDArray[Any] | Path) -> File:
    """Return a shot's picture as the file ``path``, to which the extension is added."""
    if isinstance(picture, Path):
        return File(f"{path}{picture.suffix.lower()}", picture)
    return File(f"{path}.png", png(np.asarray(picture)))


def picture_suffix(picture: NDArray[Any] | Path | None) -> str:
    """Return the extension that ``picture_file`` gives."""
    return picture.suffix.lower() if isinstance(picture, Path) else ".png"


def json_bytes(value: Any) -> bytes:
    """Return ``value`` as a JSON file."""
    return json.dumps(value, indent=1).encode("ascii") + b"\n"


def json_pieces(values: Iterable[tuple[str, Any]]) -> Iterator[bytes]:
    """Yield a JSON object piece by piece; iterators in it become lists that are never in memory as a whole."""
    opening = b"{"
    for name, value in values:
        yield opening + json.dumps(name).encode("ascii") + b": "
        yield from _list_pieces(value) if isinstance(value, Iterator) else [json.dumps(value).encode("ascii")]
        opening = b",\n"
    yield b"{}\n" if opening == b"{" else b"}\n"


def _list_pieces(values: Iterable[Any]) -> Iterator[bytes]:
    ending = b"[\n"
    for value in values:
        yield ending + json.dumps(value).encode("ascii")
        ending = b",\n"
    yield b"[]" if ending[:1] == b"[" else b"]"
