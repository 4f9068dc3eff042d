"""Writing labels."""

from collections.abc import Iterable
from typing import Any

from pxr import Usd, UsdSemantics, Vt

MODES = ("add", "replace", "clear")
Semantics = dict[str, list[str]]
"""Labels by type."""


def as_semantics(value: Any) -> Semantics:
    """Labels given as ``{type: label or labels}``, a (type, label) pair or a list of such pairs.

    Raises ``ValueError`` for anything else.
    """
    if value is None:
        return {}
    if isinstance(value, dict):
        return {str(kind): label_list(labels) for kind, labels in value.items()}
    if is_pair(value):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(is_pair(pair) for pair in value):
        raise ValueError(f"Semantics must be {{type: label}} or a list of (type, label), not {value!r}")
    found: Semantics = {}
    for kind, labels in value:
        found.setdefault(kind, []).extend(label_list(labels))
    return found


def is_pair(value: Any) -> bool:
    """Whether a value is (type, label)."""
    return isinstance(value, (list, tuple)) and len(value) == 2 and isinstance(value[0], str)


def label_list(labels: Any) -> list[str]:
    """One label or several as a list. Raises ``ValueError`` for what is no text."""
    found = [labels] if isinstance(labels, str) else list(labels) if isinstance(labels, Iterable) else [labels]
    if not all(isinstance(label, str) for label in found):
        raise ValueError(f"Labels are texts, not {labels!r}")
    return found


def checked_mode(mode: str) -> str:
    """A mode in lower case. Raises ``ValueError`` for an unknown one."""
    if mode.lower() not in MODES:
        raise ValueError(f"Unknown mode '{mode}'; there are {', '.join(MODES)}")
    return mode.lower()


def write_labels(prim: Usd.Prim, semantics: Semantics, mode: str = "add") -> None:
    """Label a prim: add to what it has (each label once), replace types, or clear all before."""
    if mode == "clear":
        for taxonomy in UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim):
            prim.RemoveAPI(UsdSemantics.LabelsAPI, taxonomy)
            prim.RemoveProperty(f"semantics:labels:{taxonomy}")
    legacy = take_legacy(prim)
    for kind, labels in semantics.items():
        api = UsdSemantics.LabelsAPI.Apply(prim, kind)
        attribute = api.CreateLabelsAttr()
        before = list(attribute.Get() or []) if mode == "add" else []
        old = legacy.get(kind, []) if mode != "clear" else []
        attribute.Set(Vt.TokenArray(list(dict.fromkeys([*old, *before, *labels]))))


def take_legacy(prim: Usd.Prim) -> Semantics:
    """Remove the older schema from a prim; returns what it said."""
    found = legacy_labels(prim)
    for schema in legacy_schemas(prim):
        prim.RemoveAppliedSchema(schema)
    return found


def legacy_schemas(prim: Usd.Prim) -> list[str]:
    """The applied schemas of a prim that are of the older kind of labels."""
    return [schema for schema in prim.GetAppliedSchemas() if schema.startswith("SemanticsAPI:")]


def legacy_labels(prim: Usd.Prim) -> Semantics:
    """What the older schema says about a prim."""
    found: Semantics = {}
    for schema in legacy_schemas(prim):
        instance = schema.partition(":")[2]
        kind, label = (prim.GetAttribute(f"semantic:{instance}:params:semantic{part}") for part in ("Type", "Data"))
        if kind and label and kind.Get():
            found.setdefault(str(kind.Get()), []).append(str(label.Get()))
    return found
