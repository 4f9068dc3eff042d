"""The old name of isaacsim.core.utils.xforms."""

from isaacsim.core.utils.xforms import *  # noqa: F403
from isaacsim.core.utils.xforms import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
