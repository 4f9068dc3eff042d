"""The old name of isaacsim.core.utils.bounds."""

from isaacsim.core.utils.bounds import *  # noqa: F403
from isaacsim.core.utils.bounds import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
