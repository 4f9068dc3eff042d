"""Lenses that bend: which way each pixel looks, and where each direction ends up.

Both models count pixels of a nominal image, the one they were calibrated with, whose edges are the picture's edges:
a picture of another size is that image scaled, each side by itself. Positions have their origin at the top left
corner; directions are in the camera's frame (looking down -Z, +Y up).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np
from numba import types
from numba.core.typing import signature

from kitless.raycast.compiled import compiled
from kitless.raycast.errors import CameraError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAMPLES = 4096
"""Steps of the table that starts the search for a radius."""
_STEPS = 30
_CLOSE = 1e-11
"""Newton's steps end when they are this short, in units of the focal length: far below 1e-6 pixels."""


@dataclass(frozen=True, kw_only=True)
class Fisheye:
    """Replicator's fisheyePolynomial, NVIDIA's f-theta: the angle off the axis is a polynomial of the radius."""

    model: ClassVar[str] = "fisheyePolynomial"
    by_distance: ClassVar[bool] = True
    """Directions have length 1: rays are measured, and clipped, by distance from the camera."""

    size: tuple[float, float]
    """Width and height of the nominal image."""
    centre: tuple[float, float]
    """Where the optical axis meets the nominal image, pixels."""
    polynomial: tuple[float, ...]
    """Six coefficients a ... f: the angle in radians is a + b r + c r^2 + ... + f r^5, r in nominal pixels."""
    max_fov: float
    """Degrees; what is more than half of it off the axis is not seen."""

    def __post_init__(self) -> None:
        _check_size(self.size)
        if self.max_fov <= 0:
            raise CameraError(f"the fisheye's maximum field of view is {self.max_fov}: it must be above 0 degrees")
        if not self._reach > 0:
            raise CameraError(
                f"the fisheye's polynomial {self.polynomial} does not rise from the centre: set b (radians per pixel)"
            )

    @cached_property
    def _widest(self) -> float:
        return math.radians(min(self.max_fov, 360.0) / 2)

    @cached_property
    def _reach(self) -> float:
        """The radius up to which the polynomial rises and stays within the field of view; 0 if it never does."""
        angle = np.polynomial.Polynomial(self.polynomial)
        slope = angle.deriv()
        turns, ends = _positive_roots(slope), _positive_roots(angle - self._widest)
        first = min([*turns, *ends], default=math.inf)
        probe = 1.0 if math.isinf(first) else first / 2
        rises = slope(probe) > 0 and angle(0.0) < self._widest
        return first if rises and math.isfinite(first) else 0.0

    def directions(self, places: NDArray[np.floating], resolution: tuple[int, int]) -> NDArray[np.float64]:
        """Return unit directions (n, 3) of places (n, 2) in pixels of a picture; 0 where nothing is seen."""
        offset = np.asarray(places, np.float64) * _nominal(self.size, resolution) - self.centre
        radius = np.hypot(offset[:, 0], offset[:, 1])
        angle = np.polynomial.Polynomial(self.polynomial)(radius)
        seen = (radius <= self._reach) & (angle >= 0)
        out = np.empty((len(offset), 3))
        aside = np.sin(angle) / np.where(radius > 0, radius, 1)
        out[:, 0], out[:, 1], out[:, 2] = aside * offset[:, 0], -aside * offset[:, 1], -np.cos(angle)
        out[~seen] = 0
        return out

    def project(
        self, points: NDArray[np.float64], resolution: tuple[int, int]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return pixels (n, 2) and distances (n,) of points (n, 3); NaN and -inf of what no ray can reach."""
        aside = np.hypot(points[:, 0], points[:, 1])
        angle = np.arctan2(aside, -points[:, 2])
        radius = self._radius(angle)
        way = points[:, :2] / np.where(aside > 0, aside, 1)[:, None] * [1, -1]
        pixels = (self.centre + radius[:, None] * way) / _nominal(self.size, resolution)
        distance = np.sqrt((points**2).sum(axis=1))
        seen = np.isfinite(radius) & (distance > 0)
        return np.where(seen[:, None], pixels, np.nan), np.where(seen, distance, -np.inf)

    def _radius(self, angle: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the radii at which the polynomial gives angles; NaN where there is none."""
        polynomial = np.polynomial.Polynomial(self.polynomial)
        slope = polynomial.deriv()
        table = np.linspace(0, self._reach, _SAMPLES)
        known = polynomial(table)
        radius = np.interp(angle, known, table)
        for _ in range(4):
            steep = np.maximum(slope(radius), 1e-12)
            radius = np.clip(radius - (polynomial(radius) - angle) / steep, 0, self._reach)
        within = (angle >= known[0] - 1e-12) & (angle <= known[-1] + 1e-12)
        return np.where(within, radius, np.nan)

    def pixel(self, resolution: tuple[int, int]) -> float:
        """Return the angle in radians that a pixel of a picture covers, on average over the radius."""
        angle = np.polynomial.Polynomial(self.polynomial)
        return float((angle(self._reach) - angle(0.0)) / self._reach * _nominal(self.size, resolution).mean())

    def widened(self, factor: int) -> Fisheye:
        """Return the lens of an image that many times as wide and high, this one in its middle."""
        size, centre = _widened(self.size, self.centre, factor)
        return replace(self, size=size, centre=centre)


@dataclass(frozen=True, kw_only=True)
class OpenCvPinhole:
    """OpenCV's pinhole: rational radial, tangential and thin prism distortion.

    https://docs.opencv.org/4.x/d9/d0c/group__calib3d.html: (x, y) is a direction, x to the right and y down, with a
    component of 1 along the axis; the picture shows it at centre + focal * (x'', y'').
    """

    model: ClassVar[str] = "pinholeOpenCV"
    by_distance: ClassVar[bool] = False
    """Directions reach the plane at 1: rays are measured, and clipped, by depth."""

    size: tuple[float, float]
    """Width and height of the nominal image."""
    centre: tuple[float, float]
    """cx and cy: where the optical axis meets the nominal image, pixels."""
    focal: tuple[float, float]
    """fx and fy: nominal pixels."""
    radial: tuple[float, ...] = (0.0,) * 6
    """k1 ... k6."""
    tangential: tuple[float, ...] = (0.0,) * 2
    """p1 and p2."""
    prism: tuple[float, ...] = (0.0,) * 4
    """s1 ... s4."""

    def __post_init__(self) -> None:
        _check_size(self.size)
        if not (self.focal[0] > 0 and self.focal[1] > 0):
            raise CameraError(f"the lens's focal lengths {self.focal} must be above 0 pixels")

    @cached_property
    def _limit(self) -> float:
        """How far off the axis, with a component of 1 along it, the radial term still rises."""
        square = np.polynomial.Polynomial([0.0, 1.0])
        above = np.polynomial.Polynomial([1.0, *self.radial[:3]])
        below = np.polynomial.Polynomial([1.0, *self.radial[3:]])
        # The derivative of r above(r^2) / below(r^2), times below^2, in terms of r^2.
        slope = (above + 2 * square * above.deriv()) * below - 2 * square * above * below.deriv()
        return math.sqrt(min([*_positive_roots(slope), *_positive_roots(below)], default=math.inf))

    @cached_property
    def _parameters(self) -> NDArray[np.float64]:
        return np.array([*self.radial, *self.tangential, *self.prism, self._limit])

    def directions(self, places: NDArray[np.floating], resolution: tuple[int, int]) -> NDArray[np.float64]:
        """Return directions (n, 3) with -1 along the axis, of places (n, 2) in pixels; 0 where nothing is seen."""
        bent = (np.asarray(places, np.float64) * _nominal(self.size, resolution) - self.centre) / self.focal
        out = np.zeros((len(bent), 3))
        _straighten(np.ascontiguousarray(bent), self._parameters, out)
        return out

    def project(
        self, points: NDArray[np.float64], resolution: tuple[int, int]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return pixels (n, 2) and depths (n,) of points (n, 3); NaN and -inf of what no ray can reach."""
        depth = -points[:, 2]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            x, y = points[:, 0] / depth, -points[:, 1] / depth
            square = x * x + y * y
            bent = np.stack(_bend(x, y, self._parameters), axis=1)
        seen = (depth > 0) & (square < self._limit**2)
        pixels = (self.centre + bent * self.focal) / _nominal(self.size, resolution)
        return np.where(seen[:, None], pixels, np.nan), np.where(seen, depth, -np.inf)

    def pixel(self, resolution: tuple[int, int]) -> float:
        """Return how wide a pixel of a picture is at a depth of 1, in its middle."""
        return float((_nominal(self.size, resolution) / self.focal).mean())

    def widened(self, factor: int) -> OpenCvPinhole:
        """Return the lens of an image that many times as wide and high, this one in its middle."""
        size, centre = _widened(self.size, self.centre, factor)
        return replace(self, size=size, centre=centre)


Lens: TypeAlias = Fisheye | OpenCvPinhole


@lru_cache(maxsize=4)
def table_of(lens: Lens, resolution: tuple[int, int]) -> NDArray[np.float32]:
    """Return the directions (h * w, 3) through all pixel centres, camera frame, row by row; 0 where nothing is seen.

    A lens keeps its table while the camera moves. Not to be written to.
    """
    return lens.directions(centres(resolution), resolution).astype(np.float32)


def centres(resolution: tuple[int, int]) -> NDArray[np.float32]:
    """Return the places (h * w, 2) of all pixel centres, row by row."""
    y, x = np.mgrid[: resolution[1], : resolution[0]]
    return np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1).astype(np.float32)


def _check_size(size: tuple[float, float]) -> None:
    if not (size[0] > 0 and size[1] > 0):
        raise CameraError(f"the lens's nominal image is {size[0]:g}x{size[1]:g}: both sides must be above 0 pixels")


def _nominal(size: tuple[float, float], resolution: tuple[int, int]) -> NDArray[np.float64]:
    """Return how many nominal pixels a pixel of the picture is wide and high."""
    return np.array(size, np.float64) / resolution


def _widened(
    size: tuple[float, float], centre: tuple[float, float], factor: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    shift = (factor - 1) / 2
    return (size[0] * factor, size[1] * factor), (centre[0] + shift * size[0], centre[1] + shift * size[1])


def _positive_roots(polynomial: np.polynomial.Polynomial) -> list[float]:
    roots = np.asarray(polynomial.trim(1e-300).roots(), np.complex128)
    return [float(root.real) for root in roots if abs(root.imag) < 1e-9 * abs(root) and root.real > 1e-9]


@compiled()
def _bend(x: Any, y: Any, k: np.ndarray) -> tuple:
    """Return (x'', y''); k holds k1 ... k6, p1, p2, s1 ... s4. Takes numbers and arrays alike."""
    s = x * x + y * y
    radial = (1.0 + s * (k[0] + s * (k[1] + s * k[2]))) / (1.0 + s * (k[3] + s * (k[4] + s * k[5])))
    return (
        x * radial + 2.0 * k[6] * x * y + k[7] * (s + 2.0 * x * x) + s * (k[8] + s * k[9]),
        y * radial + k[6] * (s + 2.0 * y * y) + 2.0 * k[7] * x * y + s * (k[10] + s * k[11]),
    )


@compiled()
def _slopes(x: float, y: float, k: np.ndarray) -> tuple:
    """Return the derivatives of (x'', y''): by x of x'', by y of x'', by x of y'', by y of y''."""
    s = x * x + y * y
    above = 1.0 + s * (k[0] + s * (k[1] + s * k[2]))
    below = 1.0 + s * (k[3] + s * (k[4] + s * k[5]))
    radial = above / below
    grown = k[0] + s * (2.0 * k[1] + s * 3.0 * k[2]) - radial * (k[3] + s * (2.0 * k[4] + s * 3.0 * k[5]))
    grown *= 2.0 / below
    right, down = 2.0 * (k[8] + 2.0 * s * k[9]), 2.0 * (k[10] + 2.0 * s * k[11])
    mixed = x * y * grown + 2.0 * (k[6] * x + k[7] * y)
    return (
        radial + x * x * grown + 2.0 * k[6] * y + 6.0 * k[7] * x + right * x,
        mixed + right * y,
        mixed + down * x,
        radial + y * y * grown + 6.0 * k[6] * y + 2.0 * k[7] * x + down * y,
    )


@compiled(signature(types.void, types.float64[:, ::1], types.float64[::1], types.float64[:, ::1]))
def _straighten(bent: np.ndarray, k: np.ndarray, out: np.ndarray) -> None:
    """Write the directions (n, 3) that the lens bends to (n, 2), by Newton's method; others stay as they are.

    k is as in _bend, then the radius up to which the lens can be undone.
    """
    limit = k[12]
    for i in range(len(bent)):
        x, y = bent[i, 0], bent[i, 1]
        for _ in range(_STEPS):
            u, v = _bend(x, y, k)
            a, b, c, d = _slopes(x, y, k)
            u, v, area = u - bent[i, 0], v - bent[i, 1], a * d - b * c
            dx, dy = (d * u - b * v) / area, (a * v - c * u) / area
            x, y = x - dx, y - dy
            # A step may lead past the limit, where the way back is lost: start again from just within.
            out_by = np.sqrt(x * x + y * y) / limit
            if out_by > 1.0:
                x, y = 0.999 * x / out_by, 0.999 * y / out_by
            elif abs(dx) + abs(dy) < _CLOSE:
                out[i, 0], out[i, 1], out[i, 2] = x, -y, -1.0
                break
