"""Writes the table of blueprints: CARLA's ids, each with an asset of ours, scaled and coloured to come near it.

Ids, attribute names and defaults are those of CARLA 0.9.16's documentation; sizes are measured on the assets.
"""

import json
from pathlib import Path
from typing import Any

from pxr import Usd, UsdGeom

PAINT = "Looks/Paint/Shader.inputs:diffuseColor"
Entry = dict[str, Any]

COLOURS = ["180,24,22", "24,52,116", "214,214,210", "26,28,32", "118,122,126", "30,84,62", "196,150,60"]

VEHICLES = """
audi.a2 hatchback 0.94 1 1.03
audi.etron suv 1.03 1 0.95
audi.tt coupe 0.93 0.97 1.03
bh.crossbike bicycle 1 1 1
bmw.grandtourer van 0.82 0.92 0.71 car
carlamotors.carlacola box_truck 0.7 1.03 0.92 truck
carlamotors.european_hgv box_truck 1 1.04 1 truck
carlamotors.firetruck fire_truck 1 1 1 truck emergency
chevrolet.impala sedan 1.1 1.02 0.98
citroen.c3 hatchback 1.01 1 1.02
diamondback.century bicycle 0.96 1 0.98
dodge.charger_2020 sedan 1.06 1.03 1.01
dodge.charger_police police 1.06 1.02 1 car emergency
dodge.charger_police_2020 police 1.08 1.03 1.01 car emergency
ford.ambulance ambulance 1.12 1.04 1.02 van emergency
ford.crown sedan 1.12 1.04 1.03 car taxi
ford.mustang coupe 1.05 1 0.99
gazelle.omafiets bicycle 1.06 1 1.04
harley-davidson.low_rider motorcycle 1.1 1 0.98
jeep.wrangler_rubicon suv 0.83 0.98 1.04
kawasaki.ninja motorcycle 0.97 1 1
lincoln.mkz_2017 sedan 1.04 1 1.01
lincoln.mkz_2020 sedan 1.05 1.01 1.01
mercedes.coupe coupe 1.1 1 1.08
mercedes.coupe_2020 coupe 1.04 0.98 1.06
mercedes.sprinter van 1.05 1 1.06 van
micro.microlino hatchback 0.6 0.86 0.95 car electric
mini.cooper_s hatchback 0.97 1.02 0.96
mini.cooper_s_2021 hatchback 1.02 1.04 0.97
mitsubishi.fusorosa bus 0.88 0.98 1 bus
nissan.micra hatchback 0.93 0.97 1
nissan.patrol suv 0.98 1 1.04
nissan.patrol_2021 suv 1.05 1.02 1.06
seat.leon hatchback 1.06 1.02 0.98
tesla.cybertruck pickup 1.08 1.04 1.04 truck electric
tesla.model3 sedan 1.0 1 1 car electric
toyota.prius hatchback 1.13 1.02 1
vespa.zx125 scooter 1 1 1
volkswagen.t2 van 0.8 0.92 0.84 van
volkswagen.t2_2021 van 0.79 0.92 0.83 van
yamaha.yzf motorcycle 1 1 1.02
"""
"""Id, asset, factors along X, Y and Z, and where they are not those of a car: base type and special type."""

FIXED = ("police", "ambulance", "fire_truck")
"""Assets whose paint belongs to their service."""

SHIRTS = ["46,92,150", "150,40,46", "224,170,60", "60,112,84", "120,84,140", "208,204,196", "44,48,54"]
SKINS = ["214,164,132", "236,190,160", "142,96,68", "96,62,44"]
TROUSERS = ["40,44,58", "92,80,64", "60,60,62", "44,72,120"]
HAIR = ["52,36,26", "20,18,18", "150,104,56", "170,168,164"]
WALKERS = ("man", "woman", "stout_man", "woman", "man", "child")

PROPS = """
barrel barrel medium
barbeque barrel small 0.8
bench01 bench medium
bench02 bench medium 1.1
bin trash_can small 0.85
box01 cardboard_box small
box02 cardboard_box small 0.7
box03 cardboard_box medium 1.5
busstop bus_stop big
chainbarrier street_barrier medium 0.9
constructioncone cone small 1.1
mailbox mailbox medium
plantpot01 plant_pot medium
plantpot04 plant_pot small 0.6
plasticchair chair small
plastictable table medium
streetbarrier street_barrier medium
streetsign stop_sign medium
streetsign01 crossing_sign medium
table table medium 1.2
trafficcone01 cone small
trafficcone02 cone small 0.7
trashcan01 trash_can medium
vendingmachine vending_machine big
"""
"""Id, asset, CARLA's word for its size, and a factor."""

CAMERAS = ("depth", "instance_segmentation", "rgb", "semantic_segmentation")
LENS = {
    "circle_falloff": "5.0",
    "circle_multiplier": "0.0",
    "k": "-1.0",
    "kcube": "0.0",
    "x_size": "0.08",
    "y_size": "0.08",
}


