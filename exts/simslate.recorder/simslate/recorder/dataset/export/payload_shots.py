"""Shots from what a Replicator writer receives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ...payload import Part, parts
from .assemble import (
    AMODAL,
    CAMERA,
    CLASSES,
    DEPTH,
    INSTANCES,
    LOOSE,
    RGB,
    SOLID,
    TIGHT,
    VISIBILITY,
    Filter,
    Frame,
    make_shot,
)
from .class_list import ClassList
from .shot import Shot

_BOXES = {"": "data", "_labels": "idToLabels", "_prim_paths": "primPaths"}
_FILES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        RGB: {"": "data"},
        DEPTH: {"": "data"},
        CLASSES: {"": "data", "_labels": "idToLabels"},
        INSTANCES: {"": "data", "_mapping": "idToLabels", "_semantics_mapping": "idToSemantics"},
        **dict.fromkeys((TIGHT, LOOSE, SOLID), _BOXES),
        VISIBILITY: {"": "data", "_prim_paths": "primPaths"},
        AMODAL: {"": "data", "_prim_paths": "primPaths", "_spans": "spans"},
    }
)
"""By annotator, what BasicWriter would put into which file: the end of its name, and the output's."""


def payload_shots(payload: Mapping[str, Any], frame: str, classes: ClassList, kept: Filter) -> Iterator[Shot]:
    """Yield the shots of one frame, which files call ``frame``, by the names of their render products.

    The only render product has no name, as in the names of BasicWriter's files.
    """
    found = sorted(parts(payload), key=lambda part: part.product)
    for part in found:
        values = _values(part)
        picture = values.pop(RGB, None)
        size = None if part.size is None else (part.size[1], part.size[0])
        name = part.product if len(found) > 1 else ""
        yield make_shot(Frame(name, frame, size, picture), values, classes, kept)


def _values(part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, output in part.outputs.items():
        annotator = name.removesuffix("_fast")
        if annotator == CAMERA:
            found[CAMERA] = output
        for ending, key in _FILES.get(annotator, {}).items():
            found[annotator + ending] = output[key]
    return found
