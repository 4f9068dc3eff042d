"""Scenes to measure on: tori in rows on a plane, as arrays for any renderer and as a USD stage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux, UsdSemantics, Vt

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CAMERA = "/World/Camera"
CROWD = "/World/Crowd"
CLASSES = 5
FOCAL_LENGTH, APERTURE = 24.0, 36.0
_MOVE = 0.05


@dataclass(frozen=True, eq=False)
class Shape:
    """A triangle mesh."""

    points: NDArray[np.float32]
    """(n, 3)."""
    triangles: NDArray[np.int32]
    """(t, 3) indices, counter-clockwise from outside."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """Shapes, and where they stand on a plane; metres, Z up."""

    name: str
    shapes: list[Shape]
    which: NDArray[np.int64]
    """(n,) the shape of each object."""
    places: NDArray[np.float64]
    """(n, 4, 4) local to world, row vectors."""

    @property
    def side(self) -> float:
        """How long the plane's side is."""
        return 1.0 + math.ceil(math.sqrt(len(self.which)))

    @cached_property
    def ground(self) -> Shape:
        """The plane."""
        half = np.float32(self.side)
        corners = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]], np.float32)
        return Shape(corners, np.array([[0, 1, 2], [0, 2, 3]], np.int32))

    @property
    def eye(self) -> NDArray[np.float64]:
        """Where the camera stands; it looks at `target`."""
        return np.array([0.0, -0.75 * self.side, 0.5 * self.side])

    @property
    def target(self) -> NDArray[np.float64]:
        """What it looks at."""
        return np.array([0.0, -0.05 * self.side, 0.0])

    @property
    def placement(self) -> NDArray[np.float64]:
        """(4, 4) camera to world, row vectors: it looks down its -Z."""
        back = (self.eye - self.target) / np.linalg.norm(self.eye - self.target)
        right = np.cross([0.0, 0.0, 1.0], back)
        right /= np.linalg.norm(right)
        matrix = np.eye(4)
        matrix[:3, :3] = right, np.cross(back, right), back
        matrix[3, :3] = self.eye
        return matrix

    @property
    def triangles(self) -> int:
        """How many triangles can be hit, the plane's among them."""
        return sum(len(self.shapes[index].triangles) for index in self.which) + len(self.ground.triangles)

    def moved(self, step: int) -> NDArray[np.float64]:
        """Return the places at another time: everything a little higher and lower, each in its own turn."""
        places = self.places.copy()
        places[:, 3, 2] += _MOVE * (1 + np.sin(0.7 * step + np.arange(len(places))))
        return places


def torus(around: int, across: int, bumps: int = 0) -> Shape:
    """Return a closed torus of 2 * around * across triangles, its tube wavy where there are bumps."""
    u = np.arange(around)[:, None] * (2 * np.pi / around)
    v = np.arange(across)[None, :] * (2 * np.pi / across)
    tube = 0.14 * (1 + 0.15 * np.sin(bumps * u) * np.sin(3 * v))
    ring = 0.26 + tube * np.cos(v)
    points = np.stack([ring * np.cos(u), ring * np.sin(u), tube * np.sin(v) + 0 * u], axis=2).reshape(-1, 3)
    i, j = np.meshgrid(np.arange(around), np.arange(across), indexing="ij")
    a, b = i * across + j, (i + 1) % around * across + j
    c, d = (i + 1) % around * across + (j + 1) % across, i * across + (j + 1) % across
    triangles = np.stack([a, b, c, a, c, d], axis=2).reshape(-1, 3)
    return Shape(points.astype(np.float32), triangles.astype(np.int32))


def crowd(name: str, shapes: list[Shape], count: int) -> Crowd:
    """Stand `count` objects in rows, turned anyhow but always the same way, the shapes in turn."""
    random = np.random.default_rng(7)
    columns = math.ceil(math.sqrt(count))
    row, column = np.divmod(np.arange(count), columns)
    places = np.tile(np.eye(4), (count, 1, 1))
    turns, _ = np.linalg.qr(random.normal(size=(count, 3, 3)))
    turns[np.linalg.det(turns) < 0, 0] *= -1
    places[:, :3, :3] = turns
    places[:, 3, 0], places[:, 3, 1] = column - (columns - 1) / 2, row - (columns - 1) / 2
    places[:, 3, 2] = 0.42
    return Crowd(name, shapes, np.arange(count) % len(shapes), places)


def scene_a() -> Crowd:
    """50 objects of 2,000 triangles, each another."""
    return crowd("A", [torus(40, 25, bumps) for bumps in range(50)], 50)


