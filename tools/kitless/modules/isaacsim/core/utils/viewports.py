"""Cameras of viewports: where they look, and their calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from pxr import Gf, Sdf, Usd, UsdGeom

from isaacsim.core._current import current_stage
from isaacsim.core._poses import Array, floats
from isaacsim.core.utils.prims import is_prim_path_valid, set_prim_hide_in_stage_window, set_prim_no_delete
from isaacsim.core.utils.stage import get_current_stage
from kitless import app_cameras
from kitless.absent import Missing, absent
from kitless.services import service
from omni.kit.viewport.utility import create_viewport_window, get_active_viewport
from omni.kit.viewport.utility._frame import place
from omni.kit.viewport.utility._viewports import ViewportAPI, Viewports, ViewportWindow

__all__ = [
    "add_aov_to_viewport",
    "backproject_depth",
    "create_viewport_for_camera",
    "destroy_all_viewports",
    "get_current_stage",
    "get_id_from_index",
    "get_intrinsics_matrix",
    "get_viewport_names",
    "get_window_from_id",
    "is_prim_path_valid",
    "project_depth_to_worldspace",
    "set_active_viewport_camera",
    "set_camera_view",
    "set_intrinsics_matrix",
    "set_prim_hide_in_stage_window",
    "set_prim_no_delete",
]

add_aov_to_viewport = Missing("isaacsim.core.utils.viewports.add_aov_to_viewport")
backproject_depth = Missing("isaacsim.core.utils.viewports.backproject_depth")
project_depth_to_worldspace = Missing("isaacsim.core.utils.viewports.project_depth_to_worldspace")


def set_camera_view(
    eye: Sequence[float] | Array,
    target: Sequence[float] | Array,
    camera_prim_path: str = app_cameras.PERSPECTIVE,
    viewport_api: ViewportAPI | None = None,
) -> None:
    """Let a camera at ``eye`` look at ``target``, both in the world, the stage's up axis upwards.

    The app's perspective camera is made where it is missing. Raises ValueError where there is no camera at the path,
    and where both points are one.
    """
    stage = current_stage() if viewport_api is None or viewport_api.stage is None else viewport_api.stage
    camera = UsdGeom.Camera(app_cameras.ensure(stage, str(camera_prim_path)))
    if not camera:
        raise ValueError(f"no camera at {camera_prim_path}")
    start, end = (Gf.Vec3d(*floats(point, 3, "a point")) for point in (eye, target))
    place(camera, app_cameras.look_at(stage, start, end))


def set_active_viewport_camera(camera_prim_path: str | Sdf.Path) -> None:
    """Let the active viewport show a camera.

    Raises RuntimeError when there is no viewport.
    """
    viewport = get_active_viewport()
    if viewport is None:
        raise RuntimeError("there is no viewport: create_viewport_window() makes one")
    viewport.set_active_camera(camera_prim_path)


def create_viewport_for_camera(
    viewport_name: str,
    camera_prim_path: str,
    width: int = 1280,
    height: int = 720,
    position_x: int = 0,
    position_y: int = 0,
) -> ViewportWindow:
    """Let the window of that name, opened where it is missing, show a camera, and return it."""
    window = service(Viewports).find(viewport_name)
    if window is None:
        return create_viewport_window(viewport_name, "", width, height, position_x, position_y, camera_prim_path)
    window.viewport_api.set_active_camera(camera_prim_path)
    window.viewport_api.resolution = (width, height)
    return window


def get_viewport_names(usd_context_name: str | None = None) -> list[str]:
    """Return the names of the windows."""
    return [window.name for window in service(Viewports).windows(usd_context_name)]


def get_id_from_index(index: int) -> str | None:
    """Return the id of the viewport of that place, None when there are fewer."""
    windows = service(Viewports).windows()
    return windows[index].viewport_api.id if 0 <= index < len(windows) else None


def get_window_from_id(id: str, usd_context_name: str | None = None) -> ViewportWindow | None:
    """Return the window of the viewport with that id, None when there is none."""
    return service(Viewports).find(id, usd_context_name)


def destroy_all_viewports(usd_context_name: str | None = None, destroy_main_viewport: bool = True) -> None:
    """Destroy the windows, the first one too if asked."""
    windows = service(Viewports).windows(usd_context_name)
    for window in windows if destroy_main_viewport else windows[1:]:
        window.destroy()


def get_intrinsics_matrix(viewport_api: ViewportAPI) -> Array:
    """Return the calibration (3, 3) in pixels, origin at the top left, x to the right, y down; pixels are square.

    Raises ValueError where the viewport's camera is not on the stage.
    """
    width, height = viewport_api.resolution
    lens = viewport_api.camera.GetCamera(Usd.TimeCode.Default())
    focal = width * lens.focalLength / lens.horizontalAperture
    x = width / 2 - focal * lens.horizontalApertureOffset / lens.focalLength
    y = height / 2 + focal * lens.verticalApertureOffset / lens.focalLength
    return np.array([[focal, 0.0, x], [0.0, focal, y], [0.0, 0.0, 1.0]])


def set_intrinsics_matrix(viewport_api: ViewportAPI, intrinsics_matrix: ArrayLike, focal_length: float = 1.0) -> None:
    """Let the viewport's camera have a calibration (3, 3) in pixels, with this focal length in the stage's tenths.

    Raises ValueError for pixels that are not square, and where the camera is not on the stage.
    """
    matrix = np.asarray(intrinsics_matrix, dtype=np.float64)
    fx, fy = float(matrix[0, 0]), float(matrix[1, 1])
    if not np.isclose(fx, fy, rtol=1e-6):
        raise ValueError(f"the focal lengths {fx} and {fy} differ: pixels are square here")
    width, height = viewport_api.resolution
    camera = viewport_api.camera
    with app_cameras.editing(camera.GetPrim()):
        camera.GetFocalLengthAttr().Set(focal_length)
        camera.GetHorizontalApertureAttr().Set(width * focal_length / fx)
        camera.GetVerticalApertureAttr().Set(height * focal_length / fy)
        camera.GetHorizontalApertureOffsetAttr().Set((width / 2 - float(matrix[0, 2])) * focal_length / fx)
        camera.GetVerticalApertureOffsetAttr().Set((float(matrix[1, 2]) - height / 2) * focal_length / fy)


__getattr__ = absent(__name__)
