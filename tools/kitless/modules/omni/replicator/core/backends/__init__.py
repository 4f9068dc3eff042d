"""Backends: where writers' files go."""

from .base import BackendError, BaseBackend
from .disk import DiskBackend
from .group import BackendDispatch, BackendGroup
from .registry import BackendRegistry, get
from .s3 import S3Backend

__all__ = [
    "BackendDispatch",
    "BackendError",
    "BackendGroup",
    "BackendRegistry",
    "BaseBackend",
    "DiskBackend",
    "S3Backend",
    "get",
]
