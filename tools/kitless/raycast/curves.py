"""UsdGeomBasisCurves as tubes: every curve a chain of round pieces."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pxr import UsdGeom

from kitless.raycast import primvars as pv
from kitless.raycast.errors import GeometryError
from kitless.raycast.mesh import Interpolation, Mesh, Primvar

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pxr import Usd

    from kitless.raycast.skinning import Skin

_STEPS = 16
"""Straight pieces of a cubic segment: a quarter circle is off by at most 0.05 % of its radius."""
_MOST_PIECES = 2_000_000
# Rows: powers 0..3 of t; columns: control points.
_BASES = {
    "bezier": np.array([[1, 0, 0, 0], [-3, 3, 0, 0], [3, -6, 3, 0], [-1, 3, -3, 1]]),
    "bspline": np.array([[1, 4, 1, 0], [-3, 0, 3, 0], [3, -6, 3, 0], [-1, 3, -3, 1]]) / 6,
    "catmullRom": np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]]) / 2,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class _Layout:
    """Which control points make which segment, over all curves of a prim, and where along them pieces meet: places."""

    counts: NDArray[np.int64]
    """(c,) authored points of each curve."""
    pinned: bool
    """Whether each curve has a phantom point more at either end."""
    curve: NDArray[np.int64]
    """(s,) the curve of each segment; segments of a curve follow each other."""
    control: NDArray[np.int64]
    """(s, k) control points of each segment, phantom ones counted."""
    varying: NDArray[np.int64]
    """(s, 2) varying values at both ends of each segment."""
    weights: NDArray[np.float64]
    """(m + 1, k) weights of a segment's control points at m + 1 even steps of its parameter."""
    sizes: dict[str, int]
    """How many values each interpolation takes."""

    @cached_property
    def kept(self) -> NDArray[np.bool_]:
        """(s (m + 1),) which samples of all segments are places: a segment's end is the next one's start."""
        kept = np.ones((len(self.curve), len(self.weights)), bool)
        kept[:-1, -1] = self.curve[:-1] != self.curve[1:]
        return kept.ravel()

    @cached_property
    def curves(self) -> NDArray[np.int64]:
        """(p,) the curve of each place."""
        return np.repeat(self.curve, len(self.weights))[self.kept]

    def spread(self, values: pv.Values) -> NDArray[np.float32]:
        """Return values by place (p, c), or (1, c) if there is one for all."""
        if values.interpolation == pv.CONSTANT:
            return values.values
        if values.interpolation == pv.UNIFORM:
            return values.values[self.curves]
        if values.interpolation == pv.VERTEX:
            control = _with_phantoms(values.values, self.counts) if self.pinned else values.values
            return self._sample(control[self.control], self.weights)
        steps = np.linspace(0, 1, len(self.weights))
        return self._sample(values.values[self.varying], np.stack([1 - steps, steps], axis=1))

    def _sample(self, values: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float32]:
        samples = np.einsum("mk,skc->smc", weights, values.astype(np.float64))
        return samples.reshape(-1, values.shape[-1])[self.kept].astype(np.float32)


