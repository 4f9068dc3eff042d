"""What has to hold in any Kit.

``kit/test_ext.sh simslate.carla --ext-folder exts`` runs it in a Kit, and the project's own tests do in kitless.
"""

from .test_world import TestWorld

__all__ = ["TestWorld"]
