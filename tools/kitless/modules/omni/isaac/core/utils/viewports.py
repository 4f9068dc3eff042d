"""The old name of isaacsim.core.utils.viewports."""

from isaacsim.core.utils.viewports import *  # noqa: F403
from isaacsim.core.utils.viewports import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
