"""2-D bounding boxes.

``x_min, y_min, x_max, y_max`` are the first and last pixel column and row of the object, both inclusive (Replicator's
documentation leaves the end open; inclusive equals the mask's extent and what NVIDIA's older manuals describe).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitless.raycast import Silhouettes

from ..frame import Frame
from ..labels import Pairs, describe
from ..sensors import Owner
from .node import Node, Output, Spec

BOX_2D = np.dtype(
    [
        ("semanticId", "<u4"),
        ("x_min", "<i4"),
        ("y_min", "<i4"),
        ("x_max", "<i4"),
        ("y_max", "<i4"),
        ("occlusionRatio", "<f4"),
    ]
)
MANY_MESHES = -1.0
"""The ratio of a prim made of several meshes, for which Replicator gives none."""


def occlusion_ratios(
    owners: Sequence[Owner], visible: NDArray[np.int64], alone: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(n,): 0 fully visible … 1 fully hidden; -1 for a prim made of several meshes, NaN for one out of view."""
    single = np.array([owner.gprims == 1 for owner in owners], bool)
    with np.errstate(invalid="ignore"):
        hidden = 1.0 - visible / alone
    return np.where(single | (alone == 0), hidden, MANY_MESHES)


def number_labels(owners: Sequence[Owner], key_type: Callable[[int], Any]) -> tuple[list[int], Output]:
    """The ``semanticId`` of each row, and what a box annotator tells beside its rows.

    The ids are local to the output: distinct label sets are numbered in the order of the rows.
    """
    ids: dict[str, int] = {}
    labels: dict[int, dict[str, str]] = {}
    known: dict[Pairs, int] = {}
    for owner in owners:
        if owner.pairs not in known:
            described = describe(owner.pairs)
            known[owner.pairs] = ids.setdefault(str(described), len(ids))
            labels[known[owner.pairs]] = described
    return [known[owner.pairs] for owner in owners], {
        "bboxIds": np.array([owner.prim.number for owner in owners], np.uint32),
        "idToLabels": {key_type(number): described for number, described in labels.items()},
        "primPaths": [owner.prim.name for owner in owners],
    }


def boxes_2d(frame: Frame, node: Node, tight: bool, key_type: Callable[[int], Any]) -> Output:
    """Structured rows, ``bboxIds``, ``idToLabels`` (ids local to the output) and ``primPaths``.

    Tight boxes hold an object's visible pixels, and hidden objects have none; loose ones hold the pixels the object
    would have alone in the frame.
    """
    found = frame.owners(node.filter)
    owners = found.owners
    seen, alone = frame.seen(found.of_instance, len(owners)), frame.alone(found.groups)
    shown: Silhouettes = seen if tight else alone
    kept = np.flatnonzero(shown.pixels)
    chosen = [owners[index] for index in kept.tolist()]
    numbers, labels = number_labels(chosen, key_type)
    data = np.empty(len(kept), BOX_2D)
    data["semanticId"] = numbers
    for column, name in enumerate(("x_min", "y_min", "x_max", "y_max")):
        data[name] = shown.boxes[kept, column]
    data["occlusionRatio"] = occlusion_ratios(chosen, seen.pixels[kept], alone.pixels[kept])
    return {"data": data, **labels}


def spec(*, tight: bool, key_type: Callable[[int], Any]) -> Spec:
    """A 2-D box annotator; the plain ones have string keys, the ``_fast`` ones ints."""
    compute = partial(boxes_2d, tight=tight, key_type=key_type)
    return Spec(compute=compute, empty=np.empty(0, BOX_2D), has_filter=True, cpu_only=True)


SPECS = {
    "bounding_box_2d_tight": spec(tight=True, key_type=str),
    "bounding_box_2d_tight_fast": spec(tight=True, key_type=int),
    "bounding_box_2d_loose": spec(tight=False, key_type=str),
    "bounding_box_2d_loose_fast": spec(tight=False, key_type=int),
}
