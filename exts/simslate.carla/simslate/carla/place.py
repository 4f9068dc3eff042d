"""Where things are on the stage, in CARLA's terms: poses of prims, and the layer that spawned ones live in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom

import omni.timeline

from .geometry import Transform
from .poses import (
    camera_matrix,
    carla_transform,
    carla_transform_of_camera,
    field_of_view_to_apertures,
    usd_matrix,
)

_FOCAL_LENGTH = 20.0
_CLIPPING_M = 0.01, 100_000.0


class Place:
    """A stage as CARLA's world: poses in, poses out, and what is spawned in a layer of its own that is never saved."""

    def __init__(self, stage: Usd.Stage) -> None:
        self.stage = stage
        self._frame: dict[str, Any] = {
            "meters_per_unit": float(UsdGeom.GetStageMetersPerUnit(stage)),
            "up_axis": str(UsdGeom.GetStageUpAxis(stage)),
        }
        self._layer = Sdf.Layer.CreateAnonymous("simslate_carla")
        stage.GetSessionLayer().subLayerPaths.insert(0, self._layer.identifier)

    def close(self) -> None:
        """Take everything spawned off the stage."""
        paths = self.stage.GetSessionLayer().subLayerPaths
        if self._layer.identifier in paths:
            paths.remove(self._layer.identifier)

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Let edits of the stage go to the layer of what is spawned."""
        with Usd.EditContext(self.stage, self._layer):
            yield

    def pose(self, prim: Usd.Prim) -> Transform:
        """Return where ``prim`` is in the world now."""
        read: Any = carla_transform_of_camera if prim.IsA(UsdGeom.Camera) else carla_transform
        matrix = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(_now())
        pose: Transform = read(np.array(matrix).T, **self._frame)
        return pose

    def put(self, prim: Usd.Prim, transform: Transform) -> None:
        """Move a spawned ``prim``, whose parents have no transform, to ``transform``."""
        written: Any = camera_matrix if prim.IsA(UsdGeom.Camera) else usd_matrix
        matrix = Gf.Matrix4d(written(transform, **self._frame).T.tolist())
        with self.editing():
            xformable = UsdGeom.Xformable(prim)
            operation = next(iter(xformable.GetOrderedXformOps()), None) or xformable.AddTransformOp()
            operation.Set(matrix)

    def set_lens(self, prim: Usd.Prim, fov: float, width: int, height: int) -> None:
        """Give a camera a horizontal field of view in degrees. CarlaError if it is not one."""
        horizontal, vertical = field_of_view_to_apertures(fov, width, height, focal_length=_FOCAL_LENGTH)
        near, far = (metres / self._frame["meters_per_unit"] for metres in _CLIPPING_M)
        with self.editing():
            camera = UsdGeom.Camera(prim)
            camera.CreateFocalLengthAttr(_FOCAL_LENGTH)
            camera.CreateHorizontalApertureAttr(horizontal)
            camera.CreateVerticalApertureAttr(vertical)
            camera.CreateClippingRangeAttr(Gf.Vec2f(near, far))


def _now() -> Usd.TimeCode:
    timeline = omni.timeline.get_timeline_interface()
    return Usd.TimeCode(timeline.get_current_time() * timeline.get_time_codes_per_seconds())
