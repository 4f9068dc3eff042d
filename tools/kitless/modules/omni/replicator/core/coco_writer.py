"""CocoWriter: pictures, panoptic masks and one COCO annotation file."""

import string
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .annotators import AnnotatorRegistry
from .backends import BaseBackend
from .backends.disk import absolute_output
from .basic_writer import choose_backend, sequence_of
from .coco_categories import BACKGROUND, OTHER, UNLABELLED, Category, complete
from .functional import write_image, write_json
from .palette import paint
from .seed import get_global_seed
from .writer import Writer

SEMANTIC_TYPES = ("class", "coco", "stuff", "thing")


def dataset_name() -> str:
    """Eight lower-case letters that come from the global seed."""
    letters = np.random.default_rng(get_global_seed()).integers(0, 26, 8)
    return "".join(string.ascii_lowercase[number] for number in letters)


def camera_name(path: str) -> str:
    """A camera's path as part of a file name."""
    return path.lstrip("/").replace("Replicator/", "").replace("/", "-").replace("_", "-")


def is_free(output_dir: str) -> bool:
    """Whether a folder holds no data set of this writer: whoever made it for this one wants it used."""
    return not any(absolute_output(output_dir).glob("coco_annotations_*.json"))


class CocoWriter(Writer):
    """Writes ``<render product>/rgb_<camera>_<data set>.0000.png``, ``panoptic_…`` and ``coco_annotations_<set>.json``.

    A prim's category is the one named like its label of the first semantic type that has one, without regard to case,
    else "other". Panoptic masks are RGB in the categories' colours. The annotations are written when the orchestrator
    stops, and not every 25 frames as well: recordings list each file once.
    """

    def __init__(
        self,
        output_dir: str,
        semantic_types: list[str] | None = None,
        coco_categories: Any = None,
        s3_bucket: str | None = None,
        s3_region: str | None = None,
        s3_endpoint: str | None = None,
        dataset_id: str | None = None,
        frame_padding: int = 4,
        image_output_format: str = "png",
        coco_license_info: list[dict[str, Any]] | None = None,
    ) -> None:
        self.version = "0.0.1"
        self.data_structure = "renderProduct"
        bucket = {"s3_bucket": s3_bucket, "s3_region": s3_region, "s3_endpoint": s3_endpoint}
        options = {"backend": None, "output_dir": output_dir, **bucket}
        self.backend: BaseBackend = choose_backend(
            options, "CocoWriter", overwrite=not s3_bucket and is_free(output_dir)
        )
        self._types = list(semantic_types or SEMANTIC_TYPES)
        self._categories = complete(coco_categories)
        self._dataset = dataset_id or dataset_name()
        self._padding = frame_padding
        self._format = image_output_format
        self._licenses = coco_license_info or []
        self._frame, self._sequence = 0, ""
        self._images: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []
        self._used: dict[int, Category] = {}
        get, filtered = AnnotatorRegistry.get_annotator, {"semanticTypes": self._types}
        self.annotators = [
            get("rgb"),
            get("bounding_box_2d_tight", init_params=filtered),
            get("semantic_segmentation", init_params={**filtered, "colorize": False}),
        ]

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        sequence = sequence_of(data["trigger_outputs"])
        if sequence != self._sequence:
            self._sequence, self._frame = sequence, 0
        for product, outputs in data["renderProducts"].items():
            number = f"{self._sequence}{self._frame:0{self._padding}}"
            stem = f"{camera_name(outputs['camera'])}_{self._dataset}.{number}.{self._format}"
            self._add_image(f"{product}/rgb_{stem}", outputs["rgb"]["data"])
            self._add_boxes(outputs["bounding_box_2d_tight"])
            mask = self._panoptic(outputs["semantic_segmentation"])
            self._schedule(write_image, f"{product}/panoptic_{stem}", mask)
        self._frame += 1

    def on_final_frame(self) -> None:
        """Write the annotations of all frames so far."""
        if self._images:
            self._write_annotations()

    def _add_image(self, path: str, picture: NDArray[np.uint8]) -> None:
        height, width = picture.shape[:2]
        self._images.append(
            {
                "file_name": path,
                "id": len(self._images),
                "height": height,
                "width": width,
                "license": 0,
                "date_captured": datetime.now(UTC).isoformat(),
                "flicker_url": "",
            }
        )
        self._schedule(write_image, path, picture)

    def _add_boxes(self, boxes: Mapping[str, Any]) -> None:
        for row in boxes["data"]:
            category = self._category(boxes["idToLabels"][str(row["semanticId"])])
            x, y = int(row["x_min"]), int(row["y_min"])
            width, height = int(row["x_max"]) - x, int(row["y_max"]) - y
            self._annotations.append(
                {
                    "id": len(self._annotations),
                    "image_id": self._images[-1]["id"],
                    "bbox": [x, y, width, height],
                    "area": width * height,
                    "bbox_mode": 1,
                    "category_id": category["id"],
                    "iscrowd": 0,
                    "segmentation": [],
                }
            )

    def _panoptic(self, mask: Mapping[str, Any]) -> NDArray[np.uint8]:
        """uint8 (H,W,3)."""
        categories = {int(number): self._category(labels) for number, labels in mask["idToLabels"].items()}
        colours = {number: (*category["color"], 255) for number, category in categories.items()}
        return np.ascontiguousarray(paint(mask["data"], colours)[..., :3])

    def _category(self, labels: Mapping[str, str]) -> Category:
        """The category of a prim's labels, noted as used."""
        names = [name for kind in self._types for name in labels.get(kind, "").lower().split(",") if name]
        known = next((name for name in names if name in self._categories), None)
        if known is None and labels.get("class") in ("BACKGROUND", "UNLABELLED"):
            known = {"BACKGROUND": BACKGROUND, "UNLABELLED": UNLABELLED}[labels["class"]]
        category = self._categories[known or OTHER]
        self._used[category["id"]] = category
        return category

    def _write_annotations(self) -> None:
        content = {
            "info": {"description": f"Data set {self._dataset}", "date_created": datetime.now(UTC).isoformat()},
            "images": list(self._images),
            "annotations": list(self._annotations),
            "categories": [self._used[number] for number in sorted(self._used)],
            "licenses": self._licenses,
        }
        self._schedule(write_json, f"coco_annotations_{self._dataset}.json", content, indent=2)

    def _schedule(self, write: Any, path: str, data: Any, **options: Any) -> None:
        self.backend.schedule(write, path=path, data=data, **options)
