"""Reading the lines of ``manifest.jsonl`` and ``frames.jsonl`` as they are, and what is wrong with each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from math import isfinite
from typing import Any, TypeVar

from .manifest import VERDICTS, FileLine, FrameLine

Line = TypeVar("Line", FileLine, FrameLine)

_OPTIONAL = ("seen",)
"""What the first recordings with such files do not say."""


def read_lines(data: bytes, kind: type[Line]) -> Iterator[tuple[int, Line | str]]:
    """Yield each line's number, from 1, with what it says or, as a text, what is wrong with it.

    Paths are as they were read: they may point anywhere.
    """
    names = [each.name for each in fields(kind) if each.name not in _OPTIONAL]
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
        flaw = _flaw_of_file(found) if isinstance(found, FileLine) else _flaw_of_frame(found)
        yield number, flaw or found


def _flaw_of_file(line: FileLine) -> str | None:
    if not isinstance(line.path, str) or type(line.bytes) is not int or line.bytes < 0:
        return "has no path or no number of bytes"
    if not isinstance(line.sha256, str) or re.fullmatch("[0-9a-f]{64}", line.sha256) is None:
        return "has a sha256 that is not 64 hex digits"
    if line.frame is not None and (type(line.frame) is not int or line.frame < 0):
        return "has a frame that is not a whole number"
    named = (line.render_product, line.annotator)
    return None if all(isinstance(name, (str, type(None))) for name in named) else "has a name that is not a text"


def _flaw_of_frame(line: FrameLine) -> str | None:
    if type(line.frame) is not int or line.frame < 0:
        return "has no frame that is a whole number"
    times = (line.simulation_time, line.timeline_time)
    if not all(type(time) is int or (type(time) is float and isfinite(time)) for time in times):
        return "has a time that is not a finite number"
    # As JSON has it, where what we write from has a tuple.
    if line.verdict not in VERDICTS or not isinstance(line.reasons, (list, tuple)):
        return f"has no verdict ({', '.join(VERDICTS)}) with a list of reasons"
    return None
