"""Which labels of ancestors count: the three modes, in all annotators alike and as the extension resolves them."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pxr import Gf, UsdGeom, UsdSemantics

import carb.settings
import omni.replicator.core as rep
import omni.usd
from omni.replicator.core.labels import DEFAULT_MODE as KITLESS_DEFAULT
from omni.replicator.core.labels import MODES as KITLESS_MODES
from omni.replicator.core.sensors import PER_SUBSET, RESOLVE
from simslate.recorder.labels import DEFAULT_MODE, MODES, own_labels, resolve_labels

SIZE = (64, 48)
SEMANTIC, INSTANCE, LEAF = "semantic_segmentation", "instance_segmentation", "instance_id_segmentation"
BOXES = ("bounding_box_2d_tight", "bounding_box_2d_loose", "bounding_box_3d")
ALL = (SEMANTIC, INSTANCE, LEAF, *BOXES, "simslate_visibility", "occlusion", "pointcloud")


@pytest.fixture
def stage(app):
    return new_stage()


def new_stage():
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    camera = UsdGeom.Camera.Define(stage, "/Camera")
    camera.CreateHorizontalApertureAttr(20.0)
    camera.CreateFocalLengthAttr(10.0)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.01, 10000))
    camera.AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    return stage


def label(schema, **labels):
    for taxonomy, values in labels.items():
        UsdSemantics.LabelsAPI.Apply(schema.GetPrim(), taxonomy).CreateLabelsAttr(values.split(","))
    return schema


def cube(stage, path, position=(0, 0, 0), size=1.0):
    prim = UsdGeom.Cube.Define(stage, path)
    prim.CreateSizeAttr(size)
    prim.AddTranslateOp().Set(Gf.Vec3d(*position))
    return prim


def choose(mode):
    carb.settings.get_settings().set(RESOLVE, mode)


class Looker:
    """Annotators on the camera, looked at again and again."""

    def __init__(self, app, *names, **params):
        product = rep.create.render_product("/Camera", SIZE, force_new=True)
        self.app = app
        self.attached = {name: rep.annotators.get(name, init_params=params or None).attach(product) for name in names}

    def step(self, mode=None):
        if mode is not None:
            choose(mode)
        self.app.run(rep.orchestrator.step_async())
        return {name: each.get_data(use_legacy_structure=False) for name, each in self.attached.items()}

    def detach(self):
        for each in self.attached.values():
            each.detach()


def by_name(output):
    """Instance name to its labels, written as {type: label}."""
    paths = output["idToLabels"]
    return {paths[key]: labels for key, labels in output["idToSemantics"].items() if key != "0"}


def check_agreement(out):
    """Every annotator tells the same of the same thing."""
    semantic, instance = out[SEMANTIC], out[INSTANCE]
    pairs = np.unique(np.stack([semantic["data"], instance["data"]]).reshape(2, -1), axis=1).T.tolist()
    assert all(semantic["idToLabels"][str(a)] == instance["idToSemantics"][str(b)] for a, b in pairs)
    owned = {name: labels for name, labels in by_name(instance).items() if name != "UNLABELLED"}
    for name in (name for name in out if name in BOXES):
        rows = zip(out[name]["primPaths"], out[name]["data"]["semanticId"], strict=True)
        assert {path: out[name]["idToLabels"][str(number)] for path, number in rows} == owned


def test_both_layers_have_the_same_modes_and_default():
    assert (tuple(KITLESS_MODES), KITLESS_DEFAULT) == (MODES, DEFAULT_MODE)


# ---- closed forms


@pytest.fixture
def kitchen(stage):
    """A labelled cup in a labelled shelf, a lid in it with another type, and something without a label."""
    label(UsdGeom.Xform.Define(stage, "/Shelf"), **{"class": "shelf", "room": "kitchen"})
    label(cube(stage, "/Shelf/Cup", (-3, 0, 0)), **{"class": "cup,mug"})
    label(cube(stage, "/Shelf/Lid", (0, 0, 0)), material="steel")
    cube(stage, "/Shelf/Bare", (3, 0, 0))
    return stage


KITCHEN = {
    "path": {
        "/Shelf": {"class": "shelf", "room": "kitchen"},
        "/Shelf/Cup": {"class": "shelf,cup,mug", "room": "kitchen"},
        "/Shelf/Lid": {"class": "shelf", "room": "kitchen", "material": "steel"},
    },
    "nearest": {
        "/Shelf": {"class": "shelf", "room": "kitchen"},
        "/Shelf/Cup": {"class": "cup,mug", "room": "kitchen"},
        "/Shelf/Lid": {"class": "shelf", "room": "kitchen", "material": "steel"},
    },
    "direct": {
        "UNLABELLED": {"class": "UNLABELLED"},
        "/Shelf/Cup": {"class": "cup,mug"},
        "/Shelf/Lid": {"material": "steel"},
    },
}


@pytest.mark.parametrize("mode", MODES)
def test_all_annotators_follow_the_mode(app, kitchen, mode):
    out = Looker(app, *ALL).step(mode)
    assert by_name(out[INSTANCE]) == KITCHEN[mode]
    check_agreement(out)
    owners = [name for name in KITCHEN[mode] if name != "UNLABELLED"]
    assert sorted(out["simslate_visibility"]["primPaths"]) == owners
    unlabelled = mode == "direct"
    assert (out["occlusion"]["data"]["semanticId"] == 1).sum() == unlabelled
    assert len(np.unique(out["pointcloud"]["pointSemantic"])) == len(np.unique(out["pointcloud"]["pointInstance"]))
    assert len(np.unique(out["pointcloud"]["pointInstance"])) == len(owners)
    assert len(out["pointcloud"]["data"]) == (out[SEMANTIC]["data"] > 1).sum()


def test_without_the_setting_the_mode_is_path(app, kitchen):
    looker = Looker(app, *ALL)
    default, path = looker.step(), looker.step("path")
    for name in ALL:
        assert default[name]["data"].tobytes() == path[name]["data"].tobytes()
        assert str(default[name].get("idToLabels")) == str(path[name].get("idToLabels"))


def test_a_change_is_seen_in_the_next_frame_and_instances_keep_their_ids(app, kitchen):
    looker = Looker(app, SEMANTIC, INSTANCE)
    seen = {mode: looker.step(mode)[INSTANCE] for mode in (*MODES, "path")}
    assert {mode: by_name(out) for mode, out in seen.items()} == KITCHEN
    keys = [{name: key for key, name in out["idToLabels"].items()} for out in seen.values()]
    assert len({found["/Shelf/Cup"] for found in keys}) == 1


def test_another_value_is_an_error_told_once_and_path(app, kitchen, capsys):
    looker = Looker(app, INSTANCE)
    for _ in range(2):
        assert by_name(looker.step("closest")[INSTANCE]) == KITCHEN["path"]
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("[Error]")]
    assert len(told) == 1
    assert "'closest'" in told[0]
    assert "path, nearest, direct" in told[0]


@pytest.mark.parametrize(
    ("mode", "cup"), [("path", {"class": "shelf"}), ("nearest", {"class": "shelf"}), ("direct", None)]
)
def test_a_filtered_out_prim_belongs_to_what_is_above_unless_labels_are_direct(app, kitchen, mode, cup):
    found = by_name(Looker(app, INSTANCE, semanticFilter="class:!cup").step(mode)[INSTANCE])
    assert found.get("/Shelf") == cup
    assert "/Shelf/Cup" not in found


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("path", {"/Quad/left": {"class": "room,sheet,half", "side": "l"}, "/Quad": {"class": "room,sheet"}}),
        ("nearest", {"/Quad/left": {"class": "half", "side": "l"}, "/Quad": {"class": "sheet"}}),
        ("direct", {"/Quad/left": {"class": "half", "side": "l"}, "/Quad": {"class": "sheet"}}),
    ],
)
def test_a_face_subset_stands_below_its_mesh(app, stage, mode, expected):
    label(UsdGeom.Xform.Define(stage, "/Room"), **{"class": "room"})
    mesh = label(two_faces(stage, "/Room/Quad"), **{"class": "sheet"})
    left = UsdGeom.Subset.CreateGeomSubset(mesh, "left", "face", [0], "parts")
    label(left, **{"class": "half", "side": "l"})
    looker = Looker(app, SEMANTIC, INSTANCE, *BOXES)
    out = looker.step(mode)
    assert by_name(out[INSTANCE]) == {f"/Room{name}": labels for name, labels in expected.items()}
    check_agreement(out)
    carb.settings.get_settings().set(PER_SUBSET, False)
    assert by_name(looker.step()[INSTANCE]) == {"/Room/Quad": expected["/Quad"]}


def two_faces(stage, path):
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr([(x, y, 0) for y in (-2, 2) for x in (-3, 0, 3)])
    mesh.CreateFaceVertexCountsAttr([4, 4])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 4, 3, 1, 2, 5, 4])
    return mesh


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("path", {"": {"class": "forest,tree"}, "/Crown": {"class": "forest,tree,crown"}}),
        ("nearest", {"": {"class": "tree"}, "/Crown": {"class": "crown"}}),
        ("direct", {"/Crown": {"class": "crown"}}),
    ],
)
def test_a_point_instancer_stands_above_its_prototype_s_root(app, stage, mode, expected):
    label(UsdGeom.Xform.Define(stage, "/Forest/Tree"), **{"class": "tree"})
    cube(stage, "/Forest/Tree/Trunk", (0, -0.5, 0))
    label(cube(stage, "/Forest/Tree/Crown", (0, 0.5, 0)), **{"class": "crown"})
    many = label(UsdGeom.PointInstancer.Define(stage, "/Forest"), **{"class": "forest"})
    many.CreatePrototypesRel().SetTargets(["/Forest/Tree"])
    many.CreatePositionsAttr([(-2, 0, 0), (2, 0, 0)])
    many.CreateProtoIndicesAttr([0, 0])
    out = Looker(app, SEMANTIC, INSTANCE, *BOXES).step(mode)
    check_agreement(out)
    found = {name: labels for name, labels in by_name(out[INSTANCE]).items() if name != "UNLABELLED"}
    assert found == {f"/Forest[{n}]{part}": labels for n in range(2) for part, labels in expected.items()}


# ---- random trees

LABELS = st.dictionaries(
    st.sampled_from(("class", "kind")), st.lists(st.sampled_from("abc"), min_size=1, max_size=2), max_size=2
)
LEAF_NODE = st.tuples(LABELS, st.tuples(*[st.integers(-3, 3)] * 3))


def below(children):
    return st.tuples(LABELS, st.lists(children, min_size=1, max_size=3))


TREES = LEAF_NODE
for _ in range(4):
    TREES = LEAF_NODE | below(TREES)


def build(stage, path, node):
    labels, content = node
    if isinstance(content, tuple):
        prim = cube(stage, path, content)
    else:
        prim = UsdGeom.Xform.Define(stage, path)
        for index, child in enumerate(content):
            build(stage, f"{path}/n{index}", child)
    label(prim, **{taxonomy: ",".join(values) for taxonomy, values in labels.items()})


def expected_labels(prim, mode):
    """What the extension's resolver says of a prim, as label maps write it."""
    lineage = [prim, *(prim.GetStage().GetPrimAtPath(path) for path in prim.GetPath().GetAncestorsRange())][1:]
    found = resolve_labels([own_labels(each) for each in reversed(lineage)], mode)
    return {taxonomy: ",".join(values) for taxonomy, values in found.items()} or {"class": "UNLABELLED"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TREES, min_size=1, max_size=3))
def test_annotators_give_each_cube_what_the_extension_resolves(app, nodes):
    stage = new_stage()
    for index, node in enumerate(nodes):
        build(stage, f"/World/t{index}", node)
    looker = Looker(app, SEMANTIC, INSTANCE, LEAF, "bounding_box_2d_tight")
    for mode in MODES:
        out = looker.step(mode)
        check_agreement(out)
        leaves, semantic = out[LEAF], out[SEMANTIC]
        for key, path in leaves["idToLabels"].items():
            ids = np.unique(semantic["data"][leaves["data"] == int(key)]).tolist()
            wanted = {"class": "BACKGROUND"} if key == "0" else expected_labels(stage.GetPrimAtPath(path), mode)
            assert [semantic["idToLabels"][str(number)] for number in ids] == [wanted]
    looker.detach()
