"""The old name of isaacsim.core.utils.rotations."""

from isaacsim.core.utils.rotations import *  # noqa: F403
from isaacsim.core.utils.rotations import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
