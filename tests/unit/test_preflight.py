"""What each annotator will be able to give, before the first frame."""

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics, UsdSkel

from simslate.recorder.annotators import ANNOTATORS, find_annotator
from simslate.recorder.predicate import Predicate
from simslate.recorder.preflight import Preflight
from simslate.recorder.view import View

NOW = [Usd.TimeCode(0)]
LABELS = [name for name, spec in ANNOTATORS.items() if spec.needs == "labels"]
SURFACES = [name for name, spec in ANNOTATORS.items() if spec.needs == "surfaces"]


@pytest.fixture
def stage():
    """A box before one camera, which another camera has behind it."""
    stage = Usd.Stage.CreateInMemory()
    for path, turn in (("/Front", 0), ("/Back", 180)):
        UsdGeom.Camera.Define(stage, path).AddRotateYOp().Set(turn)
    UsdGeom.Cube.Define(stage, "/World/Box").AddTranslateOp().Set(Gf.Vec3d(0, 0, -9))
    return stage


def label(stage, path="/World/Box", name="box", taxonomy="class"):
    UsdSemantics.LabelsAPI.Apply(stage.GetPrimAtPath(path), taxonomy).CreateLabelsAttr([name])


def table(stage, *annotators, predicate="class:*", mode="path", times=NOW, **parameters):
    views = {path: View(stage.GetPrimAtPath(f"/{path}"), (64, 48)) for path in ("Front", "Back")}
    rows = Preflight(stage, Predicate(predicate), mode=mode).table(annotators, views, times, parameters)
    return {(row.annotator, row.product): (row.state, row.reason) for row in rows}


def test_all_is_well_where_things_are_in_view(stage):
    label(stage)
    found = table(stage, *(name for name in ANNOTATORS if name != "skeleton_data"))
    assert {key: state for key, (state, _) in found.items() if key[1] == "Front"} == {
        (name, "Front"): "ok" for name in ANNOTATORS if name != "skeleton_data"
    }


def test_what_is_behind_the_camera_leaves_its_pictures_empty(stage):
    label(stage)
    found = table(stage, *LABELS, *SURFACES)
    assert {found[name, "Back"] for name in LABELS} == {("empty", "nothing that is labelled is in view at time code 0")}
    assert {found[name, "Back"] for name in SURFACES} == {("empty", "nothing is in view at time code 0")}
    assert table(stage, "camera_params")["camera_params", "Back"] == ("ok", "")


def test_nothing_is_said_of_views_where_the_times_are_not_known(stage):
    label(stage)
    assert {state for state, _ in table(stage, *LABELS, times=[]).values()} == {"ok"}


@pytest.mark.parametrize("name", LABELS)
def test_an_unlabelled_stage(stage, name):
    reason = 'no prim has a label; name label rules in "labels"'
    assert set(table(stage, name).values()) == {("impossible", reason)}


def test_points_may_be_unlabelled_if_asked(stage):
    assert table(stage, "pointcloud", pointcloud_include_unlabelled=True)["pointcloud", "Front"] == ("ok", "")


def test_labels_that_the_filter_drops(stage):
    label(stage, taxonomy="shape", name="boxy")
    reason = 'the semantic filter "class:*" lets none of the labels through: shape:boxy'
    assert table(stage, "instance_segmentation_fast")["instance_segmentation", "Front"] == ("impossible", reason)
    assert table(stage, "semantic_segmentation", predicate="*:*")["semantic_segmentation", "Front"] == ("ok", "")


def test_labels_on_what_is_not_drawn(stage):
    label(stage, "/Front", "camera")
    (reason,) = {reason for _, reason in table(stage, "bounding_box_3d").values()}
    assert reason.startswith("nothing that has a label is drawn, such as /Front; tools/simslate audit")


def test_direct_labels_only(stage):
    label(stage, "/World")
    assert table(stage, LABELS[0])[LABELS[0], "Front"][0] == "ok"
    assert table(stage, LABELS[0], mode="direct")[LABELS[0], "Front"][0] == "impossible"


def test_an_empty_stage(stage):
    stage.RemovePrim("/World/Box")
    assert set(table(stage, *SURFACES).values()) == {("impossible", "nothing on the stage can be drawn")}


def test_skeletons(stage):
    assert table(stage, "skeleton_data")["skeleton_data", "Front"][0] == "impossible"
    UsdSkel.Skeleton.Define(stage, "/World/Skeleton")
    assert table(stage, "skeleton_data")["skeleton_data", "Front"] == ("ok", "")


def test_annotators_that_nobody_knows_are_not_judged(stage):
    assert find_annotator("mine") is None
    assert table(stage, "mine")["mine", "Back"] == ("ok", "")


def test_labels_inside_instances_count(stage):
    stage.RemovePrim("/World/Box")
    UsdGeom.Cube.Define(stage, "/Proto/Part").AddTranslateOp().Set(Gf.Vec3d(0, 0, -9))
    label(stage, "/Proto/Part")
    stage.GetPrimAtPath("/Proto").SetSpecifier(Sdf.SpecifierClass)
    prim = stage.DefinePrim("/World/Instance", "Xform")
    prim.GetReferences().AddInternalReference("/Proto")
    prim.SetInstanceable(True)
    assert [state for state, _ in table(stage, *LABELS).values()] == ["ok"] * len(LABELS) + ["empty"] * len(LABELS)


def test_labelled_face_subsets_are_noticed(stage):
    mesh = UsdGeom.Mesh.Define(stage, "/World/Mesh")
    mesh.CreatePointsAttr([(0, 0, -5), (1, 0, -5), (0, 1, -5)])
    mesh.CreateFaceVertexCountsAttr([3])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2])
    UsdGeom.Subset.CreateGeomSubset(mesh, "part", UsdGeom.Tokens.face, [0])
    assert not Preflight(stage, Predicate("*:*"), mode="path").has_subsets
    label(stage, "/World/Mesh/part")
    assert Preflight(stage, Predicate("*:*"), mode="path").has_subsets
