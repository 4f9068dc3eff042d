"""The start and the end of standalone programs."""

from isaacsim.simulation_app.simulation_app import SimulationApp
from kitless.absent import Missing, absent

AppFramework = Missing("isaacsim.simulation_app.AppFramework")

__all__ = ["AppFramework", "SimulationApp"]

__getattr__ = absent(__name__)
