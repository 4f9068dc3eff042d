"""The command line inside a running Kit: ``kit ... --exec "tools/kit_main.py record JOB.json"``.

``--exec`` runs this file inside the app's loop and waits for nothing: the work is a task, which quits the app.
"""

import asyncio
import os
import sys
import threading
import traceback
from collections.abc import Sequence

import omni.kit.app

PATIENCE_S = 10.0
"""With the time that a recording waits for its last files this is half a minute."""


async def _main(argv: Sequence[str]) -> None:
    code = 1
    try:
        # Imported here so that a broken installation, too, ends with an exit code.
        from simslate.recorder.cli import main

        code = await main(argv)
    except Exception:  # noqa: BLE001  Kit would keep the task's error to itself
        traceback.print_exc()
    finally:
        # Without this a headless Kit would run on for ever, whatever went wrong.
        omni.kit.app.get_app().post_quit(code)
        _end_soon(code)


def _end_soon(code: int) -> None:
    """End the process with ``code`` if what is left to do, such as closing the app, takes too long."""
    timer = threading.Timer(PATIENCE_S, os._exit, (code,))
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    # The loop itself holds tasks weakly only.
    tasks = [asyncio.ensure_future(_main(sys.argv[1:]))]