def scene_b() -> Crowd:
    """1,000 instances of a mesh of 5,000 triangles."""
    return crowd("B", [torus(50, 50, 5)], 1000)


def write_stage(crowd: Crowd, path: Path, *, points: bool = False, frames: int = 0) -> None:
    """Write a crowd as a stage with lights and labels.

    Shapes that stand more than once are instanceable prims, or with `points` the instances of one PointInstancer.
    frames: at how many time codes everything stands somewhere else; 0: it never moves.
    """
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(max(frames - 1, 0))
    UsdGeom.Xform.Define(stage, "/World")
    _define_mesh(stage, "/World/Ground", crowd.ground)
    _define_camera(stage, crowd)
    UsdLux.DomeLight.Define(stage, "/World/Sky").CreateIntensityAttr(600.0)
    sun = UsdLux.DistantLight.Define(stage, "/World/Sun")
    sun.CreateIntensityAttr(900.0)
    sun.AddRotateXYZOp().Set(Gf.Vec3f(35, 20, 0))
    moves = [crowd.moved(frame) for frame in range(frames)] or [crowd.places]
    if points:
        _define_points(stage, crowd, moves)
    else:
        _define_prims(stage, crowd, moves)
    stage.GetRootLayer().Save()


def _define_mesh(stage: Usd.Stage, path: str, shape: Shape) -> Usd.Prim:
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(shape.points))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(shape.triangles), 3, np.int32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(shape.triangles.ravel()))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    return mesh.GetPrim()


def _define_camera(stage: Usd.Stage, crowd: Crowd) -> None:
    camera = UsdGeom.Camera.Define(stage, CAMERA)
    camera.CreateFocalLengthAttr(FOCAL_LENGTH)
    camera.CreateHorizontalApertureAttr(APERTURE)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.01, 10000.0))
    camera.AddTransformOp().Set(Gf.Matrix4d(crowd.placement))


def _define_prims(stage: Usd.Stage, crowd: Crowd, moves: list[NDArray[np.float64]]) -> None:
    layer = stage.GetRootLayer()
    single = len(crowd.shapes) == len(crowd.which)
    if not single:
        for number, shape in enumerate(crowd.shapes):
            stage.CreateClassPrim(f"/Shape{number}")
            _define_mesh(stage, f"/Shape{number}/Mesh", shape)
    UsdGeom.Xform.Define(stage, CROWD)
    paths = [f"{CROWD}/object{index:06d}" for index in range(len(crowd.which))]
    with Sdf.ChangeBlock():
        for path, which in zip(paths, crowd.which.tolist(), strict=True):
            spec = Sdf.CreatePrimInLayer(layer, path)
            spec.specifier, spec.typeName = Sdf.SpecifierDef, "Xform"
            if not single:
                spec.instanceable = True
                spec.referenceList.prependedItems = [Sdf.Reference("", f"/Shape{which}")]
    for index, path in enumerate(paths):
        if single:
            _define_mesh(stage, f"{path}/Mesh", crowd.shapes[int(crowd.which[index])])
        prim = stage.GetPrimAtPath(path)
        operation = UsdGeom.Xformable(prim).AddTransformOp()
        for frame, places in enumerate(moves):
            when = Usd.TimeCode(frame) if len(moves) > 1 else Usd.TimeCode.Default()
            operation.Set(Gf.Matrix4d(places[index]), when)
        UsdSemantics.LabelsAPI.Apply(prim, "class").CreateLabelsAttr([f"kind{index % CLASSES}"])


def _define_points(stage: Usd.Stage, crowd: Crowd, moves: list[NDArray[np.float64]]) -> None:
    instancer = UsdGeom.PointInstancer.Define(stage, CROWD)
    for number, shape in enumerate(crowd.shapes):
        prim = _define_mesh(stage, f"{CROWD}/Shape{number}", shape)
        UsdSemantics.LabelsAPI.Apply(prim, "class").CreateLabelsAttr([f"kind{number % CLASSES}"])
        instancer.CreatePrototypesRel().AddTarget(prim.GetPath())
    instancer.CreateProtoIndicesAttr(Vt.IntArray.FromNumpy(crowd.which.astype(np.int32)))
    turns = [Gf.Quath(Gf.Matrix4d(place).ExtractRotationQuat()) for place in crowd.places]
    instancer.CreateOrientationsAttr(Vt.QuathArray(turns))
    for frame, places in enumerate(moves):
        when = Usd.TimeCode(frame) if len(moves) > 1 else Usd.TimeCode.Default()
        positions = Vt.Vec3fArray.FromNumpy(places[:, 3, :3].astype(np.float32))
        instancer.CreatePositionsAttr().Set(positions, when)
