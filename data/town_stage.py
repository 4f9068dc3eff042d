"""Lays the town out as a stage: ground and road lines as meshes, the rest as instances and point instancers."""

import math
from collections.abc import Iterable, Sequence

import town_plan as plan
from pxr import Gf, Sdf, Usd, UsdGeom, UsdLux, Vt
from solids import Asset, Look, Pair, Solid, rounded, set_label
from town_plan import CORNER, CURB, EASTWARD, LANE, NORTHWARD, PAVEMENT, Place, half

LOOKS = {
    "Asphalt": Look((74, 76, 80), 0.9),
    "Paint": Look((222, 220, 210), 0.8),
    "Yellow": Look((214, 172, 60), 0.8),
    "Pavement": Look((160, 156, 148), 0.9),
    "Plaza": Look((150, 142, 130), 0.9),
    "Grass": Look((98, 134, 66), 1.0),
    "Meadow": Look((112, 138, 76), 1.0),
    "Water": Look((52, 96, 120), 0.05),
    "Sand": Look((188, 172, 136), 1.0),
}
ABOUT = """A small town: the default map for scripts written for CARLA.

Metres, Z up, 20 frames a second. CARLA's (x, y, z) is (x, -y, z) here.
Where vehicles can appear: Xforms with `carla:spawn_point` = true, X forward, Y left, on the road, as nothing lets
vehicles down.
Where the spectator starts: the Camera with `carla:spectator` = true.
Labels are UsdSemantics of the type `class`, named as CARLA's tags."""
PLAZAS = ((1, 1), (1, 2), (2, 2), (1, 3), (2, 3))
"""Blocks that are paved; the others are gardens."""
MARK = 0.012
"""How far road lines lie above the road."""


def flat(solid: Solid, box: plan.Box, z: float) -> None:
    """Adds a rectangle that looks up."""
    x0, y0, x1, y1 = box
    solid.face([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)])


def upright(outline: Iterable[Pair], z: float) -> list[tuple[float, float, float]]:
    """Returns an outline at a height."""
    return [(x, y, z) for x, y in outline]


def ground(town: Asset) -> None:
    """Adds roads, pavements, lawns, squares and the land around."""
    roads, pavements, lawns, squares = (Solid(flat=True) for _ in range(4))
    for box in plan.roads():
        flat(roads, box, 0.0)
    for key, (x0, y0, x1, y1) in plan.blocks().items():
        centre, size = ((x0 + x1) / 2, (y0 + y1) / 2), ((x1 - x0) / 2, (y1 - y0) / 2)
        outer = rounded(size, CORNER, steps=4, centre=centre)
        inner = rounded((size[0] - PAVEMENT, size[1] - PAVEMENT), CORNER - PAVEMENT, steps=4, centre=centre)
        rings = [upright(outer, -0.06), upright(outer, CURB), upright(inner, CURB)]
        pavements.loft(rings, caps=(False, False))
        (squares if key in PLAZAS else lawns).face(upright(inner, CURB))
    parts = (("Roads", "Asphalt", roads), ("Sidewalks", "Pavement", pavements))
    for name, look, solid in (*parts, ("Terrain", "Grass", lawns), ("Ground", "Plaza", squares)):
        set_label(town.part(f"Surfaces/{name}", look, solid), name)
    set_label(town.part("Surfaces/Hills", "Meadow", hills()), "Terrain")
    set_label(town.part("Surfaces/Shore", "Sand", pond(1.12, CURB + 0.01)), "Terrain")
    set_label(town.part("Surfaces/Water", "Water", pond(1.0, CURB + 0.02)), "Water")


def hills() -> Solid:
    """Returns the land: flat below the town, hilly beyond."""
    land, sides = Solid(), 36
    rings = [[(-50.0, -60.0, -0.06)] * sides]
    for radius, height in ((340, -0.06), (420, 3.0), (520, 22.0), (680, 46.0), (900, 70.0)):
        ring = []
        for k in range(sides):
            angle = -2 * math.pi * k / sides
            swell = 0.55 + 0.3 * math.sin(3 * angle + radius) + 0.25 * math.sin(7 * angle + 2 * radius)
            z = height * max(swell, 0.1) if height > 0 else height
            ring.append((-50 + radius * math.cos(angle), -60 + radius * math.sin(angle), z))
        rings.append(ring)
    return land.loft(rings, caps=(False, False))


