"""The compiled loop that finds what groups of instances would cover if each were alone in the frame.

What the frame itself shows answers for most pixels. One that shows a member is covered. One that shows nothing is not:
the frame's ray has met nothing at all. Of one that shows something else, the group can only lie behind that; where the
ray has left the group's box before it gets there, it does not. Only what is left is traced again.
"""

from __future__ import annotations

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
    TILE_HEIGHT,
    TILE_WIDTH,
    VIEW,
    aligned,
    clear_packet,
    drop_blind,
    intersect,
    load_rays,
)
from kitless.raycast.memory import lent
from kitless.raycast.openings import WORLD, lent_world, pass_cutouts

SEEN = types.Tuple((types.int32[::1], types.float32[::1], WORLD))
"""(instance, travel, world): of each pixel's hit, (0,) each where the frame has not been traced; and what is there.

The indices of the world are the members of all groups.
"""
GROUPS = types.Tuple((types.int64[::1], types.float64[:, :, ::1], types.float64[:, ::1], types.int64[:, ::1]))
"""(starts (n + 1,), to_boxes (n, 4, 3), boxes (n, 6), tasks (m, 7)).

starts: where each group's members, ascending, begin among the indices of the world. to_boxes: world to a frame of the
group's own, row vectors; boxes: the lowest and highest coordinates that it reaches there. tasks: a group, its Embree
scene or 0, first and last (exclusive) tile column, first and last tile row, and where the pixels of its tiles begin in
what is covered, row by row of whole tiles.
"""
COVER = types.Tuple((types.int64[:, ::1], types.boolean[::1]))
"""(counts (m, 6), covered).

counts: pixels, x_min, y_min, x_max, y_max (inclusive), and 1 where a task was given up. covered: pixels; (0,) for none.
"""
_ALL = (1 << LANES) - 1
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
    lone = members[group[0]] if group[1] - group[0] == 1 else -1
    for y in range(corner[1], min(corner[1] + TILE_HEIGHT, size[1])):
        for x in range(corner[0], min(corner[0] + TILE_WIDTH, size[0])):
            bit = 1 << ((y - corner[1]) * TILE_WIDTH + x - corner[0])
            if not len(shown):
                other |= bit
                continue
            instance = shown[y * size[0] + x]
            if instance < 0:
                continue
            if instance == lone or (lone < 0 and is_member(members, group[0], group[1], instance)):
                own |= bit
            else:
                other |= bit
    return own, other


@compiled()
def within_reach(ray: np.ndarray, spare: np.ndarray, view: tuple, seen: tuple, tile: tuple, group: tuple) -> int:
    """Load a tile's rays and return those of its lanes that are still in a box, or before it, where the frame's end.

    spare (2, LANES); tile = (packet, its top left pixel, lanes as bits); group = (to_box (4, 3), box (6,)).
    """
    packet, corner, lanes = tile
    load_rays(ray, packet, view[0], view[3], ray[:0], view[2])
    if not len(seen[0]):
        return lanes
    travel, width = seen[1], view[2][0]
    to_box, box = group
    # Loops over lanes without branches: the compiler makes vector code of them.
    enter, leave = spare[0], spare[1]
    for lane in range(LANES):
        enter[lane], leave[lane] = -np.inf, np.inf
    for axis in range(3):
        a, b, c, d = to_box[0, axis], to_box[1, axis], to_box[2, axis], to_box[3, axis]
        low, high = box[axis], box[3 + axis]
        for lane in range(LANES):
            start = ray[ORIGIN, lane] * a + ray[ORIGIN + 1, lane] * b + ray[ORIGIN + 2, lane] * c + d
            toward = ray[DIRECTION, lane] * a + ray[DIRECTION + 1, lane] * b + ray[DIRECTION + 2, lane] * c
            pace = 1.0 / toward
            one, two = (low - start) * pace, (high - start) * pace
            near, far = (one, two) if one < two else (two, one)
            # A ray along a side and in its plane (0 / 0) compares as false: that axis says nothing.
            enter[lane] = near if near > enter[lane] else enter[lane]
            leave[lane] = far if far < leave[lane] else leave[lane]
    left = lanes
    for lane in range(LANES):
        if lanes >> lane & 1:
            end = travel[(corner[1] + (lane >> 2)) * width + corner[0] + (lane & 3)]
            if enter[lane] > leave[lane] or leave[lane] * _BEYOND < end:
                left &= ~(1 << lane)
    return left


