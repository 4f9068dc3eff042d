"""Writing labels on prims: UsdSemantics' LabelsAPI, legacy labels converted on the way."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pxr import Sdf, Usd, UsdSemantics

from ..labels import LEGACY_PREFIX

MODES = ("add", "replace", "clear")

Labels: TypeAlias = dict[str, list[str]]


def as_labels(value: Any) -> Labels:
    """Labels by type, from ``{type: label or [labels]}``, one ``(type, label)`` pair or a list of pairs.

    Raises ``ValueError`` for anything else.
    """
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
        found.setdefault(str(kind), []).extend([labels] if isinstance(labels, str) else map(str, labels))
    return found


def _is_pair(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and all(isinstance(item, str) for item in value)


def is_one(value: Any) -> bool:
    """Whether a value is for all prims, and not a list of one mapping for each."""
    return not (isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) or item is None for item in value))


def checked_mode(mode: str) -> str:
    """The mode in lower case. Raises ``ValueError`` for an unknown one."""
    if mode.lower() not in MODES:
        raise ValueError(f"Unknown mode '{mode}'; there are {', '.join(MODES)}")
    return mode.lower()


def write_labels(prim: Usd.Prim, labels: Labels, mode: str) -> None:
    """Write labels in the current edit target; ``mode`` is one of MODES."""
    if mode == "clear":
        for taxonomy in UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim):
            prim.RemoveProperty(f"semantics:labels:{taxonomy}")
            prim.RemoveAPI(UsdSemantics.LabelsAPI, taxonomy)
    legacy = list(_take_legacy(prim))
    for kind, added in labels.items():
        before = [label for legacy_kind, label in legacy if legacy_kind == kind and mode != "clear"]
        here = _labels_here(prim, kind) if mode == "add" else []
        UsdSemantics.LabelsAPI.Apply(prim, kind).CreateLabelsAttr().Set([*before, *here, *added])


def _labels_here(prim: Usd.Prim, taxonomy: str) -> list[str]:
    """The labels in the layer that is being edited; those of weaker layers are not repeated in it."""
    target = prim.GetStage().GetEditTarget()
    path = target.MapToSpecPath(prim.GetPath().AppendProperty(f"semantics:labels:{taxonomy}"))
    spec = target.GetLayer().GetAttributeAtPath(path)
    return [str(label) for label in spec.default or ()] if spec else []


def _take_legacy(prim: Usd.Prim) -> Iterator[tuple[str, str]]:
    """Remove the legacy schemas from a prim, and give the type and label of each."""
    for schema in [name for name in prim.GetAppliedSchemas() if name.startswith(LEGACY_PREFIX)]:
        stem = f"semantic:{schema.removeprefix(LEGACY_PREFIX)}:params:semantic"
        kind, label = (prim.GetAttribute(stem + end).Get() for end in ("Type", "Data"))
        prim.RemoveAppliedSchema(schema)
        for end in ("Type", "Data"):
            if prim.GetStage().GetEditTarget().GetLayer().GetAttributeAtPath(Sdf.Path(f"{prim.GetPath()}.{stem}{end}")):
                prim.RemoveProperty(stem + end)
        if kind and label:
            yield kind, label
