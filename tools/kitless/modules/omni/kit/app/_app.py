"""The app: one per process, from boot to end."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import platform
import sys
import time
from collections.abc import Collection, Coroutine, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import carb
from carb._python_log import python_log
from carb.eventdispatcher import get_eventdispatcher
from carb.events import IEventStream
from carb.logging import acquire_logging
from carb.settings import get_settings
from carb.tokens import get_tokens_interface
from kitless.absent import Partial
from kitless.services import adopt_service, close_services, service
from omni.ext import ExtensionManager
from omni.kit.app import _names as names
from omni.kit.app._engine import AsyncEngine, Waiters
from omni.kit.app._scripting import IAppScripting
from omni.kit.app._user_config import UserConfig, data_folder
from omni.kit.commands._registry import CommandRegistry, commands_in

T = TypeVar("T")

# Waiting must not take the processor from the threads that write files.
_IDLE_S = 0.0005
# What an import of omni.kit alone gives in Kit; and the schema that has to be known before a stage is opened.
_BOOT_MODULES = ("Semantics", "omni.kit.app", "omni.kit.commands", "omni.kit.undo", "omni.kit.test")
_COMMAND_MODULES = ("omni.kit.commands.builtin", "omni.usd.commands")
_RATE_SETTING = "/app/runLoops/main/rateLimitFrequency"
_DEFAULT_RATE = 60.0
# Several events share one of the old streams.
_STREAMS = {
    names.GLOBAL_EVENT_APP_READY: names.GLOBAL_EVENT_APP_STARTED,
    names.GLOBAL_EVENT_PRE_SHUTDOWN: names.GLOBAL_EVENT_POST_QUIT,
}
_KIT_VERSION = "107.3.0"
_MODULES = Path(__file__).parents[3]


class App(Partial):
    """The running app, Kit's IApp: ``with App() as app:`` boots it, leaving the block ends it and all it owns.

    One ``update()`` is: GLOBAL_EVENT_PRE_UPDATE, the timeline moves, GLOBAL_EVENT_UPDATE, one pass of the asyncio loop,
    GLOBAL_EVENT_POST_UPDATE; each event on both event systems.
    """

    def __init__(
        self,
        *,
        settings: Mapping[str, Any] | None = None,
        ext_folders: Sequence[str | os.PathLike[str]] = (),
        enable: Sequence[str] = (),
        data_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        """Note what to boot with: settings by path, folders of extensions, ids to enable, the user's data folder.

        The data folder is ``data_dir``, else $KITLESS_DATA, else the platform's usual place.
        """
        self._given_settings = dict(settings or {})
        self._ext_folders = [Path(folder) for folder in ext_folders]
        self._enable = list(enable)
        self._data = data_folder(data_dir)
        self._stack = contextlib.ExitStack()
        self._engine: AsyncEngine | None = None
        self._streams: dict[str, IEventStream] = {}
        self._pre, self._next, self._post = Waiters(), Waiters(), Waiters()
        self._number = 0
        self._booted_at = 0.0
        self._updating = False
        self._ready = False
        self._return_code: int | None = None
        self._cancel_reason: str | None = None

    def __enter__(self) -> App:
        """Boot; raises what an extension to enable raises, and RuntimeError when an app is running already."""
        adopt_service(self)
        with contextlib.ExitStack() as stack:
            stack.callback(close_services)
            self._boot(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.shutdown()

    def _boot(self, stack: contextlib.ExitStack) -> None:
        self._booted_at = time.monotonic()
        get_settings().set_default("/", self._given_settings)
        # Services are closed newest first; the others may have something to log when they are.
        stack.enter_context(python_log(acquire_logging()))
        stack.callback(UserConfig(self._data).close)
        self._set_tokens()
        self._engine = AsyncEngine()
        stack.callback(self._close_engine)
        for module in _BOOT_MODULES:
            importlib.import_module(module)
        for name in _COMMAND_MODULES:
            service(CommandRegistry).register(commands_in(name))
        manager = self.get_extension_manager()
        stack.callback(manager.disable_all)
        for folder in self._ext_folders:
            manager.add_path(str(folder))
        self._send(names.GLOBAL_EVENT_APP_STARTED, names.EVENT_APP_STARTED)
        for ext_id in self._enable:
            manager.set_extension_enabled_immediate(ext_id, True)
        self._ready = True
        self._send(names.GLOBAL_EVENT_APP_READY, names.EVENT_APP_READY)
        stack.callback(self.cancel_tasks)
        stack.callback(self._send, names.GLOBAL_EVENT_PRE_SHUTDOWN, names.PRE_SHUTDOWN_EVENT_TYPE)

    def _set_tokens(self) -> None:
        tokens = get_tokens_interface()
        folders = {"kit": _MODULES.parent, "app": _MODULES.parent, "data": self._data, "cache": self._data / "cache"}
        folders["documents"] = Path.home() / "Documents"
        for name, folder in folders.items():
            tokens.set_value(name, folder.as_posix())

    def _close_engine(self) -> None:
        # Extensions may have left tasks when they shut down.
        self.cancel_tasks()
        self._loop.close()
        self._engine = None

    def shutdown(self) -> None:
        """End the app: tasks are cancelled, extensions shut down, persistent settings kept, services closed."""
        self._ready = False
        self._stack.close()

    @property
    def _loop(self) -> AsyncEngine:
        if self._engine is None:
            raise RuntimeError("the app is not running: `with App() as app:` boots it")
        return self._engine

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The app's asyncio loop. Not in Kit."""
        return self._loop.loop

    # --- updating

    def update(self) -> None:
        """Do one update.

        Raises RuntimeError inside an update, that is in a coroutine of the app or in an event's callback.
        """
        engine = self._loop
        if self.is_updating:
            raise RuntimeError("App.update() inside an update: coroutines use `await app.next_update_async()` instead")
        self._updating = True
        try:
            self._number += 1
            self._update(engine)
        finally:
            self._updating = False

    @property
    def is_updating(self) -> bool:
        """Whether the caller is inside an update: in a coroutine of the app or an event's callback. Not in Kit."""
        return self._updating or self._loop.loop.is_running()

    def _update(self, engine: AsyncEngine) -> None:
        payload = {"dt": 1.0 / (get_settings().get_as_float(_RATE_SETTING) or _DEFAULT_RATE)}
        self._send(names.GLOBAL_EVENT_PRE_UPDATE, 0, payload)
        if self._pre.wake():
            engine.run_pass()
        get_eventdispatcher().dispatch_event(names.EVENT_TICK, payload)
        self._send(names.GLOBAL_EVENT_UPDATE, 0, payload)
        self.get_message_bus_event_stream().pump()
        self._next.wake()
        engine.run_pass()
        self._send(names.GLOBAL_EVENT_POST_UPDATE, 0, payload)
        if self._post.wake():
            engine.run_pass()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Update until ``coroutine`` is done and return its result; what it raises is raised.

        When the app quits before that, the coroutine is cancelled, and the result is post_quit's code.
        """
        task = self.loop.create_task(coroutine)
        try:
            # Up to its first wait the coroutine needs no update: starting it must not move the timeline.
            self._loop.run_pass()
            while not task.done() and self.is_running():
                self.update()
                if not task.done():
                    time.sleep(_IDLE_S)
        finally:
            if not task.done():
                self.cancel_tasks([task])
        early: Any = self.return_code
        return early if task.cancelled() and not self.is_running() else task.result()

    async def next_update_async(self, name: str = "omni.kit.app.next_update_async", order: int = 50) -> None:
        """Wait for the asyncio pass of the next update, in which the timeline has moved already."""
        await self._next.wait()

    async def pre_update_async(self, name: str = "omni.kit.app.pre_update_async", order: int = -50) -> None:
        """Wait for the beginning of the next update, before the timeline moves."""
        await self._pre.wait()

    async def post_update_async(self, name: str = "omni.kit.app.post_update_async", order: int = -25) -> None:
        """Wait for the end of an update."""
        await self._post.wait()

    def cancel_tasks(self, tasks: Collection[asyncio.Task[Any]] | None = None) -> None:
        """Cancel tasks (None: all) and update until they have ended, at most 10 s. Not in Kit."""
        self._loop.cancel(asyncio.all_tasks(self.loop) if tasks is None else tasks, self.update)

    def as_running_loop(self) -> contextlib.AbstractContextManager[None]:
        """Let a script's body use the app's loop as if it ran in it: asyncio.create_task works. Not in Kit."""
        return self._loop.as_running()

    def get_update_number(self) -> int:
        """Return how many updates have begun."""
        return self._number

    # --- ending

    def post_quit(self, return_code: int = 0) -> None:
        """Ask the app to end with ``return_code``; a subscriber to GLOBAL_EVENT_POST_QUIT may call try_cancel_shutdown.

        The first one that nobody cancels decides the code.
        """
        self._quit(return_code, cancellable=True)

    def post_uncancellable_quit(self, return_code: int = 0) -> None:
        """Make the app end with ``return_code``."""
        self._quit(return_code, cancellable=False)

    def _quit(self, return_code: int, *, cancellable: bool) -> None:
        if self._return_code is not None:
            return
        self._cancel_reason = None
        self._send(names.GLOBAL_EVENT_POST_QUIT, names.POST_QUIT_EVENT_TYPE, {"uncancellable": not cancellable})
        if cancellable and self._cancel_reason is not None:
            carb.log_info(f"Quit cancelled: {self._cancel_reason}")
        else:
            self._return_code = int(return_code)

    def try_cancel_shutdown(self, reason: str = "") -> bool:
        """Keep the app from quitting; has an effect within GLOBAL_EVENT_POST_QUIT. Returns whether it still can."""
        self._cancel_reason = reason
        return self._return_code is None

    @property
    def return_code(self) -> int | None:
        """The code the app quits with, None as long as nobody asked it to. Not in Kit."""
        return self._return_code

    def is_running(self) -> bool:
        """Return whether the app has booted and nobody has asked it to quit."""
        return self._engine is not None and self._return_code is None

    def is_app_ready(self) -> bool:
        """Return whether the app has booted, extensions included."""
        return self._ready

    # --- what belongs to the app

    def get_extension_manager(self) -> ExtensionManager:
        """Return the extension manager."""
        return service(ExtensionManager)

    def get_python_scripting(self) -> IAppScripting:
        """Return what runs scripts in the app."""
        return service(IAppScripting)

    def get_pre_update_event_stream(self, runloop_name: str = "main") -> IEventStream:
        """Return the stream of the updates' beginnings."""
        return self._stream(names.GLOBAL_EVENT_PRE_UPDATE, runloop_name)

    def get_update_event_stream(self, runloop_name: str = "main") -> IEventStream:
        """Return the stream of updates; the payload's dt is 1/rate seconds, never wall-clock time."""
        return self._stream(names.GLOBAL_EVENT_UPDATE, runloop_name)

    def get_post_update_event_stream(self, runloop_name: str = "main") -> IEventStream:
        """Return the stream of the updates' ends."""
        return self._stream(names.GLOBAL_EVENT_POST_UPDATE, runloop_name)

    def get_message_bus_event_stream(self, runloop_name: str = "main") -> IEventStream:
        """Return the stream for everybody's events; it is pumped once per update."""
        return self._stream("messageBus", runloop_name)

    def get_startup_event_stream(self) -> IEventStream:
        """Return the stream of EVENT_APP_STARTED and EVENT_APP_READY."""
        return self._stream(names.GLOBAL_EVENT_APP_STARTED)

    def get_shutdown_event_stream(self) -> IEventStream:
        """Return the stream of POST_QUIT_EVENT_TYPE and PRE_SHUTDOWN_EVENT_TYPE."""
        return self._stream(names.GLOBAL_EVENT_POST_QUIT)

    def _stream(self, name: str, runloop_name: str = names.RUN_LOOP_DEFAULT) -> IEventStream:
        if runloop_name != names.RUN_LOOP_DEFAULT:
            raise ValueError(f"run loop {runloop_name!r}: the app has only {names.RUN_LOOP_DEFAULT!r}")
        return self._streams.setdefault(name, IEventStream(name))

    def _send(self, name: str, event_type: int = 0, payload: Mapping[str, Any] | None = None) -> None:
        get_eventdispatcher().dispatch_event(name, payload)
        self._stream(_STREAMS.get(name, name)).dispatch(event_type, 0, dict(payload or {}))

    # --- facts about the app

    def get_app_name(self) -> str:
        """Return kitless."""
        return "kitless"

    def get_app_version(self) -> str:
        """Return the installed version of this host, 0.0.0 when it runs without being installed."""
        # Reading metadata takes as long as a tenth of the boot; hardly anybody asks.
        from importlib import metadata

        try:
            return metadata.version("simslate")
        except metadata.PackageNotFoundError:
            return "0.0.0"

    def get_kit_version(self) -> str:
        """Return the Kit release whose API this is."""
        return _KIT_VERSION

    def get_kit_version_short(self) -> str:
        """Return major and minor of the Kit release whose API this is."""
        return _KIT_VERSION.rpartition(".")[0]

    def get_build_version(self) -> str:
        """Return the Kit release whose API this is."""
        return _KIT_VERSION

    def get_platform_info(self) -> dict[str, Any]:
        """Return the machine's platform under the keys Kit uses."""
        return {"platform": f"{platform.system().lower()}-{platform.machine().lower()}", "config": "release"}

    def get_time_since_start_s(self) -> float:
        """Return the wall-clock seconds since boot."""
        return time.monotonic() - self._booted_at

    def get_time_since_start_ms(self) -> float:
        """Return the wall-clock milliseconds since boot."""
        return 1000.0 * self.get_time_since_start_s()

    def print_and_log(self, message: str) -> None:
        """Write a line to stdout and log it at level info."""
        sys.stdout.write(f"{message}\n")
        carb.log_info(message)
