"""Searches for prims."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pxr import Sdf, Usd, UsdShade

import omni.usd

from ..graph import ReplicatorItem, Search, as_node
from ..labels import prim_labels
from ..scene.semantics import Labels, as_labels

SHAPES = ("Cube", "Sphere", "Cylinder", "Cone", "Capsule", "Plane")
LIGHTS = (
    "CylinderLight",
    "DiskLight",
    "DistantLight",
    "DomeLight",
    "GeometryLight",
    "PortalLight",
    "RectLight",
    "SphereLight",
)
CURVES = ("BasisCurves", "HermiteCurves", "NurbsCurves")


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What a prim must be like, and not like; None asks nothing."""

    pattern: str | None
    match: str | None
    pattern_exclusion: str | None
    types: tuple[str, ...]
    types_exclusion: tuple[str, ...]
    semantics: Labels
    semantics_exclusion: Labels
    ignore_case: bool

    def accepts(self, prim: Usd.Prim) -> bool:
        """Whether a prim meets all."""
        path, kind = str(prim.GetPath()), str(prim.GetTypeName()).lower()
        labels = labels_of(prim) if self.semantics or self.semantics_exclusion else {}
        return (
            (self.pattern is None or self._finds(self.pattern, path))
            and (self.match is None or self._folded(self.match) in self._folded(path))
            and not (self.pattern_exclusion is not None and self._finds(self.pattern_exclusion, path))
            and (not self.types or kind in self.types)
            and kind not in self.types_exclusion
            and (not self.semantics or share(labels, self.semantics))
            and not share(labels, self.semantics_exclusion)
        )

    def _finds(self, pattern: str, path: str) -> bool:
        return re.search(pattern, path, re.IGNORECASE if self.ignore_case else 0) is not None

    def _folded(self, text: str) -> str:
        return text.lower() if self.ignore_case else text


def share(labels: Labels, wanted: Labels) -> bool:
    """Whether two sets of labels have a pair in common."""
    return any(label in labels.get(kind, ()) for kind, some in wanted.items() for label in some)


def labels_of(prim: Usd.Prim) -> Labels:
    """The labels of a prim itself and of its material, in the older schema and the newer."""
    found: Labels = {}
    material = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]
    for source in (prim, material.GetPrim() if material else None):
        for kind, label in prim_labels(source) if source else ():
            found.setdefault(kind, []).append(label)
    return found


def search(
    path_pattern: str | None = None,
    path_match: str | None = None,
    path_pattern_exclusion: str | None = None,
    prim_types: str | Sequence[str] | None = None,
    prim_types_exclusion: str | Sequence[str] | None = None,
    semantics: Any = None,
    semantics_exclusion: Any = None,
    ignore_case: bool = False,
) -> Callable[[], list[Usd.Prim]]:
    """A search of the open stage, in the order of the stage. Raises ``re.error`` for a bad pattern."""
    for pattern in (path_pattern, path_pattern_exclusion):
        re.compile(pattern or "")
    criteria = Criteria(
        pattern=path_pattern,
        match=path_match,
        pattern_exclusion=path_pattern_exclusion,
        types=lowered(prim_types),
        types_exclusion=lowered(prim_types_exclusion),
        semantics=as_labels(semantics),
        semantics_exclusion=as_labels(semantics_exclusion),
        ignore_case=ignore_case,
    )

    def find() -> list[Usd.Prim]:
        stage = omni.usd.get_context().get_stage()
        return [prim for prim in stage.Traverse() if criteria.accepts(prim)] if stage else []

    return find


def lowered(types: str | Sequence[str] | None) -> tuple[str, ...]:
    """Names of prim types in lower case."""
    names = [types] if isinstance(types, str) else types or ()
    return tuple(name.lower() for name in names)


def prims(
    path_pattern: str | None = None,
    path_match: str | None = None,
    path_pattern_exclusion: str | None = None,
    prim_types: str | Sequence[str] | None = None,
    prim_types_exclusion: str | Sequence[str] | None = None,
    semantics: Any = None,
    semantics_exclusion: Any = None,
    cache_prims: bool = True,
    ignore_case: bool = False,
    name: str | None = None,
) -> ReplicatorItem:
    """Prims that meet all criteria.

    The path: matches a regular expression somewhere, contains ``path_match``, and does not match the exclusion. The
    type: one of some, by name. The labels, of the prim itself or its material: one of some pairs, ``{type: label}``.
    """
    find = search(
        path_pattern,
        path_match,
        path_pattern_exclusion,
        prim_types,
        prim_types_exclusion,
        semantics,
        semantics_exclusion,
        ignore_case,
    )
    return ReplicatorItem(Search(find, cached=cache_prims, name=name or ""))


def prim_at_path(path: Any, name: str | None = None) -> ReplicatorItem:
    """The prim at a path, or those at several. Raises ``ValueError`` for one that is not there."""
    return ReplicatorItem(as_node(str(path) if isinstance(path, Sdf.Path) else path))


def typed(name: str, types: tuple[str, ...]) -> Callable[..., ReplicatorItem]:
    """The search for prims of some types."""

    def find(
        path_pattern: str | None = None,
        path_match: str | None = None,
        path_pattern_exclusion: str | None = None,
        semantics: Any = None,
        semantics_exclusion: Any = None,
        cache_prims: bool = True,
        ignore_case: bool = False,
        name: str | None = None,
    ) -> ReplicatorItem:
        exclusions = path_pattern_exclusion, types, None, semantics, semantics_exclusion
        return prims(path_pattern, path_match, *exclusions, cache_prims, ignore_case, name)

    find.__name__ = name
    find.__doc__ = f"Prims of type {', '.join(types)} that meet all criteria; see ``prims``."
    return find


camera = typed("camera", ("Camera",))
curve = typed("curve", CURVES)
geomsubset = typed("geomsubset", ("GeomSubset",))
light = typed("light", LIGHTS)
material = typed("material", ("Material",))
mesh = typed("mesh", ("Mesh",))
renderproduct = typed("renderproduct", ("RenderProduct",))
rendervar = typed("rendervar", ("RenderVar",))
scope = typed("scope", ("Scope",))
shader = typed("shader", ("Shader",))
shape = typed("shape", SHAPES)
skelanimation = typed("skelanimation", ("SkelAnimation",))
skeleton = typed("skeleton", ("Skeleton",))
xform = typed("xform", ("Xform",))
