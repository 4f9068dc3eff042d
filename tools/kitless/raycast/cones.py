"""Where in a picture objects may be, seen through a lens that bends straight lines.

Corners do not bound a bent box, so balls about the boxes are held against cones about blocks of the lens's rays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.camera import EVERY_PIXEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kitless.raycast.camera import Camera

_BLOCK = 16
"""Pixels."""
_OBJECTS_AT_ONCE = 1024
_MARGIN = 1e-4
"""Radians: far above what single precision directions are off by."""


def bounds_through_lens(camera: Camera, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, 4) x_min, y_min, x_max, y_max in pixels of boxes with corners (n, 8, 3) in world coordinates.

    Never too small; minimum above maximum where nothing can be seen.
    """
    axes, angles, places = _cones(camera)
    local = corners @ camera.view[:3, :3] + camera.view[3, :3]
    middle = local.mean(axis=1)
    radius = np.linalg.norm(local - middle[:, None], axis=2).max(axis=1)
    distance = np.linalg.norm(middle, axis=1)
    inside = radius >= distance
    ways = middle / np.where(inside, 1, distance)[:, None]
    halves = np.where(inside, np.pi, np.arcsin(np.where(inside, 1, radius / np.where(inside, 1, distance))))
    out = np.empty((len(corners), 4))
    for first in range(0, len(corners), _OBJECTS_AT_ONCE):
        span = slice(first, first + _OBJECTS_AT_ONCE)
        apart = np.arccos(np.clip(ways[span] @ axes.T, -1, 1))
        touched = inside[span, None] | (apart <= halves[span, None] + angles + _MARGIN)
        out[span, :2] = np.where(touched[..., None], places, np.inf).min(axis=1, initial=np.inf)
        out[span, 2:] = np.where(touched[..., None], places + _BLOCK, -np.inf).max(axis=1, initial=-np.inf)
    return out


def _cones(camera: Camera) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return axes (m, 3), half angles (m,) and top left pixels (m, 2) of the blocks in which anything is seen."""
    width, height = camera.resolution
    rays = camera.table(EVERY_PIXEL).reshape(height, width, 3)
    cones = []
    for y in range(0, height, _BLOCK):
        for x in range(0, width, _BLOCK):
            block = rays[y : y + _BLOCK, x : x + _BLOCK].reshape(-1, 3).astype(np.float64)
            block = block[block.any(axis=1)]
            if not len(block):
                continue
            block /= np.linalg.norm(block, axis=1)[:, None]
            axis = block.mean(axis=0)
            axis /= np.linalg.norm(axis)
            cones.append((*axis, np.arccos(np.clip((block @ axis).min(), -1, 1)), x, y))
    found = np.array(cones, np.float64).reshape(-1, 6)
    return found[:, :3], found[:, 3], found[:, 4:]
