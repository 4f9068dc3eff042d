"""The annotators beyond images and masks, against closed forms."""

from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Usd, UsdGeom, UsdLux, UsdSemantics

import omni.replicator.core as rep

GOLDEN = Path(__file__).parents[2].parent / "shared/golden/replicator/camera_pointcloud"
SIZE = (160, 120)
ends = ("min", "max")


def move(prim, position):
    prim.GetPrim().GetAttribute("xformOp:translate").Set(Gf.Vec3d(*position))


def attach(name, size=SIZE, **params):
    product = rep.create.render_product("/World/Camera", size, force_new=True)
    return rep.annotators.get(name, init_params=params or None).attach(product)


def step(app):
    app.run(rep.orchestrator.step_async())


def look(app, name, size=SIZE, **params):
    annotator = attach(name, size, **params)
    step(app)
    return annotator.get_data(use_legacy_structure=False)


def test_a_3d_box_is_local_and_its_transform_leads_to_the_world(app, cube, camera):
    camera()
    prim = cube("/World/a", (1, 6, 0.5), size=2, label="box")
    prim.AddRotateZOp().Set(30)
    prim.AddScaleOp().Set(Gf.Vec3f(1, 0.5, 2))
    row = look(app, "bounding_box_3d")["data"][0]
    assert [row[f"{axis}_{end}"] for end in ("min", "max") for axis in "xyz"] == [-1, -1, -1, 1, 1, 1]
    expected = UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(Usd.TimeCode.Default())
    assert np.allclose(row["transform"], np.array(expected), atol=1e-6)


def test_a_3d_box_projects_onto_its_mask(app, cube, camera):
    camera()
    cube("/World/a", (0.7, 5, 0.4), label="box").AddRotateXYZOp().Set(Gf.Vec3f(20, 30, 40))
    names = ("bounding_box_3d", "bounding_box_2d_tight", "camera_params")
    attached = {name: attach(name, (640, 480)) for name in names}
    step(app)
    data = {name: each.get_data(use_legacy_structure=False) for name, each in attached.items()}
    box, flat, params = (
        data["bounding_box_3d"]["data"][0],
        data["bounding_box_2d_tight"]["data"][0],
        data["camera_params"],
    )
    corners = np.array([[box[f"x_{i}"], box[f"y_{j}"], box[f"z_{k}"], 1] for i in ends for j in ends for k in ends])
    view, projection = (params[k].reshape(4, 4) for k in ("cameraViewTransform", "cameraProjection"))
    clip = corners @ box["transform"].astype(float) @ view @ projection
    pixels = (clip[:, :2] / clip[:, 3:] * [1, -1] + 1) * [320, 240]
    # The tight box counts pixels whose centres are inside: within a pixel of the corners' extent.
    assert np.abs(pixels.min(axis=0) - [flat["x_min"], flat["y_min"]]).max() <= 1
    assert np.abs(pixels.max(axis=0) - [flat["x_max"] + 1, flat["y_max"] + 1]).max() <= 1


def test_a_group_has_one_box_about_all_its_parts_in_its_own_frame(app, cube, camera, stage):
    camera()
    group = UsdGeom.Xform.Define(stage, "/World/group")
    group.AddTranslateOp().Set(Gf.Vec3d(0, 6, 0))
    group.AddRotateZOp().Set(45)
    UsdSemantics.LabelsAPI.Apply(group.GetPrim(), "class").CreateLabelsAttr(["pair"])
    cube("/World/group/a", (-1, 0, 0))
    cube("/World/group/b", (1, 0, 0.25))
    row = look(app, "bounding_box_3d_fast")["data"][0]
    assert [round(float(row[f"{a}_{e}"]), 6) for e in ends for a in "xyz"] == [-1.5, -0.5, -0.5, 1.5, 0.5, 0.75]
    assert row["occlusionRatio"] == -1


def test_3d_boxes_are_given_for_hidden_prims_and_360_for_those_out_of_view(app, cube, camera):
    camera()
    cube("/World/wall", (0, 3, 0), size=2)
    cube("/World/hidden", (0, 8, 0), label="box")
    cube("/World/behind", (0, -5, 0), label="can")
    near, around = attach("bounding_box_3d"), attach("bounding_box_3d_360")
    step(app)
    assert near.get_data()["info"]["primPaths"] == ["/World/hidden"]
    assert near.get_data()["data"]["occlusionRatio"].tolist() == [1]
    assert around.get_data()["info"]["primPaths"] == ["/World/behind", "/World/hidden"]
    assert np.isnan(around.get_data()["data"]["occlusionRatio"][0])


