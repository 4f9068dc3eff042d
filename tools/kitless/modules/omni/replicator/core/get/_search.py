"""Searches for prims."""

from collections.abc import Callable, Sequence
from typing import Any

from pxr import Sdf, Usd

import omni.usd

from ..graph import ReplicatorItem, Search, as_node
from ..scene.search import Test, criteria, is_kind


def search(is_found: Test) -> Callable[[], list[Usd.Prim]]:
    """A search of the open stage, in the order of the stage."""

    def find() -> list[Usd.Prim]:
        stage = omni.usd.get_context().get_stage()
        return [prim for prim in stage.Traverse() if is_found(prim)] if stage else []

    return find


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

    They are those of ``scene.search.criteria``. Raises ``ValueError`` for an invalid expression.
    """
    is_found = criteria(
        path_pattern,
        path_match,
        path_pattern_exclusion,
        prim_types,
        prim_types_exclusion,
        semantics,
        semantics_exclusion,
        ignore_case,
    )
    return ReplicatorItem(Search(search(is_found), cached=cache_prims, name=name or ""))


def prim_at_path(path: Any, name: str | None = None) -> ReplicatorItem:
    """The prim at a path, or those at several. Raises ``ValueError`` for one that is not there."""
    return ReplicatorItem(as_node(str(path) if isinstance(path, Sdf.Path) else path))


def typed(kind: str) -> Callable[..., ReplicatorItem]:
    """The search for prims of a kind."""

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
        exclusions = path_pattern_exclusion, None, None, semantics, semantics_exclusion
        is_found = criteria(path_pattern, path_match, *exclusions, ignore_case)
        find_kind = search(lambda prim: is_kind(prim, kind) and is_found(prim))
        return ReplicatorItem(Search(find_kind, cached=cache_prims, name=name or ""))

    find.__name__ = kind
    find.__doc__ = f"The {kind} prims that meet all criteria; see ``prims``."
    return find


camera = typed("camera")
curve = typed("curve")
geomsubset = typed("geomsubset")
light = typed("light")
material = typed("material")
mesh = typed("mesh")
renderproduct = typed("renderproduct")
rendervar = typed("rendervar")
scope = typed("scope")
shader = typed("shader")
shape = typed("shape")
skelanimation = typed("skelanimation")
skeleton = typed("skeleton")
xform = typed("xform")
