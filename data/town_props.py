"""Things that stand about in the town: what can be spawned (`static.prop.*`), and its street furniture."""

import math

from solids import Asset, Look, Maker, Pair, Solid, rounded

STEEL, DARK = Look((128, 132, 136), 0.4, 0.3), Look((38, 41, 44), 0.5)
CONCRETE, WOOD = Look((168, 164, 156), 0.9), Look((142, 98, 60), 0.8)
WHITE, RED, ORANGE = Look((232, 232, 228), 0.6), Look((190, 34, 28), 0.5), Look((232, 92, 24), 0.6)
GREEN, BLUE, YELLOW = Look((46, 104, 66), 0.6), Look((36, 84, 160), 0.5), Look((236, 186, 40), 0.5)
LEAVES, SOIL = Look((70, 118, 48), 0.9), Look((74, 52, 36), 1.0)
GLASS, PAPER = Look((96, 122, 132), 0.1), Look((228, 214, 180), 0.8)


def cone() -> Asset:
    """A traffic cone, 0.72 m."""
    asset = Asset("Cone", "Dynamic", {"Orange": ORANGE, "White": WHITE})
    foot = Solid().box((-0.2, -0.2, 0), (0.2, 0.2, 0.04), bevel=0.015)
    asset.part("Foot", "Orange", foot.lathe([(0.15, 0.04), (0.115, 0.22)]).lathe([(0.085, 0.38), (0.068, 0.46)]))
    asset.part("Tip", "Orange", Solid().lathe([(0.045, 0.58), (0.02, 0.71), (0, 0.72)]))
    asset.part("Bands", "White", Solid().lathe([(0.115, 0.22), (0.085, 0.38)]).lathe([(0.068, 0.46), (0.045, 0.58)]))
    return asset


def barrier() -> Asset:
    """A concrete barrier, 2 m along Y."""
    asset = Asset("Barrier", "Static", {"Concrete": CONCRETE})
    half = [(0.3, 0.0), (0.3, 0.12), (0.14, 0.36), (0.09, 0.86)]
    outline = [*half, *((-x, z) for x, z in reversed(half))]
    rings = [[(x, y, z) for x, z in outline] for y in (1.0, -1.0)]
    asset.part("Body", "Concrete", Solid().loft(rings))
    return asset


def street_barrier() -> Asset:
    """A road works barrier: a striped board on two feet."""
    asset = Asset("StreetBarrier", "Static", {"White": WHITE, "Red": RED, "Dark": DARK})
    legs = Solid(flat=True)
    for y in (-0.6, 0.6):
        legs.box((-0.3, y - 0.06, 0), (0.3, y + 0.06, 0.08)).box((-0.03, y - 0.03, 0.08), (0.03, y + 0.03, 1.0))
    stripes = Solid(flat=True)
    for k in range(4):
        stripes.box((-0.042, -0.79 + 0.42 * k, 0.72), (0.042, -0.58 + 0.42 * k, 0.98))
    asset.part("Legs", "Dark", legs)
    asset.part("Board", "White", Solid(flat=True).box((-0.04, -0.8, 0.72), (0.04, 0.8, 0.98)))
    asset.part("Stripes", "Red", stripes)
    return asset


def bench() -> Asset:
    """A park bench, its seat towards +X."""
    asset = Asset("Bench", "Static", {"Wood": WOOD, "Dark": DARK})
    slats, frame = Solid(flat=True), Solid(flat=True)
    for x in (-0.14, 0.0, 0.14):
        slats.box((x - 0.055, -0.8, 0.42), (x + 0.055, 0.8, 0.46))
    for z in (0.58, 0.76):
        slats.box((-0.25, -0.8, z), (-0.21, 0.8, z + 0.12))
    for y in (-0.62, 0.62):
        frame.box((-0.24, y - 0.03, 0), (-0.18, y + 0.03, 0.9)).box((0.14, y - 0.03, 0), (0.2, y + 0.03, 0.42))
        frame.box((-0.2, y - 0.03, 0.36), (0.2, y + 0.03, 0.42))
    asset.part("Slats", "Wood", slats)
    asset.part("Frame", "Dark", frame)
    return asset


def turned(name: str, label: str, parts: dict[str, tuple[Look, list[Pair]]]) -> Asset:
    """Returns a thing whose parts are all turned round Z."""
    asset = Asset(name, label, {key: look for key, (look, _) in parts.items()})
    for key, (_, profile) in parts.items():
        asset.part(f"{key}Part", key, Solid().lathe(profile, sides=14))
    return asset


