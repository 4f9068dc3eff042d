"""Camera: where rays start and go, as Replicator's pinhole has it."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pxr import Usd, UsdGeom

from kitless.raycast.errors import CameraError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Camera:
    """A pinhole at one time: looks down -Z of its own frame, +Y up, pixel origin at the image's top left."""

    resolution: tuple[int, int]
    """Width and height in pixels."""
    focal_length: float
    """In tenths of stage units, as USD has it; only its ratio to the aperture matters."""
    aperture: tuple[float, float]
    """Horizontal and vertical, in the focal length's unit. The vertical one is only reported: pixels are square."""
    offset: tuple[float, float]
    """Horizontal and vertical aperture offset, in the focal length's unit."""
    clipping: tuple[float, float]
    """Near and far distance along the optical axis, stage units; far may be infinite."""
    view: NDArray[np.float64] = field(repr=False)
    """(4, 4) world to camera, row vectors: p_camera = p_world @ view. Rigid: scale on a camera is ignored."""

    def __post_init__(self) -> None:
        width, height = self.resolution
        if width < 1 or height < 1:
            raise CameraError(f"resolution {width}x{height}: both sides must be at least 1 pixel")
        if not (self.focal_length > 0 and self.aperture[0] > 0):
            raise CameraError(f"focal length {self.focal_length} and aperture {self.aperture[0]} must be above 0")
        near, far = self.clipping
        if not 0 <= near < far:
            raise CameraError(f"clipping range ({near}, {far}): near must be at least 0 and below far")

    @classmethod
    def from_prim(cls, prim: Usd.Prim, resolution: tuple[int, int], time: Usd.TimeCode | None = None) -> Camera:
        """Read a UsdGeomCamera at `time` (None: the default time).

        Raises CameraError if the prim is no camera or its values are impossible, NotImplementedError for an
        orthographic camera.
        """
        time = Usd.TimeCode.Default() if time is None else time
        if not prim or not prim.IsA(UsdGeom.Camera):
            raise CameraError(_not_a_camera(prim))
        camera = UsdGeom.Camera(prim)
        if camera.GetProjectionAttr().Get(time) == UsdGeom.Tokens.orthographic:
            raise NotImplementedError(f"{prim.GetPath()}: orthographic cameras cannot be drawn yet")
        placed = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(time).RemoveScaleShear()
        near, far = camera.GetClippingRangeAttr().Get(time)
        try:
            return cls(
                resolution=(int(resolution[0]), int(resolution[1])),
                focal_length=camera.GetFocalLengthAttr().Get(time),
                aperture=(camera.GetHorizontalApertureAttr().Get(time), camera.GetVerticalApertureAttr().Get(time)),
                offset=(
                    camera.GetHorizontalApertureOffsetAttr().Get(time),
                    camera.GetVerticalApertureOffsetAttr().Get(time),
                ),
                clipping=(near, far),
                view=np.array(placed.GetInverse()),
            )
        except CameraError as error:
            raise CameraError(f"{prim.GetPath()}: {error}") from None

    @cached_property
    def projection(self) -> NDArray[np.float64]:
        """(4, 4) camera to clip space, row vectors; reversed depth: 1 at near, 0 at far.

        Offsets shift the window as in USD's GfFrustum.
        """
        width, height = self.resolution
        near, far = self.clipping
        matrix = np.zeros((4, 4))
        matrix[0, 0] = 2 * self.focal_length / self.aperture[0]
        matrix[1, 1] = matrix[0, 0] * width / height
        matrix[2, 0] = 2 * self.offset[0] / self.aperture[0]
        matrix[2, 1] = 2 * self.offset[1] / self.aperture[0] * width / height
        matrix[2, 2] = 0.0 if math.isinf(far) else near / (far - near)
        matrix[2, 3] = -1.0
        matrix[3, 2] = near if math.isinf(far) else near * far / (far - near)
        return matrix

    @cached_property
    def placement(self) -> NDArray[np.float64]:
        """(4, 4) camera to world, row vectors: the inverse of view."""
        return np.linalg.inv(self.view).astype(np.float64)

    @cached_property
    def position(self) -> NDArray[np.float64]:
        """(3,) the pinhole in world coordinates."""
        return self.placement[3, :3]

    @cached_property
    def lens(self) -> NDArray[np.float64]:
        """(4, 3) origin, c, a, b in world coordinates: the ray through pixel coordinates (x, y) is c + x a + y b.

        Its component along the optical axis is 1, so that a distance counted in it is a depth.
        """
        width, height = self.resolution
        right, up, back = self.placement[:3, :3]
        p = self.projection
        a = right * 2 / (width * p[0, 0])
        b = up * -2 / (height * p[1, 1])
        c = right * (p[2, 0] - 1) / p[0, 0] + up * (p[2, 1] + 1) / p[1, 1] - back
        return np.stack([self.position, c, a, b])

    def project(self, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Project world points (n, 3) to pixel coordinates (n, 2) and depths (n,), float64.

        Pixel (i, j) covers i..i+1, j..j+1. Coordinates of points with a depth of 0 or less mean nothing.
        """
        width, height = self.resolution
        local = np.asarray(points, np.float64) @ self.view[:3, :3] + self.view[3, :3]
        depth = -local[:, 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            ndc = (local @ self.projection[:3, :2]) / depth[:, None]
        return (ndc * [1, -1] + 1) * [width / 2, height / 2], depth


def _not_a_camera(prim: Usd.Prim) -> str:
    if not prim:
        return "the camera's prim does not exist"
    path = str(prim.GetPath())
    cameras = [str(p.GetPath()) for p in prim.GetStage().Traverse() if p.IsA(UsdGeom.Camera)]
    near = difflib.get_close_matches(path, cameras, n=1, cutoff=0)
    hint = f"; did you mean {near[0]}?" if near else "; the stage has no camera"
    return f"{path} is no Camera but {prim.GetTypeName() or 'typeless'}{hint}"
