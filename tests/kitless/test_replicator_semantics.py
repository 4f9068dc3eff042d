"""Predicates, labels and colours: the rules of which label a pixel gets."""

import json
from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdSemantics

from omni.replicator.core import palette
from omni.replicator.core.labels import StageLabels, describe
from omni.replicator.core.semantic_filter import FilterError, parse, types_predicate

GOLDEN = Path(__file__).parents[2].parent / "shared/golden/replicator"
needs_golden = pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded golden data is not beside this clone")

CAR = (("class", "car"), ("colour", "red"))
DOG = (("class", "dog"), ("class", "pet"))


@pytest.mark.parametrize(
    ("predicate", "pairs", "kept"),
    [
        ("class:*", CAR, (("class", "car"),)),
        ("*:*", CAR, CAR),
        ("*:red", CAR, (("colour", "red"),)),
        ("class:car|pedestrian", CAR, (("class", "car"),)),
        ("class:bus|tram", CAR, ()),
        ("class:!car", CAR, ()),
        ("class:!bus", CAR, (("class", "car"),)),
        ("class : dog & !cat", DOG, (("class", "dog"),)),
        ("class:dog&!pet", DOG, ()),
        ("class:dog & pet", DOG, DOG),
        ("class:car, colour:red", CAR, CAR),
        ("class:car, colour:blue", CAR, ()),
        ("class:car, colour:blue; colour:*", CAR, (("colour", "red"),)),
        ("size:!big", CAR, ()),
    ],
)
def test_a_predicate_keeps_the_labels_it_speaks_of(predicate, pairs, kept):
    assert parse(predicate).apply(pairs) == kept


@pytest.mark.parametrize("predicate", ["", ";", "class", "class:", "class:a&", ":a", "class:!"])
def test_a_malformed_predicate_is_named(predicate):
    with pytest.raises(FilterError, match="Semantic filter"):
        parse(predicate)


def test_types_become_a_predicate():
    assert types_predicate(["class", "shape"]) == "class:*; shape:*"


@needs_golden
@pytest.mark.parametrize(
    ("colour", "table"),
    [
        (palette.semantic_colour, "palette_A_unbounded_int_sector4_quirk"),
        (palette.instance_colour, "palette_B_wrap32_sector4_quirk"),
    ],
)
def test_colours_are_the_recorded_ones(colour, table):
    vectors = json.loads((GOLDEN / "palette_test_vectors.json").read_text())[table]
    assert {number: list(colour(int(number))) for number in vectors} == vectors


def test_the_first_two_ids_are_background_and_unlabelled():
    assert [palette.semantic_colour(number) for number in (0, 1)] == [(0, 0, 0, 0), (0, 0, 0, 255)]


@pytest.mark.parametrize("colour", [palette.semantic_colour, palette.instance_colour])
def test_no_two_of_65536_ids_share_a_colour(colour):
    assert len({colour(number) for number in range(65536)}) == 65536


def test_a_colour_does_not_depend_on_how_many_ids_there_are():
    few = [palette.instance_colour(number) for number in range(2, 60)]
    palette.instance_colour(5000)
    assert [palette.instance_colour(number) for number in range(2, 60)] == few


def label(prim, *labels, taxonomy="class"):
    UsdSemantics.LabelsAPI.Apply(prim, taxonomy).CreateLabelsAttr(list(labels))


@pytest.fixture
def stage():
    stage = Usd.Stage.CreateInMemory()
    for path in ("/World/b/inner", "/World/a", "/World/b"):
        UsdGeom.Xform.Define(stage, path)
    return stage


def resolve(labels, path, predicate="*:*"):
    found = labels.resolve(Sdf.Path(path), (parse(predicate),))
    return found and (str(found[0].path), describe(found[1]))


def test_unlabelled_descendants_belong_to_their_labelled_ancestor(stage):
    label(stage.GetPrimAtPath("/World/b"), "box")
    assert resolve(StageLabels(stage), "/World/b/inner") == ("/World/b", {"class": "box"})


def test_nested_labels_join_ancestor_first(stage):
    label(stage.GetPrimAtPath("/World/b"), "box")
    label(stage.GetPrimAtPath("/World/b/inner"), "lid")
    assert resolve(StageLabels(stage), "/World/b/inner") == ("/World/b/inner", {"class": "box,lid"})


def test_a_label_repeated_below_is_not_joined_with_itself(stage):
    label(stage.GetPrimAtPath("/World/b"), "box")
    label(stage.GetPrimAtPath("/World/b/inner"), "box")
    assert resolve(StageLabels(stage), "/World/b/inner") == ("/World/b/inner", {"class": "box"})


def test_several_labels_on_one_prim_join_without_space(stage):
    prim = stage.GetPrimAtPath("/World/a")
    label(prim, "label_a", "label_b")
    label(prim, "sphere", taxonomy="shape")
    assert resolve(StageLabels(stage), "/World/a") == ("/World/a", {"class": "label_a,label_b", "shape": "sphere"})


def test_a_filtered_out_prim_falls_back_to_its_ancestor(stage):
    label(stage.GetPrimAtPath("/World/b"), "box")
    label(stage.GetPrimAtPath("/World/b/inner"), "lid")
    assert resolve(StageLabels(stage), "/World/b/inner", "class:!lid") == ("/World/b", {"class": "box"})


def test_legacy_labels_are_read(app):
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/World/a")
    prim.AddAppliedSchema("SemanticsAPI:Semantics")
    for name, value in (("Type", "class"), ("Data", "cup")):
        prim.CreateAttribute(f"semantic:Semantics:params:semantic{name}", Sdf.ValueTypeNames.String).Set(value)
    assert resolve(StageLabels(stage), "/World/a") == ("/World/a", {"class": "cup"})


def test_an_attribute_without_the_schema_is_no_label(stage):
    prim = stage.GetPrimAtPath("/World/a")
    prim.CreateAttribute("semantics:labels:class", Sdf.ValueTypeNames.TokenArray).Set(["cup"])
    assert resolve(StageLabels(stage), "/World/a") is None


def test_labels_inside_instanced_prototypes_count_for_each_instance():
    stage = Usd.Stage.CreateInMemory()
    stage.DefinePrim("/Proto", "Xform")
    label(stage.DefinePrim("/Proto/Mesh", "Cube"), "bolt")
    for name in ("one", "two", "three"):
        prim = stage.DefinePrim(f"/World/{name}", "Xform")
        prim.GetReferences().AddInternalReference("/Proto")
        prim.SetInstanceable(True)
    labels = StageLabels(stage)
    assert [str(path) for path in labels.prims if path.HasPrefix("/World")] == [
        "/World/one/Mesh",
        "/World/three/Mesh",
        "/World/two/Mesh",
    ]


def test_numbers_follow_paths_and_survive_new_labels(stage):
    label(stage.GetPrimAtPath("/World/b"), "box")
    labels = StageLabels(stage)
    assert labels.prims[Sdf.Path("/World/b")].number == 0
    label(stage.GetPrimAtPath("/World/a"), "cup")
    assert {str(path): prim.number for path, prim in labels.prims.items()} == {"/World/a": 1, "/World/b": 0}
