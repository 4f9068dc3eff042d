"""Point clouds: every pixel's surface point, with what is known about it."""

import numpy as np

from kitless.raycast.cloud import surface_points

from ..frame import Frame
from ..labels import describe, label_text
from .masks import FIRST, owner_ids
from .node import Node, Output, Spec


def pointcloud(frame: Frame, node: Node) -> Output:
    """float32 (N, 3) world points in stage units, of labelled surfaces or, with ``includeUnlabelled``, of all.

    Row by row of the picture. ``pointNormals`` float32 (N·4,), ``pointRgb`` uint8 (N·4,), ``pointSemantic`` and
    ``pointInstance`` uint32 (N,): the ids of the segmentation annotators (Replicator's uint8 could not hold them).
    """
    owners = frame.owners(node.filter).owners
    described = [label_text(describe(owner.pairs)) for owner in owners]
    semantic = owner_ids(frame, node, [FIRST + node.numbers.of(text) for text in described])
    instance = owner_ids(frame, node, [FIRST + owner.prim.number for owner in owners])
    wanted = semantic >= (1 if node.parameters["includeUnlabelled"] else FIRST)
    seen = frame.hits.instance.ravel()
    pixels = np.flatnonzero(wanted.take(seen, mode="wrap"))
    seen = seen[pixels]
    normals = np.ones((len(pixels), 4), np.float32)
    normals[:, :3] = frame.hits.normal.reshape(-1, 3).take(pixels, axis=0)
    return {
        "data": surface_points(frame.hits, pixels),
        "pointNormals": normals.ravel(),
        "pointRgb": frame.colours.reshape(-1, 4).view(np.uint32)[pixels, 0].view(np.uint8),
        "pointSemantic": semantic[seen],
        "pointInstance": instance[seen],
    }


SPECS = {
    "pointcloud": Spec(
        compute=pointcloud,
        empty=np.empty((0, 3), np.float32),
        parameters={"includeUnlabelled": False},
        has_filter=True,
    )
}
