"""Reflection of a surface as path tracing has it: diffuse, GGX microfacets and a clear coat, sampled by importance.

Directions are unit vectors in the surface's frame, the shading normal along +Z; o leads to where light goes, i to where
it comes from. What the coat reflects the base does not get, nor the diffuse part what the microfacets do; light that
bounces among these is given back by a factor (Turquin 2019). So no surface returns more than it gets, and a white one
all of it, but for the tables' accuracy of some tenths of a per cent.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE, _SAMPLES = 32, 1024
_SMOOTHEST = 0.001
"""The smallest alpha: a mirror's is 0, which no sample would ever meet."""
_COAT = 0.04
_MEAN = 1.0 / 3.0

ALBEDO = types.float32[:, :, ::1]
"""(32, 32, 2) by roughness and cosine: what microfacets that reflect all return, as parts of 1 - F and F of Schlick."""
# Lobes, a tuple: diffuse colour, reflectance head on, reflectance at grazing angles, alpha, coat, the coat's alpha.


@compiled()
def dot3(a: tuple, b: tuple) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@compiled()
def alpha_of(roughness: float) -> float:
    """Return GGX's width for a roughness."""
    return max(roughness * roughness, _SMOOTHEST)


@compiled()
def lambda_of(z: float, alpha: float) -> float:
    """Return Smith's lambda of a direction that has z along the normal (Heitz 2014)."""
    square = max(z * z, 1e-12)
    return 0.5 * (np.sqrt(1.0 + alpha * alpha * (1.0 - square) / square) - 1.0)


@compiled()
def facets(z: float, alpha: float) -> float:
    """Return the density of facets whose normal has z along the surface's."""
    square = alpha * alpha
    d = z * z * (square - 1.0) + 1.0
    return square / (np.pi * d * d)


@compiled()
def facet_seen(o: tuple, alpha: float, u: float, v: float) -> tuple:
    """Return the normal of a facet by how much of it is seen from o (Heitz 2018)."""
    x, y, z = alpha * o[0], alpha * o[1], o[2]
    length = np.sqrt(x * x + y * y + z * z)
    x, y, z = x / length, y / length, z / length
    flat = np.sqrt(x * x + y * y)
    ax, ay = (-y / flat, x / flat) if flat > 0.0 else (1.0, 0.0)
    bx, by, bz = -z * ay, z * ax, x * ay - y * ax
    r, turn = np.sqrt(u), 2.0 * np.pi * v
    p, q = r * np.cos(turn), r * np.sin(turn)
    s = 0.5 * (1.0 + z)
    q = (1.0 - s) * np.sqrt(max(1.0 - p * p, 0.0)) + s * q
    w = np.sqrt(max(1.0 - p * p - q * q, 0.0))
    hx, hy = alpha * (p * ax + q * bx + w * x), alpha * (p * ay + q * by + w * y)
    hz = max(q * bz + w * z, 1e-9)
    length = np.sqrt(hx * hx + hy * hy + hz * hz)
    return hx / length, hy / length, hz / length


@compiled()
def mirrored(o: tuple, h: tuple) -> tuple:
    """Return the direction that a facet reflects into o."""
    twice = 2.0 * dot3(o, h)
    return twice * h[0] - o[0], twice * h[1] - o[1], twice * h[2] - o[2]


@compiled()
def fresnel(cosine: float) -> float:
    """Return Schlick's weight of the reflectance at grazing angles."""
    return min(max(1.0 - cosine, 0.0), 1.0) ** 5


@compiled()
def returned(albedo: np.ndarray, z: float, alpha: float) -> tuple:
    """Return a table's two parts for light that leaves with z along the normal."""
    last = albedo.shape[0] - 1
    x, y = min(max(z, 0.0), 1.0) * last, min(max(np.sqrt(alpha), 0.0), 1.0) * last
    i, j = min(int(x), last - 1), min(int(y), last - 1)
    x, y = x - i, y - j
    a = (1 - y) * ((1 - x) * albedo[j, i, 0] + x * albedo[j, i + 1, 0])
    a += y * ((1 - x) * albedo[j + 1, i, 0] + x * albedo[j + 1, i + 1, 0])
    b = (1 - y) * ((1 - x) * albedo[j, i, 1] + x * albedo[j, i + 1, 1])
    b += y * ((1 - x) * albedo[j + 1, i, 1] + x * albedo[j + 1, i + 1, 1])
    return a, b


@compiled()
def shares(lobes: tuple, albedo: np.ndarray, z: float) -> tuple:
    """Return what light that leaves with z along the normal owes to: coat, and microfacets below it (r, g, b).

    Then the factor that gives back what bounces among facets, per colour.
    """
    a, b = returned(albedo, z, lobes[3])
    f, grazing = lobes[1], lobes[2]
    lost = 1.0 / max(a + b, 1e-6) - 1.0
    back = (1.0 + f[0] * lost, 1.0 + f[1] * lost, 1.0 + f[2] * lost)
    base = (
        min((f[0] * a + grazing * b) * back[0], 1.0),
        min((f[1] * a + grazing * b) * back[1], 1.0),
        min((f[2] * a + grazing * b) * back[2], 1.0),
    )
    coat = 0.0
    if lobes[4] > 0.0:
        a, b = returned(albedo, z, lobes[5])
        coat = lobes[4] * (_COAT * a + b)
    return coat, base, back


