"""Functions for arrays of numpy: what a World's ``backend_utils`` is."""

from isaacsim.core.utils.numpy.rotations import *  # noqa: F403
from isaacsim.core.utils.numpy.rotations import __all__ as __all__
from kitless.absent import absent

__getattr__ = absent(__name__)
