"""Which pixels have which id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..content import Picture
from ..id_image import BLACK, id_image

SATURATED = 0xFFFF
"""What a 16-bit mask says of this id and all larger ones."""


@dataclass(frozen=True)
class Region:
    """The pixels of one id: first and last column and row, both inclusive, and how many there are."""

    x_min: int
    y_min: int
    x_max: int
    y_max: int
    pixels: int

    @property
    def extent(self) -> tuple[int, int, int, int]:
        """The box around it."""
        return self.x_min, self.y_min, self.x_max, self.y_max


def joined(regions: Iterable[Region]) -> Region:
    """Return the region of several ids together."""
    x_min, y_min, x_max, y_max, pixels = zip(*((*each.extent, each.pixels) for each in regions), strict=True)
    return Region(min(x_min), min(y_min), max(x_max), max(y_max), sum(pixels))


@dataclass(frozen=True)
class Mask:
    """A mask's ids, or its colours as numbers: R + 256 G + 65536 B + 16777216 A."""

    codes: NDArray[np.uint32]
    """(H,W)."""

    colourised: bool
    regions: dict[int, Region]

    @property
    def unlabelled(self) -> int:
        """The id of surfaces without a label. 0 is the background in both kinds."""
        return BLACK if self.colourised else 1

    @property
    def labelled(self) -> bool:
        """Whether anything with a label is in it."""
        return bool(set(self.regions) - {0, self.unlabelled})

    def text(self, code: int) -> str:
        """Return ``code`` as a mapping's key."""
        return str(tuple(code >> shift & 255 for shift in (0, 8, 16, 24))) if self.colourised else str(code)


def read_mask(picture: Picture) -> Mask:
    """Return the mask in ``picture``, RGBA or a 16-bit one."""
    codes = id_image(picture)
    return Mask(codes, picture.mode == "RGBA", find_regions(codes))


def find_regions(codes: NDArray[Any]) -> dict[int, Region]:
    """Return the region of each value of ``codes`` (H,W). Works on runs of equal pixels, of which there are few."""
    if codes.size == 0:
        return {}
    width = codes.shape[1]
    flat = codes.ravel()
    begins = np.ones(flat.size, bool)
    np.not_equal(flat[1:], flat[:-1], out=begins[1:])
    begins[::width] = True
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=flat.size)
    order = np.argsort(flat[starts], kind="stable")
    starts, lengths = starts[order], lengths[order]
    values = flat[starts]
    firsts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    rows, columns = np.divmod(starts, width)
    extents = (
        np.minimum.reduceat(columns, firsts),
        np.minimum.reduceat(rows, firsts),
        np.maximum.reduceat(columns + lengths - 1, firsts),
        np.maximum.reduceat(rows, firsts),
        np.add.reduceat(lengths, firsts),
    )
    found = zip(*(each.tolist() for each in extents), strict=True)
    return {value: Region(*each) for value, each in zip(values[firsts].tolist(), found, strict=True)}
