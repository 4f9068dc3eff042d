"""Motion vectors."""

import numpy as np

from ..frame import Frame
from .node import Node, Output, Spec


def motion_vectors(frame: Frame, _node: Node) -> Output:
    """float32 (H,W,4): x, y in pixels since the render product's frame before; z, w are 0.

    x above 0: the surface moved to the left; y above 0: towards the top. 0 in the first frame. Where nothing is hit,
    the motion that turning the camera gives to what is infinitely far.
    """
    height, width = frame.hits.depth.shape
    # Copied as pairs, which takes a quarter of the time.
    data = np.zeros((height, width, 2), np.complex64)
    data[..., 0] = frame.motion.view(np.complex64)[..., 0]
    return {"data": data.view(np.float32)}


SPECS = {"motion_vectors": Spec(compute=motion_vectors, empty=np.empty((0, 0, 4), np.float32))}
