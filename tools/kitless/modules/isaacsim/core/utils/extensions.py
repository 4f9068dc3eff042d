"""Enabling extensions, and where they are."""

from __future__ import annotations

from isaacsim.core.experimental.utils.app import enable_extension as _enable
from kitless.absent import absent
from omni.kit.app import get_app

__all__ = [
    "disable_extension",
    "enable_extension",
    "get_extension_id",
    "get_extension_path",
    "get_extension_path_from_name",
]


def enable_extension(extension_name: str) -> bool:
    """Enable an extension; return whether that worked, the log says why it did not."""
    return _enable(extension_name)


def disable_extension(extension_name: str) -> bool:
    """Disable an extension; return whether it is disabled."""
    return _enable(extension_name, enabled=False)


def get_extension_id(extension_name: str) -> str | None:
    """Return an enabled extension's id, None when it is not enabled."""
    return get_app().get_extension_manager().get_enabled_extension_id(extension_name)


def get_extension_path(ext_id: str) -> str:
    """Return an extension's folder, empty when it is unknown."""
    return get_app().get_extension_manager().get_extension_path(ext_id)


def get_extension_path_from_name(extension_name: str) -> str:
    """Return the folder of an enabled extension, empty when it is not enabled."""
    ext_id = get_extension_id(extension_name)
    return get_extension_path(ext_id) if ext_id else ""


__getattr__ = absent(__name__)
