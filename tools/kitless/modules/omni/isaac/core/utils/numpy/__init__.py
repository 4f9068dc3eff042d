"""The old name of isaacsim.core.utils.numpy."""

from isaacsim.core.utils.numpy import *  # noqa: F403
from isaacsim.core.utils.numpy import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
