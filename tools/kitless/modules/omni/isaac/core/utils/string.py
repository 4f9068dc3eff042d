"""The old name of isaacsim.core.utils.string."""

from isaacsim.core.utils.string import *  # noqa: F403
from isaacsim.core.utils.string import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
