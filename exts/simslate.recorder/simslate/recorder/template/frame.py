"""One frame of one render product, and the rows that can be made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigError
from ..runs import Runs
from .sources import CLASSES, VISIBILITY, plain

Row = dict[str, Any]
_NO_CLASS = ("BACKGROUND", "UNLABELLED")
MASK_ID = "mask id"
"""The key, no field, of a row's value in the mask that it was made of."""


@dataclass(frozen=True)
class Naming:
    """How labels become classes."""

    semantic_type: str = "class"
    classes: tuple[str, ...] = ()

    def listed(self, label: str, names: tuple[str, ...]) -> str | None:
        """Return which of ``names`` a label means: itself, or the nearest one that is joined in it."""
        parts = [label, *reversed(label.split(","))]
        return next((part for part in parts if part in names), None)

    def row(self, label: str) -> Row:
        """Return the fields of a label; class_id is None if it is not listed."""
        known = self.listed(label, self.classes)
        number = None if known is None else self.classes.index(known)
        return {"class": label, "class_word": label.replace(" ", "_").replace(",", "_"), "class_id": number}

    def label(self, labels: Mapping[Any, Any], number: Any) -> str:
        """Return the label of id ``number``, "" if it has none of the type."""
        found = labels.get(number, labels.get(str(number), {}))
        return str(found.get(self.semantic_type, "")) if isinstance(found, Mapping) else str(found)


@dataclass(frozen=True)
class View:
    """What a render product gave for one frame."""

    product: str
    camera: str
    """Path of the camera prim."""

    size: tuple[int, int]
    """Width and height."""

    outputs: Mapping[str, Mapping[str, Any]]
    """Per annotator its array, "data", and further outputs."""

    naming: Naming = Naming()

    @property
    def fields(self) -> Row:
        """The fields that all rows have, but for the frame."""
        width, height = self.size
        camera = self.camera.rpartition("/")[2]
        return {"product": self.product, "camera": camera, "width": width, "height": height}

    def rows(self, annotator: str) -> list[Row]:
        """Return the rows made of an annotator: one per box, object, class or prim."""
        output = {} if annotator == CLASSES else self.outputs[annotator]
        return [{**self.fields, **row} for row in _MAKERS[plain(annotator)](self, output)]

    @cached_property
    def seen(self) -> dict[str, Row]:
        """What simslate_visibility tells, by prim path."""
        output = self.outputs.get(VISIBILITY)
        if output is None:
            return {}
        return {path: _seen(row) for path, row in zip(output["primPaths"], output["data"], strict=True)}


def _seen(row: Any) -> Row:
    visibility = float(row["visibility"])
    hidden = 1 - visibility
    return {
        "visible_pixels": int(row["visiblePixels"]),
        "frame_pixels": int(row["framePixels"]),
        "total_pixels": int(row["totalPixels"]),
        "visibility": visibility,
        "truncation": float(row["truncation"]),
        # A share is a quotient of pixels: what is meant as 10 % is not to fail by a rounding error.
        "occlusion_level": int(hidden > 0.1 + 1e-6) + int(hidden > 0.5 + 1e-6),
    }


def _prim(path: str, instance: Any) -> Row:
    return {"prim_path": path, "prim_name": path.rpartition("/")[2], "instance": int(instance)}


def _box(view: View, corners: Any) -> Row:
    width, height = view.size
    x_min, y_min, x_max, y_max = (int(each) for each in corners)
    across, down = x_max + 1 - x_min, y_max + 1 - y_min
    return {
        "x_min": x_min,
        "y_min": y_min,
        "x_max": x_max,
        "y_max": y_max,
        "x_end": x_max + 1,
        "y_end": y_max + 1,
        "box_width": across,
        "box_height": down,
        "cx": (x_min + across / 2) / width,
        "cy": (y_min + down / 2) / height,
        "w": across / width,
        "h": down / height,
    }


def _labelled(view: View, output: Mapping[str, Any]) -> Iterator[tuple[Any, Row]]:
    """Yield each row of a box annotator, and what its label and its prim tell."""
    for row, path, number in zip(output["data"], output["primPaths"], output["bboxIds"], strict=True):
        semantic = int(row["semanticId"])
        label = view.naming.label(output["idToLabels"], semantic)
        told = {"semantic_id": semantic, "occlusion": float(row["occlusionRatio"])}
        yield row, {**view.naming.row(label), **told, **_prim(path, number), **view.seen.get(path, {})}


