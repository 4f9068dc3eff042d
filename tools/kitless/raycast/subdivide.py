"""Subdivision surfaces: control cages to fine meshes, by the published rules.

Catmull and Clark 1978, Loop 1987; creases and corners by DeRose, Kass and Truong 1998, "Subdivision Surfaces in
Character Animation", as OpenSubdiv documents their uniform form; limit positions by Halstead, Kass and DeRose 1993.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kitless.raycast.cage import Cage

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 2
_MOST_TRIANGLES = 2_000_000

Points: TypeAlias = "NDArray[np.float64]"
Rule: TypeAlias = Callable[[Cage, Points], Points]


@dataclass(frozen=True, eq=False)
class Scheme:
    """How one level follows from the one before."""

    refine: Rule
    """Vertex values (n, c) to those of the next level: the vertices, the edges and, for quads, the faces."""
    limit: Rule
    """Vertex values of the last level to those on the limit surface."""
    triangles: bool = False
    """Whether faces are split into four triangles each; else into a quad per corner."""
    smooth: bool = True
    """Whether the limit surface has normals of its own."""


@dataclass(frozen=True, eq=False)
class Refined:
    """A subdivided mesh and what became of the values on its cage."""

    cages: tuple[Cage, ...]
    """The levels, the first as given."""
    scheme: Scheme
    faces: NDArray[np.int64]
    """(f,) the given cage's face that each face of the last level is part of."""

    @property
    def last(self) -> Cage:
        """The finest level."""
        return self.cages[-1]

    def by_vertex(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, c) values that follow the surface, on the limit: positions, vertex primvars."""
        fine = values.astype(np.float64)
        for cage in self.cages[:-1]:
            fine = self.scheme.refine(cage, fine)
        return self.scheme.limit(self.last, fine).astype(np.float32)

    def by_edge(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, c) vertex values interpolated linearly: varying primvars."""
        fine = values.astype(np.float64)
        for cage in self.cages[:-1]:
            fine = _bilinear(cage, fine, faces=not self.scheme.triangles)
        return fine.astype(np.float32)

    def by_corner(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (corners, c) corner values interpolated linearly: face-varying primvars, whatever their rule."""
        fine = values.astype(np.float64)
        for cage in self.cages[:-1]:
            fine = _split_corners(cage, fine, self.scheme)
        return fine.astype(np.float32)

    def normals(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (corners, 3) normals, smooth but across creases and boundaries, for points of the last level."""
        cage = self.last
        corner = points[cage.indices].astype(np.float64)
        a, b = corner[cage.following] - corner, corner[cage.preceding] - corner
        sector = cage.sectors()
        return _sector_normals(sector, np.cross(a, b)).astype(np.float32)


def _sector_normals(sector: NDArray[np.int64], crosses: Points) -> Points:
    """Return (n, 3) unit sums of cross products over the rows that have the same sector number."""
    summed = np.stack([np.bincount(sector, crosses[:, k], len(sector)) for k in range(3)], axis=1)[sector]
    return summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-30)


def refine(cage: Cage, scheme: Scheme) -> Refined:
    """Subdivide LEVELS times, or less often where that would make more than two million triangles."""
    cages, faces = [cage], np.arange(len(cage.counts))
    for _ in range(LEVELS):
        last = cages[-1]
        pieces = 4 * len(last.counts) if scheme.triangles else 2 * len(last.indices)
        if pieces > _MOST_TRIANGLES:
            break
        faces = np.repeat(faces, 4 if scheme.triangles else last.counts)
        cages.append(_next(last, scheme))
    return Refined(tuple(cages), scheme, faces)


