"""The old name of isaacsim.core.utils.carb."""

from isaacsim.core.utils.carb import *  # noqa: F403
from isaacsim.core.utils.carb import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
