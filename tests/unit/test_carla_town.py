"""The CARLA extension's assets and its town: whole, to scale, labelled, and equal to what the script makes."""

import importlib
import json
import math
import re
from itertools import combinations
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom, UsdLux, UsdSemantics, UsdUtils, UsdValidation

from simslate.carla.blueprint_table import load_blueprints

ROOT = Path(__file__).parents[2]
DATA = ROOT / "exts/simslate.carla/data"
PICTURES = {"icon.png", "preview.png"}
"""The extension's own, made by data/make_icons.py."""
FILES = sorted({str(path.relative_to(DATA)) for path in DATA.rglob("*") if path.is_file()} - PICTURES)
ASSETS = [name for name in FILES if name.startswith("assets/")]
MODELS = load_blueprints(DATA / "blueprints.json").models
TAGS = json.loads((ROOT / "exts/simslate.recorder/data/carla_tags.json").read_text())["tags"]
KNOWN = {name.casefold(): tag["name"] for tag in TAGS for name in (tag["name"], *tag["aliases"])}
# The seed script's camera, carla.Location(x=-46, y=152, z=18) and Rotation(pitch=-21, yaw=-93.4): USD's y is -y.
EYE, PITCH, YAW = (-46.0, -152.0, 18.0), math.radians(-21), math.radians(93.4)
BUS = (11.7, 3.0)
"""Length and width that must find room at every spawn point, in metres."""


@pytest.fixture(scope="module")
def stage():
    return Usd.Stage.Open(str(DATA / "town.usda"))


