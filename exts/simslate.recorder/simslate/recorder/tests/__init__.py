"""What has to hold in any Kit: ``kit/test_ext.sh simslate.recorder --ext-folder exts`` runs it, and so does the project."""

from .test_recording import TestRecording

__all__ = ["TestRecording"]
