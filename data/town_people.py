"""The town's people, on foot and on two wheels, and what they ride."""

import math
from dataclasses import dataclass

from pxr import Gf
from solids import Asset, Colour, Look, Maker, Point, Solid, circle, set_label
from town_cars import LOOKS, WHEEL

BICYCLE_WHEEL = "./parts/bicycle_wheel.usda"
CLOTHES = {
    "Skin": Look((214, 164, 132), 0.7),
    "Hair": Look((52, 36, 26), 0.8),
    "Shirt": Look((46, 92, 150), 0.9),
    "Trousers": Look((40, 44, 58), 0.9),
    "Shoes": Look((30, 26, 24), 0.7),
}


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Where a person's joints are, in metres; pairs are left and right."""

    hip: Point
    neck: Point
    head: Point
    elbows: tuple[Point, Point]
    hands: tuple[Point, Point]
    knees: tuple[Point, Point]
    ankles: tuple[Point, Point]
    wide: float = 1.0
    """Breadth and thickness of the body: 1 is slim."""
    size: float = 1.0
    """By what thicknesses are scaled: a child's are smaller."""
    helmet: bool = False


WALKING = Pose(
    hip=(0, 0, 0.93),
    neck=(0.03, 0, 1.46),
    head=(0.05, 0, 1.63),
    elbows=((-0.08, 0.27, 1.14), (0.06, -0.27, 1.14)),
    hands=((-0.02, 0.28, 0.9), (0.2, -0.26, 0.94)),
    knees=((0.14, 0.1, 0.5), (-0.04, -0.1, 0.5)),
    ankles=((0.2, 0.1, 0.08), (-0.26, -0.1, 0.08)),
)
"""Somebody in mid-step, 1.76 m tall."""

# Upright behind handlebars; the foot's height fits the pegs of a motorcycle and the board of a scooter.
RIDING = Pose(
    hip=(0, 0, 0),
    neck=(0.2, 0, 0.51),
    head=(0.26, 0, 0.68),
    elbows=((0.3, 0.32, 0.26), (0.3, -0.32, 0.26)),
    hands=((0.63, 0.3, 0.11), (0.63, -0.3, 0.11)),
    knees=((0.43, 0.21, 0.03), (0.43, -0.21, 0.03)),
    ankles=((0.36, 0.2, -0.52), (0.36, -0.2, -0.52)),
    wide=1.08,
    helmet=True,
)
"""Somebody on a motorcycle; the origin is the hip."""


def add_person(asset: Asset, pose: Pose, group: str = "") -> None:
    """Adds a person's parts, one mesh for each material, below `group`."""
    s, w = pose.size, pose.size * pose.wide
    parts = {name: Solid(flat=name == "Shoes") for name in CLOTHES}
    hip, neck = Gf.Vec3d(*pose.hip), Gf.Vec3d(*pose.neck)
    axis = (neck - hip).GetNormalized()
    torso = [(-0.12, 0.1, 0.08), (0.0, 0.17, 0.115), (0.3, 0.155, 0.105), (0.75, 0.19, 0.12), (0.95, 0.14, 0.09)]
    torso += [(1.02, 0.06, 0.055)]
    rings = [circle(hip + (neck - hip) * far, axis, (a * w, b * w), 9) for far, a, b in torso]
    parts["Trousers"].loft(rings[:2])
    parts["Shirt"].loft(rings[1:])
    parts["Skin"].tube(pose.neck, pose.head, 0.05 * s, sides=6)
    x, y, z = pose.head
    parts["Skin"].ball((x, y, z), (0.1 * s, 0.08 * s, 0.125 * s))
    parts["Skin"].ball((x + 0.1 * s, y, z - 0.01 * s), (0.025 * s, 0.018 * s, 0.03 * s), sides=5, rows=3)
    swell = 1.28 if pose.helmet else 1.06
    centre = (x - 0.022 * s, y, z + 0.03 * s)
    parts["Hair"].ball(centre, (0.096 * s * swell, 0.086 * s * swell, 0.104 * s * swell))
    for k, side in enumerate((1, -1)):
        shoulder = neck - axis * 0.07 * s + Gf.Vec3d(0, side * 0.17 * w, 0)
        socket = hip + Gf.Vec3d(0, side * 0.085 * w, -0.02 * s)
        _limb(
            parts, "Shirt", "Skin", (tuple(shoulder), pose.elbows[k], pose.hands[k]), (0.06 * w, 0.048 * w, 0.036 * s)
        )
        _limb(
            parts,
            "Trousers",
            "Trousers",
            (tuple(socket), pose.knees[k], pose.ankles[k]),
            (0.09 * w, 0.07 * w, 0.05 * w),
        )
        parts["Skin"].ball(pose.hands[k], (0.05 * s, 0.035 * s, 0.05 * s), sides=6, rows=4)
        ax, ay, az = pose.ankles[k]
        parts["Shoes"].box(
            (ax - 0.08 * s, ay - 0.045 * s, az - 0.08 * s),
            (ax + 0.19 * s, ay + 0.045 * s, az + 0.03 * s),
            bevel=0.02 * s,
        )
    for name, solid in parts.items():
        asset.part(f"{group}{name}", f"{group}{name}", solid)


