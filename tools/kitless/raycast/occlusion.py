"""silhouettes() and spans(): what each object would cover if it were alone in the frame."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.cones import bounds_through_lens
from kitless.raycast.coverage import cover_tiles
from kitless.raycast.embree import query_arguments
from kitless.raycast.kernels import LANES, TILE_HEIGHT, TILE_WIDTH
from kitless.raycast.trace import view_of, world_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera
    from kitless.raycast.scene import Scene
    from kitless.raycast.trace import Hits

_ROWS_PER_TASK = 64 // TILE_HEIGHT
_TILE = np.array([TILE_WIDTH, TILE_HEIGHT])
_GROUPS_AT_ONCE = 1024
"""Each is an Embree scene of some kilobytes while it is traced."""
_PIXELS_AT_ONCE = 1 << 25
"""A byte each while the pixels of groups are marked, but for a single group that needs more."""
_MARGIN = 1.0
"""Pixels by which projected bounds are widened, far above their rounding errors."""
_SLACK = 1e-4, 1e-5
"""By which share of their size, and of how far from the origin they and the camera are, boxes are widened: single
precision is off by less."""
_STEADY = 100.0
"""How badly conditioned a transform may be for its box to be taken in its own frame."""
_NO_MARKS = np.empty(0, bool)


@dataclass(frozen=True, eq=False)
class Silhouettes:
    """One row per group."""

    pixels: NDArray[np.int64]
    """(n,) pixels that the group covers, seen without anything else."""
    boxes: NDArray[np.int32]
    """(n, 4) x_min, y_min, x_max, y_max: inclusive pixel indices; all -1 where nothing is covered."""


@dataclass(frozen=True, eq=False)
class _Groups:
    """Groups of positions in Scene.instances, as a camera sees them."""

    members: NDArray[np.int32]
    """Those of the first group, ascending, then those of the next."""
    starts: NDArray[np.int64]
    """(n + 1,) where each group's begin."""
    to_boxes: NDArray[np.float64]
    """(n, 4, 3) world to a frame of the group's own, row vectors."""
    boxes: NDArray[np.float64]
    """(n, 6) the lowest and highest coordinates there, a little widened."""
    rectangles: NDArray[np.int64]
    """(n, 4) the tiles that may be covered: first column and row, last (exclusive) column and row."""


def silhouettes(scene: Scene, camera: Camera, groups: Sequence[Sequence[int]], hits: Hits | None = None) -> Silhouettes:
    """Cover groups of positions in Scene.instances, each group as if alone.

    Each group is put into an Embree scene of its own and traced with the very rays of trace(), so an unoccluded
    object's count is its visible count. Only tiles inside the group's projected bounds are traced. hits: what trace()
    has found with this camera, if it is known; then only what may be hidden is traced.
    """
    prepared = _prepare(scene, camera, groups)
    counts = np.tile(np.array([0, -1, -1, -1, -1], np.int64), (len(groups), 1))
    inside = np.flatnonzero((prepared.rectangles[:, :2] < prepared.rectangles[:, 2:]).all(axis=1))
    if len(inside):
        tasks, firsts = _tasks(inside, prepared.rectangles)
        parts = _cover(scene, camera, prepared, tasks, hits, _NO_MARKS)
        counts[inside, 0] = np.add.reduceat(parts[:, 0], firsts)
        counts[inside, 1:3] = np.minimum.reduceat(parts[:, 1:3], firsts)
        counts[inside, 3:] = np.maximum.reduceat(parts[:, 3:5], firsts)
        counts[counts[:, 0] == 0, 1:] = -1
    return Silhouettes(counts[:, 0].copy(), counts[:, 1:].astype(np.int32))


def spans(
    scene: Scene, camera: Camera, groups: Sequence[Sequence[int]], hits: Hits | None = None
) -> list[NDArray[np.int32]]:
    """Return the pixels that each group covers as if alone: the very ones that silhouettes() counts.

    Per group (m, 2): stretches along the rows of the frame, each its first pixel (row * width + column) and its length;
    ascending, and none goes on in the next row. (0, 2) where nothing is covered.
    """
    found = [np.empty((0, 2), np.int32) for _ in groups]
    prepared = _prepare(scene, camera, groups)
    for chosen in _batches(prepared.rectangles):
        corners = prepared.rectangles[chosen, :2] * _TILE
        for index, corner, covered in zip(chosen, corners, _mark(scene, camera, prepared, chosen, hits), strict=True):
            found[index] = _spans_of(covered, corner, camera.resolution[0])
    return found


