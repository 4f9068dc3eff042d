"""What has to hold in any Kit: ``kit/test_ext.sh simslate.window --ext-folder exts`` runs it, and so does the project."""

from .test_window import TestWindow

__all__ = ["TestWindow"]
