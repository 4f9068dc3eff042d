"""What the files of one frame and one render product have to say about each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from ..content import Picture
from .box_checks import check_boxes, check_tight_boxes
from .class_checks import check_classes, check_instance_classes
from .finding import Finding
from .regions import SATURATED
from .shot import Shot

Check = Callable[[Shot], Iterator[Finding]]
MASKS = MappingProxyType(
    {
        "semantic_segmentation": ("semantic_segmentation_labels",),
        "instance_segmentation": ("instance_segmentation_mapping", "instance_segmentation_semantics_mapping"),
        "instance_id_segmentation": ("instance_id_segmentation_mapping",),
    }
)
"""Each mask and its mappings."""
_DEPTHS = ("distance_to_camera", "distance_to_image_plane")


def check_ids(shot: Shot) -> Iterator[Finding]:
    """Yield the ids and colours of masks that their mappings do not have."""
    for annotator, mappings in MASKS.items():
        for part in mappings:
            yield from _check_mapping(shot, annotator, part)


def _check_mapping(shot: Shot, annotator: str, part: str) -> Iterator[Finding]:
    mask, mapping = shot.mask(annotator), shot.mapping(part)
    if mask is None or mapping is None:
        return
    # Whether masks of instances list their background is left open by Replicator.
    unlisted = set(mask.regions) - set(mapping) - ({0} if annotator != "semantic_segmentation" else set())
    if not mask.colourised and any(code >= SATURATED for code in mapping):
        unlisted.discard(SATURATED)
    for code in sorted(unlisted):
        pixels = mask.regions[code].pixels
        what = "colour" if mask.colourised else "id"
        yield shot.finding("ids", part, f"does not have the {what} {mask.text(code)}, which {pixels} pixels have")


def check_blank(shot: Shot) -> Iterator[Finding]:
    """Yield the pictures in which nothing is, although another file of the frame shows something.

    A picture with nothing to compare it with is blank if it is all of one colour.
    """
    labelled, surfaces = _labelled(shot), _surfaces(shot)
    something = [part for part, there in {**labelled, **surfaces}.items() if there]
    with_label = [part for part, there in labelled.items() if there]
    for annotator in ("semantic_segmentation", "instance_segmentation"):
        if labelled.get(annotator) is False and with_label:
            yield shot.finding("blank", annotator, f"has no labelled pixel, but {_subject(shot, with_label[0])}")
    for part in ("instance_id_segmentation", *_DEPTHS):
        if surfaces.get(part) is False and with_label:
            yield shot.finding("blank", part, f"is empty, but {_subject(shot, with_label[0])}")
    rgb = shot.get("rgb", Picture)
    if rgb is not None and _one_value(rgb) and (something or not {**labelled, **surfaces}):
        but = f", but {_subject(shot, something[0])}" if something else ""
        yield shot.finding("blank", "rgb", f"is all of one colour{but}")


def _subject(shot: Shot, part: str) -> str:
    return f"{shot.paths[part].rpartition('/')[2]} shows something"


def _one_value(picture: Picture) -> bool:
    pixels = picture.pixels
    return bool((pixels == pixels[:1, :1]).all())


def _labelled(shot: Shot) -> dict[str, bool]:
    """Return which files show something with a label, and which show that there is nothing."""
    found = {name: mask.labelled for name in list(MASKS)[:2] if (mask := shot.mask(name)) is not None}
    boxes = shot.get("bounding_box_2d_tight", np.ndarray)
    return found if boxes is None else {**found, "bounding_box_2d_tight": len(boxes) > 0}


def _surfaces(shot: Shot) -> dict[str, bool]:
    found = {}
    mask = shot.mask("instance_id_segmentation")
    if mask is not None:
        found["instance_id_segmentation"] = bool(set(mask.regions) - {0})
    for name in _DEPTHS:
        depth = shot.get(name, np.ndarray)
        if depth is not None:
            found[name] = bool(np.isfinite(depth).any())
    return found


def check_points(shot: Shot) -> Iterator[Finding]:
    """Yield the files of a point cloud that do not have a row for each point."""
    points = shot.get("pointcloud", np.ndarray)
    for part in ("pointcloud_rgb", "pointcloud_normals", "pointcloud_semantic", "pointcloud_instance"):
        values: Any = shot.get(part, np.ndarray)
        if points is not None and values is not None and len(values) != len(points):
            yield shot.finding("format", part, f"has {len(values)} rows for {len(points)} points")


SHOT_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "ids": check_ids,
        "blank": check_blank,
        "box": check_boxes,
        "box-mask": check_tight_boxes,
        "class-mask": check_instance_classes,
        "taxonomy": check_classes,
        "points": check_points,
    }
)
"""By what each is about; a check yields nothing where its files are not there, or not sound by themselves."""


def check_shot(shot: Shot) -> list[Finding]:
    """Return all that does not fit together."""
    return [finding for check in SHOT_CHECKS.values() for finding in check(shot)]
