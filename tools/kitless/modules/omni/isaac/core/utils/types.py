"""The old name of isaacsim.core.utils.types."""

from isaacsim.core.utils.types import *  # noqa: F403
from isaacsim.core.utils.types import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
