"""Drawn: what an audit says of the surfaces of a stage, taken in one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pxr import Usd

from .findings import Finding, copies_text, listed
from .read import Labels, joined_labels
from .statements import Statement, Statements
from .surfaces import Lineage, Surface


class Drawn:
    """The surfaces so far: how many, which have no label, and whose labels reach any."""

    def __init__(self, statements: Statements, mode: str, taxonomy_name: str) -> None:
        self.count = 0
        self.labelled: list[Usd.Prim] = []
        self.unlabelled: list[Finding] = []
        self.reached: set[Statement] = set()
        """The statements whose labels reach something drawn."""
        self._statements = statements
        self._mode = mode
        self._name = taxonomy_name
        self._resolved: dict[tuple[bool, tuple[int, ...]], Labels] = {}
        self._seen: set[tuple[str, ...]] = set()
        self._last: Lineage = ()
        self._nested: dict[tuple[Statement, str, tuple[str, ...]], list[str]] = defaultdict(list)

    def add(self, surface: Surface) -> None:
        """Take in one surface."""
        self.count += 1
        labels = self._labels(surface)
        if labels.get(self._name):
            self.labelled.append(surface.prim)
        else:
            self.unlabelled.append(_unlabelled(surface, labels, self._name))
        if surface.lineage is not self._last:
            self._last = surface.lineage
            self._note(surface.lineage)

    def nested(self) -> Iterator[Finding]:
        """Yield the labels that are below different ones, those in instances once for all that are alike."""
        for (_, name, labels), (path, *others) in self._nested.items():
            text = (
                f'a {name} label above it differs: masks show "{",".join(labels)}" in mode path, and its own in mode '
                f"nearest{copies_text(len(others))}"
            )
            yield Finding("nested", path, text)

    def _labels(self, surface: Surface) -> Labels:
        # Prims that say the same have one object of labels, and statements outlive this.
        key = surface.is_labelled, tuple([id(labels) for _, labels in surface.lineage])
        if key not in self._resolved:
            self._resolved[key] = surface.labels(self._mode)
        return self._resolved[key]

    def _note(self, lineage: Lineage) -> None:
        """Note all steps of a lineage that are not noted yet, from its end."""
        paths = tuple([path for path, _ in lineage])
        for end in range(len(lineage), 0, -1):
            if paths[:end] in self._seen:
                return
            self._seen.add(paths[:end])
            statement = self._statements.by_path[paths[end - 1]]
            self.reached.add(statement)
            if end > 1:
                self._nest(paths[end - 1], statement, joined_labels(labels for _, labels in lineage[: end - 1]))

    def _nest(self, path: str, statement: Statement, above: Labels) -> None:
        for name, labels in statement.wording.own.items():
            if labels and not set(above.get(name, ())) <= set(labels):
                self._nested[statement, name, tuple(dict.fromkeys((*above[name], *labels)))].append(path)


def _unlabelled(surface: Surface, labels: Labels, name: str) -> Finding:
    path = str(surface.prim.GetPath())
    what = f"placed by {surface.instancers[-1].GetPath()}, it" if surface.instancers else "it"
    if surface.faces:
        what = f"{surface.faces[0]} of {surface.faces[1]} faces are in no labelled subset: {what}"
    others = "; ".join(f"{other}: {listed(found)}" for other, found in labels.items() if found)
    if others:
        text = (
            f"{what} is drawn and has labels, but none of {name} ({others}), and BasicWriter's default filter "
            f'"class:*" drops others: add a label of {name}, or widen the filter'
        )
        return Finding("other-taxonomy", path, text)
    return Finding("unlabelled", path, f"{what} has no label of {name}: {_remedy(surface)}")


def _remedy(surface: Surface) -> str:
    root = surface.prim
    while root.IsInstanceProxy():
        root = root.GetParent()
    if root != surface.prim:
        return f"it is inside an instance; label {root.GetPath()}, or the prim in its asset"
    return "label it, or a prim above it"
