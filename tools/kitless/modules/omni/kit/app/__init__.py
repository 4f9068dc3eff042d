"""The app: its update loop, its end, its extensions and its event streams."""

from kitless.absent import absent
from kitless.services import find_service
from omni.kit.app._app import App
from omni.kit.app._names import (
    EVENT_APP_READY,
    EVENT_APP_STARTED,
    EVENT_ORDER_DEFAULT,
    GLOBAL_EVENT_APP_READY,
    GLOBAL_EVENT_APP_STARTED,
    GLOBAL_EVENT_POST_QUIT,
    GLOBAL_EVENT_POST_UPDATE,
    GLOBAL_EVENT_PRE_SHUTDOWN,
    GLOBAL_EVENT_PRE_UPDATE,
    GLOBAL_EVENT_UPDATE,
    POST_QUIT_EVENT_TYPE,
    PRE_SHUTDOWN_EVENT_TYPE,
    RUN_LOOP_DEFAULT,
)
from omni.kit.app._scripting import IAppScripting
from omni.kit.app._subscription import SettingChangeSubscription

__all__ = [
    "App",
    "IApp",
    "IAppScripting",
    "SettingChangeSubscription",
    "get_app",
    "get_app_interface",
    "EVENT_APP_READY",
    "EVENT_APP_STARTED",
    "EVENT_ORDER_DEFAULT",
    "GLOBAL_EVENT_APP_READY",
    "GLOBAL_EVENT_APP_STARTED",
    "GLOBAL_EVENT_POST_QUIT",
    "GLOBAL_EVENT_POST_UPDATE",
    "GLOBAL_EVENT_PRE_SHUTDOWN",
    "GLOBAL_EVENT_PRE_UPDATE",
    "GLOBAL_EVENT_UPDATE",
    "POST_QUIT_EVENT_TYPE",
    "PRE_SHUTDOWN_EVENT_TYPE",
    "RUN_LOOP_DEFAULT",
]

IApp = App


def get_app() -> App:
    """Return the running app.

    Raises RuntimeError when there is none.
    """
    app = find_service(App)
    if app is None:
        raise RuntimeError("no app is running: `with omni.kit.app.App() as app:` starts one")
    return app


get_app_interface = get_app

__getattr__ = absent(__name__)
