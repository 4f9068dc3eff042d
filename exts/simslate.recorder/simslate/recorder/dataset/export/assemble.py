"""A shot from the outputs of annotators, whether a writer received them or files hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import IncompleteError
from ..content import Picture
from ..id_image import BLACK, id_image, parse_key
from .camera import Camera, Solid
from .class_list import ClassList
from .mask import Box, Mask, masks
from .shot import ClassImage, Image, Instance, Shot

Values = Mapping[str, Any]
"""What annotators say, by the names that ``PARTS`` has for BasicWriter's files."""
TIGHT, LOOSE, SOLID = "bounding_box_2d_tight", "bounding_box_2d_loose", "bounding_box_3d"
INSTANCES, CLASSES, CAMERA = "instance_segmentation", "semantic_segmentation", "camera_params"
VISIBILITY, AMODAL = "simslate_visibility", "simslate_amodal"
DEPTH, RGB = "distance_to_image_plane", "rgb"
_DIGITS = 6
"""Shares are rounded to so many places: float32 has no more."""


@dataclass(frozen=True)
class Filter:
    """Which objects are left out."""

    min_visible_pixels: int = 0
    min_visibility: float = 0.0

    def keeps(self, instance: Instance) -> bool:
        """Return whether ``instance`` is to be told of. What is not known of it is no reason against it."""
        seen = instance.pixels is None or instance.pixels >= self.min_visible_pixels
        return seen and (instance.visibility is None or instance.visibility >= self.min_visibility)


@dataclass(frozen=True)
class Frame:
    """What is known of a shot beside the annotators' outputs."""

    product: str
    number: str
    """As files are called by."""

    size: tuple[int, int] | None = None
    """Width and height, where no mask tells it."""

    picture: Image | None = None


def make_shot(frame: Frame, values: Values, classes: ClassList, kept: Filter) -> Shot:
    """Return the shot that ``values`` tell of. IncompleteError if they contradict each other."""
    try:
        return _shot(frame, values, classes, kept)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        where = f"frame {frame.number}" + (f" of {frame.product}" if frame.product else "")
        said = f"{type(error).__name__}: {error}"
        hint = "tools/simslate validate tells more"
        raise IncompleteError(f"{where}: its files do not fit together ({said}); {hint}") from error


def _shot(frame: Frame, values: Values, classes: ClassList, kept: Filter) -> Shot:
    semantic = _codes(values, CLASSES)
    instances = list(_by_mask(values, classes) if INSTANCES in values else _by_boxes(values, classes))
    shape = next((each.shape for each in (semantic, _codes(values, INSTANCES)) if each is not None), None)
    size = frame.size if shape is None else (shape[1], shape[0])
    if size is None:
        raise ValueError("nothing tells the size of the picture")
    return Shot(
        product=frame.product,
        frame=frame.number,
        size=size,
        instances=tuple(sorted((each for each in instances if kept.keeps(each)), key=_order)),
        picture=frame.picture,
        depth=values.get(DEPTH),
        classes=None if semantic is None else ClassImage(semantic, _names(values[f"{CLASSES}_labels"], classes)),
        camera=Camera.of(values[CAMERA]) if CAMERA in values else None,
    )


def _order(instance: Instance) -> tuple[str, int, int]:
    return instance.path, instance.box.y_min, instance.box.x_min


def _codes(values: Values, part: str) -> NDArray[np.uint32] | None:
    image = values.get(part)
    return id_image(image) if isinstance(image, Picture) else image


def _mapping(value: Mapping[Any, Any]) -> dict[int, Any]:
    parsed = {parse_key(str(key)): entry for key, entry in value.items()}
    return {code: entry for code, entry in parsed.items() if code is not None}


def _names(labels: Mapping[Any, Any], classes: ClassList) -> dict[int, str | None]:
    return {code: classes.name_of(entry) for code, entry in _mapping(labels).items()}


