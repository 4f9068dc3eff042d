"""Backends: where writers' files go."""

from .base import BackendError, BaseBackend
from .disk import DiskBackend
from .group import BackendDispatch, BackendGroup
from .registry import BackendRegistry, get

__all__ = ["BackendDispatch", "BackendError", "BackendGroup", "BackendRegistry", "BaseBackend", "DiskBackend", "get"]
