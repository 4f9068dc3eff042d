"""What the page shows of each file, against arrays made by hand."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from simslate.recorder.dataset.preview.draw import draw
from simslate.recorder.dataset.preview.images import distances, index_image, motion, photo, sampled
from simslate.recorder.dataset.preview.source import read_source
from simslate.recorder.dataset.preview.tally import SIZES, Tally

CAMERA = {
    "cameraModel": "pinhole",
    "renderProductResolution": [32, 24],
    # At the origin, looking along -z; 90 degrees wide, and near and far as Replicator has them, reversed.
    "cameraViewTransform": np.eye(4).ravel().tolist(),
    "cameraProjection": [1, 0, 0, 0, 0, 32 / 24, 0, 0, 0, 0, 0.001, -1, 0, 0, 0.1, 0],
}


def drawn(made, place=0, width=960):
    source = read_source(made.folder)
    return draw(source.folder, source.cells[place], width)


def decoded(text):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))


def classes_of(drawing, name):
    """The class of each pixel of a mask, as the page works it out."""
    layer = drawing.layers[name]
    pixels = decoded(layer["data"]).astype(int)
    index = pixels[..., 0] + 256 * pixels[..., 1] if layer["wide"] else pixels
    names = [drawing.classes.texts[number] for number, _, _ in layer["keys"]]
    return np.array(names, object)[index]


@pytest.mark.parametrize("colourised", [True, False])
@pytest.mark.parametrize("name", ["semantic_segmentation", "instance_segmentation", "instance_id_segmentation"])
def test_a_mask_tells_the_class_of_each_pixel(tiny_set, name, colourised):
    drawing = drawn(tiny_set(colourised=colourised))
    found = classes_of(drawing, name)
    expected = np.full((24, 32), "BACKGROUND", object)
    expected[4:9, 3:10] = "box"
    expected[2:20, 15:21] = "can"
    assert (found == expected).all()


def test_objects_have_pixels_boxes_and_visibility(tiny_set):
    drawing = drawn(tiny_set(), 1)
    box, can = drawing.objects["/World/a"], drawing.objects["/World/b"]
    assert (box.name, box.pixels, box.box, box.visible) == ("box", 35, (4, 4, 10, 8), 1)
    assert (can.name, can.pixels, can.box) == ("can", 108, (16, 2, 21, 19))
    assert drawing.class_pixels == {"BACKGROUND": 24 * 32 - 143, "box": 35, "can": 108}


@pytest.mark.parametrize("common", [False, True])
def test_each_render_product_is_drawn(tiny_set, common):
    source = read_source(tiny_set(products=("left", "right"), common=common).folder)
    assert source.products == ["left", "right"]
    assert [len(draw(source.folder, cell, 96).objects) for cell in source.cells] == [2] * 4


def write_solid(made, low, high, transform=None):
    rows = np.load(made.path("bounding_box_3d", "npy"))
    for axis in "xyz":
        rows[f"{axis}_min"], rows[f"{axis}_max"] = low, high
    moved = np.eye(4) if transform is None else transform
    rows["transform"] = moved
    np.save(made.path("bounding_box_3d", "npy"), rows)
    made.path("camera_params", "json").write_text(json.dumps(CAMERA))


def test_a_solid_box_is_projected(tiny_set):
    made = tiny_set()
    moved = np.eye(4)
    moved[3, 2] = -4
    write_solid(made, -1, 1, moved)
    _, _, lines = drawn(made).layers["bounding_box_3d"]["lines"][0]
    assert len(lines) == 12
    ends = np.reshape(lines, (-1, 2))
    # The near face is 3 away and the picture 90 degrees wide: 1 is a third of half the width.
    assert ends[:, 0].min() == pytest.approx(16 - 16 / 3, abs=0.06)
    assert ends[:, 1].max() == pytest.approx(12 + 16 / 3, abs=0.06)


def test_a_box_around_the_camera_is_cut_and_one_behind_it_left_out(tiny_set):
    made = tiny_set()
    write_solid(made, -1, 1)
    lines = np.array(drawn(made).layers["bounding_box_3d"]["lines"][0][2])
    assert np.isfinite(lines).all()
    assert (np.abs(lines) <= 64).all()
    behind = np.eye(4)
    behind[3, 2] = 5
    write_solid(made, -1, 1, behind)
    assert drawn(made).layers["bounding_box_3d"]["lines"] == []


def test_a_lens_that_bends_lines_is_not_pretended(tiny_set):
    made = tiny_set()
    made.path("camera_params", "json").write_text(json.dumps({**CAMERA, "cameraModel": "fisheyePolynomial"}))
    drawing = drawn(made)
    assert "bounding_box_3d" not in drawing.layers
    assert "3-D boxes are not drawn: lens fisheyePolynomial" in drawing.facts


def test_a_file_that_is_nonsense_costs_only_itself(tiny_set):
    made = tiny_set()
    rows = np.zeros(1, [("semanticId", "<f4"), *((f"{a}_{e}", "<f4") for a in "xy" for e in ("min", "max"))])
    rows["x_min"] = np.nan
    np.save(made.path("bounding_box_2d_tight", "npy"), rows)
    made.path("semantic_segmentation_labels", "json", annotator="semantic_segmentation").write_text("[1, 2]")
    made.path("rgb", "png").write_bytes(b"\x89PNG\r\n\x1a\nshort")
    drawing = drawn(made)
    assert "instance_segmentation" in drawing.layers
    assert any("boxes" in flaw for flaw in drawing.flaws)
    assert any("rgb_0000.png" in flaw for flaw in drawing.flaws)


def test_carla_pictures_tell_tag_and_object(tmp_path):
    pixels = np.zeros((10, 20, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[2:5, 3:9] = (14, 0x39, 0x01, 255)
    Image.fromarray(pixels).save(tmp_path / "carla_instance_segmentation_0000.png")
    told = {str(0x139): {"path": "/Town/car", "tag": 14, "label": "car", "pixel_count": 18, "bbox2d": [3, 2, 8, 4]}}
    (tmp_path / "carla_instance_segmentation_0000.json").write_text(json.dumps(told))
    source = read_source(tmp_path)
    drawing = draw(tmp_path, source.cells[0], 960)
    seen = drawing.objects["/Town/car"]
    assert (seen.name, seen.pixels, seen.box) == ("car", 18, (3, 2, 8, 4))
    assert (classes_of(drawing, "carla_instance_segmentation") == "car").sum() == 18


def test_more_than_256_ids_are_told_apart():
    indexes = np.arange(600).reshape(20, 30)
    pixels = decoded(index_image(indexes)).astype(int)
    assert np.array_equal(pixels[..., 0] + 256 * pixels[..., 1], indexes)


def test_distances_are_bright_near_and_black_at_infinity():
    array = np.full((8, 8), np.inf, np.float32)
    array[:, :3], array[:, 3:6] = 1, 100
    pixels, note = distances(array, 8)
    shades = decoded(pixels).mean(axis=-1)
    assert shades[4, 1] > shades[4, 4] > shades[4, 7]
    assert note == "1 to 100 m"
    assert distances(np.full((4, 4), np.inf), 4)[1] == "nothing hit"


def test_motion_is_bright_where_it_is_fast():
    vectors = np.zeros((8, 16, 4), np.float32)
    vectors[:, 8:, 0] = 5
    pixels, note = motion(vectors, 16)
    assert decoded(pixels)[4, 12].max() > decoded(pixels)[4, 3].max() + 100
    assert note == "up to 5 px"


@pytest.mark.parametrize("shape", [(30, 40), (30, 40, 3), (30, 40, 4)])
def test_photos_are_shrunk_in_proportion(shape):
    assert decoded(photo(np.full(shape, 200, np.uint8), 20)).shape == (15, 20, 3)


def test_sampling_mixes_nothing():
    array = np.random.default_rng(1).integers(0, 9, (31, 47))
    assert sampled(array, 10).shape == (7, 10)
    assert sampled(array, 100) is array or np.array_equal(sampled(array, 100), array)
    assert sampled(np.zeros((0, 5)), 3).size == 0


def test_counts_add_up(tiny_set):
    tally = Tally()
    made = tiny_set(frames=3)
    for place in range(3):
        tally.add(drawn(made, place))
    rows = {row["name"]: row for row in tally.class_rows()}
    assert {name: (row["sightings"], row["objects"], row["pixels"]) for name, row in rows.items()} == {
        "BACKGROUND": (0, 0, 3 * (24 * 32 - 143)),
        "box": (3, 1, 105),
        "can": (3, 1, 324),
    }
    # The box is 7 x 5 and the can 6 x 18 pixels: 5.9 and 10.4 on a side.
    assert rows["box"]["sizes"] == [3] + [0] * len(SIZES)
    assert rows["can"]["sizes"] == [0, 3] + [0] * (len(SIZES) - 1)
    assert rows["box"]["colour"] == "#5ddc0b"
    assert tally.per_frame() == {"": {"0000": 2, "0001": 2, "0002": 2}}
