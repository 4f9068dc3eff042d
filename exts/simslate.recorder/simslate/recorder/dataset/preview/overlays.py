"""Boxes and skeletons as lines over a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .drawing import Drawing, Files
from .names import class_text

_FLAT = ("bounding_box_2d_loose", "bounding_box_2d_tight")
_SOLID = "bounding_box_3d"
_FIELDS = frozenset({"semanticId", "x_min", "y_min", "x_max", "y_max"})
_EDGES = tuple((a, b) for a in range(8) for b in range(a + 1, 8) if (a ^ b).bit_count() == 1)
_NEAREST = 1e-6
_STRAIGHT = ("pinhole", "orthographic")
"""The lenses under which straight edges stay straight, as the matrices of camera_params have them."""


def add_boxes(drawing: Drawing, files: Files) -> None:
    """Add 2-D and 3-D boxes."""
    for kind in _FLAT:
        rows = _rows(files, kind)
        if rows is not None:
            drawing.layers[kind] = {"kind": "boxes", "boxes": list(_flat(drawing, files, kind, rows))}
    rows = _rows(files, _SOLID)
    if rows is not None:
        _add_solid(drawing, files, rows)


def _rows(files: Files, kind: str) -> NDArray[Any] | None:
    rows = files.get(kind, np.ndarray)
    known = rows is not None and rows.ndim == 1 and set(rows.dtype.names or ()) >= _FIELDS
    return rows if known else None


def _named(files: Files, kind: str, rows: NDArray[Any]) -> Iterator[tuple[Any, str, str]]:
    """Yield each row with its class and its prim's path."""
    labels = files.get(f"{kind}_labels", dict) or {}
    paths = files.get(f"{kind}_prim_paths", list) or []
    for place, row in enumerate(rows):
        number = str(int(row["semanticId"]))
        name = class_text(labels[number]) if number in labels else f"class {number}"
        yield row, name, str(paths[place]) if place < len(paths) else ""


def _flat(drawing: Drawing, files: Files, kind: str, rows: NDArray[Any]) -> Iterator[list[int]]:
    for place, (row, name, path) in enumerate(_named(files, kind, rows)):
        box = (int(row["x_min"]), int(row["y_min"]), int(row["x_max"]), int(row["y_max"]))
        seen = drawing.see(path or f"object {place}", name)
        if kind == "bounding_box_2d_tight" or seen.box is None:
            seen.box = box
        seen.visible = _visible(row) if seen.visible is None else seen.visible
        yield [*drawing.key(name, path), *box]


def _visible(row: Any) -> float | None:
    """Return the visible share of an object; -1 and NaN stand for what the renderer cannot tell."""
    ratio = float(row["occlusionRatio"]) if "occlusionRatio" in (row.dtype.names or ()) else -1.0
    return 1 - ratio if 0 <= ratio <= 1 else None


def _add_solid(drawing: Drawing, files: Files, rows: NDArray[Any]) -> None:
    camera = files.get("camera_params", dict)
    matrix = None if camera is None else _matrix(camera)
    if camera is None or "transform" not in (rows.dtype.names or ()):
        drawing.facts.append("3-D boxes are not drawn: there are no camera_params")
    elif matrix is None:
        drawing.facts.append(f"3-D boxes are not drawn: lens {camera.get('cameraModel')}")
    else:
        size = _resolution(camera, drawing)
        drawing.layers[_SOLID] = {"kind": "lines", "lines": list(_solids(drawing, files, rows, (matrix, size)))}


def _matrix(camera: Mapping[str, Any]) -> NDArray[np.float64] | None:
    """Return what turns points of the world (rows) into clip space, or None for a lens that bends lines."""
    if camera.get("cameraModel", "pinhole") not in _STRAIGHT:
        return None
    try:
        view, projection = (
            np.reshape(np.array(camera[name], np.float64), (4, 4))
            for name in ("cameraViewTransform", "cameraProjection")
        )
    except (KeyError, ValueError, TypeError):
        return None
    product: NDArray[np.float64] = view @ projection
    return product if np.isfinite(product).all() else None


