"""The compiled loop that turns gathered light into colour: materials, tone curve."""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import LANES, SPAN, VIEW, corner_of, ray_of, target_of
from kitless.raycast.lanes import SURFACE, lent_surface
from kitless.raycast.lighting import GATHERED
from kitless.raycast.memory import lent
from kitless.raycast.mesh import Interpolation
from kitless.raycast.palette import COLOR_BY_PRIMVAR, EMISSIVE, LUMINANCE, TEXTURED
from kitless.raycast.skylight import look_up
from kitless.raycast.substance import (
    DIELECTRIC,
    base_color,
    coat_at,
    glow,
    is_simple,
    opacity_at,
    split,
    split_simply,
    spot_on,
)
from kitless.raycast.surface import dot
from kitless.raycast.tables import Column
from kitless.raycast.vectors import unit

_MATERIAL, _OPEN, _COLOUR_KIND = int(Column.MATERIAL), int(Column.OPEN), int(Column.COLOUR_KIND)
_CONSTANT = int(Interpolation.CONSTANT)
_NO_PARTS = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 0.0)

MEDIA = types.Tuple((types.float32[:, :, ::1], types.UniTuple(types.float64, 3)))
"""(Environment.background, (exposure, 1 over the radiance of an emission of 1, knee))."""
PAINTED = types.Tuple((types.float32[:, ::1], types.float32[::1]))
"""Linear display colours (m, 3) and opacities (m,)."""


@compiled()
def tone(radiance: float, exposure: float, knee: float) -> float:
    """Return a radiance as a linear display value: straight up to the knee, then ever flatter, never above 1."""
    value = max(radiance * exposure, 0.0)
    if value <= knee:
        return value
    over = (value - knee) / (1.0 - knee)
    return knee + (1.0 - knee) * over / (1.0 + over)


@compiled()
def in_units(material: np.ndarray, glowing: tuple, white: float) -> tuple:
    """Return an emission in the unit of lights."""
    if material[LUMINANCE] > 0.0:
        return glowing
    # Emission is not photometric in UsdPreviewSurface: 1 is as bright as white paper in good light.
    return glowing[0] / white, glowing[1] / white, glowing[2] / white


@compiled()
def emitted(material: np.ndarray, white: float, spot: tuple, palette: tuple) -> tuple:
    """Return the radiance that a material sends out by itself."""
    return in_units(material, glow(material, spot, palette), white) if len(material) else (0.0, 0.0, 0.0)


@compiled()
def reflected(dull: tuple, gloss: tuple, coat: float, light: np.ndarray) -> tuple:
    """Return the radiance that a surface sends back to the viewer: light is irradiance, then specular light."""
    coat *= DIELECTRIC
    rest = 1.0 - coat
    return (
        rest * dull[0] * light[0] / np.pi + (rest * gloss[0] + coat) * light[3],
        rest * dull[1] * light[1] / np.pi + (rest * gloss[1] + coat) * light[4],
        rest * dull[2] * light[2] / np.pi + (rest * gloss[2] + coat) * light[5],
    )


@compiled()
def surface_color(row: np.ndarray, material: np.ndarray, hit: tuple, spot: tuple, palette: tuple) -> tuple:
    """Return what sent() needs of a simple material: diffuse colour, reflectance head on, clear coat."""
    return split_simply(base_color(row, material, hit, spot, palette), material)


@compiled()
def sent(parts: tuple, glowing: tuple, light: np.ndarray) -> tuple:
    """Return the radiance that a surface of a simple material sends to the viewer."""
    r, g, b = reflected(parts[0], parts[1], parts[2], light)
    return r + glowing[0], g + glowing[1], b + glowing[2]


@compiled()
def is_uniform(row: np.ndarray, material: np.ndarray) -> bool:
    """Whether a surface has one colour all over."""
    if len(material) == 0 or material[COLOR_BY_PRIMVAR] > 0.0:
        return row[_COLOUR_KIND] == _CONSTANT and (len(material) == 0 or material[TEXTURED] <= 0.0)
    return material[TEXTURED] <= 0.0


@compiled()
def own_glow(material: np.ndarray, white: float) -> tuple:
    """Return the radiance that a simple material sends out by itself."""
    if len(material) == 0:
        return 0.0, 0.0, 0.0
    return in_units(material, (material[EMISSIVE], material[EMISSIVE + 1], material[EMISSIVE + 2]), white)


