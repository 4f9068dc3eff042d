"""TemplateWriter on a real host: the shipped layouts, against BasicWriter's files of the same frames."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import omni.usd
from simslate.recorder import ConfigError, IncompleteError, Job, get_recorder

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "config"
PRODUCTS = [
    {"camera": "/World/turtle_Camera", "resolution": [160, 120], "name": "front"},
    {"camera": "/World/side_Camera", "resolution": [160, 90], "name": "side"},
]
BASIC = {
    "rgb": True,
    "semantic_segmentation": True,
    "colorize_semantic_segmentation": False,
    "instance_segmentation": True,
    "colorize_instance_segmentation": False,
    "bounding_box_2d_tight": True,
    "distance_to_image_plane": True,
    "camera_params": True,
}
CLASSES = ["box", "can", "turtle"]


@pytest.fixture
def app(extended_app):
    return extended_app


@pytest.fixture
def record(app, tmp_path):
    """Return a function that records two frames of the table top with a writer, and returns the folder."""

    def record(writer, folder="set", **changes):
        app.run(omni.usd.get_context().open_stage_async(str(ROOT / "data/tabletop.usda")))
        job = {
            "version": 1,
            "labels": str(CONFIG / "labels/tabletop.json"),
            "render_products": PRODUCTS,
            "writer": writer,
            "output": {"kind": "disk", "directory": str(tmp_path), "folder": folder},
            "frames": 2,
            "control_timeline": True,
            **changes,
        }
        return app.run(get_recorder().record(Job.from_json(job, CONFIG / "t.json"))).folder

    return record


@pytest.fixture
def basic(record):
    """Return a function that reads BasicWriter's file of one frame of the same recording."""
    folder = record({"name": "BasicWriter", "parameters": BASIC}, "basic")

    def basic(product, annotator, name, frame):
        path = folder / product / annotator / name.format(f"{frame:04d}")
        if path.suffix == ".json":
            return json.loads(path.read_text())
        return np.load(path) if path.suffix == ".npy" else np.asarray(Image.open(path))

    return basic


VIEWS = [(product, frame) for product in ("front", "side") for frame in range(2)]


def boxes(basic, product, frame):
    """The class and extent of each box that BasicWriter wrote, ends inclusive."""
    rows = basic(product, "bounding_box_2d_tight", "bounding_box_2d_tight_{}.npy", frame)
    labels = basic(product, "bounding_box_2d_tight", "bounding_box_2d_tight_labels_{}.json", frame)
    names = [labels[str(row["semanticId"])]["class"] for row in rows]
    return names, [tuple(int(row[key]) for key in ("x_min", "y_min", "x_max", "y_max")) for row in rows]


def pixels(basic, product, frame):
    """How many pixels each object has in BasicWriter's mask, by path."""
    mask = basic(product, "instance_segmentation", "instance_segmentation_{}.png", frame)
    paths = basic(product, "instance_segmentation", "instance_segmentation_mapping_{}.json", frame)
    return {path: int((mask == int(number)).sum()) for number, path in paths.items()}


