"""The old name of isaacsim.core.api.objects.cuboid."""

from isaacsim.core.api.objects.cuboid import *  # noqa: F403
from isaacsim.core.api.objects.cuboid import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
