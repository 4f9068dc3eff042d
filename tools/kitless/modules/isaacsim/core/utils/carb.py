"""Settings, by the names of Isaac Sim's helpers."""

from __future__ import annotations

from typing import Any

from carb.settings import ISettings
from kitless.absent import absent

__all__ = ["get_carb_setting", "set_carb_setting"]


def set_carb_setting(carb_settings: ISettings, setting: str, value: Any) -> None:
    """Set a setting."""
    carb_settings.set(setting, value)


def get_carb_setting(carb_settings: ISettings, setting: str) -> Any:
    """Return a setting, None when it is not set."""
    return carb_settings.get(setting)


__getattr__ = absent(__name__)
