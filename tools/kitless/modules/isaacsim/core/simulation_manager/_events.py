"""What callbacks can be registered for."""

from __future__ import annotations

import enum


class IsaacEvents(enum.Enum):
    """Events of Isaac Sim 4.5 to 6."""

    PHYSICS_WARMUP = "isaac.physics_warmup"
    SIMULATION_VIEW_CREATED = "isaac.simulation_view_created"
    PHYSICS_READY = "isaac.physics_ready"
    POST_RESET = "isaac.post_reset"
    PRIM_DELETION = "isaac.prim_deletion"
    PRE_PHYSICS_STEP = "isaac.pre_physics_step"
    POST_PHYSICS_STEP = "isaac.post_physics_step"
    TIMELINE_STOP = "isaac.timeline_stop"


class SimulationEvent(enum.Enum):
    """Events of Isaac Sim 6."""

    PHYSICS_PRE_STEP = "isaacsim.physics.pre_step"
    PHYSICS_POST_STEP = "isaacsim.physics.post_step"
    SIMULATION_SETUP = "isaacsim.simulation.setup"
    SIMULATION_STARTED = "isaacsim.simulation.started"
    SIMULATION_PAUSED = "isaacsim.simulation.paused"
    SIMULATION_RESUMED = "isaacsim.simulation.resumed"
    SIMULATION_STOPPED = "isaacsim.simulation.stopped"
    PRIM_DELETED = "isaacsim.prim_deleted"
