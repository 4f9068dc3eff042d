"""Putting prims at random points where they meet nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from pxr import Gf, Usd

from .boxes import Box, box_of, is_free
from .pose import place_in_world, world_of
from .surface import Array, Volume, triangles_of

TRIES, BATCH = 1000, 100
"""How many points are tried for a prim, and how many are drawn at once."""


class Source(Protocol):
    """Where points come from; fewer than ``count`` may come, where not all are allowed."""

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """(n, 3) points of the world."""


@dataclass
class Points:
    """Points of a source within bounds (2, 3), drawn many at once and handed out one by one."""

    source: Source
    bounds: Array
    rng: np.random.Generator
    _left: list[Array] = field(default_factory=list)

    def take(self, prim: Usd.Prim) -> Array:
        """(3,) a point for a prim. Raises ``ValueError``, naming it, where none is found."""
        for _ in range(TRIES // BATCH):
            if self._left:
                break
            drawn = self.source.draw(self.rng, BATCH)
            self._left = list(drawn[((drawn >= self.bounds[0]) & (drawn <= self.bounds[1])).all(axis=1)])
        if self._left:
            return self._left.pop()
        raise ValueError(f"{prim.GetPath()}: there is no point to put it at within the bounds given")


def scatter(
    prims: Sequence[Usd.Prim], points: Points, obstacles: Sequence[Usd.Prim], check_for_collisions: bool
) -> list[Usd.Prim]:
    """Put prims' origins at points; rotations stay.

    Prims' boxes do not meet those of ``obstacles``, nor each other if asked. A prim for which there is no such point
    among those tried stands at the last one; all such prims are returned. Raises ``ValueError`` where no point is
    within bounds.
    """
    taken = [box for box in map(box_of, obstacles) if box is not None]
    crowded = []
    for prim in prims:
        origin = np.array(world_of(prim).ExtractTranslation())
        around = box_of(prim) if check_for_collisions or taken else None
        point, box = _free_point(prim, points, around.moved(-origin) if around is not None else None, taken)
        place_in_world(prim, Gf.Vec3d(*point.tolist()))
        if box is not None and not is_free(box, taken):
            crowded.append(prim)
        if box is not None and check_for_collisions:
            taken.append(box)
    return crowded


def _free_point(prim: Usd.Prim, points: Points, around: Box | None, taken: list[Box]) -> tuple[Array, Box | None]:
    """The first point at which a box about the origin meets nothing, else the last one tried; and the box there."""
    for _ in range(TRIES):
        point = points.take(prim)
        box = around.moved(point) if around is not None else None
        if box is None or is_free(box, taken):
            break
    return point, box


def volume(volumes: Sequence[Usd.Prim], excluded: Sequence[Usd.Prim], bounds: Array) -> Volume:
    """What is within prims (anything without any) and bounds (2, 3), and in no excluded prim.

    Raises ``ValueError`` where bounds leave nothing of the prims' box, and where that is endless.
    """
    solids, holes = ([triangles_of([prim]) for prim in prims] for prims in (volumes, excluded))
    low, high = bounds
    if solids:
        corners = np.concatenate([each.reshape(-1, 3) for each in solids])
        low, high = np.maximum(corners.min(0), low), np.minimum(corners.max(0), high)
    if (low > high).any():
        raise ValueError("The bounds given leave nothing of the volume")
    return Volume(low, high, solids, holes)


def bounds_of(low: Any, high: Any) -> Array:
    """(2, 3): the least and greatest coordinates, infinite where None is given."""
    sides = [(low, -np.inf), (high, np.inf)]
    rows = [[open_end] * 3 if side is None else [open_end if s is None else float(s) for s in side]
            for side, open_end in sides]  # fmt: skip
    return np.array(rows, float)
