"""What an annotator gives, as a picture to look at, and what the colours in it mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

ANNOTATORS = MappingProxyType(
    {
        "rgb": "rgb",
        "semantic_segmentation": "semantic_segmentation",
        "instance_segmentation": "instance_segmentation",
        "instance_id_segmentation": "instance_id_segmentation_fast",
        "distance_to_camera": "distance_to_camera",
        "normals": "normals",
    }
)
"""What can be shown, and Replicator's name of the annotator that gives it."""

MASKS = tuple(name for name in ANNOTATORS if name.endswith("segmentation"))
_BEHIND = ("BACKGROUND", "INVALID", "UNLABELLED")


@dataclass(frozen=True)
class Row:
    """A row of a legend: what a colour means, and how many pixels have it."""

    label: str
    colour: Colour
    pixels: int


@dataclass(frozen=True, eq=False)
class Picture:
    """(H, W, 4) uint8 RGBA, opaque, origin top-left, not to be written to; the legend has the largest first."""

    pixels: Pixels
    legend: tuple[Row, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]


def picture_of(annotator: str, output: Any) -> Picture | None:
    """Return the picture of what ``annotator`` (a name of ANNOTATORS) gave; None if that is nothing yet."""
    data, info = (output["data"], output["info"]) if isinstance(output, Mapping) else (output, {})
    data = np.asarray(data)
    if data.ndim < 2 or not data.size:
        return None
    if annotator in MASKS:
        return _mask(data, info.get("idToLabels", {}), info.get("idToSemantics", {}))
    return Picture(_PAINTERS[annotator](data))


def _mask(data: Pixels, labels: Mapping[Any, Any], semantics: Mapping[Any, Any]) -> Picture:
    """Paint a mask that is colours already; what has no label is black there, what is behind everything too."""
    counts = _counts(data)
    rows = []
    for key, label in labels.items():
        colour = _rgba(key)
        text = _said(label, semantics.get(key))
        rows.append(Row(text, (colour[0], colour[1], colour[2]), counts.get(colour, 0)))
    ordered = sorted(rows, key=lambda row: (row.label in _BEHIND, -row.pixels, row.label))
    return Picture(_opaque(data), tuple(ordered))


def _counts(data: Pixels) -> dict[tuple[int, ...], int]:
    """Return RGBA to number of pixels, by runs of equal ones: masks have few of those, and pixels are many."""
    flat = np.ascontiguousarray(data).view(np.uint32).ravel()
    starts = np.concatenate(([0], np.flatnonzero(flat[1:] != flat[:-1]) + 1))
    lengths = np.diff(np.append(starts, flat.size))
    colours, run_of = np.unique(flat[starts], return_inverse=True)
    totals = np.bincount(run_of.ravel(), weights=lengths).astype(int)
    channels = colours.astype(np.uint32).view(np.uint8).reshape(-1, 4)
    return {tuple(map(int, rgba)): int(total) for rgba, total in zip(channels, totals, strict=True)}


def _rgba(key: Any) -> tuple[int, ...]:
    numbers = re.findall(r"\d+", key) if isinstance(key, str) else key
    return tuple(int(number) for number in numbers)


def _said(label: Any, semantics: Any) -> str:
    if not isinstance(label, Mapping):
        classes = _said(semantics, None) if semantics else ""
        return f"{label}: {classes}" if classes and classes != label else str(label)
    if set(label) == {"class"}:
        return str(label["class"])
    return ", ".join(f"{taxonomy}: {text}" for taxonomy, text in label.items())


def _opaque(data: NDArray[Any]) -> Pixels:
    found = np.array(data, np.uint8)
    found[..., 3] = 255
    return found


def _grey(distance: NDArray[np.float32]) -> Pixels:
    """Paint near things light and far ones dark, logarithmically; what is infinitely far is black."""
    finite = np.isfinite(distance)
    shades = np.zeros(distance.shape, np.uint8)
    if finite.any():
        logarithms = np.log(np.maximum(distance[finite], 1e-5))
        low, high = float(logarithms.min()), float(logarithms.max())
        shades[finite] = 255 - (logarithms - low) / max(high - low, 1e-9) * 215
    return _stacked(shades, shades, shades)


def _directions(normals: NDArray[np.float32]) -> Pixels:
    """Paint -1 to 1 as 0 to 255 in red, green and blue; nothing hit is black."""
    colours = ((normals[..., :3] * 0.5 + 0.5) * 255).astype(np.uint8)
    colours[~normals[..., :3].any(axis=-1)] = 0
    return _stacked(colours[..., 0], colours[..., 1], colours[..., 2])


def _stacked(red: Pixels, green: Pixels, blue: Pixels) -> Pixels:
    return np.stack((red, green, blue, np.full_like(red, 255)), axis=-1)


_PAINTERS: Mapping[str, Callable[[NDArray[Any]], Pixels]] = MappingProxyType(
    {"rgb": _opaque, "distance_to_camera": _grey, "normals": _directions}
)
