"""Data of viewports in the older manner: a function for each sensor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import omni.replicator.core as rep
from kitless.absent import Missing, absent
from kitless.services import service
from omni.kit.app import get_app
from omni.kit.viewport.utility._viewports import ViewportAPI
from omni.syntheticdata._synthetic_data import SyntheticData
from omni.syntheticdata._syntheticdata import SensorType

__all__ = [
    "disable_sensors",
    "enable_sensors",
    "get_distance_to_camera",
    "get_distance_to_image_plane",
    "get_normals",
    "get_rgb",
    "get_synthetic_data",
    "next_render_simulation_async",
    "next_sensor_data_async",
]

_ANNOTATORS = {
    SensorType.Rgb: "rgb",
    SensorType.DistanceToImagePlane: "distance_to_image_plane",
    SensorType.DistanceToCamera: "distance_to_camera",
    SensorType.Normals: "normals",
}
_MISSING = (
    "create_or_retrieve_sensor",
    "create_or_retrieve_sensor_async",
    "get_bounding_box_2d_loose",
    "get_bounding_box_2d_tight",
    "get_bounding_box_3d",
    "get_instance_segmentation",
    "get_motion_vector",
    "get_occlusion",
    "get_semantic_segmentation",
    "initialize_async",
)
globals().update({name: Missing(f"omni.syntheticdata.sensors.{name}") for name in _MISSING})


class _Attached:
    """The annotators of the viewports' render products."""

    def __init__(self) -> None:
        self._annotators: dict[tuple[str, SensorType], Any] = {}

    def get(self, viewport: ViewportAPI, kind: SensorType) -> Any:
        """Return the annotator, attached where it is not."""
        key = (viewport.render_product_path, kind)
        if key not in self._annotators:
            name = _ANNOTATORS.get(kind)
            if name is None:
                raise NotImplementedError(f"omni.syntheticdata.sensors: {kind.name} is not in kitless yet")
            self._annotators[key] = rep.AnnotatorRegistry.get_annotator(name).attach(key[0])
        return self._annotators[key]

    def drop(self, viewport: ViewportAPI, kind: SensorType) -> None:
        """Detach the annotator where it is attached."""
        annotator = self._annotators.pop((viewport.render_product_path, kind), None)
        if annotator is not None:
            annotator.detach()


def get_synthetic_data() -> SyntheticData:
    """Return the process's one."""
    return SyntheticData.Get()


def enable_sensors(viewport: ViewportAPI, sensor_types: Iterable[SensorType]) -> None:
    """Take these data from now on; raises NotImplementedError for those that kitless has not."""
    for kind in sensor_types:
        service(_Attached).get(viewport, kind)


def disable_sensors(viewport: ViewportAPI, sensor_types: Iterable[SensorType]) -> None:
    """Take these data no more."""
    for kind in sensor_types:
        service(_Attached).drop(viewport, kind)


async def next_sensor_data_async(
    viewport: Any = None, waitSimFrame: bool = False, inViewportId: int | None = None
) -> None:
    """Wait for the update after which sensors have new data."""
    await get_app().next_update_async()


async def next_render_simulation_async(render_product_path: str, num_simulation_frames_offset: int = 0) -> None:
    """Wait for the update, and as many more as asked, after which sensors have new data."""
    for _ in range(1 + num_simulation_frames_offset):
        await get_app().next_update_async()


def get_rgb(viewport: ViewportAPI) -> NDArray[np.uint8]:
    """Return the picture (height, width, 4), RGBA."""
    return _data(viewport, SensorType.Rgb)


def get_distance_to_image_plane(viewport: ViewportAPI) -> NDArray[np.float32]:
    """Return distances along the camera's axis (height, width) in metres, inf where nothing is hit."""
    return _data(viewport, SensorType.DistanceToImagePlane)


def get_distance_to_camera(viewport: ViewportAPI) -> NDArray[np.float32]:
    """Return distances to the camera's point (height, width) in metres, inf where nothing is hit."""
    return _data(viewport, SensorType.DistanceToCamera)


def get_normals(viewport: ViewportAPI) -> NDArray[np.float32]:
    """Return normals (height, width, 4)."""
    return _data(viewport, SensorType.Normals)


def _data(viewport: ViewportAPI, kind: SensorType) -> Any:
    return np.asarray(service(_Attached).get(viewport, kind).get_data())


__getattr__ = absent(__name__)
