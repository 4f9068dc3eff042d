"""Tables: a scene's state at one update as plain arrays, for the compiled loops.

A Hits keeps the tables it was traced with, so that what it computes later is of its own frame even if the
scene has moved on. Nothing in them is ever changed in place.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kitless.raycast.mesh import Interpolation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kitless.raycast.instances import Instances
    from kitless.raycast.looks import Palette
    from kitless.raycast.mesh import Mesh, Primvar
    from kitless.raycast.occurrence import Occurrence, Part


class Column(enum.IntEnum):
    """Columns of Tables.rows; an address of 0 means: not there."""

    POINTS = 0
    TRIANGLES = 1
    CORNERS = 2
    FACES = 3
    NORMALS = 4
    NORMALS_KIND = 5
    COLOUR = 6
    COLOUR_KIND = 7
    ST = 8
    ST_KIND = 9
    MATERIAL = 10
    RADII = 11  # of round pieces


@dataclass(frozen=True, eq=False)
class Tables:
    """One row per instance, in the order of Scene.instances."""

    rows: NDArray[np.int64]
    """(n, len(Column)) addresses and kinds."""
    transforms: NDArray[np.float64]
    """(n, 4, 4) local to world, row vectors."""
    inverses: NDArray[np.float64]
    """(n, 4, 4) world to local, row vectors."""
    slots: NDArray[np.int32]
    """Embree's slot to row; -1 where a slot is free."""
    palette: Palette
    """The materials that rows point to."""
    alive: tuple[object, ...]
    """Whatever owns the memory that rows point to."""


NO_COLOUR = np.full((1, 3), 0.5, np.float32)
"""USD's fallback display colour is left to the renderer: a neutral grey (linear)."""


def tabulate(drawn: Sequence[tuple[Occurrence, Part]], instances: Instances, palette: Palette) -> Tables:
    """Return the tables of all instances; drawn are those of its copies, in the same order."""
    rows = np.zeros((len(drawn), len(Column)), np.int64)
    alive: list[object] = []
    for row, (occurrence, part) in zip(rows, drawn, strict=True):
        mesh = part.stored.mesh
        colour = mesh.primvars.get("displayColor")
        row[Column.POINTS] = _address(mesh.points)
        row[Column.TRIANGLES] = _address(mesh.triangles)
        row[Column.RADII] = _address(mesh.radii) if len(mesh.radii) else 0
        row[Column.CORNERS], row[Column.FACES] = _address(mesh.corners), _address(mesh.faces)
        row[Column.NORMALS], row[Column.NORMALS_KIND] = _primvar(mesh.normals)
        row[Column.COLOUR], row[Column.COLOUR_KIND] = _primvar(colour)
        if colour is None:
            inherited = NO_COLOUR if occurrence.colour is None else occurrence.colour
            row[Column.COLOUR], row[Column.COLOUR_KIND] = _address(inherited), Interpolation.CONSTANT
            alive.append(inherited)
        row[Column.MATERIAL] = part.material
        st = palette.primvars[part.material] if part.material >= 0 else ""
        row[Column.ST], row[Column.ST_KIND] = _primvar(_texture_coordinates(mesh, st))
        alive.append(mesh)
    standing = np.concatenate([np.empty(0, np.int64), *(part.slots for _, part in drawn)])
    slots = np.full(1 + int(standing.max(initial=0)), -1, np.int32)
    slots[standing] = np.arange(len(standing))
    every = np.repeat(rows, np.diff(instances.starts), axis=0)
    return Tables(every, instances.transforms, instances.inverses, slots, palette, tuple(alive))


def _address(array: NDArray[np.generic]) -> int:
    return int(array.ctypes.data)


def _primvar(primvar: Primvar | None) -> tuple[int, int]:
    return (0, 0) if primvar is None else (_address(primvar.values), int(primvar.interpolation))


def _texture_coordinates(mesh: Mesh, name: str) -> Primvar | None:
    found = mesh.primvars.get(name) if name else None
    return found if found is not None and found.values.shape[1] == 2 else None
