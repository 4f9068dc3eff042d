"""Canny's edges, as OpenCV finds them with a 3 x 3 Sobel filter and the sum of both gradients' sizes."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
TAN_22_5 = 0.41421356


def canny(picture: NDArray[np.uint8], low: float, high: float) -> NDArray[np.uint8]:
    """Edges of a picture (H,W,3|4), uint8 (H,W): 255 on them.

    A pixel is on an edge where the gradient of brightness is largest across the edge and above ``high``, or above
    ``low`` and connected to such a pixel.
    """
    brightness = np.rint(picture[..., :3].astype(np.float64) @ [0.299, 0.587, 0.114])
    padded = np.pad(brightness, 1, mode="edge")
    across = _smooth(padded.T).T[:, 2:] - _smooth(padded.T).T[:, :-2]
    down = _smooth(padded)[2:] - _smooth(padded)[:-2]
    size = np.abs(across) + np.abs(down)
    ridge = _is_largest(size, across, down)
    return _connected(ridge & (size > low), ridge & (size > high)).astype(np.uint8) * 255


def _smooth(values: Array) -> Array:
    """Sums of three neighbours in a row, the middle one twice."""
    return values[:, :-2] + 2 * values[:, 1:-1] + values[:, 2:]


def _shifted(values: Array, down: int, right: int) -> Array:
    """Each pixel's neighbour, so far down and right; 0 beyond the border."""
    padded = np.pad(values, 1)
    height, width = values.shape
    return padded[1 + down : 1 + down + height, 1 + right : 1 + right + width]


def _is_largest(size: Array, across: Array, down: Array) -> NDArray[np.bool_]:
    """Whether the gradient is largest along its own direction, taken as one of four."""
    flat = np.abs(down) < TAN_22_5 * np.abs(across)
    steep = np.abs(across) < TAN_22_5 * np.abs(down)
    falling = across * down < 0
    cases = [flat, steep, ~flat & ~steep & falling]
    before = np.select(
        cases, [_shifted(size, 0, -1), _shifted(size, -1, 0), _shifted(size, -1, 1)], _shifted(size, -1, -1)
    )
    after = np.select(cases, [_shifted(size, 0, 1), _shifted(size, 1, 0), _shifted(size, 1, -1)], _shifted(size, 1, 1))
    # Of two equal neighbours the first one is the edge.
    return (size > before) & (size >= after)


def _connected(weak: NDArray[np.bool_], strong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The weak pixels that a chain of weak neighbours, diagonal ones too, connects to a strong one."""
    # A border of False lets each pixel have eight neighbours by their distances in the flat array.
    allowed, wide = np.pad(weak, 1).ravel(), weak.shape[1] + 2
    around = np.array([row * wide + column for row in (-1, 0, 1) for column in (-1, 0, 1)])
    found = np.zeros_like(allowed)
    frontier = np.flatnonzero(np.pad(strong, 1))
    while frontier.size:
        found[frontier] = True
        near = np.unique(frontier[:, None] + around)
        frontier = near[allowed[near] & ~found[near]]
    return found.reshape(-1, wide)[1:-1, 1:-1]