def _batches(rectangles: NDArray[np.int64]) -> Iterator[list[int]]:
    """Yield the groups whose tile rectangles (n, 4) are not empty, so many at a time that their pixels fit."""
    batch: list[int] = []
    pixels = 0
    for index, (left, top, right, bottom) in enumerate(rectangles.tolist()):
        size = max(right - left, 0) * max(bottom - top, 0) * LANES
        if batch and pixels + size > _PIXELS_AT_ONCE:
            yield batch
            batch, pixels = [], 0
        if size:
            batch.append(index)
            pixels += size
    if batch:
        yield batch


def _mark(
    scene: Scene, camera: Camera, groups: _Groups, chosen: list[int], hits: Hits | None
) -> list[NDArray[np.bool_]]:
    """Return which pixels (h, w) of its tile rectangle, whole tiles, each chosen group covers."""
    rectangles = groups.rectangles[chosen]
    across, down = ((rectangles[:, 2:] - rectangles[:, :2]) * _TILE).T
    ends = np.cumsum(across * down)
    covered = np.zeros(int(ends[-1]), bool)
    tasks, firsts = _tasks(np.array(chosen), groups.rectangles)
    owners = np.repeat(np.arange(len(chosen)), np.diff([*firsts, len(tasks)]))
    tasks[:, 6] = (ends - across * down)[owners] + (tasks[:, 4] - rectangles[owners, 1]) * TILE_HEIGHT * across[owners]
    _cover(scene, camera, groups, tasks, hits, covered)
    parts = np.split(covered, ends[:-1])
    return [part.reshape(h, w) for part, h, w in zip(parts, down.tolist(), across.tolist(), strict=True)]


