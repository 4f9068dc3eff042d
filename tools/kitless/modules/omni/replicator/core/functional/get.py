"""``rep.functional.get``: prims of the stage that match."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pxr import Tf, Usd, UsdGeom, UsdLux, UsdPhysics, UsdRender, UsdShade, UsdSkel

from ..labels import prim_labels
from ..scene.semantics import as_labels
from ._prims import as_prim, current_stage

SCHEMAS: dict[str, tuple[Any, ...]] = {
    "camera": (UsdGeom.Camera,),
    "curve": (UsdGeom.Curves,),
    "geomsubset": (UsdGeom.Subset,),
    "graph": (),
    "light": (UsdLux.BoundableLightBase, UsdLux.NonboundableLightBase),
    "listener": (),
    "material": (UsdShade.Material,),
    "mesh": (UsdGeom.Mesh,),
    "physics": (UsdPhysics.Scene, UsdPhysics.Joint, UsdPhysics.CollisionGroup),
    "renderproduct": (UsdRender.Product,),
    "rendervar": (UsdRender.Var,),
    "scope": (UsdGeom.Scope,),
    "shader": (UsdShade.Shader,),
    "shape": (UsdGeom.Cube, UsdGeom.Sphere, UsdGeom.Cylinder, UsdGeom.Cone, UsdGeom.Capsule, UsdGeom.Plane),
    "skelanimation": (UsdSkel.Animation,),
    "skeleton": (UsdSkel.Skeleton,),
    "xform": (UsdGeom.Xform,),
    "xformable": (UsdGeom.Xformable,),
}
"""What the typed getters look for; names of types that no schema here defines are compared as text."""
TEXT_TYPES = {"graph": ("OmniGraph", "ComputeGraph"), "listener": ("OmniListener",)}


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

    ``path_pattern`` is a regular expression that is found anywhere in the path, ``path_match`` a text in it.
    ``prim_types`` are names of types or of what they derive from ("Mesh", "Gprim"); ``semantics`` labels of which a
    prim has one at least, its own or its bound material's. ``ignore_case`` is about paths and types.
    Raises ``ValueError`` for an invalid expression.
    """
    found: Iterator[Usd.Prim] = _all_prims(stage or current_stage())
    if path_pattern is not None:
        found = filter(_finds(path_pattern, ignore_case), found)
    if path_match is not None:
        found = filter(_finds(re.escape(path_match), ignore_case), found)
    if path_pattern_exclusion is not None:
        found = _without(_finds(path_pattern_exclusion, ignore_case), found)
    if prim_types is not None:
        found = filter(_has_type(_names(prim_types), ignore_case), found)
    if prim_types_exclusion is not None:
        found = _without(_has_type(_names(prim_types_exclusion), ignore_case), found)
    if semantics is not None:
        found = filter(_has_label(semantics), found)
    if semantics_exclusion is not None:
        found = _without(_has_label(semantics_exclusion), found)
    return list(found)


Test = Callable[[Usd.Prim], bool]


def _all_prims(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    return iter(stage.Traverse())


def _without(test: Test, found: Iterable[Usd.Prim]) -> Iterator[Usd.Prim]:
    return (prim for prim in found if not test(prim))


def _finds(pattern: str, ignore_case: bool) -> Test:
    try:
        compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise ValueError(f"Not a regular expression: '{pattern}' ({error})") from None
    return lambda prim: compiled.search(str(prim.GetPath())) is not None


def _names(types: Any) -> list[str]:
    return [types] if isinstance(types, str) else list(types)


def _has_type(names: Iterable[str], ignore_case: bool) -> Test:
    wanted = {name.lower() if ignore_case else name for name in names}

    def test(prim: Usd.Prim) -> bool:
        own = str(prim.GetTypeName())
        kinds = {own, *_ancestors(prim.GetPrimTypeInfo().GetSchemaType())}
        return bool({kind.lower() if ignore_case else kind for kind in kinds} & wanted)

    return test


def _ancestors(kind: Tf.Type) -> Iterator[str]:
    for each in kind.GetAllAncestorTypes() if kind else ():
        name = Usd.SchemaRegistry.GetSchemaTypeName(each)
        # Schemas without a prim type of their own ("Gprim") are known by their class.
        yield str(name) if name else each.typeName.removeprefix("UsdGeom")


def _has_label(semantics: Any) -> Test:
    wanted = {(kind, label) for kind, labels in as_labels(semantics).items() for label in labels}
    return lambda prim: not wanted.isdisjoint(_labels(prim))


def _labels(prim: Usd.Prim) -> Iterator[tuple[str, str]]:
    """A prim's own labels and those of the material bound to it."""
    yield from prim_labels(prim)
    bound = UsdShade.MaterialBindingAPI(prim).GetDirectBinding().GetMaterial()
    if bound:
        yield from prim_labels(bound.GetPrim())


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
        return [prim for prim in found if _is_a(prim, name)]

    getter.__name__ = getter.__qualname__ = name
    getter.__doc__ = f"The {name} prims that pass the filters; see ``prims``."
    return getter


def _is_a(prim: Usd.Prim, name: str) -> bool:
    return any(prim.IsA(schema) for schema in SCHEMAS[name]) or prim.GetTypeName() in TEXT_TYPES.get(name, ())


camera, curve, geomsubset, graph, light, listener = map(
    _typed, ("camera", "curve", "geomsubset", "graph", "light", "listener")
)
material, mesh, physics, renderproduct, rendervar, scope = map(
    _typed, ("material", "mesh", "physics", "renderproduct", "rendervar", "scope")
)
shader, shape, skelanimation, skeleton, xform, xformable = map(
    _typed, ("shader", "shape", "skelanimation", "skeleton", "xform", "xformable")
)
