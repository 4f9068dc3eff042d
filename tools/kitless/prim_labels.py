"""Labels of one prim in both schemas: UsdSemantics.LabelsAPI, and the legacy SemanticsAPI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pxr import Sdf, Usd, UsdSemantics

import Semantics


def labels_of(prim: Usd.Prim) -> dict[str, list[str]]:
    """Return the labels of each taxonomy of LabelsAPI, in applied order; those without a value are empty."""
    found = {}
    for taxonomy in UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim):
        attribute = UsdSemantics.LabelsAPI(prim, taxonomy).GetLabelsAttr()
        found[str(taxonomy)] = [str(label) for label in (attribute.Get() if attribute else None) or ()]
    return found


def set_labels(prim: Usd.Prim, taxonomy: str, labels: Iterable[str]) -> None:
    """Let the taxonomy's labels be these.

    Raises ValueError for an invalid prim, and for a text in place of a list of texts.
    """
    if not prim:
        raise ValueError(f"labels need a valid prim, not {prim!r}")
    if isinstance(labels, str):
        raise ValueError(f"labels are a list of texts, not the text {labels!r}")
    api = UsdSemantics.LabelsAPI.Apply(prim, taxonomy)
    api.CreateLabelsAttr().Set([str(label) for label in labels])


def add_labels(prim: Usd.Prim, taxonomy: str, labels: Sequence[str]) -> None:
    """Add those labels that the taxonomy does not have yet; raises as set_labels."""
    if isinstance(labels, str):
        raise ValueError(f"labels are a list of texts, not the text {labels!r}")
    set_labels(prim, taxonomy, dict.fromkeys([*labels_of(prim).get(taxonomy, ()), *labels]))


def remove_taxonomy(prim: Usd.Prim, taxonomy: str) -> None:
    """Take a taxonomy from the prim with its labels."""
    _remove_here(UsdSemantics.LabelsAPI(prim, taxonomy).GetLabelsAttr())
    prim.RemoveAPI(UsdSemantics.LabelsAPI, taxonomy)


def labels_here(prim: Usd.Prim, taxonomy: str) -> list[str]:
    """Return the taxonomy's labels in the layer that is being edited."""
    spec = _spec_here(UsdSemantics.LabelsAPI(prim, taxonomy).GetLabelsAttr())
    return [str(label) for label in spec.default or ()] if spec else []


def _spec_here(attribute: Usd.Attribute) -> Sdf.AttributeSpec | None:
    if not attribute:
        return None
    target = attribute.GetStage().GetEditTarget()
    return target.GetLayer().GetAttributeAtPath(target.MapToSpecPath(attribute.GetPath()))


def _remove_here(attribute: Usd.Attribute) -> None:
    if _spec_here(attribute):
        attribute.GetPrim().RemoveProperty(attribute.GetName())


def legacy_pairs(prim: Usd.Prim) -> dict[str, tuple[str, str]]:
    """Return (type, label) of each instance of the legacy schema."""
    found = {}
    for each in Semantics.SemanticsAPI.GetAll(prim):
        found[each.GetName()] = (each.GetSemanticTypeAttr().Get() or "", each.GetSemanticDataAttr().Get() or "")
    return found


def set_legacy_pair(prim: Usd.Prim, instance: str, kind: str, label: str) -> None:
    """Let an instance of the legacy schema be this type and label."""
    api = Semantics.SemanticsAPI.Apply(prim, instance)
    api.CreateSemanticTypeAttr().Set(kind)
    api.CreateSemanticDataAttr().Set(label)


def remove_legacy(prim: Usd.Prim, instance: str) -> None:
    """Take an instance of the legacy schema from the prim with its attributes."""
    api = Semantics.SemanticsAPI.Get(prim, instance)
    for attribute in (api.GetSemanticTypeAttr(), api.GetSemanticDataAttr()):
        _remove_here(attribute)
    prim.RemoveAPI(Semantics.SemanticsAPI, instance)


def upgrade(prim: Usd.Prim) -> bool:
    """Make labels of the legacy pairs, appended to the type's labels; return whether there were any."""
    pairs = legacy_pairs(prim)
    for instance, (kind, label) in pairs.items():
        if kind and label:
            add_labels(prim, kind, [label])
        remove_legacy(prim, instance)
    return bool(pairs)


def with_descendants(prim: Usd.Prim, include: bool = True) -> list[Usd.Prim]:
    """Return the prim and, if asked, all below it."""
    return list(Usd.PrimRange(prim)) if include else [prim]
