"""What happens to the open stage, for the parts of the page that draw it: opened, closed, edited, selected, timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pxr import Tf, Usd

import omni.timeline
import omni.usd
from carb.eventdispatcher import get_eventdispatcher
from omni.usd import StageEventType


class StageEvents:
    """Calls ``opened()``, ``edited(notice)``, ``selected()`` and ``timed()`` until closed."""

    def __init__(
        self,
        *,
        opened: Callable[[], Any],
        edited: Callable[[Usd.Notice.ObjectsChanged], Any],
        selected: Callable[[], Any] = lambda: None,
        timed: Callable[[], Any] = lambda: None,
    ) -> None:
        self._context = omni.usd.get_context()
        self._opened, self._edited = opened, edited
        self._listener: Any = None
        self._observers = [
            *(self._observe(kind, self._on_opened) for kind in (StageEventType.OPENED, StageEventType.CLOSED)),
            self._observe(StageEventType.SELECTION_CHANGED, selected),
            _observe(omni.timeline.GLOBAL_EVENT_CURRENT_TIME_TICKED, timed),
        ]
        self._listen()

    def close(self) -> None:
        """Stop listening."""
        for observer in self._observers:
            observer.reset()
        if self._listener is not None:
            self._listener.Revoke()
            self._listener = None

    def _observe(self, kind: StageEventType, on_event: Callable[[], Any]) -> Any:
        return _observe(self._context.stage_event_name(kind), on_event)

    def _on_opened(self) -> None:
        self._listen()
        self._opened()

    def _listen(self) -> None:
        stage = self._context.get_stage()
        if self._listener is not None:
            self._listener.Revoke()
        self._listener = None
        if stage is not None:
            self._listener = Tf.Notice.Register(
                Usd.Notice.ObjectsChanged, lambda notice, _: self._edited(notice), stage
            )


def _observe(name: str, on_event: Callable[[], Any]) -> Any:
    return get_eventdispatcher().observe_event(
        event_name=name, on_event=lambda _: on_event(), observer_name="kitless.browser"
    )
