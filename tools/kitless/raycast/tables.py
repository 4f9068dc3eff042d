"""Tables: a scene's state at one update as plain arrays, for the compiled loops.

A Hits keeps the tables it was traced with, so that what it computes later is of its own frame even if the
scene has moved on. Nothing in them is ever changed in place.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cached_property
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
    OPACITY = 12
    OPACITY_KIND = 13
    OPEN = 14  # 1 where rays may pass through


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

    @cached_property
    def is_open(self) -> bool:
        """Whether rays may pass through anything."""
        return bool(self.rows[:, Column.OPEN].any())


NO_COLOUR = np.full((1, 3), 0.5, np.float32)
"""USD's fallback display colour is left to the renderer: a neutral grey (linear)."""


_UNBOUND = ("", "displayColor", "displayOpacity")
"""The primvars of texture coordinates, colour and opacity without a material."""


def is_open(occurrence: Occurrence, part: Part, palette: Palette) -> bool:
    """Whether rays may pass through a part somewhere, as its material and its display opacity have it."""
    if part.material >= 0 and not palette.openings[part.material]:
        return False
    name = palette.primvars[part.material][2] if part.material >= 0 else _UNBOUND[2]
    if not name:
        return True
    own = _of_width(part.stored.mesh, name, 1)
    values = occurrence.opacity if own is None else own.values
    return values is not None and bool((values < 1).any())


def tabulate(drawn: Sequence[tuple[Occurrence, Part]], instances: Instances, palette: Palette) -> Tables:
    """Return the tables of all instances; drawn are those of its copies, in the same order."""
    rows = np.zeros((len(drawn), len(Column)), np.int64)
    alive: list[object] = []
    for row, (occurrence, part) in zip(rows, drawn, strict=True):
        mesh = part.stored.mesh
        st, color, opacity = palette.primvars[part.material] if part.material >= 0 else _UNBOUND
        row[Column.POINTS] = _address(mesh.points)
        row[Column.TRIANGLES] = _address(mesh.triangles)
        row[Column.RADII] = _address(mesh.radii) if len(mesh.radii) else 0
        row[Column.CORNERS], row[Column.FACES] = _address(mesh.corners), _address(mesh.faces)
        row[Column.NORMALS], row[Column.NORMALS_KIND] = _primvar(mesh.normals)
        row[Column.COLOUR], row[Column.COLOUR_KIND] = _primvar(_of_width(mesh, color, 3))
        if not row[Column.COLOUR]:
            inherited = NO_COLOUR if occurrence.colour is None else occurrence.colour
            row[Column.COLOUR], row[Column.COLOUR_KIND] = _address(inherited), Interpolation.CONSTANT
            alive.append(inherited)
        row[Column.MATERIAL] = part.material
        row[Column.ST], row[Column.ST_KIND] = _primvar(_of_width(mesh, st, 2))
        row[Column.OPEN] = part.is_open
        row[Column.OPACITY], row[Column.OPACITY_KIND] = _primvar(_of_width(mesh, opacity, 1))
        if opacity and not row[Column.OPACITY] and occurrence.opacity is not None:
            row[Column.OPACITY], row[Column.OPACITY_KIND] = _address(occurrence.opacity), Interpolation.CONSTANT
            alive.append(occurrence.opacity)
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


def _of_width(mesh: Mesh, name: str, width: int) -> Primvar | None:
    found = mesh.primvars.get(name) if name else None
    return found if found is not None and found.values.shape[1] == width else None
