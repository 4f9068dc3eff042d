"""The registry of actions."""

from __future__ import annotations

from typing import Any

import carb
from kitless.absent import Partial
from omni.kit.actions.core._action import Action


class IActionRegistry(Partial):
    """All actions by extension and id."""

    def __init__(self) -> None:
        self._actions: dict[tuple[str, str], Action] = {}

    def register_action(self, *args: Any, **kwargs: Any) -> Action:
        """Register an `Action`, or one made of an Action's arguments, and return it.

        It takes the place of one with the same ids, with a warning in the log.
        """
        given = args[0] if args and isinstance(args[0], Action) else kwargs.pop("action", None)
        action = Action(*args, **kwargs) if given is None else given
        key = (action.extension_id, action.id)
        if key in self._actions:
            carb.log_warn(f"Action {action.id} of {action.extension_id} is registered again; the new one counts")
        self._actions[key] = action
        return action

    def deregister_action(self, *args: Any, invalidate: bool = True, **kwargs: Any) -> Action | None:
        """Take off an action, given itself or by extension and id; return it, None when there was none."""
        given = args[0] if args and isinstance(args[0], Action) else kwargs.get("action")
        if given is not None:
            return self._remove((given.extension_id, given.id), args[1] if len(args) > 1 else invalidate)
        ids = [*args[:2], *(kwargs[name] for name in ("extension_id", "action_id")[len(args[:2]) :])]
        return self._remove((ids[0], ids[1]), args[2] if len(args) > 2 else invalidate)

    def deregister_all_actions_for_extension(self, extension_id: str, invalidate: bool = True) -> None:
        """Take off all actions of an extension."""
        for action in self.get_all_actions_for_extension(extension_id):
            self._remove((action.extension_id, action.id), invalidate)

    def _remove(self, key: tuple[str, str], invalidate: bool) -> Action | None:
        action = self._actions.pop(key, None)
        if action is not None and invalidate:
            action.invalidate()
        return action

    def get_action(self, extension_id: str, action_id: str) -> Action | None:
        """Return an action, None when there is none."""
        return self._actions.get((extension_id, action_id))

    def get_all_actions(self) -> list[Action]:
        """Return all actions in the order of their registering."""
        return list(self._actions.values())

    def get_all_actions_for_extension(self, extension_id: str) -> list[Action]:
        """Return the actions of an extension."""
        return [action for action in self._actions.values() if action.extension_id == extension_id]

    def execute_action(self, extension_id: str, action_id: str, *args: Any, **kwargs: Any) -> Any:
        """Do an action and return what it returns; an unknown one is a warning in the log and returns None.

        What the action raises is raised.
        """
        action = self.get_action(extension_id, action_id)
        if action is None:
            carb.log_warn(f"There is no action {action_id} of {extension_id}")
            return None
        return action.execute(*args, **kwargs)