def _limb(
    parts: dict[str, Solid],
    upper: str,
    lower: str,
    joints: tuple[Point, Point, Point],
    radii: tuple[float, float, float],
) -> None:
    parts[upper].tube(joints[0], joints[1], (radii[0], radii[1]), sides=6, round_ends=True)
    parts[lower].tube(joints[1], joints[2], (radii[1] * 0.98, radii[2]), sides=6, round_ends=True)


def figure(name: str, pose: Pose, **looks: Look) -> Asset:
    """Returns a person to be referred to, without a label."""
    asset = Asset(name, "", {**CLOTHES, **looks})
    add_person(asset, pose)
    return asset


def pedestrian(name: str, height: float, *, wide: float = 1.0, skirt: Look | None = None, **colours: Colour) -> Asset:
    """Returns somebody on foot."""
    asset = Asset(name, "pedestrian", {"Skirt": skirt} if skirt else {})
    tall = round(height / 1.76, 3)
    asset.wear("Body", "./parts/walker.usda", colours, scale=(tall * wide, tall * wide, tall))
    if skirt:
        hem = [((0.0, 0.0, z * tall), a, b) for z, a, b in ((0.56, 0.21, 0.27), (1.0, 0.17, 0.118))]
        up = Gf.Vec3d(0, 0, 1)
        asset.part("Skirt", "Skirt", Solid().loft([circle(Gf.Vec3d(*c), up, (a, b), 12) for c, a, b in hem]))
    return asset


def ridden(name: str, label: str, paint: Look) -> Asset:
    """Returns a vehicle to ride."""
    return Asset(name, label, {**LOOKS, "Paint": paint})


def add_rider(asset: Asset, hip: Point, **colours: Colour) -> None:
    """Puts somebody on a motorcycle or a scooter."""
    set_label(asset.wear("Rider", "./parts/rider.usda", colours, at=hip, scale=(1, 1, 1)), "rider")


