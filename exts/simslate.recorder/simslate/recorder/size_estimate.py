"""How large a recording will be, and whether there is room for it. Looked at before the first frame.

The factors are bytes of file per pixel, measured on this project's tabletop with kitless. Noisy pictures, such as
path-traced ones, are larger and smooth ones smaller, which is why only a clear lack of room stops a recording. What
goes to the disk as an array is exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .annotators import find_annotator
from .dataset.origin import public_name
from .errors import OutputError

PNG_COLOUR = 0.9
"""An RGBA picture as PNG."""
JPEG_COLOUR = 0.12
PNG_MASK = 0.025
"""A mask as PNG: few values, large areas."""
PNG_NORMALS = 0.6
DEPTH_PICTURE = 0.2
"""What ``colorize_depth`` adds."""
POINTS = 41
"""Bytes of one labelled point in all files of a point cloud; here every second pixel has one."""
TABLE = 600
"""Files whose size goes with the number of objects: boxes, labels, mappings, cameras."""

CLEARLY = 0.8
"""An estimate may be a fifth too large: only what does not fit even then is refused."""
WARN = 0.8
"""The share of the free space from which on it is worth a word."""


def bytes_per_frame(
    annotators: Iterable[str], resolutions: Collection[tuple[int, int]], parameters: Mapping[str, Any] | None = None
) -> int:
    """Return about how many bytes one frame's files have, of annotators by name on products of these resolutions."""
    pixels = sum(width * height for width, height in resolutions)
    total = 0.0
    for annotator in annotators:
        per_pixel, per_product = _size(public_name(annotator), parameters or {})
        total += per_pixel * pixels + per_product * len(resolutions)
    return round(total)


def check_room(needed: int, free: int, place: object) -> str | None:
    """Return a warning if ``needed`` bytes come near ``free``, what is left at ``place``; OutputError if far beyond."""
    said = f"{place}: about {told_size(needed)} will be written, and {told_size(free)} are free"
    if needed * CLEARLY > free:
        raise OutputError(f"{said}: nothing was recorded")
    return said if needed > free * WARN else None


def told_size(size: float) -> str:
    """Return a number of bytes as people say it: ``12 MB``."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.1f} {unit}" if size < 10 and unit != "bytes" else f"{size:.0f} {unit}"


def _size(annotator: str, parameters: Mapping[str, Any]) -> tuple[float, int]:
    """Return the bytes of an annotator's files per pixel and per render product."""
    if annotator == "rgb":
        is_jpeg = str(parameters.get("image_output_format", "png")).lower() in ("jpg", "jpeg")
        return (JPEG_COLOUR if is_jpeg else PNG_COLOUR), 0
    if annotator == "normals":
        return PNG_NORMALS, 0
    if annotator == "pointcloud":
        return POINTS / 2, 0
    spec = find_annotator(annotator)
    if spec is None or spec.dtype in ("structured", ""):
        return 0, TABLE
    if spec.dtype == "uint32":
        return PNG_MASK, TABLE
    # Arrays go to the disk as they are.
    depth = DEPTH_PICTURE if annotator.startswith("distance_to_") and parameters.get("colorize_depth") else 0
    return 4 * max(1, spec.channels) + depth, 128
