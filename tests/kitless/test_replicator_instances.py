"""Whose a pixel is: labels on point instances, face subsets, instanceable references, and random trees of them."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pxr import Gf, Usd, UsdGeom, UsdSemantics, UsdShade

import carb.settings
import omni.replicator.core as rep
import omni.usd
from omni.replicator.core.sensors import PER_SUBSET

SIZE = (160, 120)
MASKS = ("semantic_segmentation", "instance_segmentation", "instance_id_segmentation")
BOXES = ("bounding_box_2d_tight", "bounding_box_2d_loose", "bounding_box_3d")


@pytest.fixture
def stage(app):
    return new_stage()


def new_stage():
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    camera = UsdGeom.Camera.Define(stage, "/World/Camera")
    camera.CreateHorizontalApertureAttr(20.0)
    camera.CreateFocalLengthAttr(10.0)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.01, 10000))
    camera.AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    return stage


def label(prim, *labels, taxonomy="class"):
    UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), taxonomy).CreateLabelsAttr(labels)
    return prim


def cube(stage, path, position=(0, 0, 0), size=1.0):
    prim = UsdGeom.Cube.Define(stage, path)
    prim.CreateSizeAttr(size)
    prim.AddTranslateOp().Set(Gf.Vec3d(*position))
    return prim


def point_instancer(stage, path, roots, positions, indices=None):
    many = UsdGeom.PointInstancer.Define(stage, path)
    many.CreatePrototypesRel().SetTargets(roots)
    many.CreatePositionsAttr(positions)
    many.CreateProtoIndicesAttr(indices or [0] * len(positions))
    return many


class Looker:
    """Annotators on one camera, looked at again and again."""

    def __init__(self, app, *names, size=SIZE, **params):
        product = rep.create.render_product("/World/Camera", size, force_new=True)
        self.app = app
        self.attached = {name: rep.annotators.get(name, init_params=params or None).attach(product) for name in names}

    def step(self):
        self.app.run(rep.orchestrator.step_async())
        return {name: each.get_data(use_legacy_structure=False) for name, each in self.attached.items()}

    def detach(self):
        for each in self.attached.values():
            each.detach()


def look(app, *names, **params):
    return Looker(app, *names, **params).step()


def seen_names(output):
    return sorted(v for v in output["idToLabels"].values() if v not in ("BACKGROUND", "UNLABELLED", "INVALID"))


def classes(output):
    return sorted(labels["class"] for labels in output["idToLabels"].values() if labels["class"] != "BACKGROUND")


# ---- point instances

PLACES = [(-3, 0, 0), (0, 0, 0), (3, 0, 0)]


@pytest.fixture
def trees(stage):
    """Three instances of a trunk and a crown, nothing labelled yet."""
    cube(stage, "/World/Forest/Tree/Trunk", (0, -0.5, 0))
    cube(stage, "/World/Forest/Tree/Crown", (0, 0.5, 0))
    UsdGeom.Xform.Define(stage, "/World/Forest/Tree")
    return point_instancer(stage, "/World/Forest", ["/World/Forest/Tree"], PLACES)


def test_a_label_in_a_prototype_makes_each_point_instance_one(app, stage, trees):
    label(stage.GetPrimAtPath("/World/Forest/Tree"), "tree")
    out = look(app, *MASKS, *BOXES, "occlusion", "simslate_visibility", "pointcloud")
    names = [f"/World/Forest[{n}]" for n in range(3)]
    assert classes(out["semantic_segmentation"]) == ["tree"]
    assert seen_names(out["instance_segmentation"]) == names
    leaves = [f"{name}/{part}" for name in names for part in ("Crown", "Trunk")]
    assert seen_names(out["instance_id_segmentation"]) == leaves
    assert all(out[name]["primPaths"] == names for name in (*BOXES, "simslate_visibility"))
    assert out["bounding_box_2d_tight"]["data"]["occlusionRatio"].tolist() == [-1] * 3
    assert len(out["occlusion"]["data"]) == 6
    assert len(np.unique(out["pointcloud"]["pointInstance"])) == 3


def test_labels_of_parts_and_of_the_instancer_are_joined_ancestor_first(app, stage, trees):
    label(trees, "plant")
    label(stage.GetPrimAtPath("/World/Forest/Tree/Crown"), "crown")
    out = look(app, "semantic_segmentation", "instance_segmentation")
    assert classes(out["semantic_segmentation"]) == ["plant", "plant,crown"]
    names = [f"/World/Forest[{n}]{part}" for n in range(3) for part in ("", "/Crown")]
    assert seen_names(out["instance_segmentation"]) == names


def test_a_label_above_the_instancer_makes_one_instance_of_all(app, stage, trees):
    label(stage.GetPrimAtPath("/World"), "world")
    out = look(app, "instance_segmentation", "bounding_box_2d_tight")
    assert seen_names(out["instance_segmentation"]) == ["/World"]
    assert len(out["bounding_box_2d_tight"]["data"]) == 1


def test_what_stands_between_the_instancer_and_a_prototype_gives_no_label(app, stage):
    cube(stage, "/World/Many/Library/Box")
    label(UsdGeom.Scope.Define(stage, "/World/Many/Library"), "library")
    point_instancer(stage, "/World/Many", ["/World/Many/Library/Box"], PLACES)
    assert classes(look(app, "semantic_segmentation")["semantic_segmentation"]) == ["UNLABELLED"]


def test_a_filter_may_leave_the_nearest_label_out(app, stage, trees):
    label(trees, "plant")
    label(stage.GetPrimAtPath("/World/Forest/Tree/Crown"), "crown")
    out = look(app, "instance_segmentation", semanticFilter="class:!crown")["instance_segmentation"]
    assert seen_names(out) == [f"/World/Forest[{n}]" for n in range(3)]
    assert {labels["class"] for labels in out["idToSemantics"].values()} == {"BACKGROUND", "plant"}


def test_3d_boxes_stand_where_the_point_instances_are(app, stage, trees):
    label(stage.GetPrimAtPath("/World/Forest/Tree"), "tree")
    trees.CreateScalesAttr([(1, 1, 1), (1, 1, 2), (1, 1, 1)])
    UsdGeom.Xformable(trees).AddTranslateOp().Set(Gf.Vec3d(0, 1, 0))
    rows = look(app, "bounding_box_3d")["bounding_box_3d"]["data"]
    assert [[row[f"{a}_{e}"] for e in ("min", "max") for a in "xyz"] for row in rows] == [
        [-0.5, -1, -0.5, 0.5, 1, 0.5]
    ] * 3
    expected = np.array(trees.ComputeInstanceTransformsAtTime(Usd.TimeCode(0), Usd.TimeCode(0)))
    assert np.allclose(rows["transform"], expected + np.array([[0] * 4] * 3 + [[0, 1, 0, 0]]))


def test_nested_point_instances_belong_to_the_level_that_is_labelled(app, stage):
    cube(stage, "/World/Outer/Row/Inner/Box", size=0.5)
    row = UsdGeom.Xform.Define(stage, "/World/Outer/Row")
    point_instancer(stage, "/World/Outer/Row/Inner", ["/World/Outer/Row/Inner/Box"], [(0, 0, 0), (1, 0, 0)])
    point_instancer(stage, "/World/Outer", ["/World/Outer/Row"], [(0, -2, 0), (0, 2, 0)])
    looker = Looker(app, "instance_segmentation", "bounding_box_3d")
    label(row, "row")
    assert looker.step()["bounding_box_3d"]["primPaths"] == ["/World/Outer[0]", "/World/Outer[1]"]
    label(stage.GetPrimAtPath("/World/Outer/Row/Inner/Box"), "box")
    out = looker.step()
    names = [f"/World/Outer[{o}]/Inner[{i}]" for o in range(2) for i in range(2)]
    assert seen_names(out["instance_segmentation"]) == names
    places = out["bounding_box_3d"]["data"]["transform"][:, 3, :2].tolist()
    assert dict(zip(out["bounding_box_3d"]["primPaths"], places, strict=True)) == {
        f"/World/Outer[{o}]/Inner[{i}]": [i, (-2, 2)[o]] for o in range(2) for i in range(2)
    }


def test_ids_switched_off_while_running_are_gone_in_the_next_frame_and_others_keep_theirs(app, stage, trees):
    label(stage.GetPrimAtPath("/World/Forest/Tree"), "tree")
    looker = Looker(app, "instance_segmentation", "bounding_box_2d_tight")
    first = looker.step()
    trees.DeactivateId(1)
    trees.GetPositionsAttr().Set([(-3, 1, 0), (0, 0, 0), (3, 0, 0)])
    second = looker.step()
    kept = {v: k for k, v in second["instance_segmentation"]["idToLabels"].items()}
    before = {v: k for k, v in first["instance_segmentation"]["idToLabels"].items()}
    assert set(before) - set(kept) == {"/World/Forest[1]"}
    assert all(before[name] == key for name, key in kept.items())
    rows = second["bounding_box_2d_tight"]["data"]
    # A unit is 8 pixels at 10 away; the front at 9.5 a little more: 1 up is 8.4 rows.
    assert first["bounding_box_2d_tight"]["data"]["y_min"][0] - rows["y_min"][0] in (8, 9)


# ---- face subsets

QUADS = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
CORNERS = [(x, y, z) for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)]


@pytest.fixture
def die(stage):
    """A mesh cube turned so that three faces, 1, 3 and 5, are seen: +Z, +Y and +X."""
    mesh = UsdGeom.Mesh.Define(stage, "/World/Die")
    mesh.CreatePointsAttr([(2 * x, 2 * y, 2 * z) for x, y, z in CORNERS])
    mesh.CreateFaceVertexCountsAttr([4] * 6)
    mesh.CreateFaceVertexIndicesAttr(np.ravel(QUADS))
    mesh.AddRotateXYZOp().Set(Gf.Vec3f(35, -40, 10))
    return mesh


def subset(mesh, name, faces, family="materialBind"):
    return UsdGeom.Subset.CreateGeomSubset(mesh, name, "face", faces, family)


def projected_area(stage, mesh, face, size):
    """Pixels of a convex face, by the shoelace formula."""
    world = np.array(mesh.ComputeLocalToWorldTransform(Usd.TimeCode.Default()))
    points = np.c_[np.array(mesh.GetPointsAttr().Get(), float), np.ones(8)][QUADS[face]] @ world
    x, y = (points[:, :2] / (10 - points[:, 2:3])).T * size[0] / 2
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def test_three_labelled_faces_are_three_classes_of_the_right_size(app, stage, die):
    for name, face in (("one", 1), ("two", 3), ("three", 5)):
        label(subset(die, name, [face]), name)
    size = (640, 480)
    out = look(app, *MASKS, "bounding_box_2d_tight", size=size)
    semantic = out["semantic_segmentation"]
    ids = {labels["class"]: int(key) for key, labels in semantic["idToLabels"].items()}
    assert set(ids) == {"BACKGROUND", "one", "two", "three"}
    for name, face in (("one", 1), ("two", 3), ("three", 5)):
        count = int((semantic["data"] == ids[name]).sum())
        assert count == pytest.approx(projected_area(stage, die, face, size), rel=0.01)
    paths = ["/World/Die/one", "/World/Die/three", "/World/Die/two"]
    assert seen_names(out["instance_segmentation"]) == paths
    assert seen_names(out["instance_id_segmentation"]) == paths
    assert out["bounding_box_2d_tight"]["primPaths"] == paths
    assert out["bounding_box_2d_tight"]["data"]["occlusionRatio"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("wanted", "found"), [(None, ["one"]), (True, ["one"]), (False, [])])
def test_subset_labels_count_unless_switched_off(app, stage, die, wanted, found):
    label(subset(die, "one", [1, 3, 5]), "one")
    if wanted is not None:
        carb.settings.get_settings().set(PER_SUBSET, wanted)
    out = look(app, "semantic_segmentation", "instance_segmentation", "instance_id_segmentation")
    assert classes(out["semantic_segmentation"]) == (found or ["UNLABELLED"])
    assert seen_names(out["instance_segmentation"]) == [f"/World/Die/{name}" for name in found]
    assert seen_names(out["instance_id_segmentation"]) == [f"/World/Die/{name}" for name in found] or ["/World/Die"]


def test_switching_subset_labels_off_is_seen_in_the_next_frame(app, stage, die):
    label(die, "die")
    label(subset(die, "one", [1]), "one")
    looker = Looker(app, "semantic_segmentation")
    assert classes(looker.step()["semantic_segmentation"]) == ["die", "die,one"]
    carb.settings.get_settings().set(PER_SUBSET, False)
    assert classes(looker.step()["semantic_segmentation"]) == ["die"]


def test_a_mesh_with_material_subsets_is_still_one_mesh(app, stage, die):
    label(die, "die")
    UsdShade.MaterialBindingAPI.Apply(die.GetPrim()).CreateMaterialBindSubset("left", [1])
    out = look(app, "instance_id_segmentation", "occlusion", *BOXES)
    assert seen_names(out["instance_id_segmentation"]) == ["/World/Die"]
    assert all(out[name]["data"]["occlusionRatio"].tolist() == [0] for name in BOXES)
    assert out["occlusion"]["data"]["occlusionRatio"].tolist() == [0]


def test_subsets_in_point_instances_belong_to_each(app, stage, die):
    die.GetPointsAttr().Set([(0.5 * x, 0.5 * y, 0.5 * z) for x, y, z in CORNERS])
    label(subset(die, "one", [1]), "one")
    label(die, "die")
    point_instancer(stage, "/World/Dice", ["/World/Die"], [(-3, 0, 0), (3, 0, 0)])
    out = look(app, "instance_segmentation")["instance_segmentation"]
    owners = [f"{name}{part}" for name in ("/World/Dice[0]", "/World/Dice[1]", "/World/Die") for part in ("", "/one")]
    assert seen_names(out) == owners
    assert {labels["class"] for labels in out["idToSemantics"].values()} == {"BACKGROUND", "die", "die,one"}


# ---- instanceable references


@pytest.mark.parametrize(
    ("on_prototype", "on_root", "expected"),
    [(True, False, "cup"), (False, True, "item"), (True, True, "item,cup")],
)
def test_labels_at_instanceable_references(app, stage, on_prototype, on_root, expected):
    stage.CreateClassPrim("/Asset")
    inner = cube(stage, "/Asset/Body/Shape")
    if on_prototype:
        label(inner, "cup")
    for n in range(3):
        root = UsdGeom.Xform.Define(stage, f"/World/Cup{n}")
        root.AddTranslateOp().Set(Gf.Vec3d(3 * n - 3, 2, 0))
        root.GetPrim().GetReferences().AddInternalReference("/Asset")
        root.GetPrim().SetInstanceable(True)
        if on_root:
            label(root, "item")
    out = look(app, "semantic_segmentation", "instance_segmentation", "bounding_box_2d_tight")
    assert classes(out["semantic_segmentation"]) == [expected]
    names = [f"/World/Cup{n}{'/Body/Shape' if on_prototype else ''}" for n in range(3)]
    assert seen_names(out["instance_segmentation"]) == names
    assert out["bounding_box_2d_tight"]["primPaths"] == names


# ---- order

PRIMS = {
    "/World/A": ("cat", (-2, 0, 0)),
    "/World/B/Inner": ("dog", (2, 0, 0)),
    "/World/C": ("cat", (0, 2, 0)),
}


@pytest.mark.parametrize("name", MASKS)
def test_equal_stages_have_equal_masks_however_they_were_written(app, name):
    images = []
    for order in (list(PRIMS), list(PRIMS)[::-1]):
        stage = new_stage()
        for path in order:
            label(cube(stage, path, PRIMS[path][1]), PRIMS[path][0])
            label(cube(stage, f"/World/Many{path[7]}/Box"), "box")
            point_instancer(stage, f"/World/Many{path[7]}", [f"/World/Many{path[7]}/Box"], [PRIMS[path][1][::-1]] * 2)
        looker = Looker(app, name)
        images.append(looker.step()[name])
        looker.detach()
    assert images[0]["data"].tobytes() == images[1]["data"].tobytes()
    assert images[0]["idToLabels"] == images[1]["idToLabels"]
    assert len(images[0]["idToLabels"]) > 3


# ---- random trees

TAXONOMIES = ("class", "kind", "colour")
own_labels = st.dictionaries(
    st.sampled_from(TAXONOMIES), st.lists(st.sampled_from("abc"), min_size=1, max_size=2), max_size=2
)
leaf = st.fixed_dictionaries({"labels": own_labels, "at": st.tuples(*[st.integers(-4, 4)] * 3)})
tree = st.recursive(
    leaf,
    lambda children: st.fixed_dictionaries(
        {"labels": own_labels, "instanceable": st.booleans(), "children": st.lists(children, min_size=1, max_size=3)}
    ),
    max_leaves=8,
)


def build(stage, path, node):
    if "at" in node:
        prim = cube(stage, path, node["at"]).GetPrim()
    elif node["instanceable"]:
        # The content stands apart, where nothing draws it, and comes in by a reference.
        source = "/Source" + path.replace("/", "_")
        stage.CreateClassPrim(source)
        for index, child in enumerate(node["children"]):
            build(stage, f"{source}/n{index}", child)
        prim = UsdGeom.Xform.Define(stage, path).GetPrim()
        prim.GetReferences().AddInternalReference(source)
        prim.SetInstanceable(True)
    else:
        prim = UsdGeom.Xform.Define(stage, path).GetPrim()
        for index, child in enumerate(node["children"]):
            build(stage, f"{path}/n{index}", child)
    for taxonomy, labels in node["labels"].items():
        label(prim, *labels, taxonomy=taxonomy)


def extent(mask):
    rows, columns = np.nonzero(mask)
    return [columns.min(), rows.min(), columns.max(), rows.max()]


def lookup(keys, table):
    """The values of a label map as an array by id."""
    found = np.empty(max(map(int, keys)) + 1, object)
    for key, value in table.items():
        found[int(key)] = tuple(sorted(value.items())) if isinstance(value, dict) else value
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tree, min_size=1, max_size=3))
def test_every_pixel_s_class_is_its_instance_s_and_boxes_are_masks(app, nodes):
    stage = new_stage()
    for index, node in enumerate(nodes):
        build(stage, f"/World/t{index}", node)
    looker = Looker(app, "semantic_segmentation", "instance_segmentation", "bounding_box_2d_tight")
    out = looker.step()
    looker.detach()
    semantic, instance, boxes = (out[name] for name in looker.attached)
    classes_of = lookup(semantic["idToLabels"], semantic["idToLabels"])
    owners_of = lookup(instance["idToLabels"], instance["idToSemantics"])
    assert (classes_of[semantic["data"]] == owners_of[instance["data"]]).all()
    numbers = {path: int(key) for key, path in instance["idToLabels"].items() if path.startswith("/")}
    assert set(boxes["primPaths"]) == set(numbers)
    for row, path in zip(boxes["data"], boxes["primPaths"], strict=True):
        mask = instance["data"] == numbers[path]
        assert [row[k] for k in ("x_min", "y_min", "x_max", "y_max")] == extent(mask)
        labels = boxes["idToLabels"][str(row["semanticId"])]
        assert tuple(sorted(labels.items())) == owners_of[numbers[path]]
