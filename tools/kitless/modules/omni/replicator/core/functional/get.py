"""``rep.functional.get``: prims of the stage that match."""

from collections.abc import Callable
from typing import Any

from pxr import Usd

from ..scene.search import criteria, is_kind
from ._prims import as_prim, current_stage


def prim_at_path(path: Any) -> Usd.Prim:
    """The prim at a path. Raises ``ValueError`` where there is none."""
    return as_prim(path)


def prims(
    stage: Usd.Stage | None = None,
    path_pattern: str | None = None,
    path_match: str | None = None,
    path_pattern_exclusion: str | None = None,
    prim_types: Any = None,
    prim_types_exclusion: Any = None,
    semantics: Any = None,
    semantics_exclusion: Any = None,
    ignore_case: bool = False,
) -> list[Usd.Prim]:
    """The prims that pass all filters given, in the stage's order; the session layer's are among them.

    The filters are those of ``scene.search.criteria``. Raises ``ValueError`` for an invalid expression.
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
    return [prim for prim in (stage or current_stage()).Traverse() if is_found(prim)]


def _typed(name: str) -> Callable[..., list[Usd.Prim]]:
    def getter(
        stage: Usd.Stage | None = None,
        path_pattern: str | None = None,
        path_match: str | None = None,
        path_pattern_exclusion: str | None = None,
        semantics: Any = None,
        semantics_exclusion: Any = None,
        ignore_case: bool = False,
    ) -> list[Usd.Prim]:
        found = prims(
            stage,
            path_pattern,
            path_match,
            path_pattern_exclusion,
            None,
            None,
            semantics,
            semantics_exclusion,
            ignore_case,
        )
        return [prim for prim in found if is_kind(prim, name)]

    getter.__name__ = getter.__qualname__ = name
    getter.__doc__ = f"The {name} prims that pass the filters; see ``prims``."
    return getter


camera, curve, geomsubset, graph, light, listener = map(
    _typed, ("camera", "curve", "geomsubset", "graph", "light", "listener")
)
material, mesh, physics, renderproduct, rendervar, scope = map(
    _typed, ("material", "mesh", "physics", "renderproduct", "rendervar", "scope")
)
shader, shape, skelanimation, skeleton, xform, xformable = map(
    _typed, ("shader", "shape", "skelanimation", "skeleton", "xform", "xformable")
)
