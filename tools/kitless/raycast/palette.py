"""Palette: all materials and their textures as arrays, for the compiled loops."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from pxr import UsdShade

from kitless.raycast.materials import INPUTS, Map, Material
from kitless.raycast.textures import BYTES, Picture, decode_srgb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

DIFFUSE, EMISSIVE, SPECULAR, METALLIC, ROUGHNESS, CLEARCOAT, CLEARCOAT_ROUGHNESS, OPACITY = 0, 3, 6, 9, 10, 11, 12, 13
BY_SPECULAR, THRESHOLD, LUMINANCE, COLOR_BY_PRIMVAR, OPACITY_BY_PRIMVAR, TEXTURED, MAPS = 14, 15, 16, 17, 18, 19, 20
MATERIAL_WIDTH = MAPS + len(INPUTS)
"""Columns of Palette.materials: where each value starts. TEXTURED: 1 with a map for the diffuse colour only, 2 with
others. MAPS: a row of Palette.maps per name in INPUTS, or -1."""
PICTURE, TILES, CHANNEL, AFFINE, SCALE, BIAS, FALLBACK, MAP_WIDTH = 0, 1, 2, 3, 9, 13, 17, 21
"""Columns of Palette.maps. TILES: 0 for one picture, else so many rows of textures, ten tiles across."""

Tile: TypeAlias = "tuple[str, str]"
"""A picture: its file and colour space."""
_LINEAR_COLUMNS = {
    "diffuse": DIFFUSE,
    "emissive": EMISSIVE,
    "specular": SPECULAR,
    "metallic": METALLIC,
    "roughness": ROUGHNESS,
    "clearcoat": CLEARCOAT,
    "clearcoat_roughness": CLEARCOAT_ROUGHNESS,
    "opacity": OPACITY,
}
_COLORS = ("diffuse", "emissive", "specular")


@dataclass(frozen=True, eq=False)
class Palette:
    """Materials and textures for the compiled loops."""

    materials: NDArray[np.float64]
    """(m, MATERIAL_WIDTH); LUMINANCE 1 for an emission in the unit of lights, COLOR_BY_PRIMVAR and OPACITY_BY_PRIMVAR
    1 where the geometry has the value."""
    maps: NDArray[np.float64]
    """(k, MAP_WIDTH)."""
    textures: NDArray[np.int64]
    """(t, 6): address of Picture.levels (0 for a missing tile), width, height, wrap along s, along t, 1 if sRGB."""
    primvars: tuple[tuple[str, str, str], ...]
    """By material: the names of texture coordinates, colour and opacity, "" for none."""
    openings: NDArray[np.bool_]
    """(m,) whether a material may be less than opaque somewhere; by a primvar's leave, if OPACITY_BY_PRIMVAR."""
    alive: tuple[object, ...]
    """Whatever owns the memory that textures points to."""

    @cached_property
    def curves(self) -> NDArray[np.float32]:
        """(2, 256) linear values of linear and of sRGB bytes."""
        return np.stack([BYTES, decode_srgb(BYTES)])


def pictures_of(materials: Sequence[Material]) -> Iterator[Tile]:
    """Yield the pictures that materials need."""
    for material in materials:
        for laid in material.maps.values():
            yield from (tile for tile, _ in _tiles(laid))


def tabulate_materials(materials: Sequence[Material], pictures: Mapping[Tile, Picture | None]) -> Palette:
    """Return the palette of materials in their order."""
    rows = np.zeros((len(materials), MATERIAL_WIDTH))
    maps: list[NDArray[np.float64]] = []
    textures: list[tuple[int, ...]] = []
    for row, material in zip(rows, materials, strict=True):
        _fill(row, material)
        for place, name in enumerate(INPUTS):
            if name in material.maps:
                row[MAPS + place] = _lay(material.maps[name], pictures, maps, textures)
                _fall_back(row, name, material.maps[name])
        mapped = np.flatnonzero(row[MAPS:] >= 0)
        row[TEXTURED] = 0 if not len(mapped) else 1 if mapped.max() == 0 else 2
    return Palette(
        rows,
        np.array(maps, np.float64).reshape(-1, MAP_WIDTH),
        np.array(textures, np.int64).reshape(-1, 6),
        tuple((m.primvar, m.color_primvar, m.opacity_primvar) for m in materials),
        np.array([m.opacity < 1 or "opacity" in m.maps or bool(m.opacity_primvar) for m in materials], bool),
        tuple(picture for picture in pictures.values() if picture is not None),
    )


