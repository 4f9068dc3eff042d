"""The town's cars, vans, trucks and buses: hulls lofted along X, cabins lofted upwards, wheels in real arches.

Fronts look towards +X, tyres stand on z = 0, the origin is in the middle of the ground plan.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from solids import Asset, Look, Pair, Point, Solid

WHEEL = "./parts/wheel.usda"
"""Radius 1 and width 1: scaled to fit."""

LOOKS = {
    "Paint": Look((150, 32, 34), 0.25),
    "Glass": Look((22, 30, 36), 0.08),
    "Trim": Look((22, 23, 25), 0.6),
    "Chrome": Look((190, 193, 198), 0.25, 0.6),
    "HeadLight": Look((238, 240, 232), 0.15, 0.0, 0.25),
    "TailLight": Look((168, 14, 18), 0.2, 0.0, 0.2),
}


@dataclass(frozen=True, kw_only=True)
class Cabin:
    """What stands on the hull: levels from below upwards, glass between two of them."""

    levels: tuple[tuple[float, float, float, float], ...]
    """(z, rear x, front x, half width) of each level in metres; the last one is the roof."""
    posts: tuple[Pair, ...] = ((0.44, 0.5),)
    """Where paint interrupts the side windows: from and to, in parts of the side from the front."""
    glazed: tuple[int, int] = (1, 2)
    """The levels that the windows reach from and to."""
    corner: float = 0.12
    bulge: float = 0.06
    """Radius of the corners, and how far the windscreen swells forwards, in metres."""


@dataclass(frozen=True, kw_only=True)
class Car:
    """The measures of a vehicle, in metres."""

    length: float
    width: float
    wheel: float
    """Radius of the wheels."""
    axles: tuple[float, ...]
    top: tuple[Pair, ...]
    """(x, z) of the hull's upper edge, from the rear to the front."""
    cabin: Cabin
    sill: float = 0.22
    lamps: tuple[float, float] = (0.66, 0.78)
    """Height of head and tail lights."""
    doors: tuple[float, ...] = ()
    """Where the gaps of the doors are, by x."""
    ends: float = 0.3
    """How far from its ends the hull begins to narrow."""
    looks: dict[str, Look] = field(default_factory=dict)

    def height(self, x: float) -> float:
        """Returns the height of the hull's upper edge at x."""
        for (x0, z0), (x1, z1) in pairwise(self.top):
            if x <= x1:
                return z0 + (z1 - z0) * max(x - x0, 0.0) / (x1 - x0)
        return self.top[-1][1]

    def half(self, x: float) -> float:
        """Returns half the hull's width at x: less towards the ends."""
        near = max(0.0, 1 - (self.length / 2 - abs(x)) / self.ends)
        return self.width / 2 * (1 - 0.16 * near**2.2)

    def floor(self, x: float) -> float:
        """Returns the height of the hull's lower edge at x: over a wheel it is the arch."""
        reach = self.wheel * 1.14
        inside = [reach**2 - (x - axle) ** 2 for axle in self.axles if abs(x - axle) <= reach + 1e-6]
        return max([self.sill, *(self.wheel + math.sqrt(max(part, 0.0)) for part in inside)])


def hull(car: Car) -> Solid:
    """Returns the painted lower body, with arches for the wheels."""
    half = car.length / 2
    xs = {-half, half, -half + 0.06, half - 0.06, -half + car.ends, half - car.ends, *(x for x, _ in car.top)}
    reach = car.wheel * 1.14
    for axle in car.axles:
        xs = {x for x in xs if abs(x - axle) > reach - 0.01}
        arch = [reach * math.cos(math.pi * k / 5) for k in range(6)]
        # The arch's feet stand upright: below the axle the opening is as wide as at the axle.
        xs |= {axle + far for far in arch} | {axle - reach - 0.004, axle + reach + 0.004}
    # Open below: what could be seen there is hidden by the floor between the wheels.
    return Solid().loft([_section(car, x) for x in sorted(xs)], closed=False)


