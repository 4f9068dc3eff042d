"""Everything wrong with one file, collected in one reading and raised once."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from .errors import ConfigError
from .json_lines import Lines


@dataclass(frozen=True)
class Origin:
    """Where a value was written: a place in a JSON file."""

    source: Path | str

    lines: Lines | None = None
    """The lines of the file; None for an object that was never a text."""

    root: str = ""
    """The JSON path of the value; "" for paths that say it themselves."""

    def place(self, below: str = "") -> str:
        """Return where something ``below`` the value is, as messages have it: ``file:line: $.path``."""
        where = f"{self.root}{below}"
        line = "" if self.lines is None else f":{self.lines.of(where)}"
        return f"{self.source}{line}: {where}"


class Problems:
    """The problems of one source, each with its place in it (a JSON path such as ``$.writer.name``)."""

    def __init__(self, source: Path | str) -> None:
        self.source = source
        self.lines: list[str] = []
        self.origin = Origin(source)

    def add(self, where: str, text: str) -> None:
        """Note one problem at JSON path ``where``."""
        self.lines.append(f"{self.origin.place(where)}: {text}")

    def raise_any(self) -> None:
        """Raise one ConfigError with all problems; do nothing if there are none."""
        if self.lines:
            raise ConfigError(*self.lines)


def shown(value: object) -> str:
    """Return ``value`` as it would stand in JSON, shortened to fit into a message."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown ``name``: the most similar known one, or else all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known: {', '.join(names)}" if names else "there are none"


def load_json(path: Path, problems: Problems) -> Any:
    """Return the content of the JSON file at ``path``, or raise ConfigError if it cannot be read as JSON."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(*problems.lines, f"{problems.source}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(*problems.lines, f"{problems.source}: is not UTF-8 text (byte {error.start})") from error
    return parse_json(text, problems)


def parse_json(text: str, problems: Problems) -> Any:
    """Return what ``text`` says. Duplicate keys and numbers that are not finite are noted in ``problems``.

    Problems that are added from now on tell their line. Raises ConfigError, with the line and column, for text that is
    not JSON.
    """
    try:
        value = json.loads(text, object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        _unreadable(problems, f":{error.lineno}: column {error.colno}: not JSON: {error.msg}", error)
    except (ValueError, RecursionError) as error:
        _unreadable(problems, f": not JSON that can be read: {error}", error)
    problems.origin = Origin(problems.source, Lines(text))
    for where, complaint in _strange(value, "$"):
        problems.add(where, complaint)
    return _plain(value)


def _unreadable(problems: Problems, text: str, cause: BaseException) -> NoReturn:
    raise ConfigError(*problems.lines, f"{problems.source}{text}") from cause


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys were written twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.repeated = sorted({name for name in names if names.count(name) > 1}) if len(self) < len(names) else []


def _strange(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Object):
        yield from ((f"{where}.{name}", "is written more than once") for name in value.repeated)
        for name, item in value.items():
            yield from _strange(item, f"{where}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strange(item, f"{where}[{index}]")
    elif isinstance(value, float) and (value != value or abs(value) == float("inf")):
        yield where, f"{value} is not a finite number"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
