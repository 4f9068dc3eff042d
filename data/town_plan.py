"""Where everything in the town is: streets, blocks, lanes and spawn points, in metres, Z up, X east, Y north.

Traffic keeps to the right. Four streets run east, three run north, the middle one an avenue of four lanes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from town_buildings import FOOTPRINTS

LANE, CURB, PAVEMENT, CORNER = 3.5, 0.15, 3.2, 4.0
"""Width of a lane, height of a curb, width of a pavement, radius of a block's corners."""
NORTHWARD = ((-130.0, 1), (-50.0, 2), (30.0, 1))
EASTWARD = ((-180.0, 1), (-100.0, 1), (-20.0, 1), (60.0, 1))
"""Of each street: the place of its middle, and its lanes in each direction."""
WEST, SOUTH, EAST, NORTH = -230.0, -280.0, 130.0, 160.0
"""Where the town ends."""
PARK = (2, 1)
POND = ((-20.0, -122.0), (11.5, 8.0))
"""Centre and half axes."""

Box = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True)
class Place:
    """One thing: the file of its asset, where it stands, and by how many degrees it is turned about Z."""

    file: str
    x: float
    y: float
    turn: float = 0.0
    z: float = CURB
    scale: float = 1.0


def half(lanes: int) -> float:
    """Returns half the width of a street."""
    return LANE * lanes


def crossings() -> Iterator[tuple[float, float, float, float]]:
    """Gives of each crossing its middle, and half the widths of the street northward and of the one eastward."""
    for x, across in NORTHWARD:
        for y, along in EASTWARD:
            yield x, y, half(across), half(along)


def _gaps(streets: Sequence[tuple[float, int]], low: float, high: float) -> list[tuple[float, float]]:
    edges = [low, *(edge for middle, lanes in streets for edge in (middle - half(lanes), middle + half(lanes))), high]
    return list(zip(edges[::2], edges[1::2], strict=True))


def blocks() -> dict[tuple[int, int], Box]:
    """Returns the ground between the streets, by column and row from the south-west."""
    columns, rows = _gaps(NORTHWARD, WEST, EAST), _gaps(EASTWARD, SOUTH, NORTH)
    return {(i, j): (x0, y0, x1, y1) for i, (x0, x1) in enumerate(columns) for j, (y0, y1) in enumerate(rows)}


def roads() -> list[Box]:
    """Returns the carriageways as boxes that do not overlap; crossings reach under the round corners."""
    boxes = [(x - w - CORNER, y - h - CORNER, x + w + CORNER, y + h + CORNER) for x, y, w, h in crossings()]
    for x, lanes in NORTHWARD:
        for y0, y1 in _gaps(EASTWARD, SOUTH - CORNER, NORTH + CORNER):
            boxes.append((x - half(lanes), y0 + CORNER, x + half(lanes), y1 - CORNER))
    for y, lanes in EASTWARD:
        for x0, x1 in _gaps(NORTHWARD, WEST - CORNER, EAST + CORNER):
            boxes.append((x0 + CORNER, y - half(lanes), x1 - CORNER, y + half(lanes)))
    return boxes


def spawn_points() -> list[tuple[float, float, float]]:
    """Returns x, y and heading in degrees: along every lane, 15 m or more apart, clear of the crossings."""
    found = []
    for x, lanes in NORTHWARD:
        for (low, _), _ in pairwise(EASTWARD):
            for side, lane, k in ((s, n, k) for s in (1, -1) for n in range(lanes) for k in range(4)):
                found.append((x + side * LANE * (lane + 0.5), low + 16.0 * (k + 1), 90.0 * side))
    avenue = NORTHWARD[1][0]
    for y, _ in EASTWARD:
        for side, k, way in ((s, k, w) for s in (1, -1) for k in range(4) for w in (-1, 1)):
            found.append((avenue + way * (19.0 + 15.0 * k), y - side * LANE / 2, 0.0 if side > 0 else 180.0))
    return found