def _section(car: Car, x: float) -> list[Point]:
    low, high, w = car.floor(x), car.height(x), car.half(x)
    crown = 0.025 if high < 1.6 else 0.01
    sides = [
        (0.94, low),
        (1.0, max(min(0.5, high - 0.2), low)),
        (0.985, max(high - 0.13, low)),
        (0.95, max(high - 0.035, low)),
        (0.87, max(high, low)),
        (0.45, max(high + crown, low)),
    ]
    left = [(x, w * part, z) for part, z in sides]
    return [*left, *((x, -y, z) for x, y, z in reversed(left))]


def ring(cabin: Cabin, level: int) -> tuple[list[Point], list[str]]:
    """Returns a level of the cabin, counter-clockwise from the windscreen's right, and what follows each point."""
    z, rear, front, half = cabin.levels[level]
    r = cabin.corner
    long = front - rear - 2 * r
    outline: list[tuple[float, float, str]] = [(front, r - half, "Glass"), (front + cabin.bulge, 0, "Glass")]
    stops = [(part, word) for a, b in cabin.posts for part, word in ((a, "Paint"), (b, "Glass"))]
    side = [(front - r - long * part, word) for part, word in [(0.0, "Glass"), *stops]]
    back = [(front - r - long * part, word) for part, word in [*((a, b) for a, b in reversed(stops)), (0.0, "Paint")]]
    # On the way back each piece carries the word of its other end.
    words = [word for _, word in side]
    outline += [(front, half - r, "Paint"), (front - 0.3 * r, half - 0.3 * r, "Paint")]
    outline += [(x, half, word) for x, word in side]
    outline += [(rear + r, half, "Paint"), (rear + 0.3 * r, half - 0.3 * r, "Paint"), (rear, half - r, "Glass")]
    outline += [(rear, r - half, "Paint"), (rear + 0.3 * r, 0.3 * r - half, "Paint"), (rear + r, -half, words[-1])]
    outline += [(x, -half, word) for (x, _), word in zip(back[:-1], [*reversed(words[:-1])], strict=True)]
    outline += [(front - r, -half, "Paint"), (front - 0.3 * r, 0.3 * r - half, "Paint")]
    return [(x, y, z) for x, y, _ in outline], [word for *_, word in outline]


def cabin_parts(cabin: Cabin) -> dict[str, Solid]:
    """Returns the cabin by material: window columns between the glazed levels, paint elsewhere."""
    parts = {"Paint": Solid(), "Glass": Solid()}
    rings = [ring(cabin, level) for level in range(len(cabin.levels))]
    for level in range(len(rings) - 1):
        (low, words), (high, _) = rings[level], rings[level + 1]
        glazed = cabin.glazed[0] <= level < cabin.glazed[1]
        for i, word in enumerate(words):
            j = (i + 1) % len(low)
            parts[word if glazed else "Paint"].face((low[i], low[j], high[j], high[i]))
    parts["Paint"].face(rings[-1][0])
    return parts


def add_wheels(asset: Asset, car: Car, *, wide: float = 0.22) -> None:
    """Puts a wheel at both ends of every axle."""
    names = ["Rear", "Front"] if len(car.axles) == 2 else [f"Axle{k}" for k in range(len(car.axles))]
    for name, x in zip(names, car.axles, strict=True):
        for side, word in ((1, "Left"), (-1, "Right")):
            y = side * (car.width / 2 - wide / 2 - 0.015)
            # Turned inside out by a negative width, the right wheel shows its rim outwards too.
            scale = (car.wheel, side * wide, car.wheel)
            asset.place(f"Wheels/{name}{word}", WHEEL, at=(x, y, car.wheel), scale=scale)


