"""Authoring semantic labels with the LabelsAPI schema."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pxr import Sdf, Usd

from ..errors import ConfigError, StageError
from .read import NEW_SCHEMA

_TAXONOMY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def set_labels(prim: Usd.Prim, labels: Iterable[str], *, taxonomy: str = "class") -> None:
    """Make ``labels`` the labels of ``prim`` in ``taxonomy``, in the stage's current edit target.

    Labels of other taxonomies, of the old schema and of ancestors stay. Raises ConfigError for a label or taxonomy
    that annotators could not read back, and StageError for a prim that cannot hold an opinion of its own.
    """
    values = list(labels)
    for complaint in (taxonomy_complaint(taxonomy), *map(label_complaint, values)):
        if complaint:
            raise ConfigError(f"{prim.GetPath()}: {complaint}")
    if prim.IsInstanceProxy() or prim.IsInPrototype():
        raise StageError(proxy_complaint(prim))
    prim.AddAppliedSchema(f"{NEW_SCHEMA}:{taxonomy}")
    name = f"semantics:labels:{taxonomy}"
    attribute = prim.GetAttribute(name) or prim.CreateAttribute(name, Sdf.ValueTypeNames.TokenArray, custom=False)
    attribute.Set(values)


def label_complaint(label: object) -> str | None:
    """Return why ``label`` cannot be one, or None: annotators separate type and label with a colon."""
    if not isinstance(label, str) or not label.strip():
        return f"{label!r} is not a label: it must be a non-empty text"
    return f'"{label}" is not a label: it has a colon in it' if ":" in label else None


def taxonomy_complaint(taxonomy: object) -> str | None:
    """Return why ``taxonomy`` cannot name one, or None: it becomes part of a property's name."""
    if isinstance(taxonomy, str) and _TAXONOMY.fullmatch(taxonomy):
        return None
    return f"{taxonomy!r} is not a taxonomy: it must be a name of letters, digits and _ that starts with no digit"


def proxy_complaint(prim: Usd.Prim) -> str:
    """Return what to say of a label for ``prim``, which lies inside an instance and so cannot have its own."""
    root = prim
    while root.IsInstanceProxy():
        root = root.GetParent()
    return (
        f"{prim.GetPath()} lies inside an instance and cannot have a label of its own; label {root.GetPath()} instead"
    )
