"""Names of the app's events, orders and run loops, as in Kit."""

from carb.events import type_from_string

GLOBAL_EVENT_APP_STARTED = "omni.kit.app:started"
GLOBAL_EVENT_APP_READY = "omni.kit.app:ready"
GLOBAL_EVENT_PRE_UPDATE = "preUpdate"
GLOBAL_EVENT_UPDATE = "update"
GLOBAL_EVENT_POST_UPDATE = "postUpdate"
GLOBAL_EVENT_POST_QUIT = "omni.kit.app:post_quit"
GLOBAL_EVENT_PRE_SHUTDOWN = "omni.kit.app:pre_shutdown"

# Between PRE_UPDATE and UPDATE: the timeline moves on this one, before anybody looks at it. Not in Kit.
EVENT_TICK = "kitless:tick"

EVENT_APP_STARTED = type_from_string("APP_STARTED")
EVENT_APP_READY = type_from_string("APP_READY")
POST_QUIT_EVENT_TYPE = 0
PRE_SHUTDOWN_EVENT_TYPE = 1

EVENT_ORDER_DEFAULT = 0
RUN_LOOP_DEFAULT = "main"
