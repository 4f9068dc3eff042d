"""The extension as Kit starts and stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pxr import Usd

import omni.ext
from simslate.recorder.compat import on_stage_closing

from .catalogue import Catalogue
from .errors import CarlaError
from .world import World


class CarlaExtension(omni.ext.IExt):
    """Owns the world of the open stage, from ``on_startup`` to ``on_shutdown``."""

    _instance: ClassVar[CarlaExtension | None] = None

    def on_startup(self, _ext_id: str) -> None:
        """Wait for whoever asks for the world."""
        self._world: World | None = None
        self._count = 0
        self._end: Callable[[], None] = on_stage_closing(self._let_go)
        CarlaExtension._instance = self

    def on_shutdown(self) -> None:
        """Take everything spawned off the stage."""
        CarlaExtension._instance = None
        self._end()
        self._let_go()

    @classmethod
    def world_of(cls, stage: Usd.Stage) -> World:
        """Return the open ``stage`` as a world, the same one each time. CarlaError while it is not enabled."""
        extension = cls._instance
        if extension is None:
            raise CarlaError("the extension simslate.carla is not enabled")
        if extension._world is None:
            extension._count += 1
            extension._world = World(stage, Catalogue(), extension._count)
        return extension._world

    @classmethod
    def forget_world(cls) -> None:
        """End the world of the open stage, if there is one."""
        if cls._instance is not None:
            cls._instance._let_go()

    def _let_go(self) -> None:
        world, self._world = self._world, None
        if world is not None:
            world.close()
