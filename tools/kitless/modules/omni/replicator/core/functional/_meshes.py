"""The shapes as meshes: one metre across, centred, with smooth normals and texture coordinates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdGeom, Vt

AROUND, ALONG = 32, 16
"""Pieces around a round shape, and along a sphere's meridian or a torus' tube."""
TUBE = 0.125
"""Radius of a torus' tube, metres; its ring's radius is three times as much, so that it is one metre across."""

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Part:
    """A grid of (rows, columns) points, normals and texture coordinates; neighbours make quadrilaterals.

    points, normals (r, c, 3) in metres, the shape's axis along Z; coordinates (r, c, 2). Corners counter-clockwise
    seen from outside are (i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j).
    """

    points: Points
    normals: Points
    coordinates: Points


def _grid(rows: int, columns: int) -> tuple[Points, Points]:
    """Texture coordinates of a grid: u along columns, v along rows, 0 to 1."""
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    return u, v


def _stack(*axes: Any) -> Points:
    return np.stack(np.broadcast_arrays(*axes), axis=-1).astype(np.float64)


def _square(right: Points, up: Points, half: float = 0.5, centre: float = 0.0) -> Part:
    """A flat square of side one whose normal is right x up, ``centre`` along that normal."""
    u, v = _grid(2, 2)
    normal = np.cross(right, up)
    points = (u[..., None] - 0.5) * 2 * half * right + (v[..., None] - 0.5) * 2 * half * up + centre * normal
    return Part(points, np.broadcast_to(normal, points.shape), _stack(u, v))


def plane() -> list[Part]:
    """One square, its normal along the axis."""
    return [_square(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))]


def cube() -> list[Part]:
    """Six squares."""
    x, y, z = np.eye(3)
    sides = ((x, y), (y, x), (y, z), (z, y), (z, x), (x, z))
    return [_square(right, up, centre=0.5) for right, up in sides]


def sphere() -> list[Part]:
    """Radius one half, meridians from the lower pole to the upper."""
    u, v = _grid(ALONG + 1, AROUND + 1)
    around, height = 2 * np.pi * u, np.pi * (v - 0.5)
    normals = _stack(np.cos(height) * np.cos(around), np.cos(height) * np.sin(around), np.sin(height))
    return [Part(normals * 0.5, normals, _stack(u, v))]


def _cap(height: float, up: bool) -> Part:
    """A disk of radius one half as a fan."""
    u, v = _grid(2, AROUND + 1)
    around, radius = 2 * np.pi * u * (1 if up else -1), 0.5 * (1 - v)
    points = _stack(radius * np.cos(around), radius * np.sin(around), height)
    normals = np.broadcast_to([0.0, 0.0, 1.0 if up else -1.0], points.shape)
    return Part(points, normals, points[..., :2] + 0.5)


def disk() -> list[Part]:
    """Radius one half, its normal along the axis."""
    return [_cap(0.0, up=True)]


def cylinder() -> list[Part]:
    """Radius one half, height one."""
    u, v = _grid(2, AROUND + 1)
    around = 2 * np.pi * u
    normals = _stack(np.cos(around), np.sin(around), 0.0)
    points = _stack(0.5 * np.cos(around), 0.5 * np.sin(around), v - 0.5)
    return [Part(points, normals, _stack(u, v)), _cap(0.5, up=True), _cap(-0.5, up=False)]


def cone() -> list[Part]:
    """Base radius one half, height one, its tip along the axis."""
    u, v = _grid(2, AROUND + 1)
    around, radius = 2 * np.pi * u, 0.5 * (1 - v)
    normals = _stack(2 * np.cos(around), 2 * np.sin(around), 1.0) / np.sqrt(5)
    points = _stack(radius * np.cos(around), radius * np.sin(around), v - 0.5)
    return [Part(points, normals, _stack(u, v)), _cap(-0.5, up=False)]


def torus() -> list[Part]:
    """A ring about the axis, one metre across."""
    u, v = _grid(ALONG + 1, AROUND + 1)
    around, tube = 2 * np.pi * u, 2 * np.pi * v
    normals = _stack(np.cos(tube) * np.cos(around), np.cos(tube) * np.sin(around), np.sin(tube))
    ring = _stack(np.cos(around), np.sin(around), 0.0) * 3 * TUBE
    return [Part(ring + normals * TUBE, normals, _stack(u, v))]


SHAPES: Mapping[str, Callable[[], list[Part]]] = {
    "Plane": plane,
    "Cube": cube,
    "Sphere": sphere,
    "Disk": disk,
    "Cylinder": cylinder,
    "Cone": cone,
    "Torus": torus,
}


def _corners(part: Part) -> NDArray[np.int64]:
    """(f, 4) point numbers of the quadrilaterals."""
    rows, columns = part.points.shape[:2]
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.stack([first, first + 1, first + columns + 1, first + columns], axis=1)


def _faces(parts: list[Part]) -> tuple[list[int], NDArray[np.int64]]:
    """Vertex counts and point numbers; where two corners of a quadrilateral are one point, it is a triangle."""
    counts, numbers, offset = [], [], 0
    for part in parts:
        points = part.points.reshape(-1, 3)
        for corners in _corners(part):
            following = np.roll(corners, -1)
            kept = corners[np.linalg.norm(points[corners] - points[following], axis=1) > 1e-9]
            counts.append(len(kept))
            numbers.append(kept + offset)
        offset += len(points)
    return counts, np.concatenate(numbers)


@dataclass(frozen=True, eq=False)
class Shape:
    """A whole shape, metres, its axis along Z: (n, 3) points and normals, (n, 2) texture coordinates, and its faces."""

    points: Points
    normals: Points
    coordinates: Points
    counts: list[int]
    numbers: list[int]

    def triangles(self) -> Points:
        """(t, 3, 3) corners; quadrilaterals are cut in two."""
        faces = np.split(np.array(self.numbers), np.cumsum(self.counts)[:-1])
        return self.points[[(face[0], face[i], face[i + 1]) for face in faces for i in range(1, len(face) - 1)]]


@lru_cache(maxsize=len(SHAPES))
def shape_of(kind: str) -> Shape:
    """The shape of that name, made once: scenes have hundreds."""
    parts = SHAPES[kind]()
    counts, numbers = _faces(parts)
    return Shape(
        points=np.concatenate([part.points.reshape(-1, 3) for part in parts]),
        normals=np.concatenate([part.normals.reshape(-1, 3) for part in parts]),
        coordinates=np.concatenate([part.coordinates.reshape(-1, 2) for part in parts]),
        counts=counts,
        numbers=numbers.tolist(),
    )


def turned(vectors: Points, axis: str) -> Points:
    """(n, 3) vectors with the shape's axis Z turned to X or Y, by a cyclic change of axes."""
    return np.roll(vectors, {"Z": 0, "X": 1, "Y": 2}[axis], axis=1)


