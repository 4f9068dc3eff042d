"""Viewports: which camera they show, pictures of them, and framing prims. No window is shown."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf

import carb
import omni.usd
from kitless.absent import Missing, absent
from kitless.services import service
from omni.kit.viewport.utility._capture import Capture, write_picture
from omni.kit.viewport.utility._frame import frame
from omni.kit.viewport.utility._viewports import ViewportAPI, Viewports, ViewportWindow

__all__ = [
    "ViewportPrimReferencePoint",
    "add_aov_to_viewport",
    "capture_viewport_to_buffer",
    "capture_viewport_to_file",
    "create_drop_helper",
    "create_viewport_window",
    "disable_context_menu",
    "disable_selection",
    "frame_viewport_prims",
    "frame_viewport_selection",
    "get_active_viewport",
    "get_active_viewport_and_window",
    "get_active_viewport_camera_path",
    "get_active_viewport_camera_string",
    "get_active_viewport_window",
    "get_available_aovs_for_viewport",
    "get_ground_plane_info",
    "get_num_viewports",
    "get_ui_position_for_prim",
    "get_viewport_from_window_name",
    "get_viewport_window_camera_path",
    "get_viewport_window_camera_string",
    "next_viewport_frame_async",
    "post_viewport_message",
    "toggle_global_visibility",
]

add_aov_to_viewport = Missing("omni.kit.viewport.utility.add_aov_to_viewport")
create_drop_helper = Missing("omni.kit.viewport.utility.create_drop_helper")
get_available_aovs_for_viewport = Missing("omni.kit.viewport.utility.get_available_aovs_for_viewport")
get_ground_plane_info = Missing("omni.kit.viewport.utility.get_ground_plane_info")
get_ui_position_for_prim = Missing("omni.kit.viewport.utility.get_ui_position_for_prim")
toggle_global_visibility = Missing("omni.kit.viewport.utility.toggle_global_visibility")


class ViewportPrimReferencePoint(enum.IntEnum):
    """A place on a prim's bounding box."""

    BOUND_BOX_CENTER = 0
    BOUND_BOX_LEFT = 1
    BOUND_BOX_RIGHT = 2
    BOUND_BOX_TOP = 3
    BOUND_BOX_BOTTOM = 4


# --- which there are


def get_active_viewport(usd_context_name: str = "") -> ViewportAPI | None:
    """Return the first viewport of a context, None when all its windows have been destroyed."""
    window = get_active_viewport_window(usd_context_name=usd_context_name)
    return None if window is None else window.viewport_api


def get_active_viewport_window(
    window_name: str | None = None, usd_context_name: str = "", **kwargs: Any
) -> ViewportWindow | None:
    """Return the window of that name, without a name the first one; None when there is none."""
    return service(Viewports).find(window_name, usd_context_name)


def get_active_viewport_and_window(
    usd_context_name: str = "", window_name: str | None = None, **kwargs: Any
) -> tuple[ViewportAPI | None, ViewportWindow | None]:
    """Return the first viewport of a context and its window, (None, None) when there is none."""
    window = get_active_viewport_window(window_name, usd_context_name)
    return (None, None) if window is None else (window.viewport_api, window)


def get_viewport_from_window_name(window_name: str | None = None) -> ViewportAPI | None:
    """Return the viewport of the window of that name, None when there is none."""
    window = service(Viewports).find(window_name)
    return None if window is None else window.viewport_api


def get_viewport_window_camera_path(window_name: str | None = None) -> Sdf.Path | None:
    """Return the camera of the window of that name, None when there is none."""
    viewport = get_viewport_from_window_name(window_name)
    return None if viewport is None else viewport.camera_path


def get_viewport_window_camera_string(window_name: str | None = None) -> str | None:
    """Return the camera of the window of that name, None when there is none."""
    path = get_viewport_window_camera_path(window_name)
    return None if path is None else str(path)


def get_active_viewport_camera_path(usd_context_name: str = "") -> Sdf.Path | None:
    """Return the camera of the first viewport, None when there is none."""
    viewport = get_active_viewport(usd_context_name)
    return None if viewport is None else viewport.camera_path


def get_active_viewport_camera_string(usd_context_name: str = "") -> str | None:
    """Return the camera of the first viewport, None when there is none."""
    path = get_active_viewport_camera_path(usd_context_name)
    return None if path is None else str(path)


