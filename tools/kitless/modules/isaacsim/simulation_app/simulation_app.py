"""SimulationApp: what a standalone program makes first and closes last."""

from __future__ import annotations

import builtins
import sys
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, ClassVar

import omni.usd
from carb.events import IEvent
from carb.settings import get_settings
from kitless import app_cameras
from kitless.host import setting_value
from kitless.services import service
from omni.kit.app import App, get_app
from omni.usd import StageEventType, UsdContext

# Waiting must not take the processor from the threads that write files.
_IDLE_S = 0.0005
_RENDER_SETTINGS = {
    "renderer": "/rtx/rendermode",
    "anti_aliasing": "/rtx/post/aa/op",
    "samples_per_pixel_per_frame": "/rtx/pathtracing/spp",
    "denoiser": "/rtx/pathtracing/optixDenoiser/enabled",
    "max_bounces": "/rtx/pathtracing/maxBounces",
    "max_specular_transmission_bounces": "/rtx/pathtracing/maxSpecularAndTransmissionBounces",
    "subdiv_refinement_level": "/rtx/hydra/subdivision/refinementLevel",
}
_WINDOW_SETTINGS = {
    "width": "/app/renderer/resolution/width",
    "height": "/app/renderer/resolution/height",
    "window_width": "/app/window/width",
    "window_height": "/app/window/height",
}


class _Standalone:
    """Marks the process as a standalone program for as long as its app runs: builtins.ISAAC_LAUNCHED_FROM_TERMINAL.

    Its stages have the app's perspective camera from the start, as in Kit: tutorials make render products of it.
    """

    def __init__(self) -> None:
        builtins.ISAAC_LAUNCHED_FROM_TERMINAL = False  # type: ignore[attr-defined]  # the name is Isaac Sim's
        events = omni.usd.get_context().get_stage_event_stream()
        self._subscription = events.create_subscription_to_pop(self._on_stage_event, name="isaacsim.simulation_app")

    def _on_stage_event(self, event: IEvent) -> None:
        if event.type == StageEventType.OPENED:
            app_cameras.ensure(omni.usd.get_context().get_stage())

    def close(self) -> None:
        """Take the mark back."""
        del builtins.ISAAC_LAUNCHED_FROM_TERMINAL  # type: ignore[attr-defined]