def _fill(row: NDArray[np.float64], material: Material) -> None:
    reflectance = ((1 - material.ior) / (1 + material.ior)) ** 2
    row[DIFFUSE : DIFFUSE + 3], row[EMISSIVE : EMISSIVE + 3] = material.diffuse, material.emissive
    row[SPECULAR : SPECULAR + 3] = (reflectance,) * 3 if material.specular is None else material.specular
    row[BY_SPECULAR] = material.specular is not None
    row[METALLIC] = material.metallic if material.specular is None else 0.0
    row[ROUGHNESS], row[OPACITY], row[THRESHOLD] = material.roughness, material.opacity, material.opacity_threshold
    row[CLEARCOAT], row[CLEARCOAT_ROUGHNESS] = material.clearcoat, material.clearcoat_roughness
    row[LUMINANCE] = material.is_luminance
    row[COLOR_BY_PRIMVAR], row[OPACITY_BY_PRIMVAR] = bool(material.color_primvar), bool(material.opacity_primvar)
    row[MAPS:] = -1


def _fall_back(row: NDArray[np.float64], name: str, laid: Map) -> None:
    """Let the fallback of a map whose picture is missing be the constant."""
    if row[MAPS + INPUTS.index(name)] >= 0 or laid.fallback is None or name == "normal":
        return
    start = _LINEAR_COLUMNS[name]
    if name in _COLORS:
        row[start : start + 3] = laid.fallback[:3]
    else:
        row[start] = laid.fallback[laid.channel] if laid.channel < 4 else np.mean(laid.fallback[:3])


def _lay(
    laid: Map,
    pictures: Mapping[Tile, Picture | None],
    maps: list[NDArray[np.float64]],
    textures: list[tuple[int, ...]],
) -> int:
    """Add a map with its pictures; return its row, or -1 if there is no picture."""
    found = [(pictures[tile], number) for tile, number in _tiles(laid) if pictures[tile] is not None]
    if not found:
        return -1
    row = np.zeros(MAP_WIDTH)
    row[PICTURE], row[CHANNEL] = len(textures), laid.channel
    row[AFFINE : AFFINE + 6], row[SCALE : SCALE + 4], row[BIAS : BIAS + 4] = laid.affine, laid.scale, laid.bias
    row[FALLBACK : FALLBACK + 4] = laid.fallback or (0, 0, 0, 1)
    many = "<UDIM>" in laid.file
    row[TILES] = found[-1][1] + 1 if many else 0
    slots = [(0, 1, 1, 0, 0, 0)] * (found[-1][1] + 1)
    for picture, number in found:
        assert picture is not None
        height, width = picture.pixels.shape[:2]
        # Within a tile there is nothing to repeat: what a filter takes from beyond its edge is the edge.
        wrap = (1, 1) if many else laid.wrap
        slots[number] = (picture.levels.ctypes.data, width, height, *wrap, int(picture.is_srgb))
    maps.append(row)
    textures.extend(slots)
    return len(maps) - 1


def _tiles(laid: Map) -> list[tuple[Tile, int]]:
    """Return the pictures of a map with their UDIM numbers less 1001, in that order."""
    if not UsdShade.UdimUtils.IsUdimIdentifier(laid.file):
        return [((laid.file, laid.color_space), 0)]
    # The path is resolved: no layer is needed to find its tiles.
    found = UsdShade.UdimUtils.ResolveUdimTilePaths(laid.file, None)
    return sorted((((str(path), laid.color_space), int(number) - 1001) for path, number in found), key=lambda t: t[1])
