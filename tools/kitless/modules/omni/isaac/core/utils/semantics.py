"""The old name of isaacsim.core.utils.semantics."""

from isaacsim.core.utils.semantics import *  # noqa: F403
from isaacsim.core.utils.semantics import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
