"""The compiled loop that finds what groups of instances would cover if each were alone in the frame.

What the frame itself shows answers for most pixels. One that shows a member is covered. One that shows nothing is not:
the frame's ray has met nothing at all. Of one that shows something else, the group can only lie behind that; where the
ray has left the group's box before it gets there, it does not. Only what is left is traced again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import (
    DIRECTION,
    GEOMETRY,
    LANES,
    ORIGIN,
    QUERY,
    RAY_HIT_ROWS,
    SPAN,
    TILE,
    VIEW,
    aligned,
    clear_packet,
    drop_blind,
    intersect16,
    load_rays,
)
from kitless.raycast.memory import lent
from kitless.raycast.openings import WORLD, lent_world, pass_cutouts

SEEN = types.Tuple((types.int32[::1], types.float32[::1]))
"""(instance, travel) of each pixel's hit; (0,) each where the frame has not been traced."""
GROUPS = types.Tuple((types.int64[::1], types.float64[:, ::1], types.int64[:, ::1]))
"""(starts (n + 1,), boxes (n, 6), tasks (m, 7)).

starts: where each group's members, ascending, begin among the indices of the world. boxes: lowest and highest world
coordinates that a group reaches. tasks: a group, its Embree scene or 0, first and last (exclusive) tile column, first
and last tile row, and where the pixels of its tiles begin in what is covered, row by row of whole tiles.
"""
COVER = types.Tuple((types.int64[:, ::1], types.boolean[::1]))
"""(counts (m, 6), covered).

counts: pixels, x_min, y_min, x_max, y_max (inclusive), and 1 where a task was given up. covered: pixels; (0,) for none.
"""
_BEYOND = 1.00001
"""Travels are single precision: what is behind by less is not known to be."""


@compiled()
def is_member(members: np.ndarray, first: int, last: int, instance: int) -> bool:
    """Whether an instance is among members[first:last], ascending."""
    while last - first > 1:
        middle = (first + last) // 2
        if members[middle] <= instance:
            first = middle
        else:
            last = middle
    return first < last and members[first] == instance


@compiled()
def look_up(shown: np.ndarray, size: tuple, corner: tuple, members: np.ndarray, group: tuple) -> tuple:
    """Return the lanes of a tile, as bits, that show a member of members[group[0]:group[1]], and those to be traced."""
    own, other = 0, 0
    for lane in range(LANES):
        x, y = corner[0] + (lane & 3), corner[1] + (lane >> 2)
        if x >= size[0] or y >= size[1]:
            continue
        instance = shown[y * size[0] + x] if len(shown) else -1
        if instance >= 0 and is_member(members, group[0], group[1], instance):
            own |= 1 << lane
        elif instance >= 0 or not len(shown):
            other |= 1 << lane
    return own, other


@compiled()
def within_reach(ray: np.ndarray, travel: np.ndarray, width: int, corner: tuple, box: np.ndarray, lanes: int) -> int:
    """Return those of some lanes whose rays are still in a box, or before it, where they end at what the frame shows."""
    left = lanes
    for lane in range(LANES):
        if not lanes >> lane & 1:
            continue
        enter, leave = -np.inf, np.inf
        for axis in range(3):
            start, toward = np.float64(ray[ORIGIN + axis, lane]), np.float64(ray[DIRECTION + axis, lane])
            one, two = (box[axis] - start) / toward, (box[3 + axis] - start) / toward
            # A ray in the plane of a side is nowhere in particular there (0 / 0): such an axis says nothing.
            if max(one, two) < leave:
                leave = max(one, two)
            if min(one, two) > enter:
                enter = min(one, two)
        end = travel[(corner[1] + (lane >> 2)) * width + corner[0] + (lane & 3)]
        if enter > leave or leave * _BEYOND < end:
            left &= ~(1 << lane)
    return left


@compiled()
def trace_alone(bench: tuple, query: tuple, view: tuple, world: tuple, task: tuple) -> int:
    """Trace a loaded packet in a scene of its own and return the lanes, as bits, that hit; task = (packet, first)."""
    ray, valid = bench
    bits, lanes = ray.view(np.int32), 0
    clear_packet(ray, valid, task[0], view[1], view[2], 0)
    drop_blind(ray, valid)
    for lane in range(LANES):
        lanes |= (valid[0, lane] & 1) << lane
    intersect16(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
    if query[2]:
        pass_cutouts(bench, query, world, task[1], view)
    for lane in range(LANES):
        if bits[GEOMETRY, lane] == -1:
            lanes &= ~(1 << lane)
    return lanes


@compiled()
def enter_lanes(lanes: int, corner: tuple, count: np.ndarray, covered: np.ndarray, place: tuple) -> None:
    """Add a tile's covered lanes to a count, and mark them; place = (their first pixel in covered, its row's length)."""
    for lane in range(LANES):
        if not lanes >> lane & 1:
            continue
        x, y = corner[0] + (lane & 3), corner[1] + (lane >> 2)
        count[0] += 1
        count[1], count[2] = min(count[1], x), min(count[2], y)
        count[3], count[4] = max(count[3], x), max(count[4], y)
        if len(covered):
            covered[place[0] + (lane >> 2) * place[1] + (lane & 3)] = True


@compiled(signature(types.void, QUERY, VIEW, SEEN, GROUPS, SPAN, WORLD, COVER))
def cover_tiles(query: tuple, view: tuple, seen: tuple, groups: tuple, span: tuple, world: tuple, found: tuple) -> None:
    """Find the pixels of tile rectangles that groups cover; query = (query arguments, whether anything is cut out).

    Of the world only the group's members are traced, in a scene of its own, and its slots are their order. A task without
    a scene that turns out to need one is given up. found is filled by the caller: 0, width, height, -1, -1, 0, and false.
    """
    ray, valid = aligned(RAY_HIT_ROWS), aligned(1).view(np.int32)
    every_pixel = np.empty((0, 2), np.float32)
    world, members = lent_world(world), lent(world[0])
    shown, travel = lent(seen[0]), lent(seen[1])
    starts, boxes, tasks = lent(groups[0]), lent(groups[1]), lent(groups[2])
    counts, covered = lent(found[0]), lent(found[1])
    rays, _, size, table = view
    across = (size[0] + TILE - 1) // TILE
    for task in range(span[0], span[1]):
        group, scene, first_column, last_column, first_row, last_row, start = tasks[task]
        first, last = starts[group], starts[group + 1]
        columns = last_column - first_column
        for step in range((last_row - first_row) * columns):
            row, column = step // columns, step % columns
            corner = (first_column + column) * TILE, (first_row + row) * TILE
            packet = (first_row + row) * across + first_column + column
            own, other = look_up(shown, size, corner, members, (first, last))
            if other:
                load_rays(ray, packet, rays, table, every_pixel, size)
                if len(shown):
                    other = within_reach(ray, travel, size[0], corner, boxes[group], other)
            if other and not scene:
                counts[task, 5] = 1
                break
            if other:
                own |= other & trace_alone(
                    (ray, valid), (scene, query[0], query[1]), view, world, (packet, first)
                )
            if own:
                place = start + (row * columns * TILE + column) * TILE, columns * TILE
                enter_lanes(own, corner, counts[task], covered, place)
