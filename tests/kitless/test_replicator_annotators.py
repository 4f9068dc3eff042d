"""Annotators against closed forms, through the same API that scripts use."""

import math

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics

import omni.replicator.core as rep

SIZE = (160, 120)


def mark(schema, *labels):
    UsdSemantics.LabelsAPI.Apply(schema.GetPrim(), "class").CreateLabelsAttr(list(labels))


def see(app, camera_path, names, size=SIZE, **params):
    """The data of annotators after one step."""
    product = rep.create.render_product(camera_path, size, force_new=True)
    attached = {name: rep.annotators.get(name, init_params=params.get(name)).attach(product) for name in names}
    app.run(rep.orchestrator.step_async())
    return {name: annotator.get_data() for name, annotator in attached.items()}


@pytest.mark.parametrize(("unit", "up"), [(1.0, "Z"), (0.01, "Z"), (1.0, "Y")])
def test_a_sphere_is_its_distance_less_its_radius_away_in_metres(app, camera, stage, unit, up):
    UsdGeom.SetStageMetersPerUnit(stage, unit)
    UsdGeom.SetStageUpAxis(stage, up)
    sphere = UsdGeom.Sphere.Define(stage, "/World/Sphere")
    sphere.CreateRadiusAttr(2.0)
    sphere.AddTranslateOp().Set(Gf.Vec3d(0, 10, 0))
    # An odd size puts a pixel centre on the optical axis.
    data = see(app, camera(), ["distance_to_camera", "distance_to_image_plane"], size=(161, 121))
    for name in data:
        assert data[name].dtype == np.float32
        assert data[name][60, 80] == pytest.approx(8.0 * unit, rel=1e-6)
        assert np.isinf(data[name][0, 0])


def test_distances_and_normals_of_a_wall_seen_straight(app, cube, camera):
    cube("/World/Wall", (0, 55, 0), size=100)
    data = see(app, camera(), ["distance_to_camera", "distance_to_image_plane", "normals"])
    x = (np.arange(160) + 0.5 - 80) / 80
    y = (np.arange(120) + 0.5 - 60) / 80
    slant = np.sqrt(1 + x[None, :] ** 2 + y[:, None] ** 2)
    assert np.allclose(data["distance_to_image_plane"], 5, rtol=1e-5)
    assert np.allclose(data["distance_to_camera"], 5 * slant, rtol=1e-5)
    assert np.allclose(data["normals"], [0, -1, 0, 1], atol=1e-6)


def test_a_rotated_camera_sees_the_cube_where_geometry_says(app, cube, camera):
    # Turned by 30 degrees about Z to the left, what lies along +Y appears right of the centre: x = f tan 30.
    cube("/World/Cube", (0, 20, 0), size=0.5, label="box")
    path = camera(rotation=(90, 0, 30))
    boxes = see(app, path, ["bounding_box_2d_tight"], size=(640, 480))["bounding_box_2d_tight"]["data"]
    centre = (boxes["x_min"][0] + boxes["x_max"][0] + 1) / 2
    assert centre == pytest.approx(320 + 320 * math.tan(math.radians(30)), abs=1.0)


def test_a_tight_box_is_the_extent_of_its_mask(app, cube, camera):
    cube("/World/a", (-1, 5, 0.3), label="box")
    cube("/World/b", (1.2, 6, -0.4), label="can")
    data = see(app, camera(), ["instance_segmentation", "bounding_box_2d_tight"])
    ids = data["instance_segmentation"]["data"]
    for row, number in zip(data["bounding_box_2d_tight"]["data"], (2, 3), strict=True):
        ys, xs = np.nonzero(ids == number)
        assert [row[k] for k in ("x_min", "y_min", "x_max", "y_max")] == [xs.min(), ys.min(), xs.max(), ys.max()]


def test_a_box_has_the_size_that_projection_gives(app, cube, camera):
    # The near face, 2 wide and 4 away, spans 2 * 80 / 4 pixels.
    cube("/World/a", (0, 5, 0), size=2, label="box")
    row = see(app, camera(), ["bounding_box_2d_loose"])["bounding_box_2d_loose"]["data"][0]
    assert (row["x_min"], row["x_max"], row["y_min"], row["y_max"]) == (60, 99, 40, 79)


