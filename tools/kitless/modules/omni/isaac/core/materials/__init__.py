"""The old name of isaacsim.core.api.materials."""

from isaacsim.core.api.materials import *  # noqa: F403
from isaacsim.core.api.materials import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
