"""The town's buildings: boxes of storeys with windows, set by what stands at their feet and on their roofs.

Fronts look towards +X; the depth of a building runs along X, its width along Y, the origin is in the middle.
"""

from collections.abc import Iterator

from solids import Asset, Colour, Look, Maker, Point, Solid

STOREY = 3.2
GLASS, FRAME = Look((58, 78, 92), 0.1), Look((230, 228, 220), 0.7)
SLATE, DOOR = Look((74, 70, 72), 0.8), Look((92, 50, 34), 0.6)
FOOTPRINTS = {"shop": (12, 14), "apartment": (12, 18), "office": (18, 22), "tower": (20, 20), "house": (9, 11)}
"""Depth and width in metres."""


def sides(depth: float, width: float) -> Iterator[tuple[Point, Point, Point, float]]:
    """Gives of each wall: its right end seen from outside, the way along it, outwards, and its length; front first."""
    x, y = depth / 2, width / 2
    yield (x, -y, 0), (0, 1, 0), (1, 0, 0), width
    yield (x, y, 0), (-1, 0, 0), (0, 1, 0), depth
    yield (-x, y, 0), (0, -1, 0), (-1, 0, 0), width
    yield (-x, -y, 0), (1, 0, 0), (0, -1, 0), depth


def pane(
    solid: Solid, side: tuple[Point, Point, Point, float], span: tuple[float, float, float, float], out: float
) -> None:
    """Adds a flat pane on a wall: from and to along it, low and high, so far before it."""
    (x, y, _), (ax, ay, _), (ox, oy, _), _ = side
    corners = [(span[0], span[2]), (span[1], span[2]), (span[1], span[3]), (span[0], span[3])]
    solid.face([(x + ax * far + ox * out, y + ay * far + oy * out, z) for far, z in corners])


def windows(
    asset: Asset, size: tuple[float, float], rows: list[float], *, wide: float, high: float, step: float
) -> None:
    """Adds rows of framed windows, whose sills are at these heights, all round."""
    frames, panes = Solid(flat=True), Solid(flat=True)
    for side in sides(*size):
        number = int((side[3] - 1.0) / step)
        for k in range(number):
            middle = side[3] / 2 + (k - (number - 1) / 2) * step
            for z in rows:
                pane(
                    frames, side, (middle - wide / 2 - 0.12, middle + wide / 2 + 0.12, z - 0.15, z + high + 0.12), 0.02
                )
                pane(panes, side, (middle - wide / 2, middle + wide / 2, z, z + high), 0.04)
    asset.part("Frames", "Frame", frames)
    asset.part("Windows", "Glass", panes)


def block(asset: Asset, part: str, look: str, size: tuple[float, float], low: float, high: float) -> None:
    """Adds a plain box of that footprint."""
    x, y = size[0] / 2, size[1] / 2
    asset.part(part, look, Solid(flat=True).box((-x, -y, low), (x, y, high)))


def apartment() -> Asset:
    """Four storeys of brick with a cornice."""
    size, high = FOOTPRINTS["apartment"], 4 * STOREY + 0.6
    looks = {"Wall": Look((150, 82, 62), 0.9), "Frame": FRAME, "Glass": GLASS, "Roof": SLATE, "Door": DOOR}
    asset = Asset("Apartment", "Buildings", looks)
    block(asset, "Walls", "Wall", size, 0, high)
    block(asset, "Cornice", "Frame", (size[0] + 0.6, size[1] + 0.6), high, high + 0.35)
    block(asset, "Plinth", "Roof", (size[0] + 0.12, size[1] + 0.12), 0, 0.6)
    windows(asset, size, [STOREY * k + 1.3 for k in range(4)], wide=1.2, high=1.5, step=2.7)
    x = size[0] / 2
    asset.part("Door", "Door", Solid(flat=True).box((x, -0.75, 0), (x + 0.1, 0.75, 2.5)))
    asset.part("Canopy", "Frame", Solid(flat=True).box((x, -1.3, 2.7), (x + 1.2, 1.3, 2.85)))
    hut = Solid(flat=True).box((-4, -2, high + 0.35), (-1, 2, high + 2.4)).box((1, 4, high + 0.35), (2, 5, high + 1.6))
    asset.part("RoofHut", "Roof", hut)
    return asset


def shop() -> Asset:
    """A shop with a wide window and an awning, a flat above it."""
    size, high = FOOTPRINTS["shop"], 2 * STOREY + 1.0
    looks = {"Wall": Look((216, 196, 160), 0.9), "Frame": FRAME, "Glass": GLASS, "Roof": SLATE}
    asset = Asset("Shop", "Buildings", {**looks, "Awning": Look((172, 48, 44), 0.8)})
    block(asset, "Walls", "Wall", size, 0, high)
    block(asset, "Eaves", "Roof", (size[0] + 0.5, size[1] + 0.5), high, high + 0.3)
    windows(asset, size, [STOREY + 1.5], wide=1.3, high=1.5, step=2.6)
    x, y = size[0] / 2, size[1] / 2
    front = next(sides(*size))
    fascia, glass = Solid(flat=True), Solid(flat=True)
    for k in range(4):
        pane(glass, front, (0.7 + 3.2 * k, 3.7 + 3.2 * k, 0.4 if k != 1 else 0.05, 2.7), 0.05)
    asset.part("ShopWindows", "Glass", glass)
    asset.part("Fascia", "Awning", fascia.box((x, 0.4 - y, 3.15), (x + 0.15, y - 0.4, 3.9)))
    slope = [[(x, 0.4 - y, 3.1), (x + 1.6, 0.4 - y, 2.65), (x + 1.6, 0.4 - y, 2.5), (x, 0.4 - y, 3.0)]]
    slope.append([(a, -b, c) for a, b, c in slope[0]])
    asset.part("Awning", "Awning", Solid(flat=True).loft(slope))
    return asset