def test_occlusion_is_the_hidden_share(app, cube, camera):
    # Both faces project to columns 60..99; the nearer one is shifted to hide the right half of the farther.
    far = cube("/World/far", (0, 8.5, 0), size=1, label="box")
    far.AddScaleOp().Set(Gf.Vec3f(4, 1, 4))
    near = cube("/World/near", (2, 4.5, 0), size=1, label="can")
    near.AddScaleOp().Set(Gf.Vec3f(4, 1, 4))
    data = see(app, camera(), ["bounding_box_2d_tight", "bounding_box_2d_loose"])
    rows = {name: dict(zip(data[name]["info"]["primPaths"], data[name]["data"], strict=True)) for name in data}
    assert rows["bounding_box_2d_tight"]["/World/near"]["occlusionRatio"] == 0
    assert rows["bounding_box_2d_tight"]["/World/far"]["occlusionRatio"] == pytest.approx(0.5, abs=0.01)
    assert rows["bounding_box_2d_loose"]["/World/far"]["x_max"] == 99
    assert rows["bounding_box_2d_tight"]["/World/far"]["x_max"] == 79


def test_a_hidden_object_has_a_loose_box_only(app, cube, camera):
    cube("/World/wall", (0, 3, 0), size=2)
    cube("/World/hidden", (0, 8, 0), label="box")
    data = see(app, camera(), ["bounding_box_2d_tight", "bounding_box_2d_loose"])
    assert data["bounding_box_2d_tight"]["data"].shape == (0,)
    assert data["bounding_box_2d_loose"]["data"]["occlusionRatio"].tolist() == [1.0]


def test_unlabelled_prims_are_one_and_background_is_zero(app, cube, camera):
    cube("/World/a", (-2, 5, 0), label="box")
    cube("/World/b", (2, 5, 0))
    result = see(app, camera(), ["semantic_segmentation"])["semantic_segmentation"]
    assert result["data"].dtype == np.uint32
    assert np.unique(result["data"]).tolist() == [0, 1, 2]
    assert result["info"] == {
        "idToLabels": {"0": {"class": "BACKGROUND"}, "1": {"class": "UNLABELLED"}, "2": {"class": "box"}}
    }


def test_only_what_is_in_view_is_listed(app, cube, camera, stage):
    cube("/World/a", (0, -5, 0), label="behind")
    cube("/World/b", (0, 5, 0), label="box")
    result = see(app, camera(), ["semantic_segmentation"])["semantic_segmentation"]
    # "behind" has id 2: ids go over the stage's labelled prims in path order, in view or not.
    assert result["info"]["idToLabels"] == {"0": {"class": "BACKGROUND"}, "3": {"class": "box"}}


def test_equal_labels_are_one_class_and_two_instances(app, cube, camera):
    cube("/World/a", (-2, 5, 0), label="box")
    cube("/World/b", (2, 5, 0), label="box")
    data = see(app, camera(), ["semantic_segmentation", "instance_segmentation"])
    assert set(np.unique(data["semantic_segmentation"]["data"])) == {0, 2}
    assert data["instance_segmentation"]["info"] == {
        "idToLabels": {"0": "BACKGROUND", "2": "/World/a", "3": "/World/b"},
        "idToSemantics": {"0": {"class": "BACKGROUND"}, "2": {"class": "box"}, "3": {"class": "box"}},
    }


def test_instances_of_one_labelled_prototype_are_separate(app, cube, camera, stage):
    stage.CreateClassPrim("/Proto")
    cube("/Proto/Mesh", (0, 0, 0), label="bolt")
    for index, x in enumerate((-2, 0, 2)):
        prim = UsdGeom.Xform.Define(stage, f"/World/i{index}")
        prim.AddTranslateOp().Set(Gf.Vec3d(x, 5, 0))
        prim.GetPrim().GetReferences().AddInternalReference("/Proto")
        prim.GetPrim().SetInstanceable(True)
    data = see(app, camera(), ["semantic_segmentation", "instance_segmentation", "bounding_box_2d_tight"])
    assert data["semantic_segmentation"]["info"]["idToLabels"]["2"] == {"class": "bolt"}
    assert data["bounding_box_2d_tight"]["info"]["primPaths"] == [f"/World/i{index}/Mesh" for index in range(3)]


