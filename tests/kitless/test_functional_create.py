"""rep.functional.create and create_batch: what is on the stage afterwards, against USD's own reading of it."""

import inspect
import math

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdLux, UsdShade

import omni.replicator.core as rep

create = rep.functional.create
create_batch = rep.functional.create_batch
SHAPES = ("plane", "cube", "sphere", "cylinder", "cone", "torus", "disk")
LIGHTS = ("sphere_light", "disk_light", "rect_light", "cylinder_light", "distant_light", "dome_light")
VOLUMES = {
    "cube": 1.0,
    "sphere": math.pi / 6,
    "cylinder": math.pi / 4,
    "cone": math.pi / 12,
    "torus": 2 * math.pi**2 * 0.375 * 0.125**2,
}


def triangles(prim):
    """(t, 3, 3): the prim's faces as fans, in its own frame."""
    mesh = UsdGeom.Mesh(prim)
    points, numbers = np.array(mesh.GetPointsAttr().Get()), np.array(mesh.GetFaceVertexIndicesAttr().Get())
    found, start = [], 0
    for count in mesh.GetFaceVertexCountsAttr().Get():
        face = numbers[start : start + count]
        found += [points[[face[0], face[i], face[i + 1]]] for i in range(1, count - 1)]
        start += count
    return np.array(found, float)


def volume(prim):
    """By the divergence theorem: right only if every face is closed in and turned outwards."""
    a, b, c = triangles(prim).swapaxes(0, 1)
    return np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6


def world_points(prim):
    matrix = np.array(UsdGeom.XformCache().GetLocalToWorldTransform(prim))
    return np.array(UsdGeom.Mesh(prim).GetPointsAttr().Get()) @ matrix[:3, :3] + matrix[3, :3]


@pytest.mark.parametrize("name", ["scope", "xform", "camera", *SHAPES, *LIGHTS])
def test_names_are_the_types_at_the_root_and_taken_ones_get_a_number(stage, name):
    kind = "".join(part.title() for part in name.split("_"))
    first, second = getattr(create, name)(), getattr(create, name)()
    assert (str(first.GetPath()), str(second.GetPath())) == (f"/{kind}", f"/{kind}_01")


@pytest.mark.parametrize("name", ["scope", "xform", "camera", "material", *SHAPES, *LIGHTS])
def test_a_parent_that_is_missing_is_made(stage, name):
    made = getattr(create, name)(name="A B", parent="/World/Group")
    assert str(made.GetPath()) == "/World/Group/A_B"
    assert stage.GetPrimAtPath("/World/Group").GetTypeName() == "Xform"


@pytest.mark.parametrize("name", VOLUMES)
def test_a_shape_is_closed_faces_outwards_and_has_its_volume(stage, name):
    found, exact = volume(getattr(create, name)()), VOLUMES[name]
    assert exact * 0.96 < found <= exact * (1 + 1e-6)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_a_metre_across_whatever_the_unit(stage, name):
    UsdGeom.SetStageMetersPerUnit(stage, 0.01)
    prim = getattr(create, name)()
    extent = np.array(UsdGeom.Boundable(prim).GetExtentAttr().Get())
    height = {"plane": 0, "disk": 0, "torus": 25}.get(name, 100)
    assert np.allclose(np.ptp(extent, axis=0), [100, 100, height])
    assert np.allclose(extent, UsdGeom.PointBased.ComputeExtent(UsdGeom.Mesh(prim).GetPointsAttr().Get()))


@pytest.mark.parametrize(("axis", "normal"), [("Z", (0, 0, 1)), ("Y", (0, 1, 0))])
@pytest.mark.parametrize("name", ["plane", "disk"])
def test_flat_shapes_lie_on_the_ground(stage, name, axis, normal):
    UsdGeom.SetStageUpAxis(stage, axis)
    a, b, c = triangles(getattr(create, name)())[0]
    cross = np.cross(b - a, c - a)
    assert np.allclose(cross / np.linalg.norm(cross), normal)


def test_a_cone_points_up_in_a_stage_whose_y_is_up(stage):
    UsdGeom.SetStageUpAxis(stage, "Y")
    points = np.array(UsdGeom.Mesh(create.cone()).GetPointsAttr().Get())
    assert np.allclose(points[points[:, 1] > 0.49], [[0, 0.5, 0]])


