"""What a Replicator semantic filter lets through, as far as one label can tell."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Predicate:
    """A predicate such as ``class:car|van; shape:*``: alternatives by ``;``, terms of one by ``,``.

    A term is ``type:expression``, an expression labels with ``|``, ``&`` and ``!``; ``*`` stands for anything
    (Replicator's public documentation). A term of which nothing but ``!`` is said lets all labels of its type through
    unless they are named: whether a prim passes depends on all its labels, so this errs on the side of letting through.
    """

    text: str

    def may_pass(self, taxonomy: str, label: str) -> bool:
        """Return whether ``label`` of ``taxonomy`` can be among what annotators tell of a prim."""
        return any(_passes(term, taxonomy, label) for clause in self.text.split(";") for term in clause.split(","))

    def narrowed(self, taxonomy: str, labels: list[str]) -> Predicate:
        """Return the predicate with ``labels`` in place of all labels of ``taxonomy``, where it lets all through."""
        wanted = f"{taxonomy}:{'|'.join(labels)}"
        clauses = [",".join(_narrowed(term, taxonomy, wanted) for term in c.split(",")) for c in self.text.split(";")]
        return Predicate("; ".join(clause.strip() for clause in clauses))


def _passes(term: str, taxonomy: str, label: str) -> bool:
    kind, _, expression = term.partition(":")
    if not fnmatchcase(taxonomy, kind.strip()):
        return False
    atoms = [atom.strip() for part in expression.split("|") for atom in part.split("&")]
    if any(atom.startswith("!") and fnmatchcase(label, atom[1:].strip()) for atom in atoms):
        return False
    wanted = [atom for atom in atoms if not atom.startswith("!")]
    return not wanted or any(fnmatchcase(label, atom) for atom in wanted)


def _narrowed(term: str, taxonomy: str, wanted: str) -> str:
    kind, _, expression = (part.strip() for part in term.partition(":"))
    return wanted if expression == "*" and fnmatchcase(taxonomy, kind) else term.strip()
