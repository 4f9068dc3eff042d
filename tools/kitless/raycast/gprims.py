"""Reading a prim's geometry: USD attributes in, Mesh out."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from kitless.raycast import shapes
from kitless.raycast.curves import read_curves
from kitless.raycast.points import read_points
from kitless.raycast.polygons import read_polygons
from kitless.raycast.skinning import SKEL_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pxr import Usd

    from kitless.raycast.mesh import Mesh
    from kitless.raycast.skinning import Skin

_SHAPES: dict[str, tuple[Callable[..., Mesh], tuple[str, ...]]] = {
    "Cube": (shapes.cube, ("size",)),
    "Sphere": (shapes.sphere, ("radius",)),
    "Cylinder": (shapes.cylinder, ("radius", "height", "axis")),
    "Cylinder_1": (shapes.tapered_cylinder, ("radiusTop", "radiusBottom", "height", "axis")),
    "Cone": (shapes.cone, ("radius", "height", "axis")),
    "Capsule": (shapes.capsule, ("radius", "height", "axis")),
    "Capsule_1": (shapes.tapered_capsule, ("radiusTop", "radiusBottom", "height", "axis")),
    "Plane": (shapes.plane, ("width", "length", "axis")),
}
_POINT_BASED: dict[str, Callable[[Usd.Prim, Usd.TimeCode, Skin | None], Mesh]] = {
    "Mesh": read_polygons,
    "BasisCurves": read_curves,
    "Points": read_points,
}
GEOMETRY_ATTRIBUTES = frozenset(
    chain(
        ("points", "normals", "orientation", "faceVertexCounts", "faceVertexIndices", "holeIndices"),
        ("subdivisionScheme", "interpolateBoundary", "cornerIndices", "cornerSharpnesses"),
        ("creaseIndices", "creaseLengths", "creaseSharpnesses"),
        ("widths", "curveVertexCounts", "type", "basis", "wrap"),
        *(names for _, names in _SHAPES.values()),
        SKEL_ATTRIBUTES,
    )
)
"""Attributes that change a mesh, beside its primvars: its own and those of what skins it."""
DRAWABLE = frozenset((*_SHAPES, *_POINT_BASED))
"""Prim types that read_mesh knows."""


def read_mesh(prim: Usd.Prim, time: Usd.TimeCode, skin: Skin | None = None) -> Mesh:
    """Return the geometry of a prim whose type is in DRAWABLE, deformed by its skin if it has one.

    Raises GeometryError, naming the prim, if its attributes contradict each other.
    """
    kind = str(prim.GetTypeName())
    if kind in _POINT_BASED:
        return _POINT_BASED[kind](prim, time, skin)
    make, names = _SHAPES[kind]
    mesh = make(*(prim.GetAttribute(name).Get(time) for name in names))
    return mesh if skin is None else skin.pose(time).moved(mesh)


def is_animated(prim: Usd.Prim) -> bool:
    """Whether the geometry may differ from one time to another, skins aside."""
    return any(
        attribute.ValueMightBeTimeVarying()
        for attribute in prim.GetAuthoredAttributes()
        if attribute.GetName() in GEOMETRY_ATTRIBUTES or attribute.GetName().startswith("primvars:")
    )
