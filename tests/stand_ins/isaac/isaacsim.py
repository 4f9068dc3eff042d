"""Stands in for Isaac Sim's: an app that starts late, reads Kit's words from sys.argv, and is driven by update()."""

import sys
from pathlib import Path

from kitless import host

host.install_modules()
# Whatever else kitless has of Isaac Sim is found beside its own SimulationApp, which this one stands in for.
__path__ = [str(Path(host.__file__).with_name("modules") / "isaacsim")]


class SimulationApp:
    def __init__(self, launch_config=None, experience=""):
        from omni.kit.app import App

        assert launch_config == {"headless": True}
        settings = dict(word[2:].split("=") for word in sys.argv[1:])
        self._app = App(settings=settings)
        self._app.__enter__()

    def update(self):
        self._app.update()

    def close(self, wait_for_replicator=True, skip_cleanup=False, exit_code=0):
        self._app.__exit__(None, None, None)
        print("closed by the stand-in", flush=True)