def add_lamps(asset: Asset, car: Car) -> None:
    """Adds head and tail lights, grille, bumpers and number plates."""
    half, lights = car.length / 2, {"HeadLight": Solid(flat=True), "TailLight": Solid(flat=True)}
    for sign, name, z in ((1, "HeadLight", car.lamps[0]), (-1, "TailLight", car.lamps[1])):
        x = sign * half
        w = car.half(x)
        for side in (1, -1):
            y = side * (w - 0.17)
            ends = sorted((x - sign * 0.14, x + sign * 0.012)), sorted((y - 0.15, y + 0.15))
            lights[name].box((ends[0][0], ends[1][0], z - 0.06), (ends[0][1], ends[1][1], z + 0.06), bevel=0.02)
    for name, solid in lights.items():
        asset.part(f"{name}s", name, solid)
    w = car.half(half)
    trim = Solid(flat=True).box(
        (half - 0.1, 0.34 - w, car.lamps[0] - 0.08), (half + 0.008, w - 0.34, car.lamps[0] + 0.05)
    )
    for sign in (1, -1):
        x0, x1 = sorted((sign * (half - 0.12), sign * (half + 0.02)))
        trim.box((x0, 0.12 - w, car.sill + 0.02), (x1, w - 0.12, car.sill + 0.16))
    asset.part("Bumpers", "Trim", trim)
    plates = Solid().box((half, -0.26, car.sill + 0.2), (half + 0.016, 0.26, car.sill + 0.3))
    plates.box((-half - 0.016, -0.26, car.sill + 0.3), (-half, 0.26, car.sill + 0.41))
    asset.part("Plates", "HeadLight", plates)


def add_trim(asset: Asset, car: Car) -> None:
    """Adds the dark floor between the wheels, the gaps of the doors, their handles, and mirrors."""
    half, inner = car.length / 2, car.width / 2 - 0.26
    floor = Solid().box((0.12 - half, -inner, 0.17), (half - 0.12, inner, car.wheel * 2.1))
    gaps, handles = Solid(), Solid()
    edge = car.width / 2 + 0.002
    for x in car.doors:
        high = car.height(x) - 0.1
        for side in (1, -1):
            y0, y1 = sorted((side * (edge - 0.05), side * edge))
            gaps.box((x - 0.007, y0, car.sill + 0.1), (x + 0.007, y1, high))
            handles.box((x + 0.08, y0, high - 0.1), (x + 0.26, y1 + 0.015 if side > 0 else y1, high - 0.06))
    asset.part("Floor", "Trim", floor)
    if car.doors:
        asset.part("DoorGaps", "Trim", gaps)
        asset.part("Handles", "Chrome", handles)
    z, _, front, w = car.cabin.levels[car.cabin.glazed[0]]
    mirrors = Solid(flat=True)
    for side in (1, -1):
        y0, y1 = sorted((side * (w - 0.02), side * (w + 0.22)))
        mirrors.box((front - 0.52, y0, z + 0.02), (front - 0.42, y1, z + 0.15))
    asset.part("Mirrors", "Trim", mirrors)


def build(name: str, label: str, car: Car) -> Asset:
    """Returns the vehicle of these measures."""
    asset = Asset(name, label, {**LOOKS, **car.looks})
    asset.part("Body", "Paint", hull(car))
    for look, solid in cabin_parts(car.cabin).items():
        asset.part("Cabin" if look == "Paint" else "Windows", look, solid)
    add_lamps(asset, car)
    add_trim(asset, car)
    add_wheels(asset, car, wide=0.22 if car.width < 2.2 else 0.32)
    return asset


def _stretched(profile: Sequence[Pair], length: float) -> tuple[Pair, ...]:
    return tuple((x * length / 2, z) for x, z in profile)


SEDAN = Car(
    length=4.7,
    width=1.84,
    wheel=0.33,
    axles=(-1.38, 1.42),
    top=_stretched(
        [(-1, 0.72), (-0.975, 0.9), (-0.9, 0.97), (-0.7, 1.0), (0.42, 0.97), (0.8, 0.86), (0.95, 0.77), (1, 0.6)], 4.7
    ),
    cabin=Cabin(
        levels=(
            (0.93, -1.82, 1.08, 0.8),
            (1.01, -1.62, 0.93, 0.79),
            (1.34, -0.98, 0.3, 0.63),
            (1.41, -0.82, 0.14, 0.57),
            (1.45, -0.55, -0.1, 0.36),
        )
    ),
    doors=(0.72, -0.28),
)