def storeys(name: str, kind: str, number: int, wall: Look) -> Asset:
    """An office building: bands of glass between bands of wall, a lobby below, machines on the roof."""
    size, first = FOOTPRINTS[kind], 4.2
    asset = Asset(name, "Buildings", {"Wall": wall, "Glass": Look((70, 104, 124), 0.08), "Dark": SLATE})
    high = first + STOREY * number
    block(asset, "Glazing", "Glass", size, 0, high)
    bands, posts = Solid(flat=True), Solid(flat=True)
    x, y = size[0] / 2 + 0.18, size[1] / 2 + 0.18
    for k in range(number + 1):
        z = first + STOREY * k
        bands.box((-x, -y, z - 0.9), (x, y, z + (0.35 if k < number else 0.9)))
    for px in (-x, x - 0.7):
        for py in (-y, y - 0.7):
            posts.box((px, py, 0), (px + 0.7, py + 0.7, high))
    for side in sides(size[0] + 0.1, size[1] + 0.1):
        for k in range(1, int(side[3] // 3)):
            far = side[3] / int(side[3] // 3) * k
            pane(posts, side, (far - 0.12, far + 0.12, 0, high), 0.05)
    asset.part("Bands", "Wall", bands)
    asset.part("Posts", "Wall", posts)
    plant = Solid(flat=True).box((-5, -4, high + 0.9), (1, 4, high + 3.2)).box((3, -3, high + 0.9), (5, -1, high + 2.2))
    asset.part("Plant", "Dark", plant)
    asset.part("Entrance", "Dark", Solid(flat=True).box((x - 0.2, -2.2, 2.9), (x + 1.8, 2.2, 3.2)))
    return asset


def house() -> Asset:
    """A detached house with a pitched roof and a chimney."""
    size, high = FOOTPRINTS["house"], 2 * STOREY - 0.6
    looks = {"Wall": Look((226, 216, 196), 0.9), "Frame": FRAME, "Glass": GLASS, "Tiles": Look((158, 74, 52), 0.8)}
    asset = Asset("House", "Buildings", {**looks, "Door": DOOR, "Brick": Look((132, 76, 60), 0.9)})
    x, y = size[0] / 2, size[1] / 2
    gable = [(-x, 0.0), (x, 0.0), (x, high), (0, high + 3.2), (-x, high)]
    asset.part("Walls", "Wall", Solid(flat=True).loft([[(a, b, z) for a, z in gable] for b in (y, -y)]))
    tiles = Solid(flat=True)
    for sign in (1, -1):
        slope = [(0, high + 3.2), (sign * (x + 0.6), high - 0.43), (sign * (x + 0.6), high - 0.18), (0, high + 3.48)]
        ends = (y + 0.5, -y - 0.5) if sign < 0 else (-y - 0.5, y + 0.5)
        tiles.loft([[(a, b, z) for a, z in slope] for b in ends])
    asset.part("Tiles", "Tiles", tiles)
    windows(asset, size, [1.0, STOREY + 0.7], wide=1.2, high=1.3, step=3.1)
    asset.part(
        "Door", "Door", Solid(flat=True).box((x, 1.0, 0), (x + 0.1, 2.1, 2.2)).box((x, 0.7, 2.3), (x + 1.0, 2.4, 2.42))
    )
    asset.part("Chimney", "Brick", Solid(flat=True).box((-2.2, 2.6, high), (-1.4, 3.5, high + 3.9)))
    return asset


def painted(name: str, base: str, wall: Colour, **others: Colour) -> Asset:
    """Returns another building with its walls in another colour."""
    asset = Asset(name, "", {}, base=base)
    for look, colour in {"Wall": wall, **others}.items():
        asset.recolour(f"Looks/{look}", colour)
    return asset


PALE, DARK = Look((206, 202, 192), 0.8), Look((120, 110, 104), 0.8)

MAKERS: dict[str, Maker] = {
    "assets/buildings/apartment.usda": apartment,
    "assets/buildings/apartment_cream.usda": lambda: painted("ApartmentCream", "./apartment.usda", (214, 196, 158)),
    "assets/buildings/apartment_grey.usda": lambda: painted("ApartmentGrey", "./apartment.usda", (142, 148, 152)),
    "assets/buildings/shop.usda": shop,
    "assets/buildings/shop_blue.usda": lambda: painted(
        "ShopBlue", "./shop.usda", (176, 192, 204), Awning=(34, 78, 128)
    ),
    "assets/buildings/shop_green.usda": lambda: painted(
        "ShopGreen", "./shop.usda", (206, 180, 150), Awning=(42, 104, 66)
    ),
    "assets/buildings/office.usda": lambda: storeys("Office", "office", 7, PALE),
    "assets/buildings/tower.usda": lambda: storeys("Tower", "tower", 13, DARK),
    "assets/buildings/house.usda": house,
    "assets/buildings/house_yellow.usda": lambda: painted(
        "HouseYellow", "./house.usda", (226, 190, 112), Tiles=(104, 62, 52)
    ),
    "assets/buildings/house_blue.usda": lambda: painted(
        "HouseBlue", "./house.usda", (150, 176, 192), Tiles=(70, 72, 80)
    ),
}
