"""UsdGeomMesh: polygons as they are, or the subdivision surface that they are the cage of."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
from pxr import UsdGeom

from kitless.raycast import primvars as pv
from kitless.raycast.cage import Cage
from kitless.raycast.errors import GeometryError
from kitless.raycast.mesh import Interpolation, Mesh, Primvar
from kitless.raycast.subdivide import SCHEMES, Refined, Scheme, refine
from kitless.raycast.triangulate import triangulate

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pxr import Usd

    from kitless.raycast.skinning import Skin

_log = logging.getLogger(__name__)
_INTERPOLATIONS = {
    pv.CONSTANT: Interpolation.CONSTANT,
    pv.UNIFORM: Interpolation.UNIFORM,
    pv.VERTEX: Interpolation.VERTEX,
    pv.VARYING: Interpolation.VERTEX,
    pv.FACE_VARYING: Interpolation.FACE_VARYING,
}


def read_polygons(prim: Usd.Prim, time: Usd.TimeCode, skin: Skin | None) -> Mesh:
    """Return a UsdGeomMesh at `time`, skinned and subdivided where it says so, holes left out.

    Raises GeometryError, naming the prim, if its topology contradicts itself.
    """
    mesh = UsdGeom.Mesh(prim)
    points = pv.array(mesh.GetPointsAttr(), time, np.float32, 3)
    counts = pv.array(mesh.GetFaceVertexCountsAttr(), time, np.int64)
    indices = pv.array(mesh.GetFaceVertexIndicesAttr(), time, np.int64)
    _check_topology(prim, len(points), counts, indices)
    sizes = {
        pv.CONSTANT: 1,
        pv.UNIFORM: len(counts),
        pv.VERTEX: len(points),
        pv.VARYING: len(points),
        pv.FACE_VARYING: len(indices),
    }
    found = pv.read_primvars(prim, time, sizes)
    normals = pv.read_normals(mesh, time, sizes)
    if skin is not None:
        pose = skin.pose(time)
        points, normals = pose.points(points), pose.normals(normals, indices)
    scheme = _scheme(mesh, time, counts)
    if scheme is not None:
        refined = refine(_read_cage(mesh, time, counts, indices, len(points)), scheme)
        if len(refined.cages) > 1:
            return _fine_mesh(mesh, time, refined, counts, points, found)
    corners, faces = triangulate(points, counts, indices)
    corners, faces = _drawn(mesh, time, corners, faces)
    return Mesh(
        points=points,
        triangles=indices[corners].astype(np.int32),
        corners=corners,
        faces=faces,
        normals=_primvar(normals) if normals else None,
        primvars={name: _primvar(values) for name, values in found.items()},
    )


def _scheme(mesh: UsdGeom.Mesh, time: Usd.TimeCode, counts: NDArray[np.int64]) -> Scheme | None:
    """Return how a mesh is to be subdivided; None for polygons.

    USD's fallback is catmullClark, but most files that leave the scheme open hold plain polygons and most renderers
    show them as such. So only a mesh whose scheme is *authored* as catmullClark, loop or bilinear is subdivided.
    """
    attribute = mesh.GetSubdivisionSchemeAttr()
    if not attribute.HasAuthoredValue():
        return None
    name = attribute.Get(time)
    if name == UsdGeom.Tokens.loop and (counts != 3).any():
        _log.warning("%s: loop subdivides triangles only, and other faces are here; drawn as it is", mesh.GetPath())
        return None
    return SCHEMES.get(name) if (counts >= 3).any() else None


def _read_cage(
    mesh: UsdGeom.Mesh, time: Usd.TimeCode, counts: NDArray[np.int64], indices: NDArray[np.int64], vertices: int
) -> Cage:
    peaks = np.zeros(vertices)
    corners = pv.array(mesh.GetCornerIndicesAttr(), time, np.int64)
    sharp = pv.array(mesh.GetCornerSharpnessesAttr(), time, np.float64)
    if len(corners) == len(sharp):
        peaks[corners] = sharp
    solid = np.repeat(counts >= 3, counts)
    cage = Cage(
        counts=counts[counts >= 3],
        indices=indices[solid],
        vertices=vertices,
        creases=_read_creases(mesh, time),
        peaks=peaks,
    )
    if mesh.GetInterpolateBoundaryAttr().Get(time) == UsdGeom.Tokens.edgeAndCorner:
        boundary = np.isinf(cage.sharpness)
        single = np.bincount(cage.indices, minlength=vertices) == 1
        peaks[np.intersect1d(cage.edges[boundary], np.flatnonzero(single))] = np.inf
    return cage


def _read_creases(mesh: UsdGeom.Mesh, time: Usd.TimeCode) -> NDArray[np.float64]:
    """Return (k, 3) rows of two vertices and a sharpness; creases whose arrays do not fit together count as none."""
    vertices = pv.array(mesh.GetCreaseIndicesAttr(), time, np.int64)
    lengths = pv.array(mesh.GetCreaseLengthsAttr(), time, np.int64)
    sharp = pv.array(mesh.GetCreaseSharpnessesAttr(), time, np.float64)
    edges = int(np.maximum(lengths - 1, 0).sum())
    if not edges or lengths.sum() != len(vertices) or len(sharp) not in (len(lengths), edges):
        return np.empty((0, 3))
    ends = np.cumsum(lengths)[:-1] - 1
    inside = np.delete(np.arange(len(vertices) - 1), ends)
    each = sharp if len(sharp) == edges else np.repeat(sharp, lengths - 1)
    return np.column_stack([vertices[inside], vertices[inside + 1], each])


def _fine_mesh(
    mesh: UsdGeom.Mesh,
    time: Usd.TimeCode,
    refined: Refined,
    counts: NDArray[np.int64],
    points: NDArray[np.float32],
    found: dict[str, pv.Values],
) -> Mesh:
    """Return the last level as triangles; `faces` still numbers the faces as authored.

    Authored normals belong to the cage and are not looked at, as USD has it.
    """
    fine = refined.by_vertex(points)
    cage = refined.last
    real = np.flatnonzero(counts >= 3).astype(np.int32)
    fan = np.arange(1, cage.counts[0] - 1)
    cut = cage.starts[:, None, None] + np.stack([np.zeros_like(fan), fan, fan + 1], axis=1)
    faces = real[refined.faces].repeat(len(fan))
    corners, faces = _drawn(mesh, time, cut.reshape(-1, 3).astype(np.int32), faces)
    if mesh.GetInterpolateBoundaryAttr().Get(time) == UsdGeom.Tokens.none:
        inner = ~np.isin(faces, real[refined.cages[0].outer_faces()])
        corners, faces = corners[inner], faces[inner]
    solid = np.repeat(counts >= 3, counts)
    normals = Primvar(refined.normals(fine), Interpolation.FACE_VARYING) if refined.scheme.smooth else None
    return Mesh(
        points=fine,
        triangles=cage.indices[corners].astype(np.int32),
        corners=corners,
        faces=faces,
        normals=normals,
        primvars={name: _fine_primvar(values, refined, solid) for name, values in found.items()},
    )


def _fine_primvar(values: pv.Values, refined: Refined, solid: NDArray[np.bool_]) -> Primvar:
    fine = values.values
    if values.interpolation == pv.VERTEX:
        fine = refined.by_vertex(fine)
    elif values.interpolation == pv.VARYING:
        fine = refined.by_edge(fine)
    elif values.interpolation == pv.FACE_VARYING:
        fine = refined.by_corner(fine[solid])
    return Primvar(fine, _INTERPOLATIONS[values.interpolation])


def _primvar(values: pv.Values) -> Primvar:
    return Primvar(values.values, _INTERPOLATIONS[values.interpolation])


def _drawn(
    mesh: UsdGeom.Mesh, time: Usd.TimeCode, corners: NDArray[np.int32], faces: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return corners (t, 3) and faces (t,) without holes, wound counter-clockwise seen from outside."""
    holes = pv.array(mesh.GetHoleIndicesAttr(), time, np.int64)
    if len(holes):
        solid = ~np.isin(faces, holes)
        corners, faces = corners[solid], faces[solid]
    if mesh.GetOrientationAttr().Get(time) == UsdGeom.Tokens.leftHanded:
        corners = corners[:, [0, 2, 1]]
    return corners, faces


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
