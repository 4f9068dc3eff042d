"""Objects of the stage by name."""

from isaacsim.core.api.scenes.scene import Scene
from kitless.absent import Missing, absent

SceneRegistry = Missing("isaacsim.core.api.scenes.SceneRegistry")

__all__ = ["Scene", "SceneRegistry"]

__getattr__ = absent(__name__)