@compiled()
def trace_alone(ray: np.ndarray, valid: np.ndarray, query: tuple, view: tuple, world: tuple, task: tuple) -> int:
    """Trace a loaded packet in a scene of its own and return the lanes, as bits, that hit.

    query = (scene, query arguments, whether anything is cut out); task = (packet, where the scene's slots begin).
    """
    bits, lanes = ray.view(np.int32), 0
    clear_packet(ray, valid, task[0], view[1], view[2], 0)
    drop_blind(ray, valid)
    for lane in range(LANES):
        lanes |= (valid[0, lane] & 1) << lane
    intersect(valid.ctypes.data, query[0], ray.ctypes.data, query[1])
    if query[2]:
        pass_cutouts((ray, valid), (query[0], query[1]), world, task[1], view)
    for lane in range(LANES):
        if bits[GEOMETRY, lane] == -1:
            lanes &= ~(1 << lane)
    return lanes


@compiled()
def enter_lanes(lanes: int, corner: tuple, count: np.ndarray, covered: np.ndarray, place: tuple) -> None:
    """Add a tile's covered lanes to a count and mark them; place = (its first pixel in covered, length of a row)."""
    x, y = corner
    if lanes == _ALL:
        count[0] += LANES
        count[1], count[2] = min(count[1], x), min(count[2], y)
        count[3], count[4] = max(count[3], x + TILE_WIDTH - 1), max(count[4], y + TILE_HEIGHT - 1)
    for lane in range(LANES):
        if lanes == _ALL and not len(covered):
            return
        if not lanes >> lane & 1:
            continue
        if lanes != _ALL:
            right, down = x + (lane & 3), y + (lane >> 2)
            count[0] += 1
            count[1], count[2] = min(count[1], right), min(count[2], down)
            count[3], count[4] = max(count[3], right), max(count[4], down)
        if len(covered):
            covered[place[0] + (lane >> 2) * place[1] + (lane & 3)] = True


@compiled(signature(types.void, QUERY, VIEW, SEEN, GROUPS, SPAN, COVER))
def cover_tiles(query: tuple, view: tuple, seen: tuple, groups: tuple, span: tuple, found: tuple) -> None:
    """Find the pixels of tile rectangles that groups cover; query = (query arguments, whether anything is cut out).

    A group's own scene holds its members in their order. A task without a scene that turns out to need one is given up.
    found is filled by the caller: counts with 0, width, height, -1, -1, 0, covered with false.
    """
    ray, valid, spare = aligned(RAY_HIT_ROWS), aligned(1).view(np.int32), np.empty((2, LANES))
    shown, travel, world = lent(seen[0]), lent(seen[1]), lent_world(seen[2])
    starts, to_boxes, boxes, tasks = lent(groups[0]), lent(groups[1]), lent(groups[2]), lent(groups[3])
    counts, covered = lent(found[0]), lent(found[1])
    view = lent(view[0]), view[1], view[2], lent(view[3])
    across = (view[2][0] + TILE_WIDTH - 1) // TILE_WIDTH
    for task in range(span[0], span[1]):
        group, scene, first_column, last_column, first_row, last_row, start = tasks[task]
        first, last, box = starts[group], starts[group + 1], (to_boxes[group], boxes[group])
        columns, count = last_column - first_column, counts[task]
        for step in range((last_row - first_row) * columns):
            row, column = step // columns, step % columns
            corner = (first_column + column) * TILE_WIDTH, (first_row + row) * TILE_HEIGHT
            packet = (first_row + row) * across + first_column + column
            own, other = look_up(shown, view[2], corner, world[0], (first, last))
            if other:
                other = within_reach(ray, spare, view, (shown, travel), (packet, corner, other), box)
            if other and not scene:
                count[5] = 1
                break
            if other:
                own |= other & trace_alone(ray, valid, (scene, query[0], query[1]), view, world, (packet, first))
            if own:
                place = start + (row * columns * TILE_HEIGHT + column) * TILE_WIDTH, columns * TILE_WIDTH
                enter_lanes(own, corner, count, covered, place)
