"""Notifications as toasts."""

from __future__ import annotations

from typing import Any

from kitless.browser.marks import Board, Sketch
from kitless.services import service
from omni.kit.notification_manager import NotificationStatus
from omni.kit.notification_manager._notifications import Notification, Notifications

TOASTS = "toasts"
CROSS = "\N{MULTIPLICATION SIGN}"


class Toasts:
    """The app's notifications on the board."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._notifications = service(Notifications)
        self._cancel = self._notifications.subscribe(self._note)
        self._dirty = True

    def close(self) -> None:
        """Stop listening."""
        self._cancel()

    def draw(self) -> None:
        """Draw them if there are others than before."""
        if self._dirty:
            self._dirty = False
            toasts = [_toast(each) for each in self._notifications.all]
            self._board.put(TOASTS, Sketch("div", {"class": "toasts", "aria-live": "polite"}, toasts))

    def _note(self) -> None:
        self._dirty = True


def _toast(notification: Notification) -> Sketch:
    is_warning = notification.status == NotificationStatus.WARNING
    buttons = [_button(notification, place) for place in range(len(notification.button_infos))]
    close = {"class": "icon", "title": "Dismiss", "aria-label": "Dismiss"}
    return Sketch(
        "div",
        {"class": "toast warning" if is_warning else "toast", "role": "alert" if is_warning else "status"},
        [
            Sketch("p", text=notification.text),
            *buttons,
            Sketch("button", close, text=CROSS, on={"click": lambda _: notification.dismiss()}),
        ],
    )


def _button(notification: Notification, place: int) -> Sketch:
    def press(_: Any) -> None:
        # Another tab may have been first.
        if not notification.dismissed:
            notification.press(place)

    return Sketch("button", {"class": "button"}, text=notification.button_infos[place].text, on={"click": press})
