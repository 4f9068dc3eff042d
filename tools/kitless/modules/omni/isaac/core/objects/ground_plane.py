"""The old name of isaacsim.core.api.objects.ground_plane."""

from isaacsim.core.api.objects.ground_plane import *  # noqa: F403
from isaacsim.core.api.objects.ground_plane import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
