"""The sample in `data/` and `config/`: whole, to scale, the right way round, and equal to what its scripts make."""

import importlib
import json
import math
import re
from itertools import pairwise
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, UsdUtils, UsdValidation

ROOT = Path(__file__).parents[2]
DATA, CONFIG = ROOT / "data", ROOT / "config"
TEXTURES = ["cracker.png", "cracker_box.png", "floor_tiles.png", "soup_can.png", "table_wood.png", "turtle_shell.png"]
PROPS = ["cracker.usda", "cracker_box.usda", "mug.usda", "plate.usda", "soup_can.usda", "table.usda", "toy_turtle.usda"]
BOXES = ["/World/_03_cracker_box", "/World/_03_cracker_box_01"]
CANS = ["/World/_05_tomato_soup_can", "/World/_05_tomato_soup_can_01"]
TURTLE = "/World/toy_turtle"
TABLE_TOP = 0.46


@pytest.fixture(scope="module")
def stage():
    return Usd.Stage.Open(str(DATA / "tabletop.usda"))


@pytest.fixture(scope="module")
def scripts():
    """The two generating scripts, imported as Python finds them when they are run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DATA))
        yield importlib.import_module("make_textures"), importlib.import_module("make_props")


@pytest.fixture(scope="module")
def job():
    return json.loads((CONFIG / "tabletop.json").read_text(encoding="utf-8"))


def prims(stage):
    return list(Usd.PrimRange(stage.GetPseudoRoot(), Usd.TraverseInstanceProxies()))


def bound(stage, path, time=0.0):
    cache = UsdGeom.BBoxCache(time, [UsdGeom.Tokens.default_, UsdGeom.Tokens.render])
    return cache.ComputeWorldBound(stage.GetPrimAtPath(path)).ComputeAlignedRange()


def triangles(stage, owner):
    """Fans of all faces of a printed thing, in its own space: positions (n, 3, 3) and st (n, 3, 2)."""
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath(f"{owner}/mesh"))
    corners, first = [], 0
    for count in mesh.GetFaceVertexCountsAttr().Get():
        corners += [(first, first + k, first + k + 1) for k in range(1, count - 1)]
        first += count
    points = np.array(mesh.GetPointsAttr().Get())[np.array(mesh.GetFaceVertexIndicesAttr().Get())]
    return points[corners], np.array(UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").Get())[corners]


def test_stage_opens_without_a_word():
    listener = UsdUtils.CoalescingDiagnosticDelegate()
    stage = Usd.Stage.Open(str(DATA / "tabletop.usda"))
    assert listener.TakeUncoalescedDiagnostics() == []
    assert stage.GetCompositionErrors() == []


def test_stage_passes_every_validator_of_usd(stage):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    found = UsdValidation.ValidationContext(validators).Validate(stage)
    assert [problem.GetErrorAsString() for problem in found] == []


def test_stage_is_metric_z_up_and_starts_at_zero(stage):
    assert UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert stage.GetDefaultPrim().GetPath() == "/World"
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode(), stage.GetTimeCodesPerSecond()) == (0, 47, 24)


@pytest.mark.parametrize("name", ["tabletop.usda", *(f"props/{name}" for name in PROPS)])
def test_every_layer_agrees_on_units(name):
    layer = Usd.Stage.Open(str(DATA / name))
    assert (UsdGeom.GetStageUpAxis(layer), UsdGeom.GetStageMetersPerUnit(layer)) == ("Z", 1.0)


def test_stage_needs_nothing_from_outside_its_folder():
    layers, assets, unresolved = UsdUtils.ComputeAllDependencies(str(DATA / "tabletop.usda"))
    assert unresolved == []
    assert sorted(Path(layer.realPath).name for layer in layers) == sorted(["tabletop.usda", *PROPS])
    assert sorted(Path(asset) for asset in assets) == [DATA / "textures" / name for name in TEXTURES]


@pytest.mark.parametrize("path", [DATA / "tabletop.usda", *(DATA / "props" / name for name in PROPS)])
def test_asset_paths_are_relative(path):
    found = re.findall(r"@([^@]*)@", path.read_text(encoding="utf-8"))
    assert [asset for asset in found if not asset.startswith((".", ".."))] == []


def test_no_label_is_authored_in_the_stage(stage):
    assert [
        prim.GetPath() for prim in prims(stage) if any("emantics" in name for name in prim.GetAppliedSchemas())
    ] == []


@pytest.mark.parametrize(("path", "size"), [(BOXES[0], (0.16, 0.06, 0.21)), (CANS[0], (0.068, 0.068, 0.1))])
def test_prop_is_as_large_as_the_real_thing(stage, path, size):
    low, high = (np.array(corner) for corner in stage.GetAttributeAtPath(f"{path}/mesh.extent").Get())
    assert high - low == pytest.approx(size, abs=1e-4)
    assert low == pytest.approx((-size[0] / 2, -size[1] / 2, 0), abs=1e-4)


@pytest.mark.parametrize(("path", "volume"), [(BOXES[0], 0.16 * 0.06 * 0.21), (CANS[0], math.pi * 0.034**2 * 0.1)])
def test_printed_faces_look_outwards(stage, path, volume):
    a, b, c = np.moveaxis(triangles(stage, path)[0], 1, 0)
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6 == pytest.approx(volume, rel=0.1)


@pytest.mark.parametrize("path", [BOXES[0], CANS[0]])
def test_letters_are_not_mirrored(stage, path):
    st = triangles(stage, path)[1]
    right, up = st[:, 1] - st[:, 0], st[:, 2] - st[:, 0]
    assert (right[:, 0] * up[:, 1] - right[:, 1] * up[:, 0]).min() > 0


@pytest.mark.parametrize("path", [BOXES[0], CANS[0]])
def test_letters_on_upright_faces_stand_upright(stage, path):
    points, st = triangles(stage, path)
    upright = np.ptp(points[:, :, 2], axis=1) > 0.05
    rise = (points[upright][:, :, 2] - points[upright][:, :1, 2]) * (st[upright][:, :, 1] - st[upright][:, :1, 1])
    assert upright.sum() >= 8
    assert rise.min() >= 0
    assert rise.max(axis=1).min() > 0


def test_textured_meshes_stay_inside_their_picture(stage):
    meshes = [prim for prim in prims(stage) if prim.HasAttribute("primvars:st") and prim.GetName() != "floor"]
    values = np.concatenate([np.array(prim.GetAttribute("primvars:st").Get()) for prim in meshes])
    assert len(meshes) >= 7
    assert values.min() >= 0
    assert values.max() <= 1


def test_floor_repeats_whole_tiles(stage):
    st = np.array(stage.GetAttributeAtPath("/World/room/floor.primvars:st").Get())
    assert (st == np.round(st)).all()
    assert stage.GetAttributeAtPath("/World/room/Looks/tiles/picture.inputs:wrapS").Get() == "repeat"


def test_every_gprim_has_a_colour(stage):
    gprims = [UsdGeom.Gprim(prim) for prim in prims(stage) if prim.IsA(UsdGeom.Gprim)]
    looks = [UsdShade.MaterialBindingAPI(gprim).ComputeBoundMaterial()[0] for gprim in gprims]
    bare = [
        gprim.GetPath()
        for gprim, look in zip(gprims, looks, strict=True)
        if not look and not gprim.GetDisplayColorAttr().Get()
    ]
    assert bare == []


@pytest.mark.parametrize("path", [*BOXES, *CANS, TURTLE, "/World/mug", "/World/snack", "/World/toy_blocks"])
def test_things_stand_on_the_table(stage, path):
    table, thing = bound(stage, "/World/table"), bound(stage, path)
    assert thing.GetMin()[2] == pytest.approx(TABLE_TOP, abs=1e-6)
    assert table.GetMax()[2] == pytest.approx(TABLE_TOP, abs=1e-6)
    assert table.Contains(Gf.Range3d(thing.GetMin(), (*thing.GetMax()[:2], TABLE_TOP)))


def test_cans_share_one_prototype(stage):
    first, second = (stage.GetPrimAtPath(path) for path in CANS)
    assert first.IsInstance()
    assert first.GetPrototype() == second.GetPrototype()


def place(stage, time):
    return UsdGeom.Xformable(stage.GetPrimAtPath(TURTLE)).ComputeLocalToWorldTransform(time).ExtractTranslation()


def test_turtle_moves_by_a_48th_of_its_round_in_every_frame(stage):
    places = [place(stage, frame) for frame in range(49)]
    chord = 2 * 0.19 * math.sin(math.pi / 48)
    assert [(b - a).GetLength() for a, b in pairwise(places)] == pytest.approx([chord] * 48)
    assert places[48] == pytest.approx(places[0])


def test_turtle_looks_where_it_goes(stage):
    matrix = UsdGeom.Xformable(stage.GetPrimAtPath(TURTLE)).ComputeLocalToWorldTransform(5.0)
    heading, step = matrix.TransformDir((1, 0, 0)), place(stage, 5.01) - place(stage, 4.99)
    assert Gf.Dot(heading, step.GetNormalized()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("path", [*BOXES, *CANS, "/World/mug", "/World/snack", "/World/toy_blocks"])
def test_turtle_runs_into_nothing(stage, path):
    size = bound(Usd.Stage.Open(str(DATA / "props" / "toy_turtle.usda")), "/toy_turtle").GetMax()
    ring = 0.19 - size[1], math.hypot(0.19 + size[1], size[0])
    cache, reach = UsdGeom.XformCache(), []
    for prim in Usd.PrimRange(stage.GetPrimAtPath(path), Usd.TraverseInstanceProxies()):
        if prim.IsA(UsdGeom.Boundable):
            low, high = prim.GetAttribute("extent").Get()
            outline = prim.GetAttribute("points").Get() if prim.IsA(UsdGeom.Mesh) else [low, high]
            matrix = cache.GetLocalToWorldTransform(prim)
            reach += [(matrix.Transform(Gf.Vec3d(point)) - Gf.Vec3d(-0.01, 0.04, 0)) for point in outline]
    distances = [math.hypot(point[0], point[1]) for point in reach]
    assert max(distances) < ring[0] or min(distances) > ring[1]


@pytest.mark.parametrize("path", [*BOXES, *CANS, TURTLE])
@pytest.mark.parametrize(
    ("camera", "aspect"), [("turtle_Camera", 16 / 9), ("turtle_Camera", 4 / 3), ("side_Camera", 16 / 9)]
)
def test_labelled_things_are_in_frame(stage, path, camera, aspect):
    lens = UsdGeom.Camera(stage.GetPrimAtPath(f"/World/{camera}"))
    zoom = 2 * lens.GetFocalLengthAttr().Get() / lens.GetHorizontalApertureAttr().Get()
    view = lens.ComputeLocalToWorldTransform(0).GetInverse()
    for frame in range(10):
        box = bound(stage, path, frame)
        x, y, z = np.array([view.Transform(box.GetCorner(corner)) for corner in range(8)]).T
        assert np.abs([zoom * x / -z, aspect * zoom * y / -z]).max() < 1


@pytest.mark.parametrize("name", TEXTURES)
def test_textures_are_what_the_script_draws(scripts, name):
    drawn, kept = scripts[0].PICTURES[name](), Image.open(DATA / "textures" / name)
    assert (kept.mode, kept.size) == (drawn.mode, drawn.size)
    # Other releases of the font rasteriser may round the edges of letters differently: compare means of 4 x 4 pixels.
    off = np.asarray(drawn.reduce(4), dtype=int) - np.asarray(kept.reduce(4), dtype=int)
    assert np.abs(off).max() <= 16


def test_scripts_make_all_that_is_kept_and_no_more(scripts):
    assert sorted(scripts[0].PICTURES) == sorted(path.name for path in (DATA / "textures").iterdir()) == TEXTURES
    assert sorted(scripts[1].MAKERS) == sorted(path.name for path in (DATA / "props").iterdir()) == PROPS


@pytest.mark.parametrize("name", PROPS)
def test_props_are_what_the_script_makes(scripts, name):
    made = scripts[1].MAKERS[name]()
    kept = Sdf.Layer.OpenAsAnonymous(str(DATA / "props" / name))
    assert made.GetRootLayer().ExportToString() == kept.ExportToString()


def test_textures_stay_light():
    sizes = [path.stat().st_size for path in (DATA / "textures").iterdir()]
    assert max(sizes) < 300_000
    assert sum(sizes) < 1_500_000


def test_job_names_files_and_cameras_that_exist(stage, job):
    assert (CONFIG / job["stage"]).resolve() == DATA / "tabletop.usda"
    assert (CONFIG / job["labels"]).is_file()
    cameras = [product["camera"] for product in job["render_products"]]
    assert all(stage.GetPrimAtPath(camera).IsA(UsdGeom.Camera) for camera in cameras)


def test_job_records_ten_frames_of_one_camera_twice_and_another(job):
    products = [(product["camera"], product["resolution"]) for product in job["render_products"]]
    assert products[:2] == [("/World/turtle_Camera", [1280, 720]), ("/World/turtle_Camera", [640, 480])]
    assert products[2][0] == "/World/side_Camera"
    assert (job["frames"], job["control_timeline"]) == (10, True)


def test_rules_label_exactly_the_things_meant(stage):
    rules = json.loads((CONFIG / "labels" / "tabletop.json").read_text(encoding="utf-8"))["rules"]
    paths = [str(prim.GetPath()) for prim in prims(stage) if not prim.IsPseudoRoot()]
    found = {r["labels"]["class"]: [p for p in paths if PurePosixPath(p).match(r["match"]["path"])] for r in rules}
    assert found == {"box": BOXES, "can": CANS, "turtle": [TURTLE]}
