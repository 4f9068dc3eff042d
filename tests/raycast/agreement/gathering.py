"""What the second renderer draws of a stage, read by its own rules from UsdGeom."""

from dataclasses import dataclass, field

import numpy as np
from pxr import Usd, UsdGeom

from . import shapes

AXES = {
    "X": np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]]),
    "Y": np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]]),
    "Z": np.eye(3),
}
"""Rows: where the unit shape's x, y and z axis go."""
PLANE_AXES = {
    "X": np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]]),
    "Y": np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]]),
    "Z": np.eye(3),
}


@dataclass
class Part:
    """A geometry at a place."""

    geometry: str
    matrix: np.ndarray
    """(4, 4) local to world, row vectors."""
    label: int


@dataclass
class Gathering:
    """Everything a stage shows at a time."""

    names: list[str] = field(default_factory=list)
    """By label: the gprim's path, or `<instancer>[<id>]<path below the prototype's root>` of a point instance's."""
    parts: list[Part] = field(default_factory=list)
    geometries: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    """Points (n, 3) and triangles (t, 3) by name."""
    undrawn: set[str] = field(default_factory=set)
    """Paths of visible gprims that it cannot draw."""


@dataclass
class Place:
    """Where prims are that are at or below a prototype's root, or anywhere outside of point instancers."""

    matrix: np.ndarray = field(default_factory=lambda: np.eye(4))
    """(4, 4) to apply after the stage's own transforms."""
    stem: str = ""
    root: str = ""

    def name(self, prim):
        """A name that no other point instance's prim has."""
        return self.stem + str(prim.GetPath()).removeprefix(self.root)


class Gatherer:
    """Walks a stage at one time."""

    def __init__(self, time, without=()):
        self.time, self.without, self.found = time, set(without), Gathering()

    def walk(self, root, place):
        """Take in what is at and below a prim."""
        prims = iter(Usd.PrimRange(root, Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)))
        for prim in prims:
            if prim.IsA(UsdGeom.PointInstancer):
                prims.PruneChildren()
                if self.is_shown(prim):
                    self.scatter(UsdGeom.PointInstancer(prim), place)
            elif prim.IsA(UsdGeom.Gprim) and self.is_shown(prim):
                self.take(prim, place)
        return self.found

    def is_shown(self, prim):
        """Whether a camera sees the prim, and nobody asked to leave it out."""
        imageable = UsdGeom.Imageable(prim)
        return (
            imageable.ComputeVisibility(self.time) != UsdGeom.Tokens.invisible
            and imageable.ComputePurpose() in (UsdGeom.Tokens.default_, UsdGeom.Tokens.render)
            and str(prim.GetPath()) not in self.without
        )

    def placed(self, prim):
        """(4, 4) the prim's local to world."""
        return np.array(UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(self.time))

    def scatter(self, instancer, outer):
        """Take in the prototypes of an instancer, once per point that is neither inactive nor invisible."""
        prim = instancer.GetPrim()
        roots = [prim.GetStage().GetPrimAtPath(path) for path in instancer.GetPrototypesRel().GetForwardedTargets()]
        chosen = np.array(instancer.GetProtoIndicesAttr().Get(self.time))
        mask = np.array(instancer.ComputeMaskAtTime(self.time), bool)
        points = np.flatnonzero(mask) if len(mask) else np.arange(len(chosen))
        numbers = instancer.GetIdsAttr().Get(self.time) or range(len(chosen))
        matrices = np.array(instancer.ComputeInstanceTransformsAtTime(self.time, self.time))
        for point, matrix in zip(points, matrices, strict=True):
            root = roots[chosen[point]]
            inner = np.linalg.inv(self.placed(root)) @ matrix @ self.placed(prim) @ outer.matrix
            self.walk(root, Place(inner, f"{outer.name(prim)}[{numbers[point]}]", str(root.GetPath())))

    def take(self, prim, place):
        """Take in one gprim."""
        read = getattr(self, f"read_{prim.GetTypeName()}", None)
        if read is None:
            self.found.undrawn.add(str(prim.GetPath()))
            return
        matrix, label = self.placed(prim) @ place.matrix, len(self.found.names)
        parts = [Part(geometry, local @ matrix, label) for geometry, local in read(prim)]
        # What is flat is not drawn: a ray's way into its own frame does not exist.
        parts = [part for part in parts if abs(np.linalg.det(part.matrix[:3, :3])) > 0]
        if parts:
            self.found.parts += parts
            self.found.names.append(place.name(prim))

    def value(self, prim, name):
        """The value of an attribute at the time."""
        return prim.GetAttribute(name).Get(self.time)

    def unit(self, name, size, *, axes=AXES["Z"], at=0.0):
        """A unit shape, sized per own axis, its z axis moved by `at`, then turned."""
        if name not in self.found.geometries:
            self.found.geometries[name] = shapes.UNIT[name]()
        local = np.eye(4)
        local[:3, :3] = np.diag(size) @ axes
        local[3, :3] = at * axes[2]
        return name, local

    def read_Sphere(self, prim):
        return [self.unit("ball", [self.value(prim, "radius")] * 3)]

    def read_Cube(self, prim):
        return [self.unit("box", [self.value(prim, "size") / 2] * 3)]

    def read_Plane(self, prim):
        size = [self.value(prim, "width") / 2, self.value(prim, "length") / 2, 1]
        return [self.unit("square", size, axes=PLANE_AXES[self.value(prim, "axis")])]

    def round(self, prim):
        """Radius, half height and axes of what is turned about an axis."""
        return self.value(prim, "radius"), self.value(prim, "height") / 2, AXES[self.value(prim, "axis")]

    def read_Cylinder(self, prim):
        radius, half, axes = self.round(prim)
        caps = [self.unit("disc", [radius, radius, 1], axes=axes, at=z) for z in (-half, half)]
        return [self.unit("tube", [radius, radius, half], axes=axes), *caps]

    def read_Cone(self, prim):
        radius, half, axes = self.round(prim)
        size = [radius, radius, half]
        return [self.unit("funnel", size, axes=axes), self.unit("disc", [radius, radius, 1], axes=axes, at=-half)]

    def read_Capsule(self, prim):
        radius, half, axes = self.round(prim)
        ends = [self.unit("ball", [radius] * 3, axes=axes, at=z) for z in (-half, half)]
        return [self.unit("tube", [radius, radius, half], axes=axes), *ends]

    def read_Points(self, prim):
        centres, widths = self.value(prim, "points"), self.value(prim, "widths")
        parts = [self.unit("ball", [width / 2] * 3) for width in widths]
        for (_, local), centre in zip(parts, centres, strict=True):
            local[3, :3] = centre
        return parts

    def read_Mesh(self, prim):
        points = np.array(self.value(prim, "points"), float).reshape(-1, 3)
        counts, indices = (np.array(self.value(prim, f"faceVertex{name}"), int) for name in ("Counts", "Indices"))
        hole = np.zeros(len(counts), bool)
        hole[np.array(self.value(prim, "holeIndices") or [], int)] = True
        triangles = shapes.cut(points, counts[~hole], indices[~np.repeat(hole, counts)])
        name = f"{prim.GetPath()}"
        self.found.geometries[name] = points, triangles
        return [(name, np.eye(4))] if len(triangles) else []


def gather(stage, time, without=()):
    """What a stage shows, but for the prims at some paths."""
    return Gatherer(time, without).walk(stage.GetPseudoRoot(), Place())
