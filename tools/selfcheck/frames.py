"""The files of a recording made from config/selfcheck.json, frame by frame."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .agreement import Mask

NOTHING = "BACKGROUND"


@dataclass(frozen=True)
class Labelled:
    """What a mask says of one class, or of one object."""

    id: int
    mask: Mask
    """(H, W)."""
    label: str
    """Its class."""


@dataclass(frozen=True)
class Box:
    """A tight 2-D box: first and last pixel column and row, as the file has them."""

    label: str
    edges: tuple[int, ...]
    """x_min, y_min, x_max, y_max."""


@dataclass(frozen=True)
class Frame:
    """What one frame of a recording says."""

    classes: Mapping[str, Labelled]
    """By class; without the background."""
    objects: Mapping[str, Labelled]
    """By prim path."""
    boxes: Mapping[str, Box]
    """By prim path."""
    depth: NDArray[np.float32]
    """(H, W), metres along the optical axis, inf where nothing is hit."""
    camera: Mapping[str, Any]
    """camera_params."""


def read_frames(folder: Path) -> list[Frame]:
    """Return all frames of the recording in ``folder``.

    Raises FileNotFoundError naming the file that is missing, ValueError for one that is not what it should be.
    """
    numbers = sorted(path.stem.rpartition("_")[2] for path in folder.glob("camera_params_*.json"))
    if not numbers:
        raise FileNotFoundError(f"{folder}: there is no camera_params_0000.json: no recording of config/selfcheck.json")
    return [_frame(folder, number) for number in numbers]


def made_with(folder: Path) -> dict[str, Any]:
    """Return what the recording says of its making: ``versions`` and ``hashes``."""
    job = _json(folder / "simslate/job.json")
    return dict(job.get("made_with", {}))


def _frame(folder: Path, number: str) -> Frame:
    semantics = _json(folder / f"semantic_segmentation_labels_{number}.json")
    paths = _json(folder / f"instance_segmentation_mapping_{number}.json")
    of_object = _json(folder / f"instance_segmentation_semantics_mapping_{number}.json")
    classes, objects = (_ids(folder / f"{kind}_segmentation_{number}.png") for kind in ("semantic", "instance"))
    return Frame(
        classes=_labelled(classes, {key: _class(entry) for key, entry in semantics.items()}, semantics),
        objects=_labelled(objects, paths, of_object),
        boxes=_boxes(folder, number),
        depth=np.load(folder / f"distance_to_image_plane_{number}.npy", allow_pickle=False),
        camera=_json(folder / f"camera_params_{number}.json"),
    )


def _labelled(ids: NDArray[Any], names: Mapping[str, str], entries: Mapping[str, Any]) -> dict[str, Labelled]:
    """Return by name what ids stand for, other than the background, and only what has a pixel."""
    found = {
        name: Labelled(int(key), ids == int(key), _class(entries.get(key, {})))
        for key, name in names.items()
        if name != NOTHING
    }
    return {name: each for name, each in found.items() if each.mask.any()}


def _boxes(folder: Path, number: str) -> dict[str, Box]:
    stem = "bounding_box_2d_tight"
    rows = np.load(folder / f"{stem}_{number}.npy", allow_pickle=False)
    labels = _json(folder / f"{stem}_labels_{number}.json")
    paths = _json(folder / f"{stem}_prim_paths_{number}.json")
    if len(rows) != len(paths):
        raise ValueError(f"{folder}: {stem}_{number} has {len(rows)} boxes and {len(paths)} prim paths")
    edges = ("x_min", "y_min", "x_max", "y_max")
    return {
        path: Box(_class(labels[str(row["semanticId"])]), tuple(int(row[edge]) for edge in edges))
        for path, row in zip(paths, rows)  # noqa: B905  equally long, and Isaac Sim 4.5 has Python 3.10
    }


def _ids(path: Path) -> NDArray[Any]:
    with Image.open(path) as image:
        ids = np.asarray(image)
    if ids.ndim != 2:
        raise ValueError(f"{path}: has colours, not ids: it was not recorded from config/selfcheck.json")
    return ids


def _class(entry: Any) -> str:
    """Return the class of an entry of a labels file; those of "BACKGROUND" are plain texts in some releases."""
    return str(entry.get("class", "")) if isinstance(entry, Mapping) else str(entry)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON: {error}") from error
