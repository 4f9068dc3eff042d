"""Semantic filter predicates: which labels of a prim count.

The grammar (public Replicator documentation): ``;`` separates alternatives, ``,`` joins the terms of one, a term is
``type : expression``, and an expression is made of labels with ``|``, ``&``, ``!`` (binding ever tighter). ``*`` stands
for any type or any label. Spaces around the signs do not matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

Pair: TypeAlias = tuple[str, str]
"""A semantic type and a label."""


class FilterError(ValueError):
    """A predicate that does not follow the grammar."""


@dataclass(frozen=True)
class Atom:
    """A label, wanted or (with ``!``) not wanted."""

    label: str
    wanted: bool

    def holds(self, labels: Iterable[str]) -> bool:
        """Whether the labels of a type satisfy it."""
        return any(fnmatchcase(label, self.label) for label in labels) == self.wanted


@dataclass(frozen=True)
class Term:
    """``type : expression``, the expression as alternatives of conjunctions."""

    type: str
    alternatives: tuple[tuple[Atom, ...], ...]

    def labels(self, pairs: Iterable[Pair]) -> list[str]:
        """The labels whose type is meant."""
        return [label for kind, label in pairs if fnmatchcase(kind, self.type)]

    def holds(self, pairs: Iterable[Pair]) -> bool:
        """Whether a prim with these labels satisfies the term; it must have the type at all."""
        labels = self.labels(pairs)
        return bool(labels) and any(all(atom.holds(labels) for atom in atoms) for atoms in self.alternatives)

    def keeps(self, pair: Pair) -> bool:
        """Whether a label of a prim that satisfies the term is among those the term speaks of."""
        if not fnmatchcase(pair[0], self.type):
            return False
        wanted = [atom for atoms in self.alternatives for atom in atoms if atom.wanted]
        return not wanted or any(atom.holds([pair[1]]) for atom in wanted)


@dataclass(frozen=True)
class SemanticFilter:
    """A parsed predicate."""

    clauses: tuple[tuple[Term, ...], ...]

    def apply(self, pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
        """The labels that count, in their order; empty where the prim does not satisfy the predicate."""
        kept: set[Pair] = set()
        for terms in self.clauses:
            if all(term.holds(pairs) for term in terms):
                kept.update(pair for pair in pairs if any(term.keeps(pair) for term in terms))
        return tuple(pair for pair in pairs if pair in kept)


def parse(predicate: str) -> SemanticFilter:
    """Parse a predicate. Raises ``FilterError`` naming the part that is wrong."""
    clauses = [clause for clause in predicate.split(";") if clause.strip()]
    if not clauses:
        raise FilterError(f"Semantic filter '{predicate}' has no term")
    return SemanticFilter(tuple(tuple(_term(term, predicate) for term in clause.split(",")) for clause in clauses))


def types_predicate(types: Iterable[str]) -> str:
    """The predicate that keeps all labels of some types."""
    return "; ".join(f"{kind}:*" for kind in types)


def _term(text: str, predicate: str) -> Term:
    kind, colon, expression = text.partition(":")
    if not colon or not kind.strip():
        raise FilterError(f"Semantic filter '{predicate}': '{text.strip()}' is not 'type:label'")
    alternatives = tuple(tuple(_atom(atom, predicate) for atom in part.split("&")) for part in expression.split("|"))
    return Term(kind.strip(), alternatives)


def _atom(text: str, predicate: str) -> Atom:
    label = text.strip()
    wanted = not label.startswith("!")
    label = label.removeprefix("!").strip()
    if not label:
        raise FilterError(f"Semantic filter '{predicate}' has an empty label")
    return Atom(label, wanted)
