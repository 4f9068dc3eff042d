"""The labels of a stage: which prim is an instance of what, resolved over ancestors and filters.

Which labels of ancestors count with a prim's own is the mode's business. ``path``: all, the furthest ancestor's first,
each once; this is Replicator's rule. ``nearest``: of each semantic type, those of the nearest prim that has any of it.
``direct``: none; what is drawn has its own labels, or those of the face subset it is in, and belongs to nothing above.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from pxr import Sdf, Tf, Usd, UsdSemantics

from kitless.raycast.scan import Gprim

from .semantic_filter import Pair, SemanticFilter

LEGACY_PREFIX = "SemanticsAPI:"
DIRECT = "direct"

Pairs: TypeAlias = tuple[Pair, ...]
T = TypeVar("T")


def prim_labels(prim: Usd.Prim) -> Iterator[Pair]:
    """A prim's own labels: legacy SemanticsAPI pairs first, then LabelsAPI taxonomies, in applied order."""
    schemas = prim.GetAppliedSchemas()
    for schema in schemas:
        if schema.startswith(LEGACY_PREFIX):
            name = f"semantic:{schema.removeprefix(LEGACY_PREFIX)}:params:semantic"
            kind, label = prim.GetAttribute(name + "Type").Get(), prim.GetAttribute(name + "Data").Get()
            if kind and label:
                yield kind, label
    for taxonomy in UsdSemantics.LabelsAPI.GetDirectTaxonomies(prim):
        attribute = UsdSemantics.LabelsAPI(prim, taxonomy).GetLabelsAttr()
        for label in (attribute.Get() if attribute else None) or ():
            yield taxonomy, label


def describe(pairs: Sequence[Pair]) -> dict[str, str]:
    """``{type: "label,label"}``: labels of one type joined by a comma, ancestors' first."""
    joined: dict[str, str] = {}
    for kind, label in pairs:
        joined[kind] = f"{joined[kind]},{label}" if kind in joined else label
    return joined


def label_text(labels: dict[str, str]) -> str:
    """The full label string that a semantic id stands for."""
    return " ".join(f"{kind}:{label}" for kind, label in labels.items())


def passing(pairs: Pairs, filters: Sequence[SemanticFilter]) -> Pairs:
    """The labels that pass all filters, in their order."""
    return reduce(lambda left, each: each.apply(left), filters, pairs)


def _joined(above: Pairs, own: Pairs) -> Pairs:
    return tuple(dict.fromkeys((*above, *own)))


def _nearest(above: Pairs, own: Pairs) -> Pairs:
    nearer = {kind for kind, _ in own}
    kinds = dict.fromkeys(kind for kind, _ in (*above, *own))
    return tuple(
        dict.fromkeys(pair for kind in kinds for pair in (own if kind in nearer else above) if pair[0] == kind)
    )


def _own(_above: Pairs, own: Pairs) -> Pairs:
    return _joined((), own)


MODES: Mapping[str, Callable[[Pairs, Pairs], Pairs]] = MappingProxyType(
    {"path": _joined, "nearest": _nearest, DIRECT: _own}
)
"""The modes: how the labels that count for a prim are put together from its parent's and its own."""
DEFAULT_MODE = "path"


@dataclass(frozen=True)
class LabelledPrim:
    """A prim with labels of its own, or one point instance of such. ``pairs`` are those that count, by the mode."""

    path: Sdf.Path
    pairs: Pairs
    number: int
    """Its place among all labelled prims the stage has had: ``bboxIds``, and instance ids less two."""
    name: str
    """What label maps and ``primPaths`` print: the path, or ``<instancer>[<id>]<path below the prototype's root>``."""


@dataclass(frozen=True)
class Found:
    """The labelled prim that something belongs to, in a point instancer's prototype or not."""

    path: Sdf.Path
    depth: int
    """How many ids of point instances tell its copies apart."""
    all: Pairs
    """The labels that count for it, by the mode."""
    pairs: Pairs
    """Those that pass the filters."""


@dataclass
class Numbers:
    """Numbers given out in order of first asking and never reused."""

    given: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """The number of a name."""
        return self.given.setdefault(name, len(self.given))


