"""Vehicles with something on top: pickup, box truck, ambulance, fire truck, police car; and the wheel of all."""

import math
from dataclasses import replace

from solids import Asset, Look, Maker, Pair, Solid
from town_cars import BUS, COUPE, HATCHBACK, LOOKS, SEDAN, SUV, VAN, Cabin, Car, build

WHITE = Look((226, 227, 224), 0.3)
LIGHTS = {"BlueLight": Look((24, 70, 220), 0.2, 0.0, 0.8), "RedLight": Look((220, 24, 24), 0.2, 0.0, 0.8)}

PICKUP = Car(
    length=5.5,
    width=1.98,
    wheel=0.39,
    axles=(-1.7, 1.75),
    sill=0.32,
    top=tuple((x * 2.75, z) for x, z in [(-1, 1.0), (-0.985, 1.08), (0.44, 1.1), (0.84, 1.04), (0.97, 0.92), (1, 0.7)]),
    cabin=Cabin(
        levels=(
            (1.04, -0.82, 1.3, 0.87),
            (1.14, -0.8, 1.18, 0.86),
            (1.6, -0.66, 0.58, 0.72),
            (1.72, -0.55, 0.38, 0.66),
            (1.78, -0.4, 0.1, 0.45),
        ),
        posts=((0.46, 0.53),),
    ),
    doors=(0.9, -0.05, -0.85),
    lamps=(0.84, 0.92),
)


def cab(front: float, roof: float, *, axles: tuple[float, ...], length: float, width: float = 2.4) -> Car:
    """Returns a truck whose cab stands over the front axle, its front at `front`; behind it the hull is a low frame."""
    half, wide = length / 2, width / 2 - 0.04
    return Car(
        length=length,
        width=width,
        wheel=0.48,
        axles=axles,
        sill=0.42,
        top=((-half, 1.06), (front - 1.95, 1.1), (front - 1.9, 1.5), (front - 0.08, 1.5), (front, 1.3)),
        cabin=Cabin(
            levels=(
                (1.45, front - 1.88, front - 0.04, wide),
                (1.6, front - 1.88, front - 0.08, wide),
                (2.35, front - 1.85, front - 0.3, wide - 0.06),
                (roof - 0.12, front - 1.82, front - 0.42, wide - 0.1),
                (roof, front - 1.7, front - 0.6, wide - 0.25),
            ),
            posts=((0.62, 0.98),),
        ),
        doors=(front - 0.35, front - 1.4),
        lamps=(0.82, 0.9),
        ends=0.2,
    )


def beacons(asset: Asset, x: float, z: float, half: float) -> None:
    """Puts a bar of blue and red lights across the roof, its foot at height `z`."""
    asset.part("Beacons/Bar", "Bar", Solid(flat=True).box((x - 0.14, -half, z - 0.05), (x + 0.14, half, z + 0.04)))
    for name, low, high in (("BlueLight", 0.08, half), ("RedLight", -half, -0.08)):
        bar = Solid(flat=True).box((x - 0.12, low, z + 0.03), (x + 0.12, high, z + 0.14), bevel=0.03)
        asset.part(f"Beacons/{name}", name, bar)


def police() -> Asset:
    """A saloon in black and white with a light bar."""
    asset = Asset("Police", "car", {"Doors": WHITE, "Bar": LOOKS["Trim"], **LIGHTS}, base="./sedan.usda")
    asset.recolour("Looks/Paint", (30, 33, 38))
    doors, edge = Solid(), SEDAN.width / 2
    for side in (1, -1):
        y0, y1 = sorted((side * (edge - 0.06), side * (edge + 0.001)))
        doors.box((-0.98, y0, 0.34), (0.71, y1, 0.86))
    asset.part("WhiteDoors", "Doors", doors)
    beacons(asset, -0.3, 1.46, 0.56)
    return asset


def pickup() -> Asset:
    """A pickup: the bed is a dark well between its sides."""
    asset = build("Pickup", "truck", PICKUP)
    asset.part("Bed", "Trim", Solid(flat=True).box((-2.62, -0.78, 1.0), (-0.86, 0.78, 1.125)))
    rails = Solid(flat=True)
    for side in (1, -1):
        y0, y1 = sorted((side * 0.76, side * 0.93))
        rails.box((-2.7, y0, 1.0), (-0.82, y1, 1.2), bevel=0.03)
    rails.box((-2.73, -0.93, 1.0), (-2.6, 0.93, 1.2), bevel=0.03)
    asset.part("BedSides", "Paint", rails)
    return asset


def box_truck() -> Asset:
    """A lorry of 8 m with a cargo box."""
    car = replace(cab(4.0, 2.85, axles=(-2.3, 2.75), length=8.0), looks={"Cargo": WHITE})
    asset = build("BoxTruck", "truck", car)
    asset.part("Cargo", "Cargo", Solid(flat=True).box((-3.96, -1.24, 1.08), (1.95, 1.24, 3.5), bevel=0.04))
    stripe = Solid()
    for y in (-1.246, 1.24):
        stripe.box((-3.7, y, 1.5), (1.7, y + 0.006, 2.0))
    asset.part("Stripe", "Paint", stripe)
    return asset


