"""The numbers in masks, and what their mappings call them."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from .content import Picture

BLACK = 0xFF000000
"""(0, 0, 0, 255), the colour of what has no label."""
_KEY = re.compile(r"(?P<id>\d{1,10})|\((?P<colour>\d{1,3}(?:, ?\d{1,3}){3})\)", re.ASCII)


def id_image(picture: Picture) -> NDArray[np.uint32]:
    """Return a mask's ids (H,W), or its colours as numbers: R + 256 G + 65536 B + 16777216 A."""
    pixels = np.ascontiguousarray(picture.pixels)
    return pixels.view("<u4")[..., 0] if picture.mode == "RGBA" else pixels.astype(np.uint32)


def parse_key(key: str) -> int | None:
    """Return the number that stands in a mask for a mapping's ``key``, "12" or "(93, 220, 11, 255)"."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    if match["id"] is not None:
        return int(match["id"])
    channels = [int(channel) for channel in match["colour"].split(",")]
    return (
        sum(each << shift for each, shift in zip(channels, (0, 8, 16, 24), strict=True))
        if max(channels) < 256
        else None
    )
