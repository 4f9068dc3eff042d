"""Which prims a label rule is for, and what it makes of their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from pxr import Usd

from ..checks import Complaints, flag, must_be
from ..problems import shown
from .facts import PrimFacts
from .words import taxonomy_complaint


def _path_pattern(value: Any) -> Complaints:
    if not isinstance(value, str) or not value.startswith("/") or value.endswith("/"):
        yield "", f"{shown(value)} is not the pattern of a prim path such as /World/Box_* or /World/**"


def _name_pattern(value: Any) -> Complaints:
    if not isinstance(value, str) or not value or "/" in value:
        yield "", f"{shown(value)} is not the pattern of a prim name such as SM_*"


def _pattern(value: Any) -> Complaints:
    if not isinstance(value, str) or not value:
        yield "", f"{shown(value)} is not a pattern such as *_metal or /World/Looks/**"


def _regular_expression(value: Any) -> Complaints:
    try:
        re.compile(value)
    except (re.error, TypeError) as error:
        yield "", f"{shown(value)} is not a regular expression: {error}"


def _label_patterns(value: Any) -> Complaints:
    if not isinstance(value, Mapping) or not value or not all(isinstance(p, str) and p for p in value.values()):
        yield "", f'{shown(value)} is not an object of patterns such as {{"class": "crate*"}}'
        return
    for complaint in filter(None, map(taxonomy_complaint, value)):
        yield "", complaint


def _texts(value: Any) -> Complaints:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        yield "", f"{shown(value)} is not a list of non-empty texts"


@lru_cache(maxsize=256)
def glob(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a path pattern: ``?`` and ``*`` stop at ``/``, ``**`` does not.

    ``/**/`` also stands for a single ``/``.
    """
    pieces = {"/**/": "/(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(/\*\*/|\*\*|\*|\?)", pattern)
    return re.compile("".join(pieces.get(part, re.escape(part)) for part in parts), re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What to take off a prim's name, again and again, before it is compared or put in place of ``{name}``."""

    prefixes: tuple[str, ...] = field(default=(), metadata=must_be(_texts))
    suffixes: tuple[str, ...] = field(default=(), metadata=must_be(_texts))

    numbers: bool = field(default=False, metadata=must_be(flag))
    """Also a number at the end, with the ``_`` before it."""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Strip:
        """Make one of a JSON object that has been checked."""
        lists = {name: tuple(value.get(name, ())) for name in ("prefixes", "suffixes")}
        return cls(**lists, numbers=value.get("numbers", False))

    def applied(self, name: str) -> str:
        """Return what is left of ``name``: never nothing, the last thing taken off stays then."""
        return _stripped(self, name)

    def shorter(self, name: str) -> str | None:
        """Return ``name`` without the first thing that can be taken off, or None."""
        for prefix in self.prefixes:
            if name.startswith(prefix) and name != prefix:
                return name[len(prefix) :]
        for suffix in self.suffixes:
            if name.endswith(suffix) and name != suffix:
                return name[: -len(suffix)]
        if self.numbers and name[-1:].isdigit():
            return re.sub(r"_*[0-9]+$", "", name) or None
        return None


# A stage has many prims, and few names once the numbers are off; parents' names come again and again.
@lru_cache(maxsize=65536)
def _stripped(strip: Strip, name: str) -> str:
    while (shorter := strip.shorter(name)) is not None:
        name = shorter
    return name


@dataclass(frozen=True, kw_only=True)
class Match:
    """Which prims a rule is for. All that is given has to fit; ``*`` and ``?`` stand for anything but ``/``."""

    path: str | None = field(default=None, metadata=must_be(_path_pattern))
    """Pattern of the whole path; ``**`` goes across ``/`` too, so that /World/** is all below /World."""

    regex: str | None = field(default=None, metadata=must_be(_regular_expression))
    """Regular expression (Python's) of the whole path."""

    name: str | None = field(default=None, metadata=must_be(_name_pattern))
    """Pattern of the last element of the path, as it is or after the rule's ``strip``."""

    type: str | None = field(default=None, metadata=must_be(_name_pattern))
    """Pattern of the type name as authored, such as Mesh."""

    kind: str | None = field(default=None, metadata=must_be(_name_pattern))
    """Pattern of the model kind, such as component."""

    material: str | None = field(default=None, metadata=must_be(_pattern))
    """Pattern of the bound material's path if it begins with ``/``, else of its name."""

    asset: str | None = field(default=None, metadata=must_be(_pattern))
    """Pattern of a file that the prim references or has as a payload: of its name or, with ``/``, of its path's end."""

    label: Mapping[str, str] | None = field(default=None, metadata=must_be(_label_patterns))
    """Taxonomy to pattern, each of an own label that the prim has."""

    def fits(self, prim: Usd.Prim, strip: Strip, facts: PrimFacts) -> bool:
        """Return whether ``prim`` is meant."""
        return all(test(prim, strip, facts) for test in self._tests)

    @cached_property
    def _tests(self) -> tuple[_Test, ...]:
        """What was given, as functions. What is cheap to ask comes first: stages have many prims, most rules few."""
        given = ((name, getattr(self, name)) for name in _TESTS)
        return tuple(_TESTS[name](pattern) for name, pattern in given if pattern is not None)


_Test = Callable[[Usd.Prim, Strip, PrimFacts], bool]


def _by_path(pattern: str) -> _Test:
    fits = glob(pattern).fullmatch
    return lambda prim, _, __: fits(prim.GetPath().pathString) is not None


def _by_regex(pattern: str) -> _Test:
    fits = re.compile(pattern).fullmatch
    return lambda prim, _, __: fits(prim.GetPath().pathString) is not None


def _by_type(pattern: str) -> _Test:
    fits = glob(pattern).fullmatch
    return lambda prim, _, __: fits(prim.GetTypeName()) is not None


def _by_name(pattern: str) -> _Test:
    fits = glob(pattern).fullmatch
    return lambda prim, strip, _: bool(fits(prim.GetName()) or fits(strip.applied(prim.GetName())))


def _by_kind(pattern: str) -> _Test:
    return lambda prim, _, facts: _fits(pattern, facts.kind(prim))


def _by_label(patterns: Mapping[str, str]) -> _Test:
    def test(prim: Usd.Prim, _: Strip, facts: PrimFacts) -> bool:
        labels = facts.labels(prim)
        return all(any(_fits(p, label) for label in labels.get(taxonomy, ())) for taxonomy, p in patterns.items())

    return test


def _by_asset(pattern: str) -> _Test:
    return lambda prim, _, facts: any(_fits_end(pattern, asset) for asset in facts.assets(prim))


def _by_material(pattern: str) -> _Test:
    def test(prim: Usd.Prim, _: Strip, facts: PrimFacts) -> bool:
        path = facts.material(prim)
        return bool(path) and _fits(pattern, path if pattern.startswith("/") else path.rpartition("/")[2])

    return test


_TESTS: Mapping[str, Callable[[Any], _Test]] = MappingProxyType(
    {
        "type": _by_type,
        "path": _by_path,
        "regex": _by_regex,
        "name": _by_name,
        "label": _by_label,
        "kind": _by_kind,
        "asset": _by_asset,
        "material": _by_material,
    }
)


def _fits(pattern: str, text: str) -> bool:
    return glob(pattern).fullmatch(text) is not None


def _fits_end(pattern: str, path: str) -> bool:
    parts = path.removeprefix("./").split("/")
    if "/" not in pattern:
        return _fits(pattern, parts[-1])
    return any(_fits(pattern.removeprefix("./"), "/".join(parts[start:])) for start in range(len(parts)))
