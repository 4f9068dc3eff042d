"""A subscription to a setting that ends with the object."""

from __future__ import annotations

from carb.settings import ChangeFn, get_settings


class SettingChangeSubscription:
    """Calls ``on_change(item, change type)`` when the setting at ``path`` changes, as long as it is held."""

    def __init__(self, path: str, on_change: ChangeFn) -> None:
        self._settings = get_settings()
        self._id = self._settings.subscribe_to_node_change_events(path, on_change)

    def __del__(self) -> None:
        self._settings.unsubscribe_to_change_events(self._id)