def trash_can() -> Asset:
    """A litter bin."""
    body = [(0, 0), (0.24, 0), (0.28, 0.02), (0.3, 0.74), (0.27, 0.74), (0.25, 0.7)]
    lid = [(0.31, 0.74), (0.31, 0.8), (0.2, 0.9), (0, 0.93)]
    return turned(
        "TrashCan", "Static", {"Green": (GREEN, body), "Dark": (DARK, [(0.25, 0.7), (0, 0.7)]), "Lid": (DARK, lid)}
    )


def barrel() -> Asset:
    """A steel drum with hoops."""
    side = [(0, 0), (0.29, 0), (0.29, 0.28), (0.305, 0.3), (0.29, 0.32), (0.29, 0.56), (0.305, 0.58), (0.29, 0.6)]
    return turned("Barrel", "Dynamic", {"Blue": (BLUE, [*side, (0.29, 0.88), (0.27, 0.88), (0.26, 0.86), (0, 0.86)])})


def plant_pot() -> Asset:
    """A shrub in a pot."""
    pot = [(0, 0), (0.26, 0), (0.36, 0.5), (0.39, 0.5), (0.39, 0.58), (0.34, 0.58)]
    shrub = [(0.1, 0.52), (0.4, 0.72), (0.46, 0.92), (0.36, 1.16), (0.18, 1.32), (0, 1.38)]
    terracotta = Look((172, 92, 62), 0.9)
    parts = {"Terracotta": (terracotta, pot), "Soil": (SOIL, [(0.34, 0.54), (0, 0.54)]), "Leaves": (LEAVES, shrub)}
    return turned("PlantPot", "Static", parts)


def fire_hydrant() -> Asset:
    """A fire hydrant."""
    body = [
        (0, 0),
        (0.16, 0),
        (0.16, 0.05),
        (0.11, 0.07),
        (0.11, 0.5),
        (0.14, 0.52),
        (0.14, 0.56),
        (0.1, 0.64),
        (0, 0.7),
    ]
    asset = turned("FireHydrant", "Static", {"Red": (RED, body)})
    asset.part(
        "Outlets", "Red", Solid().tube((0, -0.19, 0.4), (0, 0.19, 0.4), 0.055).tube((0, 0, 0.4), (0.18, 0, 0.4), 0.065)
    )
    return asset


def cardboard_box() -> Asset:
    """A cardboard box with tape."""
    asset = Asset("CardboardBox", "Dynamic", {"Card": Look((178, 136, 88), 0.9), "Tape": PAPER})
    asset.part("Card", "Card", Solid(flat=True).box((-0.3, -0.25, 0), (0.3, 0.25, 0.4)))
    asset.part("Tape", "Tape", Solid(flat=True).box((-0.301, -0.03, 0.25), (0.301, 0.03, 0.402)))
    return asset


def table() -> Asset:
    """A round garden table."""
    asset = Asset("Table", "Dynamic", {"Wood": WOOD, "Dark": DARK})
    asset.part("Top", "Wood", Solid().lathe([(0, 0.7), (0.55, 0.7), (0.57, 0.72), (0.55, 0.74), (0, 0.74)], sides=20))
    asset.part("Stem", "Dark", Solid().lathe([(0, 0), (0.3, 0), (0.3, 0.03), (0.05, 0.08), (0.04, 0.7)]))
    return asset


def chair() -> Asset:
    """A garden chair that looks towards +X."""
    asset = Asset("Chair", "Dynamic", {"White": WHITE})
    body = Solid(flat=True).box((-0.22, -0.22, 0.42), (0.22, 0.22, 0.46)).box((-0.24, -0.22, 0.46), (-0.2, 0.22, 0.9))
    for x in (-0.2, 0.2):
        for y in (-0.2, 0.2):
            body.box((x - 0.02, y - 0.02, 0), (x + 0.02, y + 0.02, 0.42))
    asset.part("Body", "White", body)
    return asset


