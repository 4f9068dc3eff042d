"""rep.create: cameras and their products, lights, files, groups and materials."""

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdLux

import carb.settings
import omni.replicator.core as rep
import omni.usd

from .made_prims import box, forward, labels, only_camera, paths

SIZE = (64, 48)
UNITS = {"metres, Z up": (1.0, "Z"), "centimetres, Y up": (0.01, "Y")}


@pytest.fixture(params=UNITS.values(), ids=UNITS)
def unit(app, request):
    """How many units a metre is, on stages of both kinds."""
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    metres, up = request.param
    UsdGeom.SetStageMetersPerUnit(stage, metres)
    UsdGeom.SetStageUpAxis(stage, up)
    return 1 / metres


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    return omni.usd.get_context().get_stage()


def open_stage():
    return omni.usd.get_context().get_stage()


# --- cameras, lights, files


def test_lenses_have_their_defaults(stage):
    camera = only_camera(rep.create.camera())
    names = ["focalLength", "focusDistance", "fStop", "horizontalAperture", "horizontalApertureOffset"]
    assert [camera.GetAttribute(name).Get() for name in names] == pytest.approx([24, 400, 0, 20.955, 0])
    assert camera.GetAttribute("clippingRange").Get() == (1, 1000000)
    assert not camera.HasAttribute("cameraProjectionType")


def test_lenses_that_are_no_pinhole_are_drawn(app, stage):
    rep.create.cube(semantics={"class": "cube"})
    camera = rep.create.camera(
        position=(3, 0, 0),
        clipping_range=(0.01, 100),
        projection_type="fisheye_polynomial",
        fisheye_nominal_width=64,
        fisheye_nominal_height=48,
        fisheye_optical_centre_x=32,
        fisheye_optical_centre_y=24,
        fisheye_polynomial_b=0.05,
    )
    assert only_camera(camera).GetAttribute("cameraProjectionType").Get() == "fisheyePolynomial"
    annotator = rep.annotators.get("distance_to_camera")
    annotator.attach(rep.create.render_product(camera, SIZE))
    app.run(rep.orchestrator.step_async())
    # The polynomial gives the angle: 2.5 m ahead the face of 0.5 m half height ends at atan(0.2) / 0.05 pixels.
    column = annotator.get_data()[:, 32] < 100
    assert column.sum() == pytest.approx(2 * np.arctan(0.2) / 0.05, abs=1)


def test_stereo_cameras_are_a_baseline_apart(unit):
    pair = rep.create.stereo_camera(0.2 * unit, position=(1, 2, 3), look_at=(9, 9, 9))
    left, right = pair.get_output_prims()["prims"][0].GetChildren()
    eyes = [
        np.array(UsdGeom.Xformable(eye).ComputeLocalToWorldTransform(0).ExtractTranslation()) for eye in (left, right)
    ]
    direction, up = forward(left)
    assert eyes[1] - eyes[0] == pytest.approx(0.2 * unit * np.cross(direction, up))
    assert np.mean(eyes, 0) == pytest.approx((1, 2, 3))
    products = rep.create.render_product(pair, SIZE)
    assert [product.path.rpartition("/")[2] for product in products] == ["Replicator_L", "Replicator_R"]
    assert [product.path for product in rep.create.render_product(pair, SIZE)] == [each.path for each in products]


def test_render_products_take_items_and_lists_of_them(stage):
    both, third = rep.create.camera(count=2), rep.create.camera()
    made = rep.create.render_product([both, third], SIZE)
    assert [product.camera for product in made] == [f"{path}/Camera" for path in [*paths(both), *paths(third)]]
    assert isinstance(rep.create.render_product(both, SIZE), list)
    assert rep.create.render_product(third, SIZE).path == made[2].path
    named = rep.create.render_product(both, SIZE, name=["one", "two"])
    assert [product.name for product in named] == ["one", "two"]


def test_tiles_are_the_pictures_of_their_cameras(app, stage):
    rep.create.sphere(semantics={"class": "sphere"})
    rep.create.cube(semantics={"class": "cube"}, position=(0, 2, 0))
    cameras = rep.create.camera(count=3, position=[(4, 0, 0), (0, -4, 0), (3, 5, 2)], look_at=(0, 0, 0))
    products = rep.create.render_product(cameras, SIZE)
    tiled = rep.create.render_product_tiled(cameras, SIZE, name="Tiles")
    assert tiled.resolution == (128, 96)
    assert rep.create.render_product_tiled(cameras, SIZE).path == tiled.path
    for name in ("rgb", "distance_to_camera", "semantic_segmentation"):
        parts = [rep.annotators.get(name).attach(product) for product in products]
        whole = rep.annotators.get(name).attach(tiled)
        app.run(rep.orchestrator.step_async())
        *pictures, grid = (annotator.get_data(use_legacy_structure=False)["data"] for annotator in (*parts, whole))
        assert (grid[:48, :64] == pictures[0]).all()
        assert (grid[:48, 64:] == pictures[1]).all()
        assert (grid[48:, :64] == pictures[2]).all()
        assert not grid[48:, 64:].any()
    assert whole.get_data()["info"]["idToLabels"].items() >= parts[0].get_data()["info"]["idToLabels"].items()
    boxes = rep.annotators.get("bounding_box_2d_tight").attach(tiled)
    with pytest.raises(NotImplementedError, match="bounding_box_2d_tight"):
        app.run(rep.orchestrator.step_async())
    boxes.detach()


