"""Drawing a cell: all its files become layers, objects and facts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..content import Picture
from .drawing import Drawing, Files
from .images import distances, motion, photo
from .masks import CARLA, add_masks
from .overlays import add_boxes, add_skeletons
from .source import Cell

_STRANGE = (ValueError, TypeError, KeyError, IndexError, ArithmeticError)
"""What numpy and Pillow raise for values that no annotator gives: a page shows the rest."""
_DISTANCES = ("distance_to_image_plane", "distance_to_camera")


def draw(folder: Path, cell: Cell, width: int) -> Drawing:
    """Return what there is to show of ``cell``, pictures at most ``width`` wide (0: none). Raises nothing."""
    files = Files(folder, cell)
    drawing = Drawing(cell, width or 1)
    for add in (_add_base, _add_fields, _add_others, add_masks, add_boxes, add_skeletons, _add_facts):
        _try(add, drawing, files)
    drawing.flaws = files.flaws
    if not width:
        drawing.base = None
        drawing.layers = {n: each for n, each in drawing.layers.items() if each["kind"] not in ("picture", "mask")}
    return drawing


def _try(add: Callable[[Drawing, Files], None], drawing: Drawing, files: Files) -> None:
    try:
        add(drawing, files)
    except _STRANGE as error:
        what = add.__name__.removeprefix("_").removeprefix("add_")
        files.flaws.append(f"{what}: cannot be shown: {type(error).__name__}: {error}")


def _add_base(drawing: Drawing, files: Files) -> None:
    picture = files.get("rgb", Picture)
    if picture is not None:
        drawing.measure(*picture.pixels.shape[:2])
        drawing.base = photo(_eight_bit(picture), drawing.width)
    elif files.cell.parts.get("rgb", "").endswith(".exr"):
        drawing.facts.append("rgb is EXR, which is not shown")


def _add_fields(drawing: Drawing, files: Files) -> None:
    """Add what has a value for each pixel."""
    for name in _DISTANCES:
        array, picture = files.get(name, np.ndarray), None
        if array is None:
            picture = files.get(f"{name}_picture", Picture)
        if array is not None and array.ndim == 2 and array.dtype.kind == "f":
            drawing.measure(*array.shape)
            data, note = distances(array, drawing.width)
            drawing.layers[name] = {"kind": "picture", "data": data, "note": note}
        elif picture is not None:
            _add_picture(drawing, name, picture)
    normals = files.get("normals", Picture)
    if normals is not None:
        _add_picture(drawing, "normals", Picture("RGB", normals.pixels[..., :3]))
    vectors = files.get("motion_vectors", np.ndarray)
    if vectors is not None and vectors.ndim == 3 and vectors.shape[2] >= 2:
        drawing.measure(*vectors.shape[:2])
        data, note = motion(vectors, drawing.width)
        drawing.layers["motion_vectors"] = {"kind": "picture", "data": data, "note": note}


def _add_others(drawing: Drawing, files: Files) -> None:
    """Add the pictures of another writer, whatever they show; the first of them is the ground if there is no rgb."""
    for name, path in sorted(files.cell.others.items()):
        stem, _, extension = name.rpartition(".")
        picture = None if extension == "json" or stem == CARLA else files.read(path, Picture)
        if picture is not None:
            _add_picture(drawing, stem or "picture", picture)


def _add_picture(drawing: Drawing, name: str, picture: Picture) -> None:
    drawing.measure(*picture.pixels.shape[:2])
    drawing.layers[name] = {"kind": "picture", "data": photo(_eight_bit(picture), drawing.width), "note": ""}


def _eight_bit(picture: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return pixels as Pillow takes them; wider ones are stretched to what there is."""
    pixels = np.ascontiguousarray(picture.pixels)
    if pixels.dtype == np.uint8:
        return pixels
    values = pixels.astype(np.float64)
    return (values * (255 / max(float(values.max(initial=0.0)), 1.0))).astype(np.uint8)


def _add_facts(drawing: Drawing, files: Files) -> None:
    points = files.get("pointcloud", np.ndarray)
    if points is not None:
        drawing.facts.append(f"point cloud of {len(points) if points.ndim else 0:,} points")
    rows = files.get("occlusion", np.ndarray)
    if rows is not None and "occlusionRatio" in (rows.dtype.names or ()):
        ratios = rows["occlusionRatio"]
        hidden = int((ratios > 0.5).sum())
        drawing.facts.append(f"occlusion of {len(ratios):,} prims; {hidden:,} more than half hidden")