@pytest.mark.parametrize("name", ["sphere", "cylinder", "cone", "torus", "cube"])
def test_normals_point_outwards(stage, name):
    mesh = UsdGeom.Mesh(getattr(create, name)())
    points, normals = np.array(mesh.GetPointsAttr().Get()), np.array(mesh.GetNormalsAttr().Get())
    assert np.allclose(np.linalg.norm(normals, axis=1), 1)
    numbers = np.array(mesh.GetFaceVertexIndicesAttr().Get())
    counts = np.array(mesh.GetFaceVertexCountsAttr().Get())
    for start, count in zip(np.cumsum(counts) - counts, counts, strict=True):
        face = numbers[start : start + count]
        a, b, c = points[face[:3]]
        assert np.dot(np.cross(b - a, c - a), normals[face].sum(axis=0)) > 0


@pytest.mark.parametrize("name", ["sphere", "cube", "cylinder", "cone"])
def test_without_as_mesh_it_is_usds_own_shape(stage, name):
    prim = getattr(create, name)(as_mesh=False)
    assert prim.GetTypeName() == name.title()
    extent = np.array(UsdGeom.Boundable(prim).GetExtentAttr().Get())
    assert np.allclose(extent, [[-0.5] * 3, [0.5] * 3])


def test_pose_is_translate_rotate_scale(stage):
    prim = create.cube(position=(1, 2, 3), rotation=(10, 20, 30), scale=(4, 5, 6))
    expected = Gf.Matrix4d().SetScale(Gf.Vec3d(4, 5, 6))
    for axis, angle in (((1, 0, 0), 10), ((0, 1, 0), 20), ((0, 0, 1), 30)):
        expected = expected * Gf.Matrix4d().SetRotate(Gf.Rotation(Gf.Vec3d(*axis), angle))
    expected.SetTranslateOnly(Gf.Vec3d(1, 2, 3))
    assert np.allclose(UsdGeom.XformCache().GetLocalToWorldTransform(prim), expected)
    assert prim.GetAttribute("xformOp:rotateXYZ").Get() == Gf.Vec3d(10, 20, 30)


def test_one_number_is_a_scale_and_attributes_of_the_pose_are_always_there(stage):
    prim = create.sphere(scale=0.5)
    values = [prim.GetAttribute(f"xformOp:{name}").Get() for name in ("translate", "rotateXYZ", "scale")]
    assert values == [Gf.Vec3d(0), Gf.Vec3d(0), Gf.Vec3d(0.5)]


def test_a_pivot_stays_where_it_is(stage):
    prim = create.cube(rotation=(0, 0, 90), pivot=(0.5, 0, 0))
    matrix = UsdGeom.XformCache().GetLocalToWorldTransform(prim)
    assert Gf.IsClose(matrix.Transform(Gf.Vec3d(0.5, 0, 0)), Gf.Vec3d(0.5, 0, 0), 1e-9)
    assert Gf.IsClose(matrix.Transform(Gf.Vec3d(0, 0, 0)), Gf.Vec3d(0.5, -0.5, 0), 1e-9)


def test_relative_to_means_in_the_frame_of_that_prim(stage):
    frame = create.xform(position=(10, 0, 0), rotation=(0, 0, 90))
    parent = create.xform(name="Parent", position=(0, 5, 0))
    prim = create.cube(position=(1, 0, 0), rotation=(0, 0, 30), relative_to=frame, parent=parent)
    matrix = UsdGeom.XformCache().GetLocalToWorldTransform(prim)
    assert Gf.IsClose(matrix.ExtractTranslation(), Gf.Vec3d(10, 1, 0), 1e-9)
    turned = math.radians(120)
    assert Gf.IsClose(matrix.TransformDir(Gf.Vec3d(1, 0, 0)), Gf.Vec3d(math.cos(turned), math.sin(turned), 0), 1e-6)


