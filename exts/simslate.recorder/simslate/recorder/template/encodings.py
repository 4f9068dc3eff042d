"""How files are encoded: what each encoding takes, and its bytes."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import ConfigError

PNG_LEVEL = 3
JPEG_QUALITY = 95


@dataclass(frozen=True)
class Encoding:
    """One way to write a file."""

    suffixes: tuple[str, ...]
    """What its files' names may end with; any but those of others for ()."""

    takes: tuple[str, ...]
    """The kinds of sources that it can hold."""

    each: tuple[str, ...]
    """What there may be one file for."""

    help: str
    encode: Callable[[Any], bytes] | None
    """Turns what ``making`` gives into bytes; None if the host does that."""


def _image(array: NDArray[Any], kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(array)).save(buffer, kind, **options)
    return buffer.getvalue()


def _png(array: NDArray[Any]) -> bytes:
    return _image(array, "PNG", compress_level=PNG_LEVEL)


def _jpg(array: NDArray[Any]) -> bytes:
    return _image(array[..., :3], "JPEG", quality=JPEG_QUALITY)


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    save: Any = np.savez_compressed
    save(buffer, **arrays)
    return buffer.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, allow_nan=False).encode()


def _jsonl(values: Sequence[Any]) -> bytes:
    return "".join(f"{json.dumps(value, allow_nan=False)}\n" for value in values).encode()


def _txt(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


_PICTURE, _TABLE = ("frame",), ("frame", "instance", "class", "end")
_NUMBERS = ("ids", "mask", "colour", "float", "points", "rows", "any")

ENCODINGS: Mapping[str, Encoding] = MappingProxyType(
    {
        "png8": Encoding(
            (".png",), ("ids", "float", "any"), ("frame", "instance", "class"), "grey PNG, 8 bits: values to 255", _png
        ),
        "png16": Encoding((".png",), ("ids", "float", "any"), _PICTURE, "grey PNG, 16 bits: values to 65,535", _png),
        "rgba": Encoding((".png",), ("colour", "mask", "any"), _PICTURE, "PNG in colours, with alpha", _png),
        "jpg": Encoding((".jpg", ".jpeg"), ("colour", "any"), _PICTURE, "JPEG, quality 95: lossy", _jpg),
        "exr": Encoding((".exr",), ("float", "colour", "any"), _PICTURE, "OpenEXR, 32-bit floats", None),
        "npy": Encoding((".npy",), _NUMBERS, _PICTURE, "the array as numpy saves it", _npy),
        "npz": Encoding((".npz",), _NUMBERS, _PICTURE, "several arrays in one file, compressed", _npz),
        "json": Encoding((".json",), ("ids", "rows", "data", "any"), _TABLE, "one JSON value", _json),
        "jsonl": Encoding(
            (".jsonl", ".ndjson"), ("ids", "rows", "data", "any"), _TABLE, "a JSON value per line", _jsonl
        ),
        "txt": Encoding((), ("ids", "rows", "data"), _TABLE, "a line of text per row", _txt),
    }
)
TABLES = ("json", "jsonl", "txt")


def grey(array: NDArray[Any], encoding: str, scale: float | None) -> NDArray[Any]:
    """Return an image (H, W) as the uint8 or uint16 of png8 and png16.

    Numbers that are no whole ones are multiplied by ``scale`` and rounded; what is not finite becomes 0. ConfigError
    for values that do not fit, which are never cut.
    """
    wanted: Any = np.uint8 if encoding == "png8" else np.uint16
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.ndim != 2:
        raise ConfigError(f"{encoding} holds one number per pixel, not {array.shape}")
    if scale is not None:
        scaled = np.rint(np.where(np.isfinite(array), array, 0).astype(np.float64) * scale)
    elif array.dtype.kind in "iub":
        scaled = array
    else:
        raise ConfigError(f'{encoding} holds whole numbers, not {array.dtype}; give a "scale"')
    largest = int(np.iinfo(wanted).max)
    low, high = (int(scaled.min()), int(scaled.max())) if scaled.size else (0, 0)
    if low < 0 or high > largest:
        raise ConfigError(
            f"{encoding} holds 0 to {largest}, not {low if low < 0 else high}; use png16, npy or another scale"
        )
    found: NDArray[Any] = scaled.astype(wanted)
    return found


def plain_value(value: Any) -> Any:
    """Return ``value`` as JSON has it: arrays as lists, keys as texts, null for what is not finite."""
    if isinstance(value, np.ndarray):
        return plain_value(value.tolist() if value.dtype.names is None else [_record(row) for row in value])
    if isinstance(value, np.generic):
        return plain_value(value.item())
    if isinstance(value, Mapping):
        return {_key(key): plain_value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def as_array(value: Any) -> NDArray[Any]:
    """Return ``value`` as an array for npz: mappings and nested lists as JSON text, never as objects."""
    if isinstance(value, Mapping):
        return np.array(json.dumps(plain_value(value)))
    array = np.asarray(value)
    return np.array(json.dumps(plain_value(value))) if array.dtype.hasobject else array


def _record(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in row.dtype.names}


def _key(key: Any) -> str:
    # Colours as keys: numpy's numbers would print their type.
    return str(tuple(int(each) for each in key)) if isinstance(key, tuple) else str(key)
