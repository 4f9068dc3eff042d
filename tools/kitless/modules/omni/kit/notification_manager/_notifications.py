"""Notifications: short messages to the user, until they are dismissed or their time is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import carb
from carb._edge import LoggedErrors
from carb.eventdispatcher import get_eventdispatcher
from kitless.absent import Partial
from omni.kit.app import _names as names


class NotificationStatus:
    """What kind of message a notification is."""

    WARNING = 0
    INFO = 1


class NotificationButtonInfo(Partial):
    """A button of a notification: its text and what is called when it is pressed."""

    def __init__(self, text: str, on_complete: Callable[[], Any] | None = None) -> None:
        self._text = text
        self._handler = on_complete

    @property
    def text(self) -> str:
        """The text."""
        return self._text

    @property
    def handler(self) -> Callable[[], Any] | None:
        """What is called."""
        return self._handler


class Notification(Partial):
    """A message that was posted. Not in Kit's documented API, where post_notification's result is opaque."""

    def __init__(
        self,
        owner: Notifications,
        text: str,
        hide_after_timeout: bool,
        duration: float,
        status: int,
        button_infos: Sequence[NotificationButtonInfo],
    ) -> None:
        self._owner = owner
        self.text = text
        self.status = status
        """A value of NotificationStatus."""
        self.button_infos = tuple(button_infos)
        self.duration = duration
        """Seconds until it goes by itself, if hide_after_timeout."""
        self.hide_after_timeout = hide_after_timeout
        self.posted_at = time.monotonic()

    @property
    def dismissed(self) -> bool:
        """Whether it is gone."""
        return self not in self._owner.all

    @property
    def is_over(self) -> bool:
        """Whether its time is over."""
        return self.hide_after_timeout and time.monotonic() - self.posted_at >= self.duration

    def dismiss(self) -> None:
        """Take it away."""
        self._owner.dismiss(self)

    def press(self, index: int) -> None:
        """Press a button, as a user would: its function is called, the notification goes."""
        handler = self.button_infos[index].handler
        self.dismiss()
        if handler is not None:
            with LoggedErrors("omni.kit.notification_manager", f"button {self.button_infos[index].text!r}"):
                handler()


class Notifications:
    """The notifications that are shown: what a view draws, ``service(Notifications)``. Not in Kit."""

    def __init__(self) -> None:
        self.all: list[Notification] = []
        """Oldest first."""
        self._listeners: dict[int, Callable[[], Any]] = {}
        self._last = 0
        self._observer: Any = get_eventdispatcher().observe_event(
            event_name=names.GLOBAL_EVENT_POST_UPDATE, on_event=lambda _: self._expire(), observer_name="notifications"
        )

    def close(self) -> None:
        """Stop looking at the clock."""
        self._observer = None

    def subscribe(self, callback: Callable[[], Any]) -> Callable[[], None]:
        """Call ``callback()`` whenever ``all`` is another list; return the function that ends that."""
        self._last += 1
        key = self._last
        self._listeners[key] = callback
        return lambda: self._listeners.pop(key, None) and None

    def post(self, notification: Notification) -> None:
        """Show a notification and log its text."""
        is_warning = notification.status == NotificationStatus.WARNING
        (carb.log_warn if is_warning else carb.log_info)(notification.text)
        self._set([*self.all, notification])

    def dismiss(self, *gone: Notification) -> None:
        """Take notifications away."""
        kept = [each for each in self.all if each not in gone]
        if len(kept) != len(self.all):
            self._set(kept)

    def _set(self, notifications: list[Notification]) -> None:
        self.all = notifications
        for listener in tuple(self._listeners.values()):
            with LoggedErrors("omni.kit.notification_manager", "a view's callback"):
                listener()

    def _expire(self) -> None:
        self.dismiss(*(each for each in self.all if each.is_over))
