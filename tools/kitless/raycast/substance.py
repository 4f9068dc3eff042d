"""Substance: what a material is at a hit, its textures and the geometry's primvars looked up."""

from __future__ import annotations

import numpy as np

from kitless.raycast.compiled import compiled
from kitless.raycast.materials import CHANNELS, INPUTS
from kitless.raycast.memory import read_int
from kitless.raycast.palette import (
    BY_SPECULAR,
    CHANNEL,
    CLEARCOAT,
    CLEARCOAT_ROUGHNESS,
    COLOR_BY_PRIMVAR,
    DIFFUSE,
    EMISSIVE,
    MAPS,
    METALLIC,
    OPACITY,
    OPACITY_BY_PRIMVAR,
    ROUGHNESS,
    SPECULAR,
    TEXTURED,
    THRESHOLD,
)
from kitless.raycast.surface import dot, interpolate
from kitless.raycast.tables import Column
from kitless.raycast.texels import lay_on, spot_of, world_edge

_TRIANGLES, _ST, _ST_KIND, _OPEN = int(Column.TRIANGLES), int(Column.ST), int(Column.ST_KIND), int(Column.OPEN)
_COLOUR, _COLOUR_KIND = int(Column.COLOUR), int(Column.COLOUR_KIND)
_OPACITY, _OPACITY_KIND = int(Column.OPACITY), int(Column.OPACITY_KIND)
_MATERIAL, _RADII = int(Column.MATERIAL), int(Column.RADII)
_MEAN = CHANNELS.index("mean")
_D, _E, _S, _M, _R, _C, _CR, _O, NORMAL_MAP = range(len(INPUTS))
_NORMAL, _ROUGH = MAPS + NORMAL_MAP, MAPS + INPUTS.index("roughness")
DIELECTRIC = 0.04
"""Reflectance head on at UsdPreviewSurface's default index of refraction, 1.5; of geometry without a material."""


@compiled()
def spot_on(row: np.ndarray, matrix: np.ndarray, material: np.ndarray, hit: tuple) -> tuple:
    """Return spot_of() a hit if the material needs it, else what means: no textures."""
    if len(material) and material[TEXTURED] > 0.0:
        return spot_of(row, matrix, hit)
    return 0.0, 0.0, -1.0


@compiled()
def number(material: np.ndarray, which: tuple, spot: tuple, palette: tuple) -> float:
    """Return one of a material's numbers, 0..1; which = (place in INPUTS, column of the constant)."""
    value = material[which[1]]
    laid = int(material[MAPS + which[0]])
    if laid >= 0 and spot[2] >= 0.0:
        _, maps, textures, curves = palette
        r, g, b, a = lay_on(maps[laid], textures, curves, spot)
        channel = int(maps[laid, CHANNEL])
        value = (r + g + b) / 3.0 if channel == _MEAN else (r, g, b, a)[channel]
    return min(max(value, 0.0), 1.0)


@compiled()
def color(material: np.ndarray, which: tuple, spot: tuple, palette: tuple) -> tuple:
    """Return one of a material's colours; which = (place in INPUTS, column of the constant)."""
    laid = int(material[MAPS + which[0]])
    if laid >= 0 and spot[2] >= 0.0:
        _, maps, textures, curves = palette
        r, g, b, _ = lay_on(maps[laid], textures, curves, spot)
        return r, g, b
    return material[which[1]], material[which[1] + 1], material[which[1] + 2]


@compiled()
def base_color(row: np.ndarray, material: np.ndarray, hit: tuple, spot: tuple, palette: tuple) -> tuple:
    """Return the diffuse colour at hit = (triangle, u, v, ...); material may be empty."""
    if len(material) == 0 or material[COLOR_BY_PRIMVAR] > 0.0:
        return interpolate(row, (row[_COLOUR], row[_COLOUR_KIND], 3), hit[0], (hit[1], hit[2]))
    return color(material, (_D, DIFFUSE), spot, palette)


