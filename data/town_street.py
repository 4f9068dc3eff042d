"""What lines the town's streets: lights, traffic lights, fences, walls, guard rails, and what grows."""

from solids import Asset, Look, Maker, Solid, set_label
from town_props import CONCRETE, DARK, LEAVES, RED, STEEL, WHITE, YELLOW

BARK = Look((92, 68, 48), 0.95)


def street_light() -> Asset:
    """A lamp post of 7.5 m whose arm reaches towards +X."""
    asset = Asset("StreetLight", "Poles", {"Dark": DARK, "Lamp": Look((255, 240, 206), 0.4, 0.0, 0.5)})
    post = Solid().tube((0, 0, 0), (0, 0, 0.9), 0.12).tube((0, 0, 0.9), (0, 0, 7.2), (0.08, 0.055))
    post.tube((0, 0, 7.15), (1.7, 0, 7.5), (0.05, 0.04)).box((1.3, -0.16, 7.44), (2.3, 0.16, 7.58), bevel=0.03)
    asset.part("Post", "Dark", post)
    asset.part("Lamp", "Lamp", Solid(flat=True).box((1.45, -0.12, 7.4), (2.2, 0.12, 7.45)))
    return asset


def traffic_light() -> Asset:
    """A mast whose arm reaches towards -Y over the lanes; its two heads face the traffic that comes from +X."""
    looks = {"Steel": STEEL, "Dark": DARK, "Red": Look((235, 40, 30), 0.3, 0.0, 0.9)}
    looks |= {"Amber": Look((120, 88, 20), 0.3), "Green": Look((20, 96, 60), 0.3)}
    asset = Asset("TrafficLight", "", looks)
    mast = Solid().tube((0, 0, 0), (0, 0, 5.9), (0.11, 0.07)).tube((0, 0, 5.7), (0, -4.6, 5.85), (0.06, 0.045))
    set_label(asset.part("Mast", "Steel", mast), "Poles")
    asset.xform("Heads", "TrafficLight")
    cases, lamps = Solid(flat=True), {name: Solid() for name in ("Red", "Amber", "Green")}
    for y, z in ((-4.3, 5.2), (-0.28, 2.8)):
        cases.box((-0.05, y - 0.17, z), (0.16, y + 0.17, z + 1.02)).box(
            (-0.06, y - 0.3, z - 0.1), (-0.04, y + 0.3, z + 1.12)
        )
        for k, lamp in enumerate(("Green", "Amber", "Red")):
            lamps[lamp].tube((0.15, y, z + 0.2 + 0.31 * k), (0.2, y, z + 0.2 + 0.31 * k), 0.11, sides=10)
    asset.part("Heads/Cases", "Dark", cases)
    for name, solid in lamps.items():
        asset.part(f"Heads/{name}", name, solid)
    return asset


def tree() -> Asset:
    """A broad-leaved tree of 6.5 m."""
    asset = Asset("Tree", "Vegetation", {"Bark": BARK, "Leaves": LEAVES})
    trunk = (
        Solid()
        .tube((0, 0, -0.2), (0.08, 0, 2.6), (0.2, 0.13), sides=7)
        .tube((0.05, 0, 2.2), (0.7, 0.4, 3.6), (0.1, 0.05), sides=5)
    )
    crown = (
        Solid()
        .ball((0, 0, 4.5), (1.75, 1.7, 1.6), sides=9, rows=5)
        .ball((0.9, 0.7, 3.8), (1.15, 1.1, 0.95), sides=8, rows=5)
    )
    crown.ball((-0.9, -0.5, 3.9), (1.2, 1.15, 1.0), sides=8, rows=5).ball(
        (0.2, -0.5, 5.5), (1.1, 1.1, 1.0), sides=8, rows=5
    )
    asset.part("Trunk", "Bark", trunk)
    asset.part("Crown", "Leaves", crown)
    return asset


def conifer() -> Asset:
    """A fir of 8 m."""
    asset = Asset("Conifer", "Vegetation", {"Bark": BARK, "Needles": Look((38, 80, 50), 0.95)})
    asset.part("Trunk", "Bark", Solid().tube((0, 0, -0.2), (0, 0, 1.4), (0.2, 0.16), sides=7))
    crown = Solid()
    for low, high, radius in ((0.9, 3.8, 1.8), (2.7, 5.6, 1.4), (4.5, 8.0, 1.0)):
        crown.lathe([(radius * 0.3, low + 0.25), (radius, low), (0, high)], sides=9)
    asset.part("Crown", "Needles", crown)
    return asset


def bush() -> Asset:
    """A bush of 1.2 m."""
    asset = Asset("Bush", "Vegetation", {"Leaves": Look((88, 128, 54), 0.95)})
    crown = (
        Solid()
        .ball((0, 0, 0.5), (0.75, 0.7, 0.65), sides=8, rows=5)
        .ball((0.5, 0.35, 0.4), (0.5, 0.5, 0.45), sides=7, rows=4)
    )
    asset.part("Crown", "Leaves", crown.ball((-0.4, 0.3, 0.42), (0.5, 0.45, 0.5), sides=7, rows=4))
    return asset


