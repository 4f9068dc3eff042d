"""Geometry of annotators' boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitless.absent import absent

__all__ = ["get_bbox_3d_corners"]

# x, y and z of the corners, 0 for the least and 1 for the greatest: x fastest, then y, then z.
_CORNERS = np.array([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)])


def get_bbox_3d_corners(extents: NDArray[Any]) -> NDArray[np.float64]:
    """Return the corners (n, 8, 3) in the world of boxes as ``bounding_box_3d`` has them.

    ``extents`` (n,) has the fields x_min ... z_max, and ``transform`` (4, 4) to the world (row vectors). The x of
    corners runs fastest, then y, then z.
    """
    low, high = (np.stack([extents[f"{axis}_{end}"] for axis in "xyz"], axis=-1) for end in ("min", "max"))
    corners = np.where(_CORNERS[None] == 1, high[:, None], low[:, None]).astype(np.float64)
    matrices = np.asarray(extents["transform"], dtype=np.float64).reshape(-1, 4, 4)
    return corners @ matrices[:, :3, :3] + matrices[:, None, 3, :3]


__getattr__ = absent(__name__)
