"""The labels section's own arithmetic: entries of the selected prims, and what replacing one of them means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .world import Label, Selected


@dataclass(frozen=True)
class Entry:
    """A label that some of the selected prims have."""

    label: Label
    paths: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells it from the other entries."""
        return f"{self.label.schema}:{self.label.taxonomy}:{self.label.text}"


@dataclass(frozen=True)
class Replacement:
    """Labels that some prims are to have in one taxonomy, instead of those that they have."""

    labels: tuple[str, ...]
    paths: tuple[str, ...]


def entries(selected: Iterable[Selected]) -> tuple[Entry, ...]:
    """Return the labels of the selected prims, each once, with those that have it; in the order of their finding."""
    found: dict[Label, list[str]] = {}
    for prim in selected:
        for label in prim.labels:
            found.setdefault(label, []).append(prim.path)
    return tuple(Entry(label, tuple(paths)) for label, paths in found.items())


def replacements(selected: Iterable[Selected], entry: Entry, text: str) -> list[Replacement]:
    """Return what to set so that the label of ``entry`` reads ``text``; other labels of the prims stay."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for prim in selected:
        if prim.path in entry.paths:
            labels = (label.text for label in prim.labels if label.taxonomy == entry.label.taxonomy)
            after = tuple(dict.fromkeys(text if label == entry.label.text else label for label in labels))
            groups.setdefault(after, []).append(prim.path)
    return [Replacement(labels, tuple(paths)) for labels, paths in groups.items()]


@dataclass(frozen=True)
class Finding:
    """One thing that an audit found."""

    code: str
    severity: str
    path: str
    text: str


@dataclass(frozen=True)
class Audited:
    """What an audit found, the worst first, and its closing line."""

    findings: tuple[Finding, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    """Code to meaning."""
    summary: str = ""

    @property
    def groups(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """The findings by code, each with a line of text for all of them."""
        counts = Counter(finding.code for finding in self.findings)
        meanings = dict(self.meanings)
        return tuple((_heading(self._of(code), meanings.get(code, "")), self._of(code)) for code in counts)

    def _of(self, code: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.code == code)


def _heading(findings: Sequence[Finding], meaning: str) -> str:
    return f"{findings[0].severity}: {findings[0].code} ({len(findings)}): {meaning}"