def test_leaf_ids_go_to_the_gprim_and_need_no_label(app, cube, camera, stage):
    mark(UsdGeom.Xform.Define(stage, "/World/group"), "pair")
    cube("/World/group/a", (-2, 5, 0))
    cube("/World/group/b", (2, 5, 0))
    result = see(app, camera(), ["instance_id_segmentation", "instance_segmentation"])
    leaves = result["instance_id_segmentation"]["info"]["idToLabels"]
    assert leaves == {"0": "INVALID", "2": "/World/group/a", "3": "/World/group/b"}
    assert set(np.unique(result["instance_segmentation"]["data"])) == {0, 2}


def test_a_prim_of_several_meshes_has_no_occlusion_ratio(app, cube, camera, stage):
    mark(UsdGeom.Xform.Define(stage, "/World/group"), "pair")
    cube("/World/group/a", (-2, 5, 0))
    cube("/World/group/b", (2, 5, 0))
    data = see(app, camera(), ["bounding_box_2d_tight"])["bounding_box_2d_tight"]
    assert data["data"]["occlusionRatio"].tolist() == [-1.0]
    assert data["info"]["idToLabels"] == {"0": {"class": "pair"}}


def test_a_private_filter_leaves_gaps_in_the_box_ids(app, cube, camera):
    for index, label in enumerate(("ball", "box", "ball")):
        cube(f"/World/c{index}", (2 * index - 2, 5, 0), label=label)
    wanted = {"bounding_box_2d_tight_fast": {"semanticFilter": "class:ball"}}
    data = see(app, camera(), ["bounding_box_2d_tight_fast"], **wanted)["bounding_box_2d_tight_fast"]
    assert data["info"]["bboxIds"].tolist() == [0, 2]
    assert data["info"]["idToLabels"] == {0: {"class": "ball"}}


def test_colourised_masks_paint_what_their_labels_say(app, cube, camera):
    cube("/World/a", (-2, 5, 0), label="box")
    cube("/World/b", (2, 5, 0))
    product = rep.create.render_product(camera(), SIZE)
    plain = rep.annotators.get("semantic_segmentation").attach(product)
    painted = rep.annotators.get("semantic_segmentation", init_params={"colorize": True}).attach(product)
    app.run(rep.orchestrator.step_async())
    ids, colours = plain.get_data()["data"], painted.get_data()["data"]
    for number, rgba in enumerate([(0, 0, 0, 0), (0, 0, 0, 255), (93, 220, 11, 255)]):
        assert (colours[ids == number] == rgba).all()
    assert list(painted.get_data()["info"]["idToLabels"])[-1] == "(93, 220, 11, 255)"


def test_camera_params_project_known_points_to_their_pixels(app, camera):
    prim = camera(position=(3, -2, 1), rotation=(70, 10, 20))
    params = see(app, prim, ["camera_params"], size=(640, 480))["camera_params"]
    view, projection = (params[k].reshape(4, 4) for k in ("cameraViewTransform", "cameraProjection"))
    # An independent path: USD's own frustum, with the vertical aperture that square pixels imply.
    usd = UsdGeom.Camera(prim).GetCamera(Usd.TimeCode.Default())
    usd.verticalAperture = usd.horizontalAperture * 480 / 640
    for point in ([4, 6, 0.5], [1, 9, 3], [6, 5, -1]):
        clip = np.array([*point, 1.0]) @ view @ projection
        expected = usd.frustum.ComputeViewMatrix() * usd.frustum.ComputeProjectionMatrix()
        ndc = expected.Transform(Gf.Vec3d(*point))
        assert clip[:2] / clip[3] == pytest.approx([ndc[0], ndc[1]], abs=1e-6)


def test_camera_params_have_the_documented_keys_and_values(app, camera):
    params = see(app, camera(), ["camera_params"])["camera_params"]
    assert params["cameraModel"] == "pinhole"
    assert params["cameraNearFar"].tolist() == pytest.approx([0.01, 10000])
    assert params["renderProductResolution"].tolist() == list(SIZE)
    near, far = params["cameraNearFar"]
    projection = params["cameraProjection"].reshape(4, 4)
    # Reversed depth: 1 at the near plane, 0 at the far.
    for z, depth in ((near, 1.0), (far, 0.0)):
        clip = np.array([0, 0, -z, 1]) @ projection
        assert clip[2] / clip[3] == pytest.approx(depth, abs=1e-6)


