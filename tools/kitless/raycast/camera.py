"""Camera: where rays start and go, and where points end up."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pxr import Usd, UsdGeom

from kitless.raycast.calibration import lens_of
from kitless.raycast.errors import CameraError
from kitless.raycast.lens import Lens, centres, table_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_APERTURE_UNIT = 0.1
"""Of the stage's: USD gives an orthographic camera's apertures, too, in tenths."""
EVERY_PIXEL = np.empty((0, 2), np.float32)
"""Places that mean: the centre of every pixel."""
_NO_TABLE = np.empty((0, 3), np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Camera:
    """A camera at one time: looks down -Z of its own frame, +Y up, pixel origin at the image's top left.

    Its rays meet in a pinhole, unless a lens bends them or they are parallel. A ray's travel is how far it goes, as
    clipping counts it: a depth along the optical axis, but for fisheyes, which look sideways, a distance.
    """

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
    parallel: bool = False
    """Orthographic: rays start on the camera's plane, all along the axis, in a window as large as the aperture."""
    lens: Lens | None = None
    """What bends the rays: then focal length, aperture and offset shape only `projection`, not the picture."""
    exposure: float = 1.0
    """What radiances are multiplied by before the tone curve."""
    shift: tuple[float, float] = (0.0, 0.0)
    """Pixels that rays are moved by, right and down; points are projected without."""

    def __post_init__(self) -> None:
        width, height = self.resolution
        if width < 1 or height < 1:
            raise CameraError(f"resolution {width}x{height}: both sides must be at least 1 pixel")
        if not (self.aperture[0] > 0 and (self.focal_length > 0 or self.parallel)):
            raise CameraError(f"focal length {self.focal_length} and aperture {self.aperture[0]} must be above 0")
        near, far = self.clipping
        if not 0 <= near < far:
            raise CameraError(f"clipping range ({near}, {far}): near must be at least 0 and below far")

    def sees_like(self, other: Camera) -> bool:
        """Return whether both send the same rays; with a lens that is not told, and False."""
        shape = ("resolution", "focal_length", "aperture", "offset", "clipping", "parallel", "exposure", "shift")
        return (
            self.lens is other.lens is None
            and all(getattr(self, name) == getattr(other, name) for name in shape)
            and np.array_equal(self.view, other.view)
        )

    @classmethod
    def from_prim(cls, prim: Usd.Prim, resolution: tuple[int, int], time: Usd.TimeCode | None = None) -> Camera:
        """Read a UsdGeomCamera at `time` (None: the default time).

        Raises CameraError if the prim is no camera or its values are impossible, NotImplementedError for a lens that
        cannot be drawn.
        """
        time = Usd.TimeCode.Default() if time is None else time
        if not prim or not prim.IsA(UsdGeom.Camera):
            raise CameraError(_not_a_camera(prim))
        camera = UsdGeom.Camera(prim)
        lens = lens_of(prim, time)
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
                parallel=camera.GetProjectionAttr().Get(time) == UsdGeom.Tokens.orthographic,
                lens=lens,
                exposure=camera.ComputeLinearExposureScale(time),
            )
        except CameraError as error:
            raise CameraError(f"{prim.GetPath()}: {error}") from None

    @property
    def model(self) -> str:
        """Replicator's name of the camera's type."""
        if self.lens is not None:
            return self.lens.model
        return "orthographic" if self.parallel else "pinhole"

    @property
    def is_pinhole(self) -> bool:
        """Whether `projection` says all about the picture, and rays meet in a point."""
        return self.lens is None and not self.parallel

    @property
    def by_distance(self) -> bool:
        """Whether travel is distance from the camera, not depth."""
        return self.lens is not None and self.lens.by_distance

    @cached_property
    def projection(self) -> NDArray[np.float64]:
        """(4, 4) camera to clip space, row vectors; reversed depth: 1 at near, 0 at far.

        Offsets shift the window as in USD's GfFrustum. A bending lens is left out, as Replicator does.
        """
        width, height = self.resolution
        near, far = self.clipping
        matrix = np.zeros((4, 4))
        infinite = math.isinf(far)
        offset = 2 * self.offset[0] / self.aperture[0], 2 * self.offset[1] / self.aperture[0] * width / height
        if self.parallel:
            matrix[0, 0] = 2 / (self.aperture[0] * _APERTURE_UNIT)
            matrix[3, :2] = -offset[0], -offset[1]
            matrix[2, 2] = 0.0 if infinite else 1 / (far - near)
            matrix[3, 2:] = (1.0 if infinite else far / (far - near)), 1.0
        else:
            matrix[0, 0] = 2 * self.focal_length / self.aperture[0]
            matrix[2, :2] = offset
            matrix[2, 2:] = (0.0 if infinite else near / (far - near)), -1.0
            matrix[3, 2] = near if infinite else near * far / (far - near)
        matrix[1, 1] = matrix[0, 0] * width / height
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
    def rays(self) -> NDArray[np.float64]:
        """(7, 3) o, c, a, b, u, v in world coordinates, then (w, g, 0).

        The ray through pixel coordinates (x, y) starts at o + x u + y v and goes c + x a + y b, which has a component
        of 1 along the optical axis; with a lens it goes p c + q a + r b instead, where (p, q, r) is the row of
        `table`. Where a ray has travelled t, a pixel is w + g t wide.
        """
        width, height = self.resolution
        right, up, back = self.placement[:3, :3]
        nothing = np.zeros(3)
        if self.lens is not None:
            spread = np.array([0, self.lens.pixel(self.resolution), 0])
            return np.stack([self.position, right, up, back, nothing, nothing, spread])
        p = self.projection
        across, down = right * 2 / (width * p[0, 0]), up * -2 / (height * p[1, 1])
        if self.parallel:
            corner = right * (-1 - p[3, 0]) / p[0, 0] + up * (1 - p[3, 1]) / p[1, 1]
            spread = np.array([np.linalg.norm(across), 0, 0])
            corner = corner + self.shift[0] * across + self.shift[1] * down
            return np.stack([self.position + corner, -back, nothing, nothing, across, down, spread])
        corner = right * (p[2, 0] - 1) / p[0, 0] + up * (p[2, 1] + 1) / p[1, 1] - back
        corner = corner + self.shift[0] * across + self.shift[1] * down
        spread = np.array([0, np.linalg.norm(across), 0])
        return np.stack([self.position, corner, across, down, nothing, nothing, spread])

    def table(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the directions (n, 3) of a lens's rays through places or EVERY_PIXEL, in the camera's frame.

        A row of 0 where nothing is seen; (0, 3) without a lens: `rays` says it all.
        """
        if self.lens is None:
            return _NO_TABLE
        if len(places) or any(self.shift):
            moved = (places if len(places) else centres(self.resolution)) + np.array(self.shift)
            return self.lens.directions(moved, self.resolution).astype(np.float32)
        return table_of(self.lens, self.resolution)

    def project(self, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Project world points (n, 3) to pixel coordinates (n, 2) and travels (n,), float64.

        Pixel (i, j) covers i..i+1, j..j+1. Coordinates of points with a travel of 0 or less mean nothing.
        """
        local = np.asarray(points, np.float64) @ self.view[:3, :3] + self.view[3, :3]
        if self.lens is not None:
            return self.lens.project(local, self.resolution)
        width, height = self.resolution
        depth = -local[:, 2]
        clip = local @ self.projection[:3, :2] + self.projection[3, :2]
        with np.errstate(divide="ignore", invalid="ignore"):
            ndc = clip if self.parallel else clip / depth[:, None]
        return (ndc * [1, -1] + 1) * [width / 2, height / 2], depth

    def shifted(self, right: float, down: float) -> Camera:
        """Return the camera whose rays go that many pixels beside this one's."""
        return replace(self, shift=(self.shift[0] + right, self.shift[1] + down))

    def widened(self, factor: int) -> Camera:
        """Return the camera of a canvas `factor` (odd) times as wide and high about this one's, of the same pixels."""
        width, height = self.resolution
        return replace(
            self,
            resolution=(width * factor, height * factor),
            aperture=(self.aperture[0] * factor, self.aperture[1] * factor),
            lens=self.lens and self.lens.widened(factor),
        )


def pixel_shift(number: int) -> tuple[float, float]:
    """Return where a pixel is looked through for the n-th time, from its centre: the R2 sequence (Roberts 2018)."""
    return (0.5 + number * 0.7548776662466927) % 1.0 - 0.5, (0.5 + number * 0.5698402909980532) % 1.0 - 0.5


def _not_a_camera(prim: Usd.Prim) -> str:
    if not prim:
        return "the camera's prim does not exist"
    path = str(prim.GetPath())
    cameras = [str(p.GetPath()) for p in prim.GetStage().Traverse() if p.IsA(UsdGeom.Camera)]
    near = difflib.get_close_matches(path, cameras, n=1, cutoff=0)
    hint = f"; did you mean {near[0]}?" if near else "; the stage has no camera"
    return f"{path} is no Camera but {prim.GetTypeName() or 'typeless'}{hint}"
