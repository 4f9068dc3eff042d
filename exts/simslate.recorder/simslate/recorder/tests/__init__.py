"""What has to hold in any Kit.

``kit/test_ext.sh simslate.recorder --ext-folder exts`` runs it in a Kit, and the project's own tests do in kitless.
"""

from .test_recording import TestRecording

__all__ = ["TestRecording"]
