"""The simulation: time, callbacks and resets."""

from isaacsim.core.api.simulation_context.simulation_context import SimulationContext

__all__ = ["SimulationContext"]
