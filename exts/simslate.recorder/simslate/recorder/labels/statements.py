"""Statements: what the prims of a stage say of their own labels, each read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pxr import Usd

from .read import NEW_SCHEMA, OLD_SCHEMA, Labels, joined_labels, labels_by_schema

_EVERYTHING = Usd.TraverseInstanceProxies(Usd.PrimAllPrimsPredicate)
_PREFIXES = (f"{NEW_SCHEMA}:", f"{OLD_SCHEMA}:")
_EARLIEST = Usd.TimeCode.EarliestTime()
_Key = tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]


@dataclass(frozen=True, eq=False)
class Wording:
    """What is said, one object for all prims that say the same."""

    schemas: tuple[str, ...]
    """The semantic API schemas applied, as authored."""
    attributes: Mapping[str, tuple[str, ...]]
    """Name to texts of each attribute with a value that looks like one of labels, with its schema or without."""
    old: Labels
    new: Labels
    own: Labels
    """Old and new together."""

    @property
    def is_label(self) -> bool:
        """Whether it is a label in some taxonomy."""
        return any(self.own.values())


@dataclass(eq=False, slots=True)
class Statement:
    """What one prim says; of one that is in instances, its first copy speaks for all."""

    prim: Usd.Prim
    path: str
    wording: Wording
    others: int = 0
    """How many more copies there are."""

    @property
    def copies(self) -> int:
        """How many prims say this."""
        return self.others + 1


class Statements:
    """All statements of a stage, those of inactive, abstract and undefined prims too, in stage order."""

    def __init__(self, stage: Usd.Stage) -> None:
        self.walked = 0
        """How many prims there are, those inside instances counted in each."""
        self.by_path: dict[str, Statement] = {}
        """All prims that say something, each copy in an instance by its own path."""
        self._of: dict[Usd.Prim, Statement] = {}
        self._shared: dict[Usd.Prim, Statement | None] = {}
        self._wordings: dict[_Key, Wording] = {}
        self._shown: set[Usd.Prim] = set()
        for prim in Usd.PrimRange.Stage(stage, _EVERYTHING):
            self.walked += 1
            statement = self._shared_statement(prim) if prim.IsInstanceProxy() else self._read(prim)
            if statement is not None:
                self._of[prim] = statement
                self.by_path[str(prim.GetPath()) if statement.others else statement.path] = statement

    def __iter__(self) -> Iterator[Statement]:
        return iter(dict.fromkeys(self._of.values()))

    def own(self, prim: Usd.Prim) -> Labels:
        """Return the own labels of ``prim``, as ``own_labels`` does."""
        statement = self._of.get(prim)
        return {} if statement is None else statement.wording.own

    def tells_how_shown(self, prim: Usd.Prim) -> bool:
        """Return whether ``prim`` itself says something of its visibility or its purpose."""
        return _source(prim) in self._shown

    def _shared_statement(self, prim: Usd.Prim) -> Statement | None:
        source = prim.GetPrimInPrototype()
        if source not in self._shared:
            self._shared[source] = self._read(prim)
            return self._shared[source]
        statement = self._shared[source]
        if statement is not None:
            statement.others += 1
        return statement

    def _read(self, prim: Usd.Prim) -> Statement | None:
        applied = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
        schemas = tuple([name for name in applied if name.startswith(_PREFIXES)])
        authored = prim.GetAuthoredPropertyNames()
        if "visibility" in authored or "purpose" in authored:
            self._shown.add(_source(prim))
        names = [name for name in authored if name.startswith("semantic")]
        if not schemas and not names:
            return None
        values = [(name, prim.GetAttribute(name).Get(_EARLIEST)) for name in names]
        key = schemas, tuple([(name, _texts(value)) for name, value in values if value is not None])
        if key not in self._wordings:
            old, new = labels_by_schema(prim)
            self._wordings[key] = Wording(schemas, dict(key[1]), old, new, joined_labels((old, new)))
        return Statement(prim, str(prim.GetPath()), self._wordings[key])


def _source(prim: Usd.Prim) -> Usd.Prim:
    return prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim


def _texts(value: Any) -> tuple[str, ...]:
    # By index, as read.py says why.
    return (str(value),) if isinstance(value, str) else tuple([str(value[index]) for index in range(len(value))])
