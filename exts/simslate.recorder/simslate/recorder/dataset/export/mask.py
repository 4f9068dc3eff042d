"""The pixels of one object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...runs import Runs


@dataclass(frozen=True)
class Box:
    """First and last column and row, both inclusive."""

    x_min: int
    y_min: int
    x_max: int
    y_max: int

    @property
    def xywh(self) -> list[int]:
        """Left, top, width and height, as COCO has it: the last column and row are inside."""
        return [self.x_min, self.y_min, self.x_max - self.x_min + 1, self.y_max - self.y_min + 1]


@dataclass(frozen=True, eq=False)
class Mask:
    """Pixels of a picture, as runs along its rows. There is at least one."""

    shape: tuple[int, int]
    """(H, W) of the picture."""

    starts: NDArray[np.int64]
    """(r,): the first pixel of each run, counted along the rows; ascending, and no run goes on in the next row."""

    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, image: NDArray[np.bool_]) -> Mask:
        """Return the mask of what is true in ``image`` (H, W)."""
        return dict(masks(image.astype(np.uint8)))[1]

    @property
    def pixels(self) -> int:
        """How many there are."""
        return int(self.lengths.sum())

    @cached_property
    def box(self) -> Box:
        """The box around them."""
        rows, left = np.divmod(self.starts, self.shape[1])
        last = left + self.lengths - 1
        return Box(int(left.min()), int(rows[0]), int(last.max()), int(rows[-1]))

    @cached_property
    def crop(self) -> NDArray[np.bool_]:
        """(h, w): what is in its box."""
        box, width = self.box, self.shape[1]
        rows, left = np.divmod(self.starts, width)
        columns = box.x_max - box.x_min + 1
        # +1 where a run begins and -1 behind its end, with one more column for ends at the right edge.
        steps = np.zeros((box.y_max - box.y_min + 1, columns + 1), np.int8)
        steps[rows - box.y_min, left - box.x_min] = 1
        steps[rows - box.y_min, left - box.x_min + self.lengths] -= 1
        return np.cumsum(steps, axis=1, dtype=np.int8)[:, :columns].astype(bool)


def masks(codes: NDArray[np.generic]) -> Iterator[tuple[int, Mask]]:
    """Yield each number in ``codes`` (H, W), ascending, with its pixels."""
    if codes.size == 0:
        return
    runs = Runs.of(codes)
    order = np.argsort(runs.values, kind="stable")
    values, starts, lengths = runs.values[order], runs.starts[order], runs.lengths[order]
    firsts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    ends = np.append(firsts[1:], len(values))
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        yield int(values[first]), Mask(runs.shape, starts[first:end], lengths[first:end])
