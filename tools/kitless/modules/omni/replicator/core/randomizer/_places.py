"""Random places and rotations."""

from collections.abc import Callable
from typing import Any

import numpy as np

import carb

from ..graph import ReplicatorItem, as_vector, perform, prims_of, subject
from ..graph.distribution import Stream
from ..scene.pose import place
from ..scene.scatter import TRIES, Points, Source, bounds_of, scatter, volume
from ..scene.surface import Array, Surface, triangles_of


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
            place(prim, rotation=(x, np.degrees(np.arcsin(sine)), z))

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
    along the surface's normal. No box about a prim (turned with it) meets those of ``no_coll_prims``, nor with
    ``check_for_collisions`` those of the others; where no such place is found there is a warning. Raises
    ``ValueError`` for prims without a surface.
    """
    surfaces = prims_of(surface_prims)
    bounds = bounds_of(min_samp, max_samp)
    return place_randomly(
        "scatter_2d",
        lambda: Surface(triangles_of(surfaces), float(offset)),
        bounds,
        no_coll_prims,
        seed,
        check_for_collisions,
        input_prims,
    )


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
    return place_randomly(
        "scatter_3d",
        lambda: volume(volumes, excluded, bounds),
        bounds,
        no_coll_prims,
        seed,
        check_for_collisions,
        input_prims,
    )


def place_randomly(
    kind: str,
    source: Callable[[], Source],
    bounds: Array,
    no_coll_prims: Any,
    seed: int | None,
    check_for_collisions: bool,
    input_prims: Any,
) -> ReplicatorItem:
    """Put prims at points that are drawn anew in each evaluation, from where prims of the source then are."""
    node = subject(input_prims)
    stream = Stream(kind, seed)
    obstacles = [] if no_coll_prims is None else prims_of(no_coll_prims)

    def run() -> None:
        points = Points(source(), bounds, stream.generator())
        for prim in scatter(node.prims(), points, obstacles, check_for_collisions):
            carb.log_warn(f"{prim.GetPath()}: found no place without a collision in {TRIES} tries")

    perform(run)
    return ReplicatorItem(node)
