"""Commands for ``Client.apply_batch``, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .actors import Actor
from .blueprints import ActorBlueprint
from .errors import CarlaError
from .geometry import Transform

if TYPE_CHECKING:
    from .world import World


@dataclass(frozen=True)
class Response:
    """What became of one command."""

    actor_id: int = 0
    error: str = ""

    def has_error(self) -> bool:
        """Return whether it failed; ``error`` says why."""
        return bool(self.error)


@dataclass
class SpawnActor:
    """Spawn an actor."""

    blueprint: ActorBlueprint
    transform: Transform
    parent: Actor | None = None

    def apply(self, world: World) -> Response:
        """Do it."""
        try:
            return Response(world.spawn_actor(self.blueprint, self.transform, self.parent).id)
        except CarlaError as error:
            return Response(error=str(error))


@dataclass
class DestroyActor:
    """Destroy an actor, given itself or its id."""

    actor: Actor | int

    def apply(self, world: World) -> Response:
        """Do it."""
        number = self.actor if isinstance(self.actor, int) else self.actor.id
        found = world.get_actor(number)
        if found is None:
            return Response(number, f"no actor has the id {number}")
        found.destroy()
        return Response(number)
