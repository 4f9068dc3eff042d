"""Exports of a small data set whose objects can be checked by eye, colourised or raw, of one product or several."""

import json

import numpy as np
import pytest
from PIL import Image

from simslate.recorder import ConfigError, IncompleteError, OutputError
from simslate.recorder.dataset.export import FORMATS, Exported, Filter, Request, export
from simslate.recorder.dataset.export.file import json_pieces

TAXONOMY = {
    "version": 1,
    "classes": {"can": {"id": 7, "colour": [9, 8, 7]}, "box": {"id": 9, "colour": [1, 2, 3]}, "rest": {"id": 300}},
}
LISTED = [{"id": 0, "name": "can"}, {"id": 40, "name": "box", "supercategory": "thing", "color": [4, 5, 6]}]
KINDS = {
    "colours": {},
    "ids": {"colourised": False},
    "two products": {"products": ("left", "right")},
    "ids in common folders": {"products": ("left", "right"), "colourised": False, "common": True},
}


@pytest.fixture
def export_to(tmp_path):
    """Export a folder, and return the new one."""

    def run(folder, name="coco", *, taxonomy=None, **options):
        target = tmp_path / "out" / name
        if taxonomy is not None:
            options["taxonomy"] = tmp_path / "taxonomy.json"
            options["taxonomy"].write_text(json.dumps(taxonomy))
        export(Request(dataset=folder, format=name, to=target, **options))
        return target

    return run


def coco(folder):
    return json.loads((folder / "annotations/instances.json").read_text())


def numbers(path):
    return [line.split() for line in path.read_text().splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_coco_tells_what_was_drawn(tiny_set, export_to, kind):
    made = tiny_set(**KINDS[kind])
    data = coco(export_to(made.folder))
    products = KINDS[kind].get("products", ("",))
    assert [image["render_product"] for image in data["images"]] == [*products, *products]
    assert [image["frame"] for image in data["images"]] == ["000000"] * len(products) + ["000001"] * len(products)
    assert [(each["id"], each["name"]) for each in data["categories"]] == [(1, "box"), (2, "can")]
    for image in data["images"]:
        shift = int(image["frame"])
        own = [each for each in data["annotations"] if each["image_id"] == image["id"]]
        assert [each["bbox"] for each in own] == [[3 + shift, 4, 7, 5], [15 + shift, 2, 6, 18]]
        assert [each["area"] for each in own] == [35, 108]
        assert [each["category_id"] for each in own] == [1, 2]
        assert [each["prim_path"] for each in own] == ["/World/a", "/World/b"]
        assert [(each["visible_pixels"], each["pixels_alone"], each["visibility"]) for each in own] == [
            (35, 35, 1.0),
            (108, 108, 1.0),
        ]
        assert [each["truncation"] for each in own] == [None, None]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["coco", "coco-panoptic", "yolo", "yolo-seg", "kitti", "masks"])
def test_pictures_are_called_by_product_and_frame(tiny_set, export_to, kind, name):
    found = export_to(tiny_set(**KINDS[kind]).folder, name, taxonomy=TAXONOMY)
    stems = {"_".join([*product, frame]) for frame in ("000000", "000001") for product in _products(kind)}
    folders = {"masks": "masks", "kitti": "training/image_2"}
    assert {path.stem for path in (found / folders.get(name, "images")).iterdir()} == stems


def _products(kind):
    return [(name,) for name in KINDS[kind].get("products", ())] or [()]


def test_ids_are_those_of_the_taxonomy(tiny_set, export_to):
    data = coco(export_to(tiny_set().folder, taxonomy=TAXONOMY))
    assert [(each["id"], each["name"]) for each in data["categories"]] == [(7, "can"), (9, "box"), (300, "rest")]
    assert [each["category_id"] for each in data["annotations"]] == [9, 7, 9, 7]


def test_the_recording_brings_its_own_taxonomy(tiny_set, export_to):
    made = tiny_set()
    (made.folder / "simslate").mkdir()
    (made.folder / "simslate/taxonomy.json").write_text(json.dumps(TAXONOMY))
    assert [each["id"] for each in coco(export_to(made.folder))["categories"]] == [7, 9, 300]


