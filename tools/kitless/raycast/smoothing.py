"""The compiled loops over whole pictures: surfaces followed, noise made smooth, bytes made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import SPAN
from kitless.raycast.memory import lent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.workers import Workers

ROUND, NEAR = 0.9, 0.05
"""Two pixels see one surface if the cosine of their normals is above, and their depths differ by no larger part."""

FRAME_HITS = types.Tuple((types.int32[::1], types.float32[::1], types.float32[:, ::1], types.int64))
"""(instance, depth, normal, width) of a frame, a row per pixel."""
VALUES = types.float32[:, ::1]
"""(m, n): light or colours."""

LINKS = types.uint8[::1]
"""(m,) ACROSS where a pixel and its right neighbour see one smooth piece of surface, DOWN for the one below."""
ACROSS, DOWN = 1, 2


@compiled(inline="always")
def _link_rows(one: tuple, other: tuple, bit: int, links: np.ndarray) -> None:
    """Add a bit to the links of a row's pixels that see one smooth piece of surface with another row's, or nothing.

    A row is (instance, depth, normals one after the other). No branches, so that the compiler makes vector code of it.
    """
    instance, depth, normal = one
    for j in range(len(links)):
        turn = normal[3 * j] * other[2][3 * j]
        turn += normal[3 * j + 1] * other[2][3 * j + 1] + normal[3 * j + 2] * other[2][3 * j + 2]
        near = abs(depth[j] - other[1][j]) <= np.float32(NEAR) * depth[j]
        same = (instance[j] == other[0][j]) & ((near & (turn > np.float32(ROUND))) | (instance[j] < 0))
        links[j] |= np.uint8(same) * bit


@compiled(inline="always")
def _part(frame: tuple, first: int, last: int) -> tuple:
    return frame[0][first:last], frame[1][first:last], frame[2][3 * first : 3 * last]


@compiled(signature(types.void, FRAME_HITS, SPAN, LINKS))
def link(hits: tuple, span: tuple, links: np.ndarray) -> None:
    """Find the links of rows of pixels."""
    frame, links, width = (lent(hits[0]), lent(hits[1]), lent(hits[2]).ravel()), lent(links), hits[3]
    for first in range(span[0] * width, span[1] * width, width):
        last = first + width
        for i in range(first, last):
            links[i] = 0
        here, right = _part(frame, first, last - 1), _part(frame, first + 1, last)
        _link_rows(here, right, np.uint8(ACROSS), links[first : last - 1])
        if last < len(links):
            here, below = _part(frame, first, last), _part(frame, last, last + width)
            _link_rows(here, below, np.uint8(DOWN), links[first:last])


@compiled()
def window(links: np.ndarray, i: int, step: int, way: int) -> tuple:
    """Return the first and last of up to 4 linked pixels in a line about pixel i.

    Beside an edge the window shifts rather than shrinks, or edges would show the pattern of the samples.
    """
    first, last = 0, 0
    while last < 3 and links[i + last * step] & way:
        last += 1
    while first > -3 and i + (first - 1) * step >= 0 and links[i + (first - 1) * step] & way:
        first -= 1
    # One before and two after, if there are.
    first = max(first, min(-1, last - 3) if last < 2 else -1)
    return first, min(last, first + 3)


@compiled(inline="always")
def is_inside(links: np.ndarray, i: int, step: int, way: int) -> bool:
    """Whether a pixel's window is one before to two after."""
    return i >= step and links[i - step] & way and links[i] & way and links[i + step] & way


@compiled()
def average(links: np.ndarray, spot: tuple, values: np.ndarray, out: np.ndarray) -> None:
    """Average the values of one pixel's window; spot = (pixel, step, way)."""
    i, step, way = spot
    first, last = window(links, i, step, way)
    share = np.float32(1.0 / (last - first + 1))
    for c in range(values.shape[1]):
        total = np.float32(0.0)
        for k in range(i + first * step, i + last * step + 1, step):
            total += values[k, c]
        out[i, c] = total * share


@compiled(signature(types.void, LINKS, types.UniTuple(types.int64, 2), SPAN, VALUES, VALUES))
def smooth(links: np.ndarray, line: tuple, span: tuple, values: np.ndarray, out: np.ndarray) -> None:
    """Average values over 4 linked pixels in a line = (ACROSS, 1) or (DOWN, width).

    Neighbours sample lights at 16 different points, in a pattern of 4 x 4. Done both ways this takes each point
    once, so it is what 16 times the samples would give.
    """
    way, step = line
    columns, count = values.shape[1], len(links)
    links, values, out = lent(links), lent(values), lent(out)
    flat, written, quarter = values.ravel(), out.ravel(), np.float32(0.25)
    # As if all windows were whole, for the compiler makes vector code of that; then the others.
    first, last = max(span[0], step), min(span[1], count - 2 * step)
    if first < last:
        to = written[first * columns : last * columns]
        a, b = flat[(first - step) * columns :], flat[first * columns :]
        c, d = flat[(first + step) * columns :], flat[(first + 2 * step) * columns :]
        for j in range(len(to)):
            to[j] = (a[j] + b[j] + c[j] + d[j]) * quarter
    for i in range(span[0], span[1]):
        if not is_inside(links, i, step, way):
            average(links, (i, step, way), values, out)


def linked(workers: Workers, frame: tuple[Any, ...]) -> NDArray[np.uint8]:
    """Return which pixels of a frame continue one another (m,): LINKS."""
    links = np.empty(len(frame[0]), np.uint8)
    workers.run(lambda span: link(frame, span, links), len(links) // frame[3])
    return links


def smooth_out(workers: Workers, links: NDArray[np.uint8], width: int, values: NDArray[np.float32]) -> None:
    """Smooth the noise of values (m, n) in place, in rows of a width."""
    spare = np.empty_like(values)
    workers.run(lambda span: smooth(links, (ACROSS, 1), span, values, spare), len(links))
    workers.run(lambda span: smooth(links, (DOWN, width), span, spare, values), len(links))


@compiled(signature(types.void, types.float32[:, ::1], SPAN, types.uint8[::1], types.uint8[:, ::1]))
def encode(linear: np.ndarray, span: tuple, table: np.ndarray, out: np.ndarray) -> None:
    """Write RGBA bytes (m, 4) of linear colours (m, 3) in 0..1 with a table of sRGB bytes; alpha is 255."""
    for i in range(span[0], span[1]):
        for k in range(3):
            out[i, k] = table[int(min(max(linear[i, k], 0.0), 1.0) * (len(table) - 1) + 0.5)]
        out[i, 3] = 255
