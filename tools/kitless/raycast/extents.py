"""How much of an id image each id covers, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.compiled import compiled
from kitless.raycast.occlusion import Silhouettes

if TYPE_CHECKING:
    from numpy.typing import NDArray


def extents(ids: NDArray[np.int32], count: int) -> Silhouettes:
    """Pixels and inclusive boxes of the ids 0 … count - 1 in an int32 (H,W) image; negative ids are skipped."""
    pixels = np.zeros(count, np.int64)
    boxes = np.full((count, 4), -1, np.int32)
    _measure(np.ascontiguousarray(ids, np.int32), pixels, boxes)
    return Silhouettes(pixels=pixels, boxes=boxes)


def joined(parts: Silhouettes, groups: NDArray[np.int32], count: int) -> Silhouettes:
    """What groups 0 … count - 1 of parts cover together, from the group of each part (n,); negative ones have none."""
    seen = np.flatnonzero((parts.pixels > 0) & (groups >= 0))
    which = groups[seen]
    pixels = np.zeros(count, np.int64)
    np.add.at(pixels, which, parts.pixels[seen])
    first = np.full((count, 2), np.iinfo(np.int32).max, np.int32)
    last = np.full((count, 2), -1, np.int32)
    np.minimum.at(first, which, parts.boxes[seen, :2])
    np.maximum.at(last, which, parts.boxes[seen, 2:])
    first[pixels == 0] = -1
    return Silhouettes(pixels=pixels, boxes=np.concatenate([first, last], axis=1))


@compiled("void(int32[:, ::1], int64[::1], int32[:, ::1])")
def _measure(ids: NDArray[np.int32], pixels: NDArray[np.int64], boxes: NDArray[np.int32]) -> None:
    for y in range(ids.shape[0]):
        for x in range(ids.shape[1]):
            index = ids[y, x]
            if index < 0:
                continue
            box = boxes[index]
            if pixels[index] == 0:
                box[0], box[1] = x, y
            pixels[index] += 1
            # Rows come in order, so the first row of an id is its top one and the latest its bottom one.
            box[0] = min(box[0], x)
            box[2] = max(box[2], x)
            box[3] = y
