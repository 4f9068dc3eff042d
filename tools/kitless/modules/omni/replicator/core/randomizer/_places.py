"""Random places and rotations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pxr import Gf, Usd, UsdGeom

import carb

from ..graph import ReplicatorItem, as_vector, perform, prims_of, subject
from ..graph.distribution import Stream
from ..scene import placing
from ..scene.surface import Array, Sampler, inside, triangles_of

TRIES, BATCH = 1000, 100
"""How many places are tried for a prim that must not touch others, and how many are drawn at once."""
Candidates = Callable[[np.random.Generator, int], Array]
"""Draws that many points; fewer may come, where not all are allowed."""


def rotation(
    min_angle: tuple[float, float, float] = (-180.0, -180.0, -180.0),
    max_angle: tuple[float, float, float] = (180.0, 180.0, 180.0),
    seed: int | None = None,
    name: str | None = None,
) -> ReplicatorItem:
    """Turn prims evenly over all rotations, or over those whose angles about x, y, z (degrees, XYZ) are within bounds.

    About y, angles beyond 90 degrees are those of other rotations, and do not occur.
    """
    node = subject()
    stream = Stream("rotation", seed)
    low, high = np.array(as_vector(min_angle, "min_angle")), np.array(as_vector(max_angle, "max_angle"))
    if (low > high).any():
        raise ValueError(f"min_angle {min_angle} is above max_angle {max_angle}")
    # Volume among rotations goes with the cosine of the middle angle: its sine is what is drawn evenly.
    low[1], high[1] = np.sin(np.radians(np.clip((low[1], high[1]), -90, 90)))

    def run() -> None:
        for prim in node.prims():
            x, sine, z = stream.generator().uniform(low, high)
            placing.place(prim, rotation=(x, np.degrees(np.arcsin(sine)), z))

    perform(run)
    return ReplicatorItem(node)


def scatter_2d(
    surface_prims: Any,
    no_coll_prims: Any = None,
    min_samp: Any = None,
    max_samp: Any = None,
    seed: int | None = None,
    offset: float = 0,
    check_for_collisions: bool = False,
    input_prims: Any = None,
    name: str | None = None,
) -> ReplicatorItem:
    """Put the origins of prims on surfaces, evenly over their area.

    ``min_samp`` and ``max_samp`` bound the points (world, stage units; None where unbounded), ``offset`` lifts them
    along the surface's normal. ``check_for_collisions``: no box about a prim (along the world's axes) touches that of
    another one, or of ``no_coll_prims``; where no such place is found there is a warning. Raises ``ValueError`` for
    prims without a surface.
    """
    surfaces = prims_of(surface_prims)
    bounds = bounds_of(min_samp, max_samp)

    def candidates() -> Candidates:
        sampler = Sampler(triangles_of(surfaces))

        def draw(rng: np.random.Generator, count: int) -> Array:
            points, normals = sampler.draw(rng, count)
            return (points + offset * normals)[within(points, bounds)]

        return draw

    return scatter("scatter_2d", candidates, no_coll_prims, seed, check_for_collisions, input_prims)


def scatter_3d(
    volume_prims: Any = None,
    no_coll_prims: Any = None,
    volume_excl_prims: Any = None,
    min_samp: Any = None,
    max_samp: Any = None,
    resolution_scaling: float = 1.0,
    voxel_size: float = 0.0,
    check_for_collisions: bool = False,
    prevent_vol_overlap: bool = True,
    viz_sampled_voxels: bool = False,
    seed: int | None = None,
    input_prims: Any = None,
    name: str | None = None,
) -> ReplicatorItem:
    """Put the origins of prims into volumes, evenly, and outside of ``volume_excl_prims``.

    Without ``volume_prims`` the volume is the box from ``min_samp`` to ``max_samp``. Points are drawn exactly, not by
    voxels: ``resolution_scaling``, ``voxel_size`` and ``viz_sampled_voxels`` have no meaning here, and overlapping
    volumes count once (``prevent_vol_overlap``). The rest as of ``scatter_2d``.
    """
    volumes = [] if volume_prims is None else prims_of(volume_prims)
    excluded = [] if volume_excl_prims is None else prims_of(volume_excl_prims)
    bounds = bounds_of(min_samp, max_samp)
    if not volumes and not np.isfinite(bounds).all():
        raise ValueError("scatter_3d needs volume_prims, or min_samp and max_samp with no None in them")

    def candidates() -> Candidates:
        solids = [triangles_of([prim]) for prim in volumes]
        holes = [triangles_of([prim]) for prim in excluded]
        low, high = box_about(solids, bounds)

        def draw(rng: np.random.Generator, count: int) -> Array:
            points = rng.uniform(low, high, (count, 3))
            kept = within(points, bounds)
            kept &= np.any([inside(each, points) for each in solids], axis=0) if solids else True
            kept &= ~np.any([inside(each, points) for each in holes], axis=0) if holes else True
            return points[kept]

        return draw

    return scatter("scatter_3d", candidates, no_coll_prims, seed, check_for_collisions, input_prims)


def scatter(
    kind: str,
    candidates: Callable[[], Candidates],
    no_coll_prims: Any,
    seed: int | None,
    check_for_collisions: bool,
    input_prims: Any,
) -> ReplicatorItem:
    """Put prims at points that are drawn anew in each evaluation."""
    node = subject(input_prims)
    stream = Stream(kind, seed)
    obstacles = [] if no_coll_prims is None else prims_of(no_coll_prims)

    def run() -> None:
        boxes = Boxes([world_box(prim) for prim in obstacles])
        pool = Pool(candidates(), stream.generator())
        for prim in node.prims():
            placing.place_in_world(prim, free_point(prim, pool, boxes, check_for_collisions).tolist())

    perform(run)
    return ReplicatorItem(node)


class Pool:
    """Points, drawn many at once and handed out one by one."""

    def __init__(self, draw: Candidates, rng: np.random.Generator) -> None:
        self._draw, self._rng = draw, rng
        self._left: list[Array] = []

    def take(self, prim: Usd.Prim) -> Array:
        """A point for a prim. Raises ``ValueError``, naming it, where none is found."""
        for _ in range(TRIES // BATCH):
            if self._left:
                break
            self._left = list(self._draw(self._rng, BATCH))
        if self._left:
            return self._left.pop()
        raise ValueError(f"{prim.GetPath()}: there is no point to put it at within the bounds given")


@dataclass
class Boxes:
    """Boxes along the world's axes that nothing else may touch."""

    taken: list[Gf.Range3d] = field(default_factory=list)

    def touch(self, box: Gf.Range3d) -> bool:
        """Whether a box touches one of them."""
        return any(not Gf.Range3d.GetIntersection(box, other).IsEmpty() for other in self.taken)


