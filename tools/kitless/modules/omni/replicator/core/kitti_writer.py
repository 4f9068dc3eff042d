"""KittiWriter: pictures, masks and KITTI's label files. Only its name and two parameters are known for sure."""

from collections.abc import Mapping
from typing import Any

from .annotators import AnnotatorRegistry
from .backends import BaseBackend
from .basic_writer import choose_backend, with_text_keys
from .functional import put, write_image, write_json
from .writer import Writer

FOLDERS = {"rgb": "rgb", "labels": "object_detection", "semantic": "semantic", "instance": "instance"}
KITTI_FOLDERS = {"rgb": "image_2", "labels": "label_2", "semantic": "semantic", "instance": "instance"}
NO_3D = "0 0 0 0 0 0 0"
"""Size, place and turn of a 3-D box, which is not told."""


class KittiWriter(Writer):
    """Writes ``[<render product>/]<folder>/0000.png`` and ``.txt``.

    A label line is KITTI's: ``name truncated occluded alpha x_min y_min x_max y_max`` and seven zeros. ``truncated`` is
    how much of the object is out of the picture; ``occluded`` 0 from ``fully_visible_threshold`` of it seen on, 1 from
    ``partly_occluded_threshold`` on, 2 below. Boxes lower than ``bbox_height_threshold`` pixels are left out.
    """

    def __init__(
        self,
        output_dir: str | None = None,
        s3_bucket: str | None = None,
        s3_region: str | None = None,
        s3_endpoint: str | None = None,
        semantic_types: list[str] | None = None,
        omit_semantic_type: bool = False,
        bbox_height_threshold: int = 25,
        partly_occluded_threshold: float = 0.5,
        fully_visible_threshold: float = 0.95,
        mapping_path: str | None = None,
        mapping_dict: Mapping[str, Any] | None = None,
        colorize_instance_segmentation: bool = False,
        use_kitti_dir_names: bool = False,
        rgb: bool = True,
        backend: BaseBackend | None = None,
    ) -> None:
        if mapping_path is not None or mapping_dict is not None:
            raise NotImplementedError(
                "omni.replicator.core.KittiWriter(mapping_path=…, mapping_dict=…) is not in kitless"
            )
        self.version = "0.0.1"
        self.data_structure = "renderProduct"
        bucket = {"s3_bucket": s3_bucket, "s3_region": s3_region, "s3_endpoint": s3_endpoint}
        options = {"backend": backend, "output_dir": output_dir, **bucket}
        self.backend: BaseBackend = choose_backend(options, "KittiWriter")
        self._omit = omit_semantic_type
        self._lowest = bbox_height_threshold
        self._limits = partly_occluded_threshold, fully_visible_threshold
        self._folders = KITTI_FOLDERS if use_kitti_dir_names else FOLDERS
        self._frame = 0
        filtered = {"semanticTypes": list(semantic_types or ["class"])}
        get = AnnotatorRegistry.get_annotator
        self.annotators = [
            *([get("rgb")] if rgb else []),
            get("bounding_box_2d_tight_fast", init_params=filtered),
            get("simslate_visibility", init_params=filtered),
            get("semantic_segmentation", init_params={**filtered, "colorize": False}),
            get("instance_segmentation", init_params={**filtered, "colorize": colorize_instance_segmentation}),
        ]

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        products = data["renderProducts"]
        for product, outputs in products.items():
            stem = f"{product}/" if len(products) > 1 else ""
            number = f"{self._frame:04}"
            paths = {key: f"{stem}{folder}/{number}" for key, folder in self._folders.items()}
            if "rgb" in outputs:
                self.backend.schedule(write_image, path=f"{paths['rgb']}.png", data=outputs["rgb"]["data"])
            for key, name in (("semantic", "semantic_segmentation"), ("instance", "instance_segmentation")):
                found = outputs[name]
                self.backend.schedule(write_image, path=f"{paths[key]}.png", data=found["data"])
                labels = with_text_keys(found["idToLabels"])
                self.backend.schedule(write_json, path=f"{paths[key]}.json", data=labels)
            text = "".join(f"{line}\n" for line in self._lines(outputs))
            self.backend.schedule(write_text, path=f"{paths['labels']}.txt", data=text)
        self._frame += 1

    def _lines(self, outputs: Mapping[str, Any]) -> list[str]:
        boxes, seen = outputs["bounding_box_2d_tight_fast"], outputs["simslate_visibility"]
        shares = dict(zip(seen["primPaths"], seen["data"], strict=True))
        lines = []
        for row, path in zip(boxes["data"], boxes["primPaths"], strict=True):
            if row["y_max"] - row["y_min"] + 1 < self._lowest:
                continue
            share = shares[path]
            sides = " ".join(f"{float(row[side]):.2f}" for side in ("x_min", "y_min", "x_max", "y_max"))
            name = self._name(boxes["idToLabels"][int(row["semanticId"])])
            hidden = self._occluded(float(share["visibility"]))
            lines.append(f"{name} {float(share['truncation']):.2f} {hidden} 0.00 {sides} {NO_3D}")
        return lines

    def _name(self, labels: Mapping[str, str]) -> str:
        """The object's name, without spaces: the format has them between its values."""
        parts = labels.values() if self._omit else [f"{kind}:{label}" for kind, label in labels.items()]
        return ",".join(parts).replace(" ", "_")

    def _occluded(self, visibility: float) -> int:
        partly, fully = self._limits
        return 0 if visibility >= fully else 1 if visibility >= partly else 2


def write_text(path: str, data: str, backend_instance: Any) -> None:
    """Write a text file, UTF-8."""
    put(path, data.encode(), backend_instance)
