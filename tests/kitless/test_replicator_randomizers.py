"""rep.randomizer in graphs: what it changes, and that pictures show it in the same frame."""

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Usd, UsdGeom, UsdShade

import omni.replicator.core as rep
import omni.usd

from .made_prims import box, labels, paths, position, prims, world

SIZE = (64, 48)


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    rep.set_global_seed(5)
    rep.orchestrator.set_capture_on_play(False)
    return omni.usd.get_context().get_stage()


# --- graphs


def test_annotators_see_the_pose_of_their_own_frame(app, stage):
    class Boxes(rep.Writer):
        def __init__(self):
            self.version = "1.0.0"
            self.annotators = ["bounding_box_3d"]
            self.seen, self.authored = [], []

        def write(self, data):
            self.seen.append(data["bounding_box_3d"]["data"]["transform"][0][3, :3])
            self.authored.append(position(prims(cube)[0]))

    cube = rep.create.cube(semantics={"class": "cube"}, scale=0.2)
    writer = Boxes()
    writer.attach(rep.create.render_product(rep.create.camera(position=(9, 0, 0)), SIZE))
    with rep.trigger.on_frame(), rep.create.group([cube]):
        rep.modify.pose(position=rep.distribution.uniform((-1, -1, -1), (1, 1, 1)))
    for _ in range(3):
        app.run(rep.orchestrator.step_async())
    assert np.array(writer.seen) == pytest.approx(np.array(writer.authored), abs=1e-6)
    assert len({tuple(each) for each in writer.authored}) == 3


def test_blocks_nest_either_way_and_end_with_an_exception(app, stage):
    item = rep.create.xform()
    with item, rep.trigger.on_frame():
        rep.modify.pose(position=(1, 0, 0))
    assert position(prims(item)[0]) == pytest.approx((0, 0, 0))
    rep.orchestrator.preview()
    assert position(prims(item)[0]) == pytest.approx((1, 0, 0))
    with pytest.raises(KeyError), rep.trigger.on_frame(), item:
        raise KeyError
    with item:
        rep.modify.pose(position=(2, 0, 0))
    assert position(prims(item)[0]) == pytest.approx((2, 0, 0))


def test_registered_randomizers_are_called_by_name_with_arguments(app, stage):
    def lights(count):
        made = rep.create.light(
            light_type="Sphere", position=rep.distribution.uniform((-1, -1, -1), (1, 1, 1)), count=count
        )
        return made.node

    rep.randomizer.register(lights)
    with rep.trigger.on_frame():
        item = rep.randomizer.lights(3)
    assert isinstance(item, type(rep.create.xform()))
    places = []
    for _ in range(2):
        rep.orchestrator.preview()
        places.append([tuple(position(prim)) for prim in prims(item)])
    assert len({*places[0], *places[1]}) == 6


def test_a_layer_of_its_own_holds_what_is_made_and_what_is_randomised_later(app, stage):
    root = stage.GetRootLayer()
    UsdGeom.Cube.Define(stage, "/World/Old").AddTranslateOp().Set(Gf.Vec3d(5, 5, 5))
    before = root.ExportToString()
    with rep.new_layer("Scratch") as layer, rep.trigger.on_frame():
        assert stage.GetEditTarget().GetLayer() == layer
        assert layer.GetDisplayName().endswith("Scratch")
        with rep.get.prim_at_path("/World/Old"):
            rep.modify.pose(position=(1, 2, 3))
        rep.create.cube()
    assert stage.GetEditTarget().GetLayer() == root
    app.run(rep.orchestrator.step_async())
    assert position(stage.GetPrimAtPath("/World/Old")) == pytest.approx((1, 2, 3))
    assert layer.GetPrimAtPath("/Replicator/Cube_Xform")
    assert root.ExportToString() == before
    with pytest.raises(KeyError), rep.new_layer("Other"):
        raise KeyError
    assert stage.GetEditTarget().GetLayer() == root


def test_a_layer_of_the_same_name_begins_empty(app, stage):
    for x in (1, 2):
        with rep.new_layer():
            item = rep.create.cube()
            with rep.trigger.on_frame(), item:
                rep.modify.pose(position=(x, 0, 0))
    assert [str(prim.GetPath()) for prim in stage.GetPrimAtPath("/Replicator").GetChildren()] == paths(item)
    app.run(rep.orchestrator.step_async())
    assert position(prims(item)[0]) == pytest.approx((2, 0, 0))


# --- looks


def bound(prim):
    return UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0].GetPrim()


def shader_input(prim, name):
    return bound(prim).GetChild("Shader").GetAttribute(f"inputs:{name}").Get()


def test_colors_are_drawn_for_each_prim_and_each_time(app, stage):
    cubes = rep.create.cube(count=2)
    with rep.trigger.on_frame(), cubes:
        rep.randomizer.color(colors=rep.distribution.uniform((0, 0, 0), (1, 1, 1)))
    seen = set()
    for _ in range(2):
        rep.orchestrator.preview()
        seen |= {tuple(shader_input(prim.GetChild("Cube"), "diffuse_color_constant")) for prim in prims(cubes)}
    assert len(seen) == 4
    assert len(stage.GetPrimAtPath("/Replicator/Looks").GetChildren()) == 2


