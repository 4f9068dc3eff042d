"""The old name of isaacsim.core.api.physics_context."""

from isaacsim.core.api.physics_context import *  # noqa: F403
from isaacsim.core.api.physics_context import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
