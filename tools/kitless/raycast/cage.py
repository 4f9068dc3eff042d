"""Cage: the connectivity of a polygon mesh that is to be subdivided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Cage:
    """Faces, the edges between them, and how sharp edges and vertices are.

    A corner is a place in `indices`; its edge leads to the face's next corner.
    """

    counts: NDArray[np.int64]
    """(f,) corners of each face, at least 3."""
    indices: NDArray[np.int64]
    """(c,) vertex of each corner."""
    vertices: int
    creases: NDArray[np.float64]
    """(k, 3) rows of two vertices and a sharpness, which may be infinite; other edges are smooth."""
    peaks: NDArray[np.float64]
    """(vertices,) sharpness of each vertex."""

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """(f,) first corner of each face."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def face(self) -> NDArray[np.int64]:
        """(c,) face of each corner."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def following(self) -> NDArray[np.int64]:
        """(c,) next corner of the same face."""
        after = np.arange(len(self.indices)) + 1
        after[self.starts + self.counts - 1] = self.starts
        return after

    @cached_property
    def preceding(self) -> NDArray[np.int64]:
        """(c,) corner before in the same face."""
        before = np.empty_like(self.following)
        before[self.following] = np.arange(len(before))
        return before

    @cached_property
    def _keys(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return np.unique(self._key(self.indices, self.indices[self.following]), return_inverse=True)

    @cached_property
    def edge(self) -> NDArray[np.int64]:
        """(c,) edge from each corner to the next."""
        return self._keys[1]

    @cached_property
    def edges(self) -> NDArray[np.int64]:
        """(e, 2) vertices of each edge, the lower first."""
        return np.stack(np.divmod(self._keys[0], self.vertices), axis=1)

    @cached_property
    def sharpness(self) -> NDArray[np.float64]:
        """(e,) of each edge: as creased; infinite where not exactly two faces meet."""
        sharp = np.zeros(len(self.edges))
        if len(self.creases):
            ends = self.creases[:, :2].astype(np.int64)
            wanted = self._key(ends[:, 0], ends[:, 1])
            place = np.minimum(np.searchsorted(self._keys[0], wanted), len(sharp) - 1)
            real = self._keys[0][place] == wanted
            np.maximum.at(sharp, place[real], self.creases[real, 2])
        sharp[np.bincount(self.edge, minlength=len(sharp)) != 2] = np.inf
        return sharp

    def sum_faces(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (f, c) sums of rows by corner."""
        return np.add.reduceat(corners, self.starts, axis=0) if len(self.starts) else corners

    def sum_edges(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (e, c) sums of rows by corner over the corners of each edge."""
        return total(len(self.edges), self.edge, corners)

    def sum_vertices(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (vertices, c) sums of rows by corner."""
        return total(self.vertices, self.indices, corners)

    def sum_across(self, edges: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (vertices, c) sums of rows by edge over the edges at each vertex."""
        return total(self.vertices, self.edges[:, 0], edges) + total(self.vertices, self.edges[:, 1], edges)

    def sum_neighbours(self, values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return (vertices, c) sums of values by vertex over the other ends of each vertex' chosen edges."""
        a, b = self.edges[chosen].T
        return total(self.vertices, a, values[b]) + total(self.vertices, b, values[a])

    def outer_faces(self) -> NDArray[np.int64]:
        """Return the faces that touch a boundary: without a rule for it they have no surface."""
        boundary = self.edges[np.bincount(self.edge, minlength=len(self.edges)) == 1]
        return np.unique(self.face[np.isin(self.indices, boundary)])

    def sectors(self) -> NDArray[np.int64]:
        """Return (c,) equal numbers for corners of one vertex that smooth edges connect."""
        faces = np.bincount(self.edge, minlength=len(self.edges))
        if faces.max(initial=0) <= 2 and not self.sharpness[faces == 2].any():
            # Without creases a vertex is a sector; most meshes are like this, and finding the rest takes long.
            return self.indices
        order = np.argsort(self.edge, kind="stable")
        bounds = np.searchsorted(self.edge[order], np.arange(len(self.edges)))
        smooth = np.flatnonzero(self.sharpness <= 0)
        one, other = order[bounds[smooth]], order[bounds[smooth] + 1]
        # Neighbours run along their edge in opposite directions, unless one of them is wound the other way.
        turned = self.indices[one] == self.indices[other]
        near = np.where(turned, other, self.following[other])
        far = np.where(turned, self.following[other], other)
        pairs = np.concatenate([np.stack([one, near]), np.stack([self.following[one], far])], axis=1)
        label = np.arange(len(self.indices))
        while True:
            least = label[pairs].min(axis=0)
            before = label.copy()
            np.minimum.at(label, pairs[0], least)
            np.minimum.at(label, pairs[1], least)
            if (label == before).all():
                return label

    def _key(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.minimum(a, b) * self.vertices + np.maximum(a, b)


def total(rows: int, place: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (rows, c): the sum of the values (n, c) that go to each place (n,)."""
    out = np.zeros((rows, values.shape[1]))
    for column in range(values.shape[1]):
        out[:, column] = np.bincount(place, values[:, column], rows)
    return out
