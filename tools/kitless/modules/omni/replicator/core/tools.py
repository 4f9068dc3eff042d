"""``rep.tools``: annotators' data as pictures, colours, and run lengths of masks."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitless.absent import Missing

from .palette import BACKGROUND, Rgba, paint, semantic_colour
from .seed import get_global_seed

EPSILON = 1e-5
"""Metres added to distances before their logarithm."""
_ROWS_AT_ONCE = 16


def colorize_distance(
    distance_data: NDArray[np.float32], near: float | None = 1e-5, far: float | None = 100.0
) -> NDArray[np.uint8]:
    """A picture of distances, uint8 (H,W): logarithmic from ``near`` (255) to ``far`` and beyond (0).

    None fits an end to the finite distances.
    """
    data = np.asarray(distance_data)
    finite = data[np.isfinite(data)]
    if finite.size == 0:
        return np.zeros(data.shape, np.uint8)
    low = float(finite.min()) if near is None else near
    high = float(finite.max()) if far is None else far
    start, end = np.log(low + EPSILON), np.log(high + EPSILON)
    logarithm = np.log(np.clip(data, low, high) + EPSILON)
    return ((1 - (logarithm - start) / max(end - start, 1e-12)) * 255).astype(np.uint8)


def colorize_normals(data: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A picture of normals, uint8 (H,W,4): -1…1 on 0…255."""
    values = np.asarray(data)
    picture = np.empty(values.shape, np.uint8)
    # A few rows at a time stay in the processor's cache.
    for first in range(0, len(values), _ROWS_AT_ONCE):
        scaled = values[first : first + _ROWS_AT_ONCE] * 0.5
        scaled += 0.5
        scaled *= 255
        picture[first : first + _ROWS_AT_ONCE] = scaled.astype(np.uint8)
    return picture


def colorize_motion_vector(data: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A picture of motion, uint8 (H,W,4): hue is the direction, brightness the length relative to the longest."""
    x, y = np.asarray(data)[..., 0], np.asarray(data)[..., 1]
    lengths = np.hypot(x, y)
    brightness = lengths / max(float(lengths.max(initial=0.0)), 1e-12)
    # HSV at full saturation, as three shifted triangle waves.
    hue = np.arctan2(y, x) / (2 * np.pi) % 1.0
    waves = np.clip(np.abs((hue[..., None] * 6 + np.array([0.0, 4.0, 2.0])) % 6 - 3) - 1, 0, 1)
    picture = np.full((*x.shape, 4), 255, np.uint8)
    picture[..., :3] = (waves * brightness[..., None] * 255).astype(np.uint8)
    return picture


def colorize_segmentation(
    data: NDArray[Any], labels: Mapping[Any, Any], mapping: Mapping[Any, Any] | None = None
) -> Any:
    """A picture of ids (H,W), uint8 (H,W,4).

    ``labels`` are the annotator's ``idToLabels``. With ``mapping`` (``{label or "type:label": (r, g, b[, a])}``, looked
    up without regard to case) the picture alone; ids it does not name keep a colour by their id. Without it the
    picture, the colours (k, 4) of the ids in ascending order, and ``{colour: id}``; the smallest id is transparent.
    """
    ids = np.asarray(data).astype(np.uint32)
    known = sorted({int(number) for number in np.unique(ids)} | {int(number) for number in labels})
    colours = {number: semantic_colour(number) for number in known}
    if mapping is not None:
        wanted = {str(key).lower(): value for key, value in mapping.items()}
        for number, label in labels.items():
            colour = _mapped(label, wanted)
            colours[int(number)] = colours[int(number)] if colour is None else colour
        return paint(ids, colours)
    if known:
        colours[known[0]] = BACKGROUND
    palette = np.array([colours[number] for number in known], np.uint8).reshape(-1, 4)
    return paint(ids, colours), palette, {colours[number]: number for number in known}


def _mapped(label: Any, wanted: Mapping[str, Any]) -> Rgba | None:
    """The colour of an id's label, given as ``{type: label}`` or as text."""
    pairs = label.items() if isinstance(label, Mapping) else [("", str(label))]
    for kind, text in pairs:
        for key in (f"{kind}:{text}".lower(), str(text).lower()):
            if key in wanted:
                red, green, blue, *alpha = (int(channel) for channel in wanted[key])
                return red, green, blue, alpha[0] if alpha else 255
    return None


def colorize_bbox_2d(
    image: NDArray[np.uint8], data: NDArray[Any], xform: Any = None, draw_rotated_boxes: bool = False
) -> NDArray[np.uint8]:
    """The picture with the boxes of a 2-D box annotator drawn on it, in the colours of their semantic ids."""
    if xform is not None or draw_rotated_boxes:
        Missing("omni.replicator.core.tools.colorize_bbox_2d(xform=…, draw_rotated_boxes=…)")()
    from PIL import Image, ImageDraw

    picture = Image.fromarray(np.ascontiguousarray(image)).convert("RGBA")
    draw = ImageDraw.Draw(picture)
    for row in data:
        corners = [int(row[name]) for name in ("x_min", "y_min", "x_max", "y_max")]
        draw.rectangle(corners, outline=semantic_colour(int(row["semanticId"]) + 2))
    return np.array(picture)


def random_colours(N: int, enable_random: bool = True, num_channels: int = 4, start: int = 0) -> NDArray[np.uint8]:
    """``N`` colours, no two alike, uint8 (N, num_channels): those of the ids from ``start`` on, or these shuffled."""
    colours = np.array([random_colours_id(start + index, num_channels) for index in range(N)], np.uint8)
    colours = colours.reshape(N, num_channels)
    return np.random.default_rng(get_global_seed()).permutation(colours) if enable_random else colours


def random_colours_id(id: int, num_channels: int = 4) -> Rgba | tuple[int, ...]:
    """The colour of an id, the same in each run."""
    # Ids 0 and 1 are black in masks; here each id has a colour.
    return semantic_colour(int(id) + 2)[:num_channels]


def binary_mask_to_rle(binary_mask: NDArray[Any]) -> dict[str, list[int]]:
    """Run lengths of a mask (H,W), column by column, zeros first: COCO's ``counts`` and ``size`` [H, W]."""
    mask = np.asarray(binary_mask).astype(bool)
    flat = mask.ravel(order="F")
    changes = np.flatnonzero(np.diff(flat)) + 1
    runs = np.diff([0, *changes, flat.size]).tolist()
    return {"counts": [0, *runs] if flat.size and flat[0] else runs, "size": list(mask.shape)}


def data_to_colour(data: Any) -> tuple[int, int, int]:
    """A colour of mean 128 that belongs to a text or bytes, by their SHA-256."""
    content = data if isinstance(data, bytes) else str(data).encode()
    digest = hashlib.sha256(content).digest()
    channels = [(byte + 1) * 33 % 255 for byte in digest[:3]]
    scale = 128 * 3 / max(sum(channels), 1)
    red, green, blue = (int(min(channel * scale, 255)) for channel in channels)
    return red, green, blue
