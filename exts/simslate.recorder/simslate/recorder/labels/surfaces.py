"""Surfaces: everything on a stage that can be drawn, each with the labels at and above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pxr import Usd, UsdGeom

from .read import Labels, own_labels
from .resolve import DEFAULT_MODE, resolve_labels

Lineage = tuple[tuple[str, Labels], ...]
"""Path and own labels of each labelled prim, the furthest ancestor first."""

_ALIVE = Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)
# Prototypes are often kept below an over or a class, so that nothing else draws them.
_PLACED = Usd.TraverseInstanceProxies(Usd.PrimIsActive & Usd.PrimIsLoaded & Usd.PrimHasDefiningSpecifier)
_DRAWN_PURPOSES = (None, UsdGeom.Tokens.default_, UsdGeom.Tokens.render)
# The nearest of these that a prim is; with the attribute that is empty where there is nothing to draw.
_KINDS = {UsdGeom.PointInstancer: "", UsdGeom.Mesh: "faceVertexCounts", UsdGeom.PointBased: "points", UsdGeom.Gprim: ""}


@dataclass(frozen=True, slots=True)
class Surface:
    """Something that can be drawn: a gprim, a labelled face subset of one, or what such subsets leave of a mesh."""

    prim: Usd.Prim
    """The gprim or subset: inside an instance its proxy, of a point instancer's prototype the prim there."""

    lineage: Lineage
    """The labelled ones of the prim and those above it. A subset is below its mesh, a prototype's root below the
    instancer that places it, and not below what it is in by its path."""

    is_labelled: bool
    """Whether the prim has labels of its own, the last ones of its lineage."""

    instancers: tuple[Usd.Prim, ...] = ()
    """The point instancers that place it, the outermost first."""

    faces: tuple[int, int] | None = None
    """Of a mesh with labelled subsets: how many of how many faces are in none of them."""

    @property
    def gprim(self) -> Usd.Prim:
        """The prim that has the geometry: of a subset its mesh."""
        return self.prim.GetParent() if self.prim.IsA(UsdGeom.Subset) else self.prim

    @property
    def anchor(self) -> Usd.Prim:
        """The prim to ask for world bounds that hold it: the outermost point instancer, or else the gprim."""
        return self.instancers[0] if self.instancers else self.gprim

    def labels(self, mode: str = DEFAULT_MODE) -> Labels:
        """Return the labels that count, as ``resolve_labels`` has it for ``mode``."""
        own: tuple[Labels, ...] = () if self.is_labelled else ({},)
        return resolve_labels([*(labels for _, labels in self.lineage), *own], mode)


def surfaces(
    stage: Usd.Stage,
    *,
    per_subset: bool = True,
    own: Callable[[Usd.Prim], Labels] = own_labels,
    tells_how_shown: Callable[[Usd.Prim], bool] = lambda _: True,
) -> Iterator[Surface]:
    """Yield all that ``stage`` can draw at some time, in stage order, prototypes where their point instancer is.

    Drawn are gprims of every kind that are active, defined and loaded, visible at some time (each prim asked alone),
    of purpose default or render, and not empty. What is below a point instancer is not drawn in place; each of its
    prototypes is drawn once if an index that is not switched off names it, those below an ``over`` or a class too.

    With ``per_subset`` a mesh with labelled face subsets gives a surface for each of them that has a face, and one for
    itself if some faces, holes aside, are never in any of them. ``own`` tells the labels of a prim itself,
    ``tells_how_shown`` whether it can say anything of its visibility or purpose: whoever knows saves the asking.
    """
    walk = _Walk(stage, per_subset, own, tells_how_shown)
    for prim in stage.GetPseudoRoot().GetFilteredChildren(_ALIVE):
        yield from walk.below(prim, _Above())


def values(attribute: Usd.Attribute) -> Iterator[Any]:
    """Yield what an attribute is at one time or another: its samples, or else its one value; nothing if it has none."""
    times = attribute.GetTimeSamples() if attribute else ()
    found = (attribute.Get(time) for time in times) if times else (attribute.Get() if attribute else None,)
    return (value for value in found if value is not None)