def get_num_viewports(usd_context_name: str | None = None) -> int:
    """Return the number of viewports, of one context if given."""
    return len(service(Viewports).windows(usd_context_name))


def create_viewport_window(
    name: str | None = None,
    usd_context_name: str = "",
    width: int = 1280,
    height: int = 720,
    position_x: int = 0,
    position_y: int = 0,
    camera_path: str | Sdf.Path | None = None,
    **kwargs: Any,
) -> ViewportWindow:
    """Open a viewport's window, ``Viewport 2`` and so on without a name."""
    viewport = ViewportAPI(usd_context_name, None if camera_path is None else str(camera_path), (width, height))
    return service(Viewports).add(name, viewport, (position_x, position_y))


# --- what they show


def frame_viewport_prims(viewport_api: ViewportAPI | None = None, prims: Sequence[str] | None = None) -> bool:
    """Move the camera so that it sees the prims, given as paths; return whether there was something to see.

    Raises ValueError where a prim or the camera is not on the stage, or where there is no viewport.
    """
    return frame(_or_active(viewport_api), [str(path) for path in prims or ()])


def frame_viewport_selection(viewport_api: ViewportAPI | None = None, **kwargs: Any) -> bool:
    """Move the camera so that it sees what is selected; return whether there was something to see."""
    viewport = _or_active(viewport_api)
    selection = omni.usd.get_context(viewport.usd_context_name).get_selection()
    return frame(viewport, selection.get_selected_prim_paths())


def capture_viewport_to_file(
    viewport_api: ViewportAPI,
    file_path: str | None = None,
    is_hdr: bool = False,
    render_product_path: str | None = None,
    format_desc: dict[str, Any] | None = None,
    frame_to_capture: int | None = None,
) -> Capture:
    """Write what the viewport shows after the next update; ``await capture.wait_for_result()`` waits for the file.

    Raises ValueError without a path and where the camera is not on the stage, NotImplementedError for ``is_hdr``,
    ``render_product_path`` and ``frame_to_capture``.
    """
    if is_hdr or render_product_path is not None or frame_to_capture is not None:
        name = "omni.kit.viewport.utility.capture_viewport_to_file"
        raise NotImplementedError(f"{name}(is_hdr, render_product_path, frame_to_capture) is not in kitless yet")
    if not file_path:
        raise ValueError("capture_viewport_to_file needs a file_path")
    return Capture(viewport_api, write_picture(file_path))


def capture_viewport_to_buffer(
    viewport_api: ViewportAPI,
    on_capture_fn: Callable[[NDArray[np.uint8], int, int, int, str], Any],
    is_hdr: bool = False,
) -> Capture:
    """Call ``on_capture_fn(pixels, bytes, width, height, "RGBA8_UNORM")`` after the next update.

    The pixels are a (height, width, 4) uint8 array, where Kit hands over a capsule. Raises NotImplementedError for
    ``is_hdr``.
    """
    if is_hdr:
        raise NotImplementedError(
            "omni.kit.viewport.utility.capture_viewport_to_buffer(is_hdr=True) is not in kitless yet"
        )

    def take(pixels: NDArray[np.uint8]) -> None:
        on_capture_fn(pixels, pixels.nbytes, pixels.shape[1], pixels.shape[0], "RGBA8_UNORM")

    return Capture(viewport_api, take)


async def next_viewport_frame_async(viewport: ViewportAPI, n_frames: int = 0) -> None:
    """Wait for an update and ``n_frames`` more."""
    await viewport.wait_for_rendered_frames(n_frames)


def post_viewport_message(
    viewport_api_or_window: ViewportAPI | ViewportWindow, message: str, message_id: str | None = None
) -> None:
    """Log a message, in place of showing it on the viewport."""
    carb.log_info(f"Viewport: {message}")


def disable_selection(viewport_or_window: ViewportAPI | ViewportWindow, disable_click: bool = True) -> Any:
    """Return a token that keeps users from selecting in the viewport: nobody can in any case."""
    return _Disabled()


def disable_context_menu(viewport_or_window: ViewportAPI | ViewportWindow | None = None) -> Any:
    """Return a token that keeps users from the viewport's menu: there is none in any case."""
    return _Disabled()


class _Disabled:
    """What is off for as long as this is held."""


def _or_active(viewport: ViewportAPI | None) -> ViewportAPI:
    found = viewport or get_active_viewport()
    if found is None:
        raise ValueError("there is no viewport: create_viewport_window() makes one")
    return found


__getattr__ = absent(__name__)