def attribute(kind: str, value: object, *recommended: str, modifiable: bool = True) -> Entry:
    """Returns one attribute."""
    entry: Entry = {"type": kind, "value": value}
    if recommended:
        entry["recommended"] = list(recommended)
    return entry if modifiable else {**entry, "modifiable": False}


def fixed(kind: str, value: object) -> Entry:
    """Returns an attribute that scripts can only read."""
    return attribute(kind, value, modifiable=False)


def size(folder: Path, asset: str) -> tuple[float, float, float]:
    """Returns length, width and height of an asset in metres."""
    stage = Usd.Stage.Open(str(folder / "assets" / f"{asset}.usda"))
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_])
    x, y, z = cache.ComputeWorldBound(stage.GetDefaultPrim()).ComputeAlignedRange().GetSize()
    return x, y, z


def entry(folder: Path, name: str, asset: str, scale: list[float]) -> Entry:
    """Returns what every blueprint with an asset begins with."""
    made: Entry = {"id": name, "asset": f"assets/{asset}.usda"}
    if scale != [1, 1, 1]:
        made["scale"] = scale
    made["size"] = [round(side * factor, 2) for side, factor in zip(size(folder, asset), scale, strict=True)]
    return made


def vehicle(folder: Path, line: str) -> Entry:
    """Returns one vehicle."""
    name, asset, *rest = line.split()
    wheels = 2 if asset in ("bicycle", "motorcycle", "scooter") else 4
    base, special = (*rest[3:], "", "")[:2]
    base = base or {"bicycle": "bicycle", "motorcycle": "motorcycle", "scooter": "motorcycle"}.get(asset, "car")
    made = entry(folder, f"vehicle.{name}", asset, [float(value) for value in rest[:3]])
    attributes: Entry = {"base_type": fixed("string", base)}
    if asset not in FIXED:
        made["paint"] = PAINT
        first = sum(map(ord, name)) % len(COLOURS)
        colours = [*COLOURS[first:], *COLOURS[:first]]
        attributes["color"] = attribute("color", colours[0], *colours)
    attributes["generation"] = fixed("int", 2 if "20" in name else 1)
    attributes["has_lights"] = fixed("bool", asset != "bicycle")
    attributes["number_of_wheels"] = fixed("int", wheels)
    attributes["role_name"] = attribute("string", "autopilot", "autopilot", "scenario", "ego_vehicle")
    attributes["special_type"] = fixed("string", special)
    attributes["sticky_control"] = attribute("bool", True)
    return {**made, "attributes": attributes}


def walker(folder: Path, number: int) -> Entry:
    """Returns one pedestrian: no two are dressed alike."""
    asset = WALKERS[number % len(WALKERS)]
    made = entry(folder, f"walker.pedestrian.{number + 1:04d}", asset, [round(0.96 + 0.02 * (number * 7 % 5), 2)] * 3)
    looks = (("Shirt", SHIRTS), ("Trousers", TROUSERS), ("Skin", SKINS), ("Hair", HAIR))
    worn = {look: colours[(number * 5 + number // 7) % len(colours)] for look, colours in looks}
    made["colors"] = {f"Body/Looks/{look}/Shader.inputs:diffuseColor": colour for look, colour in worn.items()}
    attributes = {
        "age": fixed("string", "child" if asset == "child" else "adult"),
        "gender": fixed("string", "female" if asset == "woman" else "male"),
        "generation": fixed("int", 2),
        "is_invincible": attribute("bool", True),
        "role_name": attribute("string", "pedestrian"),
        "speed": attribute("float", "1.43", "0.0", "1.43", "3.35"),
    }
    return {**made, "attributes": attributes}


def prop(folder: Path, line: str) -> Entry:
    """Returns one thing that stands about."""
    name, asset, large, *factor = line.split()
    made = entry(folder, f"static.prop.{name}", asset, [float(factor[0])] * 3 if factor else [1, 1, 1])
    return {**made, "attributes": {"role_name": attribute("string", "prop"), "size": fixed("string", large)}}


def camera(name: str) -> Entry:
    """Returns one camera."""
    attributes = {
        "fov": attribute("float", "90.0"),
        "image_size_x": attribute("int", "800"),
        "image_size_y": attribute("int", "600"),
        **{f"lens_{key}": attribute("float", value) for key, value in LENS.items()},
        "role_name": attribute("string", "front"),
        "sensor_tick": attribute("float", "0.0"),
    }
    return {"id": f"sensor.camera.{name}", "attributes": attributes}


def table(folder: Path) -> str:
    """Returns the table as JSON, one blueprint a line; assets are measured in `folder`."""
    entries = [vehicle(folder, line) for line in VEHICLES.strip().splitlines()]
    entries += [walker(folder, number) for number in range(20)]
    entries += [prop(folder, line) for line in PROPS.strip().splitlines()]
    entries += [camera(name) for name in CAMERAS]
    lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in entries)
    return f'{{"blueprints": [\n{lines}\n]}}\n'
