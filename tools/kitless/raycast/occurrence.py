"""Occurrence: the changing record behind one Instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from pxr import UsdGeom

from kitless.raycast.gprims import read_mesh

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pxr import Sdf, Usd

    from kitless.raycast.embree import Device
    from kitless.raycast.mesh import Mesh
    from kitless.raycast.scan import Gprim
    from kitless.raycast.store import MeshStore, Stored


@dataclass(frozen=True, eq=False)
class Instance:
    """One gprim that can be hit, at the time of the scene's last update."""

    path: Sdf.Path
    """Below an instance root: the instance proxy's path."""
    prim: Usd.Prim
    transform: NDArray[np.float64]
    """(4, 4) float64 local to world, row vectors: p_world = p_local @ transform."""
    mesh: Mesh
    """Shared by all instances with the same geometry."""


@dataclass(eq=False)
class Occurrence:
    """A gprim's place in the top scene. Nothing to hit: no slot."""

    gprim: Gprim
    transform: NDArray[np.float64] = field(default_factory=lambda: np.eye(4))
    inverse: NDArray[np.float64] | None = None
    """World to local; None while the transform is singular, when nothing is drawn."""
    visible: bool = True
    stored: Stored | None = None
    geometry: int = 0
    slot: int = -1
    colour: NDArray[np.float32] | None = None
    """(1, 3) linear display colour inherited from an ancestor, if the mesh has none."""
    material: int = -1
    """Position in the scene's materials."""
    instance: Instance | None = None
    """What Scene.instances shows; made anew when something of it changes."""
    is_new: bool = True
    """Until its geometry is first read."""

    @property
    def is_drawn(self) -> bool:
        """Whether a ray can hit it now."""
        return self.visible and self.stored is not None and self.inverse is not None

    def place(self, cache: UsdGeom.XformCache) -> None:
        """Read the transform."""
        self.transform = np.array(cache.GetLocalToWorldTransform(self.gprim.prim))
        self.inverse = _inverse(self.transform)
        self.instance = None

    def show(self, time: Usd.TimeCode) -> None:
        """Read the visibility."""
        self.visible = UsdGeom.Imageable(self.gprim.prim).ComputeVisibility(time) != UsdGeom.Tokens.invisible

    def shape(self, time: Usd.TimeCode, store: MeshStore) -> bool:
        """Read the geometry; return whether it is another than before."""
        mesh = read_mesh(self.gprim.prim, time)
        before, self.stored = self.stored, None if mesh.is_empty else store.take(mesh)
        if before is not None:
            store.give_back(before)
        self.is_new = False
        if before is self.stored:
            return False
        self.instance = None
        return True

    def drop(self, store: MeshStore) -> None:
        """Give the geometry back."""
        if self.stored is not None:
            store.give_back(self.stored)
            self.stored = None

    def enter(self, device: Device, top: int) -> None:
        """Stand in the top scene with the present geometry."""
        assert self.stored is not None
        self.geometry = device.instance(self.stored.scene)
        self.slot = device.attach(top, self.geometry)

    def leave(self, device: Device, top: int) -> None:
        """Leave the top scene."""
        if self.slot >= 0:
            device.detach(top, self.slot)
            device.release_geometry(self.geometry)
            self.slot, self.geometry = -1, 0

    def current(self) -> Instance:
        """Return the Instance that shows this."""
        if self.instance is None:
            assert self.stored is not None
            prim = self.gprim.prim
            self.instance = Instance(prim.GetPath(), prim, self.transform, self.stored.mesh)
        return self.instance


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
    size = np.linalg.norm(matrix[:3, :3], axis=1)
    flat = abs(np.linalg.det(matrix[:3, :3])) <= 1e-12 * max(size.prod(), 1e-300)
    return None if flat or not np.isfinite(matrix).all() else np.linalg.inv(matrix).astype(np.float64)