def test_yolo(record, basic):
    folder = record("writers/yolo.json")
    assert (folder / "classes.txt").read_text().split() == CLASSES
    for product, frame in VIEWS:
        stem = f"{product}_{frame:06d}"
        image = np.asarray(Image.open(folder / f"images/{stem}.png"))
        assert np.array_equal(image, basic(product, "rgb", "rgb_{}.png", frame))
        lines = [line.split() for line in (folder / f"labels/{stem}.txt").read_text().splitlines()]
        names, extents = boxes(basic, product, frame)
        paths = basic(product, "bounding_box_2d_tight", "bounding_box_2d_tight_prim_paths_{}.json", frame)
        seen = pixels(basic, product, frame)
        large = [index for index, path in enumerate(paths) if seen[path] >= 16]
        assert [CLASSES[int(line[0])] for line in lines] == [names[index] for index in large]
        height, width = image.shape[:2]
        for line, index in zip(lines, large, strict=True):
            cx, cy, w, h = (float(each) for each in line[1:])
            edges = (cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height
            left, top, right, bottom = extents[index]
            assert edges == pytest.approx((left, top, right + 1, bottom + 1), abs=1e-3)


def test_kitti_like(record, basic):
    folder = record("writers/kitti_like.json")
    for product, frame in VIEWS:
        lines = [line.split() for line in (folder / f"{product}/label_2/{frame:06d}.txt").read_text().splitlines()]
        names, extents = boxes(basic, product, frame)
        assert lines
        assert {len(line) for line in lines} == {15}
        told = {(line[0], *(round(float(each)) for each in line[4:8])) for line in lines}
        assert told <= {(name, *extent) for name, extent in zip(names, extents, strict=True)}
        assert {line[2] for line in lines} <= {"0", "1", "2"}
        assert all(0 <= float(line[1]) <= 1 for line in lines)
        calibration = (folder / f"{product}/calib/{frame:06d}.txt").read_text().split()
        assert calibration[0] == "P2:"
        matrix = np.array(calibration[1:], float).reshape(3, 4)
        # Replicator's projection has the focal length over half the aperture first, for -1 to 1.
        projection = np.reshape(
            basic(product, "camera_params", "camera_params_{}.json", frame)["cameraProjection"], (4, 4)
        )
        width, height = next(each["resolution"] for each in PRODUCTS if each["name"] == product)
        focal = projection[0, 0] * width / 2
        expected = [[focal, 0, width / 2, 0], [0, focal, height / 2, 0], [0, 0, 1, 0]]
        assert matrix == pytest.approx(np.array(expected), abs=1e-3)


def test_npz_per_frame(record, basic):
    folder = record("writers/npz_per_frame.json")
    for product, frame in VIEWS:
        found = np.load(folder / f"{product}_{frame:06d}.npz", allow_pickle=False)
        assert np.array_equal(found["rgb"], basic(product, "rgb", "rgb_{}.png", frame))
        depth = basic(product, "distance_to_image_plane", "distance_to_image_plane_{}.npy", frame)
        assert np.array_equal(found["depth"], depth)
        mask = basic(product, "semantic_segmentation", "semantic_segmentation_{}.png", frame)
        assert np.array_equal(found["semantic"], mask)
        assert (found["semantic"].dtype, found["depth"].dtype) == (np.uint32, np.float32)
        rows = basic(product, "bounding_box_2d_tight", "bounding_box_2d_tight_{}.npy", frame)
        assert found["boxes"].tolist() == rows.tolist()
        labels = basic(product, "semantic_segmentation", "semantic_segmentation_labels_{}.json", frame)
        assert json.loads(str(found["semantic_labels"])) == labels
        view = basic(product, "camera_params", "camera_params_{}.json", frame)["cameraViewTransform"]
        assert found["view"].tolist() == view


def template(*files, classes=None, **annotators):
    parameters = {"annotators": annotators, "files": list(files)}
    return {"name": "TemplateWriter", "parameters": parameters | ({"classes": classes} if classes else {})}


def test_masks_of_objects_and_of_a_taxonomy(record, basic):
    files = [
        {
            "path": "{product}/{frame}_{instance}.png",
            "from": "instance_segmentation",
            "encoding": "png8",
            "each": "instance",
        },
        {"path": "{product}/mask_{frame}.png", "from": "semantic_segmentation", "encoding": "png8"},
    ]
    writer = template(*files, instance_segmentation={}, semantic_segmentation={})
    folder = record(writer, taxonomy=str(CONFIG / "taxonomies/tabletop.json"))
    ids = {
        name: each["id"]
        for name, each in json.loads((CONFIG / "taxonomies/tabletop.json").read_text())["classes"].items()
    }
    for product, frame in VIEWS:
        mask = basic(product, "instance_segmentation", "instance_segmentation_{}.png", frame)
        kinds = basic(product, "instance_segmentation", "instance_segmentation_semantics_mapping_{}.json", frame)
        found = np.asarray(Image.open(folder / f"{product}/mask_{frame}.png"))
        for number, labels in kinds.items():
            if labels["class"] in ids:
                assert set(found[mask == int(number)]) == {ids[labels["class"]]}
                own = np.asarray(Image.open(folder / f"{product}/{frame}_{number}.png"))
                assert np.array_equal(own == 255, mask == int(number))


def test_rows_of_a_mask_have_its_pixels(record, basic):
    spec = {"path": "{product}_{frame}.json", "from": "instance_segmentation", "encoding": "json"}
    folder = record(template(spec, instance_segmentation={}, simslate_visibility={}, classes=CLASSES))
    for product, frame in VIEWS:
        rows = json.loads((folder / f"{product}_{frame}.json").read_text())
        seen = pixels(basic, product, frame)
        assert rows
        assert all(row["visible_pixels"] == seen[row["prim_path"]] for row in rows)
        assert all(row["visibility"] == pytest.approx(row["visible_pixels"] / row["frame_pixels"]) for row in rows)
        assert all(CLASSES[row["class_id"]] == row["class"] for row in rows)


def test_one_file_at_the_end_has_all_frames(record):
    spec = {
        "path": "all.jsonl",
        "from": "bounding_box_2d_tight",
        "encoding": "jsonl",
        "each": "end",
        "fields": ["frame", "product", "class"],
    }
    folder = record(template(spec, bounding_box_2d_tight={}), frames=3)
    rows = [json.loads(line) for line in (folder / "all.jsonl").read_text().splitlines()]
    assert {(row["frame"], row["product"]) for row in rows} == {(f, p) for f in range(3) for p in ("front", "side")}
    assert {row["class"] for row in rows} == set(CLASSES)


def test_exr(record, basic):
    openexr = pytest.importorskip("OpenEXR")
    spec = {"path": "{product}_{frame}.exr", "from": "distance_to_image_plane", "encoding": "exr"}
    folder = record(template(spec, distance_to_image_plane={}))
    depth = basic("front", "distance_to_image_plane", "distance_to_image_plane_{}.npy", 1)
    (channel,) = openexr.File(str(folder / "front_1.exr")).channels().values()
    assert np.array_equal(channel.pixels, depth)


def test_without_the_library_exr_is_refused_before_the_first_frame(record, monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "OpenEXR", None)
    spec = {"path": "{product}_{frame}.exr", "from": "distance_to_image_plane", "encoding": "exr"}
    with pytest.raises(ConfigError, match=r"files\[0\]\.encoding: .*pip install 'simslate\[exr\]'"):
        record(template(spec, distance_to_image_plane={}))
    assert not (tmp_path / "set").exists()


def test_a_class_without_a_number_ends_the_recording(record):
    spec = {"path": "{product}_{frame}.txt", "from": "bounding_box_2d_tight", "encoding": "txt", "line": "{class_id}"}
    with pytest.raises(IncompleteError, match=r'"can" of /World/.* is not in the parameter "classes"'):
        record(template(spec, bounding_box_2d_tight={}, classes=["box", "turtle"]))


def test_a_link_in_the_output_folder_is_not_followed(record, tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "elsewhere").mkdir()
    spec = {"path": "labels/{product}_{frame}.json", "from": "camera_params", "encoding": "json"}
    script = template(spec, camera_params={})
    import omni.replicator.core as rep

    writer = rep.WriterRegistry.get("TemplateWriter")
    writer.initialize(output_dir=str(tmp_path / "set"), **script["parameters"])
    (tmp_path / "set/labels").symlink_to(tmp_path / "elsewhere")
    outputs = {"camera": "/C", "resolution": np.array([4, 3]), "camera_params": {"x": 1}}
    with pytest.raises(Exception, match="leads out of the output folder"):
        writer.write({"renderProducts": {"front": outputs}})
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_script_is_refused_with_the_place(app, tmp_path):
    import omni.replicator.core as rep

    writer = rep.WriterRegistry.get("TemplateWriter")
    spec = {"path": "{frame!r}.json", "from": "rgb", "encoding": "json"}
    with pytest.raises(ConfigError, match=r"\$\.files\[0\]\.path: \{frame!r\}: a field has no conversion"):
        writer.initialize(output_dir=str(tmp_path), annotators={"rgb": {}}, files=[spec])
    with pytest.raises(ConfigError, match="needs output_dir or backend"):
        writer.initialize(annotators={"rgb": {}}, files=[spec])
