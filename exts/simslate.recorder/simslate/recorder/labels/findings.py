"""Findings: what an audit can find wrong with the labels of a stage, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

SEVERITIES = ("error", "warning", "info")

CODES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "conflict": ("error", "two different labels on one prim in one taxonomy"),
        "disagreeing": ("error", "the old and the new schema say different things of one prim"),
        "not-in-taxonomy": ("error", "a label that the taxonomy does not have"),
        "invalid": ("error", "a label that annotators cannot read back"),
        "not-applied": ("error", "a label's attribute without the API schema that makes it count"),
        "hidden-subset": ("error", "labels of face subsets while those are switched off"),
        "lost-in-instance": ("error", "labels set inside an instance, where USD ignores them"),
        "unlabelled": ("warning", "drawn, and has no label"),
        "other-taxonomy": ("warning", "drawn, and has labels of other taxonomies only"),
        "old-schema-only": ("warning", "labels of the old schema alone"),
        "placeholder": ("warning", "a label that looks as if a real one was to follow"),
        "cannot-render": ("warning", "labels that reach nothing drawn"),
        "near-duplicate": ("warning", "labels that differ in spelling only"),
        "new-schema-only": ("info", "labels of the new schema alone, on a stage that also has old ones"),
        "nested": ("info", "a label below a different one of the same taxonomy"),
        "translucent": ("info", "labelled, and lets light through"),
    }
)
"""Code to severity and meaning, the worst first."""

_RANK = {code: rank for rank, code in enumerate(CODES)}


@dataclass(frozen=True)
class Finding:
    """One thing found at one place."""

    code: str
    """One of CODES."""

    path: str
    """Path of the prim. Of something inside instances that of its first copy; in a point instancer's prototype the
    path there."""

    text: str
    """What is wrong, the value that is, and what to do."""

    @property
    def severity(self) -> str:
        """One of SEVERITIES."""
        return CODES[self.code][0]

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """What orders findings: by path, at one path the worst first."""
        return self.path, _RANK[self.code], self.text

    def to_json(self) -> dict[str, str]:
        """Return this as an object of JSON."""
        return {"code": self.code, "severity": self.severity, "path": self.path, "text": self.text}


def listed(labels: Iterable[str]) -> str:
    """Return labels as they stand in a text."""
    return ", ".join(f'"{label}"' for label in labels)


def copies_text(others: int) -> str:
    """Return what to add to a text that holds for more copies in other instances."""
    return f" (so in {others} more instances)" if others > 1 else " (so in 1 more instance)" if others else ""