def test_id_0_is_kept(tiny_set, export_to):
    data = coco(export_to(tiny_set().folder, taxonomy=LISTED))
    assert [each["id"] for each in data["categories"]] == [0, 40]
    assert [each["category_id"] for each in data["annotations"]] == [40, 0, 40, 0]
    assert data["categories"][1] == {"id": 40, "name": "box", "supercategory": "thing", "color": [4, 5, 6]}


def test_id_0_is_kept_in_masks(tiny_set, export_to):
    out = export_to(tiny_set().folder, "masks", taxonomy=LISTED)
    mask = np.asarray(Image.open(out / "masks/000000.png"))
    assert (mask[4, 3], mask[2, 15], mask[0, 0]) == (40, 0, 0)
    assert json.loads((out / "classes.json").read_text())["classes"][0]["name"] == "can"


def test_masks_have_ids_and_colours_of_the_taxonomy(tiny_set, export_to):
    out = export_to(tiny_set().folder, "masks", taxonomy=TAXONOMY)
    mask = np.asarray(Image.open(out / "masks/000001.png"))
    assert mask.dtype == np.uint16
    assert (mask[4, 4], mask[2, 16], mask[0, 0]) == (9, 7, 0)
    colours = np.asarray(Image.open(out / "colours/000001.png"))
    assert colours[4, 4].tolist() == [1, 2, 3]
    assert colours[0, 0].tolist() == [0, 0, 0]
    listed = json.loads((out / "classes.json").read_text())["classes"]
    assert [each["name"] for each in listed] == ["BACKGROUND", "UNLABELLED", "can", "box", "rest"]


def test_panoptic_segments_have_their_ids_in_the_picture(tiny_set, export_to):
    out = export_to(tiny_set().folder, "coco-panoptic")
    data = json.loads((out / "annotations/panoptic.json").read_text())
    for each in data["annotations"]:
        pixels = np.asarray(Image.open(out / "annotations/panoptic" / each["file_name"])).astype(int)
        ids = pixels[..., 0] + 256 * pixels[..., 1] + 65536 * pixels[..., 2]
        assert set(np.unique(ids)) == {0, *(segment["id"] for segment in each["segments_info"])}
        for segment in each["segments_info"]:
            rows, columns = np.nonzero(ids == segment["id"])
            assert segment["area"] == len(rows)
            assert segment["bbox"][:2] == [columns.min(), rows.min()]


def test_yolo_has_shares_of_the_picture_and_places_of_classes(tiny_set, export_to):
    out = export_to(tiny_set().folder, "yolo", taxonomy=TAXONOMY)
    wanted = [["1", 6.5 / 32, 6.5 / 24, 7 / 32, 5 / 24], ["0", 18 / 32, 11 / 24, 6 / 32, 18 / 24]]
    for line, (place, *values) in zip(numbers(out / "labels/000000.txt"), wanted, strict=True):
        assert line[0] == place
        assert [float(value) for value in line[1:]] == pytest.approx(values, abs=1e-6)
    assert (out / "data.yaml").read_text().endswith('nc: 3\nnames:\n  0: "can"\n  1: "box"\n  2: "rest"\n')


def test_yolo_polygons_are_the_edges_of_pixels(tiny_set, export_to):
    line = numbers(export_to(tiny_set().folder, "yolo-seg") / "labels/000000.txt")[0]
    corners = np.array(line[1:], float).reshape(-1, 2) * (32, 24)
    assert corners.round(3).tolist() == [[3, 4], [10, 4], [10, 9], [3, 9]]


def test_boxes_do_where_there_is_no_mask(tiny_set, export_to):
    made = tiny_set()
    for path in made.folder.glob("*_segmentation_*"):
        path.unlink()
    line = numbers(export_to(made.folder, "yolo") / "labels/000000.txt")[0]
    assert [float(value) for value in line[1:]] == pytest.approx([6.5 / 32, 6.5 / 24, 7 / 32, 5 / 24], abs=1e-6)