def pond(size: float, z: float) -> Solid:
    """Returns the pond's surface, or with a larger `size` its shore."""
    (x, y), (a, b) = plan.POND
    outline = []
    for k in range(36):
        angle = 2 * math.pi * k / 36
        far = size * (1 + 0.1 * math.sin(3 * angle + 1) + 0.06 * math.sin(5 * angle))
        outline.append((x + a * far * math.cos(angle), y + b * far * math.sin(angle), z))
    solid = Solid(flat=True)
    for first, second in zip(outline, [*outline[1:], outline[0]], strict=True):
        solid.face([(x, y, z), first, second])
    return solid


class Marker:
    """Paints lines along a street: `along` is metres from the map's origin, `across` from the street's middle."""

    def __init__(self, solid: Solid, middle: float, *, northward: bool) -> None:
        self.solid, self.middle, self.northward = solid, middle, northward

    def line(self, along: Pair, across: Pair) -> None:
        """Adds one rectangle."""
        low, high = (self.middle + value for value in across)
        box = (low, along[0], high, along[1]) if self.northward else (along[0], low, along[1], high)
        flat(self.solid, box, 0.0)

    def dashes(self, along: Pair, across: float) -> None:
        """Adds a dashed line, 3 m in 9."""
        far = along[0] + 1.0
        while far + 3.0 <= along[1]:
            self.line((far, far + 3.0), (across - 0.07, across + 0.07))
            far += 9.0


def road_lines(town: Asset) -> None:
    """Adds lane lines, stop lines and zebra stripes."""
    white, yellow = Solid(flat=True), Solid(flat=True)
    for streets, others, ends, northward in (
        (NORTHWARD, EASTWARD, (plan.SOUTH, plan.NORTH), True),
        (EASTWARD, NORTHWARD, (plan.WEST, plan.EAST), False),
    ):
        for middle, lanes in streets:
            pens = Marker(white, middle, northward=northward), Marker(yellow, middle, northward=northward)
            _street(pens, lanes, others, ends)
    for name, look, solid in (("LinesWhite", "Paint", white), ("LinesYellow", "Yellow", yellow)):
        prim = town.part(f"Surfaces/{name}", look, solid)
        set_label(prim, "RoadLines")
        UsdGeom.XformCommonAPI(prim).SetTranslate((0, 0, MARK))


def _street(pens: tuple[Marker, Marker], lanes: int, others: Sequence[tuple[float, int]], ends: Pair) -> None:
    white, yellow = pens
    wide, low = half(lanes), ends[0]
    for middle, across in [*others, (ends[1] + 20, 1)]:
        high = middle - half(across)
        piece = (low if low == ends[0] else low + 5.6, min(high - 5.6, ends[1]))
        for y in (-0.2, 0.2) if lanes > 1 else (0.0,):
            yellow.line(piece, (y - 0.06, y + 0.06))
        for lane in range(1, lanes):
            white.dashes(piece, LANE * lane)
            white.dashes(piece, -LANE * lane)
        if middle < ends[1]:
            _crossing(white, middle, half(across), wide)
        low = middle + half(across)


def _crossing(pen: Marker, middle: float, across: float, wide: float) -> None:
    # Northward, those who come keep to the east; eastward to the south.
    right = 1 if pen.northward else -1
    for sign in (-1, 1):
        near, far = sorted((middle + sign * (across + 1.4), middle + sign * (across + 4.2)))
        stripes = int(2 * wide / 1.3)
        for k in range(stripes):
            y = (k - (stripes - 1) / 2) * 1.3
            pen.line((near, far), (y - 0.3, y + 0.3))
        stop = sorted((middle + sign * (across + 5.0), middle + sign * (across + 5.4)))
        lanes = sorted((-sign * right * 0.15, -sign * right * (wide - 0.15)))
        pen.line((stop[0], stop[1]), (lanes[0], lanes[1]))


def _name(file: str) -> str:
    return file.rpartition("/")[2].title().replace("_", "")


def instances(town: Asset, group: str, places: Iterable[Place]) -> None:
    """Places things one by one, each an instance with a prim of its own."""
    UsdGeom.Scope.Define(town.stage, f"{town.root}/{group}")
    for number, place in enumerate(places):
        town.place(
            f"{group}/{_name(place.file)}_{number:02d}",
            f"./assets/{place.file}.usda",
            at=(place.x, place.y, place.z),
            turn=place.turn,
        )


