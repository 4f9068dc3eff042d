"""The polygon meshes that `make_props.py` is made of."""

import math
from collections.abc import Callable, Sequence

from pxr import Gf, Sdf, Usd, UsdGeom, Vt

Point = tuple[float, float, float]
Pair = tuple[float, float]
Patch = Callable[[float, float], Point]
"""A surface over the unit square: (u, v) -> position in metres."""


class Surface:
    """A polygon mesh that grows patch by patch; edges between patches are sharp, inside a patch they are smooth."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.normals: list[Point] = []
        self.counts: list[int] = []
        self.indices: list[int] = []
        self.st: list[Pair] = []

    def polygon(self, corners: Sequence[Point], st: Sequence[Pair]) -> None:
        """Adds one flat face, its corners counter-clockwise as seen from outside."""
        first = len(self.points)
        a, b, c = (Gf.Vec3d(*corner) for corner in corners[:3])
        normal = Gf.Cross(b - a, c - b).GetNormalized()
        self.points += corners
        self.normals += [tuple(normal)] * len(corners)
        self.counts.append(len(corners))
        self.indices += range(first, first + len(corners))
        self.st += st

    def patch(self, at: Patch, steps: tuple[int, int], st: Callable[[Pair, Point], Pair]) -> None:
        """Adds the surface `at(u, v)` over the unit square, closed along u; its outside is where du x dv points.

        Rows that shrink to a point become poles of triangles. `st` gets (u, v) and the corner's position.
        """
        around, up = steps
        rows = [self._row(at, around, row / up) for row in range(up + 1)]
        for row in range(up):
            for column in range(around):
                corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
                face = {rows[j][i % around]: (i / around, j / up) for i, j in corners}
                self.counts.append(len(face))
                self.indices += face
                self.st += [st(place, self.points[index]) for index, place in face.items()]

    def _row(self, at: Patch, around: int, v: float) -> list[int]:
        """Adds one row of points with their normals; returns their indices, all the same for a pole."""
        first = len(self.points)
        pole = math.dist(at(0, v), at(0.5, v)) < 1e-9
        for column in range(1 if pole else around):
            self.points.append(at(column / around, v))
            self.normals.append(_normal(at, column / around, v))
        return [first] * around if pole else list(range(first, first + around))

    def define(self, stage: Usd.Stage, path: str) -> Usd.Prim:
        """Authors the mesh on a stage: points and normals to five decimals, `st`, extent, no subdivision."""
        mesh = UsdGeom.Mesh.Define(stage, path)
        points = Vt.Vec3fArray([_rounded(point) for point in self.points])
        mesh.CreatePointsAttr(points)
        mesh.CreateNormalsAttr(Vt.Vec3fArray([_rounded(normal) for normal in self.normals]))
        mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
        mesh.CreateFaceVertexCountsAttr(self.counts)
        mesh.CreateFaceVertexIndicesAttr(self.indices)
        mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
        mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(points))
        st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar(
            "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying
        )
        st.Set(Vt.Vec2fArray([_rounded(pair) for pair in self.st]))
        return mesh.GetPrim()


def _rounded(values: Sequence[float]) -> tuple[float, ...]:
    # Adding 0 turns -0.0 into 0.0; five decimals hide the last bits in which machines' sines differ.
    return tuple(round(value, 5) + 0.0 for value in values)


def _normal(at: Patch, u: float, v: float) -> Point:
    step = 1e-4
    v = min(max(v, step), 1 - step)
    du = Gf.Vec3d(*at(u + step, v)) - Gf.Vec3d(*at(u - step, v))
    dv = Gf.Vec3d(*at(u, v + step)) - Gf.Vec3d(*at(u, v - step))
    return tuple(Gf.Cross(du, dv).GetNormalized())


def along(corners: Sequence[Sequence[float]], place: float) -> tuple[float, ...]:
    """Returns the point at `place` in 0..1 of a polyline whose corners are evenly spaced in that parameter."""
    index = min(int(place * (len(corners) - 1)), len(corners) - 2)
    part = place * (len(corners) - 1) - index
    return tuple(a + (b - a) * part for a, b in zip(corners[index], corners[index + 1], strict=True))


def lathe(profile: Sequence[Pair], *, stretch: Pair = (1, 1), foot: Pair = (0, 0), lean: Pair = (0, 0)) -> Patch:
    """Returns the surface of a profile of (radius, height) turned round the Z axis; it runs upwards outside.

    `foot` moves it, `lean` moves it by so much per metre of height, `stretch` makes it an ellipse.
    """

    def at(u: float, v: float) -> Point:
        radius, height = along(profile, v)
        angle = 2 * math.pi * u
        x = foot[0] + lean[0] * height + radius * stretch[0] * math.cos(angle)
        y = foot[1] + lean[1] * height + radius * stretch[1] * math.sin(angle)
        return x, y, height

    return at


def rounded_rectangle(half: Pair, radius: float) -> list[Pair]:
    """Returns the closed outline of a rectangle with rounded corners, counter-clockwise, first point repeated."""
    outline = []
    for quarter, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for step in range(7):
            angle = math.radians(90 * quarter + 15 * step)
            outline.append(
                (sx * (half[0] - radius) + radius * math.cos(angle), sy * (half[1] - radius) + radius * math.sin(angle))
            )
    return [*outline, outline[0]]