def test_kitti_has_its_values_for_what_is_not_known(tiny_set, export_to):
    made = tiny_set()
    for path in made.folder.glob("bounding_box_3d_*"):
        path.unlink()
    for path in made.folder.glob("camera_params_*"):
        path.unlink()
    lines = numbers(export_to(made.folder, "kitti") / "training/label_2/000000.txt")
    assert lines[0][:3] == ["box", "-1.00", "0"]
    assert [float(each) for each in lines[0][3:]] == [-10, 3, 4, 9, 8, -1, -1, -1, -1000, -1000, -1000, -10]
    assert len(lines[1]) == 15


def test_hidden_and_small_objects_can_be_left_out(tiny_set, export_to):
    made = tiny_set()
    path = made.path("bounding_box_2d_tight", "npy", 1)
    boxes = np.load(path)
    boxes["occlusionRatio"] = (0.75, -1)
    np.save(path, boxes)
    whole = coco(export_to(made.folder))["annotations"]
    assert [(each["pixels_alone"], each["visibility"]) for each in whole[2:]] == [(140, 0.25), (None, None)]


def test_filters_keep_what_is_not_known(tiny_set, tmp_path):
    made = tiny_set()
    path = made.path("bounding_box_2d_tight", "npy", 1)
    boxes = np.load(path)
    boxes["occlusionRatio"] = (0.75, -1)
    np.save(path, boxes)
    found = {}
    for kept in (Filter(min_visible_pixels=36), Filter(min_visibility=0.5)):
        target = tmp_path / str(len(found))
        done = export(Request(dataset=made.folder, format="coco", to=target, kept=kept))
        assert done.visibility_unknown == 1
        found[kept] = [(each["image_id"], each["prim_path"][-1]) for each in coco(target)["annotations"]]
        assert len(coco(target)["images"]) == 2
    assert list(found.values()) == [[(1, "b"), (2, "b")], [(1, "a"), (1, "b"), (2, "b")]]


def test_pictures_can_be_links(tiny_set, export_to):
    made = tiny_set()
    out = export_to(made.folder, link=True)
    assert (out / "images/000000.png").samefile(made.path("rgb", "png"))


@pytest.mark.parametrize(
    ("name", "missing", "hint"),
    [
        ("coco", "instance_segmentation", "instance_segmentation, which was not recorded"),
        ("yolo", "rgb", "rgb, which was not recorded"),
        ("bop", "bounding_box_3d", '"bounding_box_3d": true'),
        ("masks", "semantic_segmentation", '"semantic_segmentation": true'),
    ],
)
def test_what_was_not_recorded_is_named(tiny_set, export_to, tmp_path, name, missing, hint):
    made = tiny_set()
    for path in made.folder.glob(f"{missing}_*"):
        path.unlink()
    with pytest.raises(ConfigError, match=hint):
        export_to(made.folder, name, taxonomy=TAXONOMY)
    assert not (tmp_path / "out").exists()


def test_a_label_that_is_not_listed_ends_the_export(tiny_set, export_to, tmp_path):
    with pytest.raises(ConfigError, match='does not list the label "can"'):
        export_to(tiny_set().folder, taxonomy={"version": 1, "classes": {"box": {}, "cans": {}}})
    assert list((tmp_path / "out").iterdir()) == []


def test_a_label_that_is_not_listed_may_be_ignored(tiny_set, export_to):
    data = coco(export_to(tiny_set().folder, taxonomy={"version": 1, "unlisted": "ignore", "classes": {"box": {}}}))
    assert [each["prim_path"] for each in data["annotations"]] == ["/World/a"] * 2


@pytest.mark.parametrize(
    ("listed", "complaint"),
    [
        ([{"id": 0, "name": "box"}, {"id": 0, "name": "can"}], r"\$\[1\].id: 0 is there twice"),
        ([{"id": 0, "name": "box"}, {"id": 1, "name": "box"}], r'\$\[1\].name: "box" is there twice'),
        ([{"id": -1, "name": "box"}], r"\$\[0\]: "),
        ([{"id": 1, "name": "box", "color": [1, 2]}], r"\$\[0\].color: \[1, 2\] is not"),
        (["box"], r"\$\[0\]: "),
    ],
)
def test_a_wrong_list_of_categories_is_told_by_place(tiny_set, export_to, listed, complaint):
    with pytest.raises(ConfigError, match=complaint):
        export_to(tiny_set().folder, taxonomy=listed)