def test_data_is_empty_before_the_first_frame(app, camera):
    product = rep.create.render_product(camera(), SIZE)
    annotator = rep.annotators.get("rgb").attach(product)
    assert annotator.get_data().shape == (0, 0, 4)
    assert annotator.get_data().dtype == np.uint8


def test_an_app_update_is_enough_for_new_data(app, cube, camera):
    cube("/World/a", (0, 5, 0), label="box")
    annotator = rep.annotators.get("bounding_box_2d_tight").attach(rep.create.render_product(camera(), SIZE))
    app.update()
    assert len(annotator.get_data()["data"]) == 1


def test_an_edit_appears_in_the_next_frame_and_not_in_the_last(app, cube, camera):
    prim = cube("/World/a", (0, 5, 0), label="box")
    annotator = rep.annotators.get("bounding_box_2d_tight").attach(rep.create.render_product(camera(), SIZE))
    app.run(rep.orchestrator.step_async())
    prim.GetPrim().GetAttribute("xformOp:translate").Set(Gf.Vec3d(0, 10, 0))
    before = annotator.get_data()["data"]["x_min"][0]
    app.run(rep.orchestrator.step_async())
    assert (before, annotator.get_data()["data"]["x_min"][0]) == (71, 76)


def test_relabelling_appears_in_the_next_frame(app, cube, camera):
    prim = cube("/World/a", (0, 5, 0), label="box")
    annotator = rep.annotators.get("semantic_segmentation").attach(rep.create.render_product(camera(), SIZE))
    app.run(rep.orchestrator.step_async())
    mark(prim, "crate")
    app.run(rep.orchestrator.step_async())
    assert annotator.get_data()["info"]["idToLabels"]["3"] == {"class": "crate"}


def test_disabled_products_keep_their_data(app, cube, camera):
    prim = cube("/World/a", (0, 5, 0), label="box")
    product = rep.create.render_product(camera(), SIZE)
    annotator = rep.annotators.get("bounding_box_2d_tight").attach(product)
    app.run(rep.orchestrator.step_async())
    product.hydra_texture.set_updates_enabled(False)
    prim.GetPrim().SetActive(False)
    app.run(rep.orchestrator.step_async())
    assert len(annotator.get_data()["data"]) == 1


def test_unknown_annotators_parameters_and_devices_are_named(app):
    error = rep.AnnotatorRegistryError
    with pytest.raises(error, match=r"semantic_segmentation"):
        rep.annotators.get("semantics")
    with pytest.raises(error, match=r"colorise"):
        rep.annotators.get("semantic_segmentation", init_params={"colorise": True})
    with pytest.raises(error, match=r"tpu"):
        rep.annotators.get("rgb", device="tpu")
    with pytest.raises(NotImplementedError, match=r"skeleton_prims"):
        rep.annotators.get("skeleton_prims")


def test_render_products_are_named_and_reused_as_replicator_does(app, camera, stage):
    prim = camera()
    path = str(prim.GetPath())
    create = rep.create.render_product
    first = create(path, SIZE)
    assert first.path == "/Render/HydraTextures/Replicator"
    assert create(path, SIZE) is first
    assert create(path, SIZE, force_new=True).name == "Replicator_01"
    assert create(prim, (320, 240)).name == "Replicator_02"
    assert create([path, path], SIZE, name=["left", "right"])[1].path == "/Render/HydraTextures/right"
    assert stage.GetSessionLayer().GetPrimAtPath(Sdf.Path(first.path))


def test_a_destroyed_product_leaves_nothing(app, camera, stage):
    product = rep.create.render_product(camera(), SIZE, name="gone")
    annotator = rep.annotators.get("rgb").attach(product)
    product.destroy()
    assert product.hydra_texture is None
    assert not stage.GetPrimAtPath(product.path)
    with pytest.raises(rep.annotators.AnnotatorError, match="destroyed"):
        annotator.get_data()


@pytest.mark.parametrize(
    ("resolution", "error"), [((0, 5), ValueError), ((4, -1), ValueError), ((1, 2, 3), TypeError), (7, TypeError)]
)
def test_impossible_resolutions_are_refused(app, camera, resolution, error):
    with pytest.raises(error, match=r"[Rr]esolution"):
        rep.create.render_product(camera(), resolution)


def test_a_camera_that_is_not_there_is_named(app):
    with pytest.raises(ValueError, match="/World/Nothing"):
        rep.create.render_product("/World/Nothing", SIZE)