def is_hidden(prim: Usd.Prim) -> bool:
    """Whether ``prim`` itself says that it is invisible, at all times."""
    attribute = prim.GetAttribute("visibility")
    if not attribute.HasAuthoredValue() or not prim.IsA(UsdGeom.Imageable):
        return False
    return all(value == UsdGeom.Tokens.invisible for value in values(attribute))


def own_purpose(prim: Usd.Prim) -> str | None:
    """Return the purpose that ``prim`` itself says it has; None if it says nothing."""
    attribute = prim.GetAttribute("purpose")
    if not attribute.HasAuthoredValue() or not prim.IsA(UsdGeom.Imageable):
        return None
    return str(attribute.Get())


def is_drawn_purpose(purpose: str | None) -> bool:
    """Whether things of a purpose, None being no purpose said, are drawn."""
    return purpose in _DRAWN_PURPOSES


def is_empty(prim: Usd.Prim) -> bool:
    """Whether ``prim`` is a gprim without a face or a point at any time."""
    return _is_empty(prim, _kind(prim))


def is_face_subset(prim: Usd.Prim) -> bool:
    """Whether ``prim`` is a subset of a mesh's faces."""
    return prim.IsA(UsdGeom.Subset) and prim.GetAttribute("elementType").Get() == UsdGeom.Tokens.face


def subset_faces(subset: Usd.Prim) -> set[int]:
    """Return the indices that a face subset has at one time or another."""
    return {index for indices in values(subset.GetAttribute("indices")) for index in memoryview(indices).tolist()}


def placed_prototypes(instancer: Usd.Prim) -> list[Usd.Prim]:
    """Return the prototypes' roots that a point instancer places at one time or another, each once."""
    used = _used_indices(UsdGeom.PointInstancer(instancer))
    targets = instancer.GetRelationship("prototypes").GetForwardedTargets()
    named = dict.fromkeys(path for index, path in enumerate(targets) if index in used)
    roots = (instancer.GetStage().GetPrimAtPath(path) for path in named)
    return [root for root in roots if root and root.IsActive() and root.IsLoaded()]


class _Above(NamedTuple):
    """What a prim has from those above it."""

    lineage: Lineage = ()
    purpose: str | None = None
    instancers: tuple[Usd.Prim, ...] = ()


class _Said(NamedTuple):
    """What a prim itself says."""

    is_hidden: bool
    labels: Labels
    """{} if there is none in any taxonomy."""
    purpose: str | None
    kind: Any
    """One of _KINDS, or None if it draws nothing."""