def bicycle() -> Asset:
    """A bicycle and its rider."""
    worn = {**CLOTHES, "Shirt": Look((222, 180, 40), 0.9), "Hair": Look((228, 228, 224), 0.3)}
    asset = Asset("Bicycle", "bicycle", {"Paint": Look((30, 110, 140), 0.3), "Trim": LOOKS["Trim"]})
    asset.xform("Rider", "rider")
    asset.dress("Rider", worn)
    crank, saddle, head = (-0.06, 0.0, 0.3), (-0.22, 0.0, 0.84), (0.36, 0.0, 0.78)
    frame = Solid()
    rear, front = (-0.53, 0.34), (0.53, 0.34)
    bars = [(crank, saddle), (crank, (0.38, 0.0, 0.66)), ((-0.2, 0.0, 0.76), head)]
    bars += [((rear[0], y, rear[1]), end) for y in (-0.05, 0.05) for end in (crank, (-0.2, 0.0, 0.76))]
    bars += [((front[0], y, front[1]), (0.4, y, 0.66)) for y in (-0.05, 0.05)]
    for start, end in bars:
        frame.tube(start, end, 0.018, sides=6)
    trim = Solid().box((-0.36, -0.08, 0.85), (-0.1, 0.08, 0.9), bevel=0.02)
    trim.tube((0.4, 0, 0.64), (0.34, 0, 1.0), 0.018, sides=6).tube(
        (0.34, -0.27, 1.0), (0.34, 0.27, 1.0), 0.016, sides=6
    )
    trim.tube((0.02, 0.1, 0.36), (-0.06, 0, 0.3), 0.02, sides=6).tube(
        (-0.14, -0.1, 0.24), (-0.06, 0, 0.3), 0.02, sides=6
    )
    asset.part("Frame", "Paint", frame)
    asset.part("Trim", "Trim", trim)
    for word, (x, z) in (("Rear", rear), ("Front", front)):
        asset.place(f"Wheels/{word}", BICYCLE_WHEEL, at=(x, 0, z))
    pose = Pose(
        hip=(-0.22, 0, 0.97),
        neck=(0.08, 0, 1.43),
        head=(0.15, 0, 1.59),
        elbows=((0.18, 0.26, 1.16), (0.18, -0.26, 1.16)),
        hands=((0.34, 0.24, 1.02), (0.34, -0.24, 1.02)),
        knees=((0.18, 0.11, 0.8), (0.14, -0.11, 0.68)),
        ankles=((0.02, 0.12, 0.44), (-0.14, -0.12, 0.32)),
        helmet=True,
    )
    add_person(asset, pose, "Rider/")
    return asset


def motorcycle() -> Asset:
    """A motorcycle and its rider."""
    asset = ridden("Motorcycle", "motorcycle", Look((176, 28, 24), 0.25))
    paint = Solid().ball((0.16, 0, 0.82), (0.31, 0.16, 0.13), sides=12)
    paint.box((-0.86, -0.09, 0.68), (-0.4, 0.09, 0.78), bevel=0.03).box(
        (0.5, -0.08, 0.62), (0.96, 0.08, 0.66), bevel=0.02
    )
    trim = Solid().box((-0.62, -0.15, 0.76), (-0.02, 0.15, 0.86), bevel=0.04)
    trim.box((-0.2, -0.17, 0.26), (0.32, 0.17, 0.64), bevel=0.05).tube((0.42, -0.36, 1.03), (0.42, 0.36, 1.03), 0.02)
    trim.tube((-0.72, 0.09, 0.32), (-0.2, 0.09, 0.44), 0.035).tube((-0.72, -0.09, 0.32), (-0.2, -0.09, 0.44), 0.035)
    chrome = Solid().tube((0.2, -0.2, 0.3), (-0.85, -0.2, 0.36), (0.035, 0.055))
    for y in (-0.1, 0.1):
        chrome.tube((0.73, y, 0.31), (0.46, y, 0.98), 0.026)
    asset.part("Body", "Paint", paint)
    asset.part("Trim", "Trim", trim)
    asset.part("Chrome", "Chrome", chrome)
    asset.part("HeadLight", "HeadLight", Solid().ball((0.58, 0, 0.87), (0.07, 0.09, 0.09)))
    asset.part("TailLight", "TailLight", Solid().box((-0.89, -0.06, 0.7), (-0.84, 0.06, 0.76)))
    for word, x in (("Rear", -0.74), ("Front", 0.73)):
        asset.place(f"Wheels/{word}", WHEEL, at=(x, 0, 0.32), scale=(0.32, 0.15, 0.32))
    add_rider(asset, (-0.24, 0, 0.94), Hair=(26, 28, 32), Shirt=(34, 34, 38))
    return asset


