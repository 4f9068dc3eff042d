"""Spellings: labels of one taxonomy that differ only in case, spaces, hyphens and underscores."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .findings import Finding
from .flaws import Taxonomy
from .statements import Statement, Wording

_Spellings = Mapping[str, Sequence[Statement]]


def near_duplicates(
    wordings: Mapping[Wording, Sequence[Statement]], taxonomy: Taxonomy | None, taxonomy_name: str
) -> Iterator[Finding]:
    """Yield one finding per group of such labels, at the first prim that has the rarest of them.

    What the taxonomy has is meant so: as classes of their own, or as other names of one.
    """
    for name, spellings in _groups(wordings):
        known = taxonomy if name == taxonomy_name else None
        if known is None or any(known.find(label) is None for label in spellings):
            yield _near_duplicate(name, spellings)


def _groups(wordings: Mapping[Wording, Sequence[Statement]]) -> Iterator[tuple[str, _Spellings]]:
    groups: dict[tuple[str, str], dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for wording, statements in wordings.items():
        for name, labels in wording.own.items():
            for label in labels:
                groups[name, re.sub(r"[\s_-]+", "", label).casefold()][label].extend(statements)
    return ((name, spellings) for (name, key), spellings in groups.items() if key and len(spellings) > 1)


def _near_duplicate(name: str, spellings: _Spellings) -> Finding:
    counts = {label: sum(each.copies for each in found) for label, found in spellings.items()}
    firsts = {label: min(each.path for each in found) for label, found in spellings.items()}
    # Of equally common ones the first on the stage is taken as meant.
    ordered = sorted(spellings, key=lambda label: (-counts[label], firsts[label]))
    told = ", ".join(f'"{label}" ({counts[label]}, first {firsts[label]})' for label in ordered)
    return Finding("near-duplicate", firsts[ordered[-1]], f"{name} labels differ in spelling only: {told}; choose one")