class _Walk:
    def __init__(
        self,
        stage: Usd.Stage,
        per_subset: bool,
        own: Callable[[Usd.Prim], Labels],
        tells_how_shown: Callable[[Usd.Prim], bool],
    ) -> None:
        self._stage = stage
        self._per_subset = per_subset
        self._own = own
        self._tells_how_shown = tells_how_shown
        self._kinds: dict[str, Any] = {}
        self._shared: dict[Usd.Prim, _Said] = {}

    def below(self, top: Usd.Prim, above: _Above) -> Iterator[Surface]:
        """Yield what is drawn at and below ``top``."""
        predicate = _PLACED if above.instancers else _ALIVE
        todo = [(top, above)]
        while todo:
            prim, above = todo.pop()
            said = self._said(prim)
            if said.is_hidden:
                continue
            # Most prims have no labels and no purpose, and share what is above them.
            here = _below(prim, said, above) if said.labels or said.purpose is not None else above
            if said.kind is UsdGeom.PointInstancer:
                yield from self._placed(prim, here)
                continue
            children = prim.GetFilteredChildren(predicate)
            if said.kind is not None and is_drawn_purpose(here.purpose):
                yield from self._drawn(prim, said, children, here)
            todo.extend((child, here) for child in reversed(children))

    def _said(self, prim: Usd.Prim) -> _Said:
        if not prim.IsInstanceProxy():
            return self._read(prim)
        # What is inside an instance says the same in all instances.
        source = prim.GetPrimInPrototype()
        if source not in self._shared:
            self._shared[source] = self._read(prim)
        return self._shared[source]

    def _read(self, prim: Usd.Prim) -> _Said:
        tells = self._tells_how_shown(prim)
        if tells and is_hidden(prim):
            return _Said(True, {}, None, None)
        name = prim.GetTypeName()
        if name not in self._kinds:
            self._kinds[name] = _kind(prim)
        kind, labels = self._kinds[name], self._own(prim)
        if _is_empty(prim, kind):
            kind = None
        return _Said(
            False, labels if labels and any(labels.values()) else {}, own_purpose(prim) if tells else None, kind
        )

    def _placed(self, prim: Usd.Prim, here: _Above) -> Iterator[Surface]:
        if not is_drawn_purpose(here.purpose) or prim in here.instancers:
            return
        for root in placed_prototypes(prim):
            purpose = _inherited_purpose(root)
            yield from self.below(root, _Above(here.lineage, purpose, (*here.instancers, prim)))

    def _drawn(self, prim: Usd.Prim, own: _Said, children: Sequence[Usd.Prim], here: _Above) -> Iterator[Surface]:
        labelled = self._labelled_subsets(children) if children and own.kind is UsdGeom.Mesh else ()
        if not labelled:
            yield Surface(prim, here.lineage, bool(own.labels), here.instancers)
            return
        total = max(map(len, values(prim.GetAttribute("faceVertexCounts"))))
        left = set(range(total)).difference(*values(prim.GetAttribute("holeIndices")))
        solid = len(left)
        for subset, each in labelled:
            faces = subset_faces(subset)
            left -= faces
            if any(0 <= face < total for face in faces):
                yield Surface(subset, _below(subset, each, here).lineage, True, here.instancers)
        if left:
            yield Surface(prim, here.lineage, bool(own.labels), here.instancers, (len(left), solid))

    def _labelled_subsets(self, children: Sequence[Usd.Prim]) -> Sequence[tuple[Usd.Prim, _Said]]:
        if not self._per_subset:
            return ()
        said = [(child, self._said(child)) for child in children if is_face_subset(child)]
        return [(subset, each) for subset, each in said if each.labels]


def _below(prim: Usd.Prim, said: _Said, above: _Above) -> _Above:
    lineage = (*above.lineage, (str(prim.GetPath()), said.labels)) if said.labels else above.lineage
    return _Above(lineage, above.purpose if said.purpose is None else said.purpose, above.instancers)


def _kind(prim: Usd.Prim) -> Any:
    return next((kind for kind in _KINDS if prim.IsA(kind)), None)


def _is_empty(prim: Usd.Prim, kind: Any) -> bool:
    if not _KINDS.get(kind):
        return False
    attribute = prim.GetAttribute(_KINDS[kind])
    # The value without a time is asked first: almost always it is there, and to look for samples costs as much again.
    return not attribute.Get() and not any(map(len, values(attribute)))


def _inherited_purpose(prim: Usd.Prim) -> str | None:
    above = prim.GetParent()
    while above:
        purpose = own_purpose(above)
        if purpose is not None:
            return purpose
        above = above.GetParent()
    return None


def _used_indices(instancer: UsdGeom.PointInstancer) -> set[int]:
    attribute = instancer.GetProtoIndicesAttr()
    masks = [*map(instancer.GetPrim().GetAttribute, ("ids", "invisibleIds"))]
    times: Iterable[Any] = {time for each in (attribute, *masks) for time in each.GetTimeSamples()} or (None,)
    used: set[int] = set()
    for time in times:
        when = Usd.TimeCode.Default() if time is None else Usd.TimeCode(time)
        indices = attribute.Get(when)
        if indices:
            used.update(_shown(memoryview(indices).tolist(), instancer.ComputeMaskAtTime(when)))
    return used


def _shown(indices: Sequence[int], mask: Sequence[bool]) -> Iterator[int]:
    """Yield the indices whose mask is set; an empty mask hides none."""
    return (index for index, shown in zip(indices, mask, strict=True) if shown) if mask else iter(indices)
