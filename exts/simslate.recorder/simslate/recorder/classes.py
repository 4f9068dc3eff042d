"""What a taxonomy makes of a stage: which labels it does not list, and which it has other names for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pxr import Usd

from .errors import ConfigError
from .labels import Change, Surface, labelled_prims, own_labels, replaced
from .taxonomy import Taxonomy


def listed_taxonomy(taxonomy: Taxonomy, stage: Usd.Stage) -> Taxonomy:
    """Return ``taxonomy`` as its policy has it for ``stage``: with the unlisted labels added, or as it is.

    Raises ConfigError, naming each unlisted label, one prim that has it and the nearest class, if they are an error.
    """
    found = unlisted(taxonomy, stage)
    if taxonomy.unlisted == "add-and-lock":
        return taxonomy.with_classes(found)
    if taxonomy.unlisted == "error" and found:
        lines = (
            f'"{label}", a label of {path}, is not listed; {taxonomy.nearest(label)}' for label, path in found.items()
        )
        raise ConfigError(*(f"{taxonomy.source}: $.classes: {line}" for line in lines))
    return taxonomy


def unlisted(taxonomy: Taxonomy, stage: Usd.Stage) -> dict[str, str]:
    """Return the labels on ``stage`` that ``taxonomy`` does not list, each with the path of the first prim of it."""
    found: dict[str, str] = {}
    for prim in labelled_prims(stage):
        for label in own_labels(prim).get(taxonomy.taxonomy, ()):
            if taxonomy.find(label) is None:
                found.setdefault(label, str(prim.GetPath()))
    return found


def renamed(taxonomy: Taxonomy, stage: Usd.Stage) -> Iterator[Change]:
    """Yield the changes that put a class's name in place of its aliases, wherever a prim can have an opinion.

    Inside instances aliases stay, and have the id and colour of their class all the same.
    """
    for prim in labelled_prims(stage):
        labels = own_labels(prim).get(taxonomy.taxonomy, ())
        names = [category.name if (category := taxonomy.find(label)) else label for label in labels]
        if names != list(labels) and not prim.IsInstanceProxy():
            yield replaced(prim, taxonomy.taxonomy, names)


def described(
    drawn: Iterable[Surface], taxonomy: str, modes: Iterable[str], passes: Callable[[str, str], bool]
) -> list[str]:
    """Return what annotators may tell of ``drawn``, labels of one prim joined by commas, in any of ``modes``.

    Labels that the filter does not let through, as ``passes`` tells, may be left out of what is told, or not.
    """
    found = {tuple(surface.labels(mode).get(taxonomy, ())) for mode in modes for surface in drawn}
    found |= {tuple(label for label in labels if passes(taxonomy, label)) for labels in found}
    return sorted(",".join(labels) for labels in found if labels)
