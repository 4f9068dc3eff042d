"""What scripts for CARLA begin with. There is no server: the world is the open stage of the app they run in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import carb.settings
import omni.usd
from simslate.recorder.labels import surfaces

from .errors import CarlaError
from .extension import CarlaExtension
from .world import World

VERSION = "0.9.16"
"""The client whose calls these are."""
MAP = "/exts/simslate.carla/map"
TOWN = Path(__file__).parents[2] / "data" / "town.usda"


class Client:
    """Hands out the one world that there is."""

    def __init__(self, host: str = "127.0.0.1", port: int = 2000, worker_threads: int = 0) -> None:
        """The arguments make no difference: nothing is connected to."""
        del host, port, worker_threads

    def set_timeout(self, seconds: float) -> None:
        """Do nothing: there is no server to wait for."""

    def get_client_version(self) -> str:
        """Return the version of CARLA whose calls these are."""
        return VERSION

    get_server_version = get_client_version

    def get_world(self) -> World:
        """Return the open stage as a world; if nothing on it can be drawn, open a town of our own first.

        ``load_world`` opens another stage. Raises CarlaError while the extension simslate.carla is not enabled.
        """
        stage = omni.usd.get_context().get_stage()
        if stage is None or next(surfaces(stage), None) is None:
            return self.load_world(carb.settings.get_settings().get_as_string(MAP) or TOWN)
        return CarlaExtension.world_of(stage)

    def load_world(self, map_name: str | Path, reset_settings: bool = True, map_layers: Any = None) -> World:
        """Open the stage at path or URL ``map_name`` and return it as a world without actors; "Town" is our own.

        Raises CarlaError if it cannot be opened.
        """
        del reset_settings, map_layers
        address = str(TOWN) if str(map_name) == "Town" else str(map_name)
        context = omni.usd.get_context()
        CarlaExtension.forget_world()
        if not context.open_stage(address):
            raise CarlaError(f'{map_name}: no stage that can be opened; name a USD file, or "Town"')
        return CarlaExtension.world_of(context.get_stage())

    def reload_world(self, reset_settings: bool = True) -> World:
        """Open the stage that is open anew, without actors."""
        return self.load_world(self.get_world().get_map().name, reset_settings)

    def get_available_maps(self) -> list[str]:
        """Return what ``load_world`` opens by name; it opens any stage by path."""
        return ["Town"]

    def apply_batch(self, commands: Iterable[Any]) -> None:
        """Do all of some ``simslate.carla.command`` commands, whatever becomes of each."""
        self.apply_batch_sync(commands)

    def apply_batch_sync(self, commands: Iterable[Any], due_tick_cue: bool = False) -> list[Any]:
        """As ``apply_batch``, and return what became of each; with ``due_tick_cue`` tick then."""
        world = self.get_world()
        responses = [command.apply(world) for command in commands]
        if due_tick_cue:
            world.tick()
        return responses
