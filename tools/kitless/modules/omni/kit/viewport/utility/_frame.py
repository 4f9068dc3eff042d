"""Moving a viewport's camera so that it sees prims."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pxr import Gf, Usd, UsdGeom

from kitless.app_cameras import editing
from omni.kit.viewport.utility._viewports import ViewportAPI


def frame(viewport_api: ViewportAPI, paths: Sequence[str]) -> bool:
    """Move the camera along its direction until the sphere around the prims touches its narrower field of view.

    Returns whether there was something to see. Raises ValueError where a prim or the camera is not on the stage.
    """
    stage, camera = viewport_api.stage, viewport_api.camera
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_, UsdGeom.Tokens.render])
    total = Gf.Range3d()
    for path in paths:
        prim = stage.GetPrimAtPath(path) if stage else None
        if not prim:
            raise ValueError(f"no prim at {path} to frame")
        total.UnionWith(cache.ComputeWorldBound(prim).ComputeAlignedRange())
    if total.IsEmpty():
        return False
    width, height = viewport_api.resolution
    lens = camera.GetCamera(Usd.TimeCode.Default())
    half = lens.horizontalAperture / 2 / lens.focalLength * min(1.0, height / width)
    distance = (total.GetSize().GetLength() / 2 or 1.0) / math.sin(math.atan(half))
    matrix = viewport_api.transform
    along = matrix.TransformDir(Gf.Vec3d(0, 0, -1)).GetNormalized()
    matrix.SetTranslateOnly(total.GetMidpoint() - along * distance)
    place(camera, matrix)
    return True


def place(camera: UsdGeom.Camera, to_world: Gf.Matrix4d) -> None:
    """Let the camera have this transform to the world; its transform ops are replaced by one."""
    parent = UsdGeom.XformCache().GetParentToWorldTransform(camera.GetPrim())
    with editing(camera.GetPrim()):
        camera.MakeMatrixXform().Set(to_world * parent.GetInverse())