class SimulationApp:
    """The app of a standalone program.

    The host has booted it already (``tools/simslate exec``, ``python -m kitless``), so making one applies the
    configuration: size of the default viewport, render settings (kept, though kitless renders the same), settings and
    extensions in ``extra_args`` and on the command line (``--/path=value``, ``--enable ID``, ``--ext-folder DIR``), and
    a new stage, or the one in ``open_usd``. Nothing is shown whatever ``headless`` says: see ``--browser``.
    """

    DEFAULT_LAUNCHER_CONFIG: ClassVar[dict[str, Any]] = {
        "headless": True,
        "hide_ui": None,
        "active_gpu": None,
        "physics_gpu": 0,
        "multi_gpu": True,
        "max_gpu_count": None,
        "sync_loads": True,
        "width": 1280,
        "height": 720,
        "window_width": 1440,
        "window_height": 900,
        "display_options": 3094,
        "subdiv_refinement_level": 0,
        "renderer": "RaytracedLighting",
        "anti_aliasing": 3,
        "samples_per_pixel_per_frame": 64,
        "denoiser": True,
        "max_bounces": 4,
        "max_specular_transmission_bounces": 6,
        "max_volume_bounces": 4,
        "open_usd": None,
        "fast_shutdown": True,
        "profiler_backend": [],
        "create_new_stage": True,
        "extra_args": [],
        "enable_crashreporter": True,
        "limit_cpu_threads": 32,
        "disable_viewport_updates": False,
        "experience": "",
    }
    """What holds where ``launch_config`` says nothing."""

    def __init__(self, launch_config: Mapping[str, Any] | None = None, experience: str = "") -> None:
        """Apply a configuration to the running app.

        Raises RuntimeError without an app, ExtensionError for an extension that cannot be enabled, and
        FileNotFoundError when ``open_usd`` cannot be opened.
        """
        self._app = get_app()
        self._exiting = False
        self.config = {**self.DEFAULT_LAUNCHER_CONFIG, **(launch_config or {})}
        service(_Standalone)
        for key, path in _WINDOW_SETTINGS.items():
            get_settings().set(path, self.config[key])
        self.reset_render_settings()
        self._take_words(list(self.config["extra_args"]))
        self._take_words(sys.argv[1:])
        self._open_first_stage()

    def _take_words(self, words: Sequence[str]) -> None:
        """Apply what is meant for Kit among a command line's words; the rest is the program's own."""
        manager = self._app.get_extension_manager()
        for word, value in zip(words, [*words[1:], ""], strict=False):
            if word.startswith("--/"):
                name, _, text = word[2:].partition("=")
                get_settings().set(name, setting_value(text))
            elif word == "--ext-folder":
                manager.add_path(value)
            elif word == "--enable":
                manager.set_extension_enabled_immediate(value, True)

    def _open_first_stage(self) -> None:
        url = self.config["open_usd"]
        if url and not self.context.open_stage(str(url)):
            raise FileNotFoundError(f"SimulationApp cannot open the stage open_usd={url!r}; the log says why")
        if not url and self.config["create_new_stage"]:
            self.context.new_stage()

    @property
    def app(self) -> App:
        """The app."""
        return self._app

    @property
    def context(self) -> UsdContext:
        """The USD context."""
        return omni.usd.get_context()

    def update(self) -> None:
        """Do one update of the app."""
        self._app.update()

    def set_setting(self, setting: str, value: Any) -> None:
        """Set a setting."""
        get_settings().set(setting, value)

    def reset_render_settings(self) -> None:
        """Set the render settings of the configuration again."""
        for key, path in _RENDER_SETTINGS.items():
            get_settings().set(path, self.config[key])

    def run_coroutine(self, coroutine: Coroutine[Any, Any, Any], run_until_complete: bool = True) -> Any:
        """Run a coroutine in the app and return its result, or its task at once without ``run_until_complete``.

        Raises what the coroutine raises, and RuntimeError inside an update, which cannot wait for the next one.
        """
        task = self._app.loop.create_task(coroutine)
        if not run_until_complete:
            return task
        # Not App.run, which gives up once the app has been asked to quit: the last files come after that.
        while not task.done():
            self._app.update()
            time.sleep(_IDLE_S)
        return task.result()

    def close(self, wait_for_replicator: bool = True, skip_cleanup: bool = False, exit_code: int = 0) -> None:
        """Let Replicator finish its frames and files, close the stage and ask the app to quit with ``exit_code``.

        A code that ``post_quit`` was given before stays. The process ends when the script does, so that what comes
        after ``close()`` still runs, and ``sys.exit`` and exceptions make the exit code. ``skip_cleanup`` leaves
        Replicator and the stage alone. Raises what a writer or a write raised; the app quits all the same.
        """
        if self._exiting:
            return
        self._exiting = True
        try:
            if not skip_cleanup:
                self._clean_up(wait_for_replicator)
        finally:
            self._app.post_uncancellable_quit(exit_code)

    def _clean_up(self, wait_for_replicator: bool) -> None:
        try:
            if "omni.replicator.core" in sys.modules:
                import omni.replicator.core as rep

                rep.orchestrator.stop()
                # Closing the stage stops the timeline, which must not take one more frame.
                rep.orchestrator.set_capture_on_play(False)
                # Inside an update nothing can be waited for; the app writes the last files when it ends.
                if wait_for_replicator and not self._app.is_updating:
                    self.run_coroutine(rep.orchestrator.wait_until_complete_async())
        finally:
            self.context.close_stage()

    def is_running(self) -> bool:
        """Return whether nobody has closed it or asked the app to quit."""
        return not self._exiting and self._app.is_running()

    def is_exiting(self) -> bool:
        """Return whether close() has been called."""
        return self._exiting
