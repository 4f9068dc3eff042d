"""Finding what is on a stage: gprims to draw, lights, and what cannot be drawn yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from pxr import Sdf, Usd, UsdGeom, UsdLux, UsdShade

from kitless.raycast.gprims import DRAWABLE, is_animated

LIGHTS = frozenset(("DomeLight", "DistantLight", "SphereLight", "RectLight", "DiskLight"))
"""Light types that shade() knows."""
_PURPOSES = (UsdGeom.Tokens.default_, UsdGeom.Tokens.render)
_EVERYTHING_ALIVE = Usd.TraverseInstanceProxies(Usd.PrimDefaultPredicate)


@dataclass(frozen=True)
class Gprim:
    """One occurrence of something drawable."""

    prim: Usd.Prim
    source: str
    """Path of the prim that edits are reported for: of the prototype's prim if this is an instance proxy."""
    moves: bool
    """Whether the transform depends on the time."""
    blinks: bool
    """Whether the visibility depends on the time."""
    deforms: bool
    """Whether the geometry depends on the time."""


@dataclass
class Finds:
    """What a scan met."""

    gprims: dict[str, Gprim] = field(default_factory=dict)
    lights: dict[str, Usd.Prim] = field(default_factory=dict)
    unsupported: dict[str, str] = field(default_factory=dict)
    """Path to type."""


class Scan:
    """A walk over (part of) a stage."""

    def __init__(self) -> None:
        self.finds = Finds()
        self._varying: dict[Sdf.Path, tuple[bool, bool]] = {}

    def walk(self, root: Usd.Prim) -> Finds:
        """Return what is at and below a prim. Inactive, abstract, undefined and unloaded prims are not there."""
        if _is_below_instancer(root):
            return self.finds
        prims = iter(Usd.PrimRange(root, _EVERYTHING_ALIVE))
        for prim in prims:
            kind = str(prim.GetTypeName())
            if kind == "PointInstancer":
                self._refuse(prim, kind)
                prims.PruneChildren()
            elif kind in DRAWABLE:
                self._keep(prim)
            elif kind in LIGHTS:
                self.finds.lights[str(prim.GetPath())] = prim
            elif prim.IsA(UsdGeom.Gprim) or prim.HasAPI(UsdLux.LightAPI):
                self._refuse(prim, kind)
        return self.finds

    def _keep(self, prim: Usd.Prim) -> None:
        if not _is_rendered(prim):
            return
        subsets = UsdShade.MaterialBindingAPI(prim).GetMaterialBindSubsets()
        if subsets:
            self.finds.unsupported[str(subsets[0].GetPath())] = "GeomSubset"
        source = prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim
        moves, blinks = self._varies(prim)
        path = str(prim.GetPath())
        self.finds.gprims[path] = Gprim(prim, str(source.GetPath()), moves, blinks, is_animated(prim))

    def _refuse(self, prim: Usd.Prim, kind: str) -> None:
        if _is_rendered(prim):
            self.finds.unsupported[str(prim.GetPath())] = kind

    def _varies(self, prim: Usd.Prim) -> tuple[bool, bool]:
        path = prim.GetPath()
        if path == Sdf.Path.absoluteRootPath:
            return False, False
        if path not in self._varying:
            moves, blinks = self._varies(prim.GetParent())
            xform, imageable = UsdGeom.Xformable(prim), UsdGeom.Imageable(prim)
            moves = moves or bool(xform and xform.TransformMightBeTimeVarying())
            blinks = blinks or bool(imageable and imageable.GetVisibilityAttr().ValueMightBeTimeVarying())
            self._varying[path] = moves, blinks
        return self._varying[path]


def _is_rendered(prim: Usd.Prim) -> bool:
    return UsdGeom.Imageable(prim).ComputePurpose() in _PURPOSES


def _is_below_instancer(prim: Usd.Prim) -> bool:
    above = prim.GetParent()
    while above:
        if above.IsA(UsdGeom.PointInstancer):
            return True
        above = above.GetParent()
    return False
