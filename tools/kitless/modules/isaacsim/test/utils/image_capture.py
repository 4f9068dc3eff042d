"""Pictures and other annotators' data, taken now."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import UsdGeom

import omni.replicator.core as rep
import omni.usd
from isaacsim.core._current import current_stage
from isaacsim.core.utils.viewports import set_camera_view
from kitless.absent import Missing, absent
from omni.kit.app import get_app
from omni.kit.viewport.utility import capture_viewport_to_file, get_active_viewport
from omni.kit.viewport.utility._viewports import ViewportAPI

__all__ = [
    "capture_annotator_data_async",
    "capture_app_screenshot_async",
    "capture_depth_data_async",
    "capture_frame_sequence_async",
    "capture_rgb_data_async",
    "capture_viewport_annotator_data_async",
    "capture_viewport_screenshot_async",
]

capture_app_screenshot_async = Missing("isaacsim.test.utils.image_capture.capture_app_screenshot_async")
capture_frame_sequence_async = Missing("isaacsim.test.utils.image_capture.capture_frame_sequence_async")


async def capture_annotator_data_async(
    annotator_name: str,
    camera_position: Sequence[float] = (5, 5, 5),
    camera_look_at: Sequence[float] = (0, 0, 0),
    resolution: tuple[int, int] = (1280, 720),
    camera_prim_path: str | None = None,
    render_product: Any = None,
    do_array_copy: bool = True,
) -> Any:
    """Return an annotator's data of the next frame.

    Of the render product that is given, else of the camera at ``camera_prim_path``, else of one that is made at
    ``camera_position`` for this frame.
    """
    async with contextlib.AsyncExitStack() as stack:
        if render_product is None:
            camera = camera_prim_path or _temporary_camera(stack, camera_position, camera_look_at)
            render_product = rep.create.render_product(camera, resolution, force_new=True)
            stack.callback(render_product.destroy)
        annotator = rep.AnnotatorRegistry.get_annotator(annotator_name).attach(render_product)
        stack.callback(annotator.detach)
        await get_app().next_update_async()
        return annotator.get_data(do_array_copy=do_array_copy)


async def capture_rgb_data_async(
    camera_position: Sequence[float] = (5, 5, 5),
    camera_look_at: Sequence[float] = (0, 0, 0),
    resolution: tuple[int, int] = (1280, 720),
    camera_prim_path: str | None = None,
    render_product: Any = None,
) -> NDArray[np.uint8]:
    """Return a picture (height, width, 4), uint8 RGBA; see capture_annotator_data_async."""
    place = (camera_position, camera_look_at, resolution, camera_prim_path, render_product)
    return np.asarray(await capture_annotator_data_async("rgb", *place))


async def capture_depth_data_async(
    depth_type: str = "distance_to_camera",
    camera_position: Sequence[float] = (5, 5, 5),
    camera_look_at: Sequence[float] = (0, 0, 0),
    resolution: tuple[int, int] = (1280, 720),
    camera_prim_path: str | None = None,
    render_product: Any = None,
) -> NDArray[np.float32]:
    """Return distances (height, width) in metres, inf where nothing is hit; see capture_annotator_data_async.

    Raises ValueError for another type than distance_to_camera and distance_to_image_plane.
    """
    if depth_type not in ("distance_to_camera", "distance_to_image_plane"):
        raise ValueError(f"depth_type {depth_type!r} is none of distance_to_camera, distance_to_image_plane")
    place = (camera_position, camera_look_at, resolution, camera_prim_path, render_product)
    return np.asarray(await capture_annotator_data_async(depth_type, *place))


async def capture_viewport_annotator_data_async(viewport_api: ViewportAPI, annotator_name: str = "rgb") -> Any:
    """Return an annotator's data of what a viewport shows in the next frame."""
    camera, size = str(viewport_api.camera.GetPath()), viewport_api.resolution
    return await capture_annotator_data_async(annotator_name, resolution=size, camera_prim_path=camera)


async def capture_viewport_screenshot_async(
    output_path: str | os.PathLike[str], *, viewport_api: ViewportAPI | None = None
) -> bool:
    """Write what a viewport, the active one unless given, shows in the next frame; return True.

    Raises ValueError where there is no viewport or its camera is not on the stage, OSError where it cannot be written.
    """
    viewport = viewport_api or get_active_viewport()
    if viewport is None:
        raise ValueError("there is no viewport: create_viewport_window() makes one")
    return await capture_viewport_to_file(viewport, str(output_path)).wait_for_result()


def _temporary_camera(stack: contextlib.AsyncExitStack, position: Sequence[float], target: Sequence[float]) -> str:
    stage = current_stage()
    path = omni.usd.get_stage_next_free_path(stage, "/CaptureCamera", False)
    UsdGeom.Camera.Define(stage, path).CreateClippingRangeAttr((0.01, 1e6))
    stack.callback(stage.RemovePrim, path)
    set_camera_view(position, target, path)
    return path


__getattr__ = absent(__name__)
