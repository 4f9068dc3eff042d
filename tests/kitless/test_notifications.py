"""Notifications: shown until dismissed, and logged."""

import pytest

import omni.kit.notification_manager as nm
from kitless.services import service
from omni.kit.notification_manager._notifications import Notifications

pytestmark = pytest.mark.usefixtures("app")


def test_a_notification_is_kept_and_logged(capfd):
    nm.post_notification("Disk is full", status=nm.NotificationStatus.WARNING)
    found = nm.get_all_notifications()
    assert [(each.text, each.status) for each in found] == [("Disk is full", nm.NotificationStatus.WARNING)]
    assert "Disk is full" in "".join(capfd.readouterr())


def test_a_notification_goes_when_its_time_is_over(app):
    gone = nm.post_notification("short", duration=0)
    stays = nm.post_notification("long", hide_after_timeout=False, duration=0)
    app.update()
    assert nm.get_all_notifications() == [stays]
    assert gone.dismissed


def test_a_button_calls_its_function_and_ends_the_notification():
    calls = []
    button = nm.NotificationButtonInfo("Retry", on_complete=lambda: calls.append(button.text))
    nm.post_notification("failed", button_infos=[button]).press(0)
    assert calls == ["Retry"]
    assert nm.get_all_notifications() == []


def test_a_view_hears_of_each_change():
    counts = []
    notifications = service(Notifications)
    cancel = notifications.subscribe(lambda: counts.append(len(notifications.all)))
    nm.post_notification("a").dismiss()
    nm.post_notification("b")
    nm.destroy_all_notifications()
    cancel()
    nm.post_notification("c")
    assert counts == [1, 0, 1, 0]