def test_occlusion_has_a_row_for_every_gprim_in_view(app, cube, camera):
    camera()
    # Both faces project to columns 60..99; the nearer one hides the right half of the farther.
    cube("/World/far", (0, 8.5, 0), label="box").AddScaleOp().Set(Gf.Vec3f(4, 1, 4))
    cube("/World/near", (2, 4.5, 0)).AddScaleOp().Set(Gf.Vec3f(4, 1, 4))
    cube("/World/out", (0, -5, 0))
    rows = look(app, "occlusion")["data"]
    assert rows.dtype.names == ("instanceId", "semanticId", "occlusionRatio")
    assert rows["semanticId"].tolist() == [2, 1]
    assert rows["occlusionRatio"].tolist() == pytest.approx([0.5, 0], abs=0.01)


def test_visibility_tells_hidden_from_cut_off(app, cube, camera):
    camera()
    # At 4 away a face 4 wide spans 80 pixels: shifted by 4 it fills 80..160 of 0..160, one by 6 is half outside.
    # Not by whole numbers: for an edge through pixel centres hit and not hit are both right, and processors differ.
    cube("/World/inside", (0.013, 9, 0.017), size=2, label="box")
    cube("/World/cut", (4.013, 5, 0.017), size=2, label="can")
    data = look(app, "simslate_visibility")
    rows = dict(zip(data["primPaths"], data["data"], strict=True))
    whole, cut = rows["/World/inside"], rows["/World/cut"]
    assert (whole["visibility"], whole["truncation"]) == (1, 0)
    # The front face (y = 4) spans columns 80 + 20 * 3 = 140 to 180, its left side face 110 (y = 6: x = 3) more.
    assert 0 < cut["truncation"] < 1
    assert cut["visiblePixels"] == cut["framePixels"] < cut["totalPixels"]
    assert not any(np.isnan(data["data"][name]).any() for name in data["data"].dtype.names)


def test_truncation_is_the_share_outside_the_frame(app, cube, camera):
    camera()
    # A thin plate at y = 4, x from 3 to 5: columns 140 to 180, of which 20 lie inside.
    plate = cube("/World/plate", (4, 4.0005, 0), label="can")
    plate.AddScaleOp().Set(Gf.Vec3f(2, 0.001, 2))
    row = look(app, "simslate_visibility")["data"][0]
    assert row["truncation"] == pytest.approx(0.5, abs=0.02)


def test_an_amodal_mask_is_that_of_the_object_alone(app, cube, camera, stage):
    camera()
    # Both faces project to columns 60 to 99; the nearer one hides the right half of the farther.
    cube("/World/far", (0.013, 8.5, 0.017), label="box").AddScaleOp().Set(Gf.Vec3f(4, 1, 4))
    cube("/World/near", (2.013, 4.5, 0.017)).AddScaleOp().Set(Gf.Vec3f(4, 1, 4))
    cube("/World/out", (0, -5, 0), label="can")
    cube("/World/behind", (0.013, 12.5, 0.017), label="can")
    names = ("simslate_amodal", "simslate_visibility", "instance_segmentation_fast", "bounding_box_2d_loose")
    attached = {name: attach(name) for name in names}
    step(app)
    amodal, seen, masks, loose = (attached[name].get_data(use_legacy_structure=False) for name in names)
    assert amodal["primPaths"] == ["/World/behind", "/World/far"]
    far = amodal["data"][1]
    # 8 away a unit is 10 pixels: 4 wide is 40, from 60 on; rows 40 to 79.
    assert [far[name] for name in ("x_min", "y_min", "x_max", "y_max")] == [60, 40, 99, 79]
    assert (far["pixels"], far["spans"]) == (1600, 40)
    spans = amodal["spans"][amodal["data"]["spans"][0] :]
    assert spans.tolist() == [[row * SIZE[0] + 60, 40] for row in range(40, 80)]
    number = next(key for key, path in masks["idToLabels"].items() if path == "/World/far")
    assert number == far["instanceId"]
    visible = (masks["data"] == number).ravel()
    assert np.concatenate([visible[start : start + length] for start, length in spans]).sum() == visible.sum() == 800
    told = dict(zip(seen["primPaths"], seen["data"], strict=True))
    assert told["/World/far"]["visibility"] == pytest.approx(visible.sum() / far["pixels"])
    assert amodal["data"]["pixels"].tolist() == [told[path]["framePixels"] for path in amodal["primPaths"]]
    boxes = dict(zip(loose["primPaths"], loose["data"], strict=True))
    assert [boxes["/World/far"][name] for name in ("x_min", "y_min", "x_max", "y_max")] == [60, 40, 99, 79]


