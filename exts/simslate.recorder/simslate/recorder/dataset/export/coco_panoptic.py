"""COCO's panoptic format: a PNG of segments for each picture, and one JSON file about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .class_list import ClassList
from .coco import INFO, category_entry, image_entry, visibility_fields
from .encoder import Encoder
from .file import File, json_pieces, picture_file
from .flat_png import flat_png
from .shot import Shot

FOLDER = "panoptic"


class PanopticEncoder(Encoder):
    """``annotations/panoptic.json``, ``annotations/panoptic/`` and ``images/``.

    A segment is an object, its id is R + 256 G + 65536 B, from 1 on in each picture; 0 is what has no class.
    """

    def __init__(self, classes: ClassList) -> None:
        super().__init__(classes)
        self._images, self._annotations = self.spool(), self.spool()

    def add(self, shot: Shot) -> Iterator[File]:
        """Take note of the segments, and yield their picture and the shot's."""
        image = image_entry(shot, self._images.count + 1)
        self._images.add(image)
        name = f"{shot.stem}.png"
        segments = [
            {
                "id": number,
                "category_id": each.name,
                "area": each.pixels,
                "bbox": each.box.xywh,
                "iscrowd": 0,
                **visibility_fields(each),
                "prim_path": each.path,
            }
            for number, each in enumerate(shot.instances, 1)
        ]
        self._annotations.add({"image_id": image["id"], "file_name": name, "segments_info": segments})
        yield File(f"annotations/{FOLDER}/{name}", _painted(shot))
        if shot.picture is not None:
            yield picture_file(f"images/{shot.stem}", shot.picture)

    def finish(self) -> Iterator[File]:
        """Yield the JSON file."""
        classes = self._classes.classes()
        values = {
            "info": INFO,
            "licenses": [],
            "images": iter(self._images),
            "annotations": _with_ids(self._annotations, {each.name: each.id for each in classes}),
            "categories": [{**category_entry(each), "isthing": 1} for each in classes],
        }
        yield File("annotations/panoptic.json", json_pieces(values.items()))


def _painted(shot: Shot) -> Iterator[bytes]:
    width, height = shot.size
    ids = np.zeros((height, width), "<u4")
    for number, instance in enumerate(shot.instances, 1):
        assert instance.mask is not None
        box = instance.box
        ids[box.y_min : box.y_max + 1, box.x_min : box.x_max + 1][instance.mask.crop] = number
    yield from flat_png(ids.view(np.uint8).reshape(height, width, 4)[..., :3])


def _with_ids(annotations: Iterable[Any], ids: dict[str, int]) -> Iterator[Any]:
    for each in annotations:
        segments = [{**segment, "category_id": ids[segment["category_id"]]} for segment in each["segments_info"]]
        yield {**each, "segments_info": segments}