ROWS: dict[tuple[int, int], dict[str, str]] = {
    (1, 1): {
        "E": "apartment shop shop_green",
        "W": "apartment_grey apartment_cream apartment",
        "N": "apartment_grey",
        "S": "shop",
    },
    (2, 1): {"E": "house house_blue house_yellow house"},
    (1, 2): {
        "E": "shop_blue apartment_cream office",
        "W": "apartment apartment_grey apartment",
        "N": "shop",
        "S": "apartment",
    },
    (2, 2): {
        "W": "apartment office shop",
        "E": "apartment_cream apartment apartment_grey",
        "N": "apartment",
        "S": "shop_blue",
    },
    (1, 3): {"E": "tower office", "W": "office apartment_cream", "S": "apartment"},
    (2, 3): {"W": "office tower", "E": "apartment_grey office", "S": "shop_green"},
    (0, 1): {"E": "house_yellow house house_blue house"},
    (0, 2): {"E": "house house_blue house house_yellow"},
    (0, 3): {"E": "house_blue house_yellow house house"},
    (3, 1): {"W": "house house_yellow house house_blue"},
    (3, 2): {"W": "house_yellow house house_blue house"},
    (3, 3): {"W": "house_blue house house_yellow house"},
    (1, 0): {"N": "house house_blue house_yellow house"},
    (2, 0): {"N": "house_yellow house house house_blue"},
    (1, 4): {"S": "apartment apartment_cream apartment_grey"},
    (2, 4): {"S": "apartment_grey apartment apartment_cream"},
}
"""The buildings along the sides of each block, from the south or the west."""
TURNS = {"E": 0.0, "N": 90.0, "W": 180.0, "S": -90.0}


def kind(name: str) -> str:
    """Returns the kind of a building whose name may end in its colour."""
    return name.partition("_")[0]


def _row(box: Box, side: str, names: list[str], *, inner: float) -> Iterator[Place]:
    """Gives a row of buildings: `inner` metres are left free at both ends."""
    x0, y0, x1, y1 = box
    low, high = (y0 + inner, y1 - inner) if side in "EW" else (x0 + inner, x1 - inner)
    widths = [FOOTPRINTS[kind(name)][1] for name in names]
    gap = (high - low - sum(widths)) / max(len(names) - 1, 1)
    back = 8.5 if kind(names[0]) == "house" else 5.0
    far = low if len(names) > 1 else (low + high - widths[0]) / 2
    for name, width in zip(names, widths, strict=True):
        deep = back + FOOTPRINTS[kind(name)][0] / 2
        middle = far + width / 2
        x = {"E": x1 - deep, "W": x0 + deep}.get(side, middle)
        y = {"N": y1 - deep, "S": y0 + deep}.get(side, middle)
        yield Place(f"buildings/{name}", round(x, 2), round(y, 2), TURNS[side])
        far += width + gap


def buildings() -> list[Place]:
    """Returns every building."""
    every = blocks()
    return [
        place
        for key, rows in ROWS.items()
        for side, names in rows.items()
        for place in _row(every[key], side, names.split(), inner=6.0 if side in "EW" or len(rows) == 1 else 24.0)
    ]


def footprint(place: Place, margin: float = 0.0) -> Box:
    """Returns the ground that a building stands on."""
    depth, width = FOOTPRINTS[kind(place.file.rpartition("/")[2])]
    x, y = (depth, width) if place.turn in (0.0, 180.0) else (width, depth)
    return place.x - x / 2 - margin, place.y - y / 2 - margin, place.x + x / 2 + margin, place.y + y / 2 + margin


def inside(x: float, y: float, box: Box) -> bool:
    """Returns whether a point is in a box."""
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def street_lights() -> Iterator[Place]:
    """Gives lamps on both sides of every street."""
    for x, lanes in NORTHWARD:
        for (low, _), _ in pairwise(EASTWARD):
            for k, side in ((k, side) for k in range(3) for side in (1, -1)):
                y = low + 17.0 + 21.0 * k + (5.0 if side > 0 else 0.0)
                yield Place("street/street_light", x + side * (half(lanes) + 0.6), y, 180.0 if side > 0 else 0.0)
    for y, lanes in EASTWARD:
        for low, high in ((-130.0, -50.0), (-50.0, 30.0)):
            for k in (1, 2):
                yield Place("street/street_light", low + (high - low) * k / 3, y + half(lanes) + 0.6, -90.0)


def traffic_lights() -> Iterator[Place]:
    """Gives four masts at each crossing of the avenue, each on the far right of those it is for."""
    for x, y, w, h in crossings():
        if w > LANE:
            w, h = w + 1.8, h + 1.8
            corners = ((w, h, -90.0), (-w, -h, 90.0), (w, -h, 180.0), (-w, h, 0.0))
            yield from (Place("street/traffic_light", x + dx, y + dy, turn) for dx, dy, turn in corners)


def signs() -> Iterator[Place]:
    """Gives stop signs at the crossings without lights, signs before the zebra stripes, and speed limits."""
    for x, y, w, h in crossings():
        corners = ((w + 1.0, -h - 6.5, -90.0), (-w - 1.0, h + 6.5, 90.0))
        name = "stop_sign" if w <= LANE else "crossing_sign"
        yield from (Place(name, x + dx, y + dy, turn) for dx, dy, turn in corners)
    for x, y, turn, side in ((-130, -145, -90.0, 1), (-50, -66, 90.0, -1), (-50, -122, -90.0, 1), (30, 22, 90.0, -1)):
        yield Place("street/speed_sign", x + side * (8.0 if x == -50 else 4.5), y, turn)


