"""A change of one prim's labels: what the commands, the rules and their dry runs are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from pxr import Sdf, Usd

from ..errors import ConfigError
from .read import own_labels
from .words import label_complaint, taxonomy_complaint


@dataclass(frozen=True, slots=True)
class Change:
    """The own labels of the prim at ``path`` in one taxonomy, before and after. Raises ConfigError for invalid ones."""

    path: Sdf.Path
    taxonomy: str
    before: tuple[str, ...]

    after: tuple[str, ...]
    """Empty takes all labels of the taxonomy away."""

    def __post_init__(self) -> None:
        complaint = _complaint(self.taxonomy, self.after)
        if complaint:
            raise ConfigError(f"{self.path}: {complaint}")

    def to_json(self) -> dict[str, object]:
        """Return it as a JSON object."""
        before, after = list(self.before), list(self.after)
        return {"path": str(self.path), "taxonomy": self.taxonomy, "before": before, "after": after}

    def __str__(self) -> str:
        """Return a line of a diff: ``+``, ``-`` or ``~``, the path, the taxonomy and its labels."""
        old, new = (", ".join(labels) for labels in (self.before, self.after))
        if not self.before:
            return f"+ {self.path}  {self.taxonomy}: {new}"
        return f"~ {self.path}  {self.taxonomy}: {old} -> {new}" if new else f"- {self.path}  {self.taxonomy}: {old}"


# Many prims get the same labels.
@lru_cache(maxsize=1024)
def _complaint(taxonomy: str, labels: tuple[str, ...]) -> str | None:
    complaints = chain((taxonomy_complaint(taxonomy),), map(label_complaint, labels))
    if len(set(labels)) < len(labels):
        return f"{taxonomy}: a label is there twice in {', '.join(labels)}"
    return next(filter(None, complaints), None)


def replaced(prim: Usd.Prim, taxonomy: str, labels: Iterable[str]) -> Change:
    """Return the change that makes ``labels``, each once, the only own ones of ``prim`` in ``taxonomy``."""
    before = tuple(own_labels(prim).get(taxonomy, ()))
    return Change(prim.GetPath(), taxonomy, before, tuple(dict.fromkeys(labels)))


def added(prim: Usd.Prim, taxonomy: str, labels: Iterable[str]) -> Change:
    """Return the change that adds ``labels``; those that are there already stay where they are."""
    return replaced(prim, taxonomy, (*own_labels(prim).get(taxonomy, ()), *labels))


def removed(prim: Usd.Prim, taxonomy: str, labels: Iterable[str] | None = None) -> Change:
    """Return the change that takes ``labels`` away, or with None all of ``taxonomy``."""
    unwanted = None if labels is None else set(labels)
    before = own_labels(prim).get(taxonomy, ())
    return replaced(prim, taxonomy, [label for label in before if unwanted is not None and label not in unwanted])