@compiled(inline="always")
def is_simple(material: np.ndarray) -> bool:
    """Whether nothing but the diffuse colour of a material (which may be empty) is textured.

    Then what the compiled functions for the rest are called with costs more than what they do.
    """
    return len(material) == 0 or material[TEXTURED] < 2.0


@compiled()
def glow(material: np.ndarray, spot: tuple, palette: tuple) -> tuple:
    """Return the emission."""
    return color(material, (_E, EMISSIVE), spot, palette) if len(material) else (0.0, 0.0, 0.0)


@compiled()
def roughness_at(material: np.ndarray, spot: tuple, palette: tuple) -> float:
    """Return the roughness."""
    return number(material, (_R, ROUGHNESS), spot, palette) if len(material) else 0.5


@compiled()
def coat_at(material: np.ndarray, spot: tuple, palette: tuple) -> tuple:
    """Return clearcoat and its roughness."""
    if len(material) == 0:
        return 0.0, 0.0
    share = number(material, (_C, CLEARCOAT), spot, palette)
    if share <= 0.0:
        return 0.0, 0.0
    return share, number(material, (_CR, CLEARCOAT_ROUGHNESS), spot, palette)


@compiled()
def shared_out(base: tuple, f: tuple, metallic: float) -> tuple:
    """Return the diffuse colour and the reflectance head on, of a base colour and a dielectric's reflectance f."""
    rest = 1.0 - metallic
    return (base[0] * rest, base[1] * rest, base[2] * rest), (
        f[0] * rest + base[0] * metallic,
        f[1] * rest + base[1] * metallic,
        f[2] * rest + base[2] * metallic,
    )


@compiled()
def split(base: tuple, material: np.ndarray, spot: tuple, palette: tuple) -> tuple:
    """Return the diffuse colour and the reflectance head on, of a base colour in either workflow."""
    if len(material) == 0:
        return base, (DIELECTRIC, DIELECTRIC, DIELECTRIC)
    metallic = number(material, (_M, METALLIC), spot, palette) if material[BY_SPECULAR] <= 0.0 else 0.0
    return shared_out(base, color(material, (_S, SPECULAR), spot, palette), metallic)


@compiled()
def split_simply(base: tuple, material: np.ndarray) -> tuple:
    """Return what split() does, and the clear coat, of a material that is_simple()."""
    if len(material) == 0:
        return base, (DIELECTRIC, DIELECTRIC, DIELECTRIC), 0.0
    f = (material[SPECULAR], material[SPECULAR + 1], material[SPECULAR + 2])
    dull, gloss = shared_out(base, f, material[METALLIC])
    return dull, gloss, material[CLEARCOAT]


@compiled()
def opacity_at(row: np.ndarray, material: np.ndarray, hit: tuple, spot: tuple, palette: tuple) -> float:
    """Return the opacity as drawn: with a threshold 0 (cut out) or 1."""
    if len(material) == 0 or material[OPACITY_BY_PRIMVAR] > 0.0:
        if row[_OPACITY] == 0:
            return 1.0
        value = interpolate(row, (row[_OPACITY], row[_OPACITY_KIND], 1), hit[0], (hit[1], hit[2]))[0]
        value = min(max(value, 0.0), 1.0)
    else:
        value = number(material, (_O, OPACITY), spot, palette)
    if len(material) and material[THRESHOLD] > 0.0:
        return 1.0 if value >= material[THRESHOLD] else 0.0
    return value


@compiled()
def passage(surface: tuple, instance: int, hit: tuple) -> tuple:
    """Return (opacity, whether it is a cut-out) where surface = (rows, transforms, palette) is hit."""
    rows, transforms, palette = surface
    row = rows[instance]
    if row[_OPEN] == 0:
        return 1.0, False
    materials = palette[0]
    material = materials[row[_MATERIAL]] if row[_MATERIAL] >= 0 else materials.ravel()[:0]
    spot = spot_on(row, transforms[instance], material, hit)
    opacity = opacity_at(row, material, hit, spot, palette)
    return opacity, opacity <= 0.0 and len(material) > 0 and material[THRESHOLD] > 0.0


