"""Environment: all domes together, as light from every world direction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.textures import load_light

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kitless.raycast.lights import Dome

_BACKGROUND_SIZE = (1024, 2048)
_LIGHT_SIZE = (16, 32)
_SKY, _GROUND = np.array([620.0, 680.0, 760.0]), np.array([330.0, 310.0, 290.0])


@dataclass(frozen=True, eq=False)
class Environment:
    """Radiance by world direction: rows from +Z down to -Z, columns round from +X through +Y; linear."""

    background: NDArray[np.float32]
    """(h, w, 3) as it is seen."""
    light: NDArray[np.float32]
    """(h, w, 3) averaged over wide cells, as it lights."""
    source: NDArray[np.float32]
    """(h, w, 3) as rays meet it that are reflected."""

    def seen_as(self, background: NDArray[np.float32]) -> Environment:
        """Return the same light before another background."""
        return replace(self, background=background)


def of_domes(domes: Sequence[Dome]) -> Environment:
    """Add up domes; none gives a black environment."""
    if not any(dome.file for dome in domes):
        plain = sum((dome.radiance for dome in domes), np.zeros(3)).astype(np.float32).reshape(1, 1, 3)
        return Environment(plain, plain, plain)
    directions = _directions(_BACKGROUND_SIZE)
    total = sum((_look_up(dome, directions) for dome in domes), np.zeros((*_BACKGROUND_SIZE, 3), np.float32))
    rows, columns = _LIGHT_SIZE
    cells = total.reshape(rows, _BACKGROUND_SIZE[0] // rows, columns, _BACKGROUND_SIZE[1] // columns, 3)
    total = np.ascontiguousarray(total)
    return Environment(total, np.ascontiguousarray(cells.mean(axis=(1, 3))), total)


def of_open_sky(up: NDArray[np.float64], background: Sequence[float]) -> Environment:
    """Return the light that a stage without lights gets: sky above, ground below, a plain background."""
    height = (_directions(_LIGHT_SIZE) @ up + 1)[..., None] / 2
    light = (_GROUND + (_SKY - _GROUND) * height).astype(np.float32)
    return Environment(np.array(background, np.float32).reshape(1, 1, 3), light, light)


def _directions(size: tuple[int, int]) -> NDArray[np.float64]:
    """Return (h, w, 3) world directions of the cells' centres."""
    rows, columns = size
    down = (np.arange(rows) + 0.5)[:, None] * np.pi / rows
    around = (np.arange(columns) + 0.5)[None, :] * 2 * np.pi / columns
    return np.stack(
        [np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), np.cos(down) * np.ones_like(around)], axis=2
    )


def _look_up(dome: Dome, directions: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return a dome's radiance by direction.

    Pictures are laid as OpenEXR's latitude-longitude maps, which UsdLuxDomeLight refers to: +Y on top, +Z in the
    middle, +X at a quarter of the width.
    """
    picture = load_light(dome.file) if dome.file else None
    if picture is None:
        return np.broadcast_to(dome.radiance.astype(np.float32), directions.shape)
    local = directions @ dome.inverse
    height, width = picture.shape[:2]
    u = 0.5 - np.arctan2(local[..., 0], local[..., 2]) / (2 * np.pi)
    v = np.arccos(np.clip(local[..., 1], -1, 1)) / np.pi
    column = np.minimum((u * width).astype(int), width - 1)
    row = np.minimum((v * height).astype(int), height - 1)
    return picture[row, column] * dome.radiance.astype(np.float32)
