"""Point clouds: every pixel's surface point, with what is known about it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitless.raycast.trace import world_points

from ..frame import Frame
from ..labels import describe, label_text
from .masks import FIRST, id_image, owner_ids
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
    semantics = id_image(frame, semantic)
    wanted = semantics >= (1 if node.parameters["includeUnlabelled"] else FIRST)
    normals = np.ones((*wanted.shape, 4), np.float32)
    normals[..., :3] = frame.hits.normal
    points: NDArray[Any] = world_points(frame.hits)[wanted].astype(np.float32)
    return {
        "data": points,
        "pointNormals": normals[wanted].ravel(),
        "pointRgb": frame.colours[wanted].ravel(),
        "pointSemantic": semantics[wanted],
        "pointInstance": id_image(frame, instance)[wanted],
    }


SPECS = {
    "pointcloud": Spec(
        compute=pointcloud,
        empty=np.empty((0, 3), np.float32),
        parameters={"includeUnlabelled": False},
        has_filter=True,
    )
}
