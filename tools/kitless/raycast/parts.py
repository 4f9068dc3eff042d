"""Parts: a mesh cut along its face subsets, so that each part can have a material and labels of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pxr import Usd, UsdGeom

from kitless.raycast.mesh import Interpolation, Mesh, Primvar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pxr import Sdf

SUBSET_ATTRIBUTES = frozenset(("indices", "elementType", "familyName"))
"""Attributes of a subset that change a mesh's parts or their materials."""
_HERE = Usd.TraverseInstanceProxies(Usd.PrimIsActive & Usd.PrimIsLoaded & Usd.PrimHasDefiningSpecifier)


def face_subsets(prim: Usd.Prim) -> list[UsdGeom.Subset]:
    """Return a mesh's face subsets, of all families, in path order; other gprims have none."""
    if not prim.IsA(UsdGeom.Mesh):
        return []
    # USD's own GetAllGeomSubsets leaves out what is below a class or an over, where prototypes are often kept.
    found = (UsdGeom.Subset(child) for child in prim.GetFilteredChildren(_HERE) if child.IsA(UsdGeom.Subset))
    faces = [s for s in found if s.GetElementTypeAttr().Get() == UsdGeom.Tokens.face]
    return sorted(faces, key=lambda subset: str(subset.GetPath()))


def are_animated(prim: Usd.Prim) -> bool:
    """Whether a mesh's subsets may hold other faces at another time."""
    return any(subset.GetIndicesAttr().ValueMightBeTimeVarying() for subset in face_subsets(prim))


def split(prim: Usd.Prim, mesh: Mesh, time: Usd.TimeCode) -> Iterator[tuple[tuple[Sdf.Path, ...], Mesh]]:
    """Yield a mesh's parts: the subsets that hold them, and the faces that are in just these.

    Faces in no subset make a part with none. Indices of faces that do not exist are ignored, as USD asks.
    """
    subsets = face_subsets(prim) if len(mesh.triangles) else []
    if not subsets:
        yield (), mesh
        return
    memberships, of_face = _memberships(subsets, int(mesh.faces.max()) + 1, time)
    of_triangle = of_face[mesh.faces]
    for number, membership in enumerate(memberships):
        chosen = of_triangle == number
        if chosen.all():
            yield membership, mesh
        elif chosen.any():
            yield membership, _part(mesh, chosen)


def _memberships(
    subsets: list[UsdGeom.Subset], faces: int, time: Usd.TimeCode
) -> tuple[list[tuple[Sdf.Path, ...]], NDArray[np.int64]]:
    """Return the combinations of subsets that faces are in, and that of each face (f,)."""
    memberships: list[tuple[Sdf.Path, ...]] = [()]
    of_face = np.zeros(faces, np.int64)
    for subset in subsets:
        indices = np.unique(np.asarray(subset.GetIndicesAttr().Get(time) or (), np.int64))
        indices = indices[(indices >= 0) & (indices < faces)]
        before, which = np.unique(of_face[indices], return_inverse=True)
        of_face[indices] = len(memberships) + which
        memberships += [(*memberships[each], subset.GetPath()) for each in before]
    return memberships, of_face


def _part(mesh: Mesh, chosen: NDArray[np.bool_]) -> Mesh:
    """Return some triangles of a mesh with only the points they use, so that bounds are theirs."""
    used, renumbered = np.unique(mesh.triangles[chosen], return_inverse=True)
    return replace(
        mesh,
        points=mesh.points[used],
        triangles=renumbered.reshape(-1, 3).astype(np.int32),
        corners=mesh.corners[chosen],
        faces=mesh.faces[chosen],
        normals=None if mesh.normals is None else _at_points(mesh.normals, used),
        primvars={name: _at_points(primvar, used) for name, primvar in mesh.primvars.items()},
    )


def _at_points(primvar: Primvar, used: NDArray[np.int32]) -> Primvar:
    return replace(primvar, values=primvar.values[used]) if primvar.interpolation == Interpolation.VERTEX else primvar
