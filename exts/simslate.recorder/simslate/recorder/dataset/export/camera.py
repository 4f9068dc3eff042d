"""The camera of a shot, in the axes that data sets use: x to the right, y down, z forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

PINHOLE = "pinhole"
_TO_OPENCV = np.diag([1.0, -1.0, -1.0, 1.0])
"""USD's cameras look along -z with y up."""


@dataclass(frozen=True, eq=False)
class Camera:
    """Lens and place."""

    model: str
    """Replicator's name of the projection."""

    matrix: NDArray[np.float64]
    """(3, 3) camera matrix for pixels whose corners are whole numbers. Right for a pinhole only."""

    view: NDArray[np.float64]
    """(4, 4) from the world, in scene units, to the camera; for row vectors."""

    metres: float
    """Length of a scene unit."""

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Camera:
        """Return the camera that ``camera_params`` tell of. Raises KeyError or ValueError for what are none."""
        projection = np.asarray(params["cameraProjection"], np.float64).reshape(4, 4)
        width, height = (float(side) for side in params["renderProductResolution"])
        matrix = np.eye(3)
        matrix[0, 0], matrix[0, 2] = projection[0, 0] * width / 2, (1 - projection[2, 0]) * width / 2
        matrix[1, 1], matrix[1, 2] = projection[1, 1] * height / 2, (1 + projection[2, 1]) * height / 2
        view = np.asarray(params["cameraViewTransform"], np.float64).reshape(4, 4) @ _TO_OPENCV
        return cls(str(params.get("cameraModel", PINHOLE)), matrix, view, float(params.get("metersPerSceneUnit", 1.0)))

    @property
    def is_pinhole(self) -> bool:
        """Whether ``matrix`` tells all of its projection."""
        return self.model == PINHOLE

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the pixels (n, 2) of ``points`` (n, 3) before the camera, in its axes."""
        image = points @ self.matrix.T
        return image[:, :2] / image[:, 2:]


@dataclass(frozen=True, eq=False)
class Solid:
    """An object's box in space."""

    low: NDArray[np.float64]
    """(3,): smallest coordinates in the prim's own frame, before its scale, in scene units."""

    high: NDArray[np.float64]
    to_world: NDArray[np.float64]
    """(4, 4), for row vectors."""

    def in_camera(self, camera: Camera) -> NDArray[np.float64]:
        """Return the transform (4, 4) from the prim's frame to ``camera``, in metres, for row vectors."""
        return self.to_world @ camera.view @ np.diag([camera.metres] * 3 + [1.0])

    def corners(self) -> NDArray[np.float64]:
        """(8, 3): in the prim's frame."""
        choice = np.indices((2, 2, 2)).reshape(3, 8).T
        return np.where(choice, self.high, self.low)
