"""What is in the world: actors, each a prim on the stage."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pxr import Usd, UsdGeom

from .errors import CarlaError
from .geometry import BoundingBox, Location, Transform, Vector3D
from .poses import composed

if TYPE_CHECKING:
    from .world import World

_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
_DRIVING = ("apply_control", "enable_constant_velocity", "set_autopilot", "set_simulate_physics", "set_target_velocity")


class Actor:
    """Something spawned. Where it is, the stage knows; it moves only when it is told to."""

    def __init__(
        self, world: World, number: int, type_id: str, prim: Usd.Prim, attributes: Mapping[str, str] = _NO_ATTRIBUTES
    ) -> None:
        self._world = world
        self.id = number
        """Also the id of its pixels in instance segmentation."""
        self.type_id = type_id
        self.attributes = dict(attributes)
        self.prim = prim
        """Its prim. Not in CARLA."""
        self.parent: Actor | None = None
        """What it is attached to."""
        self.is_alive = True
        self.bounding_box = _bounds(prim, number)
        self._relative = Transform()

    @property
    def is_active(self) -> bool:
        """Whether it is simulated; there is no dormant actor here."""
        return self.is_alive

    def get_world(self) -> World:
        """Return the world that it is in."""
        return self._world

    def get_transform(self) -> Transform:
        """Return where it is in the world. CarlaError if it is destroyed."""
        return self._world.place.pose(self._prim())

    def get_location(self) -> Location:
        """Return where it is in the world, in metres. CarlaError if it is destroyed."""
        return self.get_transform().location

    def set_transform(self, transform: Transform) -> None:
        """Move it: in the world or, if it is attached, in the axes of its parent. CarlaError if it is destroyed."""
        self._relative = Transform(transform.location, transform.rotation)
        if self.parent is None:
            self._world.place.put(self._prim(), transform)
        else:
            self.follow()

    def attach(self, parent: Actor, relative: Transform) -> None:
        """Have it go along with ``parent``, being at ``relative`` in that one's axes. Not in CARLA."""
        self.parent = parent
        self.set_transform(relative)

    def follow(self) -> None:
        """Move to where its parent is now, if it has one. Not in CARLA."""
        if self.parent is not None and self.parent.is_alive:
            self._world.place.put(self._prim(), composed(self.parent.get_transform(), self._relative))

    def set_location(self, location: Location) -> None:
        """Move it as ``set_transform`` does, and keep its rotation."""
        kept = self.get_transform() if self.parent is None else self._relative
        self.set_transform(Transform(location, kept.rotation))

    def destroy(self) -> bool:
        """Take it off the stage; return False if it has been destroyed before. Its id is not given again."""
        if not self.is_alive:
            return False
        self.is_alive = False
        self._world.forget(self)
        return True

    def _prim(self) -> Usd.Prim:
        if not self.is_alive or not self.prim:
            raise CarlaError(f"{self} is destroyed")
        return self.prim

    def __getattr__(self, name: str) -> Any:
        if name in _DRIVING:
            raise CarlaError(f"{name}: nothing drives here, there is no traffic manager and no physics of vehicles")
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id}, type={self.type_id})"


class Vehicle(Actor):
    """A vehicle, which stands where it is put."""


class Walker(Actor):
    """A pedestrian, who stands where they are put."""


class ActorList:
    """Actors, in the order in which they were spawned."""

    def __init__(self, actors: Mapping[int, Actor]) -> None:
        self._actors = dict(actors)

    def find(self, actor_id: int) -> Actor | None:
        """Return the actor of an id, None if there is none."""
        return self._actors.get(actor_id)

    def filter(self, wildcard_pattern: str) -> ActorList:
        """Return those whose type matches, as ``vehicle.*``."""
        kept = {
            number: actor
            for number, actor in self._actors.items()
            if fnmatch.fnmatchcase(actor.type_id, wildcard_pattern)
        }
        return ActorList(kept)

    def __len__(self) -> int:
        return len(self._actors)

    def __iter__(self) -> Iterator[Actor]:
        return iter(list(self._actors.values()))

    def __getitem__(self, place: int) -> Actor:
        return list(self._actors.values())[place]

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self))}]"


def _bounds(prim: Usd.Prim, number: int) -> BoundingBox:
    """Return the box of a prim in its own axes, in metres; one of size 0 for what has no geometry."""
    cache = UsdGeom.BBoxCache(Usd.TimeCode.EarliestTime(), [UsdGeom.Tokens.default_, UsdGeom.Tokens.render])
    bound = cache.ComputeUntransformedBound(prim).ComputeAlignedRange()
    if bound.IsEmpty():
        box = BoundingBox(Location(), Vector3D())
    else:
        x, y, z = bound.GetMidpoint()
        half = bound.GetSize() / 2
        # The prim's y is to the left, CARLA's to the right.
        box = BoundingBox(Location(x, -y, z), Vector3D(*half))
    box.actor_id = number
    return box
