"""Callbacks on what happens to extensions."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from carb._edge import LoggedErrors
from carb._subscribers import Registration, Subscribers
from kitless.absent import Partial
from omni.ext._manifest import get_extension_name


class ExtensionStateChangeType(enum.IntEnum):
    """What is happening to an extension."""

    BEFORE_EXTENSION_ENABLE = 0
    AFTER_EXTENSION_ENABLE = 1
    BEFORE_EXTENSION_DISABLE = 2
    AFTER_EXTENSION_DISABLE = 3


class IHookHolder(Registration):
    """A hook; ends when nobody holds it any more."""


class IExtensionManagerHooks(Partial):
    """Callbacks on what happens to extensions."""

    def __init__(self) -> None:
        self._subscribers = {change: Subscribers() for change in ExtensionStateChangeType}

    def create_extension_state_change_hook(
        self,
        fn: Callable[[str, ExtensionStateChangeType], Any],
        type: ExtensionStateChangeType,
        ext_name: str = "",
        ext_dict_path: str = "",
        order: int = 0,
        hook_name: str = "",
    ) -> IHookHolder:
        """Call ``fn(extension id, type)``, for extension ``ext_name`` alone if given, as long as the result is held.

        Raises NotImplementedError for ``ext_dict_path``.
        """
        if ext_dict_path:
            raise NotImplementedError("create_extension_state_change_hook: ext_dict_path is not in kitless yet")

        def only(ext_id: str, change: ExtensionStateChangeType) -> None:
            if not ext_name or get_extension_name(ext_id) == ext_name:
                fn(ext_id, change)

        return IHookHolder(self._subscribers[type], only, order, hook_name)

    def call(self, ext_id: str, change: ExtensionStateChangeType) -> None:
        """Call the hooks for ``change``; one that raises is logged."""
        for hook in self._subscribers[change]:
            with LoggedErrors(__name__, f"hook {hook.name!r} on {ext_id}"):
                hook._call(ext_id, change)
