"""The simulation of the open stage: it plays the timeline in steps of its own. Nothing moves by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from pxr import Usd, UsdGeom

import omni.timeline
from isaacsim.core._clock import DEFAULT_DT, clock
from isaacsim.core._current import current_stage
from isaacsim.core.api.physics_context import PhysicsContext
from isaacsim.core.api.simulation_context._callbacks import AllCallbacks
from kitless.absent import Partial
from kitless.services import service
from omni.kit.app import App, get_app

__all__ = ["SimulationContext"]


class _TheSimulation:
    """The one simulation of the app."""

    def __init__(self) -> None:
        self.instance: SimulationContext | None = None

    def close(self) -> None:
        """End it with the app."""
        if self.instance is not None:
            self.instance.clear_all_callbacks()
        self.instance = None


class SimulationContext(Partial):
    """The simulation; there is one, which every further call returns as it is.

    A step with a picture is an update of the app, in which the timeline moves by ``rendering_dt`` seconds (1/60 unless
    given) and physics callbacks are called for each ``physics_dt`` of it. Raises NotImplementedError for a backend
    other than numpy, RuntimeError when no stage is open.
    """

    def __new__(cls, *_: Any, **__: Any) -> SimulationContext:
        """Return the simulation that there is, or a new one; raises RuntimeError when it is of another class."""
        there = service(_TheSimulation).instance
        if there is not None and not isinstance(there, cls):
            raise RuntimeError(f"there is a {type(there).__name__} already: clear_instance() ends it")
        return there or super().__new__(cls)

    def __init__(
        self,
        physics_dt: float | None = None,
        rendering_dt: float | None = None,
        stage_units_in_meters: float | None = None,
        physics_prim_path: str = "/physicsScene",
        sim_params: Mapping[str, Any] | None = None,
        set_defaults: bool = True,
        backend: str = "numpy",
        device: str | None = None,
        stage: Usd.Stage | None = None,
    ) -> None:
        if service(_TheSimulation).instance is self:
            return
        if backend != "numpy":
            raise NotImplementedError(f"isaacsim.core.api.SimulationContext(backend={backend!r}) is not in kitless yet")
        self._stage = stage or current_stage()
        if stage_units_in_meters is not None:
            UsdGeom.SetStageMetersPerUnit(self._stage, stage_units_in_meters)
        self._physics = PhysicsContext(physics_dt, physics_prim_path, sim_params, set_defaults)
        self._rendering_dt = DEFAULT_DT
        self._block_on_render = False
        self.set_simulation_dt(physics_dt or DEFAULT_DT, rendering_dt or physics_dt or DEFAULT_DT)
        self._callbacks = AllCallbacks()
        service(_TheSimulation).instance = self

    @classmethod
    def instance(cls) -> SimulationContext | None:
        """Return the simulation, None when there is none."""
        return service(_TheSimulation).instance

    @classmethod
    def clear_instance(cls) -> None:
        """End the simulation; the next call makes a new one."""
        found = service(_TheSimulation).instance
        if found is not None:
            found._callbacks.close()
            service(_TheSimulation).instance = None

    # --- facts

    @property
    def app(self) -> App:
        """The app."""
        return get_app()

    @property
    def stage(self) -> Usd.Stage:
        """The stage."""
        return self._stage

    @property
    def backend(self) -> str:
        """What arrays are made of: numpy."""
        return "numpy"

    @property
    def backend_utils(self) -> ModuleType:
        """The functions for arrays of the backend."""
        import isaacsim.core.utils.numpy as utils

        return utils

    @property
    def device(self) -> str:
        """Where arrays are."""
        return "cpu"

    @property
    def physics_sim_view(self) -> None:
        """None: there is no physics engine."""
        return

    @property
    def current_time(self) -> float:
        """Seconds of simulation since the last stop."""
        return clock().time

    @property
    def current_time_step_index(self) -> int:
        """Physics steps since the last stop."""
        return clock().steps

    def get_physics_context(self) -> PhysicsContext:
        """Return what is said about physics on the stage."""
        return self._physics

    def get_physics_dt(self) -> float:
        """Return the seconds of a physics step."""
        return clock().dt

    def get_rendering_dt(self) -> float:
        """Return the seconds of an update of the app."""
        return self._rendering_dt

    def set_simulation_dt(self, physics_dt: float | None = None, rendering_dt: float | None = None) -> None:
        """Set the seconds of a physics step and of an update; None leaves one. Raises ValueError for 0 and below."""
        if physics_dt is not None:
            self._physics.set_physics_dt(physics_dt)
        if rendering_dt is not None:
            # One time code an update: the rate of the timeline is that of updates.
            _timeline().set_time_codes_per_second(1.0 / rendering_dt)
            _timeline().commit()
            self._rendering_dt = rendering_dt

    def set_block_on_render(self, block: bool) -> None:
        """Keep whether updates wait for the picture, which they do in any case."""
        self._block_on_render = block

    def get_block_on_render(self) -> bool:
        """Return what set_block_on_render was told."""
        return self._block_on_render

    # --- time

    def is_playing(self) -> bool:
        """Return whether the timeline plays."""
        return _timeline().is_playing()

    def is_stopped(self) -> bool:
        """Return whether the timeline is stopped."""
        return _timeline().is_stopped()

    def is_simulating(self) -> bool:
        """Return whether the simulation has begun and has not been stopped."""
        return not self.is_stopped()

    def play(self) -> None:
        """Play the timeline; after a stop its first update shows the start."""
        _timeline().play()
        _timeline().commit()
        get_app().update()

    async def play_async(self) -> None:
        """Play the timeline and wait for an update."""
        _timeline().play()
        await get_app().next_update_async()

    def pause(self) -> None:
        """Pause the timeline."""
        _timeline().pause()
        get_app().update()

    async def pause_async(self) -> None:
        """Pause the timeline and wait for an update."""
        _timeline().pause()
        await get_app().next_update_async()

    def stop(self) -> None:
        """Stop the timeline: back to the start."""
        _timeline().stop()
        get_app().update()

    async def stop_async(self) -> None:
        """Stop the timeline and wait for an update."""
        _timeline().stop()
        await get_app().next_update_async()

    def step(self, render: bool = True) -> None:
        """Do an update of the app; without ``render``, move the timeline by a physics step alone, if it plays."""
        if render:
            get_app().update()
        elif self.is_playing():
            clock().move_timeline(clock().dt)

    def render(self) -> None:
        """Do an update of the app in which the timeline does not move."""
        timeline = _timeline()
        moves = timeline.is_auto_updating()
        timeline.set_auto_update(False)
        try:
            get_app().update()
        finally:
            timeline.set_auto_update(moves)

    async def render_async(self) -> None:
        """Wait for an update of the app in which the timeline does not move."""
        timeline = _timeline()
        moves = timeline.is_auto_updating()
        timeline.set_auto_update(False)
        try:
            await get_app().next_update_async()
        finally:
            timeline.set_auto_update(moves)

    def reset(self, soft: bool = False) -> None:
        """Stop the timeline, unless ``soft``, and play it from the start."""
        if not soft:
            if not self.is_stopped():
                self.stop()
            self.initialize_physics()

    async def reset_async(self, soft: bool = False) -> None:
        """Stop the timeline, unless ``soft``, and play it from the start."""
        if not soft:
            if not self.is_stopped():
                await self.stop_async()
            await self.play_async()

    def initialize_physics(self) -> None:
        """Play the timeline if it is stopped: where physics would begin."""
        if self.is_stopped():
            self.play()

    async def initialize_simulation_context_async(self) -> None:
        """Wait for an update."""
        await get_app().next_update_async()

    def skip_next_stage_open_callback(self) -> None:
        """Do nothing: opening a stage calls nothing of this object's."""

    def clear(self) -> None:
        """Delete all prims of the stage but those of the app."""
        from isaacsim.core.utils.stage import clear_stage

        clear_stage()

    # --- callbacks

    def add_physics_callback(self, callback_name: str, callback_fn: Callable[[float], None]) -> None:
        """Call a function with the step's seconds before each physics step."""
        self._callbacks.physics.add(callback_name, callback_fn)

    def remove_physics_callback(self, callback_name: str) -> None:
        """Call it no more."""
        self._callbacks.physics.remove(callback_name)

    def physics_callback_exists(self, callback_name: str) -> bool:
        """Return whether there is one of that name."""
        return self._callbacks.physics.exists(callback_name)

    def clear_physics_callbacks(self) -> None:
        """Call none any more."""
        self._callbacks.physics.clear()

    def add_render_callback(self, callback_name: str, callback_fn: Callable[[Any], None]) -> None:
        """Call a function with the event at the end of each update."""
        self._callbacks.render.add(callback_name, callback_fn)

    def remove_render_callback(self, callback_name: str) -> None:
        """Call it no more."""
        self._callbacks.render.remove(callback_name)

    def render_callback_exists(self, callback_name: str) -> bool:
        """Return whether there is one of that name."""
        return self._callbacks.render.exists(callback_name)

    def clear_render_callbacks(self) -> None:
        """Call none any more."""
        self._callbacks.render.clear()

    def add_stage_callback(self, callback_name: str, callback_fn: Callable[[Any], None]) -> None:
        """Call a function with each stage event."""
        self._callbacks.stage.add(callback_name, callback_fn)

    def remove_stage_callback(self, callback_name: str) -> None:
        """Call it no more."""
        self._callbacks.stage.remove(callback_name)

    def stage_callback_exists(self, callback_name: str) -> bool:
        """Return whether there is one of that name."""
        return self._callbacks.stage.exists(callback_name)

    def clear_stage_callbacks(self) -> None:
        """Call none any more."""
        self._callbacks.stage.clear()

    def add_timeline_callback(self, callback_name: str, callback_fn: Callable[[Any], None]) -> None:
        """Call a function with each timeline event."""
        self._callbacks.timeline.add(callback_name, callback_fn)

    def remove_timeline_callback(self, callback_name: str) -> None:
        """Call it no more."""
        self._callbacks.timeline.remove(callback_name)

    def timeline_callback_exists(self, callback_name: str) -> bool:
        """Return whether there is one of that name."""
        return self._callbacks.timeline.exists(callback_name)

    def clear_timeline_callbacks(self) -> None:
        """Call none any more."""
        self._callbacks.timeline.clear()

    def clear_all_callbacks(self) -> None:
        """Call none of any kind any more."""
        self._callbacks.clear()


def _timeline() -> omni.timeline.Timeline:
    return omni.timeline.get_timeline_interface()
