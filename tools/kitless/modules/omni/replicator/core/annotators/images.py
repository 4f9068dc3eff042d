"""Picture, distance and normal annotators."""

import numpy as np

from ..frame import Frame
from .node import Node, Output, Spec


def rgb(frame: Frame, _node: Node) -> Output:
    """uint8 (H,W,4) RGBA."""
    return {"data": frame.colours}


def hdr_color(frame: Frame, _node: Node) -> Output:
    """float16 (H,W,4): linear light before the tone curve of ``rgb``, where 1 is display white; alpha 1."""
    height, width = frame.hits.depth.shape
    data = np.ones((height, width, 4), np.float16)
    data[..., :3] = np.minimum(frame.light, np.finfo(np.float16).max)
    return {"data": data}


def distance_to_camera(frame: Frame, _node: Node) -> Output:
    """float32 (H,W), metres from the camera's origin; +inf where nothing is hit."""
    return {"data": frame.hits.distance * np.float32(frame.meters_per_unit)}


def distance_to_image_plane(frame: Frame, _node: Node) -> Output:
    """float32 (H,W), metres along the optical axis; +inf where nothing is hit."""
    return {"data": frame.hits.depth * np.float32(frame.meters_per_unit)}


def normals(frame: Frame, _node: Node) -> Output:
    """float32 (H,W,4): unit normal in the world frame, and 1; (0, 0, 0, 1) where nothing is hit."""
    height, width = frame.hits.distance.shape
    data = np.ones((height, width, 4), np.float32)
    # Numpy is twice as fast channel by channel: rows of three are short.
    for axis in range(3):
        data[..., axis] = frame.hits.normal[..., axis]
    return {"data": data}


SPECS = {
    "DepthLinearized": Spec(compute=distance_to_image_plane, empty=np.empty((0, 0), np.float32)),
    "HdrColor": Spec(compute=hdr_color, empty=np.empty((0, 0, 4), np.float16)),
    "rgb": Spec(compute=rgb, empty=np.empty((0, 0, 4), np.uint8)),
    "normals": Spec(compute=normals, empty=np.empty((0, 0, 4), np.float32)),
    "distance_to_camera": Spec(compute=distance_to_camera, empty=np.empty((0, 0), np.float32)),
    "distance_to_image_plane": Spec(compute=distance_to_image_plane, empty=np.empty((0, 0), np.float32)),
}
