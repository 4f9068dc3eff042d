"""The simulation with a scene of named objects and with tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isaacsim.core.api.scenes import Scene
from isaacsim.core.api.simulation_context import SimulationContext
from isaacsim.core.api.tasks import BaseTask
from omni.kit.app import get_app

__all__ = ["World"]


class World(SimulationContext):
    """The simulation; there is one, which every further call returns as it is."""

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
    ) -> None:
        if SimulationContext.instance() is self:
            return
        times = (physics_dt, rendering_dt, stage_units_in_meters)
        super().__init__(*times, physics_prim_path, sim_params, set_defaults, backend, device)
        self._scene = Scene()
        self._tasks: dict[str, BaseTask] = {}
        self._is_built = False

    @property
    def scene(self) -> Scene:
        """The objects by name."""
        return self._scene

    # --- tasks

    def add_task(self, task: BaseTask) -> None:
        """Add a task; raises ValueError when there is one of that name already."""
        if task.name in self._tasks:
            raise ValueError(f"there is a task {task.name!r} already")
        self._tasks[task.name] = task

    def get_task(self, name: str) -> BaseTask:
        """Return the task of that name; raises ValueError when there is none."""
        if name not in self._tasks:
            raise ValueError(f"no task {name!r}; there are {', '.join(sorted(self._tasks)) or 'none'}")
        return self._tasks[name]

    def get_current_tasks(self) -> dict[str, BaseTask]:
        """Return the tasks by name."""
        return self._tasks

    def is_tasks_scene_built(self) -> bool:
        """Return whether the tasks have built their scene."""
        return self._is_built

    def get_observations(self, task_name: str | None = None) -> dict[str, Any]:
        """Return what a task observes, or all of them together."""
        return _joined([task.get_observations() for task in self._asked(task_name)])

    def calculate_metrics(self, task_name: str | None = None) -> dict[str, Any]:
        """Return how well a task goes, or all of them together."""
        return _joined([task.calculate_metrics() for task in self._asked(task_name)])

    def is_done(self, task_name: str | None = None) -> bool:
        """Return whether a task is done, or all of them."""
        return all(task.is_done() for task in self._asked(task_name))

    def _asked(self, name: str | None) -> list[BaseTask]:
        return list(self._tasks.values()) if name is None else [self.get_task(name)]

    # --- time

    def reset(self, soft: bool = False) -> None:
        """Build the tasks' scene the first time, play from the start unless ``soft``, and bring back default states."""
        self._clean_up()
        super().reset(soft)
        self._bring_back()

    async def reset_async(self, soft: bool = False) -> None:
        """Reset, waiting for updates."""
        self._clean_up()
        await super().reset_async(soft)
        self._bring_back()

    async def reset_async_set_up_scene(self, soft: bool = False) -> None:
        """Reset, with the tasks' scene built."""
        await self.reset_async(soft)

    async def reset_async_no_set_up_scene(self, soft: bool = False) -> None:
        """Reset, with the tasks' scene as it is."""
        self._is_built = True
        await self.reset_async(soft)

    def _clean_up(self) -> None:
        if not self._is_built:
            for task in self._tasks.values():
                task.set_up_scene(self._scene)
            self._is_built = True
        for task in self._tasks.values():
            task.cleanup()

    def _bring_back(self) -> None:
        self._scene.post_reset()
        for task in self._tasks.values():
            task.post_reset()

    def step(self, render: bool = True, step_sim: bool = True) -> None:
        """Let the tasks prepare, and do a step; without ``step_sim`` the timeline does not move."""
        if step_sim:
            self._prepare()
            super().step(render)
        elif render:
            self.render()

    async def step_async(self, step_size: float | None = None) -> None:
        """Let the tasks prepare, and wait for an update."""
        self._prepare()
        await get_app().next_update_async()

    def _prepare(self) -> None:
        for task in self._tasks.values():
            task.pre_step(self.current_time_step_index, self.current_time)

    def clear(self) -> None:
        """Forget the objects and tasks and delete all prims of the stage but those of the app."""
        self._scene.clear(registry_only=True)
        self._tasks.clear()
        self._is_built = False
        super().clear()


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}