def test_amodal_masks_of_nothing(app, camera):
    camera()
    data = look(app, "simslate_amodal")
    assert (data["data"].shape, data["primPaths"], data["spans"].shape) == ((0,), [], (0, 2))


def test_a_sideways_move_is_a_motion_of_so_many_pixels(app, cube, camera):
    camera()
    prim = cube("/World/a", (0, 55, 0), size=100)
    motion = attach("motion_vectors")
    step(app)
    assert not motion.get_data().any()
    move(prim, (0.25, 55, 0.5))
    step(app)
    # 5 away a unit is 16 pixels: to the right by 4 (x < 0), up by 8 (y > 0).
    assert np.abs(motion.get_data()[..., :2] - [-4, 8]).max() < 0.01


def test_turning_the_camera_moves_everything_by_the_lens_law(app, cube, camera):
    prim = camera()
    cube("/World/a", (0, 55, 0), size=100)
    motion = attach("motion_vectors", (161, 121))
    step(app)
    prim.GetPrim().GetAttribute("xformOp:rotateXYZ").Set(Gf.Vec3f(90, 0, 10))
    step(app)
    # What is now at the centre was 10 degrees to the left of it: 80.5 tan(10 deg) pixels.
    assert motion.get_data()[60, 80, 0] == pytest.approx(-80.5 * np.tan(np.radians(10)), abs=0.01)


def test_the_background_moves_with_the_turning_camera_only(app, camera):
    prim = camera()
    motion = attach("motion_vectors", (161, 121))
    step(app)
    move(prim, (3, 2, 1))
    step(app)
    assert np.abs(motion.get_data()).max() < 1e-3
    prim.GetPrim().GetAttribute("xformOp:rotateXYZ").Set(Gf.Vec3f(90, 0, 10))
    step(app)
    assert motion.get_data()[60, 80, 0] == pytest.approx(-80.5 * np.tan(np.radians(10)), abs=0.01)


def test_deforming_points_move_as_their_points_do(app, camera, stage):
    camera()
    mesh = UsdGeom.Mesh.Define(stage, "/World/quad")
    mesh.CreateFaceVertexCountsAttr([4])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    corners = np.array([[-9, 5, -9], [9, 5, -9], [9, 5, 9], [-9, 5, 9]], float)
    mesh.CreatePointsAttr(corners)
    motion = attach("motion_vectors")
    step(app)
    mesh.GetPointsAttr().Set(corners + np.array([0.25, 0, 0]))
    step(app)
    assert np.abs(motion.get_data()[..., :2] - [-4, 0]).max() < 0.01


def test_a_point_cloud_is_the_unprojected_depth(app, cube, camera):
    camera()
    cube("/World/wall", (0, 55, 0), size=100, label="wall")
    cloud = look(app, "pointcloud")
    x = (np.arange(160) + 0.5 - 80) / 80 * 5
    z = -(np.arange(120) + 0.5 - 60) / 80 * 5
    expected = np.stack(
        [np.broadcast_to(x, (120, 160)), np.full((120, 160), 5.0), np.broadcast_to(z[:, None], (120, 160))], -1
    )
    assert np.allclose(cloud["data"].reshape(120, 160, 3), expected, atol=1e-5)
    assert np.allclose(cloud["pointNormals"].reshape(-1, 4), [0, -1, 0, 1], atol=1e-6)
    assert (set(cloud["pointSemantic"].tolist()), len(cloud["pointRgb"])) == ({2}, 4 * 160 * 120)


def test_unlabelled_surfaces_are_in_the_cloud_when_asked_for(app, cube, camera):
    camera()
    cube("/World/a", (-2, 5, 0), label="box")
    cube("/World/b", (2, 5, 0))
    some, every = attach("pointcloud"), attach("pointcloud", includeUnlabelled=True)
    step(app)
    few, all_ = (each.get_data(use_legacy_structure=False) for each in (some, every))
    assert set(few["pointSemantic"].tolist()) == {2}
    assert set(all_["pointSemantic"].tolist()) == {1, 2}
    assert len(all_["data"]) > len(few["data"]) > 0


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded golden data is not beside this clone")
def test_a_point_cloud_has_the_recorded_form_and_order(app, cube, camera):
    # The recording: a camera 10 above a floor at z = 0, 4 x 4 pixels, row by row from the top left.
    golden = np.load(GOLDEN / "pointcloud_data_camera_frame_res_4_4.npy")
    # A small thing stood on the floor: along the same rays, its points lie at another depth.
    on_floor = golden * (10 / golden[:, 2:])
    prim = camera(position=(0, 0, 10), rotation=(0, 0, 0))
    prim.GetAttribute("horizontalAperture").Set(20.955)
    prim.GetAttribute("focalLength").Set(10 * 20.955 / (4 * 1.0477499961853027))
    cube("/World/floor", (0, 0, -50), size=100, label="floor")
    cloud = look(app, "pointcloud", (4, 4))["data"]
    assert (cloud.shape, cloud.dtype) == (golden.shape, golden.dtype)
    # Its camera frame looks along +Z with y down; ours is told in the world, where y is up and z the height.
    assert np.allclose(cloud, on_floor * [1, -1, -1] + [0, 0, 10], atol=2e-5)


