"""Boxes against their labels and prims, and tight ones against the pixels of their instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from .finding import Finding
from .regions import SATURATED, Mask, Region, joined
from .shot import Shot, is_reserved, labels_of

TIGHT = "bounding_box_2d_tight"
TOLERANCE = 1
"""Pixels; whether a maximum is the last pixel or the one after it is documented nowhere."""
_CORNERS = ("x_min", "y_min", "x_max", "y_max")


def check_boxes(shot: Shot) -> Iterator[Finding]:
    """Yield the boxes whose semantic id has no labels, and files with another number of prims than of boxes."""
    for name in (TIGHT, "bounding_box_2d_loose", "bounding_box_3d"):
        boxes = shot.get(name, np.ndarray)
        if boxes is None:
            continue
        labels, paths = shot.mapping(f"{name}_labels"), shot.get(f"{name}_prim_paths", list)
        unknown = [] if labels is None else sorted(set(boxes["semanticId"].tolist()) - set(labels))
        for number in unknown:
            yield shot.finding("ids", f"{name}_labels", f"does not have the semantic id {number} of a box")
        if paths is not None and len(paths) != len(boxes):
            yield shot.finding("box", f"{name}_prim_paths", f"has {len(paths)} prims for {len(boxes)} boxes")


def check_tight_boxes(shot: Shot) -> Iterator[Finding]:
    """Yield the tight boxes that are not the extents of their instances, and instances in view without a box.

    An instance is known by its prim. Whether a prim's box covers labelled prims below it is for the host to decide, so
    that either is right.
    """
    boxes, paths = shot.get(TIGHT, np.ndarray), shot.get(f"{TIGHT}_prim_paths", list)
    mask, mapping = shot.mask("instance_segmentation"), shot.mapping("instance_segmentation_mapping")
    if boxes is None or paths is None or mask is None or mapping is None or len(paths) != len(boxes):
        return
    if not mask.labelled or (not mask.colourised and SATURATED in mask.regions):
        return
    regions = _regions_by_prim(mask, mapping)
    for row, path in enumerate(paths):
        extent = tuple(int(boxes[row][corner]) for corner in _CORNERS)
        candidates = _candidates(path, regions)
        if not candidates:
            yield shot.finding("box-mask", TIGHT, f"row {row}: no pixel of the instance mask is {path}")
        elif not any(_close(extent, each.extent) for each in candidates):
            said = f"row {row}: {path} has the box {extent}, but its pixels have {candidates[0].extent}"
            yield shot.finding("box-mask", TIGHT, said)
    for path in regions:
        # A box of an ancestor may stand for it, where the host joins nested prims.
        if path not in paths and not any(path.startswith(f"{other}/") for other in paths):
            yield shot.finding("box-mask", TIGHT, f"has no box of {path}, which is in the instance mask")
    yield from _check_labels(shot, paths, mapping)


def _regions_by_prim(mask: Mask, mapping: Mapping[int, object]) -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for code, region in mask.regions.items():
        path = mapping.get(code)
        if code not in (0, mask.unlabelled) and isinstance(path, str) and not is_reserved(path):
            found.setdefault(path, []).append(region)
    return found


def _candidates(path: str, regions: Mapping[str, list[Region]]) -> list[Region]:
    """Return the regions that a box of ``path`` may be the extents of."""
    own = regions.get(path, [])
    below = [each for other, those in regions.items() if other.startswith(f"{path}/") for each in those]
    several = [joined([*own, *below])] if below else []
    return [*([joined(own)] if own else []), *own, *several]


def _close(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= TOLERANCE for one, other in zip(first, second, strict=True))


def _check_labels(shot: Shot, paths: list[str], mapping: Mapping[int, object]) -> Iterator[Finding]:
    """Yield the boxes that have other labels than their instance."""
    semantics, labels = shot.mapping("instance_segmentation_semantics_mapping"), shot.mapping(f"{TIGHT}_labels")
    if semantics is None or labels is None:
        return
    taxonomy = shot.context.taxonomy
    of_prim = {path: labels_of(semantics[code], taxonomy) for code, path in mapping.items() if code in semantics}
    for row, (path, number) in enumerate(zip(paths, shot.get(TIGHT, np.ndarray)["semanticId"].tolist(), strict=True)):
        own = labels_of(labels.get(number), taxonomy)
        if own and of_prim.get(path) and own != of_prim[path]:
            said = f"row {row}: {path} is {labels[number]}, but another class in the instances' mapping"
            yield shot.finding("class-mask", f"{TIGHT}_labels", said)
