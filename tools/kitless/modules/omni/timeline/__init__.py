"""The timeline: whether time runs, where it is, and how fast.

Time is in seconds. While playing and auto-updating, each app update moves it by exactly 1 / time codes per second,
never by the wall clock; frame k after the last jump is at ``start + k / rate``, so that no error accumulates.

The first update after ``play()`` from the stopped state stays at the time where the timeline stands, so that its first
frame can be seen; after a pause, the next update moves on. What is set can be read back at once; the events about it
are sent at ``commit()`` or at the next update, in the order of the changes.
"""

from kitless.absent import absent
from kitless.services import service
from omni.timeline._names import (
    GLOBAL_EVENT_CURRENT_TIME_TICKED,
    GLOBAL_EVENT_PAUSE,
    GLOBAL_EVENT_PLAY,
    GLOBAL_EVENT_STOP,
    TimelineEventType,
)
from omni.timeline._timeline import Timeline

__all__ = [
    "ITimeline",
    "Timeline",
    "TimelineEventType",
    "acquire_timeline_interface",
    "get_timeline_interface",
    "GLOBAL_EVENT_CURRENT_TIME_TICKED",
    "GLOBAL_EVENT_PAUSE",
    "GLOBAL_EVENT_PLAY",
    "GLOBAL_EVENT_STOP",
]

ITimeline = Timeline


def get_timeline_interface(timeline_name: str = "") -> Timeline:
    """Return the process's timeline.

    Raises NotImplementedError for a named one.
    """
    if timeline_name:
        raise NotImplementedError(f"timeline {timeline_name!r}: named timelines are not in kitless yet")
    return service(Timeline)


def acquire_timeline_interface(plugin_name: str | None = None, library_path: str | None = None) -> Timeline:
    """Return the process's timeline."""
    return service(Timeline)


__getattr__ = absent(__name__)