def _next(cage: Cage, scheme: Scheme) -> Cage:
    here, edge = cage.indices, cage.vertices + cage.edge
    before = edge[cage.preceding]
    if scheme.triangles:
        corners = np.stack([here, edge, before], axis=1).reshape(-1, 9)
        indices = np.concatenate([corners, edge.reshape(-1, 3)], axis=1).ravel()
    else:
        middle = cage.vertices + len(cage.edges) + cage.face
        indices = np.stack([here, edge, middle, before], axis=1).ravel()
    size = 3 if scheme.triangles else 4
    count = cage.vertices + len(cage.edges) + (0 if scheme.triangles else len(cage.counts))
    sharp = np.flatnonzero(cage.sharpness > 1)
    rest, middles = cage.sharpness[sharp] - 1, cage.vertices + sharp
    halves = [np.stack([cage.edges[sharp, end], middles, rest], axis=1) for end in (0, 1)]
    peaks = np.zeros(count)
    peaks[: cage.vertices] = np.maximum(cage.peaks - 1, 0)
    return Cage(
        counts=np.full(len(indices) // size, size),
        indices=indices,
        vertices=count,
        creases=np.concatenate(halves),
        peaks=peaks,
    )


def _split_corners(cage: Cage, values: Points, scheme: Scheme) -> Points:
    edge = (values + values[cage.following]) / 2
    before = edge[cage.preceding]
    columns = values.shape[1]
    if scheme.triangles:
        corners = np.stack([values, edge, before], axis=1).reshape(-1, 9, columns)
        return np.concatenate([corners, edge.reshape(-1, 3, columns)], axis=1).reshape(-1, columns)
    middle = (cage.sum_faces(values) / cage.counts[:, None])[cage.face]
    return np.stack([values, edge, middle, before], axis=1).reshape(-1, columns)


def _bilinear(cage: Cage, values: Points, *, faces: bool = True) -> Points:
    middles = values[cage.edges].mean(axis=1)
    parts = [values, middles, *([_face_points(cage, values)] if faces else [])]
    return np.concatenate(parts)


def _face_points(cage: Cage, values: Points) -> Points:
    return cage.sum_faces(values[cage.indices]) / cage.counts[:, None]


def _edge_points(cage: Cage, values: Points, smooth: Points) -> Points:
    share = np.clip(cage.sharpness, 0, 1)[:, None]
    return (1 - share) * smooth + share * values[cage.edges].mean(axis=1)


def _by_sharpness(cage: Cage, values: Points, smooth: Points, crease_weight: float) -> Points:
    """Blend what a smooth vertex becomes with what one on a crease (two sharp edges) or corner (more) becomes."""
    sharp = cage.sharpness > 0
    edges = np.clip(cage.sharpness, 0, 1)[:, None]
    count = cage.sum_across(sharp[:, None].astype(np.float64))
    mean = cage.sum_across(edges) / np.maximum(count, 1)
    crease = (cage.sum_neighbours(values, sharp) + crease_weight * values) / (crease_weight + 2)
    on_crease = np.where(count == 2, mean, 0)
    on_corner = np.maximum(np.where(count > 2, mean, 0), np.clip(cage.peaks, 0, 1)[:, None])
    # A point that no face uses stays.
    on_corner[np.bincount(cage.indices, minlength=cage.vertices) == 0] = 1
    blended = (1 - on_crease) * smooth + on_crease * crease
    return (1 - on_corner) * blended + on_corner * values


def _valence(cage: Cage) -> Points:
    return np.maximum(np.bincount(cage.edges.ravel(), minlength=cage.vertices), 1)[:, None].astype(np.float64)


def _catmull_clark(cage: Cage, values: Points) -> Points:
    faces = _face_points(cage, values)
    n = _valence(cage)
    edges = (values[cage.edges].sum(axis=1) + cage.sum_edges(faces[cage.face])) / 4
    around = np.maximum(np.bincount(cage.indices, minlength=cage.vertices), 1)[:, None]
    mean_face = cage.sum_vertices(faces[cage.face]) / around
    mean_edge = cage.sum_across(values[cage.edges].mean(axis=1)) / n
    vertices = (mean_face + 2 * mean_edge + (n - 3) * values) / n
    return np.concatenate([_by_sharpness(cage, values, vertices, 6), _edge_points(cage, values, edges), faces])


def _catmull_clark_limit(cage: Cage, values: Points) -> Points:
    n = _valence(cage)
    across = cage.sum_vertices(values[cage.indices[cage.following[cage.following]]])
    beside = cage.sum_neighbours(values, np.ones(len(cage.edges), bool))
    return _by_sharpness(cage, values, (n * n * values + 4 * beside + across) / (n * (n + 5)), 4)


def _loop_weight(cage: Cage) -> Points:
    n = _valence(cage)
    return (5 / 8 - (3 / 8 + np.cos(2 * np.pi / n) / 4) ** 2) / n


def _loop(cage: Cage, values: Points) -> Points:
    n, weight = _valence(cage), _loop_weight(cage)
    opposite = cage.sum_edges(values[cage.indices[cage.preceding]])
    edges = values[cage.edges].sum(axis=1) * 3 / 8 + opposite / 8
    beside = cage.sum_neighbours(values, np.ones(len(cage.edges), bool))
    vertices = (1 - n * weight) * values + weight * beside
    return np.concatenate([_by_sharpness(cage, values, vertices, 6), _edge_points(cage, values, edges)])


def _loop_limit(cage: Cage, values: Points) -> Points:
    n = _valence(cage)
    weight = 1 / (3 / (8 * _loop_weight(cage)) + n)
    beside = cage.sum_neighbours(values, np.ones(len(cage.edges), bool))
    return _by_sharpness(cage, values, (1 - n * weight) * values + weight * beside, 4)


def _unchanged(_cage: Cage, values: Points) -> Points:
    return values


SCHEMES = {
    "catmullClark": Scheme(_catmull_clark, _catmull_clark_limit),
    "loop": Scheme(_loop, _loop_limit, triangles=True),
    "bilinear": Scheme(_bilinear, _unchanged, smooth=False),
}
"""By USD's subdivisionScheme."""
