"""What files are made from: the annotators, what each gives, and the fields of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ..annotators import ANNOTATORS

VISIBILITY, AMODAL = "simslate_visibility", "simslate_amodal"
CLASSES = "classes"
"""What is not an annotator: the list of classes."""

FRAME: Mapping[str, str] = {
    "frame": "whole",
    "product": "text",
    "camera": "text",
    "width": "whole",
    "height": "whole",
}
CLASS: Mapping[str, str] = {"class": "text", "class_word": "text", "class_id": "whole"}
LABEL: Mapping[str, str] = {**CLASS, "semantic_id": "whole"}
PRIM: Mapping[str, str] = {"prim_path": "text", "prim_name": "text", "instance": "whole"}
BOX: Mapping[str, str] = {
    "x_min": "whole",
    "y_min": "whole",
    "x_max": "whole",
    "y_max": "whole",
    "x_end": "whole",
    "y_end": "whole",
    "box_width": "whole",
    "box_height": "whole",
    "cx": "number",
    "cy": "number",
    "w": "number",
    "h": "number",
}
SPACE: Mapping[str, str] = {
    **{f"{axis}_{end}": "number" for end in ("min", "max") for axis in "xyz"},
    "transform": "list",
}
SEEN: Mapping[str, str] = {
    "visible_pixels": "whole",
    "frame_pixels": "whole",
    "total_pixels": "whole",
    "visibility": "number",
    "truncation": "number",
    "occlusion_level": "whole",
}
"""What needs the annotator simslate_visibility."""
LENS: Mapping[str, str] = {"fx": "number", "fy": "number", "px": "number", "py": "number"}
RATIO: Mapping[str, str] = {"occlusion": "number"}
PIXELS: Mapping[str, str] = {"visible_pixels": "whole"}

HELP: Mapping[str, str] = MappingProxyType(
    {
        "frame": "number of the frame, from 0",
        "product": "name of the render product",
        "camera": "name of the camera prim",
        "width": "pixels of a row of the picture",
        "height": "rows of the picture",
        "class": "label of the parameter semantic_type; nested ones joined by a comma, as Replicator has them",
        "class_word": "the same with _ for spaces and commas, for lines that are split at spaces",
        "class_id": "place in the parameter classes, from 0; the nearest one that is listed, if labels are nested",
        "semantic_id": "the annotator's own id of the class",
        "prim_path": "path of the labelled prim",
        "prim_name": "last part of that path",
        "instance": "the annotator's number of the object: the id in a mask, bboxIds of a box",
        "x_min": "first pixel column of the box; for 3-D boxes the local lower bound",
        "y_min": "first pixel row of the box; for 3-D boxes the local lower bound",
        "z_min": "local lower bound of a 3-D box",
        "x_max": "last pixel column of the box, inside it; for 3-D boxes the local upper bound",
        "y_max": "last pixel row of the box, inside it; for 3-D boxes the local upper bound",
        "z_max": "local upper bound of a 3-D box",
        "x_end": "x_max + 1: the right edge",
        "y_end": "y_max + 1: the lower edge",
        "box_width": "pixels: x_end - x_min",
        "box_height": "pixels: y_end - y_min",
        "cx": "centre of the box / width, 0 to 1",
        "cy": "centre of the box / height, 0 to 1",
        "w": "box_width / width, 0 to 1",
        "h": "box_height / height, 0 to 1",
        "transform": "4 rows of 4: local to world, row vectors",
        "occlusion": "the annotator's occlusionRatio: 0 visible to 1 hidden, -1 for prims of several meshes",
        "visible_pixels": "pixels of the object that are seen",
        "frame_pixels": "pixels that it would have alone in the frame",
        "total_pixels": "pixels that it would have alone, were the frame three times as wide and high",
        "visibility": "visible_pixels / frame_pixels",
        "truncation": "1 - frame_pixels / total_pixels",
        "occlusion_level": "KITTI's: 0 at most 10 % of frame_pixels are hidden, 1 at most 50 %, 2 more",
        "fx": "focal length in pixels, along rows",
        "fy": "focal length in pixels, along columns",
        "px": "principal point in pixels, from the left edge",
        "py": "principal point in pixels, from the upper edge",
    }
)
"""What each field of a row is."""


@dataclass(frozen=True)
class Kind:
    """What an annotator gives."""

    name: str
    """"ids", "colour", "float", "rows", "points", "data", or "any" for what is not known here."""

    outputs: tuple[str, ...] | None = ()
    """Its outputs beside the array; None for any."""

    rows: Mapping[str, str] | None = None
    """The fields of its rows, and their kinds, without those of FRAME; None if it has no rows."""

    has_channels: bool = False
    """Whether an array has several values per pixel."""


MAPPINGS = ("idToLabels", "idToSemantics")
"""Outputs that are no arrays."""
_BOXES = ("bboxIds", "idToLabels", "primPaths")
_BOX_ROWS = {**LABEL, **PRIM, **BOX, **RATIO, **SEEN}
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "rgb": Kind("colour", has_channels=True),
        "LdrColor": Kind("colour", has_channels=True),
        "semantic_segmentation": Kind("ids", ("idToLabels",), {**LABEL, **PIXELS, **BOX}),
        "instance_segmentation": Kind(
            "ids", ("idToLabels", "idToSemantics"), {**CLASS, **PRIM, **BOX, **PIXELS, **SEEN}
        ),
        "instance_id_segmentation": Kind("ids", ("idToLabels",), {**PRIM, **BOX, **PIXELS}),
        "bounding_box_2d_tight": Kind("rows", _BOXES, _BOX_ROWS),
        "bounding_box_2d_loose": Kind("rows", _BOXES, _BOX_ROWS),
        "bounding_box_3d": Kind("rows", _BOXES, {**LABEL, **PRIM, **SPACE, **RATIO, **SEEN}),
        "occlusion": Kind("rows", (), {"instance": "whole", "semantic_id": "whole", **RATIO}),
        VISIBILITY: Kind("rows", ("primPaths",), {**PRIM, **SEEN}),
        AMODAL: Kind("points", ("primPaths", "spans")),
        "distance_to_camera": Kind("float"),
        "distance_to_image_plane": Kind("float"),
        "normals": Kind("float", has_channels=True),
        "motion_vectors": Kind("float", has_channels=True),
        "pointcloud": Kind("points", ("pointNormals", "pointRgb", "pointSemantic", "pointInstance")),
        "camera_params": Kind("data", None, LENS),
        "skeleton_data": Kind("data", None),
        CLASSES: Kind("data", (), CLASS),
    }
)
KNOWN = (*ANNOTATORS, VISIBILITY, AMODAL)
"""Annotators that are known here; others may be registered."""
OPTIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "colorize": {"type": "boolean", "description": "Colours (RGBA), not ids."},
        "semanticTypes": {"type": "array", "items": {"type": "string"}, "description": "Types of labels that count."},
        "semanticFilter": {"type": "string", "description": "Which labels count, such as class:car|person."},
        "includeUnlabelled": {"type": "boolean", "description": "Also points of what has no label."},
    }
)
"""What annotators are given in well-known cases; others are the annotators' own affair."""


