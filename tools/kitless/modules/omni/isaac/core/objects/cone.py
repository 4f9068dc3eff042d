"""The old name of isaacsim.core.api.objects.cone."""

from isaacsim.core.api.objects.cone import *  # noqa: F403
from isaacsim.core.api.objects.cone import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
