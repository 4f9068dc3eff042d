"""Searching a stage: what a prim must be like to be found."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from pxr import Tf, Usd, UsdGeom, UsdLux, UsdRender, UsdShade, UsdSkel

from ..labels import prim_labels
from .semantics import as_labels

Test = Callable[[Usd.Prim], bool]
"""Whether a prim is found."""
SCHEMAS: dict[str, tuple[Any, ...]] = {
    "camera": (UsdGeom.Camera,),
    "curve": (UsdGeom.Curves,),
    "geomsubset": (UsdGeom.Subset,),
    "graph": (),
    "light": (UsdLux.BoundableLightBase, UsdLux.NonboundableLightBase),
    "listener": (),
    "material": (UsdShade.Material,),
    "mesh": (UsdGeom.Mesh,),
    # By name: the import of UsdPhysics is slow, and few scripts need it.
    "physics": ("PhysicsScene", "PhysicsJoint", "PhysicsCollisionGroup"),
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


def criteria(
    path_pattern: str | None = None,
    path_match: str | None = None,
    path_pattern_exclusion: str | None = None,
    prim_types: Any = None,
    prim_types_exclusion: Any = None,
    semantics: Any = None,
    semantics_exclusion: Any = None,
    ignore_case: bool = False,
) -> Test:
    """The test of a prim for all that is given; what is None or empty asks nothing.

    ``path_pattern`` is a regular expression that is found anywhere in the path, ``path_match`` a text in it; case
    counts unless ``ignore_case``. ``prim_types`` are names, in any case, of types or of what they derive from ("Mesh",
    "Gprim"); ``semantics`` labels of which a prim has one at least, its own or its bound material's. Raises
    ``ValueError`` for an invalid expression.
    """
    finds = partial(_finds, ignore_case=ignore_case)
    match = None if path_match is None else re.escape(path_match)
    tests = [
        (make(value), wanted)
        for make, value, wanted in (
            (finds, path_pattern, True),
            (finds, match, True),
            (finds, path_pattern_exclusion, False),
            (_has_type, prim_types, True),
            (_has_type, prim_types_exclusion, False),
            (_has_label, semantics, True),
            (_has_label, semantics_exclusion, False),
        )
        if value
    ]
    return lambda prim: all(test(prim) is wanted for test, wanted in tests)


def is_kind(prim: Usd.Prim, name: str) -> bool:
    """Whether a typed getter looks for a prim."""
    return any(prim.IsA(schema) for schema in SCHEMAS[name]) or prim.GetTypeName() in TEXT_TYPES.get(name, ())


def _finds(pattern: str, ignore_case: bool) -> Test:
    try:
        compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise ValueError(f"Not a regular expression: '{pattern}' ({error})") from None
    return lambda prim: compiled.search(str(prim.GetPath())) is not None


def _has_type(types: str | Iterable[str]) -> Test:
    wanted = {name.lower() for name in ([types] if isinstance(types, str) else types)}

    def test(prim: Usd.Prim) -> bool:
        own = str(prim.GetTypeName())
        kinds = {own, *_ancestors(prim.GetPrimTypeInfo().GetSchemaType())}
        return not wanted.isdisjoint(kind.lower() for kind in kinds)

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
    bound = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]
    if bound:
        yield from prim_labels(bound.GetPrim())
