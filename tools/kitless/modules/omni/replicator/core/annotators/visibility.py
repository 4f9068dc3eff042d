"""How much of each object is seen."""

import numpy as np

from ..frame import Frame
from ..labels import describe, label_text
from .masks import FIRST, owner_ids
from .node import Node, Output, Spec

OCCLUSION = np.dtype([("instanceId", "<u4"), ("semanticId", "<u4"), ("occlusionRatio", "<f4")])
VISIBILITY = np.dtype(
    [
        ("instanceId", "<u4"),
        ("visiblePixels", "<u4"),
        ("framePixels", "<u4"),
        ("totalPixels", "<u4"),
        ("visibility", "<f4"),
        ("truncation", "<f4"),
    ]
)
AMODAL = np.dtype(
    [
        ("instanceId", "<u4"),
        ("pixels", "<u4"),
        ("x_min", "<i4"),
        ("y_min", "<i4"),
        ("x_max", "<i4"),
        ("y_max", "<i4"),
        ("spans", "<u4"),
    ]
)
WIDER = 3
"""How many frames wide and high the canvas is on which an object's whole extent is counted."""


def occlusion(frame: Frame, node: Node) -> Output:
    """One row per gprim in view, labelled or not: ``instanceId`` (as instance_id_segmentation has it), ``semanticId``
    (1 for unlabelled) and ``occlusionRatio``: 0 visible … 1 hidden.
    """
    described = [describe(owner.pairs) for owner in frame.owners(node.filter).owners]
    semantic = owner_ids(frame, node, [FIRST + node.numbers.of(label_text(labels)) for labels in described])
    leaves = frame.leaves
    seen, alone = frame.seen(leaves.of_instance, len(leaves.names)), frame.alone(leaves.groups)
    inside = np.flatnonzero(alone.pixels)
    rows = np.empty(len(inside), OCCLUSION)
    rows["instanceId"] = leaves.numbers[inside] + FIRST
    rows["semanticId"] = semantic[[leaves.groups[leaf][0] for leaf in inside]]
    rows["occlusionRatio"] = 1 - seen.pixels[inside] / alone.pixels[inside]
    return {"data": np.sort(rows)}


def simslate_visibility(frame: Frame, node: Node) -> Output:
    """One row per labelled prim that is in the frame or would be on a canvas three frames wide and high.

    ``instanceId`` as instance_segmentation has it. ``visiblePixels``: seen; ``framePixels``: seen if it were alone in
    the frame; ``totalPixels``: seen if it were alone and the frame that canvas. ``visibility`` = visible / frame, 0
    where it is out of the frame; ``truncation`` = 1 - frame / total. Prims of several gprims are one object; never NaN.
    """
    found = frame.owners(node.filter)
    owners = found.owners
    seen, alone = frame.seen(found.of_instance, len(owners)), frame.alone(found.groups)
    whole = frame.alone(found.groups, wider=WIDER)
    rows = []
    for index, owner in enumerate(owners):
        visible, inside, total = (int(each.pixels[index]) for each in (seen, alone, whole))
        if total:
            share = visible / inside if inside else 0.0
            rows.append((FIRST + owner.prim.number, visible, inside, total, share, 1 - inside / total))
    return {
        "data": np.array(rows, VISIBILITY),
        "primPaths": [o.prim.name for o, t in zip(owners, whole.pixels, strict=True) if t],
    }


def simslate_amodal(frame: Frame, node: Node) -> Output:
    """One row per labelled prim that would be seen if it were alone in the frame, whatever hides it: its amodal mask.

    ``instanceId`` as instance_segmentation has it, ``pixels`` of the mask, its box (the last pixel inside), and how
    many ``spans`` it has. ``primPaths``: as rows. ``spans`` int32 (m,2), those of the first row first: stretches of the
    mask along the rows of the picture, each its first pixel (y * width + x) and length; none goes on in the next row.
    """
    owners = frame.owners(node.filter)
    found = [(o, s) for o, s in zip(owners.owners, frame.spans(owners.groups), strict=True) if len(s)]
    rows = []
    for owner, spans in found:
        down, left = np.divmod(spans[:, 0], frame.camera.resolution[0])
        right = left + spans[:, 1] - 1
        box = left.min(), down[0], right.max(), down[-1]
        rows.append((FIRST + owner.prim.number, spans[:, 1].sum(), *box, len(spans)))
    return {
        "data": np.array(rows, AMODAL),
        "primPaths": [owner.prim.name for owner, _ in found],
        "spans": np.concatenate([np.empty((0, 2), np.int32), *(spans for _, spans in found)]),
    }


def prim_paths(frame: Frame, _node: Node) -> Output:
    """``primPaths``: the path of every labelled prim of the stage, at the place that ``bboxIds`` give."""
    return {"primPaths": frame.labels.names}


SPECS = {
    "primPaths": Spec(compute=prim_paths),
    "occlusion": Spec(compute=occlusion, empty=np.empty(0, OCCLUSION), has_filter=True),
    "simslate_visibility": Spec(compute=simslate_visibility, empty=np.empty(0, VISIBILITY), has_filter=True),
    "simslate_amodal": Spec(compute=simslate_amodal, empty=np.empty(0, AMODAL), has_filter=True),
}
