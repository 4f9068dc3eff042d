"""Skinning: what UsdSkel makes of a prim's points at a time."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pxr import Gf, Usd, UsdGeom, UsdSkel, Vt

from kitless.raycast import primvars as pv
from kitless.raycast.mesh import Primvar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from kitless.raycast.mesh import Mesh

_log = logging.getLogger(__name__)
_EVERYTHING = Usd.TraverseInstanceProxies(Usd.PrimIsActive & Usd.PrimIsLoaded & Usd.PrimHasDefiningSpecifier)
SKEL_ATTRIBUTES = frozenset(
    (
        *("joints", "bindTransforms", "restTransforms", "translations", "rotations", "scales"),
        *("blendShapes", "blendShapeWeights", "offsets", "normalOffsets", "pointIndices"),
        *("skel:joints", "skel:skeleton", "skel:animationSource", "skel:blendShapes", "skel:blendShapeTargets"),
    )
)
"""Properties of skeletons, animations, blend shapes and bindings that change what is skinned."""


class Skins:
    """Finds the skins of prims below UsdSkel's roots; what it has read of a root it does not read again."""

    def __init__(self) -> None:
        self._cache = UsdSkel.Cache()
        self._known: set[str] = set()

    def of(self, prim: Usd.Prim) -> Skin | None:
        """Return what skins a prim; None if nothing does, as outside any SkelRoot."""
        root = UsdSkel.Root.Find(prim)
        if not root:
            return None
        self.learn(root)
        query = self._cache.GetSkinningQuery(prim)
        skeleton = UsdSkel.BindingAPI(prim).GetInheritedSkeleton()
        if not query or not skeleton or not (query.HasJointInfluences() or query.HasBlendShapes()):
            return None
        return Skin(prim, skeleton.GetPrim(), query, self._cache.GetSkelQuery(skeleton))

    def learn(self, root: UsdSkel.Root) -> None:
        """Read a root's bindings."""
        path = str(root.GetPath())
        if path not in self._known:
            self._cache.Populate(root, _EVERYTHING)
            self._known.add(path)

    def query(self, skeleton: UsdSkel.Skeleton) -> UsdSkel.SkeletonQuery:
        """Return a skeleton's query; invalid if no root above it binds it."""
        return self._cache.GetSkelQuery(skeleton)


@dataclass(frozen=True, eq=False)
class Skin:
    """A skinned prim and its skeleton. Edits of either's properties need another."""

    prim: Usd.Prim
    bones: Usd.Prim
    """The skeleton that is this prim's own. USD's queries are shared by instances, and name the first one's prims."""
    query: UsdSkel.SkinningQuery
    skeleton: UsdSkel.SkeletonQuery

    def pose(self, time: Usd.TimeCode) -> Pose:
        """Return the deformation at `time`."""
        return Pose(self, time)

    @cached_property
    def is_animated(self) -> bool:
        """Whether the deformation may differ from one time to another."""
        animation = self.skeleton.GetAnimQuery()
        varying = animation and (
            animation.JointTransformsMightBeTimeVarying() or animation.BlendShapeWeightsMightBeTimeVarying()
        )
        # Only what is above one of the two and not the other changes how they lie to each other.
        own, bones = _lineage(self.prim), _lineage(self.bones)
        apart = [prim for path, prim in (own | bones).items() if (path in own) != (path in bones)]
        return bool(varying) or any(UsdGeom.Xformable(p).TransformMightBeTimeVarying() for p in apart if p)

    def is_touched_by(self, moved: Iterable[str], reshaped: Iterable[str]) -> bool:
        """Whether edits at these paths concern the deformation: of the rig, or of one of the two's transforms."""
        own, bones = _paths(self.prim), _paths(self.bones)
        return any(
            path in self._sources or any(_is_within(each, path) for each in (*own, *bones)) for path in reshaped
        ) or any(_is_within(a, path) != _is_within(b, path) for path in moved for a, b in zip(own, bones, strict=True))

    @cached_property
    def _sources(self) -> set[str]:
        animation = self.skeleton.GetAnimQuery()
        shapes = UsdSkel.BindingAPI(self.prim).GetBlendShapeTargetsRel().GetForwardedTargets()
        prims = [animation.GetPrim() if animation else None, *map(self.prim.GetStage().GetPrimAtPath, shapes)]
        return {path for prim in prims if prim for path in _paths(prim)}


