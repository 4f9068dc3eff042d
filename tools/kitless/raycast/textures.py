"""Textures: pictures as chains of ever smaller copies (mip maps), for the compiled loops."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pxr import Ar

from kitless.raycast.hdr import is_float_picture, read_float_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)


BYTES = np.linspace(0, 1, 256, dtype=np.float32)
"""What the 256 values of a byte stand for."""


def decode_srgb(encoded: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return linear values of sRGB ones, both 0..1 (IEC 61966-2-1)."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)


def encode_srgb(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return sRGB values of linear ones, both 0..1 (IEC 61966-2-1)."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Picture:
    """One image."""

    pixels: NDArray[np.uint8]
    """(H, W, 4) RGBA as in the file, first row on top."""
    is_srgb: bool
    """Whether colours are sRGB encoded; else, as alpha always, they are linear."""

    @cached_property
    def levels(self) -> NDArray[np.uint8]:
        """All mip levels behind one another, flat: (H, W, 4), then half of each side rounded up, down to 1 x 1."""
        levels = [self.pixels]
        linear = self._linear
        while max(linear.shape[:2]) > 1:
            linear = _halved(linear)
            encoded = linear.copy()
            if self.is_srgb:
                encoded[..., :3] = encode_srgb(linear[..., :3])
            levels.append((encoded * 255 + 0.5).astype(np.uint8))
        return np.concatenate([level.reshape(-1) for level in levels])

    @property
    def linear(self) -> NDArray[np.float32]:
        """(H, W, 3) linear values 0..1."""
        return self._linear[..., :3]

    @property
    def _linear(self) -> NDArray[np.float32]:
        values = BYTES[self.pixels]
        if self.is_srgb:
            values[..., :3] = decode_srgb(BYTES)[self.pixels[..., :3]]
        return values


def _halved(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = linear.shape[:2]
    even = np.pad(linear, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    total: NDArray[np.float32] = even[0::2, 0::2] + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2]
    return total * np.float32(0.25)


def load_picture(resolved: str, color_space: str) -> Picture | None:
    """Read a picture through USD's resolver, which sees into usdz packages.

    color_space is "sRGB", "raw" or "auto" (sRGB, except for grey and float ones). None, with a warning in the log,
    for what cannot be read.
    """
    data = _content(resolved)
    try:
        if data is None or not is_float_picture(data):
            return data if data is None else _decode(data, color_space)
        # A surface reflects at most all; a float picture on one is kept as bytes like any other.
        encoded = encode_srgb(np.clip(read_float_picture(data), 0, 1))
    except (OSError, ValueError, ImportError) as error:
        _log.warning("texture %s is no picture that can be read (%s); a fallback colour is drawn", resolved, error)
        return None
    opaque = np.ones((*encoded.shape[:2], 1), np.float32)
    return Picture((np.concatenate([encoded, opaque], axis=2) * 255 + 0.5).astype(np.uint8), is_srgb=True)


def load_light(resolved: str) -> NDArray[np.float32] | None:
    """Read a light's picture, linear (H, W, 3): eight bits as sRGB, .hdr and .exr as they are; None as load_picture."""
    data = _content(resolved)
    try:
        if data is not None and is_float_picture(data):
            return np.maximum(np.nan_to_num(read_float_picture(data), posinf=0.0), 0)
        return None if data is None else _decode(data, "auto").linear
    except (OSError, ValueError, ImportError) as error:
        _log.warning("a light's texture %s cannot be read (%s); the light shines without it", resolved, error)
        return None


def _content(resolved: str) -> bytes | None:
    asset = Ar.GetResolver().OpenAsset(Ar.ResolvedPath(resolved)) if resolved else None
    if not asset:
        _log.warning("texture %r cannot be opened; its material's fallback colour is drawn", resolved)
        return None
    return bytes(asset.GetBuffer())


def _decode(data: bytes, color_space: str) -> Picture:
    from PIL import Image  # loaded when there is a picture: most processes read none

    with Image.open(io.BytesIO(data)) as image:
        grey = image.mode in ("L", "LA", "1") or image.mode.startswith(("I", "F"))
        if image.mode.startswith("I"):
            # Sixteen bits: Pillow would cut them off at 255.
            bytes_ = (np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)
            pixels = np.asarray(Image.fromarray(bytes_).convert("RGBA"))
        else:
            pixels = np.asarray(image.convert("RGBA"))
    return Picture(np.ascontiguousarray(pixels), color_space == "sRGB" or (color_space != "raw" and not grey))
