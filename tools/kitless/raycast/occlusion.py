"""silhouettes(): what each object would cover if it were alone in the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.embree import query_arguments
from kitless.raycast.kernels import TILE, count_tiles
from kitless.raycast.trace import view_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene

_ROWS_PER_TASK = 16
_GROUPS_AT_ONCE = 1024
"""Each is an Embree scene of some kilobytes while it is traced."""
_MARGIN = 1.0
"""Pixels by which projected bounds are widened, far above their rounding errors."""


@dataclass(frozen=True, eq=False)
class Silhouettes:
    """One row per group."""

    pixels: NDArray[np.int64]
    """(n,) pixels that the group covers, seen without anything else."""
    boxes: NDArray[np.int32]
    """(n, 4) x_min, y_min, x_max, y_max: inclusive pixel indices; all -1 where nothing is covered."""


def silhouettes(scene: Scene, camera: Camera, groups: Sequence[Sequence[int]]) -> Silhouettes:
    """Cover groups of positions in Scene.instances, each group as if alone.

    Each group is put into an Embree scene of its own and traced with the very rays of trace(), so an unoccluded
    object's count is its visible count. Only tiles inside the group's projected bounds are traced.
    """
    width, height = camera.resolution
    counts = np.tile(np.array([0, width, height, -1, -1], np.int64), (len(groups), 1))
    bounds = _bounds(scene, camera)
    for first in range(0, len(groups), _GROUPS_AT_ONCE):
        span = slice(first, first + _GROUPS_AT_ONCE)
        _cover(scene, camera, groups[span], bounds, counts[span])
    boxes = np.where(counts[:, :1] > 0, counts[:, 1:], -1).astype(np.int32)
    return Silhouettes(counts[:, 0].copy(), boxes)


def _cover(
    scene: Scene,
    camera: Camera,
    groups: Sequence[Sequence[int]],
    bounds: NDArray[np.float64],
    counts: NDArray[np.int64],
) -> None:
    """Add what groups cover to their counts (m, 5): pixels, x_min, y_min, x_max, y_max."""
    view, arguments = view_of(camera), query_arguments(coherent=True)
    with scene.apart(groups) as scenes:
        tasks, owners = _tasks(camera, scenes, [bounds[list(group)] for group in groups])
        parts = counts[owners]
        scene.workers.run(lambda span: count_tiles(arguments.ctypes.data, view, tasks, span, parts), len(tasks))
    np.add.at(counts[:, 0], owners, parts[:, 0])
    for column, reduce in ((1, np.minimum), (2, np.minimum), (3, np.maximum), (4, np.maximum)):
        reduce.at(counts[:, column], owners, parts[:, column])


def _bounds(scene: Scene, camera: Camera) -> NDArray[np.float64]:
    """Return (n, 4) x_min, y_min, x_max, y_max in pixels, the whole frame for what reaches behind the camera."""
    width, height = camera.resolution
    extents = scene.instances.extents
    if not len(extents):
        return np.empty((0, 4))
    choice = np.array([[k & 1, k >> 1 & 1, k >> 2] for k in range(8)])
    corners = np.stack([extents[:, choice[:, axis], axis] for axis in range(3)], axis=2)
    transforms = scene.tables.transforms
    world = corners @ transforms[:, :3, :3] + transforms[:, None, 3, :3]
    pixels, depths = camera.project(world.reshape(-1, 3))
    pixels, depths = pixels.reshape(-1, 8, 2), depths.reshape(-1, 8)
    found = np.concatenate([pixels.min(axis=1) - _MARGIN, pixels.max(axis=1) + _MARGIN], axis=1)
    # In front by a hair is as good as behind: the projection has lost its precision there.
    behind = depths.min(axis=1) <= 1e-4 * np.abs(depths).max(axis=1)
    found[behind] = (0, 0, width, height)
    return found


def _tasks(
    camera: Camera, scenes: Sequence[int], bounds: Sequence[NDArray[np.float64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return tile rectangles (m, 5) as count_tiles takes them, and the group (m,) of each."""
    width, height = camera.resolution
    across, down = -(-width // TILE), -(-height // TILE)
    tasks, owners = [], []
    for group, (scene, boxes) in enumerate(zip(scenes, bounds, strict=True)):
        if not len(boxes):
            continue
        low = np.clip(np.floor(boxes[:, :2].min(axis=0) / TILE), 0, (across, down)).astype(int)
        high = np.clip(np.floor(boxes[:, 2:].max(axis=0) / TILE) + 1, 0, (across, down)).astype(int)
        if (low >= high).any():
            continue
        for first in range(low[1], high[1], _ROWS_PER_TASK):
            tasks.append((scene, low[0], high[0], first, min(first + _ROWS_PER_TASK, high[1])))
            owners.append(group)
    return np.array(tasks, np.int64).reshape(-1, 5), np.array(owners, np.int64)
