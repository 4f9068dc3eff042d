"""A simulation with a scene and tasks."""

from isaacsim.core.api.world.world import World

__all__ = ["World"]