@compiled()
def shapes_light(material: np.ndarray) -> bool:
    """Whether a material's textures change how it meets light, not only its colour."""
    return len(material) > 0 and (material[_NORMAL] >= 0 or material[_ROUGH] >= 0 or material[CLEARCOAT] > 0)


@compiled()
def gloss_at(material: np.ndarray, spot: tuple, palette: tuple) -> float:
    """Return the roughness that a coated surface has if one lobe must do: by what base and coat reflect."""
    rough = roughness_at(material, spot, palette)
    coat, smooth = coat_at(material, spot, palette)
    if coat <= 0.0:
        return rough
    metallic = number(material, (_M, METALLIC), spot, palette)
    share = coat * DIELECTRIC / (coat * DIELECTRIC + DIELECTRIC + metallic)
    return rough + share * (smooth - rough)


@compiled()
def tangents(row: np.ndarray, matrix: np.ndarray, triangle: int) -> tuple:
    """Return which ways s and t grow on a triangle in the world, unnormalised; by 0 where that cannot be told."""
    primvar = (row[_ST], row[_ST_KIND], 2)
    a = interpolate(row, primvar, triangle, (0.0, 0.0))
    b = interpolate(row, primvar, triangle, (1.0, 0.0))
    c = interpolate(row, primvar, triangle, (0.0, 1.0))
    bs, bt, cs, ct = b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]
    area = bs * ct - cs * bt
    if area == 0.0:
        return (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    first = 3 * read_int(row[_TRIANGLES], triangle * 3)
    u = world_edge(row, matrix, first, 3 * read_int(row[_TRIANGLES], triangle * 3 + 1))
    v = world_edge(row, matrix, first, 3 * read_int(row[_TRIANGLES], triangle * 3 + 2))
    return (
        ((u[0] * ct - v[0] * bt) / area, (u[1] * ct - v[1] * bt) / area, (u[2] * ct - v[2] * bt) / area),
        ((v[0] * bs - u[0] * cs) / area, (v[1] * bs - u[1] * cs) / area, (v[2] * bs - u[2] * cs) / area),
    )


@compiled()
def _unit(x: float, y: float, z: float) -> tuple:
    length = np.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0.0 else (0.0, 0.0, 0.0)


@compiled()
def bent_normal(shape: tuple, material: np.ndarray, hit: tuple, spot: tuple, palette: tuple) -> tuple:
    """Return a shading normal as the material's normal map bends it; shape = (row, matrix, normal, toward)."""
    row, matrix, normal, toward = shape
    if len(material) == 0 or material[_NORMAL] < 0 or spot[2] < 0.0 or row[_RADII] != 0:
        return normal
    s, t = tangents(row, matrix, hit[0])
    along = dot(s, normal)
    s = _unit(s[0] - along * normal[0], s[1] - along * normal[1], s[2] - along * normal[2])
    if dot(s, s) == 0.0:
        return normal
    side = (
        normal[1] * s[2] - normal[2] * s[1],
        normal[2] * s[0] - normal[0] * s[2],
        normal[0] * s[1] - normal[1] * s[0],
    )
    # The third axis stands on both; it grows as t does, on mirrored layouts too.
    if dot(side, t) < 0.0:
        side = (-side[0], -side[1], -side[2])
    x, y, z = color(material, (NORMAL_MAP, 0), spot, palette)
    bent = _unit(
        x * s[0] + y * side[0] + z * normal[0],
        x * s[1] + y * side[1] + z * normal[1],
        x * s[2] + y * side[2] + z * normal[2],
    )
    # What turns away from the viewer would be seen from behind.
    return bent if dot(bent, normal) > 0.0 and dot(bent, toward) < 0.0 else normal