def test_a_full_folder_stays_as_it_is(tiny_set, export_to, tmp_path):
    (tmp_path / "out/coco").mkdir(parents=True)
    (tmp_path / "out/coco/mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="not an empty folder"):
        export_to(tiny_set().folder)
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["coco", "mine.txt"]


def test_an_empty_folder_is_used(tiny_set, export_to, tmp_path):
    (tmp_path / "out/coco").mkdir(parents=True)
    assert (export_to(tiny_set().folder) / "images/000001.png").exists()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["coco"]


@pytest.mark.parametrize("place", ["", "inside", ".."])
def test_an_export_is_apart_from_its_recording(tiny_set, place):
    made = tiny_set()
    with pytest.raises(OutputError):
        export(Request(dataset=made.folder, format="coco", to=made.folder / place))


def test_a_broken_file_ends_the_export_and_leaves_nothing(tiny_set, export_to, tmp_path):
    made = tiny_set()
    path = made.path("instance_segmentation", "png", 1)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(IncompleteError, match=r"instance_segmentation_0001\.png: cannot be decoded"):
        export_to(made.folder)
    assert list((tmp_path / "out").iterdir()) == []


def test_files_that_do_not_fit_together_end_the_export(tiny_set, export_to):
    made = tiny_set()
    made.path("bounding_box_2d_tight_prim_paths", "json", 1).write_text("[]")
    with pytest.raises(IncompleteError, match="frame 000001: its files do not fit together"):
        export_to(made.folder)


@pytest.mark.parametrize(
    ("stem", "extension", "said"),
    [
        ("instance_segmentation_mapping", "json", "frame 000001: its files do not fit together"),
        ("rgb", "png", "frame 1 has no rgb"),
    ],
)
def test_a_missing_file_ends_the_export(tiny_set, export_to, stem, extension, said):
    made = tiny_set()
    made.path(stem, extension, 1).unlink()
    with pytest.raises(IncompleteError, match=said):
        export_to(made.folder)


def test_a_missing_mask_is_no_reason_to_take_boxes(tiny_set, export_to):
    made = tiny_set(products=("left", "right"))
    for path in (made.folder / "right/instance_segmentation").glob("*_0001.*"):
        path.unlink()
    with pytest.raises(IncompleteError, match="frame 1 of right has no instance_segmentation"):
        export_to(made.folder)


def test_what_progress_raises_leaves_nothing(tiny_set, tmp_path):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(Request(dataset=tiny_set().folder, format="coco", to=tmp_path / "out/coco"), stop)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_without_a_recording_is_no_recording(tmp_path):
    (tmp_path / "rgb.png").touch()
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ConfigError):
            export(Request(dataset=folder, format="coco", to=tmp_path / "out"))


def test_polygons_are_for_coco(tiny_set, tmp_path):
    made = tiny_set()
    found = export(Request(dataset=made.folder, format="coco", to=tmp_path / "out", outlines=True))
    assert found == Exported(tmp_path / "out", "coco", 2, 4, 2, 0)
    assert coco(tmp_path / "out")["annotations"][0]["segmentation"] == [[3, 4, 10, 4, 10, 9, 3, 9]]
    with pytest.raises(ConfigError, match="--polygons is for coco, not for yolo"):
        export(Request(dataset=made.folder, format="yolo", to=tmp_path / "other", outlines=True))


def test_json_in_pieces_is_json():
    for value in ({}, {"a": [], "b": {"c": 1}}, {"a": [1, {"b": 2}], "c": []}):
        pieces = json_pieces((k, iter(v) if isinstance(v, list) else v) for k, v in value.items())
        assert json.loads(b"".join(pieces)) == value


def test_every_format_says_what_it_is():
    assert all(each.help and each.needs for each in FORMATS.values())