def plain(name: str) -> str:
    """Return an annotator's name without the ``_fast`` that makes no difference."""
    return name.removesuffix("_fast")


def kind_of(name: str, options: Mapping[str, Any]) -> Kind:
    """Return what the annotator ``name`` gives with those ``options``."""
    kind = _KINDS.get(plain(name), Kind("any", None))
    if kind.name == "ids" and options.get("colorize"):
        return Kind("mask", kind.outputs, None, has_channels=True)
    return kind


@dataclass(frozen=True)
class Source:
    """An annotator, or one of its outputs."""

    annotator: str
    output: str | None = None

    @classmethod
    def of(cls, text: str) -> Source:
        """Read ``annotator`` or ``annotator.output``."""
        name, _, output = text.partition(".")
        return cls(name, output or None)


def row_fields(name: str, annotators: Mapping[str, Mapping[str, Any]]) -> dict[str, str] | None:
    """Return the fields that rows made of the annotator ``name`` have, and their kinds; None if it has no rows."""
    kind = kind_of(name, annotators.get(name, {}))
    if kind.rows is None:
        return None
    has_seen = VISIBILITY in annotators or name == VISIBILITY
    kept = PIXELS if kind.name == "ids" else {}
    return {**FRAME, **{key: each for key, each in kind.rows.items() if has_seen or key not in SEEN or key in kept}}
