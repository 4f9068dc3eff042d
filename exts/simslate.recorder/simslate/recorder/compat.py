"""The one place that knows releases apart: Isaac Sim 4.5 to 6.0, which are Kit 106.5 to 110, and what they may lack.

Nothing of the modules that were renamed in between (omni.isaac.* to isaacsim.*) is used, but for the class that starts
a standalone app, before any extension can be imported: see tools/kit_main.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import carb
import omni.kit.app
import omni.usd


def on_stage_closing(callback: Callable[[], None]) -> Callable[[], None]:
    """Call ``callback`` when the open stage is about to close, while it is still whole; return what ends that."""
    return on_stage_event(omni.usd.StageEventType.CLOSING, callback)


def on_stage_event(kind: omni.usd.StageEventType, callback: Callable[[], None]) -> Callable[[], None]:
    """Call ``callback`` at each stage event of that ``kind``; return what ends that."""
    context = omni.usd.get_context()
    if hasattr(context, "stage_event_name"):
        return _observe(context.stage_event_name(kind), callback)
    # Kit 106 (Isaac Sim 4.5) has events on streams only.
    return _listen(context.get_stage_event_stream(), kind, callback)


def on_update(callback: Callable[[], None]) -> Callable[[], None]:
    """Call ``callback`` at each update of the app; return what ends that."""
    if hasattr(omni.kit.app, "GLOBAL_EVENT_UPDATE"):
        return _observe(omni.kit.app.GLOBAL_EVENT_UPDATE, callback)
    return _listen(omni.kit.app.get_app().get_update_event_stream(), None, callback)


def menu_group() -> str:
    """Return the menu that Replicator's tools are in: a menu of its own up to Isaac Sim 4.2, which is Kit 106.1."""
    numbers = [int(part) for part in re.findall(r"\d+", omni.kit.app.get_app().get_kit_version())[:2]]
    return "Replicator" if numbers < [106, 5] else "Tools/Replicator"


def label_schema() -> str:
    """Return the schema of labels that the release's annotators read: "labels", or "legacy" up to Isaac Sim 4.5."""
    try:
        from pxr import UsdSemantics  # noqa: F401
    except ImportError:
        return "legacy"
    return "labels"


def viewport_camera() -> str:
    """Return the path of the active viewport's camera; "" in an app without viewports, which is told once."""
    try:
        from omni.kit.viewport.utility import get_active_viewport
    except ImportError:
        _tell_once("Without omni.kit.viewport.utility the viewport's camera cannot be followed; choose a camera")
        return ""
    viewport = get_active_viewport()
    return str(viewport.camera_path) if viewport is not None else ""


@cache
def _tell_once(text: str) -> None:
    carb.log_warn(text)


def _observe(event_name: str, callback: Callable[[], None]) -> Callable[[], None]:
    # Not at the top: Kit 106 need not have it.
    import carb.eventdispatcher

    guard = carb.eventdispatcher.get_eventdispatcher().observe_event(
        event_name=event_name, on_event=lambda _event: callback(), observer_name="simslate.recorder"
    )
    return guard.reset


def _listen(stream: Any, kind: Any, callback: Callable[[], None]) -> Callable[[], None]:
    """Call ``callback`` at events of that ``kind`` on a stream, at all for None."""

    def on_event(event: Any) -> None:
        if kind is None or event.type == int(kind):
            callback()

    subscription = stream.create_subscription_to_pop(on_event, name="simslate.recorder")
    return subscription.unsubscribe
