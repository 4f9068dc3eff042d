"""The world: a stage, the actors spawned on it, and its time."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from pxr import Sdf, Usd, UsdGeom

import carb
import omni.kit.app
import omni.replicator.core as rep
import omni.timeline
from simslate.recorder.actors import ACTOR_ID
from simslate.recorder.writers.carla_instance_segmentation import make_encoder

from .actors import Actor, ActorList, Vehicle, Walker
from .blueprints import ActorBlueprint, BlueprintLibrary
from .catalogue import Catalogue
from .collision import overlap
from .errors import CarlaError
from .geometry import Transform
from .map import Map
from .place import Place
from .sensors import Sensor, check_sensor
from .settings import ActorSnapshot, Timestamp, WorldSettings, WorldSnapshot

ROOT = "/CarlaActors"
"""The prim that all actors are below."""
_SPECTATOR_LENS = 90.0, 1280, 720
"""Field of view in degrees, and the size that the shape of the picture is taken from."""


class AttachmentType(IntEnum):
    """How an actor goes along with its parent. Whatever is asked for, it is rigid here."""

    Rigid = 0
    SpringArm = 1
    SpringArmGhost = 2


class World:
    """The open stage as CARLA's world. Nothing happens in it by itself: ``tick`` is what moves its time.

    What is spawned lives in a layer of its own, which is never saved with the stage.
    """

    def __init__(self, stage: Usd.Stage, catalogue: Catalogue, number: int = 1) -> None:
        self.id = number
        self.place = Place(stage)
        self._catalogue = catalogue
        self._map = Map(stage, self.place)
        self._encoder = make_encoder()
        self._settings = WorldSettings()
        self._actors: dict[int, Actor] = {}
        self._observers: dict[int, Callable[[WorldSnapshot], Any]] = {}
        self._frame = 0
        self._elapsed_s = 0.0
        self._delta_s = 0.0
        self._began_s = omni.timeline.get_timeline_interface().get_current_time()
        self._spawned = 0
        self._spectator = self._make(Actor, f"{ROOT}/spectator", None)
        self.place.set_lens(self._spectator.prim, *_SPECTATOR_LENS)
        self._spectator.set_transform(self._map.spectator)

    def close(self) -> None:
        """Take everything spawned off the stage. The world is of no use then."""
        for actor in self.get_actors():
            actor.destroy()
        self.place.close()

    def get_blueprint_library(self) -> BlueprintLibrary:
        """Return what can be spawned."""
        return self._catalogue.library()

    def get_map(self) -> Map:
        """Return the stage as a map: its name and its spawn points."""
        return self._map

    def get_spectator(self) -> Actor:
        """Return the spectator, who is no sensor: the camera ``/CarlaActors/spectator`` on the stage."""
        return self._spectator

    def get_settings(self) -> WorldSettings:
        """Return a copy of the settings in force."""
        return WorldSettings(**vars(self._settings))

    def apply_settings(self, settings: WorldSettings, seconds: float = 0.0) -> int:
        """Put ``settings`` in force; return the frame from which on they count. ``seconds`` makes no difference."""
        del seconds
        if settings.synchronous_mode and settings.fixed_delta_seconds is None:
            carb.log_warn("Synchronous mode without fixed_delta_seconds: each tick is one time code of the stage")
        self._settings = WorldSettings(**vars(settings))
        return self._frame

    def get_snapshot(self) -> WorldSnapshot:
        """Return where every actor is now."""
        stamp = Timestamp(self._frame, self._elapsed_s, self._delta_s, time.time())
        actors = {number: ActorSnapshot(number, actor.get_transform()) for number, actor in self._actors.items()}
        return WorldSnapshot(stamp, self.id, MappingProxyType(actors))

    def get_actors(self, actor_ids: Iterable[int] | None = None) -> ActorList:
        """Return the actors, or those with some ids."""
        wanted = self._actors if actor_ids is None else [number for number in actor_ids if number in self._actors]
        return ActorList({number: self._actors[number] for number in wanted})

    def get_actor(self, actor_id: int) -> Actor | None:
        """Return the actor of an id, None if there is none."""
        return self._actors.get(actor_id)

    def spawn_actor(
        self,
        blueprint: ActorBlueprint,
        transform: Transform,
        attach_to: Actor | None = None,
        attachment_type: AttachmentType = AttachmentType.Rigid,
        bone_name: str = "",
    ) -> Actor:
        """Spawn an actor at ``transform``: in the world or, with ``attach_to``, in the axes of that actor.

        Raises CarlaError where another actor is in the way, and for a sensor that is not here.
        """
        actor = self.try_spawn_actor(blueprint, transform, attach_to, attachment_type, bone_name)
        if actor is None:
            raise CarlaError(f"Spawn failed because of collision at spawn position: {blueprint.id} at {transform}")
        return actor

    def try_spawn_actor(
        self,
        blueprint: ActorBlueprint,
        transform: Transform,
        attach_to: Actor | None = None,
        attachment_type: AttachmentType = AttachmentType.Rigid,
        bone_name: str = "",
    ) -> Actor | None:
        """As ``spawn_actor``, but return None where another actor is in the way."""
        del attachment_type, bone_name  # whatever is attached is rigid
        if blueprint.id.startswith("sensor."):
            check_sensor(blueprint.id)
        actor = self._spawn(blueprint, transform, attach_to)
        if attach_to is None and not isinstance(actor, Sensor) and self._is_blocked(actor):
            path = str(actor.prim.GetPath())
            actor.destroy()
            # It has been in no picture.
            self._encoder.ids.give_back(path)
            return None
        return actor

    def on_tick(self, callback: Callable[[WorldSnapshot], Any]) -> int:
        """Call ``callback`` with a snapshot at each tick; return the number by which to remove it."""
        number = max(self._observers, default=0) + 1
        self._observers[number] = callback
        return number

    def remove_on_tick(self, callback_id: int) -> None:
        """Call it no more."""
        self._observers.pop(callback_id, None)

    def tick(self, seconds: float = 10.0) -> int:
        """Move time by ``fixed_delta_seconds`` (or one time code of the stage), and return the frame's number.

        Every listening sensor whose time has come has had its callback called when this returns; what a callback
        raises is raised here. ``seconds``, a time-out in CARLA, makes no difference. Raises CarlaError inside the app's
        loop, where ``await world.tick_async()`` does the same.
        """
        del seconds
        if _is_in_coroutine():
            raise CarlaError("tick() would wait for the loop that it is called in: use `await world.tick_async()`")
        due = self._begin_tick()
        if due:
            rep.orchestrator.step(pause_timeline=False, delta_time=0.0)
        else:
            omni.kit.app.get_app().update()
        return self._end_tick(due)

    async def tick_async(self) -> int:
        """As ``tick``, for coroutines: in the Script Editor, and in extensions. Not in CARLA."""
        due = self._begin_tick()
        if due:
            await rep.orchestrator.step_async(pause_timeline=False, delta_time=0.0)
        else:
            await omni.kit.app.get_app().next_update_async()
        return self._end_tick(due)

    def wait_for_tick(self, seconds: float = 10.0) -> WorldSnapshot:
        """Tick, as there is no server that would, and return the snapshot."""
        self.tick(seconds)
        return self.get_snapshot()

    def forget(self, actor: Actor) -> None:
        """Take a destroyed actor off the stage."""
        self._actors.pop(actor.id, None)
        with self.place.editing():
            self.place.stage.RemovePrim(actor.prim.GetPath())

    def _begin_tick(self) -> list[Sensor]:
        timeline = omni.timeline.get_timeline_interface()
        self._delta_s = self._settings.fixed_delta_seconds or 1 / timeline.get_time_codes_per_seconds()
        self._frame += 1
        self._elapsed_s += self._delta_s
        timeline.set_current_time(self._began_s + self._elapsed_s)
        for actor in self._actors.values():
            actor.follow()
        due = [each for each in self._actors.values() if isinstance(each, Sensor) and each.prepare(self._elapsed_s)]
        return [] if self._settings.no_rendering_mode else due

    def _end_tick(self, due: Iterable[Sensor]) -> int:
        frame, elapsed = self._frame, self._elapsed_s
        for observer in list(self._observers.values()):
            observer(self.get_snapshot())
        for sensor in due:
            if sensor.is_alive:
                sensor.deliver(frame, elapsed)
        return frame

    def _spawn(self, blueprint: ActorBlueprint, transform: Transform, parent: Actor | None) -> Actor:
        # No path is given twice, as no id is.
        self._spawned += 1
        name = re.sub(r"[^A-Za-z0-9]", "_", blueprint.id)
        actor = self._make(_kind(blueprint.id), f"{ROOT}/{name}_{self._spawned:04d}", blueprint)
        with ExitStack() as undo:
            undo.callback(self.forget, actor)
            if isinstance(actor, Sensor):
                actor.set_up(self._encoder)
            actor.attach(parent, transform) if parent is not None else actor.set_transform(transform)
            undo.pop_all()
        return actor

    def _make(self, kind: type[Actor], path: str, blueprint: ActorBlueprint | None) -> Actor:
        stage, is_camera = self.place.stage, issubclass(kind, Sensor) or blueprint is None
        number = self._encoder.ids.of(path)
        with self.place.editing():
            UsdGeom.Scope.Define(stage, ROOT)
            prim = (UsdGeom.Camera if is_camera else UsdGeom.Xform).Define(stage, path).GetPrim()
            prim.CreateAttribute(ACTOR_ID, Sdf.ValueTypeNames.Int).Set(number)
            if blueprint is not None and not is_camera:
                self._catalogue.place(blueprint, UsdGeom.Xform.Define(stage, f"{path}/Asset").GetPrim())
        attributes = {attribute.id: attribute.value for attribute in blueprint or ()}
        actor = kind(self, number, blueprint.id if blueprint else "spectator", prim, attributes)
        self._actors[number] = actor
        return actor

    def _is_blocked(self, actor: Actor) -> bool:
        pose = actor.get_transform()
        others = (each for each in self._actors.values() if each is not actor and each.bounding_box.extent.length() > 0)
        return any(overlap(actor.bounding_box, pose, other.bounding_box, other.get_transform()) for other in others)


def _is_in_coroutine() -> bool:
    try:
        # The body of a script may use the loop without running in it.
        return asyncio.get_running_loop().is_running()
    except RuntimeError:
        return False


def _kind(type_id: str) -> type[Actor]:
    kinds = {"vehicle": Vehicle, "walker": Walker, "sensor": Sensor}
    return kinds.get(type_id.partition(".")[0], Actor)
