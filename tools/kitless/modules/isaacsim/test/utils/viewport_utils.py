"""Points of the world in a viewport's picture."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Gf

from kitless.absent import absent
from omni.kit.viewport.utility import get_active_viewport
from omni.kit.viewport.utility._viewports import ViewportAPI

__all__ = ["project_world_to_screen"]


def project_world_to_screen(
    position: Sequence[float], viewport: ViewportAPI | None = None
) -> tuple[float, float] | None:
    """Return the pixel (x to the right, y down, from the top left) of a point, None for one behind the camera.

    Raises ValueError where there is no viewport or its camera is not on the stage.
    """
    found = viewport or get_active_viewport()
    if found is None:
        raise ValueError("there is no viewport: create_viewport_window() makes one")
    if found.view.Transform(Gf.Vec3d(*position))[2] >= 0:
        return None
    x, y, _ = found.world_to_ndc.Transform(Gf.Vec3d(*position))
    width, height = found.resolution
    return (0.5 + x / 2) * width, (0.5 - y / 2) * height


__getattr__ = absent(__name__)
