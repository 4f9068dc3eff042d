"""Texts with fields in braces, ``{frame:06d}``: a small part of Python's format, in which nothing can be reached into.

A field is one of the names that are allowed where the text stands: no attributes, no indices, no conversions, no fields
inside a format. Values are numbers and texts that are formatted one by one; ``str.format`` is never called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from ..problems import nearest, shown

LONGEST = 1000
"""Characters that a pattern may have."""

_WHOLE = re.compile(r"0?\d{0,2}d?")
_NUMBER = re.compile(r"0?\d{0,2}(\.\d{1,2})?[fge]?")
_FORMATS = {"whole": "6d or 06d", "number": ".2f or 8.3f", "text": "none: it is a text"}


@dataclass(frozen=True)
class Part:
    """A stretch of text, then a field; the last part of a pattern may have none."""

    text: str
    field: str | None
    format: str


@dataclass(frozen=True)
class Pattern:
    """A text with fields."""

    source: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, source: str) -> Pattern:
        """Read a pattern that has no complaints."""
        found = Formatter().parse(source)
        return cls(source, tuple(Part(text, field, spec or "") for text, field, spec, _ in found))

    @property
    def fields(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(part.field for part in self.parts if part.field is not None)

    @property
    def texts(self) -> Iterator[str]:
        """The stretches of text between fields."""
        return (part.text for part in self.parts)

    def fill(self, values: Mapping[str, Any]) -> str:
        """Return the text with a value in the place of each field."""
        return "".join(
            part.text + ("" if part.field is None else format(values[part.field], part.format)) for part in self.parts
        )


def complaints(source: str, known: Mapping[str, str]) -> Iterator[str]:
    """Yield all that is wrong with a pattern whose fields may be those ``known``: name to "whole", "number" or "text".

    Fields of another kind are known too, and cannot be in a text.
    """
    if len(source) > LONGEST:
        yield f"{shown(source)} has {len(source)} characters; at most {LONGEST} are allowed"
        return
    try:
        parts = list(Formatter().parse(source))
    except ValueError as error:
        yield f"{shown(source)} cannot be read: {error}; a brace that is meant is written twice"
        return
    for _, field, spec, conversion in parts:
        if field is not None:
            yield from _field_complaints(field, spec or "", conversion, known)


def _field_complaints(field: str, spec: str, conversion: str | None, known: Mapping[str, str]) -> Iterator[str]:
    if conversion:
        yield f"{{{field}!{conversion}}}: a field has no conversion; write {{{field}}}"
    elif field not in known:
        yield f"{{{field}}}: there is no such field; {nearest(field, known)}"
    elif known[field] not in _FORMATS:
        yield f"{{{field}}}: is no number and no text, and cannot be in one"
    elif not _fits(spec, known[field]):
        yield f"{{{field}:{spec}}}: {shown(spec)} is not a format of {field}; such are {_FORMATS[known[field]]}"


def _fits(spec: str, kind: str) -> bool:
    if kind == "text":
        return spec == ""
    return _NUMBER.fullmatch(spec) is not None or (kind == "whole" and _WHOLE.fullmatch(spec) is not None)
