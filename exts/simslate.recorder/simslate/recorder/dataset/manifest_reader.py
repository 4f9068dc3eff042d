"""Reading the lines of ``manifest.jsonl`` and ``frames.jsonl``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, TypeVar

MANIFEST = "manifest.jsonl"
FRAMES = "frames.jsonl"
VERDICTS = ("ok", "retried", "suspect")


@dataclass(frozen=True)
class Entry:
    """One durable file."""

    path: str
    """POSIX, relative to the data set's folder. As it was read: it may point anywhere."""

    bytes: int
    sha256: str
    frame: int | None
    render_product: str | None
    annotator: str | None

    @property
    def flaw(self) -> str | None:
        """What is wrong with the values, if anything is."""
        if not isinstance(self.path, str) or type(self.bytes) is not int or self.bytes < 0:
            return "has no path or no number of bytes"
        if not isinstance(self.sha256, str) or re.fullmatch("[0-9a-f]{64}", self.sha256) is None:
            return "has a sha256 that is not 64 hex digits"
        if self.frame is not None and (type(self.frame) is not int or self.frame < 0):
            return "has a frame that is not a whole number"
        named = (self.render_product, self.annotator)
        return None if all(isinstance(name, (str, type(None))) for name in named) else "has a name that is not a text"


@dataclass(frozen=True)
class FrameLine:
    """One frame."""

    frame: int
    simulation_time: float
    """Seconds, like ``timeline_time``."""

    timeline_time: float
    verdict: str
    """One of ``VERDICTS``."""

    reasons: list[str]

    @property
    def flaw(self) -> str | None:
        """What is wrong with the values, if anything is."""
        if type(self.frame) is not int or self.frame < 0:
            return "has no frame that is a whole number"
        times = (self.simulation_time, self.timeline_time)
        if not all(type(time) is int or (type(time) is float and isfinite(time)) for time in times):
            return "has a time that is not a finite number"
        if self.verdict not in VERDICTS or not isinstance(self.reasons, list):
            return f"has no verdict ({', '.join(VERDICTS)}) with a list of reasons"
        return None


Line = TypeVar("Line", Entry, FrameLine)


def read_lines(data: bytes, kind: type[Line]) -> Iterator[tuple[int, Line | str]]:
    """Yield each line's number, from 1, with what it says or, as a text, what is wrong with it."""
    names = [each.name for each in fields(kind)]
    for number, line in enumerate(data.splitlines(), 1):
        try:
            value: Any = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "is not JSON"
            continue
        if not isinstance(value, dict) or not set(names) <= set(value):
            yield number, f"is not an object with {', '.join(names)}"
            continue
        found = kind(**{name: value[name] for name in names})
        yield number, found.flaw or found
