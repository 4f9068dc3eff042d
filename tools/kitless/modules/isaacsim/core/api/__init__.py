"""Worlds, objects and materials."""

from isaacsim.core.api import materials, objects, scenes, tasks
from isaacsim.core.api.physics_context import PhysicsContext
from isaacsim.core.api.simulation_context import SimulationContext
from isaacsim.core.api.world import World
from kitless.absent import Missing, absent

articulations = Missing("isaacsim.core.api.articulations")
controllers = Missing("isaacsim.core.api.controllers")
loggers = Missing("isaacsim.core.api.loggers")
robots = Missing("isaacsim.core.api.robots")
sensors = Missing("isaacsim.core.api.sensors")

__all__ = [
    "PhysicsContext",
    "SimulationContext",
    "World",
    "articulations",
    "controllers",
    "loggers",
    "materials",
    "objects",
    "robots",
    "scenes",
    "sensors",
    "tasks",
]

__getattr__ = absent(__name__)