@compiled()
def odds(lobes: tuple, coat: float, base: tuple) -> tuple:
    """Return how often coat and microfacets are to be sampled; the rest is for the diffuse part."""
    dull = lobes[0]
    shiny = (1.0 - coat) * (base[0] + base[1] + base[2]) * _MEAN
    soft = (dull[0] * (1 - base[0]) + dull[1] * (1 - base[1]) + dull[2] * (1 - base[2])) * _MEAN * (1.0 - coat)
    total = coat + shiny + soft
    return (coat / total, shiny / total) if total > 0.0 else (0.0, 0.0)


@compiled()
def reflect(lobes: tuple, albedo: np.ndarray, o: tuple, i: tuple) -> tuple:
    """Return the reflection times the cosine of i, per colour, and the density sample() draws i with."""
    if o[2] <= 0.0 or i[2] <= 0.0:
        return (0.0, 0.0, 0.0), 0.0
    dull, f, grazing, alpha = lobes[0], lobes[1], lobes[2], lobes[3]
    coat, base, back = shares(lobes, albedo, o[2])
    often_coat, often_facets = odds(lobes, coat, base)
    x, y, z = o[0] + i[0], o[1] + i[1], o[2] + i[2]
    length = np.sqrt(x * x + y * y + z * z)
    h = (x / length, y / length, z / length)
    bent = fresnel(dot3(o, h))
    lo, li = lambda_of(o[2], alpha), lambda_of(i[2], alpha)
    d = facets(h[2], alpha) / (4.0 * o[2])
    gloss, density = d / (1.0 + lo + li), often_facets * d / (1.0 + lo)
    density += (1.0 - often_coat - often_facets) * i[2] / np.pi
    clear = 0.0
    if lobes[4] > 0.0:
        lo, li = lambda_of(o[2], lobes[5]), lambda_of(i[2], lobes[5])
        d = facets(h[2], lobes[5]) / (4.0 * o[2])
        clear = lobes[4] * (_COAT + (1.0 - _COAT) * bent) * d / (1.0 + lo + li)
        density += often_coat * d / (1.0 + lo)
    soft, rest = i[2] / np.pi, 1.0 - coat
    return (
        clear + rest * ((f[0] + (grazing - f[0]) * bent) * back[0] * gloss + dull[0] * (1.0 - base[0]) * soft),
        clear + rest * ((f[1] + (grazing - f[1]) * bent) * back[1] * gloss + dull[1] * (1.0 - base[1]) * soft),
        clear + rest * ((f[2] + (grazing - f[2]) * bent) * back[2] * gloss + dull[2] * (1.0 - base[2]) * soft),
    ), density


@compiled()
def sample(lobes: tuple, albedo: np.ndarray, o: tuple, chances: tuple) -> tuple:
    """Return a direction that light may come from, by importance; chances are three numbers of 0..1."""
    coat, base, _ = shares(lobes, albedo, o[2])
    often_coat, often_facets = odds(lobes, coat, base)
    which, u, v = chances
    if which < often_coat:
        return mirrored(o, facet_seen(o, lobes[5], u, v))
    if which < often_coat + often_facets:
        return mirrored(o, facet_seen(o, lobes[3], u, v))
    r, turn = np.sqrt(u), 2.0 * np.pi * v
    return r * np.cos(turn), r * np.sin(turn), np.sqrt(max(1.0 - u, 0.0))


@compiled()
def average(z: float, alpha: float) -> tuple:
    """Return what light that leaves with z along the normal owes to facets, as parts of 1 - F and F: by sampling."""
    o = (np.sqrt(1.0 - z * z), 0.0, z)
    a, b = 0.0, 0.0
    for n in range(_SAMPLES):
        h = facet_seen(o, alpha, (n + 0.5) / _SAMPLES, (n * 0.6180339887498949) % 1.0)
        i = mirrored(o, h)
        if i[2] > 0.0:
            lo, li = lambda_of(z, alpha), lambda_of(i[2], alpha)
            kept, bent = (1.0 + lo) / (1.0 + lo + li), fresnel(dot3(o, h))
            a += kept * (1.0 - bent)
            b += kept * bent
    return a / _SAMPLES, b / _SAMPLES


@compiled(signature(types.void, ALBEDO))
def fill_albedo(albedo: np.ndarray) -> None:
    """Compute the table."""
    last = albedo.shape[0] - 1
    for j in range(last + 1):
        for k in range(last + 1):
            albedo[j, k, 0], albedo[j, k, 1] = average(max(k / last, 1e-3), alpha_of(j / last))


@lru_cache(maxsize=1)
def albedo_table() -> NDArray[np.float32]:
    """Return the table that ALBEDO tells of. Not to be written to."""
    albedo = np.empty((_SIDE, _SIDE, 2), np.float32)
    fill_albedo(albedo)
    return albedo