def scooter() -> Asset:
    """A motor scooter and its rider."""
    asset = ridden("Scooter", "motorcycle", Look((120, 176, 160), 0.25))
    paint = Solid().box((-0.8, -0.19, 0.3), (-0.12, 0.19, 0.7), bevel=0.1)
    paint.box((-0.2, -0.2, 0.24), (0.4, 0.2, 0.3), bevel=0.02).ball((0.62, 0, 0.4), (0.22, 0.1, 0.12))
    for y in (-0.2, 0.0):
        paint.loft([[(0.4, y, 0.24), (0.46, y, 0.24), (0.46, y + 0.2, 0.24), (0.4, y + 0.2, 0.24)],
                    [(0.28, y, 0.9), (0.33, y, 0.9), (0.33, y + 0.2, 0.9), (0.28, y + 0.2, 0.9)]])  # fmt: skip
    trim = Solid().box((-0.74, -0.15, 0.7), (-0.1, 0.15, 0.78), bevel=0.03)
    trim.tube((0.26, -0.32, 0.98), (0.26, 0.32, 0.98), 0.02).tube((0.62, 0, 0.24), (0.28, 0, 0.98), 0.035)
    asset.part("Body", "Paint", paint)
    asset.part("Trim", "Trim", trim)
    asset.part("HeadLight", "HeadLight", Solid().ball((0.34, 0, 0.93), (0.06, 0.08, 0.07)))
    asset.part("TailLight", "TailLight", Solid().box((-0.83, -0.06, 0.5), (-0.78, 0.06, 0.58)))
    for word, x in (("Rear", -0.58), ("Front", 0.62)):
        asset.place(f"Wheels/{word}", WHEEL, at=(x, 0, 0.24), scale=(0.24, 0.12, 0.24))
    add_rider(asset, (-0.37, 0, 0.89), Shirt=(196, 84, 62))
    return asset


def bicycle_wheel() -> Asset:
    """A spoked wheel round Y, of radius 0.34 m."""
    asset = Asset("BicycleWheel", "", {"Rubber": Look((22, 22, 23), 0.8), "Rim": Look((176, 178, 182), 0.3, 0.5)})
    turns = [(math.cos(2 * math.pi * k / 20), math.sin(2 * math.pi * k / 20)) for k in range(20)]
    around = [(0.32 + 0.02 * math.cos(2 * math.pi * k / 4), 0.02 * math.sin(2 * math.pi * k / 4)) for k in range(5)]
    tyre = Solid().loft([[(r * c, -y, r * s) for c, s in turns] for r, y in around], caps=(False, False))
    spokes = Solid().tube((0, -0.05, 0), (0, 0.05, 0), 0.025, sides=6)
    for k in range(8):
        angle = 2 * math.pi * k / 8
        spokes.tube((0, 0, 0), (0.3 * math.cos(angle), 0, 0.3 * math.sin(angle)), 0.004, sides=3)
    asset.part("Tyre", "Rubber", tyre)
    asset.part("Spokes", "Rim", spokes)
    return asset


MAKERS: dict[str, Maker] = {
    "assets/parts/walker.usda": lambda: figure("Walker", WALKING),
    "assets/parts/rider.usda": lambda: figure("Rider", RIDING, Hair=Look((228, 228, 224), 0.3)),
    "assets/man.usda": lambda: pedestrian("Man", 1.8, wide=1.08),
    "assets/woman.usda": lambda: pedestrian(
        "Woman",
        1.68,
        wide=0.96,
        skirt=Look((44, 46, 60), 0.9),
        Shirt=(168, 52, 66),
        Trousers=(60, 54, 52),
        Hair=(196, 156, 92),
    ),
    "assets/stout_man.usda": lambda: pedestrian(
        "StoutMan", 1.72, wide=1.3, Shirt=(74, 110, 74), Trousers=(96, 84, 66), Hair=(170, 168, 164)
    ),
    "assets/child.usda": lambda: pedestrian(
        "Child", 1.22, wide=1.15, Shirt=(236, 170, 44), Trousers=(44, 82, 140), Hair=(96, 60, 36)
    ),
    "assets/bicycle.usda": bicycle,
    "assets/motorcycle.usda": motorcycle,
    "assets/scooter.usda": scooter,
    "assets/parts/bicycle_wheel.usda": bicycle_wheel,
}
