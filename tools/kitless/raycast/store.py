"""MeshStore: one search tree per distinct geometry, however often it stands on the stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kitless.raycast.embree import Device
    from kitless.raycast.mesh import Mesh


@dataclass(eq=False)
class Stored:
    """A mesh and its Embree scene."""

    mesh: Mesh
    scene: int
    users: int = 0


class MeshStore:
    """Builds on first use, releases after the last."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._stored: dict[bytes, Stored] = {}

    def take(self, mesh: Mesh) -> Stored:
        """Return the stored twin of a mesh that is not empty; each take needs one give_back."""
        stored = self._stored.get(mesh.digest)
        if stored is None:
            stored = Stored(mesh, self._build(mesh))
            self._stored[mesh.digest] = stored
        stored.users += 1
        return stored

    def give_back(self, stored: Stored) -> None:
        """Forget one use."""
        stored.users -= 1
        if not stored.users:
            del self._stored[stored.mesh.digest]
            self._device.release_scene(stored.scene)

    def _build(self, mesh: Mesh) -> int:
        if len(mesh.radii):
            return self._device.round_scene(mesh.points, mesh.radii, mesh.triangles[:, :2])
        return self._device.triangle_scene(mesh.points, mesh.triangles)