def fire_truck() -> Asset:
    """A fire engine: lockers with shutters, a ladder on top, beacons."""
    looks = {
        "Paint": Look((188, 22, 20), 0.25),
        "Shutter": Look((150, 154, 158), 0.4, 0.3),
        "White": WHITE,
        "Bar": LOOKS["Trim"],
        **LIGHTS,
    }
    asset = build(
        "FireTruck", "truck", replace(cab(4.2, 2.85, axles=(-2.35, 2.95), length=8.4, width=2.46), looks=looks)
    )
    asset.part("Lockers", "Paint", Solid(flat=True).box((-4.12, -1.22, 1.08), (2.2, 1.22, 2.75), bevel=0.04))
    shutters, stripes = Solid(), Solid()
    for y in (-1.235, 1.22):
        for k in range(4):
            shutters.box((-4.0 + 1.55 * k, y, 1.3), (-2.6 + 1.55 * k, y + 0.015, 2.55))
        stripes.box((-4.1, y, 1.1), (2.15, y + 0.015, 1.24))
    asset.part("Shutters", "Shutter", shutters)
    asset.part("Stripes", "White", stripes)
    ladder = Solid()
    for y in (-0.32, 0.32):
        ladder.box((-4.0, y - 0.04, 2.95), (2.6, y + 0.04, 3.1))
    for k in range(16):
        ladder.box((-3.8 + 0.4 * k, -0.3, 3.0), (-3.74 + 0.4 * k, 0.3, 3.05))
    for x in (-3.0, 0.8):
        ladder.box((x - 0.1, -0.4, 2.7), (x + 0.1, 0.4, 2.96))
    asset.part("Ladder", "Shutter", ladder)
    beacons(asset, 3.15, 2.86, 0.8)
    return asset


def ambulance() -> Asset:
    """A white van with a red band, crosses and beacons."""
    looks = {"Red": Look((206, 40, 30), 0.4), "Bar": LOOKS["Trim"], **LIGHTS}
    asset = Asset("Ambulance", "truck", looks, base="./van.usda")
    asset.recolour("Looks/Paint", WHITE.colour)
    band = Solid()
    for side in (1, -1):
        y0, y1 = sorted((side * 0.95, side * (VAN.width / 2 + 0.003)))
        band.box((-2.4, y0, 0.72), (2.4, y1, 0.92))
        y0, y1 = sorted((side * 0.86, side * 0.945))
        band.box((-1.3, y0, 1.52), (-0.6, y1, 1.72))
        band.box((-1.05, y0, 1.27), (-0.85, y1, 1.97))
    asset.part("Bands", "Red", band)
    beacons(asset, 0.75, 2.37, 0.75)
    return asset


def bus() -> Asset:
    """A city bus with a destination display."""
    asset = build("Bus", "bus", replace(BUS, looks={**BUS.looks, "Display": Look((255, 170, 40), 0.5, 0.0, 0.5)}))
    asset.part("Display", "Display", Solid(flat=True).box((5.5, -0.8, 2.62), (5.68, 0.8, 2.84)))
    asset.part("RoofUnit", "Trim", Solid(flat=True).box((-3.5, -0.7, 3.0), (-1.2, 0.7, 3.2), bevel=0.06))
    return asset


def wheel() -> Asset:
    """A wheel round Y, of radius 1 and width 1, its rim towards +Y."""
    looks = {"Rubber": Look((20, 20, 21), 0.8), "Rim": Look((172, 175, 180), 0.3, 0.5), "Hub": Look((34, 35, 38), 0.5)}
    asset = Asset("Wheel", "", looks)
    tyre = [(0.66, 0.46), (0.7, 0.5), (0.92, 0.5), (1.0, 0.38), (1.0, -0.38), (0.92, -0.5), (0.6, -0.5)]
    asset.part("Tyre", "Rubber", _turned(tyre, 20))
    asset.part("Dish", "Hub", _turned([(0, 0.27), (0.68, 0.27)], 20))
    asset.part("Lip", "Rim", _turned([(0.58, 0.44), (0.6, 0.47), (0.66, 0.47), (0.67, 0.4)], 20))
    spokes = Solid()
    for k in range(5):
        angle = 2 * math.pi * k / 5
        along, aside = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        rings = []
        for far, half in ((0.0, 0.12), (0.6, 0.085)):
            x, z = along[0] * far, along[1] * far
            a, b = (x + aside[0] * half, z + aside[1] * half), (x - aside[0] * half, z - aside[1] * half)
            rings.append([(a[0], 0.43, a[1]), (b[0], 0.43, b[1]), (b[0], 0.3, b[1]), (a[0], 0.3, a[1])])
        spokes.loft(rings, caps=(False, False))
    asset.part("Spokes", "Rim", spokes)
    return asset


def _turned(profile: list[Pair], sides: int) -> Solid:
    """Returns a profile of (radius, y) turned round Y; its outside is to the left of the way along it."""
    turns = [(math.cos(2 * math.pi * k / sides), math.sin(2 * math.pi * k / sides)) for k in range(sides)]
    return Solid().loft([[(r * c, y, r * s) for c, s in turns] for r, y in profile], caps=(False, False))


MAKERS: dict[str, Maker] = {
    "assets/sedan.usda": lambda: build("Sedan", "car", SEDAN),
    "assets/hatchback.usda": lambda: build("Hatchback", "car", HATCHBACK),
    "assets/coupe.usda": lambda: build("Coupe", "car", COUPE),
    "assets/suv.usda": lambda: build("Suv", "car", SUV),
    "assets/van.usda": lambda: build("Van", "car", VAN),
    "assets/police.usda": police,
    "assets/pickup.usda": pickup,
    "assets/box_truck.usda": box_truck,
    "assets/fire_truck.usda": fire_truck,
    "assets/ambulance.usda": ambulance,
    "assets/bus.usda": bus,
    "assets/parts/wheel.usda": wheel,
}
"""File in the extension's data folder -> the function that builds it."""
