"""A camera as its annotator describes it: projecting points and boxes to pixels."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kitless.raycast.camera import Camera
from kitless.raycast.lens import Fisheye, Lens, OpenCvPinhole

Array: TypeAlias = NDArray[np.float64]
EDGES = ((0, 1), (0, 2), (0, 4), (1, 3), (1, 5), (2, 3), (2, 6), (3, 7), (4, 5), (4, 6), (5, 7), (6, 7))
"""The twelve edges between the corners of a box, in the order of ``corners``."""


def lens_of(params: Mapping[str, Any]) -> Lens | None:
    """The lens that ``camera_params`` describe; None for a pinhole."""
    model = params["cameraModel"]
    size = params["cameraFisheyeNominalWidth"], params["cameraFisheyeNominalHeight"]
    x, y = map(float, params["cameraFisheyeOpticalCentre"])
    centre = x, y
    polynomial = tuple(map(float, params["cameraFisheyePolynomial"]))
    if model == "fisheyePolynomial":
        return Fisheye(size=size, centre=centre, polynomial=polynomial, max_fov=params["cameraFisheyeMaxFOV"])
    if model == "pinholeOpenCV":
        return OpenCvPinhole(
            size=size,
            centre=centre,
            focal=(params["cameraOpenCVFx"], params["cameraOpenCVFy"]),
            radial=polynomial,
            tangential=tuple(map(float, params["cameraFisheyeLensP"])),
            prism=tuple(map(float, params["cameraFisheyeLensS"])),
        )
    return None


def camera_of(params: Mapping[str, Any]) -> Camera:
    """The camera that ``camera_params`` describe."""
    width, height = (int(side) for side in params["renderProductResolution"])
    near, far = map(float, params["cameraNearFar"])
    return Camera(
        resolution=(width, height),
        focal_length=params["cameraFocalLength"],
        aperture=(float(params["cameraAperture"][0]), float(params["cameraAperture"][1])),
        offset=(float(params["cameraApertureOffset"][0]), float(params["cameraApertureOffset"][1])),
        clipping=(near, far),
        view=np.asarray(params["cameraViewTransform"], np.float64).reshape(4, 4),
        parallel=params["cameraModel"] == "orthographic",
        lens=lens_of(params),
    )


def corners(row: Any) -> Array:
    """(8, 3) corners of a row of a 3-D box annotator in its prim's frame: x slowest, z fastest, smaller first."""
    ends = [(float(row[f"{axis}_min"]), float(row[f"{axis}_max"])) for axis in "xyz"]
    return np.array([(x, y, z) for x in ends[0] for y in ends[1] for z in ends[2]])


def moved(points: Array, matrix: Array) -> Array:
    """(n, 3) points in the frame that a (4, 4) matrix (row vectors) leads to."""
    return points @ matrix[:3, :3] + matrix[3, :3]


def visible_edges(camera: Camera, world: Array) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The edges of a box, (8, 3) corners in the world, as pairs of pixels; those that reach behind are left out."""
    pixels, travels = camera.project(world)
    points: Sequence[tuple[float, float]] = [(float(x), float(y)) for x, y in pixels]
    return [(points[a], points[b]) for a, b in EDGES if travels[a] > 0 and travels[b] > 0]
