"""DOPEWriter: the older writer of what DOPE is trained on; PoseWriter with ``format="dope"`` is its successor."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from omni.replicator.core import BaseBackend, Writer
from omni.replicator.core.annotators import get
from omni.replicator.core.basic_writer import choose_backend
from omni.replicator.core.functional import write_image, write_json

from ._poses import dope, pose
from ._view import camera_of
from .pose_writer import label_of

BOXES = "bounding_box_3d"


class DOPEWriter(Writer):
    """Writes ``000000.png`` and ``.json`` per frame, below ``<render product>/rgb/`` where there are several.

    Only prims whose class is in ``class_name_to_index_map`` and which are seen; frames without any are skipped, and not
    counted. A class's leading "_" is written "0", as names of prims may not begin with a digit.
    """

    def __init__(
        self,
        output_dir: str,
        class_name_to_index_map: Mapping[str, int],
        semantic_types: list[str] | None = None,
        image_output_format: str = "png",
        use_s3: bool = False,
        bucket_name: str = "",
        endpoint_url: str = "",
        s3_region: str = "us-east-1",
    ) -> None:
        self.version = "0.0.1"
        self.data_structure = "renderProduct"
        bucket = {"s3_bucket": bucket_name if use_s3 else None, "s3_endpoint": endpoint_url or None}
        options = {"backend": None, "output_dir": output_dir, "s3_region": s3_region, **bucket}
        self.backend: BaseBackend = choose_backend(options, "DOPEWriter")
        filtered = {"semanticTypes": list(semantic_types or ["class"])}
        self.annotators = [get("rgb"), get(BOXES, init_params=filtered), get("camera_params")]
        self._classes = class_name_to_index_map
        self._format = image_output_format
        self._frame = 0

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        products = data["renderProducts"]
        found = {product: self._objects(outputs) for product, outputs in products.items()}
        for product, objects in found.items():
            if objects:
                stem = f"{product}/rgb/{self._frame:06}" if len(products) > 1 else f"{self._frame:06}"
                content = {"camera_data": {}, "objects": objects}
                picture = products[product]["rgb"]["data"]
                self.backend.schedule(write_image, path=f"{stem}.{self._format}", data=picture)
                self.backend.schedule(write_json, path=f"{stem}.json", data=content, indent=2)
        self._frame += any(found.values())

    def _objects(self, outputs: Mapping[str, Any]) -> list[dict[str, Any]]:
        boxes, camera = outputs[BOXES], camera_of(outputs["camera_params"])
        told = []
        for row, path in zip(boxes["data"], boxes["primPaths"], strict=True):
            name = label_of(boxes["idToLabels"][str(row["semanticId"])])
            visibility = 1.0 - abs(float(row["occlusionRatio"]))
            if name in self._classes and not np.isnan(visibility) and visibility > 0:
                found = pose(row, f"0{name[1:]}" if name.startswith("_") else name, path, round(visibility, 3), camera)
                known = dope(found)
                known["quaternion_wxyz"] = found["quat_wxyz_camera_frame"]
                told.append({key: known[key] for key in ORDER})
        return told


ORDER = ("class", "visibility", "location", "quaternion_wxyz", "projected_cuboid")
"""The keys of an object."""
