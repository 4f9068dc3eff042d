"""The host: puts Kit's modules on sys.path, boots the app and runs a script in it."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import gc
import importlib.util
import json
import os
import shlex
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kitless.browser.view import View
    from omni.kit.app import App

MODULES = Path(__file__).with_name("modules")
"""The folder with carb, omni and the others, a sys.path entry."""

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

_IDLE_S = 0.0005
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class RealKitError(ImportError):
    """A carb of somebody else can be imported: this process belongs to a real Kit, where kitless has no place."""


class UsageError(Exception):
    """The command line is wrong; the text says what and where."""


@dataclass
class Options:
    """What the command line asks for."""

    script: str
    """The script's file, its .py may be missing; with a page in the browser there need not be one."""
    args: list[str]
    """The script's own arguments."""
    ext_folders: list[str] = field(default_factory=list)
    """Folders to search for extensions."""
    enable: list[str] = field(default_factory=list)
    """Extensions to enable."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Settings by path."""
    browser: int | None = None
    """The port of the page that shows the app, 0 for a free one; None for no page."""


def install_modules() -> None:
    """Put kitless' carb and omni on sys.path.

    Raises RealKitError when another carb can be imported.
    """
    spec = importlib.util.find_spec("carb")
    if spec is None:
        sys.path.insert(0, str(MODULES))
    elif not (spec.origin and Path(spec.origin).is_relative_to(MODULES)):
        raise RealKitError(f"kitless cannot run beside a real Kit: carb is at {spec.origin}")


def parse(argv: Sequence[str]) -> Options:
    """Read the command line: options up to the script, all the rest is the script's.

    Raises UsageError.
    """
    options = Options("", [])
    words = list(argv)
    while words and not options.script:
        word = words.pop(0)
        if word.startswith("--/"):
            name, _, value = word[2:].partition("=")
            options.settings[name] = setting_value(value)
        elif word in ("--ext-folder", "--enable", "--exec"):
            if not words:
                raise UsageError(f"{word} needs a value")
            _take(options, word, words.pop(0))
        elif word == "--browser":
            options.browser = int(words.pop(0)) if words and words[0].isdecimal() else 0
        elif word.startswith("-"):
            near = difflib.get_close_matches(word, ["--ext-folder", "--enable", "--exec", "--browser", "--help"], 1)
            raise UsageError(f"unknown option {word}" + (f" (nearest: {near[0]})" if near else ""))
        else:
            _take(options, "--exec", word)
    if not options.script and options.browser is None:
        raise UsageError("no script to run")
    options.args += words
    return options


def _take(options: Options, option: str, value: str) -> None:
    if option == "--ext-folder":
        options.ext_folders.append(value)
    elif option == "--enable":
        options.enable.append(value)
    else:
        # Kit's form is one word, "script.py arg1 arg2"; a path may hold spaces too.
        is_file = Path(value).is_file() or Path(f"{value}.py").is_file()
        options.script, *options.args = [value] if is_file else shlex.split(value) or [value]


def setting_value(text: str) -> Any:
    """Return a setting's value: bool, number and list as in JSON, anything else is text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if value is None else value


def main(argv: Sequence[str]) -> int:
    """Run the command line and return the exit code.

    Raises UsageError, RealKitError, FileNotFoundError for a missing script, and what an extension to enable raises.
    """
    options = parse(argv)
    install_modules()
    from omni.ext import ExtensionError
    from omni.kit.app import App
    from omni.kit.app._scripting import find_script

    for folder in options.ext_folders:
        if not Path(folder).is_dir():
            raise UsageError(f"--ext-folder {folder}: no such folder")
    path = find_script(options.script) if options.script else None
    with App(settings=options.settings, ext_folders=options.ext_folders) as app:
        try:
            for ext_id in options.enable:
                app.get_extension_manager().set_extension_enabled_immediate(ext_id, True)
        except ExtensionError as error:
            raise UsageError(str(error)) from error
        _open_first_stage()
        port = options.browser
        return ScriptRun(app, path, options.args, page=None if port is None else lambda: _view(app, port)).run()


def _open_first_stage() -> None:
    """Open a new stage if Kit's own setting asks for one: snippets for the Script Editor begin with the open one."""
    import carb.settings
    import omni.usd

    if carb.settings.get_settings().get_as_bool("/app/content/emptyStageOnStart"):
        omni.usd.get_context().new_stage()


def _view(app: App, port: int) -> View:
    from kitless.browser import BrowserMissingError, require_browser

    try:
        require_browser()
        from kitless.browser.view import View

        view = View(app, port)
    except BrowserMissingError as error:
        raise UsageError(str(error)) from error
    except (OSError, OverflowError) as error:
        raise UsageError(f"--browser {port}: {error}") from error
    # The one place that shows the token.
    sys.stdout.write(f"The app is at {view.url}\n")
    sys.stdout.flush()
    return view


