"""CARLA's picture from a mask: runs, ids, tags and bytes, by arithmetic and by the table of the real client."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simslate.recorder.actor_ids import ActorIds
from simslate.recorder.carla_image import CarlaEncoder
from simslate.recorder.carla_tags import PALETTE, TAGS, TagTable
from simslate.recorder.errors import ConfigError
from simslate.recorder.runs import Runs

GOLDEN = Path(__file__).parents[2].parent / "shared/golden/carla/tags.json"
IMAGES = arrays(np.uint32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 3))


@given(IMAGES)
def test_runs_give_the_image_back(image):
    runs = Runs.of(image)
    assert np.array_equal(runs.painted(runs.values), image)
    assert (runs.lengths > 0).all()


@given(IMAGES)
def test_extents_are_those_that_a_search_finds(image):
    runs = Runs.of(image)
    extents = runs.extents(runs.values.astype(np.int64), 4)
    for value in range(4):
        rows, columns = np.nonzero(image == value)
        assert extents.pixels[value] == len(rows)
        if len(rows):
            assert extents.boxes[value].tolist() == [columns.min(), rows.min(), columns.max(), rows.max()]


def test_tags_and_palette_are_the_real_clients():
    if not GOLDEN.exists():
        pytest.skip("the recorded data is not beside this project")
    golden = json.loads(GOLDEN.read_text())
    assert {tag.name: tag.id for tag in TAGS} == {k: v for k, v in golden["CityObjectLabel"].items() if k != "Any"}
    assert PALETTE.tolist() == [golden["palette_rgb"][str(tag.id)] for tag in TAGS]
    table = TagTable()
    assert {name: table.find([name]) for name in golden["docs_name"].values()} == {
        name: int(number) for number, name in golden["docs_name"].items()
    }


@pytest.mark.parametrize(
    ("labels", "tag"),
    [
        (["car"], 14),
        (["Traffic Light"], 7),
        (["traffic_light"], 7),
        (["TRAFFIC-SIGNS"], 8),
        (["person"], 12),
        (["vehicle", "bus"], 16),  # the nearest label counts
        (["bicycle", "bell"], 19),  # or else the nearest that is known
        (["bell"], None),
        ([""], None),
    ],
)
def test_a_tag_by_name_and_alias(labels, tag):
    assert TagTable().find(labels) == tag


def test_the_users_table_wins():
    table = TagTable({"car": "Truck", "turtle": 21, "fleet": "Bus"})
    assert (table.find(["car"]), table.find(["turtle"]), table.find(["fleet", "van"])) == (15, 21, 16)
    assert table.find(["truck"]) == 15


def test_all_that_is_wrong_with_a_table_is_said_at_once():
    with pytest.raises(ConfigError) as raised:
        TagTable({"a": "Cart", "b": 256, "c": True, "d": 1.5, "e": "Car"}, source="$.tags")
    assert raised.value.problems[0] == '$.tags: "a": "Cart" is not a tag; did you mean "Car"?'
    assert [line.split(":")[1] for line in raised.value.problems] == [' "a"', ' "b"', ' "c"', ' "d"']


def test_no_alias_means_two_tags():
    names = [name for tag in TAGS for name in {each.lower().replace(" ", "") for each in (tag.name, *tag.aliases)}]
    assert len(names) == len(set(names))


def test_an_id_is_kept_and_given_once():
    ids = ActorIds()
    assert [ids.of(name) for name in ("/a", "/b", "/a")] == [1, 2, 1]
    assert (ids.of("/c", 4), ids.of("/d"), ids.of("/e")) == (4, 3, 5)


def test_an_id_that_is_taken_or_too_large_is_refused():
    ids = ActorIds()
    ids.of("/a", 7)
    with pytest.raises(ConfigError, match="/b: its id 7 is that of /a"):
        ids.of("/b", 7)
    for number in (0, -1, 65536):
        with pytest.raises(ConfigError, match=f"/c: its id {number} does not fit"):
            ids.of("/c", number)


def test_more_ids_than_two_bytes_hold():
    ids = ActorIds()
    for number in range(65535):
        ids.of(f"/{number}")
    with pytest.raises(ConfigError, match=r"^/one_more: its id 65536 does not fit into the two bytes"):
        ids.of("/one_more")


def test_ids_wrap_on_request_and_the_first_clash_is_told():
    told = []
    ids = ActorIds(overflow="wrap", warn=told.append)
    assert [ids.of(f"/{number}") for number in range(70_000)] == [*range(1, 70_001)]
    assert told == ["/65535 looks like what has no id in the picture: ids 65536 and 0 wrap to one"]


def test_an_unknown_policy_is_refused():
    with pytest.raises(ConfigError, match='overflow: "wrpa" is unknown; known: error, wrap'):
        ActorIds(overflow="wrpa")


NAMES = {"0": "BACKGROUND", "1": "UNLABELLED", "5": "/b", "9": "/a"}
LABELS = {"0": {}, "1": {}, "5": {"class": "car"}, "9": {"class": "tree"}}
MASK = np.array([[0, 0, 5, 5], [1, 9, 9, 5]], np.uint32)


def test_the_bytes_of_a_picture():
    ids = ActorIds()
    ids.of("/b", 0x1234)
    image = CarlaEncoder(ids, TagTable(), sky_tag=11).encode(MASK, NAMES, LABELS)
    sky, none, car, tree = [11, 0, 0, 255], [0, 0, 0, 255], [14, 0x34, 0x12, 255], [9, 1, 0, 255]
    assert image.rgba.tolist() == [[sky, sky, car, car], [none, tree, tree, car]]
    assert image.rgba.dtype == np.uint8
    assert image.semantic()[..., 0].tolist() == [[11, 11, 14, 14], [0, 9, 9, 14]]
    assert not image.semantic()[..., 1:3].any()
    assert image.palette()[0, 2].tolist() == [0, 0, 142, 255]


def test_what_is_told_of_each_id():
    image = CarlaEncoder(ActorIds(), TagTable()).encode(MASK, NAMES, LABELS)
    assert image.objects == {
        "1": {"path": "/a", "tag": 9, "label": "tree", "pixel_count": 2, "bbox2d": [1, 1, 2, 1]},
        "2": {"path": "/b", "tag": 14, "label": "car", "pixel_count": 3, "bbox2d": [2, 0, 3, 1]},
    }


def test_keys_may_be_numbers_as_the_fast_annotator_gives_them():
    encoder = CarlaEncoder(ActorIds(), TagTable())
    text = encoder.encode(MASK, NAMES, LABELS)
    numbers = encoder.encode(MASK, {int(k): v for k, v in NAMES.items()}, {int(k): v for k, v in LABELS.items()})
    assert np.array_equal(text.rgba, numbers.rgba)


def test_parts_of_one_actor_have_its_id_and_tags_of_their_own():
    mask = np.array([[2, 2, 2, 3]], np.uint32)
    names = {2: "/bike/frame", 3: "/bike/rider"}
    labels = {2: {"class": "bicycle"}, 3: {"class": "bicycle,rider"}}
    image = CarlaEncoder(ActorIds(), TagTable(), actor_of=lambda _: ("/bike", 40)).encode(mask, names, labels)
    assert image.rgba[0, :, 0].tolist() == [19, 19, 19, 13]
    assert image.rgba[0, :, 1].tolist() == [40] * 4
    assert image.objects == {
        "40": {
            "path": "/bike",
            "tag": 19,
            "label": "bicycle",
            "pixel_count": 4,
            "bbox2d": [0, 0, 3, 0],
            "tags": {"19": 3, "13": 1},
        }
    }


def test_a_label_that_is_a_tag_itself():
    labels = {2: {"class": "thing", "carla_tag": "23"}, 3: {"carla_tag": "Water"}}
    image = CarlaEncoder(ActorIds(), TagTable()).encode(np.array([[2, 3]], np.uint32), {2: "/a", 3: "/b"}, labels)
    assert image.rgba[0, :, 0].tolist() == [23, 23]


def test_unknown_labels_are_told_once():
    told = []
    encoder = CarlaEncoder(ActorIds(), TagTable(), warn=told.append)
    for _ in range(2):
        image = encoder.encode(np.array([[2]], np.uint32), {2: "/a"}, {2: {"class": "gizmo"}})
    assert image.rgba[0, 0].tolist() == [0, 1, 0, 255]
    assert len(told) == 1
    assert "gizmo" in told[0]


def test_what_wraps_to_one_id_is_listed():
    ids = ActorIds(overflow="wrap")
    ids.of("/a", 1)
    ids.of("/b", 65537)
    image = CarlaEncoder(ids, TagTable()).encode(
        np.array([[2, 3, 3]], np.uint32), {2: "/a", 3: "/b"}, {2: {"class": "car"}, 3: {"class": "car"}}
    )
    assert image.rgba[0, :, 1:3].tolist() == [[1, 0]] * 3
    assert (image.objects["1"]["path"], image.objects["1"]["also"]) == ("/b", ["/a"])


def test_a_number_given_back_is_given_again():
    ids = ActorIds()
    for name in ("/a", "/b", "/c"):
        ids.of(name)
    ids.give_back("/b")
    assert [ids.of(name) for name in ("/d", "/e", "/a")] == [2, 4, 1]