HATCHBACK = Car(
    length=3.95,
    width=1.74,
    wheel=0.31,
    axles=(-1.22, 1.26),
    top=_stretched([(-1, 0.6), (-0.97, 0.9), (-0.9, 0.98), (0.45, 0.98), (0.8, 0.88), (0.95, 0.78), (1, 0.6)], 3.95),
    cabin=Cabin(
        levels=(
            (0.92, -1.93, 1.0, 0.77),
            (1.01, -1.9, 0.86, 0.76),
            (1.38, -1.66, 0.3, 0.62),
            (1.46, -1.5, 0.15, 0.56),
            (1.5, -1.2, -0.1, 0.36),
        ),
        posts=((0.4, 0.46), (0.78, 0.86)),
    ),
    doors=(0.62, -0.38),
    lamps=(0.68, 0.84),
)

COUPE = Car(
    length=4.5,
    width=1.9,
    wheel=0.34,
    axles=(-1.33, 1.36),
    sill=0.19,
    top=_stretched([(-1, 0.7), (-0.97, 0.88), (-0.86, 0.93), (0.3, 0.9), (0.75, 0.8), (0.94, 0.7), (1, 0.54)], 4.5),
    cabin=Cabin(
        levels=(
            (0.86, -1.78, 0.86, 0.8),
            (0.93, -1.6, 0.72, 0.78),
            (1.22, -0.75, 0.05, 0.6),
            (1.28, -0.6, -0.08, 0.54),
            (1.31, -0.45, -0.2, 0.34),
        ),
        posts=((0.62, 0.7),),
    ),
    doors=(0.52, -0.6),
    lamps=(0.62, 0.76),
)

SUV = Car(
    length=4.75,
    width=1.95,
    wheel=0.38,
    axles=(-1.42, 1.44),
    sill=0.3,
    top=_stretched([(-1, 0.75), (-0.97, 1.02), (-0.9, 1.1), (0.4, 1.1), (0.8, 1.03), (0.95, 0.92), (1, 0.7)], 4.75),
    cabin=Cabin(
        levels=(
            (1.04, -2.27, 1.14, 0.87),
            (1.14, -2.24, 1.0, 0.86),
            (1.56, -2.02, 0.46, 0.72),
            (1.67, -1.9, 0.28, 0.66),
            (1.72, -1.6, 0.0, 0.44),
        ),
        posts=((0.36, 0.41), (0.7, 0.76)),
    ),
    doors=(0.76, -0.26, -1.1),
    lamps=(0.82, 0.98),
)

VAN = Car(
    length=5.6,
    width=2.02,
    wheel=0.35,
    axles=(-1.75, 1.8),
    sill=0.28,
    top=_stretched([(-1, 1.02), (-0.985, 1.12), (0.66, 1.15), (0.86, 1.06), (0.97, 0.9), (1, 0.7)], 5.6),
    cabin=Cabin(
        levels=(
            (1.08, -2.77, 2.2, 0.96),
            (1.24, -2.76, 2.06, 0.95),
            (1.8, -2.74, 1.5, 0.91),
            (2.28, -2.7, 1.12, 0.85),
            (2.36, -2.6, 0.9, 0.75),
        ),
        posts=((0.26, 0.99),),
        corner=0.1,
    ),
    doors=(1.55, 0.7, -0.5),
    lamps=(0.78, 1.0),
)

BUS = Car(
    length=11.6,
    width=2.5,
    wheel=0.48,
    axles=(-3.0, 3.1),
    sill=0.34,
    top=_stretched([(-1, 1.0), (-0.993, 1.12), (0.993, 1.12), (1, 1.0)], 11.6),
    cabin=Cabin(
        levels=(
            (1.06, -5.79, 5.78, 1.22),
            (1.16, -5.78, 5.77, 1.22),
            (2.55, -5.72, 5.62, 1.18),
            (2.95, -5.66, 5.5, 1.14),
            (3.05, -5.5, 5.3, 0.98),
        ),
        posts=tuple((0.11 + 0.146 * k, 0.12 + 0.146 * k) for k in range(6)),
        corner=0.14,
    ),
    doors=(4.75, 3.9, 0.55, -0.45),
    lamps=(0.74, 0.86),
    ends=0.25,
    looks={"Paint": Look((196, 60, 38), 0.3)},
)
