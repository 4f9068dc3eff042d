"""Isaac Sim's PoseWriter against files that Isaac Sim 6.0.1 recorded, and its options against closed forms."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, UsdGeom

import omni.replicator.core as rep

GOLDEN = Path(__file__).parents[2].parent / "shared/golden/replicator/pose_writer/pinhole_rp1_000000.json"
create = rep.functional.create


def write(products, folder, steps=1, **options):
    writer = rep.writers.get("PoseWriter")
    writer.initialize(output_dir=str(folder), **options)
    writer.attach(products)
    for _ in range(steps):
        rep.orchestrator.step()
    rep.orchestrator.wait_until_complete()
    writer.detach()
    return {path.relative_to(folder).as_posix(): path for path in sorted(Path(folder).rglob("*")) if path.is_file()}


def read(path):
    return json.loads(path.read_text())


def shape_of(value):
    """The keys of a JSON value, in order, and what its leaves are."""
    if isinstance(value, dict):
        return {key: shape_of(each) for key, each in value.items()}
    return [shape_of(each) for each in value] if isinstance(value, list) else type(value).__name__


def agree(found, expected, where=""):
    """Compare two JSON values of one shape: numbers within rounding, pixels exactly; q and -q are one rotation."""
    if isinstance(expected, dict):
        for key, each in expected.items():
            agree(found[key], each, f"{where}.{key}")
    elif isinstance(expected, list) and expected and isinstance(expected[0], (int, float)):
        if "quat" in where and np.dot(found, expected) < 0:
            found = [-number for number in found]
        tolerance = 0 if where.endswith("projected") else 2e-6
        assert np.allclose(found, expected, atol=tolerance, rtol=1e-6), (where, found, expected)
    elif isinstance(expected, list):
        for index, each in enumerate(expected):
            agree(found[index], each, where)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-6), where
    else:
        assert found == expected, where


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded files are not beside this clone")
def test_the_files_of_isaac_sim(stage, tmp_path):
    golden = read(GOLDEN)
    about = golden["camera_data"]
    camera = create.camera(
        focal_length=about["focal_length"], horizontal_aperture=about["aperture"][0], clipping_range=(1.0, 1e6)
    )
    UsdGeom.Xformable(camera).ClearXformOpOrder()
    view = Gf.Matrix4d(*np.ravel(about["camera_view_matrix"]).tolist())
    UsdGeom.Xformable(camera).AddTransformOp().Set(view.GetInverse())
    for each in golden["objects"]:
        cube = create.cube(
            name=each["prim_path"].rpartition("/")[2], parent="/World", semantics={"class": each["label"]}
        )
        UsdGeom.Xformable(cube).ClearXformOpOrder()
        matrix = Gf.Matrix4d(*np.ravel(each["local_to_world_transform"]).tolist())
        UsdGeom.Xformable(cube).AddTransformOp().Set(matrix)
    files = write(rep.create.render_product(camera, tuple(about["resolution"])), tmp_path)
    assert list(files) == ["000000.json", "000000.png", "metadata.txt"]
    found = read(files["000000.json"])
    assert json.dumps(shape_of(found)) == json.dumps(shape_of(golden))
    agree(found, golden)
    assert files["000000.json"].read_text().startswith('{\n  "camera_data": {\n    "aperture": [\n')
    assert read(files["metadata.txt"])["version"] == "0.2.0"


@pytest.fixture
def scene(stage):
    """Two boxes before a camera at the origin that looks along +X, one hidden in part, and one behind it."""
    create.cube(name="Near", position=(5, 0.5, 0), semantics={"class": "near"})
    create.cube(name="Far", position=(8, 0, 0), rotation=(0, 0, 30), scale=(1, 2, 1), semantics={"kind": "far"})
    create.cube(name="Behind", position=(-5, 0, 0), semantics={"class": "behind"})
    return create.camera(position=(0, 0, 0), look_at=(1, 0, 0), clipping_range=(0.1, 100))


def test_pixels_and_sizes_are_those_of_a_pinhole(scene, tmp_path):
    files = write(rep.create.render_product(scene, (64, 48)), tmp_path)
    near, far = sorted(read(files["000000.json"])["objects"], key=lambda each: each["label"], reverse=True)
    assert (near["label"], far["label"], near["visibility"]) == ("near", "far", 1.0)
    assert 0 < far["visibility"] < 1
    assert np.allclose(far["size"], [1, 2, 1])
    for each in (near, far):
        world = np.array(each["cuboid_keypoints_world_frame"])
        focal = 24.0 / 20.955 * 64
        exact = np.stack([32 - focal * world[:, 1] / world[:, 0], 24 - focal * world[:, 2] / world[:, 0]], axis=1)
        assert np.abs(np.array(each["cuboid_keypoints_projected"]) - exact).max() <= 0.5 + 1e-4
        assert np.allclose(np.array(each["cuboid_keypoints_camera_frame"])[:, 2], -world[:, 0], atol=1e-5)


def test_numbers_and_folders(scene, tmp_path):
    products = [rep.create.render_product(scene, (64, 48), name=name) for name in ("Left", "Right")]
    flat = write(products, tmp_path / "flat", steps=2, frame_padding=3)
    assert [name for name in flat if name.endswith("json")] == ["000.json", "001.json", "002.json", "003.json"]
    folders = write(products, tmp_path / "folders", steps=2, use_subfolders=True, write_debug_images=True)
    ends = ("000000.json", "000000.png", "000000_overlay.png", "000001.json", "000001.png", "000001_overlay.png")
    assert [name for name in folders if "/" in name] == [f"{p}/{end}" for p in ("Left", "Right") for end in ends]
    drawn = np.array(Image.open(folders["Left/000000_overlay.png"]))
    plain = np.array(Image.open(folders["Left/000000.png"]))
    changed = (drawn != plain).any(axis=2)
    assert changed.any()
    assert np.all(drawn[changed] == (0, 255, 0, 255))
    # The nearest box is 64 * 24 / 20.955 / 4.5 = 16.3 pixels high about the middle row.
    assert np.flatnonzero(changed.any(axis=1)).tolist() == list(range(15, 33))


def test_what_is_hidden_is_left_out_and_empty_pictures_are_not_counted(scene, tmp_path):
    product = rep.create.render_product(scene, (64, 48))
    seen = write(product, tmp_path / "seen", visibility_threshold=0.99)
    assert [each["label"] for each in read(seen["000000.json"])["objects"]] == ["near"]
    assert list(write(product, tmp_path / "none", visibility_threshold=1.0)) == ["metadata.txt"]
    kept = write(product, tmp_path / "kept", visibility_threshold=1.0, skip_empty_frames=False)
    assert read(kept["000000.json"])["objects"] == []


def test_formats_for_dope_and_centerpose(scene, tmp_path):
    product = rep.create.render_product(scene, (64, 48))
    plain = read(write(product, tmp_path / "plain")["000000.json"])
    dope = read(write(product, tmp_path / "dope", format="dope")["000000.json"])
    centre = read(write(product, tmp_path / "centre", format="centerpose")["000000.json"])
    names = plain["keypoint_order"]
    assert dope["keypoint_order"] == ["LUF", "RUF", "RDF", "LDF", "LUB", "RUB", "RDB", "LDB", "Center"]
    for first, second, third in zip(plain["objects"], dope["objects"], centre["objects"], strict=True):
        w, x, y, z = first["quat_wxyz_camera_frame"]
        assert second["quaternion_xyzw"] == third["quaternion_xyzw"] == [x, y, z, w]
        assert second["class"] == third["label"] == first["label"]
        points = [first["cuboid_keypoints_projected"][names.index(name)] for name in dope["keypoint_order"]]
        assert second["projected_cuboid"] == points
        assert third["scale"] == first["size"]
        assert third["keypoints_3d"] == first["cuboid_keypoints_camera_frame"]
    assert (centre["camera_data"]["width"], centre["camera_data"]["height"]) == (64, 48)
    with pytest.raises(ValueError, match="Unknown format 'yolo'"):
        rep.writers.get("PoseWriter").initialize(output_dir=str(tmp_path), format="yolo")
    with pytest.raises(ValueError, match="PoseWriter needs output_dir"):
        rep.writers.get("PoseWriter").initialize()


def test_a_box_across_the_edge_is_truncated(stage, tmp_path):
    # 64 pixels see 0.873 on either side at a distance of 2 * 0.873 / 0.873: half of the rectangle is out.
    create.cube(name="Edge", position=(4, 0, 0), scale=(0.01, 1, 1), semantics={"class": "edge"})
    half = 4 * 20.955 / 24 / 2
    camera = create.camera(position=(0, half, 0), look_at=(10, half, 0), clipping_range=(0.1, 100))
    camera_off = create.camera(position=(0, -half, 0), look_at=(10, -half, 0), clipping_range=(0.1, 100))
    for index, each in enumerate((camera, camera_off)):
        files = write(rep.create.render_product(each, (64, 48)), tmp_path / str(index))
        (found,) = read(files["000000.json"])["objects"]
        assert found["truncation_ratio"] == pytest.approx(0.5, abs=0.01)


def test_a_fisheye_projects_by_its_lens(stage, tmp_path):
    create.cube(name="Side", position=(3, 1, 0), scale=0.2, semantics={"class": "side"})
    lens = {"fisheye_nominal_width": 64, "fisheye_nominal_height": 48}
    lens |= {"fisheye_optical_centre_x": 32, "fisheye_optical_centre_y": 24, "fisheye_polynomial_b": 0.03}
    camera = create.camera(projection_type="fisheyePolynomial", look_at=(1, 0, 0), clipping_range=(0.1, 100), **lens)
    (found,) = read(write(rep.create.render_product(camera, (64, 48)), tmp_path)["000000.json"])["objects"]
    # The angle off the axis is 0.03 per pixel.
    exact = 32 - np.arctan2(1, 3) / 0.03
    assert found["cuboid_keypoints_projected"][0] == [round(exact), 24]


def test_isaacs_writers_are_registered_and_the_old_ones_say_that_they_are_not(app):
    from isaacsim.replicator.writers import PoseWriter

    assert rep.WriterRegistry.get_writers()["PoseWriter"] is PoseWriter
    assert "DataVisualizationWriter" in rep.WriterRegistry._default_writers
    for name in ("YCBVideoWriter", "PytorchWriter"):
        with pytest.raises(NotImplementedError, match=name):
            rep.WriterRegistry.get(name)


def test_dopes_older_writer(scene, tmp_path):
    create.cube(name="Digit", position=(5, -1, 0), scale=0.5, semantics={"class": "_02_tin"})
    products = [rep.create.render_product(scene, (64, 48), name=name) for name in ("Left", "Right")]
    poses = read(write(products[0], tmp_path / "poses", format="dope")["000000.json"])["objects"]
    for count, folder in ((1, ""), (2, "Left/rgb/")):
        target = tmp_path / str(count)
        writer = rep.writers.get("DOPEWriter")
        writer.initialize(output_dir=str(target), class_name_to_index_map={"near": 1, "_02_tin": 2})
        writer.attach(products[:count])
        rep.orchestrator.step()
        rep.orchestrator.wait_until_complete()
        writer.detach()
        assert (target / f"{folder}000000.png").exists()
        content = read(target / f"{folder}000000.json")
        assert content["camera_data"] == {}
        found = {each["class"]: each for each in content["objects"]}
        assert set(found) == {"near", "002_tin"}
        (same,) = [each for each in poses if each["class"] == "near"]
        x, y, z, w = same["quaternion_xyzw"]
        assert found["near"] == {
            "class": "near",
            "visibility": same["visibility"],
            "location": same["location"],
            "quaternion_wxyz": [w, x, y, z],
            "projected_cuboid": same["projected_cuboid"],
        }


def drawn_boxes(stage, folder, **options):
    create.cube(name="Box", position=(4, 0, 0), semantics={"class": "box"})
    camera = create.camera(look_at=(1, 0, 0), clipping_range=(0.1, 100))
    product = rep.create.render_product(camera, (64, 48), name="View")
    writer = rep.WriterRegistry.get("DataVisualizationWriter")
    writer.initialize(output_dir=str(folder), **options)
    writer.attach(product)
    rep.orchestrator.step()
    rep.orchestrator.wait_until_complete()
    boxes = rep.annotators.get("bounding_box_2d_tight_fast").attach(product)
    rep.orchestrator.step()
    rep.orchestrator.wait_until_complete()
    (row,) = boxes.get_data()["data"]
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png"))
    return writer, row, {name: np.array(Image.open(folder / name)) for name in names}


def test_boxes_are_drawn_on_nothing(stage, tmp_path):
    writer, row, images = drawn_boxes(stage, tmp_path, bounding_box_2d_tight=True, bounding_box_2d_loose=True)
    assert list(images)[:2] == ["View/bounding_box_2d_loose_fast_0000.png", "View/bounding_box_2d_loose_fast_0001.png"]
    picture = images["View/bounding_box_2d_tight_fast_0000.png"]
    expected = np.zeros((48, 64), bool)
    expected[row["y_min"] : row["y_max"] + 1, row["x_min"] : row["x_max"] + 1] = True
    expected[row["y_min"] + 1 : row["y_max"], row["x_min"] + 1 : row["x_max"]] = False
    assert np.array_equal(picture.any(axis=2), expected)
    assert np.all(picture[expected] == (0, 128, 0, 255))
    writer.detach()
    assert writer._frame == 0


def test_boxes_are_drawn_on_pictures(stage, tmp_path):
    options = {"background": "normals", "outline": "red", "fill": "blue", "width": 2}
    _, row, images = drawn_boxes(
        stage,
        tmp_path,
        bounding_box_2d_tight=True,
        bounding_box_2d_tight_params=options,
        bounding_box_3d=True,
        bounding_box_3d_params={"background": "rgb"},
        frame_padding=2,
    )
    flat, solid = images["View/bounding_box_2d_tight_fast_00.png"], images["View/bounding_box_3d_fast_00.png"]
    assert tuple(flat[row["y_min"] + 1, row["x_min"] + 1]) == (255, 0, 0, 255)
    assert tuple(flat[24, 32]) == (0, 0, 255, 255)
    assert tuple(flat[0, 0]) == (127, 127, 127, 255)
    # The front face is 64 * 24 / 20.955 / 3.5 = 20.9 pixels wide: its left edge is drawn at 32 - 10.5.
    assert (solid == (0, 128, 0, 255)).all(axis=2)[:, 21].sum() > 15


def test_options_that_do_not_exist(app, tmp_path):
    def make(**params):
        rep.writers.get("DataVisualizationWriter").initialize(
            output_dir=str(tmp_path), bounding_box_3d=True, bounding_box_3d_params=params
        )

    with pytest.raises(ValueError, match=r"bounding_box_3d_params has no \['colour'\]; it has background"):
        make(colour="red")
    with pytest.raises(ValueError, match="'depth' is neither"):
        make(background="depth")
