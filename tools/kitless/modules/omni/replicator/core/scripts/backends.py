"""``omni.replicator.core.backends`` by its older path."""

from ..backends import BackendDispatch, BackendError, BackendGroup, BackendRegistry, BaseBackend, DiskBackend, get

__all__ = ["BackendDispatch", "BackendError", "BackendGroup", "BackendRegistry", "BaseBackend", "DiskBackend", "get"]