def test_colors_come_from_a_list(stage):
    cubes = rep.create.cube(count=8)
    with cubes:
        rep.randomizer.color([(1, 0, 0), (0, 1, 0)])
    seen = {tuple(shader_input(prim.GetChild("Cube"), "diffuse_color_constant")) for prim in prims(cubes)}
    assert seen == {(1, 0, 0), (0, 1, 0)}
    parent = rep.create.xform()
    rep.create.cube(count=2, parent=parent)
    with parent:
        rep.randomizer.color([(1, 0, 0)], per_sub_mesh=True)
    assert len({bound(child.GetChild("Cube")).GetPath() for child in prims(parent)[0].GetChildren()}) == 2


def test_materials_are_chosen_from_those_given(stage):
    looks, cubes = rep.create.material_omnipbr(count=3), rep.create.cube(count=12)
    with cubes:
        rep.randomizer.materials(looks)
    assert {str(bound(prim).GetPath()) for prim in prims(cubes)} == set(paths(looks))
    with cubes:
        rep.randomizer.materials(["Wood.mdl", paths(looks)[0]])
    names = {bound(prim).GetName() for prim in prims(cubes)}
    assert names == {"Wood", "OmniPBR"}
    with pytest.raises(ValueError, match="/Nowhere"), cubes:
        rep.randomizer.materials(["/Nowhere"])


def test_textures_show(app, stage, tmp_path):
    Image.new("RGB", (8, 8), (0, 0, 255)).save(tmp_path / "blue.png")
    wall = rep.create.plane(scale=100, rotation=(0, 90, 0))
    with wall:
        rep.randomizer.texture(
            [str(tmp_path / "blue.png")], texture_scale=2.0, texture_rotate=rep.distribution.uniform(10, 20)
        )
    cover = prims(wall)[0].GetChild("Plane")
    assert 10 <= shader_input(cover, "texture_rotate") <= 20
    assert shader_input(cover, "texture_scale") == (2, 2)
    rep.create.light(light_type="dome")
    annotator = rep.annotators.get("rgb").attach(rep.create.render_product(rep.create.camera(position=(5, 0, 0)), SIZE))
    app.run(rep.orchestrator.step_async())
    red, green, blue = annotator.get_data()[24, 32, :3].astype(int)
    assert blue > 100
    assert blue > 3 * max(red, green)


# --- places


def test_rotations_are_even(stage):
    """Under evenly distributed rotations each image of an axis is even over the sphere: mean 0, mean square 1/3."""
    count = 600
    item = rep.create.group([UsdGeom.Xform.Define(stage, f"/World/R{number}").GetPrim() for number in range(count)])
    with item:
        rep.randomizer.rotation()
    turns = np.array([np.array(world(prim).ExtractRotationMatrix()) for prim in prims(item)])
    # Deviation of a coordinate is 1/sqrt 3, of its square 2/sqrt 45; bounds of five standard errors.
    assert np.abs(turns.mean(0)).max() < 5 / np.sqrt(3 * count)
    assert np.abs((turns**2).mean(0) - 1 / 3).max() < 5 * 2 / np.sqrt(45 * count)


def test_rotations_keep_within_angles(stage):
    item = rep.create.xform(count=50)
    with item:
        rep.randomizer.rotation(min_angle=(0, -10, 30), max_angle=(0, 20, 60))
    angles = np.array([prim.GetAttribute("xformOp:rotateXYZ").Get() for prim in prims(item)])
    assert (angles >= np.array((0, -10, 30)) - 1e-9).all()
    assert (angles <= np.array((0, 20, 60)) + 1e-9).all()
    assert np.ptp(angles, axis=0)[1:].min() > 20


def overlaps(items):
    boxes = [box(prim) for prim in items]
    pairs = [(one, other) for index, one in enumerate(boxes) for other in boxes[:index]]
    return sum(bool(((one[0] < other[1]) & (other[0] < one[1])).all()) for one, other in pairs)


def test_scattered_things_lie_on_the_surface_evenly(stage):
    ramp = rep.create.plane(scale=(4, 2, 1), rotation=(0, -30, 0), position=(1, 2, 3))
    item = rep.create.xform(count=300)
    with item:
        rep.randomizer.scatter_2d(ramp, offset=0.5)
    back = world(prims(ramp)[0]).GetInverse()
    local = np.array([back.Transform(Gf.Vec3d(*position(prim))) for prim in prims(item)])
    assert local[:, 2] == pytest.approx(0.5)
    assert np.abs(local[:, :2]).max() <= 0.5
    # A unit square: mean 0, deviation 1/sqrt 12.
    assert np.abs(local[:, :2].mean(0)).max() < 5 / np.sqrt(12 * 300)
    assert local[:, :2].std(0) == pytest.approx(1 / np.sqrt(12), rel=0.12)


