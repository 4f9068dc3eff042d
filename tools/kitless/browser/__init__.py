"""The widgets, the stage and its picture in a browser on this machine. Needs NiceGUI, the extra ``browser``."""

from __future__ import annotations

import importlib.util

INSTALL = "pip install 'simslate[browser]'"


class BrowserMissingError(ImportError):
    """NiceGUI is not installed; the text says how to install it."""


def require_browser() -> None:
    """Raise BrowserMissingError where NiceGUI is not installed."""
    if importlib.util.find_spec("nicegui") is None:
        raise BrowserMissingError(f"the browser's view needs NiceGUI: {INSTALL}")
