"""The old name of isaacsim.core.api, with that of isaacsim.core.utils and isaacsim.core.prims in it."""

from isaacsim.core.api import PhysicsContext, SimulationContext, World
from kitless.absent import absent

old_extension_name = "omni.isaac.core"
new_extension_name = "isaacsim.core.api"

__all__ = ["PhysicsContext", "SimulationContext", "World", "new_extension_name", "old_extension_name"]

__getattr__ = absent(__name__)
