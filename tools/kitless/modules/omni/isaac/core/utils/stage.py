"""The old name of isaacsim.core.utils.stage."""

from isaacsim.core.utils.stage import *  # noqa: F403
from isaacsim.core.utils.stage import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