def test_scattering_on_a_ball_is_even_and_bounded(stage):
    ball = rep.create.sphere(as_mesh=False, scale=2)
    item = rep.create.xform(count=300)
    with item:
        rep.randomizer.scatter_2d(ball, min_samp=(None, None, 0))
    places = np.array([position(prim) for prim in prims(item)])
    assert np.linalg.norm(places, axis=1) == pytest.approx(1, abs=0.005)
    # Archimedes: on a sphere heights are even, here from 0 to 1.
    assert places[:, 2].min() >= 0
    assert places[:, 2].mean() == pytest.approx(0.5, abs=5 / np.sqrt(12 * 300))


def test_scattered_things_do_not_overlap_when_asked(app, stage):
    floor, post = rep.create.plane(scale=6), rep.create.cube(scale=(2, 2, 1))
    cubes = rep.create.cube(count=12, scale=0.8, rotation=(0, 0, 30))
    with rep.trigger.on_frame(), cubes:
        rep.randomizer.scatter_2d(floor, no_coll_prims=post, check_for_collisions=True)
    before = []
    for _ in range(3):
        rep.orchestrator.preview()
        assert overlaps([*prims(cubes), *prims(post)]) == 0
        before.append([tuple(position(prim)) for prim in prims(cubes)])
    assert before[0] != before[1] != before[2]


def test_obstacles_are_minded_in_any_case(stage):
    floor, post = rep.create.plane(scale=6), rep.create.cube(scale=(4, 4, 1))
    cubes = rep.create.cube(count=30, scale=0.5)
    with cubes:
        rep.randomizer.scatter_2d(floor, no_coll_prims=post)
    assert all(overlaps([*prims(post), each]) == 0 for each in prims(cubes))
    assert overlaps(prims(cubes)) > 0


def test_things_that_find_no_room_are_told_of(stage, capfd):
    floor = rep.create.plane()
    cubes = rep.create.cube(count=2, scale=3)
    with cubes:
        rep.randomizer.scatter_2d(floor, check_for_collisions=True)
    assert "/Replicator/Cube_Xform_01: found no place" in "".join(capfd.readouterr())
    with pytest.raises(ValueError, match="/Replicator/Cube_Xform: there is no point"), cubes:
        rep.randomizer.scatter_2d(floor, min_samp=(5, 5, 5))
    with pytest.raises(ValueError, match="No mesh or shape"), cubes:
        rep.randomizer.scatter_2d(rep.create.xform())


def test_scattering_fills_a_volume_but_for_its_holes(stage):
    ball, core = rep.create.sphere(scale=4, position=(1, 1, 1)), rep.create.sphere(scale=2, position=(1, 1, 1))
    item = rep.create.xform(count=300)
    with item:
        rep.randomizer.scatter_3d(ball, volume_excl_prims=core)
    distance = np.linalg.norm([position(prim) - 1 for prim in prims(item)], axis=1)
    # The meshes lie within their spheres, by up to 0.24 % of the radius.
    assert distance.max() <= 2
    assert distance.min() >= 0.997
    # The share of the shell from radius 1 to 2 that is below 1.5 is (1.5^3 - 1) / 7.
    share = (1.5**3 - 1) / 7
    assert np.mean(distance < 1.5) == pytest.approx(share, abs=5 * np.sqrt(share * (1 - share) / 300))


def test_a_volume_can_be_given_by_its_bounds(stage):
    cubes = rep.create.cube(count=10, scale=0.5)
    with cubes:
        rep.randomizer.scatter_3d(min_samp=(0, 0, 0), max_samp=(3, 2, 1), check_for_collisions=True)
    places = np.array([position(prim) for prim in prims(cubes)])
    assert (places >= 0).all()
    assert (places <= (3, 2, 1)).all()
    assert overlaps(prims(cubes)) == 0
    with pytest.raises(ValueError, match="min_samp and max_samp"), cubes:
        rep.randomizer.scatter_3d(min_samp=(0, 0, 0))


def test_instances_show_another_asset_each_time(app, stage, tmp_path):
    for name, size in (("small", 1.0), ("large", 3.0)):
        made = Usd.Stage.CreateNew(str(tmp_path / f"{name}.usda"))
        cube = UsdGeom.Cube.Define(made, "/Thing")
        cube.CreateSizeAttr(size)
        made.SetDefaultPrim(cube.GetPrim())
        made.GetRootLayer().Save()
    files = [str(tmp_path / "small.usda"), str(tmp_path / "large.usda")]
    with rep.trigger.on_frame():
        item = rep.randomizer.instantiate(files, size=6, mode="point_instance", semantics={"class": "thing"})
        with item:
            rep.modify.pose(position=rep.distribution.uniform((0, 0, 0), (9, 9, 9)))
    seen = []
    for _ in range(4):
        rep.orchestrator.preview()
        seen.append([round(float(np.ptp(box(prim)[:, 0])), 6) for prim in prims(item)])
    assert {size for sizes in seen for size in sizes} == {1, 3}
    assert seen[0] != seen[1] or seen[1] != seen[2]
    assert all(labels(prim) == {"class": ["thing"]} for prim in prims(item))
    with pytest.raises(FileNotFoundError, match=r"none\.usda"):
        rep.randomizer.instantiate(["none.usda"], size=1)
