"""Mesh: one geometry as arrays, shared by all its occurrences on a stage."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class Interpolation(enum.IntEnum):
    """Which of a triangle's indices picks a primvar's value."""

    CONSTANT = 0
    UNIFORM = 1
    VERTEX = 2
    FACE_VARYING = 3


@dataclass(frozen=True, eq=False)
class Primvar:
    """Values over a mesh."""

    values: NDArray[np.float32]
    """(n, c) float32: one row for all, per face, per point or per face corner."""
    interpolation: Interpolation

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", np.ascontiguousarray(self.values, np.float32))


_ARRAYS = {"points": np.float32, "triangles": np.int32, "corners": np.int32, "faces": np.int32, "radii": np.float32}


@dataclass(frozen=True, eq=False, kw_only=True)
class Mesh:
    """A geometry in its own (local) frame, in stage units."""

    points: NDArray[np.float32]
    """(n, 3) float32. Of round pieces: centres."""
    triangles: NDArray[np.int32]
    """(t, 3) int32 indices into points, counter-clockwise seen from outside. Of round pieces: (a, b, b) with b = a + 1
    for the piece between two points, (a, a, a) for a sphere; barycentric weights mean on them what they mean elsewhere.
    """
    corners: NDArray[np.int32]
    """(t, 3) int32 indices into the face corners, in the order of faceVertexIndices."""
    faces: NDArray[np.int32]
    """(t,) int32: the face that a triangle is part of."""
    normals: Primvar | None = None
    primvars: Mapping[str, Primvar] = field(default_factory=dict)
    """Texture coordinates (n, 2), colours (n, 3) and displayOpacity (n, 1) by name without the `primvars:` prefix."""
    radii: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    """(n,) float32, one per point, if the mesh is of round pieces: exact spheres, or cones between spheres."""

    def __post_init__(self) -> None:
        # Compiled loops read these by address.
        for name, kind in _ARRAYS.items():
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), kind))

    @cached_property
    def extent(self) -> NDArray[np.float64]:
        """(2, 3) float64: smallest and largest local coordinates; zeros if there is nothing."""
        return self.extent_in(np.eye(4))

    def extent_in(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the (2, 3) bounds in the frame that a (4, 4) matrix (row vectors) leads to, round pieces exactly."""
        if self.is_empty:
            return np.zeros((2, 3))
        centres = self.points @ matrix[:3, :3] + matrix[3, :3]
        # A ball becomes an ellipsoid: its half extent along an axis is the length of the matrix' column.
        reach = self.radii[:, None] * np.linalg.norm(matrix[:3, :3], axis=0) if len(self.radii) else 0.0
        return np.stack([(centres - reach).min(axis=0), (centres + reach).max(axis=0)]).astype(np.float64)

    @cached_property
    def digest(self) -> bytes:
        """A key that is equal for equal content, so that copies on a stage share one search tree."""
        state = hashlib.blake2b(digest_size=16)
        primvars = [self.normals, *(self.primvars[name] for name in sorted(self.primvars))]
        arrays = [*(getattr(self, name) for name in _ARRAYS), *(p.values for p in primvars if p)]
        state.update(repr((sorted(self.primvars), [p and p.interpolation for p in primvars])).encode())
        for array in arrays:
            state.update(repr(array.shape).encode())
            state.update(array.data)
        return state.digest()

    @property
    def is_empty(self) -> bool:
        """Whether no ray can hit it."""
        return not len(self.triangles)

    def with_primvars(self, primvars: Mapping[str, Primvar]) -> Mesh:
        """Return the same geometry with other primvars."""
        return replace(self, primvars=primvars)
