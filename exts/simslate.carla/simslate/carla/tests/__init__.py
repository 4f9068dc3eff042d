"""What has to hold in any Kit: ``kit/test_ext.sh simslate.carla --ext-folder exts`` runs it, and so does the project."""

from .test_world import TestWorld

__all__ = ["TestWorld"]
