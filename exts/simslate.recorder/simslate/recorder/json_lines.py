"""Where the values of a JSON text stand: JSON paths to line numbers.

The text is read by ``json``; this only finds places in it, of text that is JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^\s{}\[\]:,"]+', re.DOTALL)


class Lines:
    """The lines of one JSON text, which is looked through when the first one is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, path: str) -> int:
        """Return the line, from 1, of the value at a JSON path such as ``$.rules[2].match``.

        For a key of an object it is the key's line, and the last one's if the key is there twice. A value that is not
        there has the line of what would hold it.
        """
        while path not in self._numbers:
            cut = max(path.rfind("."), path.rfind("["))
            if cut < 0:
                return 1
            path = path[:cut]
        return self._numbers[path]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(_places(self._text))


@dataclass
class _Open:
    """A list or object whose end has not come yet."""

    path: str

    index: int | None
    """The place in a list; None for an object."""

    key: str | None = None
    """The path of the object's value under way."""

    @property
    def here(self) -> str:
        if self.index is not None:
            return f"{self.path}[{self.index}]"
        return self.key or self.path


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Yield the path and line of each value of ``text``, in order."""
    opened: list[_Open] = []
    line, seen = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        seen = token.start()
        mark = token[0]
        inner = opened[-1] if opened else None
        if mark in ("}", "]"):
            del opened[-1:]
        elif mark == ",":
            _next(inner)
        elif inner is not None and inner.index is None and inner.key is None:
            inner.key = f"{inner.path}.{_plain(mark)}"
            yield inner.key, line
        else:
            path = "$" if inner is None else inner.here
            if inner is None or inner.index is not None:
                yield path, line
            if mark in ("{", "["):
                opened.append(_Open(path, 0 if mark == "[" else None))


def _next(inner: _Open | None) -> None:
    if inner is None:
        return
    inner.key = None
    inner.index = None if inner.index is None else inner.index + 1


def _plain(mark: str) -> str:
    try:
        return str(json.loads(mark))
    except ValueError:
        return mark
