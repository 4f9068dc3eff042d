"""The view: the app's widgets, stage and picture as a page in the browser.

Two threads. The app's has the tree of widgets and the stage; at the end of each update it draws what has changed on the
board and publishes that. The server's has the page; what a user does there is queued, and done at the beginning of the
next update. Nothing else passes between them.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from carb._edge import LoggedErrors
from carb.eventdispatcher import get_eventdispatcher
from kitless.browser.desktop import KEYBOARD, MENU_BAR, POPUP, WINDOWS, Desktop
from kitless.browser.feed import Feed
from kitless.browser.marks import ROOT, Board, Sketch
from kitless.browser.pictures import Pictures
from kitless.browser.server import Server
from kitless.browser.stage_tree import STAGE, StageTree
from kitless.browser.toasts import TOASTS, Toasts
from kitless.browser.viewport import VIEWPORT, Viewport
from kitless.browser.widgets import Studio
from kitless.services import service
from omni.kit.app import _names as names
from omni.replicator.core.orchestrator import Orchestrator
from omni.ui._tree import UiTree

if TYPE_CHECKING:
    from omni.kit.app import App

_RATE_HZ = 60.0
_BUSY_S = 0.1
"""So long after a frame the next one may be under way: a step takes more than one update."""
_YIELD_S = 0.0005
_BUSY_DRAW_S = 0.1
"""The page follows frames that slowly: drawing and sending each would cost more time than a small one takes."""
_SOURCE = "kitless.browser"
# After everybody who makes widgets at the end of an update.
_LAST = 1000


class Panel(Protocol):
    """A part of the page, drawn in the app's thread."""

    def draw(self) -> None:
        """Bring the board up to date."""

    def close(self) -> None:
        """Stop listening."""


class View:
    """``with View(app, port) as view:`` serves the page of a running app on 127.0.0.1; port 0 is a free one.

    Raises OSError when the port is taken, ImportError without NiceGUI.
    """

    def __init__(self, app: App, port: int = 0) -> None:
        self._app = app
        self._board = Board()
        self._feed = Feed()
        self._deeds: queue.SimpleQueue[tuple[str, str, Any]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._updated_at = 0.0
        self._captured = 0
        self._busy_until = 0.0
        self._drawn_at = 0.0
        self._has_done = False
        """Whether a user has done something since the last drawing."""
        self._is_entering = False
        with contextlib.ExitStack() as stack:
            self._pictures = pictures = Pictures()
            stack.callback(pictures.close)
            self._desktop = Desktop(self._board, Studio(pictures))
            self._panels: list[Panel] = [
                self._desktop,
                Toasts(self._board),
                StageTree(self._board),
                Viewport(self._board, pictures),
            ]
            for panel in self._panels:
                stack.callback(panel.close)
            self._board.put(ROOT, _layout())
            self._draw()
            self._server = stack.enter_context(contextlib.closing(Server(port, self._feed, pictures, self._queue)))
            stack.callback(service(UiTree).subscribe(self._on_change))
            for event, on_event in (
                (names.GLOBAL_EVENT_PRE_UPDATE, self._do_deeds),
                (names.GLOBAL_EVENT_POST_UPDATE, self._draw),
            ):
                stack.callback(_observe(event, on_event).reset)
            self._stack = stack.pop_all()

    def __enter__(self) -> View:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server and wait for its end; the port is free then."""
        self._stack.close()

    @property
    def url(self) -> str:
        """The page's address with this run's token: to be shown to the user once, never to be logged."""
        return self._server.url

    def wait(self) -> None:
        """Wait for the time of the app's next update: at most 60 a second, at once after a user's deed.

        While Replicator takes frames nothing is waited for, but for a moment that the server's thread may have.
        """
        now, captured = time.monotonic(), service(Orchestrator).captured
        if captured != self._captured:
            self._captured, self._busy_until = captured, now + _BUSY_S
        pause = _YIELD_S if now < self._busy_until else self._updated_at + 1 / _RATE_HZ - now
        self._wake.wait(max(0.0, pause))
        self._wake.clear()
        self._updated_at = time.monotonic()

    # --- the server's thread

    def _queue(self, address: str, event: str, value: Any) -> None:
        self._deeds.put((address, event, value))
        self._wake.set()

    # --- the app's thread

    def _do_deeds(self) -> None:
        # As many as there are now: what comes in meanwhile is for the next update.
        for _ in range(self._deeds.qsize()):
            self._has_done = True
            address, event, value = self._deeds.get()
            self._is_entering = event == "focus"
            # As in a script's body, callbacks may make tasks.
            with LoggedErrors(_SOURCE, f"what a user did ({event})"), self._app.as_running_loop():
                self._board.act(address, event, value)
        self._is_entering = False

    def _draw(self) -> None:
        now = time.monotonic()
        if now < min(self._busy_until, self._drawn_at + _BUSY_DRAW_S) and not self._has_done:
            return
        self._drawn_at, self._has_done = now, False
        for panel in self._panels:
            with LoggedErrors(_SOURCE, f"drawing {type(panel).__name__}"):
                panel.draw()
        changes = self._board.take()
        for key, mark in changes.items():
            if mark is None:
                self._pictures.forget(key)
        self._feed.publish(changes)

    def _on_change(self, element: Any, what: str) -> None:
        # The tab in which a user went to a field has the caret there already.
        if what == "focus" and not self._is_entering:
            self._desktop.show_keyboard(element)


def _observe(event: str, on_event: Any) -> Any:
    return get_eventdispatcher().observe_event(
        event_name=event, on_event=lambda _: on_event(), order=_LAST, observer_name=_SOURCE
    )


def _layout() -> Sketch:
    theme = {"class": "icon theme", "data-switches-theme": "", "title": "Dark or light", "aria-label": "Dark or light"}
    head: list[Sketch | str] = [
        Sketch("span", {"class": "brand"}, text="kitless"),
        MENU_BAR,
        Sketch("button", theme, [Sketch("span", {"class": "theme-mark", "aria-hidden": "true"})]),
    ]
    panes = Sketch("div", {"class": "panes"}, [STAGE, VIEWPORT, WINDOWS])
    header = Sketch("header", {"class": "top"}, head)
    return Sketch("div", {"class": "page"}, [header, panes, POPUP, TOASTS, KEYBOARD])
