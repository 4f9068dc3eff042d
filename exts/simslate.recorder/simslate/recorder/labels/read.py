"""Semantic labels as the stage has them: new LabelsAPI and old SemanticsAPI, own and inherited."""

from __future__ import annotations

from collections.abc import Iterator

from pxr import Usd

NEW_SCHEMA = "SemanticsLabelsAPI"
OLD_SCHEMA = "SemanticsAPI"

EARLIEST = Usd.TimeCode.EarliestTime()

Labels = dict[str, list[str]]
"""Taxonomy (usually "class") to its labels, in the order in which they were given."""


def own_labels(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> Labels:
    """Return the labels applied to ``prim`` itself, old schema first and each once, at ``time`` (the earliest if None).

    Only applied schemas count: an attribute that merely looks like a label does not.
    """
    old, new = labels_by_schema(prim, time)
    if not old and not new:
        return {}
    return {taxonomy: list(dict.fromkeys((*old.get(taxonomy, ()), *new.get(taxonomy, ())))) for taxonomy in old | new}


def labels_by_schema(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> tuple[Labels, Labels]:
    """Return what the old and what the new schema say of ``prim`` itself, as ``own_labels`` reads them together."""
    # The type info lists the names as authored, so that neither schema need be registered with this USD: LabelsAPI is
    # not in Isaac Sim 4.5, SemanticsAPI is a plugin that may be absent.
    schemas = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
    old: Labels = {}
    new: Labels = {}
    for schema in schemas:
        kind, _, instance = schema.partition(":")
        if kind == NEW_SCHEMA and instance:
            values = prim.GetAttribute(f"semantics:labels:{instance}").Get(time or EARLIEST)
            new[instance] = [str(value) for value in values or ()]
        elif kind == OLD_SCHEMA and instance:
            taxonomy, label = old_instance(prim, instance, time)
            if taxonomy and label:
                old.setdefault(taxonomy, []).append(label)
    return old, new


def old_instance(prim: Usd.Prim, instance: str, time: Usd.TimeCode | None = None) -> tuple[str, str]:
    """Return type and label of an ``instance`` of the old schema on ``prim``; "" for what is not authored."""
    attributes = (prim.GetAttribute(f"semantic:{instance}:params:semantic{part}") for part in ("Type", "Data"))
    taxonomy, label = (str(attribute.Get(time or EARLIEST) or "") if attribute else "" for attribute in attributes)
    return taxonomy, label


def old_instances(prim: Usd.Prim) -> list[str]:
    """Return the names of all instances of the old schema on ``prim``, complete or not."""
    schemas = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
    return [name.removeprefix(f"{OLD_SCHEMA}:") for name in schemas if name.startswith(f"{OLD_SCHEMA}:")]


def labelled_prims(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    """Yield each prim with labels of its own, in stage order, those inside instances included."""
    return (prim for prim in every_prim(stage) if any(own_labels(prim).values()))


def every_prim(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    """Yield each active, defined and loaded prim in stage order, those inside instances as instance proxies."""
    return iter(stage.Traverse(Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)))
