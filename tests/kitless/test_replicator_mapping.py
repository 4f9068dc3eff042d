"""The parameter ``mapping`` of semantic_segmentation: ids and colours that are given, not counted."""

import json

import numpy as np
import pytest
from pxr import UsdSemantics

import omni.replicator.core as rep
from omni.replicator.core import palette
from simslate.recorder.taxonomy import Taxonomy

SIZE = (64, 48)
NAME = "semantic_segmentation"
ERROR = rep.AnnotatorRegistryError


@pytest.fixture
def row(cube):
    """Stand cubes side by side, each with the class that its name has in front of the dash."""

    def add(*names):
        for index, name in enumerate(names):
            cube(f"/World/{name.replace('-', '_')}", (1.5 * (index - (len(names) - 1) / 2), 5, 0), label=name[:-2])

    return add


def annotator(mapping, **params):
    text = mapping if isinstance(mapping, str) else json.dumps(mapping)
    return rep.annotators.get(NAME, init_params={**params, "mapping": text})


def look(app, camera_prim, attached):
    attached.attach(rep.create.render_product(camera_prim, SIZE, force_new=True))
    app.run(rep.orchestrator.step_async())
    return attached.get_data(use_legacy_structure=False)


def classes(out):
    return {key: labels["class"] for key, labels in out["idToLabels"].items()}


def test_a_mapping_of_ids_gives_the_ids_whatever_colorize_says(app, row, camera):
    row("box-0", "can-0")
    out = look(app, camera(), annotator({"class:box": 40, "class:can": 7}, colorize=True))
    assert out["data"].dtype == np.uint32
    assert np.unique(out["data"]).tolist() == [0, 7, 40]
    assert classes(out) == {"0": "BACKGROUND", "7": "can", "40": "box"}


def test_a_mapping_of_colours_colours_whatever_colorize_says(app, row, camera):
    row("box-0", "can-0")
    out = look(app, camera(), annotator({"class:box": [200, 1, 2, 255], "class:can": [3, 4, 5, 9]}, colorize=False))
    assert out["data"].dtype == np.uint8
    assert {tuple(pixel) for pixel in out["data"].reshape(-1, 4).tolist()} == {
        (0, 0, 0, 0),
        (3, 4, 5, 9),
        (200, 1, 2, 255),
    }
    assert list(classes(out).items()) == [
        ("(0, 0, 0, 0)", "BACKGROUND"),
        ("(3, 4, 5, 9)", "can"),
        ("(200, 1, 2, 255)", "box"),
    ]


def test_initialize_takes_a_mapping_too(app, row, camera):
    row("box-0")
    found = rep.annotators.get(NAME)
    found.initialize(mapping='{"class:box": 12}')
    assert classes(look(app, camera(), found)) == {"0": "BACKGROUND", "12": "box"}


def test_labels_not_mapped_have_ids_that_the_mapping_leaves_free(app, row, camera):
    row("a-0", "b-0", "c-0", "d-0")
    # 3 is taken though nothing on the stage has that label.
    out = look(app, camera(), annotator({"class:b": 2, "class:other": 3}))
    assert classes(out) == {"0": "BACKGROUND", "2": "b", "4": "a", "5": "c", "6": "d"}


def test_labels_not_mapped_have_colours_that_the_mapping_leaves_free(app, row, camera):
    row("a-0", "b-0", "c-0")
    second = palette.semantic_colour(3)
    out = look(app, camera(), annotator({"class:b": list(second)}))
    rest = {str(palette.semantic_colour(2)): "a", str(palette.semantic_colour(4)): "c"}
    assert classes(out) == {"(0, 0, 0, 0)": "BACKGROUND", str(second): "b", **rest}


@pytest.mark.parametrize("colorize", [False, True])
def test_a_taxonomy_s_mapping_gives_its_ids_and_colours(app, row, camera, colorize):
    row("crate-0", "box-0", "can-0", "other-0")
    data = {"version": 1, "classes": {"can": {"id": 9}, "box": {"id": 5, "aliases": ["crate"]}}}
    taxonomy = Taxonomy.from_json(data, "t.json")
    out = look(app, camera(), annotator(taxonomy.mapping(["box", "crate", "can", "other"], colorize=colorize)))
    found = {labels: key for key, labels in classes(out).items()}
    can, box = taxonomy.find("can"), taxonomy.find("crate")
    assert found["can"] == str((*can.colour, 255) if colorize else can.id)
    # Both are boxes, and one entry; /World/box_0 comes first.
    assert found["box"] == str((*box.colour, 255) if colorize else box.id)
    assert set(found) == {"BACKGROUND", "box", "can", "other"}


