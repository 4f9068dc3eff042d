"""COCO's instances: one JSON file about all pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .class_list import ClassList, ExportClass
from .encoder import Encoder
from .file import File, json_pieces, picture_file, picture_suffix
from .mask import Mask
from .polygon import polygons
from .rle import encode
from .shot import Instance, Shot

INFO = {"description": "Simslate", "version": "1.0"}


class CocoEncoder(Encoder):
    """``annotations/instances.json`` and ``images/``.

    Beside COCO's own, an annotation has ``visible_pixels``, ``pixels_alone``, ``visibility``, ``truncation`` (null
    where not known) and ``prim_path``; ``amodal_bbox`` and ``amodal_segmentation``, of the object as if alone, where
    amodal masks are known.
    """

    def __init__(self, classes: ClassList, *, outlines: bool = False) -> None:
        super().__init__(classes)
        self._outlines = outlines
        self._images, self._annotations = self.spool(), self.spool()

    def add(self, shot: Shot) -> Iterator[File]:
        """Take note of the objects, and yield the picture."""
        image = image_entry(shot, self._images.count + 1)
        self._images.add(image)
        for instance in shot.instances:
            number = self._annotations.count + 1
            self._annotations.add({"id": number, "image_id": image["id"], **self._annotation(instance)})
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
            "categories": [category_entry(each) for each in classes],
        }
        yield File("annotations/instances.json", json_pieces(values.items()))

    def _annotation(self, instance: Instance) -> dict[str, Any]:
        assert instance.mask is not None
        return {
            "category_id": instance.name,
            "segmentation": self._segmentation(instance.mask),
            "area": instance.mask.pixels,
            "bbox": instance.box.xywh,
            "iscrowd": 0,
            **visibility_fields(instance),
            **self._amodal(instance.alone_mask),
            "prim_path": instance.path,
        }

    def _amodal(self, mask: Mask | None) -> dict[str, Any]:
        if mask is None:
            return {}
        return {"amodal_bbox": mask.box.xywh, "amodal_segmentation": self._segmentation(mask)}

    def _segmentation(self, mask: Mask) -> Any:
        return [each.ravel().tolist() for each in polygons(mask)] if self._outlines else encode(mask)


def image_entry(shot: Shot, number: int) -> dict[str, Any]:
    """Return what COCO says of a picture, with the render product and the frame that it is of."""
    return {
        "id": number,
        "file_name": f"{shot.stem}{picture_suffix(shot.picture)}",
        "width": shot.size[0],
        "height": shot.size[1],
        "render_product": shot.product,
        "frame": shot.frame,
    }


def category_entry(each: ExportClass) -> dict[str, Any]:
    """Return what COCO says of a class."""
    supercategory = each.supercategory or each.name
    return {"id": each.id, "name": each.name, "supercategory": supercategory, "color": list(each.colour)}


def visibility_fields(instance: Instance) -> dict[str, Any]:
    """Return how much is seen of ``instance``; None where nothing tells."""
    return {
        "visible_pixels": instance.pixels,
        "pixels_alone": instance.alone,
        "visibility": instance.visibility,
        "truncation": instance.truncation,
    }


def _with_ids(annotations: Iterable[Any], ids: dict[str, int]) -> Iterator[Any]:
    return ({**each, "category_id": ids[each["category_id"]]} for each in annotations)
