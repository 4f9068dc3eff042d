"""What may be a label and what may be a taxonomy: annotators have to be able to read both back."""

from __future__ import annotations

import re

_TAXONOMY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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
