"""The old name of isaacsim.core.utils.nucleus."""

from isaacsim.core.utils.nucleus import *  # noqa: F403
from isaacsim.core.utils.nucleus import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
