"""The report of an audit: lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from .audit import Audit
from .findings import CODES, SEVERITIES


def report_lines(audit: Audit, limit: int = 20) -> Iterator[str]:
    """Yield the findings by code, the worst first, at most ``limit`` of each, and a line that sums up."""
    for code, count in audit.counts.items():
        severity, meaning = CODES[code]
        yield f"{severity}: {code} ({count}): {meaning}"
        found = [finding for finding in audit.findings if finding.code == code]
        yield from (f"  {finding.path}: {finding.text}" for finding in found[:limit])
        if count > limit:
            yield f"  … and {count - limit} more"
    yield _closing(audit)


def _closing(audit: Audit) -> str:
    summary = audit.summary
    amounts = [sum(found.severity == severity for found in audit.findings) for severity in SEVERITIES]
    told = ", ".join(_amount(count, noun) for count, noun in zip(amounts, ("error", "warning", "note"), strict=True))
    return (
        f"{told}; {summary.labelled_drawn} of {_amount(summary.drawn, 'drawn surface')} labelled with "
        f"{_amount(len(summary.classes), 'label')} of {summary.taxonomy_name}"
    )


def _amount(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