@pytest.mark.parametrize("target", [(0, 0, 0), "/Target", ["/Target"]])
def test_a_camera_looks_at_points_and_prims_upright(stage, target):
    create.xform(name="Target")
    camera = create.camera(position=(3, 4, 5), look_at=target)
    frustum = UsdGeom.Camera(camera).GetCamera().frustum
    assert Gf.IsClose(frustum.ComputeViewDirection(), Gf.Vec3d(-3, -4, -5).GetNormalized(), 1e-6)
    up = frustum.ComputeUpVector()
    assert up[2] > 0
    assert abs(Gf.Dot(up, Gf.Vec3d(4, -3, 0))) < 1e-6


def test_a_camera_below_a_turned_parent_looks_where_it_should(stage):
    parent = create.xform(position=(1, 0, 0), rotation=(30, 40, 50), scale=2)
    camera = create.camera(position=(3, 4, 5), look_at=(7, 7, 7), parent=parent)
    frustum = UsdGeom.Camera(camera).GetCamera().frustum
    towards = Gf.Vec3d(7, 7, 7) - frustum.GetPosition()
    assert Gf.IsClose(frustum.ComputeViewDirection(), towards.GetNormalized(), 1e-6)


def test_looking_straight_down_is_as_isaac_sim_recorded_it(stage):
    # golden/replicator/pose_writer: the view matrix of a camera at (0, 0, 10).
    camera = UsdGeom.Camera(create.camera(position=(0, 0, 10), look_at=(0, 0, 0))).GetCamera()
    expected = [[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, -10, 1]]
    assert np.allclose(camera.frustum.ComputeViewMatrix(), expected, atol=1e-6)


def test_look_at_takes_another_up_axis(stage):
    camera = create.camera(position=(0, 0, 10), look_at=(0, 0, 0), look_at_up_axis=(0, 1, 0))
    assert Gf.IsClose(UsdGeom.Camera(camera).GetCamera().frustum.ComputeUpVector(), Gf.Vec3d(0, 1, 0), 1e-6)


def test_what_cannot_be_looked_at_says_so(stage):
    with pytest.raises(ValueError, match=r"/Camera cannot look at the point where it is"):
        create.camera(position=(1, 2, 3), look_at=(1, 2, 3))
    with pytest.raises(ValueError, match="not both"):
        create.camera(rotation=(0, 0, 0), look_at=(0, 0, 1))
    with pytest.raises(ValueError, match="No prim at '/Nowhere'"):
        create.camera(look_at="/Nowhere")


def test_a_camera_has_replicators_lens(stage):
    camera = UsdGeom.Camera(create.camera())
    assert camera.GetFocalLengthAttr().Get() == 24.0
    assert camera.GetFocusDistanceAttr().Get() == 400.0
    assert camera.GetHorizontalApertureAttr().Get() == pytest.approx(20.955)
    assert camera.GetClippingRangeAttr().Get() == Gf.Vec2f(1.0, 1e6)
    other = UsdGeom.Camera(create.camera(focal_length=35, clipping_range=(0.1, 10), f_stop=1.8))
    assert other.GetFocalLengthAttr().Get() == 35
    assert other.GetFStopAttr().Get() == pytest.approx(1.8)
    assert other.GetClippingRangeAttr().Get() == Gf.Vec2f(0.1, 10)


def test_a_fisheye_is_drawn_as_one(stage):
    from kitless.raycast.calibration import lens_of

    lens = lens_of(create.camera(projection_type="fisheye_polynomial", fisheye_max_fov=180.0), Usd.TimeCode.Default())
    assert (lens.model, lens.max_fov, lens.polynomial[1]) == ("fisheyePolynomial", 180.0, pytest.approx(0.00245))
    with pytest.raises(ValueError, match="Unknown projection_type 'wide'"):
        create.camera(projection_type="wide")


@pytest.mark.parametrize("semantics", [{"class": "a"}, [("class", "a")], ("class", "a"), {"class": ["a"]}])
def test_labels_are_written(stage, semantics):
    prim = create.cube(semantics=semantics)
    assert prim.GetAppliedSchemas() == ["SemanticsLabelsAPI:class"]
    assert list(prim.GetAttribute("semantics:labels:class").Get()) == ["a"]


def test_hidden_prims_are_invisible(stage):
    assert UsdGeom.Imageable(create.cube(visible=False)).ComputeVisibility() == "invisible"


