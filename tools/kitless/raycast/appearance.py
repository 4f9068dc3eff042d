"""The compiled loop that turns gathered light into colour: textures, materials, tone curve."""

from __future__ import annotations

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.kernels import LANES, SPAN, VIEW, corner_of, ray_of, target_of
from kitless.raycast.lighting import GATHERED, SURFACE, look_up, unit
from kitless.raycast.looks import AFFINE, BIAS, BY_PRIMVAR, DIFFUSE, EMISSIVE, METALLIC, SCALE, TEXTURE
from kitless.raycast.materials import WRAPS
from kitless.raycast.memory import read_byte, read_float, read_int
from kitless.raycast.surface import dot, interpolate
from kitless.raycast.tables import Column

_POINTS, _TRIANGLES, _MATERIAL = int(Column.POINTS), int(Column.TRIANGLES), int(Column.MATERIAL)
_COLOUR, _COLOUR_KIND = int(Column.COLOUR), int(Column.COLOUR_KIND)
_ST, _ST_KIND = int(Column.ST), int(Column.ST_KIND)
_CLAMP, _MIRROR, _BLACK = WRAPS.index("clamp"), WRAPS.index("mirror"), WRAPS.index("black")
_REFLECTANCE = 0.04
"""Of a dielectric seen head on, at UsdPreviewSurface's default index of refraction 1.5."""

MEDIA = types.Tuple(
    (types.int64[:, ::1], types.float32[:, ::1], types.float32[:, :, ::1], types.UniTuple(types.float64, 2))
)
"""(Palette.textures, linear values (2, 256) of linear and of sRGB bytes, Environment.background, (exposure, knee))."""


@compiled()
def wrap(texel: int, size: int, mode: int) -> int:
    """Return the texel that stands for one outside the picture; -1 for black."""
    if 0 <= texel < size:
        return texel
    if mode == _CLAMP:
        return 0 if texel < 0 else size - 1
    if mode == _BLACK:
        return -1
    if mode == _MIRROR:
        texel %= 2 * size
        return texel if texel < size else 2 * size - 1 - texel
    return texel % size


@compiled()
def fetch(texture: np.ndarray, level: int, s: float, t: float, curve: np.ndarray) -> tuple:
    """Return the bilinear linear colour of a mip level at (s, t); t counts from the picture's bottom, as USD's does."""
    address, width, height = texture[0], texture[1], texture[2]
    for _ in range(level):
        address += width * height * 3
        width, height = (width + 1) // 2, (height + 1) // 2
    x, y = s * width - 0.5, (1.0 - t) * height - 0.5
    left, top = int(np.floor(x)), int(np.floor(y))
    r, g, b = 0.0, 0.0, 0.0
    for corner in range(4):
        column, row = wrap(left + (corner & 1), width, texture[3]), wrap(top + (corner >> 1), height, texture[4])
        if column < 0 or row < 0:
            continue
        weight = (x - left if corner & 1 else 1.0 - x + left) * (y - top if corner >> 1 else 1.0 - y + top)
        texel = (row * width + column) * 3
        r += weight * curve[read_byte(address, texel)]
        g += weight * curve[read_byte(address, texel + 1)]
        b += weight * curve[read_byte(address, texel + 2)]
    return r, g, b


@compiled()
def sample(texture: np.ndarray, st: tuple, level: float, curve: np.ndarray) -> tuple:
    """Return a texture's colour between its two mip levels next to `level`."""
    last = int(np.ceil(np.log2(max(texture[1], texture[2]))))
    level = min(max(level, 0.0), float(last))
    low = int(level)
    near = fetch(texture, low, st[0], st[1], curve)
    # Most places do with one level; the change from one to the next is still gradual.
    share = min(max(2.0 * (level - low) - 0.5, 0.0), 1.0)
    if share <= 0.0:
        return near
    far = fetch(texture, low + 1, st[0], st[1], curve)
    return (
        near[0] + share * (far[0] - near[0]),
        near[1] + share * (far[1] - near[1]),
        near[2] + share * (far[2] - near[2]),
    )


@compiled()
def world_edge(row: np.ndarray, matrix: np.ndarray, start: int, end: int) -> tuple:
    """Return the world vector between two points of a mesh, given by three times their number."""
    points = row[_POINTS]
    x = np.float64(read_float(points, end)) - read_float(points, start)
    y = np.float64(read_float(points, end + 1)) - read_float(points, start + 1)
    z = np.float64(read_float(points, end + 2)) - read_float(points, start + 2)
    return (
        x * matrix[0, 0] + y * matrix[1, 0] + z * matrix[2, 0],
        x * matrix[0, 1] + y * matrix[1, 1] + z * matrix[2, 1],
        x * matrix[0, 2] + y * matrix[1, 2] + z * matrix[2, 2],
    )


@compiled()
def edge_cross(row: np.ndarray, matrix: np.ndarray, triangle: int) -> float:
    """Return twice a triangle's area in the world."""
    a = 3 * read_int(row[_TRIANGLES], triangle * 3)
    u = world_edge(row, matrix, a, 3 * read_int(row[_TRIANGLES], triangle * 3 + 1))
    v = world_edge(row, matrix, a, 3 * read_int(row[_TRIANGLES], triangle * 3 + 2))
    x, y, z = u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
    return np.sqrt(x * x + y * y + z * z)


@compiled()
def texture_density(row: np.ndarray, matrix: np.ndarray, triangle: int) -> float:
    """Return how much of a picture's side a world unit on a triangle takes, on average over directions."""
    primvar = (row[_ST], row[_ST_KIND], 2)
    a = interpolate(row, primvar, triangle, (0.0, 0.0))
    b = interpolate(row, primvar, triangle, (1.0, 0.0))
    c = interpolate(row, primvar, triangle, (0.0, 1.0))
    laid = abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
    return np.sqrt(laid / max(edge_cross(row, matrix, triangle), 1e-30))


