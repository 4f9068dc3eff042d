"""The camera's parameters, for unprojecting what the other annotators give."""

import numpy as np
from pxr import UsdGeom

from ..frame import Frame
from .node import Node, Output, Spec


def camera_params(frame: Frame, _node: Node) -> Output:
    """A dictionary in Replicator's key order; matrices flat, row-major, for row vectors, float64 (16,).

    ``cameraViewTransform`` takes world to camera (looking down -Z, +Y up), ``cameraProjection`` has reversed depth
    (1 at the near plane, 0 at the far). Apertures and focal length are in USD's tenths of a scene unit.
    """
    camera = frame.camera
    usd = UsdGeom.Camera(frame.camera_prim)
    time = frame.moment.time
    return {
        "cameraAperture": np.array(camera.aperture, np.float32),
        "cameraApertureOffset": np.array(camera.offset, np.float32),
        "cameraFisheyeLensP": np.empty(0, np.float32),
        "cameraFisheyeLensS": np.empty(0, np.float32),
        "cameraFisheyeMaxFOV": 0.0,
        "cameraFisheyeNominalHeight": 0,
        "cameraFisheyeNominalWidth": 0,
        "cameraFisheyeOpticalCentre": np.zeros(2, np.float32),
        "cameraFisheyePolynomial": np.zeros(5, np.float32),
        "cameraFocalLength": float(camera.focal_length),
        "cameraFocusDistance": float(usd.GetFocusDistanceAttr().Get(time)),
        "cameraFStop": float(usd.GetFStopAttr().Get(time)),
        "cameraModel": "pinhole",
        "cameraNearFar": np.array(camera.clipping, np.float32),
        "cameraProjection": np.asarray(camera.projection, np.float64).ravel(),
        "cameraViewTransform": np.asarray(camera.view, np.float64).ravel(),
        "metersPerSceneUnit": float(np.float32(frame.meters_per_unit)),
        "renderProductResolution": np.array(camera.resolution, np.int32),
    }


SPECS = {"camera_params": Spec(compute=camera_params)}
