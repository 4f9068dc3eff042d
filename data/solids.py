"""What the town's assets are made of: polygon meshes with creases, materials, and the asset files themselves.

Colours are sRGB bytes, as a painter names them; USD's materials hold linear light.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics, UsdShade, Vt

Point = tuple[float, float, float]
Pair = tuple[float, float]
Colour = tuple[int, int, int]
CREASE = math.cos(math.radians(38.7))
"""Faces that meet at a smaller angle than this are one smooth surface."""


class Solid:
    """A polygon mesh in metres; each face's corners run counter-clockwise as seen from outside."""

    def __init__(self, *, flat: bool = False) -> None:
        self.flat = flat
        self.points: list[Point] = []
        self.faces: list[list[int]] = []
        self._known: dict[Point, int] = {}

    def face(self, corners: Iterable[Sequence[float]]) -> None:
        """Adds one flat face; corners that fall together are one, and a face of less than three is none."""
        indices = [self._index(corner) for corner in corners]
        kept = [index for place, index in enumerate(indices) if index != indices[place - 1]]
        if len(set(kept)) >= 3:
            self.faces.append(kept)

    def _index(self, corner: Sequence[float]) -> int:
        # Adding 0 turns -0.0 into 0.0; millimetres hide the last bits in which machines' sines differ.
        x, y, z = (round(float(value), 3) + 0.0 for value in corner)
        if (x, y, z) not in self._known:
            self._known[x, y, z] = len(self.points)
            self.points.append((x, y, z))
        return self._known[x, y, z]

    def loft(
        self, rings: Sequence[Sequence[Point]], *, caps: tuple[bool, bool] = (True, True), closed: bool = True
    ) -> "Solid":
        """Adds the hull through rings, each counter-clockwise as seen from where the loft ends."""
        for low, high in pairwise(rings):
            for i in range(len(low) if closed else len(low) - 1):
                j = (i + 1) % len(low)
                self.face((low[i], low[j], high[j], high[i]))
        if caps[0]:
            self.face(reversed(rings[0]))
        if caps[1]:
            self.face(rings[-1])
        return self

    def box(self, low: Point, high: Point, *, bevel: float = 0.0) -> "Solid":
        """Adds a box; with `bevel` its edges are cut off by so many metres."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        levels = [(z0, bevel), (z0 + bevel, 0.0), (z1 - bevel, 0.0), (z1, bevel)] if bevel else [(z0, 0), (z1, 0)]
        return self.loft([_octagon((x0, y0, x1, y1), z, inset, bevel) for z, inset in levels])

    def tube(
        self, start: Point, end: Point, radii: Pair | float, *, sides: int = 7, round_ends: bool = False
    ) -> "Solid":
        """Adds a round bar from one point to another, thick as `radii` at its two ends."""
        first, last = radii if isinstance(radii, tuple) else (radii, radii)
        along = Gf.Vec3d(*end) - Gf.Vec3d(*start)
        axis = along.GetNormalized()
        stops = [(0.0, first), (along.GetLength(), last)]
        if round_ends:
            stops = [(-0.8 * first, 0.0), *stops, (along.GetLength() + 0.8 * last, 0.0)]
        return self.loft([circle(Gf.Vec3d(*start) + axis * far, axis, radius, sides) for far, radius in stops])

    def ball(self, centre: Point, radii: Point, *, sides: int = 9, rows: int = 6) -> "Solid":
        """Adds an ellipsoid."""
        rings = []
        for row in range(rows + 1):
            angle = math.pi * (row / rows - 0.5)
            rings.append(
                [
                    (
                        centre[0] + radii[0] * math.cos(angle) * math.cos(2 * math.pi * k / sides),
                        centre[1] + radii[1] * math.cos(angle) * math.sin(2 * math.pi * k / sides),
                        centre[2] + radii[2] * math.sin(angle),
                    )
                    for k in range(sides)
                ]
            )
        return self.loft(rings, caps=(False, False))

    def lathe(self, profile: Sequence[Pair], *, sides: int = 12, foot: Pair = (0, 0)) -> "Solid":
        """Adds a profile of (radius, height), running upwards outside, turned round an upright axis."""
        turns = [(math.cos(2 * math.pi * k / sides), math.sin(2 * math.pi * k / sides)) for k in range(sides)]
        rings = [[(foot[0] + r * c, foot[1] + r * s, z) for c, s in turns] for r, z in profile]
        return self.loft(rings, caps=(False, False))

    def extrude(self, outline: Sequence[Pair], low: float, high: float, *, bottom: bool = True) -> "Solid":
        """Adds the column over an outline that is counter-clockwise as seen from above."""
        rings = [[(x, y, z) for x, y in outline] for z in (low, high)]
        return self.loft(rings, caps=(bottom, True))

    def define(self, stage: Usd.Stage, path: str, material: UsdShade.Material | None = None) -> Usd.Prim:
        """Authors the mesh: points to the millimetre, normals where a surface is smooth, extent, no subdivision."""
        points, normals, faces = self._corners()
        mesh = UsdGeom.Mesh.Define(stage, path)
        mesh.CreatePointsAttr(Vt.Vec3fArray(points))
        if normals:
            mesh.CreateNormalsAttr(Vt.Vec3fArray(normals))
            mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
        mesh.CreateFaceVertexCountsAttr([len(face) for face in faces])
        mesh.CreateFaceVertexIndicesAttr([index for face in faces for index in face])
        mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
        mesh.CreateExtentAttr(UsdGeom.PointBased.ComputeExtent(Vt.Vec3fArray(points)))
        if material:
            UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)
        return mesh.GetPrim()

    def _corners(self) -> tuple[list[Point], list[Point], list[list[int]]]:
        """Returns points, normals and faces; a point on a crease stands there once for each of its surfaces."""
        if self.flat:
            return self.points, [], self.faces
        areas = [self._area(face) for face in self.faces]
        around: dict[int, list[int]] = {}
        for number, face in enumerate(self.faces):
            for index in face:
                around.setdefault(index, []).append(number)
        found: dict[tuple[int, Point], int] = {}
        faces = []
        for number, face in enumerate(self.faces):
            keys = [(index, _normal([areas[n] for n in around[index]], areas[number])) for index in face]
            faces.append([found.setdefault(key, len(found)) for key in keys])
        if len(found) == sum(len(face) for face in faces):
            return self.points, [], self.faces
        return [self.points[index] for index, _ in found], [normal for _, normal in found], faces

    def _area(self, face: list[int]) -> np.ndarray:
        corners = np.array([self.points[index] for index in face])
        total: np.ndarray = np.cross(corners[1:-1] - corners[0], corners[2:] - corners[0]).sum(axis=0)
        return total


def _normal(areas: Sequence[np.ndarray], own: np.ndarray) -> Point:
    size = math.sqrt(own @ own) or 1.0
    total = sum((area for area in areas if area @ own >= CREASE * size * (math.sqrt(area @ area) or 1.0)), np.zeros(3))
    length = math.sqrt(total @ total) or 1.0
    x, y, z = (round(float(value) / length, 2) + 0.0 for value in total)
    return x, y, z


def _octagon(bounds: tuple[float, float, float, float], z: float, inset: float, cut: float) -> list[Point]:
    x0, y0, x1, y1 = bounds[0] + inset, bounds[1] + inset, bounds[2] - inset, bounds[3] - inset
    if not cut:
        return [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]
    corners = ((x0 + cut, y0), (x1 - cut, y0), (x1, y0 + cut), (x1, y1 - cut))
    others = ((x1 - cut, y1), (x0 + cut, y1), (x0, y1 - cut), (x0, y0 + cut))
    return [(x, y, z) for x, y in (*corners, *others)]


def circle(centre: Gf.Vec3d, axis: Gf.Vec3d, radius: float | Pair, sides: int) -> list[Point]:
    """Returns a ring round `axis`, counter-clockwise from its tip; two radii make an ellipse, the first along Y."""
    across, along = radius if isinstance(radius, tuple) else (radius, radius)
    aside = Gf.Vec3d(0, 1, 0) if abs(axis[1]) < 0.9 else Gf.Vec3d(0, 0, 1)
    aside = (aside - axis * Gf.Dot(aside, axis)).GetNormalized()
    other = Gf.Cross(axis, aside)
    turns = [2 * math.pi * k / sides for k in range(sides)]
    ring = [centre + aside * (across * math.cos(a)) + other * (along * math.sin(a)) for a in turns]
    return [(point[0], point[1], point[2]) for point in ring]


def rounded(half: Pair, radius: float, *, steps: int = 3, centre: Pair = (0, 0)) -> list[Pair]:
    """Returns the outline of a rectangle with round corners, counter-clockwise as seen from above."""
    outline = []
    for quarter, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for step in range(steps + 1):
            angle = math.pi / 2 * (quarter + step / steps)
            x, y = (
                sx * (half[0] - radius) + radius * math.cos(angle),
                sy * (half[1] - radius) + radius * math.sin(angle),
            )
            outline.append((centre[0] + x, centre[1] + y))
    return outline


class Look(NamedTuple):
    """A plain material: sRGB bytes, roughness, metallic, and how bright it shines by itself."""

    colour: Colour
    roughness: float = 0.6
    metallic: float = 0.0
    glow: float = 0.0


def linear(colour: Colour) -> Point:
    """Returns sRGB bytes as linear light, to four decimals."""
    parts = [byte / 255 for byte in colour]
    r, g, b = (round(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4, 4) for v in parts)
    return r, g, b


class Asset:
    """One asset file in the making: its default prim is an Xform with materials under `Looks`."""

    def __init__(self, name: str, label: str, looks: dict[str, Look], *, base: str = "") -> None:
        """With `base` it is that other asset, and more; files are relative to the finished file."""
        self.stage = Usd.Stage.CreateInMemory(f"{name}.usda")
        self.root = f"/{name}"
        self._references = {self.root: base} if base else {}
        self.looks: dict[str, UsdShade.Material] = {}
        UsdGeom.SetStageUpAxis(self.stage, UsdGeom.Tokens.z)
        UsdGeom.SetStageMetersPerUnit(self.stage, 1.0)
        self.stage.SetTimeCodesPerSecond(20)
        self.stage.GetRootLayer().comment = "Made by make_town.py: change that, not this."
        root = UsdGeom.Xform.Define(self.stage, self.root).GetPrim()
        Usd.ModelAPI(root).SetKind("component")
        self.stage.SetDefaultPrim(root)
        if label:
            set_label(root, label)
        self.dress("", looks)

    def dress(self, group: str, looks: dict[str, Look]) -> None:
        """Adds materials under `Looks` of a group, whose parts name them with the group before."""
        above = f"{group}/" if group else ""
        UsdGeom.Scope.Define(self.stage, f"{self.root}/{above}Looks")
        for key, look in looks.items():
            self.looks[f"{above}{key}"] = material(self.stage, f"{self.root}/{above}Looks/{key}", look)

    def part(self, name: str, look: str, solid: Solid) -> Usd.Prim:
        """Adds a mesh below the root; its name may be a path."""
        return solid.define(self.stage, f"{self.root}/{name}", self.looks[look])

    def place(self, name: str, file: str, *, at: Point, turn: float = 0.0, scale: Point = (1, 1, 1)) -> None:
        """Places another asset as an instance, turned by degrees about Z."""
        xform = self.refer(name, file)
        xform.GetPrim().SetInstanceable(True)
        xform.AddTranslateOp().Set(Gf.Vec3d(*at))
        if turn:
            xform.AddRotateZOp().Set(turn)
        if scale != (1, 1, 1):
            xform.AddScaleOp().Set(Gf.Vec3f(*scale))

    def wear(
        self, name: str, file: str, colours: dict[str, Colour], *, at: Point = (0, 0, 0), scale: Point
    ) -> Usd.Prim:
        """Places another asset as a copy of its own, with some of its materials in other colours."""
        xform = self.refer(name, file)
        xform.AddTranslateOp().Set(Gf.Vec3d(*at))
        xform.AddScaleOp().Set(Gf.Vec3f(*scale))
        for look, colour in colours.items():
            self.recolour(f"{name}/Looks/{look}", colour)
        return xform.GetPrim()

    def recolour(self, look: str, colour: Colour) -> None:
        """Gives a material that a reference brings another colour."""
        shader = self.stage.OverridePrim(f"{self.root}/{look}/Shader")
        shader.CreateAttribute("inputs:diffuseColor", Sdf.ValueTypeNames.Color3f, custom=False).Set(linear(colour))

    def refer(self, name: str, file: str) -> UsdGeom.Xform:
        """Adds an Xform that refers to another asset."""
        self._references[f"{self.root}/{name}"] = file
        return UsdGeom.Xform.Define(self.stage, f"{self.root}/{name}")

    def text(self) -> str:
        """Returns the finished file."""
        # Only now: a stage in memory is nowhere, so that nothing can be relative to it.
        layer = Sdf.Layer.CreateAnonymous(".usda")
        layer.TransferContent(self.stage.GetRootLayer())
        for path, file in self._references.items():
            layer.GetPrimAtPath(path).referenceList.Prepend(Sdf.Reference(file))
        text: str = layer.ExportToString()
        return text

    def xform(self, name: str, label: str = "") -> None:
        """Adds a group below the root, with a label of its own."""
        prim = UsdGeom.Xform.Define(self.stage, f"{self.root}/{name}").GetPrim()
        if label:
            set_label(prim, label)


Maker = Callable[[], Asset]


def set_label(prim: Usd.Prim, label: str) -> None:
    """Gives a prim its semantic class."""
    UsdSemantics.LabelsAPI.Apply(prim, "class").CreateLabelsAttr([label])


def material(stage: Usd.Stage, path: str, look: Look) -> UsdShade.Material:
    """Adds a UsdPreviewSurface; its shader is the child `Shader`."""
    made = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, f"{path}/Shader")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(linear(look.colour))
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(look.roughness)
    if look.metallic:
        shader.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(look.metallic)
    if look.glow:
        r, g, b = (round(value * look.glow, 4) for value in linear(look.colour))
        shader.CreateInput("emissiveColor", Sdf.ValueTypeNames.Color3f).Set((r, g, b))
    made.CreateSurfaceOutput().ConnectToSource(shader.CreateOutput("surface", Sdf.ValueTypeNames.Token))
    return made
