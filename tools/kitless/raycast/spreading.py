"""The compiled loops that spread a lattice's light over a frame, and smooth what pixels have gathered besides."""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import LANES, SPAN, TILE_HEIGHT, TILE_WIDTH, corner_of, target_of
from kitless.raycast.memory import lent
from kitless.raycast.sharing import FLAGS
from kitless.raycast.smoothing import ACROSS, DOWN, LINKS, VALUES, window


@compiled(inline="always")
def _mark(packets: np.ndarray, across: int, x: int, y: int) -> None:
    packets[(y // TILE_HEIGHT) * across + x // TILE_WIDTH] = 1


@compiled()
def _mark_around(packets: np.ndarray, spot: tuple, size: tuple, reach: int) -> None:
    """Mark the packets near a place spot = (x, y) of a lattice; size is the frame's."""
    (u, v), (width, height) = spot, size
    across = (width + TILE_WIDTH - 1) // TILE_WIDTH
    for y in range(max(v - reach, 0), min(v + reach + 1, (height + 1) // 2)):
        for x in range(max(u - reach, 0), min(u + reach + 1, (width + 1) // 2)):
            _mark(packets, across, 2 * x, 2 * y)


@compiled(signature(types.void, FLAGS, SPAN, SPAN, types.int64, FLAGS))
def spread_bends(bent: np.ndarray, size: tuple, span: tuple, reach: int, packets: np.ndarray) -> None:
    """Mark the packets of a frame of a size (width, height) at most `reach` places of its lattice from bends."""
    width = (size[0] + 1) // 2
    for v in range(span[0], span[1]):
        for u in range(width):
            if bent[v * width + u]:
                _mark_around(packets, (u, v), size, reach)


@compiled(inline="always")
def _mix(light: np.ndarray, i: int, total: np.ndarray, sources: tuple) -> bool:
    """Give a pixel the mean of its sources, pairs of (is one, place); return whether there is any."""
    count = 0
    for source in sources:
        count += 1 if source[0] else 0
    share = np.float32(1.0) / np.float32(max(count, 1))
    for k in range(6):
        value = np.float32(0.0)
        for source in sources:
            value += total[source[1], k] if source[0] else np.float32(0.0)
        light[i, k] = value * share
    return count > 0


@compiled(inline="always")
def _across_from(links: np.ndarray, i: int, width: int, steps: tuple) -> tuple:
    """Return which of the four places of a lattice about the last pixel of a block that begins with pixel i are linked
    to it, by way of one of the pixels between; steps = (whether there are places to the right, and below)."""
    here, right, below, beside = links[i], links[i + 1], links[i + width], links[i + width + 1]
    # By which ways the places to the right and below, and the pixels beyond the block, go on.
    far, farther = (links[i + 2], links[i + width + 2]) if steps[0] else (np.uint8(0), np.uint8(0))
    deep, deeper = (links[i + 2 * width], links[i + 2 * width + 1]) if steps[1] else (np.uint8(0), np.uint8(0))
    return (
        (here & ACROSS and right & DOWN) or (here & DOWN and below & ACROSS),
        (right & DOWN and right & ACROSS) or (beside & ACROSS and far & DOWN),
        (below & ACROSS and below & DOWN) or (beside & DOWN and deep & ACROSS),
        (beside & ACROSS and farther & DOWN) or (beside & DOWN and deeper & ACROSS),
    )


@compiled(inline="always")
def _spread_block(frame: tuple, size: tuple, corner: tuple, total: np.ndarray, light: np.ndarray) -> bool:
    """Write the light of a block of four pixels, the first of which is in the lattice; return whether one has none."""
    (links, instance), (width, height), (x, y), lacks = frame, size, corner, False
    half = (width + 1) // 2
    i, j = y * width + x, (y >> 1) * half + (x >> 1)
    right, below = np.int64(x + 2 < width), half * np.int64(y + 2 < height)
    for k in range(6):
        light[i, k] = total[j, k]
    if x + 1 < width:
        sources = ((links[i] & ACROSS, j), (links[i + 1] & ACROSS, j + right))
        lacks |= not _mix(light, i + 1, total, sources) and instance[i + 1] >= 0
    if y + 1 < height:
        sources = ((links[i] & DOWN, j), (links[i + width] & DOWN, j + below))
        lacks |= not _mix(light, i + width, total, sources) and instance[i + width] >= 0
    if x + 1 < width and y + 1 < height:
        a, b, c, d = _across_from(links, i, width, (right > 0, below > 0))
        corners = ((a, j), (b, j + right), (c, j + below), (d, j + right + below))
        lacks |= not _mix(light, i + width + 1, total, corners) and instance[i + width + 1] >= 0
    return lacks


@compiled(signature(types.void, types.Tuple((LINKS, types.int32[::1])), SPAN, SPAN, VALUES, VALUES, FLAGS))
def spread(frame: tuple, size: tuple, span: tuple, total: np.ndarray, light: np.ndarray, packets: np.ndarray) -> None:
    """Write the light (h * w, 6) of pixels, of rows of a lattice's (m, 6); mark packets where one is linked to none.

    frame = (links, instance), size = (width, height). A pixel between places takes the mean of those that it is linked
    to.
    """
    frame, total, light = (lent(frame[0]), lent(frame[1])), lent(total), lent(light)
    across = (size[0] + TILE_WIDTH - 1) // TILE_WIDTH
    for y in range(2 * span[0], 2 * span[1], 2):
        for x in range(0, size[0], 2):
            if _spread_block(frame, size, (x, y), total, light):
                _mark(packets, across, x, y)


@compiled(inline="always")
def _window_mean(links: np.ndarray, spot: tuple, light: np.ndarray, out: np.ndarray) -> None:
    """Write the mean of a pixel's windows, as smooth() both ways does; spot = (pixel, width, row of out)."""
    i, width, row = spot
    first, last = window(links, i, width, DOWN)
    for c in range(6):
        out[row, c] = 0.0
    for k in range(first, last + 1):
        middle = i + k * width
        begin, end = window(links, middle, 1, ACROSS)
        share = np.float32(1.0 / ((end - begin + 1) * (last - first + 1)))
        for n in range(middle + begin, middle + end + 1):
            for c in range(6):
                out[row, c] += share * light[n, c]


@compiled(inline="always")
def _pixel_of(packet: int, lane: int, size: tuple) -> int:
    """Return the pixel of a frame that is a packet's lane; -1 for none."""
    return target_of(packet, lane, corner_of(packet, size), size, 0)


@compiled(signature(types.void, LINKS, SPAN, types.int64[::1], SPAN, VALUES, VALUES))
def smooth_packets(
    links: np.ndarray, size: tuple, packets: np.ndarray, span: tuple, light: np.ndarray, out: np.ndarray
) -> None:
    """Write the smoothed light of packets of a frame, LANES rows (m, 6) each."""
    links, light, out = lent(links), lent(light), lent(out)
    for row in range(span[0] * LANES, span[1] * LANES):
        i = _pixel_of(packets[row // LANES], row % LANES, size)
        if i >= 0:
            _window_mean(links, (i, size[0], row), light, out)


@compiled(signature(types.void, SPAN, types.int64[::1], SPAN, VALUES, VALUES))
def put_packets(size: tuple, packets: np.ndarray, span: tuple, values: np.ndarray, light: np.ndarray) -> None:
    """Put the values of packets of a frame, LANES rows (m, 6) each, where their pixels are."""
    for row in range(span[0] * LANES, span[1] * LANES):
        i = _pixel_of(packets[row // LANES], row % LANES, size)
        for k in range(6 if i >= 0 else 0):
            light[i, k] = values[row, k]