def free_point(prim: Usd.Prim, pool: Pool, boxes: Boxes, check_for_collisions: bool) -> Array:
    """The first point at which a prim touches nothing, if that matters. Raises ``ValueError`` where there is no point.

    Where it touches something at all points that are tried, the last of those, and a warning.
    """
    around = world_box(prim)
    origin = placing.world_position(prim)
    for tries in range(1, TRIES + 1):
        point = pool.take(prim)
        move = Gf.Vec3d(*point) - origin
        box = Gf.Range3d() if around.IsEmpty() else Gf.Range3d(around.GetMin() + move, around.GetMax() + move)
        if not check_for_collisions or not boxes.touch(box):
            break
        if tries == TRIES:
            carb.log_warn(f"{prim.GetPath()}: found no place without a collision in {TRIES} tries")
    boxes.taken.append(box)
    return point


def world_box(prim: Usd.Prim) -> Gf.Range3d:
    """The box about a prim along the world's axes; empty for what has no extent."""
    purposes = [UsdGeom.Tokens.default_, UsdGeom.Tokens.render]
    return UsdGeom.BBoxCache(Usd.TimeCode.Default(), purposes).ComputeWorldBound(prim).ComputeAlignedRange()


def bounds_of(low: Any, high: Any) -> Array:
    """(2, 3): the least and greatest coordinates, infinite where None is given."""
    sides = [(low, -np.inf), (high, np.inf)]
    rows = [[open_end] * 3 if side is None else [open_end if s is None else float(s) for s in side]
            for side, open_end in sides]  # fmt: skip
    return np.array(rows, float)


def within(points: Array, bounds: Array) -> Any:
    """Which points lie between bounds."""
    return ((points >= bounds[0]) & (points <= bounds[1])).all(axis=1)


def box_about(solids: list[Array], bounds: Array) -> tuple[Array, Array]:
    """The part within bounds of the box about some triangles."""
    if not solids:
        return bounds[0], bounds[1]
    corners = np.concatenate([each.reshape(-1, 3) for each in solids])
    low, high = np.maximum(corners.min(0), bounds[0]), np.minimum(corners.max(0), bounds[1])
    if (low > high).any():
        raise ValueError("scatter_3d: min_samp and max_samp leave nothing of the volume")
    return low, high