def test_a_material_is_bound_and_one_that_is_none_is_refused(stage):
    material = create.material(mdl="OmniPBR.mdl")
    prim = create.cube(material=material)
    assert UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0].GetPrim() == material
    with pytest.raises(ValueError, match="Not a material"):
        create.cube(material=prim)


def test_mdl_inputs_have_their_types(stage):
    cube = create.cube()
    material = create.material(
        mdl="OmniPBR.mdl",
        bind_prims=cube,
        diffuse_color_constant=np.array([0.1, 0.2, 0.3]),
        metallic_constant=1,
        project_uvw=True,
        diffuse_texture="wood.png",
    )
    shader = UsdShade.Material(material).ComputeSurfaceSource("mdl")[0]
    assert shader.GetSourceAsset("mdl").path == "OmniPBR.mdl"
    assert shader.GetSourceAssetSubIdentifier("mdl") == "OmniPBR"
    types = {each.GetBaseName(): str(each.GetTypeName()) for each in shader.GetInputs()}
    assert types == {
        "diffuse_color_constant": "color3f",
        "metallic_constant": "float",
        "project_uvw": "bool",
        "diffuse_texture": "asset",
    }
    assert shader.GetInput("diffuse_color_constant").Get() == Gf.Vec3f(0.1, 0.2, 0.3)
    assert UsdShade.MaterialBindingAPI(cube).ComputeBoundMaterial()[0].GetPrim() == material


def test_lights_have_what_they_were_given(stage):
    light = UsdLux.SphereLight(create.sphere_light(color=(1, 0.5, 0), radius=2, exposure=3, shaping_cone_angle=20))
    assert light.GetIntensityAttr().Get() == 30000.0
    assert light.GetColorAttr().Get() == Gf.Vec3f(1, 0.5, 0)
    assert (light.GetRadiusAttr().Get(), light.GetExposureAttr().Get()) == (2, 3)
    assert UsdLux.ShapingAPI(light.GetPrim()).GetShapingConeAngleAttr().Get() == 20
    rect = UsdLux.RectLight(create.rect_light(width=3, height=4, enable_color_temperature=True))
    assert (rect.GetWidthAttr().Get(), rect.GetHeightAttr().Get()) == (3, 4)
    assert rect.GetEnableColorTemperatureAttr().Get() is True
    tube = UsdLux.CylinderLight(create.cylinder_light(radius=0.1, length=5))
    assert (tube.GetRadiusAttr().Get(), tube.GetLengthAttr().Get()) == (pytest.approx(0.1), 5)
    dome = UsdLux.DomeLight(create.dome_light(intensity=500, texture="sky.hdr"))
    assert (dome.GetIntensityAttr().Get(), dome.GetTextureFileAttr().Get().path) == (500, "sky.hdr")
    assert UsdLux.DistantLight(create.distant_light(angle=2)).GetAngleAttr().Get() == 2


def test_a_reference_brings_a_file_and_keeps_its_own_pose(stage, tmp_path):
    asset = Usd.Stage.CreateNew(str(tmp_path / "asset.usda"))
    root = UsdGeom.Xform.Define(asset, "/Asset")
    root.AddOrientOp().Set(Gf.Quatf(1, 0, 0, 0))
    UsdGeom.Cube.Define(asset, "/Asset/Box")
    asset.SetDefaultPrim(root.GetPrim())
    asset.Save()
    prim = create.reference(str(tmp_path / "asset.usda"), name="Ref", rotation=(0, 0, 90), semantics={"class": "box"})
    assert prim.GetChild("Box").GetTypeName() == "Cube"
    matrix = UsdGeom.XformCache().GetLocalToWorldTransform(prim)
    assert Gf.IsClose(matrix.TransformDir(Gf.Vec3d(1, 0, 0)), Gf.Vec3d(0, 1, 0), 1e-6)


def test_a_reference_that_cannot_be_leaves_nothing(stage):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.usd"):
        create.reference(usd_path="/nowhere.usd")
    with pytest.raises(ValueError, match="usd_path"):
        create.reference()
    assert not stage.GetPrimAtPath("/Reference")
    create.cube(name="Inside")
    assert create.reference(prim_path="/Inside").GetAttribute("points").Get() is not None