def furniture() -> list[Place]:
    """Returns what stands on pavements and in the park."""
    found = [Place("bus_stop", -41.6, -128.0, 180.0), Place("bus_stop", -58.4, -72.0, 0.0)]
    found += [
        Place("bench", POND[0][0] + dx, POND[0][1] + dy, turn)
        for dx, dy, turn in ((-3, 11, -90), (16, 0, 180), (6, 10.5, -110))
    ]
    found += [Place("trash_can", -42.2, y) for y in (-133.0, -92.0, -40.0)]
    found += [Place("trash_can", -57.8, y) for y in (-117.0, -57.0)]
    found += [Place("fire_hydrant", x, y) for x, y in ((-57.6, -147.0), (-42.4, -74.0), (-126.0, -60.0), (26.0, -60.0))]
    found += [Place("mailbox", -58.6, -131.0, 0.0), Place("vending_machine", -61.0, -107.0, 0.0)]
    found += [Place("plant_pot", -60.6, y) for y in (-146.0, -130.0, -124.8, -108.6)]
    found += [Place("table", -60.8, -112.2), Place("chair", -60.8, -113.3, 90.0), Place("chair", -60.8, -111.1, -90.0)]
    return found


def plants() -> list[Place]:
    """Returns every tree and bush: along the avenue, in the park, and scattered over the gardens."""
    found = []
    for side, first in ((-1, -173.0), (1, -167.0)):
        found += [Place("street/tree", -50.0 + side * 9.3, y, y % 24 * 15 % 360) for y in _steps(first, 54.0, 12.0)]
    found = [plant for plant in found if all(abs(plant.y - y) > 11 for y, _ in EASTWARD)]
    found = [
        plant
        for plant in found
        if all(abs(plant.y - stop.y) > 4 or abs(plant.x - stop.x) > 3 for stop in furniture()[:2])
    ]
    dice, taken = Random(7), [footprint(place, 2.6) for place in buildings()]  # noqa: S311 (the same town every time)
    taken += [(POND[0][0] - 14.5, POND[0][1] - 11.0, POND[0][0] + 14.5, POND[0][1] + 11.0)]
    for key, (x0, y0, x1, y1) in blocks().items():
        for _ in range(34 if key == PARK else 15):
            x, y = dice.uniform(x0 + 5.5, x1 - 5.5), dice.uniform(y0 + 5.5, y1 - 5.5)
            name = dice.choice(("tree", "tree", "conifer", "bush"))
            size, turn = dice.uniform(0.75, 1.2), dice.choice((0.0, 180.0))
            if not any(inside(x, y, box) for box in taken):
                found.append(Place(f"street/{name}", round(x, 2), round(y, 2), turn, CURB, round(size, 2)))
                taken.append((x - 2.2, y - 2.2, x + 2.2, y + 2.2))
    return found


def _steps(low: float, high: float, step: float) -> list[float]:
    return [low + step * k for k in range(int((high - low) / step) + 1)]


def barriers() -> list[Place]:
    """Returns fences before the houses, walls between the shops, hedges in the park, guard rails along the avenue."""
    found = []
    for house in (place for place in buildings() if kind(place.file.rpartition("/")[2]) == "house"):
        for far in (-6.0, -4.0, -2.0, 4.0, 6.0):
            dx, dy = {0.0: (9.4, far), 180.0: (-9.4, -far), 90.0: (-far, 9.4)}[house.turn]
            found.append(Place("street/fence", house.x + dx, house.y + dy, house.turn))
    found += [Place("street/wall", -64.5, y) for y in (-151.2, -147.2, -128.8, -124.9)]
    found += [Place("street/wall", -92.0, y) for y in _steps(-156.0, -124.0, 4.0)]
    found += [Place("street/hedge", -39.0, y) for y in _steps(-172.0, -164.0, 4.0)]
    found += [Place("street/hedge", x, -107.6, 90.0) for x in _steps(-34.0, 2.0, 4.0)]
    found += [
        Place("street/guard_rail", -42.6, y, 180.0) for y in (*_steps(-160.0, -140.0, 4.0), *_steps(76.0, 140.0, 4.0))
    ]
    found += [Place("street/guard_rail", -57.4, y) for y in _steps(76.0, 140.0, 4.0)]
    return found
