"""The old name of isaacsim.core.api.objects.sphere."""

from isaacsim.core.api.objects.sphere import *  # noqa: F403
from isaacsim.core.api.objects.sphere import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
