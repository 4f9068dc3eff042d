"""Notifications to the user. They are in the log too, so that a run without a view shows them."""

from __future__ import annotations

from kitless.absent import absent
from kitless.services import service
from omni.kit.notification_manager._notifications import (
    Notification,
    NotificationButtonInfo,
    Notifications,
    NotificationStatus,
)

__all__ = [
    "NotificationButtonInfo",
    "NotificationStatus",
    "destroy_all_notifications",
    "get_all_notifications",
    "post_notification",
]


def post_notification(
    text: str,
    hide_after_timeout: bool = True,
    duration: float = 3,
    status: int = NotificationStatus.INFO,
    button_infos: list[NotificationButtonInfo] = [],
) -> Notification:
    """Show ``text`` and log it, as information or as a warning by its status; return the notification.

    It goes when dismissed, when a button is pressed or, with ``hide_after_timeout``, ``duration`` seconds later, at the
    next update.
    """
    notifications = service(Notifications)
    notification = Notification(notifications, text, hide_after_timeout, duration, status, button_infos)
    notifications.post(notification)
    return notification


def get_all_notifications() -> list[Notification]:
    """Return the notifications that are shown, oldest first."""
    return list(service(Notifications).all)


def destroy_all_notifications() -> None:
    """Take all notifications away."""
    notifications = service(Notifications)
    notifications.dismiss(*notifications.all)


__getattr__ = absent(__name__)
