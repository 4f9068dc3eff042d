"""The compiled loop that turns gathered light into colour: materials, tone curve."""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import LANES, SPAN, VIEW, corner_of, ray_of, target_of
from kitless.raycast.lanes import SURFACE
from kitless.raycast.lighting import GATHERED
from kitless.raycast.skylight import look_up
from kitless.raycast.vectors import unit
from kitless.raycast.memory import lent
from kitless.raycast.palette import EMISSIVE, LUMINANCE
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
from kitless.raycast.surface import dot, lent_tables
from kitless.raycast.tables import Column
from kitless.raycast.texels import lent_palette

_MATERIAL, _OPEN = int(Column.MATERIAL), int(Column.OPEN)

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
def sent(base: tuple, material: np.ndarray, light: np.ndarray, white: float) -> tuple:
    """Return the radiance that a surface of a simple material sends to the viewer."""
    dull, gloss, coat = split_simply(base, material)
    r, g, b = reflected(dull, gloss, coat, light)
    if len(material) == 0:
        return r, g, b
    glowing = in_units(material, (material[EMISSIVE], material[EMISSIVE + 1], material[EMISSIVE + 2]), white)
    return r + glowing[0], g + glowing[1], b + glowing[2]


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


@compiled(signature(types.void, VIEW, SURFACE, MEDIA, SPAN, GATHERED, PAINTED))
def paint(view: tuple, surface: tuple, media: tuple, span: tuple, gathered: np.ndarray, painted: tuple) -> None:
    """Write the linear display colour and the opacity of packets of pixels or places."""
    places, (travel, instance, triangle, uv), shared, palette = surface
    (rows, transforms, _, _), palette = lent_tables(shared), lent_palette(palette)
    background, (exposure, white, knee) = media
    out, opacity = painted
    rays, _, size, table = view
    materials = palette[0]
    lights: np.ndarray = lent(gathered)
    for packet in range(span[0], span[1]):
        corner = corner_of(packet, size)
        for lane in range(LANES):
            i = target_of(packet, lane, corner, size, len(places))
            if i < 0:
                continue
            if instance[i] < 0:
                opacity[i] = 1.0
                _, toward = ray_of(rays, table, places, i, (corner[0], corner[1], lane))
                color = sky_color(background, toward)
            else:
                row, matrix = rows[instance[i]], transforms[instance[i]]
                material = materials[row[_MATERIAL]] if row[_MATERIAL] >= 0 else lent(rays)[0, :0]
                pixel = rays[6, 0] + rays[6, 1] * travel[i]
                hit = (np.int64(triangle[i]), np.float64(uv[i, 0]), np.float64(uv[i, 1]), pixel)
                spot = spot_on(row, matrix, material, hit)
                base = base_color(row, material, hit, spot, palette)
                color = (
                    sent(base, material, lights[i], white)
                    if is_simple(material)
                    else sent_by_maps(base, material, lights[i], (spot, palette), white)
                )
                opacity[i] = opacity_at(row, material, hit, spot, palette) if row[_OPEN] != 0 else 1.0
            for k in range(3):
                out[i, k] = tone(color[k], exposure, knee)


@compiled(signature(types.void, types.float32[:, ::1], SPAN, types.float64))
def bend(linear: np.ndarray, span: tuple, knee: float) -> None:
    """Apply the tone curve in place to colours (m, 3) that are exposed already."""
    for i in range(span[0], span[1]):
        for k in range(3):
            linear[i, k] = tone(linear[i, k], 1.0, knee)