def bus_stop() -> Asset:
    """A bus shelter, open towards +X, with a bench."""
    looks = {"Dark": DARK, "Glass": GLASS, "Wood": WOOD, "Poster": YELLOW}
    asset = Asset("BusStop", "Static", looks)
    frame = Solid(flat=True).box((-0.8, -2.0, 2.4), (0.8, 2.0, 2.52))
    for y in (-1.95, 0.0, 1.95):
        frame.box((-0.74, y - 0.04, 0), (-0.66, y + 0.04, 2.4))
    panes = Solid(flat=True)
    for y in (-1.91, 0.04):
        panes.box((-0.71, y, 0.3), (-0.69, y + 1.87, 2.2))
    panes.box((-0.66, 1.93, 0.3), (0.3, 1.97, 2.2))
    asset.part("Frame", "Dark", frame)
    asset.part("Panes", "Glass", panes)
    asset.part(
        "Seat",
        "Wood",
        Solid(flat=True)
        .box((-0.6, -1.5, 0.42), (-0.2, 1.2, 0.48))
        .box((-0.45, -1.2, 0), (-0.35, -1.1, 0.42))
        .box((-0.45, 0.8, 0), (-0.35, 0.9, 0.42)),
    )
    asset.part(
        "Poster",
        "Poster",
        Solid(flat=True).box((-0.4, -1.99, 0.5), (0.5, -1.95, 2.1)).box((-0.1, -1.99, 0), (0.2, -1.95, 0.5)),
    )
    return asset


def mailbox() -> Asset:
    """A letter box."""
    asset = Asset("Mailbox", "Static", {"Yellow": YELLOW, "Dark": DARK})
    asset.part("Box", "Yellow", Solid().box((-0.2, -0.28, 0.55), (0.2, 0.28, 1.2), bevel=0.05))
    asset.part(
        "Post",
        "Dark",
        Solid(flat=True).box((-0.06, -0.06, 0), (0.06, 0.06, 0.56)).box((0.19, -0.18, 1.02), (0.205, 0.18, 1.07)),
    )
    return asset


def vending_machine() -> Asset:
    """A vending machine, its front towards +X."""
    asset = Asset("VendingMachine", "Static", {"Red": RED, "Glass": GLASS, "Dark": DARK})
    asset.part("Case", "Red", Solid().box((-0.4, -0.5, 0), (0.4, 0.5, 1.85), bevel=0.04))
    asset.part("Window", "Glass", Solid(flat=True).box((0.38, -0.42, 0.6), (0.41, 0.2, 1.7)))
    asset.part(
        "Slots",
        "Dark",
        Solid(flat=True).box((0.38, -0.42, 0.2), (0.41, 0.2, 0.42)).box((0.38, 0.28, 1.0), (0.41, 0.42, 1.4)),
    )
    return asset


def plate_sign(name: str, outline: list[Pair], look: Look, mark: list[tuple[float, float, float, float]]) -> Asset:
    """Returns a sign on a post that faces +X; marks are boxes (y, z, y, z) in white, round the plate's middle."""
    asset = Asset(name, "TrafficSigns", {"Plate": look, "White": WHITE, "Steel": STEEL})
    asset.part("Post", "Steel", Solid().tube((0, 0, 0), (0, 0, 2.75), 0.035))
    rings = [[(x, y, 2.4 + z) for y, z in outline] for x in (0.035, 0.06)]
    asset.part("Plate", "Plate", Solid().loft(rings))
    marks = Solid(flat=True)
    for y0, z0, y1, z1 in mark:
        marks.box((0.055, y0, 2.4 + z0), (0.066, y1, 2.4 + z1))
    asset.part("Marks", "White", marks)
    return asset


def stop_sign() -> Asset:
    """A red octagon with a bar."""
    eight = [(0.38 * math.cos(math.pi / 8 * (2 * k + 1)), 0.38 * math.sin(math.pi / 8 * (2 * k + 1))) for k in range(8)]
    return plate_sign("StopSign", eight, RED, [(-0.24, -0.06, 0.24, 0.06)])


def crossing_sign() -> Asset:
    """A blue square that announces a crossing."""
    marks = [
        (-0.2, -0.22, -0.12, 0.02),
        (-0.04, -0.22, 0.04, 0.02),
        (0.12, -0.22, 0.2, 0.02),
        (-0.08, 0.06, 0.08, 0.22),
    ]
    return plate_sign("CrossingSign", rounded((0.33, 0.33), 0.06), BLUE, marks)


MAKERS: dict[str, Maker] = {
    "assets/cone.usda": cone,
    "assets/barrier.usda": barrier,
    "assets/street_barrier.usda": street_barrier,
    "assets/bench.usda": bench,
    "assets/trash_can.usda": trash_can,
    "assets/barrel.usda": barrel,
    "assets/plant_pot.usda": plant_pot,
    "assets/fire_hydrant.usda": fire_hydrant,
    "assets/cardboard_box.usda": cardboard_box,
    "assets/table.usda": table,
    "assets/chair.usda": chair,
    "assets/bus_stop.usda": bus_stop,
    "assets/mailbox.usda": mailbox,
    "assets/vending_machine.usda": vending_machine,
    "assets/stop_sign.usda": stop_sign,
    "assets/crossing_sign.usda": crossing_sign,
}
