"""Which frames are good: each rule with frames that break it, and with frames that only look as if they did."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from simslate.recorder.frame_checks import Expected, expect_nothing, flaws
from simslate.recorder.payload import parts, times, triples

GOLDEN = Path(__file__).parents[2].parent / "shared/golden/replicator"
H, W = 48, 64
SIZE = (H, W)
BOX_2D = np.dtype([("semanticId", "<u4"), *((name, "<i4") for name in ("x_min", "y_min", "x_max", "y_max"))])
BOX_3D = np.dtype(
    [("semanticId", "<u4"), *((f"{a}_{e}", "<f4") for e in ("min", "max") for a in "xyz"), ("transform", "<f4", (4, 4))]
)
MAPPING = {"0": {"class": "BACKGROUND"}, "1": {"class": "UNLABELLED"}, "2": {"class": "mug"}}
PALETTE = np.array([0, 0xFF000000, 0xFF0BDC5D], np.uint32)
COLOURS = {"(0, 0, 0, 0)": MAPPING["0"], "(0, 0, 0, 255)": MAPPING["1"], "(93, 220, 11, 255)": MAPPING["2"]}


def in_view(product):
    return Expected(surfaces=True, labels=True)


def common(**changes):
    names = {"swhFrameNumber": 0, "distribution_outputs": {}, "trigger_outputs": {"on_frame": 1}, "named_outputs": {}}
    return {**names, "reference_time": (10, 60), **changes}


def legacy_value(output):
    info = {key: value for key, value in output.items() if key != "data"}
    if "data" not in output:
        return info
    return {"data": output["data"], "info": info} if info else output["data"]


def legacy(products):
    data = common()
    for name, outputs in products.items():
        data[f"rp_{name}"] = {"camera": f"/{name}", "resolution": np.array([W, H])}
        suffix = f"-{name}" if len(products) > 1 else ""
        data.update((key + suffix, legacy_value(output)) for key, output in outputs.items())
    return data


def by_product(products):
    entry = {"camera": "/c", "resolution": np.array([W, H])}
    return common(renderProducts={name: {**entry, **outputs} for name, outputs in products.items()})


def by_annotator(products):
    data = {"camera": dict.fromkeys(products, "/c"), "resolution": dict.fromkeys(products, np.array([W, H]))}
    for name, outputs in products.items():
        for key, output in outputs.items():
            data.setdefault(key, {})[name] = output
    return common(annotators=data)


STRUCTURES = [legacy, by_product, by_annotator]


def picture(value=None):
    """A picture of one colour, or of many."""
    image = np.full((H, W, 4), 255, np.uint8)
    image[..., :3] = np.random.default_rng(0).integers(0, 256, (H, W, 3)) if value is None else value
    return {"data": image}


def ids(value=0, spot=None, mapping=MAPPING):
    """A mask of one id, with another in one pixel that a first look does not meet."""
    image = np.full(SIZE, value, np.uint32)
    if spot is not None:
        image[5, 7] = spot
    return {"data": image, "idToLabels": mapping}


def coloured(mask):
    image = PALETTE[mask["data"]].view(np.uint8).reshape(H, W, 4)
    return {"data": image, "idToLabels": COLOURS}


def depth(value=2.0, spot=None):
    image = np.full(SIZE, value, np.float32)
    if spot is not None:
        image[5, 7] = spot
    return {"data": image}


def boxes(*rows, mapping=None):
    return {"data": np.array(list(rows), BOX_2D), "idToLabels": {0: {"class": "mug"}} if mapping is None else mapping}


def found(expected=expect_nothing, **outputs):
    return flaws(by_annotator({"cam": outputs}), expected)


BOX = (0, 3, 4, 10, 12)
THREE = (BOX, (0, 20, 4, 25, 12), (0, 30, 4, 35, 12))


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("names", [["cam"], ["cam", "Replicator_01"]])
def test_all_structures_give_the_same_parts(structure, names):
    outputs = {"rgb": picture(), "semantic_segmentation": ids(), "camera_params": {"cameraFStop": 1.0}}
    payload = structure(dict.fromkeys(names, outputs))
    assert [(part.product, part.size) for part in parts(payload)] == [(name, SIZE) for name in names]
    assert {(product, name) for product, name, _ in triples(payload)} == {(n, key) for n in names for key in outputs}
    for _, name, output in triples(payload):
        assert output.keys() == outputs[name].keys()


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_flaw_names_its_annotator_and_render_product(structure):
    good = {"rgb": picture(), "semantic_segmentation": ids(1, 2), "bounding_box_2d_tight_fast": boxes(*THREE)}
    bad = {**good, "semantic_segmentation": ids(0)}
    assert flaws(structure({"cam": good, "other": good})) == []
    (flaw,) = flaws(structure({"cam": good, "other": bad}))
    expected = "background all over although 3 labelled objects are in view (bounding_box_2d_tight)"
    assert flaw == f"semantic_segmentation of other: {expected}"


@pytest.mark.parametrize(
    "name", ["rgb", "semantic_segmentation", "instance_id_segmentation_fast", "distance_to_camera"]
)
def test_an_array_without_elements(name):
    assert found(**{name: {"data": np.empty((0, 0), np.uint32)}}) == [
        f"{name.removesuffix('_fast')} of cam: empty array (0, 0)"
    ]
    assert found(**{name: {}}) == [f"{name.removesuffix('_fast')} of cam: no data"]


@pytest.mark.parametrize("shape", [(W, H), (H, W + 1), (H,)])
def test_a_picture_of_another_size_than_its_render_product(shape):
    (flaw,) = found(normals={"data": np.zeros(shape, np.float32)})
    assert flaw.startswith(f"normals of cam: shape {shape}")


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ({"distance_to_camera": depth(2.0, np.nan)}, "distance_to_camera of cam: NaN"),
        ({"distance_to_camera": depth(np.inf, np.nan)}, "distance_to_camera of cam: NaN"),
        ({"distance_to_image_plane": depth(2.0, -np.inf)}, "distance_to_image_plane of cam: a distance of -inf"),
        ({"distance_to_image_plane": depth(2.0, -1)}, "distance_to_image_plane of cam: a distance of -1"),
        ({"camera_params": {"cameraFStop": np.nan}}, "camera_params of cam: NaN or inf in cameraFStop"),
        ({"camera_params": {"a": np.array([1, np.inf])}}, "camera_params of cam: NaN or inf in a"),
        ({"pointcloud": {"data": np.array([[0, 0, np.inf]], np.float32)}}, "pointcloud of cam: inf"),
        ({"bounding_box_2d_tight": boxes((0, 9, 4, 3, 12))}, "bounding_box_2d_tight of cam: x_min above x_max"),
        ({"bounding_box_2d_loose": boxes((1, *BOX[1:]))}, "bounding_box_2d_loose of cam: idToLabels does not list 1"),
    ],
)
def test_values_that_cannot_be(outputs, expected):
    assert found(**outputs) == [expected]


@pytest.mark.parametrize(("name", "used"), [("normals", 3), ("motion_vectors", 2)])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("channel", range(4))
def test_vectors_are_numbers_in_the_channels_that_are_used(name, used, value, channel):
    data = np.zeros((H, W, 4), np.float32)
    data[5, 7, channel] = value
    wrong = "NaN" if np.isnan(value) else "inf"
    assert found(**{name: {"data": data}}) == ([f"{name} of cam: {wrong}"] if channel < used else [])


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("transform", np.nan, "NaN or inf in transform"),
        ("z_max", np.inf, "NaN or inf in z_max"),
        ("z_min", 2, "z_min above z_max"),
    ],
)
def test_boxes_in_space(field, value, expected):
    row = np.zeros(1, BOX_3D)
    assert found(bounding_box_3d_fast={"data": row, "idToLabels": {0: {"class": "mug"}}}) == []
    row[field] = value
    assert found(bounding_box_3d_fast={"data": row}) == [f"bounding_box_3d of cam: {expected}"]


BLANK = {
    "rgb": {"data": np.zeros((H, W, 4), np.uint8)},
    "semantic_segmentation": ids(0),
    "instance_segmentation_fast": coloured(ids(0)),
    "instance_id_segmentation": ids(0, mapping={"0": "INVALID"}),
    "distance_to_camera": depth(np.inf),
    "distance_to_image_plane": depth(0),
    "pointcloud": {"data": np.empty((0, 3), np.float32)},
}


@pytest.mark.parametrize("name", BLANK)
def test_what_is_blank_is_a_flaw_where_something_is_known_to_be_in_view(name):
    blank = {name: BLANK[name]}
    assert found(**blank) == []
    assert len(found(**blank, bounding_box_2d_tight_fast=boxes(BOX))) == 1
    assert len(found(in_view, **blank)) == 1


@pytest.mark.parametrize("name", ["rgb", "instance_id_segmentation", "distance_to_camera", "distance_to_image_plane"])
@pytest.mark.parametrize(
    "proof",
    [{"DepthLinearized": depth(np.inf, 3)}, {"semantic_segmentation": ids(0, 1)}],
)
def test_any_surface_in_another_annotator_proves_that_something_was_hit(name, proof):
    assert len(found(**{name: BLANK[name]}, **proof)) == 1


def test_nothing_in_view_may_be_blank_all_over():
    assert found(**BLANK, bounding_box_2d_tight=boxes(mapping={})) == []


def test_a_picture_of_the_sky():
    assert found(**{**BLANK, "rgb": picture()}, camera_params={"cameraFStop": 0.0}) == []


@pytest.mark.parametrize("mask", [ids(1), coloured(ids(1)), ids(0, 1), coloured(ids(0, 1))])
def test_a_mask_without_labels_is_good_although_labelled_things_are_hidden_behind_an_unlabelled_wall(mask):
    outputs = {"rgb": picture(), "distance_to_camera": depth(), "bounding_box_2d_loose": boxes(BOX)}
    assert found(in_view, semantic_segmentation=mask, **outputs) == []


def test_background_all_over_is_good_where_nothing_that_is_in_the_field_of_view_is_labelled():
    # Replicator's mask, unlike kitless', is then background even where there are surfaces.
    assert found(lambda _: Expected(surfaces=True), semantic_segmentation=ids(0), distance_to_camera=depth()) == []


@pytest.mark.parametrize("near", [{"bounding_box_2d_loose_fast": boxes(BOX)}, {"bounding_box_3d": boxes(BOX)}])
def test_a_mask_is_contradicted_by_a_surface_and_something_labelled_in_the_field_of_view(near):
    assert found(semantic_segmentation=ids(0), **near) == []
    assert len(found(semantic_segmentation=ids(0), distance_to_camera=depth(), **near)) == 1


def test_one_mask_contradicts_the_other():
    assert found(semantic_segmentation=ids(0), instance_segmentation=ids(0, 2)) == [
        "semantic_segmentation of cam: background all over although it shows labels (instance_segmentation)"
    ]


def test_a_night_scene_is_good_and_darkness_without_a_grain_is_not():
    dark, night = picture(0), picture(0)
    night["data"][5, 7, 2] = 1
    assert found(rgb=night, distance_to_camera=depth()) == []
    assert found(rgb=dark) == []
    assert found(rgb=dark, distance_to_camera=depth()) == [
        "rgb of cam: black all over although distances are finite (distance_to_camera)"
    ]


def test_a_wall_may_fill_the_picture_with_one_colour():
    assert found(in_view, rgb=picture(200), instance_id_segmentation=ids(2), distance_to_camera=depth()) == []
    assert len(found(rgb=picture(200), instance_id_segmentation=ids(1, 2))) == 1
    assert len(found(rgb=picture(200), distance_to_camera=depth(2, np.inf))) == 1


def test_one_opaque_pixel_is_enough():
    image = np.zeros((H, W, 4), np.uint8)
    image[5, 7] = 1, 2, 3, 255
    assert found(in_view, rgb={"data": image}) == []


@pytest.mark.parametrize("mask", [ids(1, 3), ids(2, 70000), {**coloured(ids(2)), "idToLabels": {}}, ids(2, mapping={})])
def test_ids_that_the_mapping_does_not_list(mask):
    (flaw,) = found(semantic_segmentation=mask)
    assert flaw.startswith("semantic_segmentation of cam: idToLabels does not list ")


@pytest.mark.parametrize("key", [int, str, lambda v: (*PALETTE[v : v + 1].view(np.uint8).tolist(),)])
def test_keys_of_all_kinds_are_understood(key):
    mapping = {key(value): label for value, label in enumerate(["BACKGROUND", "UNLABELLED", "/World/mug"])}
    mask = ids(0, 2, mapping)
    if isinstance(key(0), tuple):
        mask = {**coloured(mask), "idToLabels": mapping}
    assert found(instance_segmentation_fast=mask) == []
    assert len(found(instance_segmentation_fast={**mask, "idToLabels": dict(list(mapping.items())[:2])})) == 1


def test_background_and_unlabelled_need_not_be_listed():
    assert found(instance_id_segmentation=ids(0, 1, {})) == []
    assert found(semantic_segmentation={"data": coloured(ids(0, 1))["data"], "idToLabels": {}}) == []


def test_background_may_have_a_colour_of_its_own():
    mapping = {"(93, 220, 11, 255)": {"class": "BACKGROUND"}}
    mask = {**coloured(ids(2)), "idToLabels": mapping}
    assert len(found(semantic_segmentation=mask, bounding_box_2d_tight=boxes(BOX))) == 1


@pytest.mark.parametrize("name", ["occlusion", "skeleton_data", "my_own", "Aug_rgb"])
def test_annotators_of_which_nothing_is_known_are_not_judged(name):
    assert found(**{name: {"data": np.array([np.nan])}}) == []


@pytest.mark.parametrize("structure", STRUCTURES)
def test_different_times_in_one_frame(structure):
    early = {"ReferenceTime": {"referenceTimeNumerator": 9, "referenceTimeDenominator": 60}}
    same = {"ReferenceTime": {"referenceTimeNumerator": 1, "referenceTimeDenominator": 6}}
    assert flaws(structure({"a": same, "b": same})) == []
    payload = structure({"a": same, "b": early})
    assert times(payload)["ReferenceTime of b"] == Fraction(3, 20)
    assert flaws(payload) == [
        "annotators of one frame have different times: frame 1/6, ReferenceTime of a 1/6, ReferenceTime of b 3/20"
    ]


@pytest.mark.parametrize("time", [None, (1, 0), "now", (None, 60)])
def test_what_is_no_time(time):
    assert flaws({**by_annotator({"cam": {}}), "reference_time": time}) == ["frame: no time"]


def test_a_payload_without_times_or_sizes_is_judged_all_the_same():
    assert flaws({"rgb": BLANK["rgb"]["data"], "distance_to_camera": depth()["data"]}) == [
        "rgb of : transparent all over although distances are finite (distance_to_camera)"
    ]


@given(image=hnp.arrays(np.uint32, SIZE, elements=st.integers(0, 2), fill=st.integers(0, 2)))
def test_ids_and_colours_are_judged_alike(image):
    mask = {"data": image, "idToLabels": MAPPING}
    for outputs in ({}, {"bounding_box_2d_tight": boxes(BOX)}):
        flawed = [bool(found(semantic_segmentation=each, **outputs)) for each in (mask, coloured(mask))]
        assert flawed == [bool(outputs) and not image.any()] * 2


@given(image=hnp.arrays(np.float32, SIZE, fill=st.just(np.float32(1))))
def test_distances_are_judged_as_every_pixel_says(image):
    bad = bool(np.isnan(image).any() or (image < 0).any())
    blank = bool(np.isinf(image).all() or (image == 0).all())
    assert bool(found(in_view, distance_to_camera={"data": image})) == (bad or blank)


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded golden data is not beside this clone")
def test_what_isaac_sim_has_recorded_is_good():
    distance = np.load(GOLDEN / "_out_behaviors_sdg/distance_to_image_plane_0000.npy")
    points = np.load(GOLDEN / "camera_pointcloud/pointcloud_data_world_frame_res_4_4.npy")
    colour = np.random.default_rng(0).integers(0, 255, (*distance.shape, 4), np.uint8)
    outputs = {
        "rgb": colour,
        "distance_to_image_plane": distance,
        "pointcloud": {"data": points, "info": {"pointNormals": np.ones(points.size // 3 * 4, np.float32)}},
    }
    for path in sorted((GOLDEN / "_out_deformable_drop").glob("semantic_segmentation_labels_*.json")):
        labels = json.loads(path.read_text())
        values = np.array([eval(key) for key in labels], np.uint8)
        mask = values[np.random.default_rng(0).integers(0, len(values), distance.shape)]
        outputs["semantic_segmentation"] = {"data": mask, "info": {"idToLabels": labels}}
        size = np.array(distance.shape[::-1], np.int32)
        assert flaws(common(rp_Replicator={"camera": "/c", "resolution": size}, **outputs)) == []


def test_what_is_expected_is_asked_for_blank_things_only():
    def never(product):
        raise AssertionError(product)

    assert found(never, rgb=picture(), semantic_segmentation=ids(1, 2), distance_to_camera=depth()) == []
