"""``rep.functional.randomizer``: random values written at once.

``rng`` is a ``ReplicatorRNG`` or a ``numpy.random.Generator``; without it one is made from the global seed.
"""

from typing import Any

from pxr import Gf, Sdf, UsdGeom

from ..rng import as_generator
from ..scene.scatter import TRIES, Points, Source, bounds_of, scatter, volume
from ..scene.surface import Array, Surface, triangles_of
from ._prims import as_prims


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
    _scatter(prims, surface, _bounds(extents), no_collision_prims, check_for_collisions, rng)


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
    excluded = [] if volume_excl_prims is None else as_prims(volume_excl_prims)
    bounds = _bounds(extents)
    inside = volume(as_prims(volume_prims), excluded, bounds)
    _scatter(prims, inside, bounds, no_collision_prims, check_for_collisions, rng)


def _bounds(extents: Any) -> Array:
    return bounds_of(None, None) if extents is None else bounds_of(*extents)


def _scatter(
    prims: Any, source: Source, bounds: Array, no_collision_prims: Any, check_for_collisions: bool, rng: Any
) -> None:
    obstacles = [] if no_collision_prims is None else as_prims(no_collision_prims)
    points = Points(source, bounds, as_generator(rng))
    crowded = scatter(as_prims(prims), points, obstacles, check_for_collisions)
    if crowded:
        raise ValueError(f"No free place for {crowded[0].GetPath()} among {TRIES} random points")
