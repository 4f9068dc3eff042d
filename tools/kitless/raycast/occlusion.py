"""silhouettes() and spans(): what each object would cover if it were alone in the frame."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from kitless.raycast.cones import bounds_through_lens
from kitless.raycast.embree import query_arguments
from kitless.raycast.kernels import LANES, TILE_HEIGHT, TILE_WIDTH, count_tiles, mark_tiles
from kitless.raycast.openings import count_open_tiles, mark_open_tiles
from kitless.raycast.trace import view_of, world_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene

_ROWS_PER_TASK = 64 // TILE_HEIGHT
_TILE = np.array([TILE_WIDTH, TILE_HEIGHT])
_GROUPS_AT_ONCE = 1024
"""Each is an Embree scene of some kilobytes while it is traced."""
_PIXELS_AT_ONCE = 1 << 25
"""A byte each while the pixels of groups are marked, but for a single group that needs more."""
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
    counts = _nothing(camera, len(groups))
    rectangles = _rectangles(camera, groups, _bounds(scene, camera))
    inside = np.flatnonzero((rectangles[:, :2] < rectangles[:, 2:]).all(axis=1))
    for first in range(0, len(inside), _GROUPS_AT_ONCE):
        chosen = inside[first : first + _GROUPS_AT_ONCE]
        counts[chosen] = _cover(scene, camera, [groups[index] for index in chosen], rectangles[chosen])
    boxes = np.where(counts[:, :1] > 0, counts[:, 1:], -1).astype(np.int32)
    return Silhouettes(counts[:, 0].copy(), boxes)


def spans(scene: Scene, camera: Camera, groups: Sequence[Sequence[int]]) -> list[NDArray[np.int32]]:
    """Return the pixels that each group covers as if alone: the very ones that silhouettes() counts.

    Per group (m, 2): stretches along the rows of the frame, each its first pixel (row * width + column) and its length;
    ascending, and none goes on in the next row. (0, 2) where nothing is covered.
    """
    found = [np.empty((0, 2), np.int32) for _ in groups]
    rectangles = _rectangles(camera, groups, _bounds(scene, camera))
    for chosen in _batches(rectangles):
        marked = _mark(scene, camera, [groups[index] for index in chosen], rectangles[chosen])
        for index, covered in zip(chosen, marked, strict=True):
            found[index] = _spans_of(covered, rectangles[index, :2] * _TILE, camera.resolution[0])
    return found


def _batches(rectangles: NDArray[np.int64]) -> Iterator[list[int]]:
    """Yield the groups whose tile rectangles (n, 4) are not empty, so many at a time that their pixels fit."""
    batch: list[int] = []
    pixels = 0
    for index, (left, top, right, bottom) in enumerate(rectangles.tolist()):
        size = max(right - left, 0) * max(bottom - top, 0) * LANES
        if batch and (pixels + size > _PIXELS_AT_ONCE or len(batch) == _GROUPS_AT_ONCE):
            yield batch
            batch, pixels = [], 0
        if size:
            batch.append(index)
            pixels += size
    if batch:
        yield batch


def _mark(
    scene: Scene, camera: Camera, groups: Sequence[Sequence[int]], rectangles: NDArray[np.int64]
) -> list[NDArray[np.bool_]]:
    """Return which pixels (h, w) of its tile rectangle (n, 4), whole tiles, each group covers."""
    view, arguments = view_of(camera), query_arguments(coherent=True)
    across, down = ((rectangles[:, 2:] - rectangles[:, :2]) * _TILE).T
    ends = np.cumsum(across * down)
    covered = np.zeros(int(ends[-1]), bool)
    with scene.apart(groups) as scenes:
        tasks, owners = _tasks(np.array(scenes, np.int64), rectangles)
        starts = (ends - across * down)[owners] + (tasks[:, 3] - rectangles[owners, 1]) * TILE_HEIGHT * across[owners]
        tasks = np.column_stack([tasks, starts])
        if scene.tables.is_open:
            begun, world = _opened(scene, groups, tasks, owners)
            scene.workers.run(
                lambda span: mark_open_tiles(arguments.ctypes.data, view, begun, span, world, covered), len(tasks)
            )
        else:
            scene.workers.run(lambda span: mark_tiles(arguments.ctypes.data, view, tasks, span, covered), len(tasks))
    parts = np.split(covered, ends[:-1])
    return [part.reshape(h, w) for part, h, w in zip(parts, down.tolist(), across.tolist(), strict=True)]


def _spans_of(covered: NDArray[np.bool_], corner: NDArray[np.int64], width: int) -> NDArray[np.int32]:
    """Return the stretches (m, 2) of ``covered`` (h, w), whose first pixel is at ``corner`` in rows of ``width``."""
    steps = np.diff(np.pad(covered, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, firsts = np.nonzero(steps == 1)
    lasts = np.nonzero(steps == -1)[1]
    starts = (corner[1] + rows) * width + corner[0] + firsts
    return np.stack([starts, lasts - firsts], axis=1).astype(np.int32)


def _nothing(camera: Camera, count: int) -> NDArray[np.int64]:
    """Return counts (n, 5) of groups that cover nothing: pixels, x_min, y_min, x_max, y_max."""
    return np.tile(np.array([0, *camera.resolution, -1, -1], np.int64), (count, 1))


def _cover(
    scene: Scene, camera: Camera, groups: Sequence[Sequence[int]], rectangles: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the counts (n, 5) of groups inside their tile rectangles (n, 4)."""
    view, arguments = view_of(camera), query_arguments(coherent=True)
    with scene.apart(groups) as scenes:
        tasks, owners = _tasks(np.array(scenes, np.int64), rectangles)
        parts = _nothing(camera, len(tasks))
        if scene.tables.is_open:
            begun, world = _opened(scene, groups, tasks, owners)
            scene.workers.run(
                lambda span: count_open_tiles(arguments.ctypes.data, view, begun, span, world, parts), len(tasks)
            )
        else:
            scene.workers.run(lambda span: count_tiles(arguments.ctypes.data, view, tasks, span, parts), len(tasks))
    counts = _nothing(camera, len(groups))
    np.add.at(counts[:, 0], owners, parts[:, 0])
    for column, reduce in ((1, np.minimum), (2, np.minimum), (3, np.maximum), (4, np.maximum)):
        reduce.at(counts[:, column], owners, parts[:, column])
    return counts


