"""Runs: an image of ids as stretches of equal values along its rows, of which there are far fewer than pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Extents:
    """The pixels that each of some values has in an image."""

    pixels: NDArray[np.int64]
    """(n,): how many."""
    boxes: NDArray[np.int64]
    """(n, 4): x_min, y_min, x_max, y_max; the last two are the last pixel inside."""


@dataclass(frozen=True)
class Runs:
    """An image (H, W) in row-major order, cut where the value changes and at the end of each row."""

    shape: tuple[int, int]
    starts: NDArray[np.int64]
    """(r,): the first pixel of each run, counted along the rows."""
    values: NDArray[Any]
    """(r,): the value of each run."""

    @classmethod
    def of(cls, image: NDArray[Any]) -> Runs:
        """Cut ``image`` (H, W). ValueError for one of another rank."""
        if image.ndim != 2:
            raise ValueError(f"an image of ids is (H, W), not {image.shape}")
        begins = np.ones(image.shape, bool)
        np.not_equal(image[:, 1:], image[:, :-1], out=begins[:, 1:])
        starts = np.flatnonzero(begins)
        return cls((image.shape[0], image.shape[1]), starts, image.reshape(-1)[starts])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(r,): the pixels of each run."""
        return np.diff(self.starts, append=self.shape[0] * self.shape[1])

    def painted(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return an image (H, W) with other ``values`` (r,) in the runs."""
        return np.repeat(values, self.lengths).reshape(self.shape)

    def extents(self, groups: NDArray[Any], count: int) -> Extents:
        """Return what each group has, given the group (r,) of each run, 0 to ``count`` - 1."""
        rows, left = np.divmod(self.starts, max(1, self.shape[1]))
        pixels = np.bincount(groups, self.lengths, count).astype(np.int64)
        boxes = np.empty((count, 4), np.int64)
        boxes[:, :2], boxes[:, 2:] = max(self.shape), -1
        for column, places in enumerate((left, rows)):
            np.minimum.at(boxes[:, column], groups, places)
        for column, places in enumerate((left + self.lengths - 1, rows), 2):
            np.maximum.at(boxes[:, column], groups, places)
        return Extents(pixels, boxes)