def test_a_teleported_object_is_where_its_pose_says_in_every_frame(app, cube, camera):
    camera()
    prim = cube("/World/a", (0, 5, 0), label="box")
    attached = {name: attach(name, (640, 480)) for name in ("bounding_box_2d_tight", "camera_params")}
    generator = np.random.default_rng(3)
    for _ in range(12):
        centre = generator.uniform((-2, 4.5, -1), (2, 8, 1))
        move(prim, centre)
        step(app)
        params = attached["camera_params"].get_data()
        row = attached["bounding_box_2d_tight"].get_data()["data"][0]
        corners = centre + np.array([[i, j, k] for i in (-0.5, 0.5) for j in (-0.5, 0.5) for k in (-0.5, 0.5)])
        view, projection = (params[key].reshape(4, 4) for key in ("cameraViewTransform", "cameraProjection"))
        clip = np.c_[corners, np.ones(8)] @ view @ projection
        pixels = (clip[:, :2] / clip[:, 3:] * [1, -1] + 1) * [320, 240]
        expected = [*pixels.min(axis=0), *(pixels.max(axis=0) - 1)]
        assert (
            np.abs([row[k] - e for k, e in zip(("x_min", "y_min", "x_max", "y_max"), expected, strict=True)]).max() <= 1
        )


def test_prim_paths_are_looked_up_by_box_id(app, cube, camera):
    camera()
    for index, label in enumerate((None, "box", "can")):
        cube(f"/World/c{index}", (2 * index - 2, 6, 0), label=label)
    boxes, paths = attach("bounding_box_2d_tight"), attach("primPaths")
    step(app)
    found = boxes.get_data()["info"]
    assert [paths.get_data()["primPaths"][number] for number in found["bboxIds"]] == found["primPaths"]
    assert found["primPaths"] == ["/World/c1", "/World/c2"]


def test_hdr_colour_is_the_light_that_a_white_wall_returns(app, stage, camera, cube):
    camera()
    cube("/World/wall", (0, 55, 0), size=100).CreateDisplayColorAttr([(1, 1, 1)])
    dome = UsdLux.DomeLight.Define(stage, "/World/Dome")
    dome.CreateIntensityAttr(450)
    hdr = attach("HdrColor")
    step(app)
    dim = hdr.get_data()[60, 80, :3].astype(float)
    dome.GetIntensityAttr().Set(9000)
    step(app)
    # Linear and unclipped: twenty times the light is twenty times the value, far above display white.
    assert hdr.get_data().dtype == np.float16
    assert dim == pytest.approx(0.5, rel=0.1)
    assert hdr.get_data()[60, 80, :3].astype(float) == pytest.approx(20 * dim, rel=0.01)


def test_the_picture_is_the_light_through_a_curve_that_never_burns_out(app, stage, camera, cube):
    camera()
    cube("/World/wall", (0, 55, 0), size=100).CreateDisplayColorAttr([(1, 1, 1)])
    dome = UsdLux.DomeLight.Define(stage, "/World/Dome")
    picture, light = attach("LdrColor"), attach("HdrColor")
    seen = []
    for intensity in (90, 300, 900, 4000):
        dome.CreateIntensityAttr(intensity)
        step(app)
        seen.append((int(picture.get_data()[60, 80, 0]), float(light.get_data()[60, 80, 0])))
    assert seen == sorted(seen)
    assert seen[-1][0] < 255 < 255 * seen[-1][1]
    # Below the knee the picture is sRGB of the light (IEC 61966-2-1).
    value, linear = seen[0]
    assert value == pytest.approx(255 * (1.055 * linear ** (1 / 2.4) - 0.055), abs=1.5)


def test_all_annotators_of_a_step_have_one_reference_time(app, stage, camera, cube):
    camera()
    clocks = [attach("ReferenceTime"), attach("ReferenceTime", (32, 32))]
    step(app)
    first = [clock.get_data() for clock in clocks]
    step(app)
    assert first[0] == first[1]
    assert clocks[0].get_data() == clocks[1].get_data() != first[0]
