"""What has to stay the same from frame to frame: the ids and colours of classes."""

from __future__ import annotations

from collections.abc import Iterator

from .class_checks import LABELS
from .finding import Finding
from .shot import Shot, is_reserved, labels_of

Labels = frozenset[tuple[str, str]]


class History:
    """The classes of each render product's semantic mask so far. Ids of different products may differ in Replicator."""

    def __init__(self) -> None:
        self._labels: dict[tuple[str, int], tuple[Labels, str]] = {}
        self._codes: dict[tuple[str, Labels], tuple[int, str]] = {}

    def note(self, shot: Shot) -> Iterator[Finding]:
        """Take note of ``shot``; yield each class that had another id or colour before, or that shares one."""
        for code, entry in (shot.mapping(LABELS) or {}).items():
            labels = labels_of(entry, None if is_reserved(entry) else shot.context.taxonomy)
            if labels:
                yield from self._note_class(shot, code, labels)

    def _note_class(self, shot: Shot, code: int, labels: Labels) -> Iterator[Finding]:
        path = shot.paths[LABELS]
        meant, first = self._labels.setdefault((shot.product, code), (labels, path))
        if meant != labels:
            key = "/".join(f"{code >> shift & 255}" for shift in (0, 8, 16, 24)) if code >> 24 else str(code)
            said = f"{key} means {_text(labels)}; in {first} it is {_text(meant)}"
            yield shot.finding("class-ids", LABELS, said)
            return
        known, first = self._codes.setdefault((shot.product, labels), (code, path))
        if known != code:
            yield shot.finding("class-ids", LABELS, f"{_text(labels)} has another id or colour than in {first}")


def _text(labels: Labels) -> str:
    return ", ".join(f"{name} {label}" for name, label in sorted(labels))
