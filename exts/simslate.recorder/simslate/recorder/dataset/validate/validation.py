"""The outcome of a validation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .finding import KINDS, Finding

SHOWN = 20


@dataclass(frozen=True)
class Validation:
    """What was found in one data set."""

    dataset: Path | str
    """Its folder, or its URL in a bucket."""

    frames: int
    files: int
    """Those of the writer; not the ones in ``simslate``."""

    findings: tuple[Finding, ...]
    """By kind in the order of ``KINDS``, then by frame and path."""

    notes: tuple[str, ...] = ()
    """What could not be checked, and why. Notes make nothing wrong."""

    quick: bool = False

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def verdict(self) -> str:
        """``"clean"`` or ``"findings"``."""
        return "clean" if self.clean else "findings"

    def by_kind(self) -> dict[str, list[Finding]]:
        """Return the findings of each kind that has any."""
        grouped: dict[str, list[Finding]] = {}
        for finding in self.findings:
            grouped.setdefault(finding.kind, []).append(finding)
        return {kind: grouped[kind] for kind in KINDS if kind in grouped}

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "dataset": str(self.dataset),
            "verdict": self.verdict,
            "frames": self.frames,
            "files": self.files,
            "findings": [finding.to_json() for finding in self.findings],
            "notes": list(self.notes),
        }

    def lines(self, *, shown: int = SHOWN) -> Iterator[str]:
        """Yield it as lines for a reader: the verdict, then each kind with its first ``shown`` findings, then notes."""
        found = f"{len(self.findings)} finding{'' if len(self.findings) == 1 else 's'}"
        checked = f"{self.frames} frames, {self.files} files{', names and sizes only' if self.quick else ''}"
        yield f"{self.dataset}: {'whole and consistent' if self.clean else found} ({checked})"
        for kind, findings in self.by_kind().items():
            yield f"{kind}: denied: {KINDS[kind][0].lower()}{KINDS[kind][1:]}"
            yield from (f"  {each.path}: {each.message}" for each in findings[:shown])
            if len(findings) > shown:
                yield f"  and {len(findings) - shown} more"
        yield from (f"note: {note}" for note in self.notes)
