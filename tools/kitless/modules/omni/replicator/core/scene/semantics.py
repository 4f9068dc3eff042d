"""Writing labels on prims: UsdSemantics' LabelsAPI, legacy labels converted on the way."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from pxr import Usd, UsdSemantics

from kitless import prim_labels

MODES = ("add", "replace", "clear")

Labels: TypeAlias = dict[str, list[str]]
"""Labels by type."""


def as_labels(value: Any) -> Labels:
    """Labels by type, from ``{type: label or [labels]}``, one ``(type, label)`` pair or a list of pairs.

    Raises ``ValueError`` for anything else.
    """
    if value is None:
        return {}
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif _is_pair(value):
        pairs = [tuple(value)]
    elif isinstance(value, (list, tuple)) and all(_is_pair(item) for item in value):
        pairs = [tuple(item) for item in value]
    else:
        raise ValueError(f"Not semantics: {value!r}; give {{'class': 'cube'}} or [('class', 'cube')]")
    found: Labels = {}
    for kind, labels in pairs:
        found.setdefault(str(kind), []).extend(_label_list(labels))
    return found


def _is_pair(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and isinstance(value[0], str)


def _label_list(labels: Any) -> list[str]:
    found = list(labels) if isinstance(labels, (list, tuple)) else [labels]
    if not all(isinstance(label, str) for label in found):
        raise ValueError(f"Not semantics: labels are texts, not {labels!r}")
    return found


def checked_mode(mode: str) -> str:
    """The mode in lower case. Raises ``ValueError`` for an unknown one."""
    if mode.lower() not in MODES:
        raise ValueError(f"Unknown mode '{mode}'; there are {', '.join(MODES)}")
    return mode.lower()


def write_labels(prim: Usd.Prim, labels: Labels, mode: str = "add", *, once: bool = False) -> None:
    """Write labels in the current edit target; ``mode`` is one of MODES, ``once`` leaves out repeated labels."""
    if mode == "clear":
        for taxonomy in UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim):
            prim_labels.remove_taxonomy(prim, taxonomy)
    legacy = prim_labels.legacy_pairs(prim)
    for instance in legacy:
        prim_labels.remove_legacy(prim, instance)
    for kind, added in labels.items():
        before = [label for legacy_kind, label in legacy.values() if legacy_kind == kind and mode != "clear"]
        here = prim_labels.labels_here(prim, kind) if mode == "add" else []
        written = [*before, *here, *added]
        prim_labels.set_labels(prim, kind, dict.fromkeys(written) if once else written)
