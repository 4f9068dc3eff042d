"""COCO's run-length encoding of masks: column by column, lengths of nothing and of something in turn, as text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...runs import Runs
from .mask import Mask

_BITS, _DIGITS = 5, 13
"""Each character has five bits of a number; 13 of them hold any int64."""


def encode(mask: Mask) -> dict[str, object]:
    """Return ``{"size": [H, W], "counts": text}``, as pycocotools takes it."""
    return {"size": list(mask.shape), "counts": compress(column_counts(mask))}


def column_counts(mask: Mask) -> NDArray[np.int64]:
    """Return the lengths of the stretches outside and inside ``mask`` in turn, down the columns, outside first."""
    height, width = mask.shape
    box = mask.box
    runs = Runs.of(mask.crop.T)
    inside = runs.values.astype(bool)
    columns, rows = np.divmod(runs.starts[inside], runs.shape[1])
    starts = (columns + box.x_min) * height + rows + box.y_min
    ends = starts + runs.lengths[inside]
    # What reaches from the bottom of a column to the top of the next is one stretch.
    apart = starts[1:] != ends[:-1]
    starts, ends = starts[np.append(True, apart)], ends[np.append(apart, True)]
    edges = np.stack([starts, ends], axis=1).ravel()
    counts = np.diff(edges, prepend=0, append=height * width)
    return counts if counts[-1] else counts[:-1]


def compress(counts: NDArray[np.int64]) -> str:
    """Return ``counts`` as text: each, from the fourth on, as what it differs by from the one two before it.

    Numbers go five bits to a character, the lowest first, with a sixth bit where more follows; the last one's highest
    bit is the sign.
    """
    numbers = counts.astype(np.int64)
    numbers[3:] -= counts[1:-2]
    digits = numbers[:, None] >> (_BITS * np.arange(_DIGITS)) & 31
    rest = numbers[:, None] >> (_BITS * np.arange(1, _DIGITS + 1))
    sign = (digits & 16) != 0
    more = np.where(sign, rest != -1, rest != 0)
    # A digit is needed if all before it say that more follows.
    needed = np.cumprod(np.column_stack([np.ones(len(numbers), bool), more[:, :-1]]), axis=1).astype(bool)
    characters: NDArray[np.uint8] = ((digits | more.astype(np.int64) << _BITS)[needed] + ord("0")).astype(np.uint8)
    return characters.tobytes().decode("ascii")
