"""The simulation manager: class methods over the app's timeline and its count of physics steps."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import count
from typing import Any

import omni.timeline
from carb.eventdispatcher import get_eventdispatcher
from isaacsim.core._clock import clock
from isaacsim.core._dynamics import warn_of_dynamics
from isaacsim.core.api.physics_context import PhysicsContext
from isaacsim.core.simulation_manager._events import IsaacEvents, SimulationEvent
from kitless.services import service

_BEFORE = (IsaacEvents.PRE_PHYSICS_STEP, SimulationEvent.PHYSICS_PRE_STEP)
_AFTER = (IsaacEvents.POST_PHYSICS_STEP, SimulationEvent.PHYSICS_POST_STEP)
_TIMELINE = {
    IsaacEvents.PHYSICS_WARMUP: omni.timeline.GLOBAL_EVENT_PLAY,
    IsaacEvents.PHYSICS_READY: omni.timeline.GLOBAL_EVENT_PLAY,
    IsaacEvents.TIMELINE_STOP: omni.timeline.GLOBAL_EVENT_STOP,
    SimulationEvent.SIMULATION_STARTED: omni.timeline.GLOBAL_EVENT_PLAY,
    SimulationEvent.SIMULATION_PAUSED: omni.timeline.GLOBAL_EVENT_PAUSE,
    SimulationEvent.SIMULATION_STOPPED: omni.timeline.GLOBAL_EVENT_STOP,
}


class _Registered:
    """The callbacks of the app: what undoes each, by its id."""

    def __init__(self) -> None:
        self.ids = count(1)
        self.undo: dict[int, Callable[[], Any]] = {}


class SimulationManager:
    """Time, steps and callbacks. There is no physics engine: steps are counted and announced, and nothing moves."""

    @classmethod
    def get_active_physics_engine(cls) -> str:
        """Return the engine whose names these are."""
        return "physx"

    @classmethod
    def setup_simulation(cls, dt: float | None = None, device: Any = None) -> None:
        """Set the seconds of a physics step."""
        if dt is not None:
            cls.set_physics_dt(dt)

    @classmethod
    def initialize_physics(cls) -> None:
        """Warn that nothing will move."""
        warn_of_dynamics("SimulationManager.initialize_physics")

    @classmethod
    def invalidate_physics(cls) -> None:
        """Do nothing: there is no physics engine to forget."""

    @classmethod
    def get_simulation_time(cls) -> float:
        """Return the seconds of simulation since the last stop."""
        return clock().time

    @classmethod
    def get_num_physics_steps(cls) -> int:
        """Return the physics steps since the last stop."""
        return clock().steps

    @classmethod
    def is_simulating(cls) -> bool:
        """Return whether the timeline plays."""
        return omni.timeline.get_timeline_interface().is_playing()

    @classmethod
    def is_paused(cls) -> bool:
        """Return whether the timeline is paused."""
        timeline = omni.timeline.get_timeline_interface()
        return not timeline.is_playing() and not timeline.is_stopped()

    @classmethod
    def step(cls, *, steps: int = 1, callback: Callable[[int, int], bool | None] | None = None) -> None:
        """Take steps, moving the timeline by each; ``callback(step, steps)`` ends them by returning False."""
        for number in range(steps):
            clock().move_timeline(clock().dt)
            if callback is not None and callback(number, steps) is False:
                return

    @classmethod
    def set_physics_dt(cls, dt: float = 1.0 / 60.0, physics_scene: str | None = None) -> None:
        """Set the seconds of a physics step; raises ValueError where they are not above 0."""
        PhysicsContext(set_defaults=False, prim_path=physics_scene or "/physicsScene").set_physics_dt(dt)

    @classmethod
    def get_physics_dt(cls, physics_scene: str | None = None) -> float:
        """Return the seconds of a physics step."""
        return clock().dt

    @classmethod
    def set_physics_sim_device(cls, val: str) -> None:
        """Take where physics would be computed."""

    @classmethod
    def get_physics_sim_device(cls) -> str:
        """Return where physics would be computed."""
        return "cpu"

    @classmethod
    def get_backend(cls) -> str:
        """Return what arrays are made of."""
        return "numpy"

    @classmethod
    def set_backend(cls, val: str) -> None:
        """Set what arrays are made of; raises NotImplementedError for another than numpy."""
        if val != "numpy":
            name = "isaacsim.core.simulation_manager.SimulationManager.set_backend"
            raise NotImplementedError(f"{name}({val!r}) is not in kitless yet")

    @classmethod
    def get_physics_sim_view(cls) -> None:
        """Return None: there is no physics engine."""
        return

    @classmethod
    def assets_loading(cls) -> bool:
        """Return whether assets are being loaded, which opening has always finished here."""
        return False

    @classmethod
    def enable_fabric(cls, enable: bool) -> None:
        """Do nothing: everything is on the stage."""

    @classmethod
    def is_fabric_enabled(cls) -> bool:
        """Return False: everything is on the stage."""
        return False

    @classmethod
    def register_callback(
        cls, callback: Callable[..., Any], event: IsaacEvents | SimulationEvent, **kwargs: Any
    ) -> int:
        """Call a function at each event, and return an id for deregister_callback.

        Those of steps get the step's seconds (and PhysX's context, None here, where they take two), others the
        timeline's event. Raises NotImplementedError for an event that cannot happen here.
        """
        registered = service(_Registered)
        uid = next(registered.ids)
        if event in _BEFORE or event in _AFTER:
            kind = clock().before if event in _BEFORE else clock().after
            kind[registered, uid] = _stepping(callback)
            registered.undo[uid] = lambda: kind.pop((registered, uid), None)
        elif event in _TIMELINE:
            observer = get_eventdispatcher().observe_event(
                event_name=_TIMELINE[event], on_event=callback, observer_name=__name__
            )
            registered.undo[uid] = observer.reset
        else:
            raise NotImplementedError(f"isaacsim.core.simulation_manager: callbacks for {event} are not in kitless yet")
        return uid

    @classmethod
    def deregister_callback(cls, uid: int) -> bool:
        """Call that function no more; return whether it was there."""
        undo = service(_Registered).undo.pop(uid, None)
        if undo is not None:
            undo()
        return undo is not None

    @classmethod
    def deregister_all_callbacks(cls) -> None:
        """Call no function any more."""
        for uid in list(service(_Registered).undo):
            cls.deregister_callback(uid)


def _stepping(callback: Callable[..., Any]) -> Callable[[float], Any]:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    taken = [each for each in inspect.signature(callback).parameters.values() if each.kind in positional]
    return (lambda dt: callback(dt, None)) if len(taken) > 1 else callback