def _by_mask(values: Values, classes: ClassList) -> Iterator[Instance]:
    paths = _mapping(values[f"{INSTANCES}_mapping"])
    semantics = _mapping(values[f"{INSTANCES}_semantics_mapping"])
    known = _Known(values)
    image = _codes(values, INSTANCES)
    assert image is not None
    for code, mask in masks(image):
        name = classes.name_of(semantics.get(code))
        if name is not None and code not in (0, BLACK):
            path = str(paths[code])
            yield Instance(path, name, mask.box, mask, **known.of(path, mask.pixels, mask.shape))


def _by_boxes(values: Values, classes: ClassList) -> Iterator[Instance]:
    if TIGHT not in values:
        return
    names = _names(values[f"{TIGHT}_labels"], classes)
    known = _Known(values)
    for path, row in zip(values[f"{TIGHT}_prim_paths"], values[TIGHT], strict=True):
        name = names[int(row["semanticId"])]
        if name is not None:
            yield Instance(path, name, _box(row), None, **known.of(path, None))


def _box(row: Any) -> Box:
    return Box(*(int(row[corner]) for corner in ("x_min", "y_min", "x_max", "y_max")))


class _Known:
    """What annotators other than masks tell of prims, by their paths."""

    def __init__(self, values: Values) -> None:
        self._tables = {
            name: dict(zip(values[f"{name}_prim_paths"], values[name], strict=True))
            for name in (TIGHT, LOOSE, SOLID, VISIBILITY)
            if name in values
        }
        self._spans = _spans(values) if AMODAL in values else {}

    def of(self, path: str, pixels: int | None, shape: tuple[int, int] | None = None) -> dict[str, Any]:
        """Return what is known of ``path``, as an ``Instance`` has it.

        ``pixels`` of it are visible in the picture, which is ``shape`` (H, W); None where nothing tells.
        """
        loose, solid = self._row(LOOSE, path), self._row(SOLID, path)
        spans = self._spans.get(path)
        return {
            **self._visibility(path, pixels),
            "alone_box": None if loose is None else _box(loose),
            "alone_mask": None if spans is None or shape is None else Mask(shape, *spans.T),
            "solid": None if solid is None else _solid(solid),
        }

    def _visibility(self, path: str, pixels: int | None) -> dict[str, Any]:
        row = self._row(VISIBILITY, path)
        if row is not None:
            shares = {name: round(float(row[name]), _DIGITS) for name in ("visibility", "truncation")}
            return {"alone": int(row["framePixels"]), **shares}
        if path in self._spans and pixels is not None:
            alone = int(self._spans[path][:, 1].sum())
            return {"alone": alone, "visibility": round(pixels / alone, _DIGITS)}
        row = self._row(TIGHT, path)
        ratio = -1.0 if row is None else float(row["occlusionRatio"])
        # Replicator gives -1 for prims of several meshes; nothing in view is hidden altogether.
        if not 0 <= ratio < 1:
            return {}
        seen = {} if pixels is None else {"alone": round(pixels / (1 - ratio))}
        return {"visibility": round(1 - ratio, _DIGITS), **seen}

    def _row(self, table: str, path: str) -> Any:
        return self._tables.get(table, {}).get(path)


def _spans(values: Values) -> dict[str, NDArray[np.int64]]:
    """Return the stretches (m, 2) of each prim alone: where in the picture they begin, and how long they are."""
    spans = values[f"{AMODAL}_spans"].astype(np.int64)
    parts = np.split(spans, np.cumsum(values[AMODAL]["spans"].astype(np.int64))[:-1])
    # numpy gives a part for nothing.
    paths = values[f"{AMODAL}_prim_paths"]
    return dict(zip(paths, parts, strict=True)) if paths else {}


def _solid(row: Any) -> Solid:
    low, high = (np.array([float(row[f"{axis}_{end}"]) for axis in "xyz"]) for end in ("min", "max"))
    return Solid(low, high, np.asarray(row["transform"], np.float64).reshape(4, 4))
