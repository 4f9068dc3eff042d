"""Names and types of the timeline's events."""

import enum

GLOBAL_EVENT_PLAY = "omni.timeline:play"
GLOBAL_EVENT_PAUSE = "omni.timeline:pause"
GLOBAL_EVENT_STOP = "omni.timeline:stop"
GLOBAL_EVENT_CURRENT_TIME_TICKED = "omni.timeline:current_time_ticked"


class TimelineEventType(enum.IntEnum):
    """Types of the events in the timeline's stream; values as in Kit."""

    PLAY = 0
    PAUSE = 1
    STOP = 2
    CURRENT_TIME_CHANGED = 3
    CURRENT_TIME_TICKED_PERMANENT = 4
    CURRENT_TIME_TICKED = 5
    LOOP_MODE_CHANGED = 6
    START_TIME_CHANGED = 7
    END_TIME_CHANGED = 8
    TIME_CODE_PER_SECOND_CHANGED = 9
    AUTO_UPDATE_CHANGED = 10
    PREROLLING_CHANGED = 11
    TENTATIVE_TIME_CHANGED = 12
    TICKS_PER_FRAME_CHANGED = 13
    FAST_MODE_CHANGED = 14
    PLAY_EVERY_FRAME_CHANGED = 14
    TARGET_FRAMERATE_CHANGED = 15
    DIRECTOR_CHANGED = 16
    ZOOM_CHANGED = 17


GLOBAL_EVENTS = {
    TimelineEventType.PLAY: GLOBAL_EVENT_PLAY,
    TimelineEventType.PAUSE: GLOBAL_EVENT_PAUSE,
    TimelineEventType.STOP: GLOBAL_EVENT_STOP,
    TimelineEventType.CURRENT_TIME_TICKED: GLOBAL_EVENT_CURRENT_TIME_TICKED,
}
