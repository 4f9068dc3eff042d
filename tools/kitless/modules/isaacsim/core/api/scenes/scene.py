"""The objects that a simulation knows by name and resets."""

from __future__ import annotations

from typing import Any

from pxr import Usd

from isaacsim.core import _edits
from isaacsim.core._current import current_stage
from isaacsim.core._poses import Array
from isaacsim.core.api.objects import GroundPlane
from isaacsim.core.api.objects._shape import new_physics_material
from isaacsim.core.prims._single_xform import Numbers
from isaacsim.core.utils.bounds import compute_combined_aabb, create_bbox_cache
from kitless.absent import Partial

__all__ = ["Scene"]


class Scene(Partial):
    """Objects by name: what has ``name``, ``initialize`` and ``post_reset``, as those of isaacsim.core.prims do."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}
        self._has_bounds = False

    @property
    def stage(self) -> Usd.Stage:
        """The stage."""
        return current_stage()

    def add(self, obj: Any) -> Any:
        """Add an object and return it.

        Raises ValueError when there is one of that name already, TypeError for what cannot be reset.
        """
        if not all(hasattr(obj, each) for each in ("name", "initialize", "post_reset")):
            raise TypeError(f"{obj!r} has no name, initialize and post_reset: it cannot be in a scene")
        if obj.name in self._objects:
            raise ValueError(f"there is an object {obj.name!r} in the scene already")
        self._objects[obj.name] = obj
        return obj

    def get_object(self, name: str) -> Any:
        """Return the object of that name, None when there is none."""
        return self._objects.get(name)

    def object_exists(self, name: str) -> bool:
        """Return whether there is an object of that name."""
        return name in self._objects

    def remove_object(self, name: str, registry_only: bool = False) -> None:
        """Forget an object and, unless ``registry_only``, delete its prims.

        Raises ValueError when there is none of that name.
        """
        if name not in self._objects:
            raise ValueError(f"no object {name!r} in the scene; there are {', '.join(sorted(self._objects)) or 'none'}")
        obj = self._objects.pop(name)
        if not registry_only:
            for path in _paths(obj):
                _edits.delete(path)

    def clear(self, registry_only: bool = False) -> None:
        """Forget all objects and, unless ``registry_only``, delete their prims."""
        for name in list(self._objects):
            self.remove_object(name, registry_only)

    def post_reset(self) -> None:
        """Bring back the default state of all objects."""
        for obj in self._objects.values():
            obj.initialize(None)
            obj.post_reset()

    def add_ground_plane(
        self,
        size: float | None = None,
        z_position: float = 0,
        name: str = "ground_plane",
        prim_path: str = "/World/groundPlane",
        static_friction: float = 0.5,
        dynamic_friction: float = 0.5,
        restitution: float = 0.8,
        color: Numbers = None,
    ) -> GroundPlane:
        """Make a plane, add it and return it; raises ValueError when there is an object of that name already."""
        if self.object_exists(name):
            raise ValueError(f"there is an object {name!r} in the scene already")
        material = new_physics_material(static_friction, dynamic_friction, restitution)
        plane = GroundPlane(prim_path, name, size, z_position, color=color, physics_material=material)
        return self.add(plane)

    def add_default_ground_plane(
        self,
        z_position: float = 0,
        name: str = "default_ground_plane",
        prim_path: str = "/World/defaultGroundPlane",
        static_friction: float = 0.5,
        dynamic_friction: float = 0.5,
        restitution: float = 0.8,
    ) -> GroundPlane:
        """Make a plain grey plane, where Isaac Sim takes an asset with a grid, add it and return it."""
        friction = (static_friction, dynamic_friction, restitution)
        return self.add_ground_plane(None, z_position, name, prim_path, *friction)

    def enable_bounding_boxes_computations(self) -> None:
        """Let compute_object_AABB be called."""
        self._has_bounds = True

    def disable_bounding_boxes_computations(self) -> None:
        """Let compute_object_AABB not be called."""
        self._has_bounds = False

    def compute_object_AABB(self, name: str) -> tuple[Array, Array]:
        """Return the least and greatest corner (3,) of an object's box in the world.

        Raises RuntimeError when the computations are not enabled, ValueError when there is no object of that name.
        """
        if not self._has_bounds:
            raise RuntimeError("enable_bounding_boxes_computations() has to be called first")
        if name not in self._objects:
            raise ValueError(f"no object {name!r} in the scene; there are {', '.join(sorted(self._objects)) or 'none'}")
        box = compute_combined_aabb(create_bbox_cache(), _paths(self._objects[name]))
        return box[:3], box[3:]


def _paths(obj: Any) -> list[str]:
    return list(obj.prim_paths) if hasattr(obj, "prim_paths") else [obj.prim_path]
