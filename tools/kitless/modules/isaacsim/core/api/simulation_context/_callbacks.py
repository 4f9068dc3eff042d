"""Named callbacks of a simulation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import omni.kit.app
import omni.timeline
import omni.usd
from carb.eventdispatcher import get_eventdispatcher
from isaacsim.core._clock import clock

Callback: TypeAlias = Callable[..., Any]


class Callbacks:
    """Functions by name, for one kind of event. A second one of a name replaces the first."""

    def __init__(self) -> None:
        self.functions: dict[str, Callback] = {}

    def add(self, name: str, function: Callback) -> None:
        """Call a function from now on."""
        self.functions[name] = function

    def remove(self, name: str) -> None:
        """Call the function of that name no more."""
        self.functions.pop(name, None)

    def exists(self, name: str) -> bool:
        """Return whether there is a function of that name."""
        return name in self.functions

    def clear(self) -> None:
        """Call none of the functions any more."""
        self.functions.clear()

    def call(self, argument: Any) -> None:
        """Call the functions."""
        for function in list(self.functions.values()):
            function(argument)


class AllCallbacks:
    """The callbacks of a simulation, from its birth to ``close()``.

    Physics ones get the step's seconds, render, stage and timeline ones the event.
    """

    def __init__(self) -> None:
        self.physics, self.render, self.stage, self.timeline = (Callbacks() for _ in range(4))
        clock().before[self] = self.physics.call
        self._subscriptions = [
            get_eventdispatcher().observe_event(
                event_name=omni.kit.app.GLOBAL_EVENT_POST_UPDATE, on_event=self.render.call, observer_name=__name__
            ),
            omni.usd.get_context().get_stage_event_stream().create_subscription_to_pop(self.stage.call),
            omni.timeline.get_timeline_interface()
            .get_timeline_event_stream()
            .create_subscription_to_pop(self.timeline.call),
        ]

    def clear(self) -> None:
        """Call no function any more."""
        for kind in (self.physics, self.render, self.stage, self.timeline):
            kind.clear()

    def close(self) -> None:
        """Stop observing the app."""
        self.clear()
        clock().before.pop(self, None)
        self._subscriptions.clear()