@compiled()
def sent_by_maps(base: tuple, material: np.ndarray, light: np.ndarray, look: tuple, white: float) -> tuple:
    """Return the radiance that a surface sends to the viewer; look = (spot, palette)."""
    spot, palette = look
    dull, gloss = split(base, material, spot, palette)
    r, g, b = reflected(dull, gloss, coat_at(material, spot, palette)[0], light)
    glowing = emitted(material, white, spot, palette)
    return r + glowing[0], g + glowing[1], b + glowing[2]


@compiled()
def sky_color(background: np.ndarray, toward: tuple) -> tuple:
    """Return what is behind everything in a direction; black where a lens sees nothing, which is by 0."""
    if dot(toward, toward) == 0.0:
        return 0.0, 0.0, 0.0
    r, g, b = look_up(background, unit(toward[0], toward[1], toward[2]))
    return np.float64(r), np.float64(g), np.float64(b)


@compiled()
def look_of(row: np.ndarray, material: np.ndarray, palette: tuple, white: float) -> tuple:
    """Return what all of an instance has in common: whether its material is simple, what that glows, whether it has one
    colour all over, and then what sent() needs of it."""
    parts, uniform = _NO_PARTS, is_uniform(row, material)
    if uniform:
        parts = surface_color(row, material, (0, 0.0, 0.0), (0.0, 0.0, -1.0), palette)
    return is_simple(material), own_glow(material, white), uniform, parts


@compiled()
def color_of(shape: tuple, look: tuple, hit: tuple, light: np.ndarray, world: tuple) -> tuple:
    """Return the radiance of a surface that has no colour of its own all over, and its opacity.

    shape = (row, matrix, material), look = look_of() it, world = (palette, white).
    """
    row, matrix, material = shape
    palette, white = world
    spot = spot_on(row, matrix, material, hit)
    opacity = opacity_at(row, material, hit, spot, palette) if row[_OPEN] != 0 else 1.0
    if look[0]:
        return sent(surface_color(row, material, hit, spot, palette), look[1], light), opacity
    base = base_color(row, material, hit, spot, palette)
    return sent_by_maps(base, material, light, (spot, palette), white), opacity


@compiled(signature(types.void, VIEW, SURFACE, MEDIA, SPAN, GATHERED, PAINTED))
def paint(view: tuple, surface: tuple, media: tuple, span: tuple, gathered: np.ndarray, painted: tuple) -> None:
    """Write the linear display colour and the opacity of packets of pixels or places."""
    places, (travel, instance, triangle, uv), (rows, transforms, _, _), palette, _ = lent_surface(surface)
    background, (exposure, white, knee) = lent(media[0]), media[1]
    out, opacity, lights = lent(painted[0]), lent(painted[1]), lent(gathered)
    rays, size, table, materials = lent(view[0]), view[2], lent(view[3]), palette[0]
    last, corner, nothing = -1, (0, 0), rays[0, :0]
    row, matrix, material = rows[last], transforms[last], nothing
    look = (False, (0.0, 0.0, 0.0), False, _NO_PARTS)
    for task in range(span[0] * LANES, span[1] * LANES):
        packet, lane = task // LANES, task % LANES
        corner = corner_of(packet, size) if lane == 0 else corner
        i = target_of(packet, lane, corner, size, len(places))
        if i < 0:
            continue
        opacity[i] = 1.0
        if instance[i] < 0:
            color = sky_color(background, ray_of(rays, table, places, i, (corner[0], corner[1], lane))[1])
        else:
            if instance[i] != last:
                # Neighbours are mostly of one instance.
                last = instance[i]
                row, matrix = rows[last], transforms[last]
                material = materials[row[_MATERIAL]] if row[_MATERIAL] >= 0 else nothing
                look = look_of(row, material, palette, white)
            if look[2] and row[_OPEN] == 0:
                color = sent(look[3], look[1], lights[i])
            else:
                width = rays[6, 0] + rays[6, 1] * travel[i]
                hit = (np.int64(triangle[i]), np.float64(uv[i, 0]), np.float64(uv[i, 1]), width)
                color, opacity[i] = color_of((row, matrix, material), look, hit, lights[i], (palette, white))
        for k in range(3):
            out[i, k] = tone(color[k], exposure, knee)


@compiled(signature(types.void, types.float32[:, ::1], SPAN, types.float64))
def bend(linear: np.ndarray, span: tuple, knee: float) -> None:
    """Apply the tone curve in place to colours (m, 3) that are exposed already."""
    for i in range(span[0], span[1]):
        for k in range(3):
            linear[i, k] = tone(linear[i, k], 1.0, knee)
