"""The old name of isaacsim.core.api.tasks."""

from isaacsim.core.api.tasks import *  # noqa: F403
from isaacsim.core.api.tasks import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
