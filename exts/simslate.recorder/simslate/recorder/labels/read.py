"""Semantic labels as the stage has them: new LabelsAPI and old SemanticsAPI, own and inherited."""

from __future__ import annotations

from collections.abc import Iterator

from pxr import Usd

NEW_SCHEMA = "SemanticsLabelsAPI"
OLD_SCHEMA = "SemanticsAPI"

Labels = dict[str, list[str]]
"""Taxonomy (usually "class") to its labels, in the order in which they were given."""


def own_labels(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> Labels:
    """Return the labels applied to ``prim`` itself, old schema first, at ``time`` (the earliest if None).

    Only applied schemas count: an attribute that merely looks like a label does not.
    """
    when = Usd.TimeCode.EarliestTime() if time is None else time
    found: Labels = {}
    for taxonomy, labels in (*_old_labels(prim, when), *_new_labels(prim, when)):
        found.setdefault(taxonomy, []).extend(labels)
    return found


def inherited_labels(prim: Usd.Prim, time: Usd.TimeCode | None = None) -> Labels:
    """Return the labels of ``prim`` and of all its ancestors, joined, the furthest ancestor's first."""
    found: Labels = {}
    lineage = [prim]
    while not lineage[-1].IsPseudoRoot():
        lineage.append(lineage[-1].GetParent())
    for ancestor in reversed(lineage):
        for taxonomy, labels in own_labels(ancestor, time).items():
            found.setdefault(taxonomy, []).extend(labels)
    return found


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
    for instance in _instances(prim, OLD_SCHEMA):
        taxonomy = prim.GetAttribute(f"semantic:{instance}:params:semanticType").Get(time)
        label = prim.GetAttribute(f"semantic:{instance}:params:semanticData").Get(time)
        if taxonomy and label:
            yield str(taxonomy), [str(label)]
