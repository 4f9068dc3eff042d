"""The old name of isaacsim.core.api.world."""

from isaacsim.core.api.world import *  # noqa: F403
from isaacsim.core.api.world import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
