"""The files of frames that are made up: what each holds follows from the arrays by hand."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from simslate.recorder.errors import ConfigError, OutputError
from simslate.recorder.template import Collected, Template, View, made_at_end, made_of_frame
from simslate.recorder.template.encodings import ENCODINGS
from simslate.recorder.template.frame import MASK_ID
from simslate.recorder.template.sources import FRAME, HELP, KNOWN, kind_of, row_fields

BOX = np.dtype(
    [("semanticId", "<u4")] + [(n, "<i4") for n in ("x_min", "y_min", "x_max", "y_max")] + [("occlusionRatio", "<f4")]
)
SEEN = np.dtype(
    [
        ("instanceId", "<u4"),
        ("visiblePixels", "<u4"),
        ("framePixels", "<u4"),
        ("totalPixels", "<u4"),
        ("visibility", "<f4"),
        ("truncation", "<f4"),
    ]
)
BOX_3D = np.dtype(
    [("semanticId", "<u4")]
    + [(f"{axis}_{end}", "<f4") for end in ("min", "max") for axis in "xyz"]
    + [("transform", "<f4", (4, 4)), ("occlusionRatio", "<f4")]
)
# 8 x 6 pixels: a can (id 2) of 2 x 2 at the upper left, a box (id 3) of 4 x 3 below, and a turtle (4) of one pixel.
IDS = np.zeros((6, 8), np.uint32)
IDS[0:2, 0:2] = 2
IDS[2:5, 3:7] = 3
IDS[5, 7] = 4
PATHS = ["/World/Can", "/World/Box", "/World/Turtle"]
NAMES = ["can", "box,crate", "toy turtle"]


def outputs():
    boxes = np.array([(0, 0, 0, 1, 1, 0.0), (1, 3, 2, 6, 4, 0.25), (2, 7, 5, 7, 5, -1.0)], BOX)
    seen = [(2, 4, 4, 4, 1.0, 0.0), (3, 12, 16, 16, 0.75, 0.0), (4, 1, 4, 8, 0.25, 0.5)]
    spaces = np.zeros(1, BOX_3D)
    spaces["x_max"], spaces["transform"] = 0.5, np.eye(4)
    labels = {str(index): {"class": name} for index, name in enumerate(NAMES)}
    kinds = {str(index + 2): {"class": name} for index, name in enumerate(NAMES)}
    numbers = np.array([0, 1, 2], np.uint32)
    return {
        "rgb": {"data": np.arange(6 * 8 * 4, dtype=np.uint8).reshape(6, 8, 4)},
        "distance_to_camera": {"data": np.where(IDS == 0, np.inf, IDS / 2).astype(np.float32)},
        "semantic_segmentation": {"data": IDS, "idToLabels": {"0": {"class": "BACKGROUND"}, **kinds}},
        "instance_segmentation": {
            "data": IDS,
            "idToLabels": {0: "BACKGROUND", **{index + 2: path for index, path in enumerate(PATHS)}},
            "idToSemantics": {0: {"class": "BACKGROUND"}, **{int(key): each for key, each in kinds.items()}},
        },
        "bounding_box_2d_tight": {"data": boxes, "idToLabels": labels, "primPaths": PATHS, "bboxIds": numbers},
        "bounding_box_3d": {"data": spaces, "idToLabels": labels, "primPaths": PATHS[:1], "bboxIds": numbers[:1]},
        "simslate_visibility": {"data": np.array(seen, SEEN), "primPaths": PATHS},
        "camera_params": {
            "cameraAperture": np.array([20, 15], np.float32),
            "cameraApertureOffset": np.array([2.5, -5.0], np.float32),
            "cameraFocalLength": 10.0,
            "cameraModel": "pinhole",
        },
    }


def made(*files, classes=("box", "can", "toy turtle"), frame=0, products=("front",), end=False, without=()):
    annotators = {name: {} for name in outputs() if name not in without}
    template = Template.from_json({"annotators": annotators, "files": list(files), "classes": list(classes)})
    views = [
        View(name, f"/World/{name}Cam", (8, 6), {k: outputs()[k] for k in annotators}, template.naming)
        for name in products
    ]
    collected = Collected()
    found = made_of_frame(template, views, frame, collected)
    if end:
        found += made_of_frame(template, views, frame + 1, collected)
        found += made_at_end(template, collected)
    return {each.path: ENCODINGS[each.encoding].encode(each.content) for each in found}


def text(**entry):
    return {"path": "{frame:03d}.txt", "from": "bounding_box_2d_tight", "encoding": "txt", **entry}


def lines(**entry):
    (content,) = made(text(**entry)).values()
    return content.decode().splitlines()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{class_id} {cx:g} {cy:g} {w:g} {h:g}", ["1 0.125 0.166667 0.25 0.333333", "0 0.625 0.583333 0.5 0.5"]),
        (
            "{class}|{class_word}|{prim_path}|{prim_name}",
            ["can|can|/World/Can|Can", "box,crate|box_crate|/World/Box|Box"],
        ),
        ("{x_min} {y_min} {x_max} {y_max}", ["0 0 1 1", "3 2 6 4"]),
        ("{x_end} {y_end} {box_width} {box_height}", ["2 2 2 2", "7 5 4 3"]),
        ("{semantic_id} {instance} {occlusion:.2f}", ["0 0 0.00", "1 1 0.25"]),
        ("{visible_pixels} {frame_pixels} {total_pixels}", ["4 4 4", "12 16 16"]),
        ("{visibility} {truncation} {occlusion_level}", ["1.0 0.0 0", "0.75 0.0 1"]),
        ("{frame:03d} {product} {camera} {width}x{height}", ["000 front frontCam 8x6"] * 2),
    ],
)
def test_fields_of_boxes(line, expected):
    assert lines(line=line)[:2] == expected


def test_the_last_of_the_boxes():
    line = "{class_id} {class_word} {cx} {w} {visibility} {truncation} {occlusion_level} {occlusion:g}"
    assert lines(line=line)[2] == "2 toy_turtle 0.9375 0.125 0.25 0.5 2 -1"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, ["can", "box,crate", "toy turtle"]),
        ({"classes": ["can"]}, ["can"]),
        ({"classes": ["crate"]}, ["box,crate"]),
        ({"classes": ["box", "toy turtle"]}, ["box,crate", "toy turtle"]),
        ({"min_pixels": 4}, ["can", "box,crate"]),
        ({"min_pixels": 5}, ["box,crate"]),
        ({"min_visibility": 0.75}, ["can", "box,crate"]),
        ({"min_visibility": 0.5, "classes": ["can"]}, ["can"]),
        ({"min_pixels": 100}, []),
    ],
)
def test_selection(where, expected):
    assert lines(line="{class}", where=where) == expected


def test_a_header_and_an_empty_table():
    assert lines(line="{class}", header="class", where={"min_pixels": 100}) == ["class"]


def test_a_class_that_is_not_listed_is_an_error():
    with pytest.raises(ConfigError, match='"toy turtle" of /World/Turtle is not in the parameter "classes"'):
        made(text(line="{class_id}"), classes=["box", "can"])


def test_a_label_with_a_line_break_stays_on_one_line(monkeypatch):
    monkeypatch.setitem(globals(), "NAMES", ["a\nb", "c", "d"])
    assert lines(line="{class}") == ["a b", "c", "d"]


def image(content):
    return np.asarray(Image.open(io.BytesIO(content)))


@pytest.mark.parametrize(("encoding", "dtype"), [("png8", np.uint8), ("png16", np.uint16)])
def test_masks_of_ids(encoding, dtype):
    (content,) = made({"path": "{frame}.png", "from": "semantic_segmentation", "encoding": encoding}).values()
    pixels = image(content)
    assert np.array_equal(pixels, IDS)
    assert pixels.astype(dtype).dtype == dtype


def test_what_is_not_selected_of_a_mask_is_0():
    spec = {
        "path": "{frame}.png",
        "from": "instance_segmentation",
        "encoding": "png8",
        "where": {"min_visibility": 0.7},
    }
    (content,) = made(spec).values()
    assert np.array_equal(image(content), np.where(IDS == 4, 0, IDS))


def test_rows_of_an_array_are_selected_too():
    spec = {"path": "{frame}.npy", "from": "bounding_box_2d_tight", "encoding": "npy", "where": {"classes": ["can"]}}
    (content,) = made(spec).values()
    found = np.load(io.BytesIO(content), allow_pickle=False)
    assert found.dtype == BOX
    assert found.tolist() == outputs()["bounding_box_2d_tight"]["data"][:1].tolist()


def test_depth_as_millimetres():
    spec = {"path": "{frame}.png", "from": "distance_to_camera", "encoding": "png16", "scale": 1000}
    (content,) = made(spec).values()
    assert np.array_equal(image(content), IDS * 500)


def test_values_that_do_not_fit_are_an_error():
    spec = {"path": "{frame}.png", "from": "distance_to_camera", "encoding": "png8", "scale": 1000}
    with pytest.raises(ConfigError, match="png8 holds 0 to 255, not 2000"):
        made(spec)


def test_colours():
    files = made(
        {"path": "{frame}.png", "from": "rgb", "encoding": "rgba"},
        {"path": "{frame}.jpg", "from": "rgb", "encoding": "jpg"},
        {"path": "{frame}.npy", "from": "rgb", "encoding": "npy"},
    )
    rgb = outputs()["rgb"]["data"]
    assert np.array_equal(image(files["0.png"]), rgb)
    assert image(files["0.jpg"]).shape == (6, 8, 3)
    assert np.array_equal(np.load(io.BytesIO(files["0.npy"])), rgb)


def test_a_file_for_each_object_and_each_class():
    files = made(
        {"path": "m/{frame}_{instance}.png", "from": "instance_segmentation", "encoding": "png8", "each": "instance"},
        {"path": "c/{frame}_{class}.png", "from": "semantic_segmentation", "encoding": "png8", "each": "class"},
        text(path="t/{frame}_{class}.txt", each="class", line="{x_min}"),
    )
    assert sorted(files) == [
        *("c/0_box_crate.png", "c/0_can.png", "c/0_toy_turtle.png"),
        *("m/0_2.png", "m/0_3.png", "m/0_4.png"),
        *("t/0_box_crate.txt", "t/0_can.txt", "t/0_toy_turtle.txt"),
    ]
    assert np.array_equal(image(files["m/0_3.png"]), (IDS == 3) * 255)
    assert np.array_equal(image(files["c/0_can.png"]), (IDS == 2) * 255)
    assert files["t/0_box_crate.txt"] == b"3\n"


def test_labels_that_make_the_same_name_are_an_error(monkeypatch):
    monkeypatch.setitem(globals(), "NAMES", ["a b", "a/b", "c"])
    with pytest.raises(OutputError, match=r"0_a_b\.txt: two files of one frame have this path"):
        made(text(path="{frame}_{class}.txt", each="class", line="{x_min}"), classes=())


def test_files_of_two_entries_are_told_apart_in_any_case():
    with pytest.raises(OutputError, match="two files of one frame have this path"):
        made(text(path="A{frame}.txt", line="x"), text(path="a{frame:1d}.txt", line="x"))


def test_json_of_rows():
    fields = {"label": "class", "box": "x_min", "seen": "visibility"}
    found = made(
        {"path": "{frame}.json", "from": "bounding_box_2d_tight", "encoding": "json", "fields": fields},
        {"path": "{frame}.jsonl", "from": "bounding_box_2d_tight", "encoding": "jsonl", "fields": ["class", "x_min"]},
    )
    assert json.loads(found["0.json"])[:2] == [
        {"label": "can", "box": 0, "seen": 1.0},
        {"label": "box,crate", "box": 3, "seen": 0.75},
    ]
    assert [json.loads(line) for line in found["0.jsonl"].splitlines()][2] == {"class": "toy turtle", "x_min": 7}


def test_json_of_what_has_no_rows():
    found = made(
        {"path": "{frame}.json", "from": "semantic_segmentation.idToLabels", "encoding": "json"},
        {"path": "cam_{frame}.json", "from": "camera_params", "encoding": "json"},
        {"path": "prims_{frame}.json", "from": "bounding_box_2d_tight.primPaths", "encoding": "json"},
    )
    assert json.loads(found["0.json"])["3"] == {"class": "box,crate"}
    assert json.loads(found["cam_0.json"])["cameraAperture"] == [20, 15]
    assert json.loads(found["prims_0.json"]) == PATHS


def test_boxes_in_space():
    spec = {"path": "{frame}.json", "from": "bounding_box_3d", "encoding": "json", "fields": ["x_max", "transform"]}
    assert json.loads(made(spec)["0.json"]) == [{"x_max": 0.5, "transform": np.eye(4).tolist()}]


def test_a_pinhole_by_hand():
    # 10 / 20 * 8 pixels; the window is 2.5 to the right and 5 down of the axis.
    spec = {"path": "{frame}.txt", "from": "camera_params", "encoding": "txt", "line": "{fx} {fy} {px} {py}"}
    assert made(spec)["0.txt"] == b"4.0 4.0 3.0 1.0\n"


def test_once_at_the_end():
    files = made(
        text(path="{product}.txt", each="end", line="{frame} {class}", where={"classes": ["can"]}),
        {"path": "all.jsonl", "from": "camera_params", "encoding": "jsonl", "each": "end"},
        {"path": "all.json", "from": "bounding_box_2d_tight", "encoding": "json", "each": "end", "fields": ["frame"]},
        {"path": "names.txt", "from": "classes", "encoding": "txt", "each": "end", "line": "{class_id} {class}"},
        products=("front", "side"),
        end=True,
    )
    assert files["front.txt"] == files["side.txt"] == b"0 can\n1 can\n"
    rows = [json.loads(line) for line in files["all.jsonl"].splitlines()]
    assert [(row["frame"], row["product"]) for row in rows] == [(0, "front"), (0, "side"), (1, "front"), (1, "side")]
    assert rows[0]["data"]["cameraFocalLength"] == 10.0
    assert [row["frame"] for row in json.loads(files["all.json"])] == [0] * 6 + [1] * 6
    assert files["names.txt"] == b"0 box\n1 can\n2 toy turtle\n"


def test_two_files_at_the_end_with_one_path_are_an_error():
    with pytest.raises(OutputError, match=r"two files have this path: \$\.files\[0\] and \$\.files\[1\]"):
        made(
            text(path="{product}.txt", each="end", line="x"),
            text(path="{camera}.txt", each="end", line="y"),
            products=("a", "aCam"),
        )


def test_arrays_of_several_annotators():
    arrays = {
        "rgb": "rgb",
        "boxes": "bounding_box_2d_tight",
        "labels": "bounding_box_2d_tight.idToLabels",
        "prims": "bounding_box_2d_tight.primPaths",
        "camera": "camera_params",
        "aperture": "camera_params.cameraAperture",
    }
    (content,) = made({"path": "{frame}.npz", "encoding": "npz", "arrays": arrays}).values()
    found = np.load(io.BytesIO(content), allow_pickle=False)
    assert sorted(found) == sorted(arrays)
    assert np.array_equal(found["rgb"], outputs()["rgb"]["data"])
    assert found["boxes"].dtype == BOX
    assert json.loads(str(found["labels"]))["0"] == {"class": "can"}
    assert found["prims"].tolist() == PATHS
    assert json.loads(str(found["camera"]))["cameraFocalLength"] == 10.0
    assert found["aperture"].tolist() == [20, 15]
    again = made({"path": "{frame}.npz", "encoding": "npz", "arrays": arrays})
    assert list(again.values()) == [content]


@pytest.mark.parametrize("name", [name for name in outputs() if row_fields(name, {n: {} for n in outputs()})])
def test_every_row_has_exactly_the_fields_that_are_promised(name):
    view = View("front", "/World/Cam", (8, 6), outputs())
    promised = set(row_fields(name, {each: {} for each in outputs()})) - {"frame"}
    rows = view.rows(name)
    assert rows
    assert all(set(row) - {MASK_ID} == promised for row in rows)


def test_every_field_is_explained():
    fields = {field for name in (*KNOWN, "classes") for field in kind_of(name, {}).rows or ()}
    assert fields | set(FRAME) == set(HELP)