def test_the_whole_description_comes_before_single_labels_and_the_first_of_those(app, cube, camera):
    for index, labels in enumerate((["car", "wheel"], ["wheel", "car"], ["door", "wheel"])):
        prim = cube(f"/World/c{index}", (1.5 * index - 1.5, 5, 0)).GetPrim()
        UsdSemantics.LabelsAPI.Apply(prim, "class").CreateLabelsAttr(labels)
    out = look(app, camera(), annotator({"class:car": 10, "class:wheel": 20, "class:car,wheel": 30}))
    assert classes(out) == {"0": "BACKGROUND", "20": "wheel,car", "30": "car,wheel"}


@pytest.mark.parametrize(("value", "key"), [(9, "9"), ([9, 8, 7, 255], "(9, 8, 7, 255)")])
def test_one_value_for_many_is_one_entry_named_by_the_first_in_view(app, cube, camera, value, key):
    cube("/World/a", (0, -5, 0), label="behind")
    cube("/World/b", (1, 5, 0), label="crate")
    cube("/World/c", (-1, 5, 0), label="box")
    mapping = {f"class:{name}": value for name in ("behind", "box", "crate")}
    out = look(app, camera(), annotator(mapping))
    assert list(classes(out).values()) == ["BACKGROUND", "crate"]
    assert list(classes(out))[1] == key


@pytest.mark.parametrize(
    ("values", "keys"), [((0, 1), ("0", "1")), (((0, 0, 0, 0), (0, 0, 0, 255)), ("(0, 0, 0, 0)", "(0, 0, 0, 255)"))]
)
def test_what_is_mapped_to_background_or_unlabelled_is_called_so(app, row, camera, values, keys):
    row("a-0", "b-0")
    out = look(app, camera(), annotator({"class:a": values[0], "class:b": values[1]}))
    assert classes(out) == dict(zip(keys, ("BACKGROUND", "UNLABELLED"), strict=True))


def test_mapped_ids_are_the_same_however_the_stage_grows_and_from_every_camera(app, row, cube, camera):
    row("box-0", "can-0")
    looker = annotator({"class:can": 5, "class:box": 4})
    expected = {"0": "BACKGROUND", "4": "box", "5": "can"}
    assert classes(look(app, camera(), looker)) == expected
    cube("/World/aaa", (0, 8, 6), size=4, label="wall")
    app.run(rep.orchestrator.step_async())
    assert classes(looker.get_data(use_legacy_structure=False)) == {**expected, "2": "wall"}
    again = annotator({"class:box": 4, "class:can": 5})
    assert classes(look(app, camera((0, 10, 0), (90, 0, 180), "/World/Back"), again)) == expected


def test_entries_that_cannot_be_used_are_skipped_with_one_warning(app, row, camera, capsys):
    row("box-0", "can-0")
    bad = {"box": 3, "class:a:b": 4, "class:x": -1, "class:t": True, "class:c": [1, 2, 3], "class:can": [1, 2, 3, 4]}
    found = annotator({"": 1, "class:big": 2**32, "class:box": 6, **bad})
    warned = capsys.readouterr().err
    assert classes(look(app, camera(), found)) == {"0": "BACKGROUND", "2": "can", "6": "box"}
    app.run(rep.orchestrator.step_async())
    assert "Warning" not in capsys.readouterr().err
    assert warned.count("[Warning]") == 1
    assert all(repr(key) in warned for key in ("", "class:big", *bad))
    assert "'class:box'" not in warned


@pytest.mark.parametrize("mapping", ["", "{}", '{"box": 1}'])
def test_a_mapping_of_nothing_leaves_all_as_it_was(app, row, camera, mapping):
    row("box-0")
    out = look(app, camera(), annotator(mapping, colorize=True))
    assert classes(out) == {"(0, 0, 0, 0)": "BACKGROUND", "(93, 220, 11, 255)": "box"}


@pytest.mark.parametrize("mapping", ["{", "[1]", "class:box", '{"class:box": 1', 3, {"class:box": 1}])
def test_a_mapping_that_cannot_be_read_is_named(app, mapping):
    with pytest.raises(ERROR, match="'mapping'"):
        rep.annotators.get(NAME, init_params={"mapping": mapping})
    with pytest.raises(ERROR, match="'mapping'"):
        rep.annotators.get(NAME).initialize(mapping=mapping)


@pytest.mark.parametrize("name", ["instance_segmentation", "bounding_box_2d_tight", "occlusion", "pointcloud", "rgb"])
def test_other_annotators_take_none(app, name):
    with pytest.raises(ERROR, match="no parameter 'mapping'"):
        rep.annotators.get(name, init_params={"mapping": "{}"})
