"""Labels of prims, given as prims or paths."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Usd

from isaacsim.core.experimental.utils.prim import get_prim_at_path
from kitless import prim_labels
from kitless.absent import absent

__all__ = ["add_labels", "get_labels", "remove_all_labels", "remove_labels", "upgrade_prim_semantics_to_labels"]


def add_labels(prim: str | Usd.Prim, *, labels: str | Sequence[str], taxonomy: str = "class") -> None:
    """Add those labels that the taxonomy does not have yet; raises ValueError where there is no prim."""
    prim_labels.add_labels(get_prim_at_path(prim), taxonomy, _listed(labels))


def get_labels(prim: str | Usd.Prim, *, include_descendants: bool = False) -> dict[str, list[str]]:
    """Return the labels by taxonomy, those of all below the prim included if asked, each once."""
    found: dict[str, list[str]] = {}
    for each in prim_labels.with_descendants(get_prim_at_path(prim), include_descendants):
        for taxonomy, labels in prim_labels.labels_of(each).items():
            found[taxonomy] = list(dict.fromkeys([*found.get(taxonomy, ()), *labels]))
    return found


def remove_labels(
    prim: str | Usd.Prim,
    *,
    labels: str | Sequence[str],
    taxonomy: str | None = None,
    include_descendants: bool = False,
) -> None:
    """Remove these labels from a taxonomy, or from all of them; the taxonomies stay."""
    gone = set(_listed(labels))
    for each in prim_labels.with_descendants(get_prim_at_path(prim), include_descendants):
        for name, own in prim_labels.labels_of(each).items():
            if taxonomy in (None, name):
                prim_labels.set_labels(each, name, [label for label in own if label not in gone])


def remove_all_labels(
    prim: str | Usd.Prim, *, remove_taxonomies: bool = False, include_descendants: bool = False
) -> None:
    """Remove all labels, with their taxonomies if asked."""
    for each in prim_labels.with_descendants(get_prim_at_path(prim), include_descendants):
        for taxonomy in prim_labels.labels_of(each):
            if remove_taxonomies:
                prim_labels.remove_taxonomy(each, taxonomy)
            else:
                prim_labels.set_labels(each, taxonomy, [])


def upgrade_prim_semantics_to_labels(prim: str | Usd.Prim, *, include_descendants: bool = False) -> list[str]:
    """Replace the legacy schema by labels; return the paths of the prims that had it."""
    prims = prim_labels.with_descendants(get_prim_at_path(prim), include_descendants)
    return [str(each.GetPath()) for each in prims if prim_labels.upgrade(each)]


def _listed(labels: str | Sequence[str]) -> list[str]:
    return [labels] if isinstance(labels, str) else list(labels)


__getattr__ = absent(__name__)
