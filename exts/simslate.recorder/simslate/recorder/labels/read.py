"""Semantic labels as the stage has them: new LabelsAPI and old SemanticsAPI, own and inherited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pxr import Usd

NEW_SCHEMA = "SemanticsLabelsAPI"
OLD_SCHEMA = "SemanticsAPI"

Labels = dict[str, list[str]]
"""Taxonomy (usually "class") to its labels, in the order in which they were given."""


def own_labels(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> Labels:
    """Return the labels applied to ``prim`` itself, old schema first and each once, at ``time`` (the earliest if None).

    Only applied schemas count: an attribute that merely looks like a label does not.
    """
    old, new = labels_by_schema(prim, time)
    return joined_labels((old, new)) if old or new else {}


def joined_labels(several: Iterable[Labels]) -> Labels:
    """Return ``several`` labels as one: by taxonomy, in their order, each once."""
    found: Labels = {}
    for labels in several:
        for taxonomy, values in labels.items():
            found[taxonomy] = list(dict.fromkeys((*found.get(taxonomy, ()), *values)))
    return found


def labels_by_schema(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> tuple[Labels, Labels]:
    """Return what the old and what the new schema say of ``prim`` itself, as ``own_labels`` reads them together."""
    # Most prims have no schema applied at all, and stages have many prims.
    schemas = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
    if not schemas:
        return {}, {}
    when = Usd.TimeCode.EarliestTime() if time is None else time
    old: Labels = {}
    for taxonomy, label in _old_labels(prim, schemas, when):
        old.setdefault(taxonomy, []).append(label)
    return old, dict(_new_labels(prim, schemas, when))


def labelled_prims(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    """Yield each prim with labels of its own, in stage order, those inside instances included."""
    return (prim for prim in every_prim(stage) if any(own_labels(prim).values()))


def every_prim(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    """Yield each active, defined and loaded prim in stage order, those inside instances as instance proxies."""
    return iter(stage.Traverse(Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)))


def applied_instances(schemas: Iterable[str], schema: str) -> Iterator[str]:
    """Yield the instance names with which a multiple-apply ``schema`` stands among applied ``schemas``."""
    # Names as authored, so that neither schema need be registered with this USD:
    # LabelsAPI is not in Isaac Sim 4.5, SemanticsAPI is a plugin that may be absent.
    prefix = f"{schema}:"
    return (name[len(prefix) :] for name in schemas if name.startswith(prefix))


def old_instances(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> Iterator[tuple[str, str, str]]:
    """Yield (instance, type, label) of each instance of the old schema on ``prim``; "" for what is not authored."""
    when = Usd.TimeCode.EarliestTime() if time is None else time
    for instance in applied_instances(prim.GetPrimTypeInfo().GetAppliedAPISchemas(), OLD_SCHEMA):
        attributes = (prim.GetAttribute(f"semantic:{instance}:params:semantic{part}") for part in ("Type", "Data"))
        taxonomy, label = (str(attribute.Get(when) or "") if attribute else "" for attribute in attributes)
        yield instance, taxonomy, label


def _new_labels(prim: Usd.Prim, schemas: Iterable[str], time: Usd.TimeCode) -> Iterator[tuple[str, list[str]]]:
    for taxonomy in applied_instances(schemas, NEW_SCHEMA):
        values = prim.GetAttribute(f"semantics:labels:{taxonomy}").Get(time) or ()
        # By index: to iterate over a short array of USD takes five times as long, and stages have many.
        yield taxonomy, [str(values[index]) for index in range(len(values))]


def _old_labels(prim: Usd.Prim, schemas: Iterable[str], time: Usd.TimeCode) -> Iterator[tuple[str, str]]:
    for instance in applied_instances(schemas, OLD_SCHEMA):
        taxonomy = prim.GetAttribute(f"semantic:{instance}:params:semanticType").Get(time)
        label = prim.GetAttribute(f"semantic:{instance}:params:semanticData").Get(time)
        if taxonomy and label:
            yield str(taxonomy), str(label)