def test_a_clone_is_the_same_elsewhere_and_stands_for_itself(stage):
    original = create.xform(name="Asset", parent="/World", position=(1, 0, 0), semantics={"class": "asset"})
    create.cube(parent=original)
    copy = create.clone("/World/Asset", position=(5, 0, 0))
    assert str(copy.GetPath()) == "/World/Asset_01"
    assert np.allclose(world_points(copy.GetChild("Cube")).mean(axis=0), (5, 0, 0), atol=1e-6)
    assert list(copy.GetAttribute("semantics:labels:class").Get()) == ["asset"]
    stage.RemovePrim("/World/Asset")
    assert copy.GetChild("Cube").GetAttribute("points").Get() is not None
    with pytest.raises(ValueError, match="No prim at '/Nowhere'"):
        create.clone("/Nowhere")


def test_a_batch_takes_values_for_all_or_for_each(stage):
    cubes = create_batch.cube(
        count=3,
        name="Box",
        parent="/World",
        position=[(0, 0, 0), (1, 0, 0), (2, 0, 0)],
        scale=(1, 2, 3),
        semantics=[{"class": "a"}, {"class": "b"}, {"class": "c"}],
        visible=[True, False, True],
    )
    assert [str(cube.GetPath()) for cube in cubes] == ["/World/Box", "/World/Box_01", "/World/Box_02"]
    assert [cube.GetAttribute("xformOp:translate").Get()[0] for cube in cubes] == [0, 1, 2]
    assert all(cube.GetAttribute("xformOp:scale").Get() == Gf.Vec3d(1, 2, 3) for cube in cubes)
    assert [cube.GetAttribute("semantics:labels:class").Get()[0] for cube in cubes] == ["a", "b", "c"]
    assert [UsdGeom.Imageable(cube).ComputeVisibility() for cube in cubes] == ["inherited", "invisible", "inherited"]


def test_a_batch_of_lights_cameras_and_materials(stage):
    lights = create_batch.sphere_light(count=2, radius=[1, 2], color=(1, 0, 0), name=["Left", "Right"])
    assert [(str(each.GetPath()), each.GetAttribute("inputs:radius").Get()) for each in lights] == [
        ("/Left", 1),
        ("/Right", 2),
    ]
    assert [each.GetTypeName() for each in create_batch.camera(count=2, parent="/World")] == ["Camera"] * 2
    cubes = create_batch.cube(2)
    made = create_batch.material(mdl="OmniPBR.mdl", bind_prims=cubes, count=2, diffuse_color_constant=(1, 0, 0))
    bound = [UsdShade.MaterialBindingAPI(cube).ComputeBoundMaterial()[0].GetPrim() for cube in cubes]
    assert bound == made
    assert len(create_batch.clone("/Left", 3)) == 3


def test_a_batch_goes_on_after_names_that_are_taken(stage):
    for name in ("Box", "Box_02"):
        create.cube(name=name)
    assert [prim.GetName() for prim in create_batch.cube(3, name="Box")] == ["Box_01", "Box_03", "Box_04"]
    assert [prim.GetName() for prim in create_batch.cube(3, name=["A", "A", "B"])] == ["A", "A_01", "B"]
    assert [prim.GetName() for prim in create_batch.clone("/A", 2)] == ["A_02", "A_03"]


def test_a_batch_says_which_value_has_another_number(stage):
    with pytest.raises(ValueError, match="position: 2 values for 3 prims"):
        create_batch.cube(count=3, position=[(0, 0, 0), (1, 1, 1)])
    assert create_batch.cube(count=0) == []


def test_batches_have_the_parameters_of_their_namesakes_and_count():
    names = [name for name in create.__all__ if not name.startswith("omni_")]
    for name in names:
        one = list(inspect.signature(getattr(create, name)).parameters)
        many = list(inspect.signature(getattr(create_batch, name)).parameters)
        assert sorted(many) == sorted([*one, "count"])


def test_sensors_are_named_in_full():
    for module in ("create", "create_batch"):
        for name in ("omni_lidar", "omni_radar"):
            with pytest.raises(NotImplementedError, match=rf"functional\.{module}\.{name}"):
                getattr(getattr(rep.functional, module), name)()


def test_without_a_stage_it_says_so(app):
    import omni.usd

    omni.usd.get_context().close_stage()
    with pytest.raises(RuntimeError, match="No stage is open"):
        create.cube()
