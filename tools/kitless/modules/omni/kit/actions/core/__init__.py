"""Actions: functions of extensions by name, for menus, hotkeys and scripts."""

from __future__ import annotations

from typing import Any

from kitless.absent import absent
from kitless.services import service
from omni.kit.actions.core._action import Action
from omni.kit.actions.core._registry import IActionRegistry

__all__ = ["Action", "IActionRegistry", "execute_action", "get_action_registry"]


def get_action_registry() -> IActionRegistry:
    """Return the registry of all actions."""
    return service(IActionRegistry)


def execute_action(extension_id: str, action_id: str, *args: Any, **kwargs: Any) -> Any:
    """Do an action and return what it returns, see `IActionRegistry.execute_action`."""
    return service(IActionRegistry).execute_action(extension_id, action_id, *args, **kwargs)


__getattr__ = absent(__name__)