def _resolution(camera: Mapping[str, Any], drawing: Drawing) -> tuple[float, float]:
    if drawing.size == (0, 0):
        size = camera.get("renderProductResolution")
        if isinstance(size, list) and len(size) == 2 and all(type(side) is int and side > 0 for side in size):
            drawing.size = size[0], size[1]
    return drawing.size


def _solids(
    drawing: Drawing, files: Files, rows: NDArray[Any], view: tuple[NDArray[np.float64], tuple[float, float]]
) -> Iterator[list[Any]]:
    for row, name, path in _named(files, _SOLID, rows):
        drawing.see(path or name, name)
        # Twelve edges of a box are too few for numpy.
        clip = (_corners(row) @ np.asarray(row["transform"], np.float64) @ view[0]).tolist()
        lines = [line for a, b in _EDGES if (line := _line(clip[a], clip[b], view[1])) is not None]
        if lines:
            yield [*drawing.key(name, path), lines]


def _corners(row: Any) -> NDArray[np.float64]:
    """Return a box's corners (8,4) in the prim's space."""
    ends = [(float(row[f"{axis}_min"]), float(row[f"{axis}_max"])) for axis in "xyz"]
    return np.array([[ends[axis][corner >> axis & 1] for axis in range(3)] + [1.0] for corner in range(8)])


def _line(a: list[float], b: list[float], size: tuple[float, float]) -> list[float] | None:
    """Return an edge between two places in clip space, in pixels, without what is behind the camera; None if all is."""
    if a[3] > b[3]:
        a, b = b, a
    if not all(map(isfinite, (*a, *b))) or b[3] <= _NEAREST:
        return None
    if a[3] <= _NEAREST:
        at = (_NEAREST * 2 - a[3]) / (b[3] - a[3])
        a = [here + (there - here) * at for here, there in zip(a, b, strict=True)]
    first, last = (((p[0] / p[3] + 1) * size[0] / 2, (1 - p[1] / p[3]) * size[1] / 2) for p in (a, b))
    return _clipped(first, last, size)


def _clipped(a: tuple[float, float], b: tuple[float, float], size: tuple[float, float]) -> list[float] | None:
    """Return a line cut to three times the picture: numbers of a page stay small."""
    first, last = 0.0, 1.0
    for axis in range(2):
        step, low, high = b[axis] - a[axis], -size[axis], 2 * size[axis]
        if abs(step) < 1e-9:
            if not low <= a[axis] <= high:
                return None
            continue
        near, far = sorted(((low - a[axis]) / step, (high - a[axis]) / step))
        first, last = max(first, near), min(last, far)
    if first > last:
        return None
    return [round(a[axis] + (b[axis] - a[axis]) * at, 1) for at in (first, last) for axis in range(2)]


def add_skeletons(drawing: Drawing, files: Files) -> None:
    """Add the bones of skeletons in view, from joint to parent."""
    told = files.get("skeleton_data", dict)
    lines = [[-1, -1, bones] for one in (told or {}).values() if isinstance(one, dict) and (bones := _bones(one))]
    if told is not None:
        drawing.layers["skeleton_data"] = {"kind": "lines", "lines": lines}
        drawing.facts.append(f"{len(lines)} of {len(told)} skeletons in view")


def _bones(skeleton: Mapping[str, Any]) -> list[list[float]]:
    points, parents = skeleton.get("translations_2d"), skeleton.get("skeleton_parents")
    if not skeleton.get("in_view") or not isinstance(points, list) or not isinstance(parents, list):
        return []
    places = [_point(each) for each in points]
    bones = []
    for place, parent in zip(places, parents, strict=False):
        other = places[parent] if type(parent) is int and 0 <= parent < len(places) else None
        if place is not None and other is not None:
            bones.append([round(value, 1) for value in (*place, *other)])
    return bones


def _point(value: Any) -> tuple[float, float] | None:
    numbers = isinstance(value, list) and len(value) >= 2 and all(isinstance(each, (int, float)) for each in value)
    return (float(value[0]), float(value[1])) if numbers and np.isfinite(value[:2]).all() else None
