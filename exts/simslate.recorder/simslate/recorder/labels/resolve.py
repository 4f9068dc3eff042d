"""Which labels count where several prims above each other have some: one rule, in three documented modes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from pxr import Usd

from .read import Labels, joined_labels, own_labels

DEFAULT_MODE = "path"


def resolve_labels(lineage: Sequence[Labels], mode: str = DEFAULT_MODE) -> Labels:
    """Return the labels that count for the last of ``lineage``, by taxonomy.

    ``lineage`` holds the own labels of a prim's ancestors, the furthest first, and at its end those of the prim itself
    ({} where it has none). A face subset stands below its mesh, a point instancer above its prototypes' roots.

    - ``path``: those of all, the furthest ancestor's first, each once. This is Replicator's rule.
    - ``nearest``: of each taxonomy, those of the nearest prim that has any of that taxonomy.
    - ``direct``: those of the prim itself alone; nothing is inherited.

    Raises KeyError for another mode.
    """
    return _RULES[mode](lineage)


def inherited_labels(prim: Usd.Prim, time: Usd.TimeCode | None = None, *, mode: str = DEFAULT_MODE) -> Labels:
    """Return the labels that count for ``prim``, given its own and its ancestors', ``time`` None being the earliest."""
    lineage = [prim]
    while not lineage[-1].IsPseudoRoot():
        lineage.append(lineage[-1].GetParent())
    return resolve_labels([own_labels(each, time) for each in reversed(lineage)], mode)


def _nearest(lineage: Iterable[Labels]) -> Labels:
    return {taxonomy: values for labels in lineage for taxonomy, values in labels.items() if values}


def _direct(lineage: Sequence[Labels]) -> Labels:
    return joined_labels(lineage[-1:])


_RULES: Mapping[str, Callable[[Sequence[Labels]], Labels]] = MappingProxyType(
    {"path": joined_labels, "nearest": _nearest, "direct": _direct}
)
MODES = tuple(_RULES)
"""The names of the modes."""