@compiled()
def plain_color(row: np.ndarray, material: np.ndarray, hit: tuple) -> tuple:
    """Return the diffuse colour at hit = (triangle, u, v, ...) where no texture is; material may be empty."""
    if len(material) == 0 or material[BY_PRIMVAR] > 0.0:
        return interpolate(row, (row[_COLOUR], row[_COLOUR_KIND], 3), hit[0], (hit[1], hit[2]))
    return material[DIFFUSE], material[DIFFUSE + 1], material[DIFFUSE + 2]


@compiled()
def texture_color(row: np.ndarray, material: np.ndarray, hit: tuple, texture: np.ndarray, curves: np.ndarray) -> tuple:
    """Return the texture's colour at hit = (triangle, u, v, width of a pixel there in world units per texture)."""
    s, t, _ = interpolate(row, (row[_ST], row[_ST_KIND], 2), hit[0], (hit[1], hit[2]))
    a, b, c, d = material[AFFINE], material[AFFINE + 1], material[AFFINE + 2], material[AFFINE + 3]
    st = (a * s + b * t + material[AFFINE + 4], c * s + d * t + material[AFFINE + 5])
    texels = hit[3] * np.sqrt(abs(a * d - b * c) * texture[1] * texture[2])
    r, g, b = sample(texture, st, np.log2(max(texels, 1e-6)), curves)
    return (
        r * material[SCALE] + material[BIAS],
        g * material[SCALE + 1] + material[BIAS + 1],
        b * material[SCALE + 2] + material[BIAS + 2],
    )


@compiled()
def base_color(
    row: np.ndarray, matrix: np.ndarray, material: np.ndarray, hit: tuple, textures: np.ndarray, curves: np.ndarray
) -> tuple:
    """Return the diffuse colour at hit = (triangle, u, v, width of a pixel there)."""
    if len(material) == 0 or material[TEXTURE] < 0 or row[_ST] == 0:
        return plain_color(row, material, hit)
    texture = textures[int(material[TEXTURE])]
    width = hit[3] * texture_density(row, matrix, hit[0])
    return texture_color(row, material, (hit[0], hit[1], hit[2], width), texture, curves[texture[5]])


@compiled()
def tone(radiance: float, exposure: float, knee: float) -> float:
    """Return a radiance as a linear display value: straight up to the knee, then ever flatter, never above 1."""
    value = max(radiance * exposure, 0.0)
    if value <= knee:
        return value
    over = (value - knee) / (1.0 - knee)
    return knee + (1.0 - knee) * over / (1.0 + over)


@compiled()
def reflected(base: tuple, material: np.ndarray, exposure: float, light: np.ndarray) -> tuple:
    """Return the radiance that a surface sends to the viewer: light is irradiance, then specular light."""
    metallic, glow = 0.0, (0.0, 0.0, 0.0)
    if len(material):
        metallic = material[METALLIC]
        # Emission is not photometric in UsdPreviewSurface: 1 is as bright as white paper in good light.
        glow = (material[EMISSIVE] / exposure, material[EMISSIVE + 1] / exposure, material[EMISSIVE + 2] / exposure)
    dull = (1.0 - metallic) / np.pi
    gloss = _REFLECTANCE * (1.0 - metallic)
    return (
        glow[0] + base[0] * dull * light[0] + (gloss + metallic * base[0]) * light[3],
        glow[1] + base[1] * dull * light[1] + (gloss + metallic * base[1]) * light[4],
        glow[2] + base[2] * dull * light[2] + (gloss + metallic * base[2]) * light[5],
    )


@compiled()
def sky_color(background: np.ndarray, toward: tuple) -> tuple:
    """Return what is behind everything in a direction; black where a lens sees nothing, which is by 0."""
    if dot(toward, toward) == 0.0:
        return 0.0, 0.0, 0.0
    r, g, b = look_up(background, unit(toward[0], toward[1], toward[2]))
    return np.float64(r), np.float64(g), np.float64(b)


@compiled(signature(types.void, VIEW, SURFACE, MEDIA, SPAN, GATHERED, types.float32[:, ::1]))
def paint(view: tuple, surface: tuple, media: tuple, span: tuple, gathered: np.ndarray, out: np.ndarray) -> None:
    """Write the linear display colour (m, 3) of packets of pixels or places."""
    places, (travel, instance, triangle, uv), (rows, transforms, _), materials = surface
    textures, curves, background, (exposure, knee) = media
    rays, _, size, table = view
    for packet in range(span[0], span[1]):
        corner = corner_of(packet, size)
        for lane in range(LANES):
            i = target_of(packet, lane, corner, size, len(places))
            if i < 0:
                continue
            if instance[i] < 0:
                _, toward = ray_of(rays, table, places, i, (corner[0], corner[1], lane))
                color = sky_color(background, toward)
            else:
                row, matrix = rows[instance[i]], transforms[instance[i]]
                material = materials[row[_MATERIAL]] if row[_MATERIAL] >= 0 else rays[0, :0]
                pixel = rays[6, 0] + rays[6, 1] * travel[i]
                hit = (np.int64(triangle[i]), np.float64(uv[i, 0]), np.float64(uv[i, 1]), pixel)
                base = base_color(row, matrix, material, hit, textures, curves)
                color = reflected(base, material, exposure, gathered[i])
            for k in range(3):
                out[i, k] = tone(color[k], exposure, knee)