def fence() -> Asset:
    """A picket fence, 2 m along Y."""
    asset = Asset("Fence", "Fences", {"White": WHITE})
    pickets = Solid(flat=True)
    for k in range(8):
        y = -0.93 + 0.25 * k
        low = [(0.02, y, 0.08), (0.02, y + 0.12, 0.08), (-0.02, y + 0.12, 0.08), (-0.02, y, 0.08)]
        mid = [(x, b, 0.9) for x, b, _ in low]
        pickets.loft([low, mid, [(x, y + 0.06, 1.05) for x, _, _ in low]])
    for z in (0.3, 0.72):
        pickets.box((-0.05, -1.0, z), (-0.02, 1.0, z + 0.09))
    asset.part("Pickets", "White", pickets.box((-0.1, -1.0, 0), (-0.02, -0.9, 1.1)))
    return asset


def wall() -> Asset:
    """A garden wall, 4 m along Y."""
    asset = Asset("Wall", "Walls", {"Brick": Look((146, 90, 70), 0.95), "Cap": CONCRETE})
    body = Solid(flat=True).box((-0.12, -2.0, 0), (0.12, 2.0, 1.9)).box((-0.2, -2.0, 0), (0.2, -1.6, 2.0))
    asset.part("Body", "Brick", body)
    asset.part(
        "Cap",
        "Cap",
        Solid(flat=True).box((-0.17, -1.6, 1.9), (0.17, 2.0, 2.0)).box((-0.24, -2.0, 2.0), (0.24, -1.56, 2.1)),
    )
    return asset


def guard_rail() -> Asset:
    """A steel guard rail, 4 m along Y, that faces +X."""
    asset = Asset("GuardRail", "GuardRail", {"Steel": Look((172, 176, 178), 0.4, 0.3), "Dark": DARK})
    wave = [
        (0.0, 0.48),
        (0.05, 0.52),
        (0.05, 0.58),
        (0.0, 0.62),
        (0.05, 0.66),
        (0.05, 0.72),
        (0.0, 0.76),
        (-0.02, 0.62),
    ]
    asset.part("Beam", "Steel", Solid(flat=True).loft([[(x + 0.08, y, z) for x, z in wave] for y in (2.0, -2.0)]))
    posts = Solid(flat=True).box((-0.05, -1.05, 0), (0.08, -0.95, 0.76)).box((-0.05, 0.95, 0), (0.08, 1.05, 0.76))
    asset.part("Posts", "Dark", posts)
    return asset


def speed_sign() -> Asset:
    """A round sign with a red rim and a yellow bar below."""
    asset = Asset(
        "SpeedSign", "TrafficSigns", {"Steel": STEEL, "Red": RED, "White": WHITE, "Dark": DARK, "Yellow": YELLOW}
    )
    asset.part("Post", "Steel", Solid().tube((0, 0, 0), (0, 0, 2.7), 0.035))
    asset.part("Rim", "Red", Solid().tube((0.035, 0, 2.4), (0.06, 0, 2.4), 0.34, sides=14))
    asset.part("Face", "White", Solid().tube((0.055, 0, 2.4), (0.064, 0, 2.4), 0.26, sides=14))
    # A three and a nought: Y grows to the right of who looks at it.
    strokes = [(-0.17, z, -0.03, z + 0.04) for z in (-0.13, -0.02, 0.09)] + [
        (0.03, z, 0.17, z + 0.04) for z in (-0.13, 0.09)
    ]
    strokes += [(-0.07, -0.13, -0.03, 0.13), (0.03, -0.13, 0.07, 0.13), (0.13, -0.13, 0.17, 0.13)]
    digits = Solid(flat=True)
    for y0, z0, y1, z1 in strokes:
        digits.box((0.06, y0, 2.4 + z0), (0.07, y1, 2.4 + z1))
    asset.part("Digits", "Dark", digits)
    return asset


def hedge() -> Asset:
    """A clipped hedge, 4 m along Y."""
    asset = Asset("Hedge", "Vegetation", {"Leaves": Look((54, 96, 44), 0.95)})
    asset.part("Body", "Leaves", Solid().box((-0.35, -2.0, 0), (0.35, 2.0, 1.1), bevel=0.12))
    return asset


MAKERS: dict[str, Maker] = {
    "assets/street/street_light.usda": street_light,
    "assets/street/traffic_light.usda": traffic_light,
    "assets/street/speed_sign.usda": speed_sign,
    "assets/street/tree.usda": tree,
    "assets/street/conifer.usda": conifer,
    "assets/street/bush.usda": bush,
    "assets/street/hedge.usda": hedge,
    "assets/street/fence.usda": fence,
    "assets/street/wall.usda": wall,
    "assets/street/guard_rail.usda": guard_rail,
}
