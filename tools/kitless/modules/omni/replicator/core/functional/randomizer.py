"""``rep.functional.randomizer``: random values written at once.

``rng`` is a ``ReplicatorRNG`` or a ``numpy.random.Generator``; without it one is made from the global seed.
"""

from typing import Any

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom

from ..rng import as_generator
from ._pose import Ops, parent_of, world_of
from ._prims import as_prims
from ._scatter import TRIES, Array, Box, Surface, Volume, box_of, is_free, triangles_of


def display_color(prims: Any, rng: Any = None) -> None:
    """Give each prim a colour of its own, uniform over red, green and blue; shapes without a material show it."""
    generator = as_generator(rng)
    for prim in as_prims(prims):
        colour = Gf.Vec3f(*map(float, generator.uniform(size=3)))
        primvar = UsdGeom.PrimvarsAPI(prim).CreatePrimvar(
            "displayColor", Sdf.ValueTypeNames.Color3fArray, UsdGeom.Tokens.constant
        )
        if primvar.IsIndexed():
            primvar.BlockIndices()
        primvar.Set([colour])


def scatter_2d(
    prims: Any,
    surface_prims: Any,
    no_collision_prims: Any = None,
    extents: Any = None,
    offset: float = 0.0,
    check_for_collisions: bool = False,
    rng: Any = None,
) -> None:
    """Put prims' origins on random points of surfaces, ``offset`` along the normal; rotations stay.

    ``extents`` ((x, y, z), (x, y, z)) keeps points in a box. With ``check_for_collisions`` prims' boxes do not meet,
    those of ``no_collision_prims`` never. Raises ``ValueError`` where no place is found for a prim.
    """
    surface = Surface(triangles_of(as_prims(surface_prims)), float(offset))
    _scatter(as_prims(prims), surface, no_collision_prims, extents, check_for_collisions, as_generator(rng))


def scatter_3d(
    prims: Any,
    volume_prims: Any,
    no_collision_prims: Any = None,
    volume_excl_prims: Any = None,
    extents: Any = None,
    check_for_collisions: bool = False,
    rng: Any = None,
) -> None:
    """Put prims' origins on random points inside closed meshes, and outside ``volume_excl_prims``; see scatter_2d."""
    excluded = None if volume_excl_prims is None else triangles_of(as_prims(volume_excl_prims))
    volume = Volume(triangles_of(as_prims(volume_prims)), excluded)
    _scatter(as_prims(prims), volume, no_collision_prims, extents, check_for_collisions, as_generator(rng))


def _scatter(
    prims: list[Usd.Prim],
    where: Surface | Volume,
    no_collision_prims: Any,
    extents: Any,
    check_for_collisions: bool,
    generator: np.random.Generator,
) -> None:
    taken = [] if no_collision_prims is None else [box_of(prim) for prim in as_prims(no_collision_prims)]
    watches = check_for_collisions or bool(taken)
    for prim in prims:
        origin = np.array(world_of(prim).ExtractTranslation())
        box = box_of(prim) if watches else None
        point = _free_point(prim, where, extents, None if box is None else box.moved(-origin), taken, generator)
        Ops(prim).set_position(parent_of(prim).GetInverse().Transform(Gf.Vec3d(*map(float, point))))
        if box is not None and check_for_collisions:
            taken.append(box.moved(point - origin))


def _free_point(
    prim: Usd.Prim,
    where: Surface | Volume,
    extents: Any,
    box: Box | None,
    taken: list[Box],
    generator: np.random.Generator,
) -> Array:
    """A point in the extents at which the prim's box (about its origin) meets no other."""
    low, high = ([-np.inf] * 3, [np.inf] * 3) if extents is None else extents
    for _ in range(TRIES):
        point = where.sample(generator)
        inside = bool(np.all(point >= low) and np.all(point <= high))
        if inside and (box is None or is_free(box.moved(point), taken)):
            return point
    raise ValueError(f"No free place for {prim.GetPath()} among {TRIES} random points")