class StageLabels:
    """All labelled prims of a stage in path order, kept up to date by USD's notices.

    Path order, not authoring order, decides numbers, so equal stages have equal ids however they were written.
    """

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self._mode = DEFAULT_MODE
        self._numbers = Numbers()
        self._leaves = Numbers()
        self._own: dict[Sdf.Path, Pairs] = {}
        self._prims: dict[Sdf.Path, LabelledPrim] | None = None
        self._notice = Tf.Notice.Register(Usd.Notice.ObjectsChanged, self._on_changed, stage)

    def close(self) -> None:
        """Stop listening to the stage."""
        self._notice.Revoke()

    @property
    def mode(self) -> str:
        """Which labels of ancestors count: one of ``MODES``."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode != self._mode:
            self._mode, self._prims = mode, None

    @property
    def prims(self) -> dict[Sdf.Path, LabelledPrim]:
        """The labelled prims by path, in path order."""
        if self._prims is None:
            self._prims = self._read()
        return self._prims

    @property
    def names(self) -> list[str]:
        """The names of all labelled prims the stage has had, by number."""
        self.prims  # noqa: B018  numbers are given when the stage is read
        return list(self._numbers.given)

    def leaf_number(self, name: str) -> int:
        """The number of a gprim, given at first asking."""
        return self._leaves.of(name)

    def named(self, found: Found, name: str) -> LabelledPrim:
        """The labelled prim, or the point instance of it, that has a name."""
        return LabelledPrim(found.path, found.all, self._numbers.of(name), name)

    def own(self, path: Sdf.Path) -> Pairs:
        """A prim's own labels."""
        if path not in self._own:
            self._own[path] = tuple(prim_labels(self._stage.GetPrimAtPath(path)))
        return self._own[path]

    def resolve(self, path: Sdf.Path, filters: Sequence[SemanticFilter]) -> tuple[LabelledPrim, Pairs] | None:
        """The instance a prim belongs to, and its labels that count.

        That is the nearest of the prim and its ancestors which has labels of its own and passes all filters.
        """
        for each in self._candidates(path.GetAncestorsRange()):
            prim = self.prims.get(each)
            pairs = passing(prim.pairs, filters) if prim else ()
            if prim and pairs:
                return prim, pairs
        return None

    def resolve_part(
        self, gprim: Gprim, subsets: Sequence[Sdf.Path], filters: Sequence[SemanticFilter]
    ) -> Found | None:
        """The instance that the faces of a gprim in some subsets belong to, and its labels that count.

        As resolve(), with two more rules. Labels of a subset are nearer than its mesh's; of several labelled subsets
        the first that passes the filters counts. In a point instancer's prototype the ancestors are those up to the
        prototype's root, then the instancer and its ancestors.
        """
        if gprim.chain:
            above = self._walk(gprim, filters)
        else:
            prim = self.resolve(gprim.prim.GetPath(), filters)
            above = Found(prim[0].path, 0, prim[0].pairs, prim[1]) if prim else None
        inherited = self._inherited(gprim) if subsets else ()
        for path in subsets:
            every = MODES[self._mode](inherited, self.own(path))
            pairs = passing(every, filters)
            if self.own(path) and pairs:
                return Found(path, len(gprim.chain), every, pairs)
        return above

    def _walk(self, gprim: Gprim, filters: Sequence[SemanticFilter]) -> Found | None:
        found: Found | None = None
        inherited: Pairs = ()
        for path, depth in reversed([*self._candidates(gprim.lineage())]):
            inherited = MODES[self._mode](inherited, self.own(path))
            pairs = passing(inherited, filters) if self.own(path) else ()
            found = Found(path, depth, inherited, pairs) if pairs else found
        return found

    def _inherited(self, gprim: Gprim) -> Pairs:
        lineage = reversed([self.own(path) for path, _ in gprim.lineage()])
        return reduce(MODES[self._mode], lineage, ())

    def _candidates(self, lineage: Iterable[T]) -> Iterator[T]:
        """Those of a prim and its ancestors whose instance it may be."""
        return islice(lineage, 1 if self._mode == DIRECT else None)

    def _read(self) -> dict[Sdf.Path, LabelledPrim]:
        inherited: dict[Sdf.Path, Pairs] = {}
        found = []
        for prim in Usd.PrimRange.Stage(self._stage, Usd.TraverseInstanceProxies()):
            path = prim.GetPath()
            above = inherited.get(path.GetParentPath(), ())
            own = tuple(prim_labels(prim))
            inherited[path] = MODES[self._mode](above, own) if own else above
            if own:
                found.append((path, inherited[path]))
        found.sort()
        return {path: LabelledPrim(path, pairs, self._numbers.of(str(path)), str(path)) for path, pairs in found}

    def _on_changed(self, notice: Usd.Notice.ObjectsChanged, _sender: object) -> None:
        changed = notice.GetChangedInfoOnlyPaths()
        if notice.GetResyncedPaths() or any("semantic" in path.name for path in changed if path.IsPropertyPath()):
            self._prims = None
            self._own.clear()
