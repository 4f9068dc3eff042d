"""Semantic labels as the stage has them: new LabelsAPI and old SemanticsAPI, own and inherited."""

from __future__ import annotations

from collections.abc import Iterator

from pxr import Usd

NEW_SCHEMA = "SemanticsLabelsAPI"
OLD_SCHEMA = "SemanticsAPI"

Labels = dict[str, list[str]]
"""Taxonomy (usually "class") to its labels, in the order in which they were given."""


def own_labels(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> Labels:
    """Return the labels applied to ``prim`` itself, old schema first and each once, at ``time`` (the earliest if None).

    Only applied schemas count: an attribute that merely looks like a label does not.
    """
    found: Labels = {}
    for labels in labels_by_schema(prim, time):
        for taxonomy, values in labels.items():
            found[taxonomy] = list(dict.fromkeys((*found.get(taxonomy, ()), *values)))
    return found


def labels_by_schema(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> tuple[Labels, Labels]:
    """Return what the old and what the new schema say of ``prim`` itself, as ``own_labels`` reads them together."""
    # Most prims have no schema applied at all, and stages have many prims.
    if not prim.GetPrimTypeInfo().GetAppliedAPISchemas():
        return {}, {}
    when = Usd.TimeCode.EarliestTime() if time is None else time
    old: Labels = {}
    for taxonomy, labels in _old_labels(prim, when):
        old.setdefault(taxonomy, []).extend(labels)
    return old, dict(_new_labels(prim, when))


def labelled_prims(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    """Yield each prim with labels of its own, in stage order, those inside instances included."""
    return (prim for prim in every_prim(stage) if any(own_labels(prim).values()))


def every_prim(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    """Yield each active, defined and loaded prim in stage order, those inside instances as instance proxies."""
    return iter(stage.Traverse(Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)))


def _instances(prim: Usd.Prim, schema: str) -> Iterator[str]:
    # The type info lists the names as authored, so that neither schema need be registered with this USD:
    # LabelsAPI is not in Isaac Sim 4.5, SemanticsAPI is a plugin that may be absent.
    for name in prim.GetPrimTypeInfo().GetAppliedAPISchemas():
        if name.startswith(f"{schema}:"):
            yield name.removeprefix(f"{schema}:")


def _new_labels(prim: Usd.Prim, time: Usd.TimeCode) -> Iterator[tuple[str, list[str]]]:
    for taxonomy in _instances(prim, NEW_SCHEMA):
        yield taxonomy, [str(label) for label in prim.GetAttribute(f"semantics:labels:{taxonomy}").Get(time) or ()]


def _old_labels(prim: Usd.Prim, time: Usd.TimeCode) -> Iterator[tuple[str, list[str]]]:
    return ((taxonomy, [label]) for _, taxonomy, label in old_instances(prim, time) if taxonomy and label)


def old_instances(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> Iterator[tuple[str, str, str]]:
    """Yield (instance, type, label) for each instance of the old schema on ``prim``; "" for what is not authored."""
    when = Usd.TimeCode.EarliestTime() if time is None else time
    for instance in _instances(prim, OLD_SCHEMA):
        attributes = (prim.GetAttribute(f"semantic:{instance}:params:semantic{part}") for part in ("Type", "Data"))
        taxonomy, label = (str(attribute.Get(when) or "") if attribute else "" for attribute in attributes)
        yield instance, taxonomy, label