def _spans_of(covered: NDArray[np.bool_], corner: NDArray[np.int64], width: int) -> NDArray[np.int32]:
    """Return the stretches (m, 2) of ``covered`` (h, w), whose first pixel is at ``corner`` in rows of ``width``."""
    steps = np.diff(np.pad(covered, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, firsts = np.nonzero(steps == 1)
    lasts = np.nonzero(steps == -1)[1]
    starts = (corner[1] + rows) * width + corner[0] + firsts
    return np.stack([starts, lasts - firsts], axis=1).astype(np.int32)


def _cover(
    scene: Scene,
    camera: Camera,
    groups: _Groups,
    tasks: NDArray[np.int64],
    hits: Hits | None,
    covered: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the counts (m, 6) of tasks, and mark what they cover; see cover_tiles."""
    view, arguments = view_of(camera), query_arguments(coherent=True)
    query = arguments.ctypes.data, int(scene.tables.is_open)
    instance, travel = (
        (np.empty(0, np.int32), np.empty(0, np.float32)) if hits is None else (hits.instance, hits.travel)
    )
    seen = instance.ravel(), travel.ravel(), (groups.members, *world_of(scene.tables)[1:])

    def run(some: NDArray[np.int64]) -> NDArray[np.int64]:
        counts = np.tile(np.array([0, *camera.resolution, -1, -1, 0], np.int64), (len(some), 1))
        told, found = (groups.starts, groups.to_boxes, groups.boxes, some), (counts, covered)
        scene.workers.run(lambda span: cover_tiles(query, view, seen, told, span, found), len(some))
        return counts

    counts = run(tasks)
    # Scenes are dear: they are made for those only that turned out to need one.
    late = np.flatnonzero(counts[:, 5])
    needing = np.unique(tasks[late, 0])
    for first in range(0, len(needing), _GROUPS_AT_ONCE):
        batch = needing[first : first + _GROUPS_AT_ONCE]
        rows = late[np.isin(tasks[late, 0], batch)]
        members = [groups.members[groups.starts[group] : groups.starts[group + 1]].tolist() for group in batch]
        with scene.apart(members) as scenes:
            again = tasks[rows]
            again[:, 1] = np.array(scenes)[np.searchsorted(batch, again[:, 0])]
            counts[rows] = run(again)
    return counts


def _prepare(scene: Scene, camera: Camera, groups: Sequence[Sequence[int]]) -> _Groups:
    sizes = np.array([len(group) for group in groups], np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    members = np.fromiter(chain.from_iterable(groups), np.int32, count=int(starts[-1]))
    members = members[np.lexsort((members, np.repeat(np.arange(len(groups)), sizes)))]
    filled = np.flatnonzero(sizes)
    to_boxes, boxes = np.zeros((len(groups), 4, 3)), np.zeros((len(groups), 6))
    rectangles = np.zeros((len(groups), 4), np.int64)
    if len(filled):
        firsts, world = starts[filled], _corners(scene)
        low = np.minimum.reduceat(world.min(axis=1)[members], firsts)
        high = np.maximum.reduceat(world.max(axis=1)[members], firsts)
        far = np.maximum(np.maximum(np.abs(low), np.abs(high)), np.abs(camera.position)).max(axis=1)
        lone = np.where(sizes[filled] == 1, members[firsts], -1)
        to_boxes[filled], boxes[filled] = _boxes(scene, lone, np.stack([low, high], axis=1), far)
        bounds = _bounds(camera, world)[members]
        low, high = np.minimum.reduceat(bounds[:, :2], firsts), np.maximum.reduceat(bounds[:, 2:], firsts)
        rectangles[filled] = _rectangles(camera, low, high)
    return _Groups(members, starts, to_boxes, boxes, rectangles)


def _boxes(
    scene: Scene, lone: NDArray[np.int32], ends: NDArray[np.float64], far: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return to_boxes (n, 4, 3) and boxes (n, 6) of groups: of a single instance its own, else along the world's axes.

    lone (n,): the only member, or -1. ends (n, 2, 3), far (n,): the lowest and highest world coordinates, and the
    largest of those and the camera's, whatever their signs.
    """
    to_boxes = np.tile(np.eye(4)[:, :3], (len(lone), 1, 1))
    ends = ends.copy()
    transforms, inverses = scene.tables.transforms[lone], scene.tables.inverses[lone]
    # Single precision inverses of nearly flat transforms are far off.
    norms = [np.linalg.norm(matrices[:, :3, :3], axis=(1, 2)) for matrices in (transforms, inverses)]
    own = (lone >= 0) & (norms[0] * norms[1] < _STEADY)
    to_boxes[own] = inverses[own][:, :, :3]
    ends[own] = scene.instances.extents[lone[own]]
    sides = (ends[:, 1] - ends[:, 0]).max(axis=1)
    slack = _SLACK[0] * sides[:, None] + _SLACK[1] * far[:, None] * np.linalg.norm(to_boxes[:, :3], axis=1)
    return to_boxes, np.concatenate([ends[:, 0] - slack, ends[:, 1] + slack], axis=1)


def _corners(scene: Scene) -> NDArray[np.float64]:
    """Return the corners (n, 8, 3) of the instances' boxes in the world."""
    extents, transforms = scene.instances.extents, scene.tables.transforms
    choice = np.array([[k & 1, k >> 1 & 1, k >> 2] for k in range(8)])
    corners = np.stack([extents[:, choice[:, axis], axis] for axis in range(3)], axis=2)
    return corners @ transforms[:, :3, :3] + transforms[:, None, 3, :3]


def _bounds(camera: Camera, world: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 4) x_min, y_min, x_max, y_max in pixels, the whole frame for what reaches behind the camera."""
    width, height = camera.resolution
    if camera.lens is not None:
        return bounds_through_lens(camera, world)
    pixels, depths = camera.project(world.reshape(-1, 3))
    pixels, depths = pixels.reshape(-1, 8, 2), depths.reshape(-1, 8)
    found = np.concatenate([pixels.min(axis=1) - _MARGIN, pixels.max(axis=1) + _MARGIN], axis=1)
    # In front by a hair is as good as behind: the projection has lost its precision there.
    behind = depths.min(axis=1) <= 1e-4 * np.abs(depths).max(axis=1)
    found[behind] = (0, 0, width, height)
    return found


def _rectangles(camera: Camera, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the tiles (n, 4) of pixels from low to high (n, 2): first column, row, last column, row (exclusive)."""
    limits = -(-np.array(camera.resolution) // _TILE)
    first, last = np.floor(low / _TILE), np.floor(high / _TILE) + 1
    return np.concatenate([np.clip(first, 0, limits), np.clip(last, 0, limits)], axis=1).astype(np.int64)


def _tasks(chosen: NDArray[np.int64], rectangles: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the tasks (m, 7) of chosen groups as cover_tiles takes them, and where each group's begin."""
    left, top, right, bottom = rectangles[chosen].T
    pieces = -(-(bottom - top) // _ROWS_PER_TASK)
    firsts = np.cumsum(pieces) - pieces
    owners = np.repeat(np.arange(len(chosen)), pieces)
    upper = top[owners] + (np.arange(len(owners)) - firsts[owners]) * _ROWS_PER_TASK
    lower = np.minimum(upper + _ROWS_PER_TASK, bottom[owners])
    nothing = np.zeros(len(owners), np.int64)
    return np.stack([chosen[owners], nothing, left[owners], right[owners], upper, lower, nothing], axis=1), firsts