@dataclass(frozen=True, eq=False)
class Pose:
    """A skin at a time: points as authored in, points in the prim's own frame out."""

    skin: Skin
    time: Usd.TimeCode

    @cached_property
    def _joints(self) -> Vt.Matrix4dArray:
        return self.skin.skeleton.ComputeSkinningTransforms(self.time)

    @cached_property
    def _to_prim(self) -> NDArray[np.float64]:
        """(4, 4) skeleton to prim: UsdSkel poses in the skeleton's frame, wherever the prim itself stands."""
        cache = UsdGeom.XformCache(self.time)
        bones = cache.GetLocalToWorldTransform(self.skin.bones)
        return np.array(bones * cache.GetLocalToWorldTransform(self.skin.prim).GetInverse())

    def points(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, 3) points with blend shapes added, then skinned: linear blend or dual quaternions, as authored.

        If the influences do not fit the points that is logged, and they stay where they are.
        """
        query = self.skin.query
        moved = points + self._offsets(len(points), normals=False)
        if not query.HasJointInfluences():
            return moved.astype(np.float32)
        skinned = Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(moved, np.float32))
        if not self._fits(len(points)) or not query.ComputeSkinnedPoints(self._joints, skinned, self.time):
            _log.warning(
                "%s: its joint influences do not fit its %s points; not skinned", self.skin.prim.GetPath(), len(points)
            )
            return points
        matrix = self._to_prim
        return (np.array(skinned, np.float64) @ matrix[:3, :3] + matrix[3, :3]).astype(np.float32)

    def normals(self, normals: pv.Values | None, indices: NDArray[np.int64]) -> pv.Values | None:
        """Return normals turned along; indices (c,) are the points at face corners.

        Those per face or for all at once cannot follow a bend: without them the faces' own are seen.
        """
        if normals is None or normals.interpolation in (pv.CONSTANT, pv.UNIFORM):
            return None
        by_corner = normals.interpolation == pv.FACE_VARYING
        place = indices if by_corner else np.arange(len(normals.values))
        count = int(place.max(initial=-1)) + 1
        moved = normals.values + self._offsets(count, normals=True)[place]
        return pv.Values(self._turned(moved.astype(np.float32), place, count), normals.interpolation)

    def moved(self, mesh: Mesh) -> Mesh:
        """Return a shape that one or more joints carry as a whole."""
        normals = mesh.normals
        if normals is not None:
            place = np.zeros(len(normals.values), np.int64)
            normals = Primvar(self._turned(normals.values, place, 1), normals.interpolation)
        return replace(mesh, points=self.points(mesh.points), normals=normals)

    def _fits(self, points: int) -> bool:
        query = self.skin.query
        return query.IsRigidlyDeformed() or len(query.ComputeJointInfluences(self.time)[1]) == (
            points * query.GetNumInfluencesPerComponent()
        )

    def _turned(self, normals: NDArray[np.float32], place: NDArray[np.int64], count: int) -> NDArray[np.float32]:
        """Return normals (n, 3) that stand at points `place` (n,) of `count`, turned by these' joints."""
        query = self.skin.query
        if not query.HasJointInfluences() or not len(normals) or not self._fits(count):
            return normals
        joints, weights = (np.array(a) for a in query.ComputeVaryingJointInfluences(count, self.time))
        width = len(weights) // count
        turned = Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(normals, np.float32))
        transforms = self._joints
        mapper = query.GetJointMapper()
        if mapper and not mapper.IsNull():
            transforms = mapper.RemapTransforms(transforms, Vt.Matrix4dArray())
        UsdSkel.SkinNormals(
            query.GetSkinningMethod(),
            _for_normals(query.GetGeomBindTransform(self.time)),
            Vt.Matrix3dArray([_for_normals(matrix) for matrix in transforms]),
            Vt.IntArray.FromNumpy(joints.reshape(count, width)[place].astype(np.int32).ravel()),
            Vt.FloatArray.FromNumpy(weights.reshape(count, width)[place].astype(np.float32).ravel()),
            width,
            turned,
        )
        result = np.array(turned, np.float64) @ np.linalg.inv(self._to_prim[:3, :3]).T
        return (result / np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-30)).astype(np.float32)

    def _offsets(self, count: int, *, normals: bool) -> NDArray[np.float32]:
        """Return (count, 3): what the blend shapes add to points or normals."""
        added = np.zeros((count, 3), np.float32)
        query, animation = self.skin.query, self.skin.skeleton.GetAnimQuery()
        if not query.HasBlendShapes() or not animation:
            return added
        weights = animation.ComputeBlendShapeWeights(self.time)
        mapper = query.GetBlendShapeMapper()
        if weights is None or not mapper:
            return added
        shapes = UsdSkel.BlendShapeQuery(UsdSkel.BindingAPI(self.skin.prim))
        parts = shapes.ComputeSubShapeWeights(mapper.Remap(weights))
        offsets = _normal_offsets(shapes) if normals else shapes.ComputeSubShapePointOffsets()
        sums = Vt.Vec3fArray.FromNumpy(added)
        shapes.ComputeDeformedPoints(*parts, shapes.ComputeBlendShapePointIndices(), offsets, sums)
        return np.array(sums, np.float32).reshape(-1, 3)


def _normal_offsets(shapes: UsdSkel.BlendShapeQuery) -> list[Vt.Vec3fArray]:
    found = []
    for index in range(shapes.GetNumSubShapes()):
        between = shapes.GetInbetween(index)
        shape = shapes.GetBlendShape(index)
        offsets = between.GetNormalOffsets() if between else shape.GetNormalOffsetsAttr().Get() if shape else None
        found.append(offsets or Vt.Vec3fArray())
    return found


def _for_normals(matrix: Gf.Matrix4d) -> Gf.Matrix3d:
    return matrix.ExtractRotationMatrix().GetInverse().GetTranspose()


def _lineage(prim: Usd.Prim) -> dict[str, Usd.Prim]:
    found = {}
    while prim and not prim.IsPseudoRoot():
        found[str(prim.GetPath())] = prim
        prim = prim.GetParent()
    return found


def _paths(prim: Usd.Prim) -> tuple[str, str]:
    """Return a prim's path and that of the prim that edits of it are reported for."""
    source = prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim
    return str(prim.GetPath()), str(source.GetPath())


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")
