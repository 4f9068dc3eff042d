"""The one place that knows releases of Kit apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import carb.eventdispatcher
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


def _observe(event_name: str, callback: Callable[[], None]) -> Callable[[], None]:
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