def define_mesh(stage: Usd.Stage, path: str, kind: str) -> Usd.Prim:
    """Define a shape as a mesh, its axis along the stage's up axis, one metre across in the stage's unit."""
    shape, axis = shape_of(kind), UsdGeom.GetStageUpAxis(stage)
    points = turned(shape.points, axis) / UsdGeom.GetStageMetersPerUnit(stage)
    normals = turned(shape.normals, axis)
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(points, np.float32)))
    mesh.CreateFaceVertexCountsAttr(shape.counts)
    mesh.CreateFaceVertexIndicesAttr(shape.numbers)
    mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(normals, np.float32)))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr([Gf.Vec3f(*map(float, points.min(0))), Gf.Vec3f(*map(float, points.max(0)))])
    primvar = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex)
    primvar.Set(Vt.Vec2fArray.FromNumpy(np.ascontiguousarray(shape.coordinates, np.float32)))
    return mesh.GetPrim()


def define_gprim(stage: Usd.Stage, path: str, kind: str) -> Usd.Prim:
    """Define a sphere, cube, cylinder or cone as USD's own shape, one metre across, along the stage's up axis."""
    metre = 1.0 / UsdGeom.GetStageMetersPerUnit(stage)
    gprim = getattr(UsdGeom, kind).Define(stage, path)
    if kind == "Cube":
        gprim.CreateSizeAttr(metre)
    else:
        gprim.CreateRadiusAttr(0.5 * metre)
    if kind in ("Cylinder", "Cone"):
        gprim.CreateHeightAttr(metre)
        gprim.CreateAxisAttr(UsdGeom.GetStageUpAxis(stage))
    gprim.CreateExtentAttr(UsdGeom.Boundable.ComputeExtentFromPlugins(gprim, Usd.TimeCode.Default()))
    return gprim.GetPrim()