def _opened(
    scene: Scene, groups: Sequence[Sequence[int]], tasks: NDArray[np.int64], owners: NDArray[np.int64]
) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Return tasks with one column more, where their scenes' slots begin among the indices of the world beside them."""
    # Slots of a scene of its own are positions in its group.
    starts = np.cumsum([0, *(len(group) for group in groups)])
    indices = np.fromiter(chain.from_iterable(groups), np.int32, count=int(starts[-1]))
    return np.column_stack([tasks, starts[owners]]), (indices, *world_of(scene.tables)[1:])


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
    if camera.lens is not None:
        return bounds_through_lens(camera, world)
    pixels, depths = camera.project(world.reshape(-1, 3))
    pixels, depths = pixels.reshape(-1, 8, 2), depths.reshape(-1, 8)
    found = np.concatenate([pixels.min(axis=1) - _MARGIN, pixels.max(axis=1) + _MARGIN], axis=1)
    # In front by a hair is as good as behind: the projection has lost its precision there.
    behind = depths.min(axis=1) <= 1e-4 * np.abs(depths).max(axis=1)
    found[behind] = (0, 0, width, height)
    return found


def _rectangles(camera: Camera, groups: Sequence[Sequence[int]], bounds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return (n, 4) the tiles that groups may cover: first column and row, last (exclusive) column and row."""
    across, down = -(-np.array(camera.resolution) // _TILE)
    rectangles = np.zeros((len(groups), 4), np.int64)
    sizes = np.array([len(group) for group in groups], np.int64)
    filled = np.flatnonzero(sizes)
    if not len(filled):
        return rectangles
    members = bounds[np.fromiter(chain.from_iterable(groups), np.int64)]
    starts = (np.cumsum(sizes) - sizes)[filled]
    low = np.floor(np.minimum.reduceat(members[:, :2], starts) / _TILE)
    high = np.floor(np.maximum.reduceat(members[:, 2:], starts) / _TILE) + 1
    limits = (across, down)
    rectangles[filled] = np.concatenate([np.clip(low, 0, limits), np.clip(high, 0, limits)], axis=1)
    return rectangles


def _tasks(scenes: NDArray[np.int64], rectangles: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return tile rectangles (m, 5) as count_tiles takes them, and the group (m,) of each."""
    left, top, right, bottom = rectangles.T
    pieces = -(-(bottom - top) // _ROWS_PER_TASK)
    owners = np.repeat(np.arange(len(scenes)), pieces)
    within = np.arange(len(owners)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    first = top[owners] + within * _ROWS_PER_TASK
    last = np.minimum(first + _ROWS_PER_TASK, bottom[owners])
    return np.stack([scenes[owners], left[owners], right[owners], first, last], axis=1), owners
