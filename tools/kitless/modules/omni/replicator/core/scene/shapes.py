"""The unit shapes: 1 m across, centred on the origin, axes along the stage's up axis."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Usd, UsdGeom, Vt

SEGMENTS = 64
"""Round a full circle: the silhouette is off by 0.12 % of the radius at most."""
TORUS_RADIUS, TORUS_TUBE = 0.375, 0.125
"""Of the middle of the tube, and of the tube itself."""
Profile = NDArray[np.float64]
"""(n, 2): radius and height, counter-clockwise about the solid in the plane of the two."""


@dataclass(frozen=True)
class Surface:
    """Polygons in metres, Z up, with a normal and a texture coordinate for each point."""

    points: NDArray[np.float64]
    normals: NDArray[np.float64]
    st: NDArray[np.float64]
    counts: NDArray[np.int64]
    indices: NDArray[np.int64]


def joined(parts: list[Surface]) -> Surface:
    """Several surfaces as one."""
    starts = np.cumsum([0, *(len(part.points) for part in parts[:-1])])
    return Surface(
        points=np.concatenate([part.points for part in parts]),
        normals=np.concatenate([part.normals for part in parts]),
        st=np.concatenate([part.st for part in parts]),
        counts=np.concatenate([part.counts for part in parts]),
        indices=np.concatenate([part.indices + start for part, start in zip(parts, starts, strict=True)]),
    )


def revolved(profile: Profile, normals: Profile) -> Surface:
    """A profile turned about the z axis, with its normals."""
    angle = np.linspace(0, 2 * np.pi, SEGMENTS + 1)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)

    def turned(line: Profile) -> NDArray[np.float64]:
        radial = line[:, None, :1] * circle
        return np.concatenate([radial, np.broadcast_to(line[:, None, 1:], (*radial.shape[:2], 1))], 2).reshape(-1, 3)

    s, t = np.meshgrid(angle / (2 * np.pi), np.linspace(0, 1, len(profile)))
    faces = [
        face
        for row in range(len(profile) - 1)
        for face in ring(row * (SEGMENTS + 1), profile[row, 0] == 0, profile[row + 1, 0] == 0)
    ]
    counts = np.array([len(face) for face in faces])
    st = np.stack([s.ravel(), t.ravel()], axis=1)
    return Surface(turned(profile), turned(normals), st, counts, np.concatenate(faces))


def ring(start: int, from_pole: bool, to_pole: bool) -> list[list[int]]:
    """The faces between two rows of points; at a pole they are triangles."""
    faces = []
    for low in range(start, start + SEGMENTS):
        high = low + SEGMENTS + 1
        if from_pole:
            faces.append([low, high + 1, high])
        elif to_pole:
            faces.append([low, low + 1, high])
        else:
            faces.append([low, low + 1, high + 1, high])
    return faces


def flat(*line: tuple[float, float], normal: tuple[float, float]) -> Surface:
    """A piece of a profile that is straight, turned."""
    return revolved(np.array(line), np.tile(np.array(normal), (len(line), 1)))


def sphere() -> Surface:
    """Radius 0.5."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, SEGMENTS // 2 + 1)
    arc = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    arc[[0, -1], 0] = 0
    return revolved(0.5 * arc, arc)


def torus() -> Surface:
    """Its hole along the axis."""
    angle = np.linspace(-np.pi, np.pi, SEGMENTS // 2 + 1)
    arc = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return revolved(TORUS_TUBE * arc + np.array([TORUS_RADIUS, 0]), arc)


def cylinder() -> Surface:
    """Radius 0.5, height 1, closed."""
    bottom = flat((0, -0.5), (0.5, -0.5), normal=(0, -1))
    side = flat((0.5, -0.5), (0.5, 0.5), normal=(1, 0))
    return joined([bottom, side, flat((0.5, 0.5), (0, 0.5), normal=(0, 1))])


def cone() -> Surface:
    """Radius 0.5, height 1, closed; the tip is up."""
    slope = 1 / np.hypot(1, 0.5), 0.5 / np.hypot(1, 0.5)
    return joined([flat((0, -0.5), (0.5, -0.5), normal=(0, -1)), flat((0.5, -0.5), (0, 0.5), normal=slope)])


def disk() -> Surface:
    """Radius 0.5, facing up."""
    return flat((0.5, 0), (0, 0), normal=(0, 1))


def plane() -> Surface:
    """A square of edge 1, facing up."""
    st = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    points = np.column_stack([st - 0.5, np.zeros(4)])
    return Surface(points, np.tile(np.array([0.0, 0, 1]), (4, 1)), st, np.array([4]), np.arange(4))


def cube() -> Surface:
    """Edge 1."""
    top = plane()
    lifted = top.points + np.array([0, 0, 0.5])
    turns = [np.eye(3)[list(order)] * signs for order, signs in CUBE_TURNS]
    return joined([Surface(lifted @ turn, top.normals @ turn, top.st, top.counts, top.indices) for turn in turns])


CUBE_TURNS = (
    ((0, 1, 2), [[1], [1], [1]]),
    ((0, 1, 2), [[1], [-1], [-1]]),
    ((1, 2, 0), [[1], [1], [1]]),
    ((1, 2, 0), [[-1], [1], [-1]]),
    ((2, 0, 1), [[1], [1], [1]]),
    ((2, 0, 1), [[-1], [1], [-1]]),
)
"""Rotations that bring the top of a cube to each of its sides: which axis each goes to, and its sign."""
SHAPES: dict[str, Callable[[], Surface]] = {
    "Sphere": sphere,
    "Torus": torus,
    "Disk": disk,
    "Plane": plane,
    "Cube": cube,
    "Cylinder": cylinder,
    "Cone": cone,
}


@lru_cache
def surface(kind: str) -> Surface:
    """A shape by its name."""
    return SHAPES[kind]()


def upright(vectors: NDArray[np.float64], up_axis: str) -> NDArray[np.float64]:
    """Vectors (n, 3) with Z up, in a stage's axes."""
    return vectors if up_axis == "Z" else np.stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]], axis=1)


def define_mesh(stage: Usd.Stage, path: str, kind: str) -> Usd.Prim:
    """A shape as a mesh with normals and the texture coordinates ``st``."""
    made, up = surface(kind), UsdGeom.GetStageUpAxis(stage)
    points = upright(made.points, up).astype(np.float32) / np.float32(UsdGeom.GetStageMetersPerUnit(stage))
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(points))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(made.counts.astype(np.int32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(made.indices.astype(np.int32)))
    mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(upright(made.normals, up).astype(np.float32)))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([points.min(0), points.max(0)])))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    primvars = UsdGeom.PrimvarsAPI(mesh)
    st = primvars.CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex)
    st.Set(Vt.Vec2fArray.FromNumpy(made.st.astype(np.float32)))
    return mesh.GetPrim()


def define_gprim(stage: Usd.Stage, path: str, kind: str) -> Usd.Prim:
    """A sphere, cube, cylinder or cone as USD's own."""
    metre = 1 / UsdGeom.GetStageMetersPerUnit(stage)
    prim = getattr(UsdGeom, kind).Define(stage, path).GetPrim()
    values = {"size": metre} if kind == "Cube" else {"radius": metre / 2}
    if kind in ("Cylinder", "Cone"):
        values |= {"height": metre, "axis": UsdGeom.GetStageUpAxis(stage)}
    for name, value in values.items():
        prim.GetAttribute(name).Set(value)
    half = metre / 2
    UsdGeom.Boundable(prim).CreateExtentAttr([(-half, -half, -half), (half, half, half)])
    return prim