class ScriptRun:
    """One script in the app, from its body to the end of its tasks.

    With a ``page`` the app goes on until it is asked to quit or interrupted, and there need not be a script. The page
    is opened when the script's body has done its work, so that a script which finds nothing to show can end before.
    """

    def __init__(
        self,
        app: App,
        path: Path | None,
        args: Sequence[str],
        *,
        page: Callable[[], View] | None = None,
    ) -> None:
        self._app = app
        self._path = path
        self._argv = [str(path), *args]
        self._page = page
        self._wait: Callable[[], None] = lambda: time.sleep(_IDLE_S)
        self._others = asyncio.all_tasks(app.loop)
        self._in_body = False
        self._signals = 0
        self._cancelled = False
        self._failed = False
        self._exit: int | None = None

    def run(self) -> int:
        """Run the script until its tasks have ended or the app quits, and return the exit code.

        That is post_quit's code or sys.exit's unless it is 0; else 1 when the body or a task that nobody awaited raised
        (its traceback is on stderr), 130 when interrupted before the script quit, 0 otherwise, and when there was
        nothing to interrupt but the app. The first SIGINT or SIGTERM cancels the script's tasks, which may clean up;
        the second one ends the process.
        """
        with self._watching():
            if self._path is None:
                self._update_to_end()
            elif not self._run_script(self._path):
                return EXIT_FAILED
        return self._code()

    def _run_script(self, path: Path) -> bool:
        from omni.kit.app._scripting import Script, script_surroundings

        try:
            script = Script(path.read_bytes(), str(path))
        except SyntaxError:
            traceback.print_exc(limit=0)
            return False
        with script_surroundings(script.module, self._argv, path.parent):
            self._guarded(self._body, script)
            self._update_to_end()
        # Tasks are reported as failed when nothing can await them any more: the script's globals still could.
        _forget_globals(script.module)
        return True

    def _update_to_end(self) -> None:
        with contextlib.ExitStack() as stack:
            if self._page is not None and self._exit is None:
                self._wait = stack.enter_context(self._page()).wait
            self._update_while_needed()

    def _update_while_needed(self) -> None:
        while self._is_under_way() and self._app.is_running() and self._exit is None:
            self._guarded(self._update)
        self._guarded(self._finish)

    def _is_under_way(self) -> bool:
        return bool(self._tasks()) or (self._page is not None and not self._signals)

    def _body(self, script: Any) -> None:
        self._in_body = True
        try:
            with self._app.as_running_loop():
                rest = script.run()
        finally:
            self._in_body = False
        if rest is not None:
            self._app.loop.create_task(rest)

    def _update(self) -> None:
        if self._signals and not self._cancelled:
            self._cancelled = True
            for task in self._tasks():
                task.cancel()
        self._app.update()
        self._wait()

    def _finish(self) -> None:
        self._app.cancel_tasks(self._tasks())

    def _tasks(self) -> set[asyncio.Task[Any]]:
        return {task for task in asyncio.all_tasks(self._app.loop) if task not in self._others}

    def _guarded(self, step: Callable[..., None], *args: Any) -> None:
        with contextlib.ExitStack() as edge:
            edge.push(self._on_raised)
            step(*args)

    def _on_raised(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> bool:
        """Make an exit code of whatever comes out of the script, as Python does at the end of a program."""
        if isinstance(error, SystemExit):
            self._exit = _exit_code(error)
        elif isinstance(error, KeyboardInterrupt):
            self._exit = EXIT_INTERRUPTED
        elif error is not None:
            self._show(error)
            self._exit = EXIT_FAILED
        return True

    def _show(self, error: BaseException) -> None:
        self._failed = True
        # The frames above the script's own are the host's.
        while error.__traceback__ and error.__traceback__.tb_frame.f_code.co_filename != str(self._path):
            if error.__traceback__.tb_next is None:
                break
            error.__traceback__ = error.__traceback__.tb_next
        traceback.print_exception(error)
        sys.stderr.flush()

    def _code(self) -> int:
        quit_code = self._app.return_code
        if quit_code or self._exit is not None:
            return quit_code or self._exit or 0
        if self._failed:
            return EXIT_FAILED
        is_interrupted = self._cancelled or (self._signals and self._page is None)
        return EXIT_INTERRUPTED if is_interrupted and quit_code is None else 0

    @contextlib.contextmanager
    def _watching(self) -> Iterator[None]:
        """Take the process's signals and the loop's unawaited failures as long as the script runs."""
        old = {each: signal.signal(each, self._on_signal) for each in _SIGNALS}
        handler = self._app.loop.get_exception_handler()
        self._app.loop.set_exception_handler(self._on_failure)
        try:
            yield
        finally:
            self._app.loop.set_exception_handler(handler)
            for each, previous in old.items():
                signal.signal(each, previous)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        if self._signals > 1:
            # Whatever the tasks are still at is given up, so that nothing can keep the process.
            os._exit(EXIT_INTERRUPTED)
        if self._in_body:
            raise KeyboardInterrupt

    def _on_failure(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, SystemExit):
            return
        if isinstance(error, BaseException):
            self._show(error)
        else:
            loop.default_exception_handler(context)


def _forget_globals(module: ModuleType) -> None:
    for name in [name for name in vars(module) if not name.startswith("__")]:
        delattr(module, name)
    gc.collect()


def _exit_code(error: SystemExit) -> int:
    """Return what Python's own exit makes of it: None is 0, a text is shown and 1."""
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    sys.stderr.write(f"{error.code}\n")
    return EXIT_FAILED
