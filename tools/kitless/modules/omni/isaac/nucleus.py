"""The old name of isaacsim.storage.native.nucleus."""

from isaacsim.storage.native.nucleus import *  # noqa: F403
from isaacsim.storage.native.nucleus import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
