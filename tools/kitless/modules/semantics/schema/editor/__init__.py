"""What scripts use of the Semantics Schema Editor: labelling a prim. The window is not there."""

from __future__ import annotations

from pxr import Usd

from kitless import prim_labels
from kitless.absent import Missing, absent

__all__ = [
    "LabelWriteType",
    "PrimSemanticData",
    "add_prim_semantics",
    "clear_semantics",
    "get_prim_auto_label",
    "upgrade_prim_semantics",
    "upgrade_stage_semantics",
]

LabelWriteType = Missing("semantics.schema.editor.LabelWriteType")
add_prim_semantics = Missing("semantics.schema.editor.add_prim_semantics")
clear_semantics = Missing("semantics.schema.editor.clear_semantics")
get_prim_auto_label = Missing("semantics.schema.editor.get_prim_auto_label")
upgrade_prim_semantics = Missing("semantics.schema.editor.upgrade_prim_semantics")
upgrade_stage_semantics = Missing("semantics.schema.editor.upgrade_stage_semantics")


class PrimSemanticData:
    """The labels of one prim."""

    def __init__(self, prim: Usd.Prim) -> None:
        self._prim = prim

    def add_entry(self, type: str, data: str) -> None:
        """Add a label of a type; a label that is there already is not added again.

        Raises ValueError for an invalid prim, and for a type or label that is empty or has a colon.
        """
        for what, text in (("type", type), ("label", data)):
            if not text or ":" in text:
                raise ValueError(f"a semantic {what} is not empty and has no colon: {text!r}")
        prim_labels.add_labels(self._prim, type, [data])


__getattr__ = absent(__name__)
