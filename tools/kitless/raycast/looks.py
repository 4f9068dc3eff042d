"""Looks: which material each occurrence has, and all materials as arrays."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pxr import Usd, UsdGeom, UsdShade

from kitless.raycast.materials import Material, read_preview_surface
from kitless.raycast.omnipbr import is_omnipbr, read_omnipbr
from kitless.raycast.palette import Palette, Tile, pictures_of, tabulate_materials
from kitless.raycast.primvars import inherited
from kitless.raycast.textures import Picture, load_picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pxr import Sdf

    from kitless.raycast.occurrence import Occurrence

_MATERIALS = UsdShade.Tokens.materialBind
_log = logging.getLogger(__name__)


class Looks:
    """Resolves bindings and keeps materials and pictures that are in use."""

    def __init__(self) -> None:
        self._prims: list[Usd.Prim] = []
        self._pictures: dict[Tile, Picture | None] = {}
        self.palette: Palette = tabulate_materials([], {})

    def bind(self, occurrences: Iterable[Occurrence]) -> None:
        """Resolve material and inherited colour and opacity of all occurrences, from nothing."""
        positions: dict[str, int] = {}
        self._prims = []
        for occurrence in occurrences:
            prim = occurrence.gprim.prim
            occurrence.colour = inherited(prim, "displayColor", 3)
            occurrence.opacity = inherited(prim, "displayOpacity", 1)
            for part in occurrence.parts:
                part.material = self._position(_bound(prim, part.subsets), positions)
            occurrence.is_bound = True

    def _position(self, material: UsdShade.Material, positions: dict[str, int]) -> int:
        if not material:
            return -1
        path = str(material.GetPath())
        if path not in positions:
            positions[path] = len(self._prims)
            self._prims.append(material.GetPrim())
        return positions[path]

    @property
    def is_animated(self) -> bool:
        """Whether some material depends on the time."""
        return any(_is_animated(prim) for prim in self._prims)

    def read(self, time: Usd.TimeCode) -> None:
        """Read the materials that are bound."""
        materials = [read_material(prim, time) or _UNKNOWN for prim in self._prims]
        before, self._pictures = self._pictures, {}
        for key in pictures_of(materials):
            if key not in self._pictures:
                self._pictures[key] = before[key] if key in before else load_picture(*key)
        self.palette = tabulate_materials(materials, self._pictures)


_UNKNOWN = Material(color_primvar="displayColor", opacity_primvar="displayOpacity")
"""Stands for materials of another kind: the geometry's display colour, as without a material."""


def read_material(prim: Usd.Prim, time: Usd.TimeCode) -> Material | None:
    """Return a material as drawn: OmniPBR if it has one, as Kit has it, else UsdPreviewSurface; None for others."""
    material = UsdShade.Material(prim)
    mdl = material.ComputeSurfaceSource("mdl")[0]
    if is_omnipbr(mdl):
        return read_omnipbr(mdl, time)
    shader = material.ComputeSurfaceSource()[0]
    if shader and shader.GetIdAttr().Get() == "UsdPreviewSurface":
        return read_preview_surface(shader, time)
    return None


def _is_animated(prim: Usd.Prim) -> bool:
    """Whether any input of a material's network may differ from one time to another."""
    return any(a.ValueMightBeTimeVarying() for p in Usd.PrimRange(prim) for a in p.GetAuthoredAttributes())


def _bound(prim: Usd.Prim, subsets: Sequence[Sdf.Path]) -> UsdShade.Material:
    """Return the material of a gprim's faces in some subsets: of the first such that is meant for materials."""
    children = (prim.GetChild(path.name) for path in subsets)
    meant = (child for child in children if UsdGeom.Subset(child).GetFamilyNameAttr().Get() == _MATERIALS)
    return UsdShade.MaterialBindingAPI(next(meant, prim)).ComputeBoundMaterial()[0]