def _boxes_2d(view: View, output: Mapping[str, Any]) -> Iterator[Row]:
    for row, told in _labelled(view, output):
        yield {**told, **_box(view, (row["x_min"], row["y_min"], row["x_max"], row["y_max"]))}


def _boxes_3d(view: View, output: Mapping[str, Any]) -> Iterator[Row]:
    for row, told in _labelled(view, output):
        bounds = {name: float(row[name]) for name in row.dtype.names if name[:2] in ("x_", "y_", "z_")}
        yield {**told, **bounds, "transform": row["transform"].tolist()}


def _regions(view: View, ids: NDArray[Any]) -> Iterator[tuple[int, Row]]:
    """Yield each value of a mask (H, W), with its pixels and the box around them."""
    runs = Runs.of(ids)
    values, groups = np.unique(runs.values, return_inverse=True)
    found = runs.extents(groups, len(values))
    for value, pixels, corners in zip(values.tolist(), found.pixels.tolist(), found.boxes, strict=True):
        yield value, {MASK_ID: value, "visible_pixels": pixels, **_box(view, corners)}


def _classes_seen(view: View, output: Mapping[str, Any]) -> Iterator[Row]:
    for number, region in _regions(view, output["data"]):
        label = view.naming.label(output["idToLabels"], number)
        if label and label not in _NO_CLASS:
            yield {**view.naming.row(label), "semantic_id": number, **region}


def _objects_seen(view: View, output: Mapping[str, Any]) -> Iterator[Row]:
    semantics = output.get("idToSemantics")
    paths = output["idToLabels"]
    for number, region in _regions(view, output["data"]):
        path = str(paths.get(number, paths.get(str(number), "")))
        if not path.startswith("/"):
            continue
        label = {} if semantics is None else view.naming.row(view.naming.label(semantics, number))
        yield {**label, **_prim(path, number), **view.seen.get(path, {}), **region}


def _occlusion(_view: View, output: Mapping[str, Any]) -> Iterator[Row]:
    for row in output["data"]:
        told = {"instance": int(row["instanceId"]), "semantic_id": int(row["semanticId"])}
        yield {**told, "occlusion": float(row["occlusionRatio"])}


def _visibility(view: View, output: Mapping[str, Any]) -> Iterator[Row]:
    for row, path in zip(output["data"], output["primPaths"], strict=True):
        yield {**_prim(path, row["instanceId"]), **view.seen[path]}


def _lens(view: View, output: Mapping[str, Any]) -> Iterator[Row]:
    """The numbers of a pinhole, with or without distortion; ConfigError for other lenses, which have none."""
    width, height = view.size
    model = output.get("cameraModel", "pinhole")
    if model == "pinholeOpenCV":
        # Told for a nominal size.
        across, down = width / output["cameraFisheyeNominalWidth"], height / output["cameraFisheyeNominalHeight"]
        centre = output["cameraFisheyeOpticalCentre"]
        found = (output["cameraOpenCVFx"], output["cameraOpenCVFy"], *centre)
        numbers = [float(each) * scale for each, scale in zip(found, (across, down, across, down), strict=True)]
    elif model == "pinhole":
        # Pixels are square, and the vertical aperture follows, as Replicator has it.
        pixels = width / float(output["cameraAperture"][0])
        focal = float(output["cameraFocalLength"]) * pixels
        right, up = (float(each) * pixels for each in output.get("cameraApertureOffset", (0, 0)))
        numbers = [focal, focal, width / 2 - right, height / 2 + up]
    else:
        raise ConfigError(f'{view.camera}: a lens of the model {model} has no fx and fy; write all of "camera_params"')
    yield dict(zip(("fx", "fy", "px", "py"), numbers, strict=True))


def _list(view: View, _output: Mapping[str, Any]) -> Iterator[Row]:
    return (view.naming.row(name) for name in view.naming.classes)


_MAKERS: Mapping[str, Callable[[View, Mapping[str, Any]], Iterator[Row]]] = MappingProxyType(
    {
        "bounding_box_2d_tight": _boxes_2d,
        "bounding_box_2d_loose": _boxes_2d,
        "bounding_box_3d": _boxes_3d,
        "semantic_segmentation": _classes_seen,
        "instance_segmentation": _objects_seen,
        "instance_id_segmentation": _objects_seen,
        "occlusion": _occlusion,
        VISIBILITY: _visibility,
        "camera_params": _lens,
        CLASSES: _list,
    }
)