@pytest.fixture(scope="module")
def scripts():
    """The generating script and the plan, imported as Python finds them when they are run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "data"))
        yield importlib.import_module("make_town"), importlib.import_module("town_plan")


@pytest.fixture(scope="module")
def spawns(stage):
    """(x, y, z, heading in radians) of every spawn point."""
    found = []
    for prim in stage.GetPrimAtPath("/Town/SpawnPoints").GetChildren():
        matrix = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(0)
        forward = matrix.TransformDir((1, 0, 0))
        found.append((*matrix.ExtractTranslation(), math.atan2(forward[1], forward[0])))
    return found


@pytest.fixture
def opened():
    """Open a file of the data folder and keep it open; its default prim."""
    kept = []

    def open_file(path):
        kept.append(Usd.Stage.Open(str(DATA / path)))
        return kept[-1].GetDefaultPrim()

    return open_file


def bound(prim):
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), [UsdGeom.Tokens.default_, UsdGeom.Tokens.render])
    return cache.ComputeWorldBound(prim).ComputeAlignedRange()


def labels(stage):
    """Every label of a stage, instances and prototypes included."""
    prims = Usd.PrimRange(stage.GetPseudoRoot(), Usd.TraverseInstanceProxies())
    schemas = [UsdSemantics.LabelsAPI(prim, "class") for prim in prims if prim.HasAPI(UsdSemantics.LabelsAPI, "class")]
    return [label for schema in schemas for label in schema.GetLabelsAttr().Get()]


def corners(x, y, heading, *, length, width):
    cos, sin = math.cos(heading), math.sin(heading)
    ends = [(sx * length / 2, sy * width / 2) for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    return [(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in ends]


def apart(first, second):
    """Whether an axis separates two rectangles."""
    for a, b in ((first, second), (second, first)):
        for (x0, y0), (x1, y1) in ((a[0], a[1]), (a[1], a[2])):
            dx, dy = x1 - x0, y1 - y0
            one, two = ([x * dx + y * dy for x, y in shape] for shape in (a, b))
            if max(one) < min(two) or max(two) < min(one):
                return True
    return False


def seen(x, y, z):
    """Where the seed camera sees a point: pixels of 800 x 600 at 90 degrees, or None behind it."""
    dx, dy, dz = x - EYE[0], y - EYE[1], z - EYE[2]
    ahead, left = dx * math.cos(YAW) + dy * math.sin(YAW), -dx * math.sin(YAW) + dy * math.cos(YAW)
    depth, up = ahead * math.cos(PITCH) + dz * math.sin(PITCH), -ahead * math.sin(PITCH) + dz * math.cos(PITCH)
    return (400 - 400 * left / depth, 300 - 400 * up / depth) if depth > 0 else None


def hidden(x, y, boxes):
    """Whether a building stands between the seed camera and a point 1 m above the road."""
    line = [[a + (b - a) * step / 200 for a, b in zip(EYE, (x, y, 1.0), strict=True)] for step in range(1, 200)]
    return any(box.Contains(tuple(here)) for here in line for box in boxes)


@pytest.mark.parametrize("name", FILES)
def test_files_are_what_the_script_makes(scripts, name):
    assert scripts[0].MAKERS[name]() == (DATA / name).read_text(encoding="utf-8")


def test_script_makes_all_that_is_kept_and_no_more(scripts):
    assert sorted(scripts[0].MAKERS) == FILES


def test_data_stays_light():
    assert sum((DATA / name).stat().st_size for name in FILES) < 1_500_000


@pytest.mark.parametrize("name", ["town.usda", *ASSETS])
def test_a_file_opens_without_a_word(name):
    listener = UsdUtils.CoalescingDiagnosticDelegate()
    stage = Usd.Stage.Open(str(DATA / name))
    assert listener.TakeUncoalescedDiagnostics() == []
    assert stage.GetCompositionErrors() == []
    assert stage.GetDefaultPrim()
    assert (UsdGeom.GetStageUpAxis(stage), UsdGeom.GetStageMetersPerUnit(stage)) == ("Z", 1.0)


@pytest.mark.parametrize("name", ["town.usda", *ASSETS])
def test_a_file_needs_nothing_from_outside_its_folder(name):
    found = re.findall(r"@([^@]*)@", (DATA / name).read_text(encoding="utf-8"))
    assert [asset for asset in found if not asset.startswith("./") or ".." in asset] == []


@pytest.mark.parametrize("name", ["town.usda", *ASSETS])
def test_a_file_passes_every_validator_of_usd(name):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(str(DATA / name)))
    assert [problem.GetErrorAsString() for problem in found] == []


@pytest.mark.parametrize("name", sorted(MODELS))
def test_an_asset_of_the_table_stands_on_its_origin_and_has_the_size_told(opened, name):
    model = MODELS[name]
    box = bound(opened(model.asset))
    low, high = box.GetMin(), box.GetMax()
    assert low[2] == pytest.approx(0, abs=0.02)
    sizes = [(b - a) * factor for a, b, factor in zip(low, high, model.scale, strict=True)]
    assert sizes == pytest.approx(model.size, abs=0.02)
    if name.startswith("vehicle."):
        assert (low[0] + high[0]) / 2 == pytest.approx(0, abs=0.1)
        assert (low[1] + high[1]) / 2 == pytest.approx(0, abs=0.05)
        assert sizes[1] < sizes[0] <= BUS[0]
        assert sizes[1] <= BUS[1]


@pytest.mark.parametrize("path", sorted({model.asset for model in MODELS.values()}), ids=lambda path: path.stem)
def test_an_asset_of_the_table_is_a_labelled_component(opened, path):
    root = opened(path)
    assert Usd.ModelAPI(root).GetKind() == "component"
    assert root.HasAPI(UsdSemantics.LabelsAPI, "class")
    assert {label.casefold() for label in labels(root.GetStage())} <= set(KNOWN)


@pytest.mark.parametrize(
    ("asset", "tag"), [("bicycle", "Bicycle"), ("motorcycle", "Motorcycle"), ("scooter", "Motorcycle")]
)
def test_two_wheelers_have_a_rider_of_their_own_label(asset, tag):
    stage = Usd.Stage.Open(str(DATA / f"assets/{asset}.usda"))
    assert [KNOWN[label] for label in labels(stage)] == [tag, "Rider"]
    box, whole = bound(stage.GetDefaultPrim().GetChild("Rider")), bound(stage.GetDefaultPrim())
    assert box.GetMax()[2] == pytest.approx(whole.GetMax()[2])


@pytest.mark.parametrize("name", sorted(name for name, model in MODELS.items() if model.paint or model.colors))
def test_what_is_painted_exists(opened, name):
    model = MODELS[name]
    root = opened(model.asset)
    for place in (*model.colors, *filter(None, [model.paint])):
        attribute = root.GetStage().GetAttributeAtPath(root.GetPath().AppendPath(place))
        assert attribute.GetTypeName() == "color3f"


@pytest.mark.parametrize(
    "path", sorted({MODELS[name].asset for name in MODELS if "vehicle" in name}), ids=lambda p: p.stem
)
def test_vehicles_have_their_head_lights_in_front(opened, path):
    root = opened(path)
    lamps = root.GetChild("HeadLights") or root.GetChild("HeadLight")
    assert bool(lamps) == (path.stem != "bicycle")
    assert not lamps or bound(lamps).GetMidpoint()[0] > 0.3 * bound(root).GetMax()[0]


def test_town_has_every_kind_of_thing_that_streets_have(stage):
    named = {KNOWN[label.casefold()] for label in labels(stage)}
    assert named >= {
        *("Roads", "RoadLines", "Sidewalks", "Buildings", "Walls", "Fences", "Poles", "TrafficLight", "TrafficSigns"),
        *("Vegetation", "Terrain", "Ground", "Water", "GuardRail", "Static"),
    }


def test_heads_and_masts_of_traffic_lights_are_told_apart(opened):
    assert labels(opened("assets/street/traffic_light.usda").GetStage()) == ["Poles", "TrafficLight"]


def test_what_stands_in_the_street_stands_by_itself(scripts):
    plan = scripts[1]
    things = [*plan.street_lights(), *plan.traffic_lights(), *plan.signs(), *plan.furniture(), *plan.plants()]
    near = [(a, b) for a, b in combinations(things, 2) if math.dist((a.x, a.y), (b.x, b.y)) < 1.0]
    assert near == []
    built = [plan.footprint(place) for place in plan.buildings()]
    assert not [place for place in [*things, *plan.barriers()] if any(plan.inside(place.x, place.y, b) for b in built)]


def test_town_is_metric_z_up_and_has_twenty_frames_a_second(stage):
    assert stage.GetDefaultPrim().GetPath() == "/Town"
    assert stage.GetTimeCodesPerSecond() == 20


def test_town_has_sky_sun_and_a_spectator(stage):
    assert UsdLux.DomeLight(stage.GetPrimAtPath("/Town/Light/Sky"))
    assert UsdLux.DistantLight(stage.GetPrimAtPath("/Town/Light/Sun"))
    assert stage.GetPrimAtPath("/Town/Spectator").IsA(UsdGeom.Camera)
    assert stage.GetAttributeAtPath("/Town/Spectator.carla:spectator").Get() is True


def test_plants_are_point_instances(stage):
    plants = UsdGeom.PointInstancer(stage.GetPrimAtPath("/Town/Nature/Plants"))
    assert len(plants.GetPositionsAttr().Get()) > 100
    assert len(plants.GetPrototypesRel().GetTargets()) == 3


def test_spawn_points_are_many_marked_and_above_the_ground(stage, spawns):
    prims = stage.GetPrimAtPath("/Town/SpawnPoints").GetChildren()
    assert len(spawns) >= 100
    assert all(prim.GetAttribute("carla:spawn_point").Get() is True for prim in prims)
    assert all(z == 0 for *_, z, _ in spawns)


def test_a_bus_finds_room_at_every_spawn_point(spawns):
    shapes = [corners(x, y, heading, length=BUS[0], width=BUS[1]) for x, y, _, heading in spawns]
    assert [pair for pair in combinations(range(len(shapes)), 2) if not apart(shapes[pair[0]], shapes[pair[1]])] == []


def test_spawn_points_keep_their_distance_along_a_lane(spawns):
    for (x, y, _, heading), (x2, y2, _, other) in combinations(spawns, 2):
        along = (x2 - x) * math.cos(heading) + (y2 - y) * math.sin(heading)
        across = (y2 - y) * math.cos(heading) - (x2 - x) * math.sin(heading)
        assert math.cos(heading - other) < 0.9 or abs(along) >= 14 or abs(across) >= 3.5


def test_spawn_points_are_on_roads(scripts, spawns):
    roads = scripts[1].roads()
    for x, y, _, heading in spawns:
        for a, b in corners(x, y, heading, length=BUS[0], width=BUS[1]):
            assert any(scripts[1].inside(a, b, box) for box in roads)


def test_traffic_keeps_to_the_right(scripts, spawns):
    for x, y, _, heading in spawns:
        streets = scripts[1].NORTHWARD if abs(math.sin(heading)) > 0.5 else scripts[1].EASTWARD
        place = x if abs(math.sin(heading)) > 0.5 else y
        middle = min((middle for middle, _ in streets), key=lambda middle: abs(middle - place))
        right = (place - middle) * (math.sin(heading) if place is x else -math.cos(heading))
        assert right > 0


@pytest.fixture(scope="module")
def buildings(stage):
    return [bound(prim) for prim in stage.GetPrimAtPath("/Town/Buildings").GetChildren()]


def test_no_building_stands_on_a_road_or_in_another(scripts, buildings):
    boxes = [(box.GetMin()[0], box.GetMin()[1], box.GetMax()[0], box.GetMax()[1]) for box in buildings]
    clear = [not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]) for a, b in combinations(boxes, 2)]
    assert all(clear)
    for a in boxes:
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in scripts[1].roads())


def test_no_spawn_point_is_in_a_building(spawns, buildings):
    for x, y, _, heading in spawns:
        for a, b in corners(x, y, heading, length=BUS[0], width=BUS[1]):
            assert not any(box.Contains((a, b, box.GetMidpoint()[2])) for box in buildings)


def test_the_seed_camera_sees_a_dozen_spawn_points(spawns, buildings):
    near = [(x, y) for x, y, _, _ in spawns if math.hypot(x - EYE[0], y - EYE[1]) < 80]
    places = [(x, y) for x, y in near if (at := seen(x, y, 1.0)) and 20 < at[0] < 780 and 20 < at[1] < 580]
    clear = [(x, y) for x, y in places if not hidden(x, y, buildings)]
    assert len(near) >= 40
    assert len(clear) >= 12
