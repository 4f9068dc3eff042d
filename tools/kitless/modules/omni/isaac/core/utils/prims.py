"""The old name of isaacsim.core.utils.prims."""

from isaacsim.core.utils.prims import *  # noqa: F403
from isaacsim.core.utils.prims import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
