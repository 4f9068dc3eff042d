"""PointInstances: where the instances of point instancers stand, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pxr import UsdGeom

from kitless.raycast.errors import GeometryError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pxr import Usd

INSTANCER_ATTRIBUTES = frozenset(
    ("positions", "orientations", "orientationsf", "scales", "protoIndices", "ids", "invisibleIds")
)
"""Attributes that place instances. Velocities are for motion blur, which is not drawn."""


@dataclass(frozen=True)
class Link:
    """The step from a point instancer into one of its prototypes."""

    instancer: Usd.Prim
    root: Usd.Prim
    """The prototype's root."""
    index: int
    """The root's position among the instancer's prototypes."""


@dataclass(frozen=True, eq=False)
class Places:
    """Copies of one thing."""

    transforms: NDArray[np.float64]
    """(n, 4, 4) local to world, row vectors."""
    ids: NDArray[np.int64]
    """(n, depth) point instance ids, outermost instancer first."""


class PointInstances:
    """All places at one time; each instancer and prototype is read once."""

    def __init__(self, cache: UsdGeom.XformCache) -> None:
        self._cache = cache
        self._known: dict[tuple[Link, ...], Places] = {}

    def places(self, prim: Usd.Prim, chain: tuple[Link, ...]) -> Places:
        """Return where a prim is that is below the last link's root, or with no link on the stage itself.

        Raises GeometryError, naming the instancer and the attribute, if its arrays do not belong together.
        """
        if not chain:
            there = np.array(self._cache.GetLocalToWorldTransform(prim))
            return Places(there[None], np.empty((1, 0), np.int64))
        if chain not in self._known:
            self._known[chain] = self._roots(chain)
        roots = self._known[chain]
        root = chain[-1].root
        if prim == root:
            return roots
        within = np.array(self._cache.ComputeRelativeTransform(prim, root)[0])
        return Places(within @ roots.transforms, roots.ids)

    def _roots(self, chain: tuple[Link, ...]) -> Places:
        link, outside = chain[-1], self.places(chain[-1].instancer, chain[:-1])
        transforms, ids = _read(link, self._cache.GetTime())
        own = np.array(self._cache.GetLocalTransformation(link.root)[0])
        # Every outer place holds all the inner ones.
        every = (own @ transforms)[None] @ outside.transforms[:, None]
        outer = np.repeat(outside.ids, len(ids), axis=0)
        return Places(every.reshape(-1, 4, 4), np.column_stack([outer, np.tile(ids, len(outside.ids))]))


def _read(link: Link, time: Usd.TimeCode) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return transforms (n, 4, 4) in the instancer's frame and ids (n,) of the live instances of a prototype."""
    instancer = UsdGeom.PointInstancer(link.instancer)
    prototypes = _array(instancer.GetProtoIndicesAttr(), time, np.int64)
    ids = _ids(instancer, len(prototypes), time)
    chosen = prototypes == link.index
    hidden = [*(instancer.GetInvisibleIdsAttr().Get(time) or ()), *_inactive(link.instancer)]
    if hidden:
        chosen &= ~np.isin(ids, hidden)
    count = len(prototypes)
    transforms = np.zeros((int(chosen.sum()), 4, 4))
    transforms[:, 3, 3] = 1
    transforms[:, :3, :3] = _rotations(_values(instancer, ("orientationsf", "orientations"), count, time)[chosen])
    transforms[:, :3, :3] *= _values(instancer, ("scales",), count, time)[chosen][:, :, None]
    transforms[:, 3, :3] = _values(instancer, ("positions",), count, time)[chosen]
    return transforms, ids[chosen]


def _inactive(prim: Usd.Prim) -> list[int]:
    operation = prim.GetMetadata("inactiveIds")
    return list(operation.GetAppliedItems()) if operation else []


def _ids(instancer: UsdGeom.PointInstancer, count: int, time: Usd.TimeCode) -> NDArray[np.int64]:
    ids = _array(instancer.GetIdsAttr(), time, np.int64)
    if not len(ids):
        return np.arange(count)
    if len(ids) != count or len(np.unique(ids)) != count:
        raise GeometryError(
            f"{instancer.GetPath()}.ids has {len(np.unique(ids))} different values for {count} instances"
        )
    return ids


_DEFAULTS = {"positions": (0, 0, 0), "scales": (1, 1, 1), "orientations": (0, 0, 0, 1)}


def _values(
    instancer: UsdGeom.PointInstancer, names: tuple[str, ...], count: int, time: Usd.TimeCode
) -> NDArray[np.float64]:
    """Return the first of some attributes that has a value, (count, 3 or 4); quaternions as (x, y, z, w)."""
    for name in names:
        values = _array(instancer.GetPrim().GetAttribute(name), time, np.float64)
        if len(values) == count:
            return values
        if len(values):
            raise GeometryError(f"{instancer.GetPath()}.{name} has {len(values)} values for {count} instances")
    return np.tile(np.array(_DEFAULTS[names[-1]], np.float64), (count, 1))


def _array(attribute: Usd.Attribute, time: Usd.TimeCode, kind: Any) -> NDArray[Any]:
    value = attribute.Get(time) if attribute else None
    return np.asarray(value if value is not None else (), kind)


def _rotations(quaternions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 3, 3) for row vectors, of quaternions (n, 4) as (x, y, z, w); a zero one turns nothing.

    The usual matrix of a unit quaternion (Shoemake 1985, Animating rotation with quaternion curves), transposed.
    """
    length = np.linalg.norm(quaternions, axis=1, keepdims=True)
    x, y, z, w = np.where(length > 0, quaternions / np.where(length > 0, length, 1), (0, 0, 0, 1)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
        [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
        [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.array(rows).transpose(2, 0, 1)
