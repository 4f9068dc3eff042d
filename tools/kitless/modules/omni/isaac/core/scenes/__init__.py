"""The old name of isaacsim.core.api.scenes."""

from isaacsim.core.api.scenes import *  # noqa: F403
from isaacsim.core.api.scenes import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
