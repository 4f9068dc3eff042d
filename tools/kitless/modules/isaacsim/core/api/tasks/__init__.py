"""What a simulation is for: a task builds its scene, observes and judges."""

from isaacsim.core.api.tasks.base_task import BaseTask
from kitless.absent import Missing, absent

FollowTarget = Missing("isaacsim.core.api.tasks.FollowTarget")
PickPlace = Missing("isaacsim.core.api.tasks.PickPlace")
Stacking = Missing("isaacsim.core.api.tasks.Stacking")

__all__ = ["BaseTask", "FollowTarget", "PickPlace", "Stacking"]

__getattr__ = absent(__name__)
