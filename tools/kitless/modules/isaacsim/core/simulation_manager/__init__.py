"""The state of the simulation for all that take part: time, steps and callbacks."""

from isaacsim.core.simulation_manager._events import IsaacEvents, SimulationEvent
from isaacsim.core.simulation_manager._simulation_manager import SimulationManager
from kitless.absent import Missing, absent

PhysicsScene = Missing("isaacsim.core.simulation_manager.PhysicsScene")
PhysxScene = Missing("isaacsim.core.simulation_manager.PhysxScene")

__all__ = ["IsaacEvents", "PhysicsScene", "PhysxScene", "SimulationEvent", "SimulationManager"]

__getattr__ = absent(__name__)
