"""PoseWriter: where labelled prims are, in the world and before the camera, one JSON file per picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from omni.replicator.core import BaseBackend, Writer
from omni.replicator.core.annotators import get
from omni.replicator.core.basic_writer import choose_backend
from omni.replicator.core.functional import write_image, write_json

from ._poses import FORMATS, camera_data, pose
from ._view import camera_of, corners, moved, visible_edges

BOXES = "bounding_box_3d_fast"
OVERLAY = (0, 255, 0, 255)


class PoseWriter(Writer):
    """Writes ``[<render product>/]000000.json`` and ``.png``, and ``_overlay.png`` for debugging.

    Without ``use_subfolders`` each picture of each render product has a number of its own. Prims whose visibility
    (1 - |occlusionRatio|) is not above the threshold are left out; a picture without any is not written, nor counted,
    unless ``skip_empty_frames`` is False.
    """

    def __init__(
        self,
        output_dir: str | None = None,
        use_subfolders: bool = False,
        visibility_threshold: float = 0.0,
        skip_empty_frames: bool = True,
        write_debug_images: bool = False,
        frame_padding: int = 6,
        format: str | None = None,
        use_s3: bool = False,
        s3_bucket: str | None = None,
        s3_endpoint_url: str | None = None,
        s3_region: str | None = None,
        backend: BaseBackend | None = None,
        image_output_format: str = "png",
    ) -> None:
        if format not in FORMATS:
            raise ValueError(f"Unknown format '{format}'; there are None, 'dope' and 'centerpose'")
        self.version = "0.2.0"
        self.data_structure = "renderProduct"
        self.annotators = [get("rgb"), get(BOXES), get("camera_params")]
        self.backend: BaseBackend = choose_backend(
            {
                "backend": backend,
                "output_dir": output_dir,
                "s3_bucket": s3_bucket if use_s3 else None,
                "s3_region": s3_region,
                "s3_endpoint": s3_endpoint_url,
            },
            "PoseWriter",
        )
        self._use_subfolders = use_subfolders
        self._threshold = visibility_threshold
        self._skip_empty = skip_empty_frames
        self._debug = write_debug_images
        self._padding = frame_padding
        self._order, self._tell = FORMATS[format]
        self._format = format
        self._image_format = image_output_format
        self._counts: dict[str, int] = {}

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        for product, outputs in data["renderProducts"].items():
            params, boxes = outputs["camera_params"], outputs[BOXES]
            kept = [index for index in range(len(boxes["data"])) if self._visibility(boxes, index) > self._threshold]
            if kept or not self._skip_empty:
                number = self._number(product)
                folder = f"{product}/" if self._use_subfolders else ""
                self._schedule(f"{folder}{number}", outputs["rgb"]["data"], self._content(params, boxes, kept))
                if self._debug:
                    drawn = overlay(outputs["rgb"]["data"], params, [boxes["data"][index] for index in kept])
                    self.backend.schedule(write_image, path=f"{folder}{number}_overlay.png", data=drawn)

    @staticmethod
    def _visibility(boxes: Mapping[str, Any], index: int) -> float:
        ratio = float(boxes["data"][index]["occlusionRatio"])
        # What has never been in view has no ratio.
        return 0.0 if np.isnan(ratio) else round(1.0 - abs(ratio), 3)

    def _number(self, product: str) -> str:
        key = product if self._use_subfolders else ""
        count = self._counts.get(key, 0)
        self._counts[key] = count + 1
        return f"{count:0{self._padding}}"

    def _content(self, params: Mapping[str, Any], boxes: Mapping[str, Any], kept: list[int]) -> dict[str, Any]:
        camera, about = camera_of(params), camera_data(params)
        if self._format == "centerpose":
            about["width"], about["height"] = about["resolution"]
        found = [
            pose(
                boxes["data"][index],
                label_of(boxes["idToLabels"][int(boxes["data"][index]["semanticId"])]),
                boxes["primPaths"][index],
                self._visibility(boxes, index),
                camera,
            )
            for index in kept
        ]
        return {"camera_data": about, "keypoint_order": list(self._order), "objects": [self._tell(o) for o in found]}

    def _schedule(self, stem: str, picture: Any, content: dict[str, Any]) -> None:
        self.backend.schedule(write_json, path=f"{stem}.json", data=content, indent=2)
        self.backend.schedule(write_image, path=f"{stem}.{self._image_format}", data=picture)


def label_of(labels: Mapping[str, str]) -> str:
    """The class of a prim, or its label of another type where it has no class."""
    return labels.get("class") or next(iter(labels.values()), "")


def overlay(picture: Any, params: Mapping[str, Any], rows: list[Any]) -> Any:
    """The picture with the edges of the boxes on it, uint8 (H,W,4)."""
    image = Image.fromarray(np.ascontiguousarray(picture)).convert("RGBA")
    draw, camera = ImageDraw.Draw(image), camera_of(params)
    for row in rows:
        world = moved(corners(row), np.asarray(row["transform"], np.float64))
        for edge in visible_edges(camera, world):
            draw.line([*edge[0], *edge[1]], fill=OVERLAY, width=1)
    return np.array(image)