@pytest.mark.parametrize("kind", ["Distant", "Sphere", "Rect", "Disk", "Cylinder", "Dome"])
def test_lights_are_of_their_type(stage, kind):
    item = rep.create.light(light_type=kind.lower(), color=(1, 0.5, 0), intensity=7, exposure=2, temperature=3000)
    assert paths(item) == [f"/Replicator/{kind}Light_Xform"]
    prim = stage.GetPrimAtPath(f"/Replicator/{kind}Light_Xform/{kind}Light")
    light = UsdLux.LightAPI(prim)
    assert prim.GetTypeName() == f"{kind}Light"
    values = [light.GetIntensityAttr().Get(), light.GetExposureAttr().Get(), light.GetColorTemperatureAttr().Get()]
    assert values == [7, 2, 3000]
    assert light.GetColorAttr().Get() == (1, 0.5, 0)
    assert light.GetEnableColorTemperatureAttr().Get()


def test_a_textured_dome_raises_the_subframes(stage):
    settings = carb.settings.get_settings()
    settings.set("/omni/replicator/RTSubframes", 1)
    rep.create.light(light_type="dome", texture="sky.exr")
    assert settings.get("/omni/replicator/RTSubframes") == 3
    settings.set("/omni/replicator/RTSubframes", 8)
    rep.create.light(light_type="dome", texture="sky.exr")
    assert settings.get("/omni/replicator/RTSubframes") == 8


@pytest.fixture
def assets(tmp_path):
    for name in ("b_tall.usda", "a_short.usda", "more/c_tall.usda"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        stage = Usd.Stage.CreateNew(str(path))
        stage.SetDefaultPrim(UsdGeom.Cube.Define(stage, "/Thing").GetPrim())
        stage.GetRootLayer().Save()
    return tmp_path


def test_files_are_referenced_below_an_xform(stage, assets):
    item = rep.create.from_usd(str(assets / "a_short.usda"), semantics={"class": "thing"}, count=2, scale=3)
    assert paths(item) == ["/Replicator/Ref_Xform", "/Replicator/Ref_Xform_01"]
    assert labels("/Replicator/Ref_Xform_01") == {"class": ["thing"]}
    assert stage.GetPrimAtPath("/Replicator/Ref_Xform/Ref").IsA(UsdGeom.Cube)
    assert box("/Replicator/Ref_Xform") == pytest.approx(np.array([[-3] * 3, [3] * 3]))
    with pytest.raises(FileNotFoundError, match=r"none\.usda"):
        rep.create.from_usd("none.usda")


def test_folders_give_one_prim_for_each_file(stage, assets):
    def names(**options):
        return [
            stage.GetPrimAtPath(f"{path}/Ref").GetPrimStack()[1].layer.GetDisplayName()
            for path in paths(rep.create.from_dir(str(assets), **options))
        ]

    assert names() == ["a_short.usda", "b_tall.usda"]
    assert names(recursive=True, path_filter="tall") == ["b_tall.usda", "c_tall.usda"]
    with pytest.raises(FileNotFoundError, match="no USD files"):
        rep.create.from_dir(str(assets), path_filter="round")


def test_groups_are_the_prims_of_their_items(stage):
    one, two = rep.create.cube(), rep.create.sphere(count=2)
    item = rep.create.group([one, two, "/World", one], semantics={"class": "thing"})
    assert paths(item) == [*paths(one), *paths(two), "/World"]
    assert all(labels(path) == {"class": ["thing"]} for path in paths(item))


def test_materials_stand_under_looks_and_show(app, stage):
    looks = rep.create.material_omnipbr(diffuse=(0.9, 0.05, 0.05), roughness=1.0, metallic=0.0, count=2)
    assert paths(looks) == ["/Replicator/Looks/OmniPBR", "/Replicator/Looks/OmniPBR_01"]
    shader = stage.GetPrimAtPath("/Replicator/Looks/OmniPBR/Shader")
    assert shader.GetAttribute("inputs:diffuse_color_constant").Get() == pytest.approx((0.9, 0.05, 0.05))
    rep.create.light(light_type="dome", intensity=1000)
    rep.create.plane(scale=100, rotation=(0, 90, 0), material=looks)
    annotator = rep.annotators.get("rgb")
    annotator.attach(rep.create.render_product(rep.create.camera(position=(5, 0, 0)), SIZE))
    app.run(rep.orchestrator.step_async())
    red, green, blue = annotator.get_data()[24, 32, :3].astype(int)
    assert red > 2 * green > 0
    # A light of 6500 kelvin is not quite neutral.
    assert abs(green - blue) <= 5


def test_registered_functions_are_called_by_name(stage):
    def tower(height, **options):
        items = [rep.create.cube(position=(0, 0, floor), **options) for floor in range(height)]
        return rep.create.group(items).node

    rep.create.register(tower, fn_name="high_tower")
    assert len(paths(rep.create.high_tower(3, semantics={"class": "floor"}))) == 3
