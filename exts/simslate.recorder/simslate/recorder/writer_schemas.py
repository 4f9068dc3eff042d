"""What is known of the parameters of well-known writers beyond their signatures, by the name of the class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

_TEXTS = {"type": ["array", "null"], "items": {"type": "string", "minLength": 1}, "minItems": 1}
_PADDING = {
    "type": "integer",
    "minimum": 0,
    "maximum": 20,
    "description": "Digits of the frame's number in file names.",
}

KNOWN: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "BasicWriter": {
            "semantic_types": {**_TEXTS, "description": 'Types of labels that count, such as ["class"].'},
            "semantic_filter_predicate": {
                "type": ["string", "null"],
                "minLength": 1,
                "description": "Which labels count, such as class:*; not together with semantic_types.",
            },
            "image_output_format": {
                "enum": ["png", "jpg", "jpeg", "exr"],
                "description": "Format of colour pictures.",
            },
            "frame_padding": _PADDING,
            "colorize_depth": {"type": "boolean", "description": "Also writes distances as grey pictures."},
            "pointcloud_include_unlabelled": {
                "type": "boolean",
                "description": "Also takes points of what has no label.",
            },
            "use_common_output_dir": {
                "type": "boolean",
                "description": "Puts the files of all render products into the same folders.",
            },
        },
        "CarlaInstanceSegmentation": {
            "tags": {
                "type": ["object", "null"],
                "additionalProperties": {"type": ["integer", "string"]},
                "description": "Label to tag, before the names and aliases that CARLA's tags have.",
            },
            "overflow": {
                "enum": ["error", "wrap"],
                "description": "What more than 65,535 objects are: an error, or ids again from the first, as in CARLA.",
            },
            "sky_tag": {
                "type": ["integer", "null"],
                "minimum": 0,
                "maximum": 255,
                "description": "The tag where nothing is: 0 unless given, CARLA has 11 for sky.",
            },
            "palette": {"description": "Also writes pictures in CityScapesPalette's colours."},
            "semantic": {"description": "Also writes pictures of tags alone."},
            "frame_padding": _PADDING,
        },
    }
)


def _basic_writer(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if parameters.get("semantic_types") and parameters.get("semantic_filter_predicate"):
        yield ".semantic_filter_predicate", "cannot be given together with semantic_types; leave one of them out"


CHECKS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]]] = MappingProxyType(
    {"BasicWriter": _basic_writer}
)
"""What depends on several parameters: yields (place below the parameters, complaint)."""
