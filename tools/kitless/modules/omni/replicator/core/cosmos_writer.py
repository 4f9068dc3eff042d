"""CosmosWriter: clips for Cosmos, each key as pictures and, where an encoder is installed, as a film."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import carb
import omni.timeline

from .annotators import AnnotatorRegistry
from .backends import BaseBackend
from .basic_writer import choose_backend, sequence_of
from .edges import canny
from .functional import write_image
from .render_product import as_products
from .tools import colorize_distance, colorize_segmentation
from .video import INSTALL, find_encoder, mp4_bytes
from .writer import ON_FRAME, Writer

KEYS = ("rgb", "shaded_seg", "segmentation", "depth", "edges")
AMBIENT = 0.3
"""How bright shaded masks are where a surface is seen edge on."""


class CosmosWriter(Writer):
    """Writes ``clip_0000/<key>/<key>_0000.png`` of one render product, and at the end ``clip_0000/<key>.mp4``.

    Keys: ``rgb``; ``segmentation``, by instance or (``use_instance_id=False``) by label, ``segmentation_mapping``
    ``{label: (r, g, b[, a])}`` giving colours to labels; ``shaded_seg``, the same darker where a surface turns away
    from the camera; ``depth``, near is bright; ``edges``, Canny's. A new clip begins with ``next_clip()`` or when the
    count of a trigger that goes by time changes. Raises ``ValueError`` without backend and output_dir.
    """

    def __init__(
        self,
        backend: BaseBackend | None = None,
        output_dir: str | None = None,
        segmentation_mapping: Mapping[str, Any] | None = None,
        use_instance_id: bool = True,
        canny_threshold_low: int = 10,
        canny_threshold_high: int = 100,
    ) -> None:
        bucket = {"s3_bucket": None, "s3_region": None, "s3_endpoint": None}
        options = {"backend": backend, "output_dir": output_dir, **bucket}
        self.version = "0.0.2"
        self.data_structure = "legacy"
        self.backend: BaseBackend = choose_backend(options, "CosmosWriter")
        self._mapping = segmentation_mapping
        by_instance = use_instance_id and segmentation_mapping is None
        self._mask = "instance_id_segmentation_fast" if by_instance else "semantic_segmentation"
        self._thresholds = canny_threshold_low, canny_threshold_high
        self._clip, self._frame, self._sequence = 0, 0, ""
        get = AnnotatorRegistry.get_annotator
        self.annotators = [
            get("rgb"),
            get("distance_to_image_plane"),
            get("normals"),
            get("camera_params"),
            get(self._mask, init_params={"colorize": False}),
        ]

    def attach(self, render_products: Any, trigger: Any = ON_FRAME) -> None:
        """Attach to one render product. Raises ``ValueError`` for several."""
        count = len(as_products(render_products))
        if count != 1:
            raise ValueError(f"CosmosWriter takes one render product, not {count}")
        super().attach(render_products, trigger)

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the pictures of one frame."""
        sequence = sequence_of(data["trigger_outputs"])
        if self._sequence and sequence != self._sequence:
            self.next_clip()
        self._sequence = sequence
        for key, picture in self._pictures(data).items():
            path = f"{self._folder}/{key}/{key}_{self._frame:04}.png"
            self.backend.schedule(write_image, path=path, data=picture)
        self._frame += 1

    def next_clip(self) -> None:
        """End the clip: its films are made, and the next frame is the first one of another."""
        if self._frame:
            self._write_films()
            self._clip, self._frame = self._clip + 1, 0

    def on_final_frame(self) -> None:
        """End the last clip."""
        self.next_clip()

    @property
    def _folder(self) -> str:
        return f"clip_{self._clip:04}"

    def _pictures(self, data: Mapping[str, Any]) -> dict[str, NDArray[np.uint8]]:
        mask = self._segmentation(data[self._mask])
        view = np.asarray(data["camera_params"]["cameraViewTransform"]).reshape(4, 4)
        # The third column of the view takes a direction to the camera's own Z, which points back at the viewer.
        facing = np.clip(data["normals"][..., :3] @ view[:3, 2], 0.0, 1.0)
        shaded = mask.astype(np.float64)
        shaded[..., :3] *= (AMBIENT + (1 - AMBIENT) * facing)[..., None]
        rgb = data["rgb"]
        return {
            "rgb": rgb,
            "shaded_seg": shaded.astype(np.uint8),
            "segmentation": mask,
            "depth": colorize_distance(data["distance_to_image_plane"], near=None, far=None),
            "edges": canny(rgb, *self._thresholds),
        }

    def _segmentation(self, found: Mapping[str, Any]) -> NDArray[np.uint8]:
        """The mask in colours, opaque: films have no transparency."""
        labels = found["info"]["idToLabels"]
        picture: NDArray[np.uint8] = colorize_segmentation(found["data"], labels, self._mapping or {})
        picture[..., 3] = 255
        return picture

    def _write_films(self) -> None:
        folder = getattr(self.backend, "output_dir", None)
        if folder is None:
            carb.log_warn("CosmosWriter: its backend has no output_dir, so that no films are made")
            return
        if find_encoder() is None:
            carb.log_warn(f"CosmosWriter: {folder}/{self._folder} has pictures but no films: {INSTALL}")
            return
        from PIL import Image

        self.backend.wait_until_done()
        rate = omni.timeline.get_timeline_interface().get_time_codes_per_seconds()
        for key in KEYS:
            paths = [Path(folder, self._folder, key, f"{key}_{number:04}.png") for number in range(self._frame)]
            film = mp4_bytes((np.array(Image.open(path)) for path in paths), fps=rate)
            self.backend.write_blob(f"{self._folder}/{key}.mp4", film)
