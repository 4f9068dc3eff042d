"""The old name of isaacsim.core.api.objects.cylinder."""

from isaacsim.core.api.objects.cylinder import *  # noqa: F403
from isaacsim.core.api.objects.cylinder import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
