"""Reading a prim's geometry: USD attributes in, Mesh out."""

from __future__ import annotations

import logging
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import Usd, UsdGeom

from kitless.raycast import shapes
from kitless.raycast.errors import GeometryError
from kitless.raycast.mesh import Interpolation, Mesh, Primvar
from kitless.raycast.triangulate import triangulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_log = logging.getLogger(__name__)
_INTERPOLATIONS = {
    UsdGeom.Tokens.constant: Interpolation.CONSTANT,
    UsdGeom.Tokens.uniform: Interpolation.UNIFORM,
    UsdGeom.Tokens.vertex: Interpolation.VERTEX,
    # Linear along edges and patches: on a control mesh the same as per vertex.
    UsdGeom.Tokens.varying: Interpolation.VERTEX,
    UsdGeom.Tokens.faceVarying: Interpolation.FACE_VARYING,
}
_WIDTHS = {"float2[]": 2, "texCoord2f[]": 2, "texCoord2d[]": 2, "texCoord2h[]": 2, "double2[]": 2, "color3f[]": 3}
_SHAPES: dict[str, tuple[Callable[..., Mesh], tuple[str, ...]]] = {
    "Cube": (shapes.cube, ("size",)),
    "Sphere": (shapes.sphere, ("radius",)),
    "Cylinder": (shapes.cylinder, ("radius", "height", "axis")),
    "Cone": (shapes.cone, ("radius", "height", "axis")),
    "Capsule": (shapes.capsule, ("radius", "height", "axis")),
    "Plane": (shapes.plane, ("width", "length", "axis")),
}
GEOMETRY_ATTRIBUTES = frozenset(
    chain(
        ("points", "faceVertexCounts", "faceVertexIndices", "holeIndices", "orientation", "normals"),
        *(names for _, names in _SHAPES.values()),
    )
)
"""Attributes that change a mesh, beside its primvars."""
DRAWABLE = frozenset((*_SHAPES, "Mesh"))
"""Prim types that read_mesh knows."""


def read_mesh(prim: Usd.Prim, time: Usd.TimeCode) -> Mesh:
    """Return the geometry of a prim whose type is in DRAWABLE.

    Raises GeometryError, naming the prim, if a mesh's topology contradicts itself.
    """
    kind = str(prim.GetTypeName())
    if kind == "Mesh":
        return _read_polygons(prim, time)
    make, names = _SHAPES[kind]
    return make(*(prim.GetAttribute(name).Get(time) for name in names))


def is_animated(prim: Usd.Prim) -> bool:
    """Whether the geometry may differ from one time to another."""
    return any(
        attribute.ValueMightBeTimeVarying()
        for attribute in prim.GetAuthoredAttributes()
        if attribute.GetName() in GEOMETRY_ATTRIBUTES or attribute.GetName().startswith("primvars:")
    )


def _array(attribute: Usd.Attribute, time: Usd.TimeCode, kind: Any, width: int = 0) -> NDArray[Any]:
    value = attribute.Get(time)
    if not value:
        return np.empty((0, width) if width else 0, kind)
    return np.asarray(value, kind)


def _read_polygons(prim: Usd.Prim, time: Usd.TimeCode) -> Mesh:
    mesh = UsdGeom.Mesh(prim)
    points = _array(mesh.GetPointsAttr(), time, np.float32, 3)
    counts = _array(mesh.GetFaceVertexCountsAttr(), time, np.int64)
    indices = _array(mesh.GetFaceVertexIndicesAttr(), time, np.int64)
    _check_topology(prim, len(points), counts, indices)
    corners, faces = triangulate(points, counts, indices)
    holes = _array(mesh.GetHoleIndicesAttr(), time, np.int64)
    if len(holes):
        solid = ~np.isin(faces, holes)
        corners, faces = corners[solid], faces[solid]
    if mesh.GetOrientationAttr().Get(time) == UsdGeom.Tokens.leftHanded:
        corners = corners[:, [0, 2, 1]]
    sizes = {
        Interpolation.CONSTANT: 1,
        Interpolation.UNIFORM: len(counts),
        Interpolation.VERTEX: len(points),
        Interpolation.FACE_VARYING: len(indices),
    }
    return Mesh(
        points=points,
        triangles=indices[corners],
        corners=corners,
        faces=faces,
        normals=_read_normals(mesh, time, sizes),
        primvars=_read_primvars(prim, time, sizes),
    )


def _check_topology(prim: Usd.Prim, points: int, counts: NDArray[np.int64], indices: NDArray[np.int64]) -> None:
    if len(counts) and counts.min() < 0:
        raise GeometryError(f"{prim.GetPath()}.faceVertexCounts[{counts.argmin()}] is {counts.min()}, below 0")
    if counts.sum() != len(indices):
        raise GeometryError(
            f"{prim.GetPath()}.faceVertexCounts adds up to {counts.sum()}, "
            f"but faceVertexIndices has {len(indices)} values"
        )
    wrong = np.flatnonzero((indices < 0) | (indices >= points))
    if len(wrong):
        raise GeometryError(
            f"{prim.GetPath()}.faceVertexIndices[{wrong[0]}] is {indices[wrong[0]]}; "
            f"the mesh has {points} points, so 0 to {points - 1} are valid"
        )


def _checked(
    path: object, values: NDArray[np.float32], kind: object, sizes: dict[Interpolation, int]
) -> Primvar | None:
    interpolation = _INTERPOLATIONS[kind]
    expected = sizes[interpolation]
    if len(values) < max(expected, 1):
        _log.warning("%s: %s values, %s needs %s; ignored", path, len(values), kind, expected)
        return None
    return Primvar(values, interpolation)


def _read_normals(mesh: UsdGeom.Mesh, time: Usd.TimeCode, sizes: dict[Interpolation, int]) -> Primvar | None:
    primvar = UsdGeom.PrimvarsAPI(mesh).GetPrimvar("normals")
    if primvar and primvar.HasValue():
        return _checked(primvar.GetAttr().GetPath(), _flattened(primvar, time, 3), primvar.GetInterpolation(), sizes)
    attribute = mesh.GetNormalsAttr()
    values = _array(attribute, time, np.float32, 3)
    if not len(values):
        return None
    return _checked(attribute.GetPath(), values, mesh.GetNormalsInterpolation(), sizes)


def _read_primvars(prim: Usd.Prim, time: Usd.TimeCode, sizes: dict[Interpolation, int]) -> dict[str, Primvar]:
    found = {}
    for primvar in UsdGeom.PrimvarsAPI(prim).GetPrimvarsWithValues():
        name = primvar.GetPrimvarName()
        width = _WIDTHS.get(str(primvar.GetTypeName()))
        # Of colours only the display colour is ever looked up.
        if (
            width is None
            or (width == 3 and name != "displayColor")
            or primvar.GetInterpolation() not in _INTERPOLATIONS
        ):
            continue
        values = _flattened(primvar, time, width)
        checked = (
            _checked(primvar.GetAttr().GetPath(), values, primvar.GetInterpolation(), sizes) if len(values) else None
        )
        if checked:
            found[name] = checked
    return found


def _flattened(primvar: UsdGeom.Primvar, time: Usd.TimeCode, width: int) -> NDArray[np.float32]:
    value = primvar.ComputeFlattened(time)
    return np.asarray(value, np.float32).reshape(-1, width) if value else np.empty((0, width), np.float32)
