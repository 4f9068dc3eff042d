"""Single files: names, decoding, and which pixels have which id."""

import io
import pickle
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from simslate.recorder.dataset.content import read_content
from simslate.recorder.dataset.id_image import parse_key
from simslate.recorder.dataset.parts import parse
from simslate.recorder.dataset.validate.regions import find_regions


@pytest.mark.parametrize(
    ("path", "product", "part", "number"),
    [
        ("rgb_0000.png", "", "rgb", "0000"),
        ("rgb_1_0000.jpg", "", "rgb", "1_0000"),
        ("pointcloud_rgb_0003.npy", "", "pointcloud_rgb", "0003"),
        (
            "Replicator_01/bounding_box_3d/bounding_box_3d_labels_0002.json",
            "Replicator_01",
            "bounding_box_3d_labels",
            "0002",
        ),
        ("pointcloud/cam_2_pointcloud_rgb_00012.npy", "cam_2", "pointcloud_rgb", "00012"),
        ("distance_to_camera_0000.png", "", "distance_to_camera_picture", "0000"),
        ("skeleton_0000.json", "", "skeleton_data", "0000"),
    ],
)
def test_names_are_read_back(path, product, part, number):
    named = parse(path)
    assert (named.series.product, named.series.part, named.number) == (product, part, number)
    assert named.series.path(number) == path


@pytest.mark.parametrize(
    "path",
    ["rgb.png", "rgb_.png", "rgb_0000.npy", "x_rgb_0000.png", "a/b/c/rgb_0000.png", "depth/rgb_0000.png", "rgb_٣.png"],
)
def test_other_names_are_not_basic_writers(path):
    assert parse(path) is None


def saved(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def png(size=(8, 6)):
    file = io.BytesIO()
    Image.fromarray(np.arange(size[0] * size[1], dtype=np.uint8).reshape(size[::-1])).save(file, "PNG")
    return file.getvalue()


def huge_header():
    data = saved(np.zeros((4, 4), np.float32))
    return data.replace(b"(4, 4), }", b"(9999999, 9999999), }").replace(b" " * 14 + b"\n", b"\n")


def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.npy", saved(np.zeros((4, 4)))[:-1]),
        ("a.npy", saved(np.zeros((4, 4))) + b"x"),
        ("a.npy", b"\x93NUMPY\x01"),
        ("a.npy", b""),
        ("a.npy", huge_header()),
        ("a.npy", saved(np.array([{}], object), allow_pickle=True)),
        ("a.npy", pickle.dumps([1])),
        ("a.png", b"no picture"),
        ("a.png", png()[:-20]),
        ("a.png", png()[:-6]),
        *(("a.png", flipped(png(), place)) for place in range(8, len(png()), 5)),
        ("a.jpg", png()[:30]),
        ("a.exr", b"no picture"),
        ("a.json", b"{"),
        ("a.json", b"\xff"),
        ("a.json", b"[" * 100_000),
    ],
)
def test_what_cannot_be_decoded_is_told_and_not_believed(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    content = read_content(path, hashed=True)
    assert [kind for kind, _ in content.flaws] == ["unreadable"]
    assert content.value is None
    assert len(content.sha256) == 64


def test_a_picture_that_would_be_a_bomb_is_not_decoded(tmp_path):
    header = struct.pack(">II5B", 60_000, 60_000, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        data += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    (tmp_path / "a.png").write_bytes(data)
    assert [kind for kind, _ in read_content(tmp_path / "a.png", hashed=False).flaws] == ["unreadable"]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0,), np.float32),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.array(3),
        np.zeros((0, 5), "<u4,<f4"),
    ],
)
def test_arrays_are_what_numpy_reads(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    content = read_content(tmp_path / "a.npy", hashed=False)
    assert content.flaws == ()
    assert content.value.dtype == array.dtype
    np.testing.assert_array_equal(content.value, array)


@pytest.mark.parametrize(
    ("text", "kind"),
    [('{"a": 1, "b": {"c": 1, "c": 1}}', "json"), ('{"a": NaN}', "not-finite"), ("[Infinity]", "not-finite")],
)
def test_json_that_is_ambiguous_or_not_finite(tmp_path, text, kind):
    (tmp_path / "a.json").write_text(text)
    assert [each for each, _ in read_content(tmp_path / "a.json", hashed=False).flaws] == [kind]


@given(arrays(np.uint32, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(0, 3)))
def test_regions_are_the_extents_of_each_value(codes):
    expected = {}
    for value in np.unique(codes).tolist():
        rows, columns = np.nonzero(codes == value)
        extent = (columns.min(), rows.min(), columns.max(), rows.max())
        expected[value] = (*extent, len(rows))
    assert {value: (*each.extent, each.pixels) for value, each in find_regions(codes).items()} == expected


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("12", 12),
        ("(93, 220, 11, 255)", 0xFF0BDC5D),
        ("(0, 0, 0, 0)", 0),
        *((text, None) for text in ("-1", "(1, 2, 3)", "box", "(1, 2, 3, 256)", "True", "", "((" * 5000, "1.5", "٣")),
    ],
)
def test_keys_of_mappings(key, code):
    assert parse_key(key) == code