def read_curves(prim: Usd.Prim, time: Usd.TimeCode, skin: Skin | None) -> Mesh:
    """Return the curves as tubes with round ends; widths are diameters, 1 where none are authored.

    Normals, which would make ribbons of them, are not looked at. Linear curves are exact, cubic ones (bezier,
    bspline, catmullRom) are cut into straight pieces. A curve with too few points for a segment is not there.
    Raises GeometryError, naming the prim, for counts that contradict the points or a basis that is none.
    """
    curves = UsdGeom.BasisCurves(prim)
    points = pv.array(curves.GetPointsAttr(), time, np.float32, 3)
    counts = pv.array(curves.GetCurveVertexCountsAttr(), time, np.int64)
    if counts.sum() != len(points) or (counts < 0).any():
        raise GeometryError(
            f"{prim.GetPath()}.curveVertexCounts adds up to {counts.sum()}, but there are {len(points)} points"
        )
    if skin is not None:
        points = skin.pose(time).points(points)
    layout = _layout(curves, time, counts)
    widths = pv.read_widths(prim, curves.GetWidthsAttr(), curves.GetWidthsInterpolation(), time, layout.sizes)
    places = layout.spread(pv.Values(points, pv.VERTEX))
    radii = np.broadcast_to(np.maximum(layout.spread(widths)[:, 0] / 2, 0), len(places))
    first = np.flatnonzero(layout.curves[:-1] == layout.curves[1:])
    first = first[(places[first] != places[first + 1]).any(axis=1) & (radii[first] + radii[first + 1] > 0)]
    # A ray along a piece's axis meets nothing but the balls at the ends.
    ends = np.concatenate([np.setdiff1d(first, first + 1), np.setdiff1d(first + 1, first)])
    ends = ends[radii[ends] > 0]
    start, end = np.concatenate([first, ends]), np.concatenate([first + 1, ends])
    pieces = np.stack([start, end, end], axis=1).astype(np.int32)
    found = pv.read_primvars(prim, time, layout.sizes)
    return Mesh(
        points=places,
        triangles=pieces,
        corners=pieces,
        faces=layout.curves[start].astype(np.int32),
        radii=radii,
        primvars={
            name: Primvar(
                layout.spread(values),
                Interpolation.CONSTANT if values.interpolation == pv.CONSTANT else Interpolation.VERTEX,
            )
            for name, values in found.items()
        },
    )


def _layout(curves: UsdGeom.BasisCurves, time: Usd.TimeCode, counts: NDArray[np.int64]) -> _Layout:
    cubic = curves.GetTypeAttr().Get(time) != UsdGeom.Tokens.linear
    basis, wrap = str(curves.GetBasisAttr().Get(time)), curves.GetWrapAttr().Get(time)
    if cubic and basis not in _BASES:
        near = difflib.get_close_matches(basis, _BASES, n=1, cutoff=0)[0]
        raise GeometryError(f"{curves.GetPath()}.basis is {basis!r}, which cannot be drawn; did you mean {near!r}?")
    periodic = wrap == UsdGeom.Tokens.periodic
    # Pinning means something only for the bases that do not reach their end points by themselves.
    pinned = cubic and wrap == UsdGeom.Tokens.pinned and basis != "bezier"
    width, step = (4, 3 if basis == "bezier" else 1) if cubic else (2, 1)
    points = counts + 2 * pinned * (counts >= 2)
    segments = np.maximum(points // step if periodic else (points - width) // step + 1, 0)
    segments[points < (step + 1 if periodic else width)] = 0
    ends = np.where(segments > 0, segments + (not periodic), 0)
    curve = np.repeat(np.arange(len(counts)), segments)
    place = np.arange(len(curve)) - (np.cumsum(segments) - segments)[curve]
    around = (place[:, None] * step + np.arange(width)) % points[curve, None]
    return _Layout(
        counts=counts,
        pinned=pinned,
        curve=curve,
        control=(np.cumsum(points) - points)[curve, None] + around,
        varying=(np.cumsum(ends) - ends)[curve, None] + (place[:, None] + [0, 1]) % np.maximum(ends[curve, None], 1),
        weights=_weights(basis, len(curve)) if cubic else np.eye(2),
        sizes=_sizes(counts, ends),
    )


def _sizes(counts: NDArray[np.int64], ends: NDArray[np.int64]) -> dict[str, int]:
    varying = int(ends.sum())
    return {
        pv.CONSTANT: 1,
        pv.UNIFORM: len(counts),
        pv.VERTEX: int(counts.sum()),
        pv.VARYING: varying,
        pv.FACE_VARYING: varying,
    }


def _weights(basis: str, segments: int) -> NDArray[np.float64]:
    steps = int(np.clip(_MOST_PIECES // max(segments, 1), 1, _STEPS))
    return np.linspace(0, 1, steps + 1)[:, None] ** np.arange(4) @ _BASES[basis]


def _with_phantoms(values: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return values (n, c) with one more before and after each curve of two or more, in line with its neighbours."""
    long = np.flatnonzero(counts >= 2)
    starts = (np.cumsum(counts) - counts)[long]
    last = starts + counts[long] - 1
    before = 2 * values[starts] - values[starts + 1]
    after = 2 * values[last] - values[last - 1]
    # Where one curve ends and the next begins, what stands first here comes first.
    return np.insert(values, np.concatenate([last + 1, starts]), np.concatenate([after, before]), axis=0)
