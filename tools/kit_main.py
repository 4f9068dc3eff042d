"""The command line in a Kit: the same commands and exit codes as ``tools/simslate``.

In a running app, ``kit --exec "tools/kit_main.py record JOB.json"``: the file is run inside the app's loop, which waits
for nothing, so that the work is a task, which quits the app. As a program of its own, ``python.sh tools/kit_main.py
record JOB.json``: it starts Isaac Sim without a window, and what begins with ``--/`` is a setting for it.
"""

import asyncio
import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

EXTENSION = "simslate.recorder"
EXTENSIONS = Path(__file__).resolve().parents[1] / "exts"
PATIENCE_S = 10.0
"""With the time that a recording waits for its last files this is half a minute."""


async def _run(argv: Sequence[str]) -> int:
    """Run the command line and return its exit code, 1 for what should not happen. What was recorded is written out."""
    try:
        _heed_signals(asyncio.current_task())
        _enable()
        # Imported here so that a broken installation, too, ends with an exit code.
        from simslate.recorder.cli import main

        return await main(argv)
    except Exception:  # noqa: BLE001  Kit would keep the task's error to itself
        traceback.print_exc()
        return 1


def _enable() -> None:
    """Enable the extension where the command line of Kit has not."""
    import omni.kit.app

    manager = omni.kit.app.get_app().get_extension_manager()
    if not manager.is_extension_enabled(EXTENSION):
        manager.add_path(str(EXTENSIONS))
        manager.set_extension_enabled_immediate(EXTENSION, True)


def _heed_signals(task: Any) -> None:
    """Let the first SIGINT or SIGTERM end the recording in order, and the second one the process.

    Batch systems give a job a notice so. A host that has handlers of its own is left to see to that.
    """
    loop = asyncio.get_running_loop()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        loop.call_soon_threadsafe(task.cancel)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler, None):
            signal.signal(number, on_signal)


def _end_soon(code: int) -> None:
    """End the process with ``code`` if what is left to do, such as closing the app, takes too long."""
    timer = threading.Timer(PATIENCE_S, os._exit, (code,))
    timer.daemon = True
    timer.start()


async def _in_app(argv: Sequence[str]) -> None:
    """Run the command line in the app that runs already, and quit it."""
    import omni.kit.app

    code = 1
    try:
        code = await _run(argv)
    finally:
        # Without this a headless Kit would run on for ever, whatever went wrong.
        omni.kit.app.get_app().post_quit(code)
        _end_soon(code)


def _standalone(argv: Sequence[str]) -> int:
    """Start Isaac Sim, run the command line in it, and return the exit code."""
    try:
        from isaacsim import SimulationApp
    except ImportError:
        # Up to Isaac Sim 4.2.
        from omni.isaac.kit import SimulationApp
    # Kit is handed what it finds here, and our words are none of its.
    sys.argv[1:] = [word for word in argv if word.startswith("--/")]
    app = SimulationApp({"headless": True})
    for number in (signal.SIGINT, signal.SIGTERM):
        # The app's own handlers would close it at once, with files on their way.
        signal.signal(number, signal.SIG_DFL)
    task = asyncio.ensure_future(_run([word for word in argv if not word.startswith("--/")]))
    while not task.done():
        app.update()
    code = task.result()
    _end_soon(code)
    sys.stdout.flush()
    sys.stderr.flush()
    if code:
        # Not every release's close() takes an exit code, and some end the process themselves; all is written by now.
        os._exit(code)
    app.close()
    return code


if __name__ == "__main__":
    # A Kit that runs a script has imported this, and it is not to be imported before a SimulationApp is made.
    if "omni.kit.app" in sys.modules:
        # The loop itself holds tasks weakly only.
        tasks = [asyncio.ensure_future(_in_app(sys.argv[1:]))]
    else:
        sys.exit(_standalone(sys.argv[1:]))
