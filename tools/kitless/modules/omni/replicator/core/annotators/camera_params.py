"""The camera's parameters, for unprojecting what the other annotators give."""

from dataclasses import dataclass

import numpy as np
from pxr import UsdGeom

from kitless.raycast.lens import Fisheye, Lens

from ..frame import Frame
from .node import Node, Output, Spec


@dataclass(frozen=True)
class _Reported:
    """What is said of a lens; by default, what is said where there is none."""

    size: tuple[float, float] = (0.0, 0.0)
    centre: tuple[float, float] = (0.0, 0.0)
    polynomial: tuple[float, ...] = (0.0,) * 5
    max_fov: float = 0.0
    focal: tuple[float, float] = (0.0, 0.0)
    p: tuple[float, ...] = ()
    s: tuple[float, ...] = ()


def _lens(lens: Lens | None) -> _Reported:
    if lens is None:
        return _Reported()
    if isinstance(lens, Fisheye):
        return _Reported(size=lens.size, centre=lens.centre, polynomial=lens.polynomial, max_fov=lens.max_fov)
    return _Reported(
        size=lens.size,
        centre=lens.centre,
        polynomial=lens.radial,
        focal=lens.focal,
        p=lens.tangential,
        s=lens.prism,
    )


def camera_params(frame: Frame, _node: Node) -> Output:
    """A dictionary in Replicator's key order; matrices flat, row-major, for row vectors, float64 (16,).

    ``cameraViewTransform`` takes world to camera (looking down -Z, +Y up), ``cameraProjection`` has reversed depth
    (1 at the near plane, 0 at the far); for a camera with a lens it is that of a pinhole of its focal length, as in
    Replicator. Apertures and focal length are in USD's tenths of a scene unit.

    ``cameraModel`` is pinhole, orthographic, fisheyePolynomial or pinholeOpenCV. The nominal size and the optical
    centre are those of either lens; for pinholeOpenCV ``cameraFisheyePolynomial`` holds k1 ... k6, ``LensP`` p1 and
    p2, ``LensS`` s1 ... s4: as the camera prim's older attributes do.
    """
    camera = frame.camera
    lens = _lens(camera.lens)
    usd = UsdGeom.Camera(frame.camera_prim)
    time = frame.moment.time
    return {
        "cameraAperture": np.array(camera.aperture, np.float32),
        "cameraApertureOffset": np.array(camera.offset, np.float32),
        "cameraFisheyeLensP": np.array(lens.p, np.float32),
        "cameraFisheyeLensS": np.array(lens.s, np.float32),
        "cameraFisheyeMaxFOV": lens.max_fov,
        "cameraFisheyeNominalHeight": round(lens.size[1]),
        "cameraFisheyeNominalWidth": round(lens.size[0]),
        "cameraFisheyeOpticalCentre": np.array(lens.centre, np.float32),
        "cameraFisheyePolynomial": np.array(lens.polynomial, np.float32),
        "cameraFocalLength": float(camera.focal_length),
        "cameraFocusDistance": float(usd.GetFocusDistanceAttr().Get(time)),
        "cameraFStop": float(usd.GetFStopAttr().Get(time)),
        "cameraModel": camera.model,
        "cameraNearFar": np.array(camera.clipping, np.float32),
        "cameraOpenCVFx": lens.focal[0],
        "cameraOpenCVFy": lens.focal[1],
        "cameraProjection": np.asarray(camera.projection, np.float64).ravel(),
        "cameraViewTransform": np.asarray(camera.view, np.float64).ravel(),
        "metersPerSceneUnit": float(np.float32(frame.meters_per_unit)),
        "renderProductResolution": np.array(camera.resolution, np.int32),
    }


def reference_time(frame: Frame, _node: Node) -> Output:
    """The frame's simulation time in seconds as a fraction, not reduced; equal for all annotators of a frame."""
    numerator, denominator = frame.moment.reference
    return {"referenceTimeNumerator": numerator, "referenceTimeDenominator": denominator}


SPECS = {
    "camera_params": Spec(compute=camera_params),
    "ReferenceTime": Spec(compute=reference_time, hidden=True),
}
