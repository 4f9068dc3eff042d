"""A task, to be derived from."""

from __future__ import annotations

from typing import Any

import numpy as np

from isaacsim.core._poses import Array
from isaacsim.core.api.scenes import Scene

__all__ = ["BaseTask"]


class BaseTask:
    """Builds its scene when the world is reset for the first time, and observes and judges each step."""

    def __init__(self, name: str, offset: Array | None = None) -> None:
        self._name = name
        self._offset = np.zeros(3) if offset is None else np.asarray(offset, dtype=np.float64)
        self._scene: Scene | None = None
        self._task_objects: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """The name in a World."""
        return self._name

    @property
    def scene(self) -> Scene | None:
        """The world's scene, None before set_up_scene."""
        return self._scene

    def set_up_scene(self, scene: Scene) -> None:
        """Add the task's objects to the scene; a derived task calls this first."""
        self._scene = scene

    def get_task_objects(self) -> dict[str, Any]:
        """Return the task's objects by name."""
        return self._task_objects

    def get_observations(self) -> dict[str, Any]:
        """Return what is observed; a derived task has to say."""
        raise NotImplementedError(f"{type(self).__name__}.get_observations")

    def calculate_metrics(self) -> dict[str, Any]:
        """Return how well it goes; a derived task has to say."""
        raise NotImplementedError(f"{type(self).__name__}.calculate_metrics")

    def is_done(self) -> bool:
        """Return whether the task is done; a derived task has to say."""
        raise NotImplementedError(f"{type(self).__name__}.is_done")

    def pre_step(self, time_step_index: int, simulation_time: float) -> None:
        """Do what has to be done before each step."""

    def post_reset(self) -> None:
        """Do what has to be done after each reset."""

    def get_description(self) -> str:
        """Return what the task is."""
        return ""

    def cleanup(self) -> None:
        """Undo what the task has done beside its objects, before a reset."""

    def set_params(self, *args: Any, **kwargs: Any) -> None:
        """Take what can be changed; a derived task has to say."""
        raise NotImplementedError(f"{type(self).__name__}.set_params")

    def get_params(self) -> dict[str, Any]:
        """Return what can be changed; a derived task has to say."""
        raise NotImplementedError(f"{type(self).__name__}.get_params")
