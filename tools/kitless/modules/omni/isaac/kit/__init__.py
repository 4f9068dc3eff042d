"""The old name of isaacsim.simulation_app."""

from isaacsim.simulation_app import AppFramework, SimulationApp
from kitless.absent import absent

old_extension_name = "omni.isaac.kit"
new_extension_name = "isaacsim.simulation_app"

__all__ = ["AppFramework", "SimulationApp", "new_extension_name", "old_extension_name"]

__getattr__ = absent(__name__)
