"""The old name of isaacsim.core.utils.extensions."""

from isaacsim.core.utils.extensions import *  # noqa: F403
from isaacsim.core.utils.extensions import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
