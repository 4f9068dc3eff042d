"""Rigs: the skeletons of what can be hit, posed in the world and seen by a camera."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pxr import Gf, UsdGeom

from kitless.raycast.trace import trace_places

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pxr import Usd, UsdSkel, Vt

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene
    from kitless.raycast.skinning import Skin

_CLEARLY_BEFORE = 1e-3
"""Share of the distance by which a surface has to be nearer than a joint in order to hide it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rig:
    """A skeleton at a time, in one place, with what it skins."""

    prim: Usd.Prim
    name: str
    """Unique: the path, followed by the ids of the point instance it stands in, if any."""
    query: UsdSkel.SkeletonQuery
    time: Usd.TimeCode
    to_world: NDArray[np.float64]
    """(4, 4) skeleton to world, row vectors."""
    body: list[int]
    """Positions in Scene.instances of what it skins."""

    @cached_property
    def joints(self) -> list[str]:
        """The joints' paths within the skeleton, parents first."""
        return [str(joint) for joint in self.query.GetJointOrder()]

    @cached_property
    def parents(self) -> NDArray[np.int32]:
        """(n,) each joint's parent; -1 for roots."""
        return np.array(self.query.GetTopology().GetParentIndices(), np.int32)

    def local(self, *, at_rest: bool = False) -> NDArray[np.float64]:
        """Return (n, 4, 4) joint to parent joint, of a root to the skeleton; row vectors."""
        return _matrices(self.query.ComputeJointLocalTransforms(self.time, at_rest))

    def world(self, *, at_rest: bool = False) -> NDArray[np.float64]:
        """Return (n, 4, 4) joint to world, row vectors."""
        return _matrices(self.query.ComputeJointSkelTransforms(self.time, at_rest)) @ self.to_world


@dataclass(frozen=True, eq=False)
class Sight:
    """A rig's joints as a camera sees them; one row per joint."""

    pixels: NDArray[np.float64]
    """(n, 2) pixel coordinates; NaN for joints that are not in front of the camera."""
    inside: NDArray[np.bool_]
    """(n,) within the frame and the clipping range."""
    hidden: NDArray[np.bool_]
    """(n,) inside, and behind something else than the rig's own body."""


def find_rigs(scene: Scene, time: Usd.TimeCode) -> list[Rig]:
    """Return the skeletons that skin something of a scene that was updated to `time`, in the order of their names."""
    cache = UsdGeom.XformCache(time)
    skins: dict[str, tuple[Skin, NDArray[np.float64]]] = {}
    bodies: dict[str, list[int]] = {}
    for copies, start in zip(scene.instances.copies, scene.instances.starts.tolist(), strict=False):
        skin = copies.roster.gprim.skin
        if skin is None:
            continue
        for index, ids in enumerate(copies.roster.ids.tolist()):
            name = "".join((str(skin.bones.GetPath()), *(f"[{number}]" for number in ids)))
            skins.setdefault(name, (skin, copies.transforms[index]))
            bodies.setdefault(name, []).append(start + index)
    rigs = []
    for name, (skin, transform) in sorted(skins.items(), key=lambda item: item[0]):
        # In a point instance prim and skeleton stand elsewhere, but to each other as in the prototype.
        there = np.linalg.inv(np.array(cache.GetLocalToWorldTransform(skin.prim))) @ transform
        to_world = np.array(cache.GetLocalToWorldTransform(skin.bones)) @ there
        rigs.append(
            Rig(prim=skin.bones, name=name, query=skin.skeleton, time=time, to_world=to_world, body=bodies[name])
        )
    return rigs


def look_at(rig: Rig, scene: Scene, camera: Camera) -> Sight:
    """Return which of a rig's joints a camera sees.

    A joint lies within its own body, which therefore never hides it; all else that a ray meets first does.
    """
    places = rig.world()[:, 3, :3]
    pixels, travels = camera.project(places)
    pixels = np.where(travels[:, None] > 0, pixels, np.nan)
    near, far = camera.clipping
    inside = (travels > near) & (travels < far) & (pixels >= 0).all(axis=1) & (pixels < camera.resolution).all(axis=1)
    hidden = np.zeros(len(places), bool)
    rows = np.flatnonzero(inside)
    if len(rows):
        hits = trace_places(scene, camera, pixels[rows].astype(np.float32), (len(rows),))
        other = (hits.instance >= 0) & ~np.isin(hits.instance, rig.body)
        hidden[rows] = other & (hits.travel < travels[rows] * (1 - _CLEARLY_BEFORE))
    return Sight(pixels, inside, hidden)


def rotations(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 4) unit quaternions (w, x, y, z) of the rotations in (n, 4, 4) matrices, scale and shear taken out."""
    found = [Gf.Matrix4d(matrix).RemoveScaleShear().ExtractRotationQuat() for matrix in matrices]
    return np.array([(q.GetReal(), *q.GetImaginary()) for q in found]).reshape(-1, 4)


def _matrices(values: Vt.Matrix4dArray | None) -> NDArray[np.float64]:
    return np.array(values if values else (), np.float64).reshape(-1, 4, 4)