def scattered(town: Asset, group: str, places: Sequence[Place]) -> None:
    """Places things as a point instancer, its prototypes below it."""
    files = sorted({place.file for place in places})
    instancer = UsdGeom.PointInstancer.Define(town.stage, f"{town.root}/{group}")
    names = [f"{group}/Prototypes/{_name(file)}" for file in files]
    for name, file in zip(names, files, strict=True):
        town.refer(name, f"./assets/{file}.usda")
    instancer.CreatePrototypesRel().SetTargets([Sdf.Path(f"{town.root}/{name}") for name in names])
    instancer.CreateProtoIndicesAttr([files.index(place.file) for place in places])
    instancer.CreatePositionsAttr([Gf.Vec3f(place.x, place.y, place.z) for place in places])
    turns = [math.radians(place.turn) / 2 for place in places]
    turned = [Gf.Quath(round(math.cos(a), 3) + 0.0, 0, 0, round(math.sin(a), 3) + 0.0) for a in turns]
    instancer.CreateOrientationsAttr(Vt.QuathArray(turned))
    if any(place.scale != 1 for place in places):
        instancer.CreateScalesAttr([Gf.Vec3f(place.scale) for place in places])


def light(town: Asset) -> None:
    """Adds a blue sky and a sun in the south-west."""
    sky = UsdLux.DomeLight.Define(town.stage, f"{town.root}/Light/Sky")
    sky.CreateIntensityAttr(0.9)
    sky.CreateColorAttr(Gf.Vec3f(0.6, 0.75, 1.0))
    sun = UsdLux.DistantLight.Define(town.stage, f"{town.root}/Light/Sun")
    sun.CreateIntensityAttr(2.3)
    sun.CreateAngleAttr(0.53)
    sun.CreateColorAttr(Gf.Vec3f(1.0, 0.94, 0.84))
    sun.AddRotateXYZOp().Set(Gf.Vec3f(44, 0, -38))


def spawn_points(town: Asset) -> None:
    """Adds where vehicles can appear: X forward, Y left, Z up, on the road, as there is no physics to let them down."""
    UsdGeom.Scope.Define(town.stage, f"{town.root}/SpawnPoints")
    for number, (x, y, heading) in enumerate(plan.spawn_points()):
        point = UsdGeom.Xform.Define(town.stage, f"{town.root}/SpawnPoints/P{number:03d}")
        point.GetPrim().CreateAttribute("carla:spawn_point", Sdf.ValueTypeNames.Bool, custom=True).Set(True)
        point.AddTranslateOp().Set(Gf.Vec3d(x, y, 0.0))
        if heading:
            point.AddRotateZOp().Set(heading)


def spectator(town: Asset) -> None:
    """Adds the camera from which the town is seen first."""
    camera = UsdGeom.Camera.Define(town.stage, f"{town.root}/Spectator")
    camera.GetPrim().CreateAttribute("carla:spectator", Sdf.ValueTypeNames.Bool, custom=True).Set(True)
    camera.AddTranslateOp().Set(Gf.Vec3d(-108, -212, 58))
    camera.AddRotateXYZOp().Set(Gf.Vec3f(62, 0, -29))
    camera.CreateFocalLengthAttr(18.0)
    camera.CreateHorizontalApertureAttr(36.0)
    camera.CreateVerticalApertureAttr(27.0)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.1, 5000))


def town() -> Asset:
    """Returns the default map."""
    made = Asset("Town", "", LOOKS)
    made.stage.GetRootLayer().documentation = ABOUT
    Usd.ModelAPI(made.stage.GetDefaultPrim()).SetKind("assembly")
    for group in ("Surfaces", "Light", "Street", "Nature", "Barriers"):
        UsdGeom.Scope.Define(made.stage, f"{made.root}/{group}")
    ground(made)
    road_lines(made)
    light(made)
    instances(made, "Buildings", plan.buildings())
    for group, places in (
        ("Lights", plan.street_lights()),
        ("TrafficLights", plan.traffic_lights()),
        ("Signs", plan.signs()),
        ("Furniture", plan.furniture()),
    ):
        instances(made, f"Street/{group}", places)
    scattered(made, "Nature/Plants", plan.plants())
    barriers = plan.barriers()
    for group, file in (("Fences", "fence"), ("Walls", "wall"), ("Hedges", "hedge"), ("GuardRails", "guard_rail")):
        scattered(made, f"Barriers/{group}", [place for place in barriers if place.file == f"street/{file}"])
    spawn_points(made)
    spectator(made)
    return made
