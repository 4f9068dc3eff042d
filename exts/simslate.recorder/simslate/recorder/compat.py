"""The one place that knows releases of Kit apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import carb.eventdispatcher
import omni.usd


def on_stage_closing(callback: Callable[[], None]) -> Callable[[], None]:
    """Call ``callback`` when the open stage is about to close, while it is still whole; return what ends that."""
    context = omni.usd.get_context()
    closing = omni.usd.StageEventType.CLOSING
    if hasattr(context, "stage_event_name"):
        guard = carb.eventdispatcher.get_eventdispatcher().observe_event(
            event_name=context.stage_event_name(closing),
            on_event=lambda _event: callback(),
            observer_name="simslate.recorder",
        )
        return guard.reset

    def on_event(event: Any) -> None:
        if event.type == int(closing):
            callback()

    # Kit 106 (Isaac Sim 4.5) has stage events on its event stream only.
    stream = context.get_stage_event_stream()
    subscription = stream.create_subscription_to_pop(on_event, name="simslate.recorder")
    return subscription.unsubscribe
