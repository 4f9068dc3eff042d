"""Looks: which material each occurrence has, and all materials as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pxr import UsdGeom, UsdShade

from kitless.raycast.materials import Map, Material, is_animated, read_material
from kitless.raycast.textures import Picture, load_picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from pxr import Sdf, Usd

    from kitless.raycast.occurrence import Occurrence

DIFFUSE, EMISSIVE, METALLIC, ROUGHNESS, TEXTURE, AFFINE, SCALE, BIAS, BY_PRIMVAR, MATERIAL_WIDTH = (
    0, 3, 6, 7, 8, 9, 15, 18, 21, 22
)  # fmt: skip
"""Columns of Palette.materials: where each value starts."""
_MATERIALS = UsdShade.Tokens.materialBind


@dataclass(frozen=True, eq=False)
class Palette:
    """Materials and textures for the compiled loops."""

    materials: NDArray[np.float64]
    """(m, MATERIAL_WIDTH); TEXTURE is a row of textures or -1, BY_PRIMVAR 1 for the geometry's display colour."""
    textures: NDArray[np.int64]
    """(k, 6): address of Picture.levels, width, height, wrap along s, along t, 1 if sRGB."""
    primvars: tuple[str, ...]
    """By material: the texture coordinates' name, "" if it has no texture."""
    alive: tuple[object, ...]
    """Whatever owns the memory that textures points to."""


class Looks:
    """Resolves bindings and keeps materials and pictures that are in use."""

    def __init__(self) -> None:
        self._prims: list[Usd.Prim] = []
        self._pictures: dict[tuple[str, str], Picture | None] = {}
        self.palette = _tabulate([], [])

    def bind(self, occurrences: Iterable[Occurrence]) -> None:
        """Resolve material and inherited colour of all occurrences, from nothing."""
        positions: dict[str, int] = {}
        self._prims = []
        for occurrence in occurrences:
            prim = occurrence.gprim.prim
            occurrence.colour = _inherited_color(prim)
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
        return any(is_animated(prim) for prim in self._prims)

    def read(self, time: Usd.TimeCode) -> None:
        """Read the materials that are bound."""
        materials = [read_material(prim, time) for prim in self._prims]
        wanted = [m.map for m in materials if m is not None and m.map is not None]
        before, self._pictures = self._pictures, {}
        for found in wanted:
            key = found.file, found.color_space
            if key not in self._pictures:
                self._pictures[key] = before[key] if key in before else load_picture(*key)
        self.palette = _tabulate(materials, [_picture(m, self._pictures) for m in materials])


def _bound(prim: Usd.Prim, subsets: Sequence[Sdf.Path]) -> UsdShade.Material:
    """Return the material of a gprim's faces in some subsets: of the first such that is meant for materials."""
    children = (prim.GetChild(path.name) for path in subsets)
    meant = (child for child in children if UsdGeom.Subset(child).GetFamilyNameAttr().Get() == _MATERIALS)
    return UsdShade.MaterialBindingAPI(next(meant, prim)).ComputeBoundMaterial()[0]


def _inherited_color(prim: Usd.Prim) -> NDArray[np.float32] | None:
    primvar = UsdGeom.PrimvarsAPI(prim).FindPrimvarWithInheritance("displayColor")
    value = primvar.Get() if primvar and primvar.HasValue() else None
    return np.array(value[0], np.float32).reshape(1, 3) if value else None


def _picture(material: Material | None, pictures: dict[tuple[str, str], Picture | None]) -> Picture | None:
    if material is None or material.map is None:
        return None
    return pictures[material.map.file, material.map.color_space]


def _tabulate(materials: Sequence[Material | None], pictures: Sequence[Picture | None]) -> Palette:
    rows = np.zeros((len(materials), MATERIAL_WIDTH))
    textures: list[tuple[int, ...]] = []
    for row, material, picture in zip(rows, materials, pictures, strict=True):
        _fill(row, Material(uses_display_color=True) if material is None else material)
        if material is None or material.map is None:
            continue
        if picture is None:
            row[DIFFUSE : DIFFUSE + 3] = material.map.fallback
            continue
        row[TEXTURE] = len(textures)
        _fill_map(row, material.map)
        height, width = picture.pixels.shape[:2]
        textures.append((picture.levels.ctypes.data, width, height, *material.map.wrap, int(picture.is_srgb)))
    primvars = tuple("" if m is None or m.map is None else m.map.primvar for m in materials)
    table = np.array(textures, np.int64).reshape(-1, 6)
    return Palette(rows, table, primvars, tuple(p for p in pictures if p is not None))


def _fill(row: NDArray[np.float64], material: Material) -> None:
    row[DIFFUSE : DIFFUSE + 3] = material.diffuse
    row[EMISSIVE : EMISSIVE + 3] = material.emissive
    row[METALLIC], row[ROUGHNESS], row[TEXTURE] = material.metallic, material.roughness, -1
    row[BY_PRIMVAR] = material.uses_display_color


def _fill_map(row: NDArray[np.float64], laid: Map) -> None:
    row[AFFINE : AFFINE + 6] = laid.affine
    row[SCALE : SCALE + 3], row[BIAS : BIAS + 3] = laid.scale, laid.bias
