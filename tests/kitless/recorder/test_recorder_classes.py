"""Classes in a recording: preflight, taxonomy, nested labels, and the report of what was never seen."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade

import carb.settings
from omni.syntheticdata import SyntheticData
from simslate.recorder import ConfigError, set_labels
from simslate.recorder.taxonomy import Taxonomy

PER_SUBSET = "/syntheticdata/sensors/perSubsetSegmentation"


@pytest.fixture
def cube(stage):
    """Add a cube before the camera, with a label if asked; x to the right, at a distance."""
    stage.RemovePrim("/World/Box")
    camera = UsdGeom.Camera(stage.GetPrimAtPath("/World/Camera"))
    camera.CreateHorizontalApertureAttr(20)
    camera.CreateFocalLengthAttr(10)  # 90 degrees: at a distance d the picture of 80 pixels is 2 d wide

    def add(name, label=None, x=0.0, distance=6.0, parent="/World"):
        prim = UsdGeom.Cube.Define(stage, f"{parent}/{name}")
        prim.AddTranslateOp().Set(Gf.Vec3d(x, 0, -distance))
        if label:
            set_labels(prim.GetPrim(), [label])
        return prim.GetPrim()

    return add


@pytest.fixture
def record(app, recorder, make_job):
    """Record with BasicWriter; the report and a function that reads files of the data set."""

    def run(allow_degraded=False, frames=1, parameters=None, **changes):
        writer = {"name": "BasicWriter", "parameters": {"semantic_segmentation": True, **(parameters or {})}}
        products = [{"camera": "/World/Camera", "resolution": [80, 45]}]
        output = {"kind": "disk", "directory": "out", "folder": "set", "on_conflict": "increment"}
        job = make_job(writer=writer, render_products=products, frames=frames, output=output, **changes)
        return app.run(recorder.record(job, allow_degraded=allow_degraded)).folder

    return run


def report(folder):
    return json.loads((folder / "simslate/report.json").read_text())


def mask(folder, frame=0):
    """The mask as (label -> number of pixels), (label -> key)."""
    labels = json.loads((folder / f"semantic_segmentation_labels_{frame:04d}.json").read_text())
    image = np.asarray(Image.open(folder / f"semantic_segmentation_{frame:04d}.png"))
    counts, keys = {}, {}
    for key, entry in labels.items():
        value = tuple(map(int, key.strip("()").split(",")))
        equal = np.all(image == value, axis=-1) if image.ndim == 3 else image == value[0]
        counts[entry["class"]], keys[entry["class"]] = int(equal.sum()), value if len(value) > 1 else value[0]
    return counts, keys


def refusal(record, **changes):
    with pytest.raises(ConfigError) as caught:
        record(**changes)
    return str(caught.value)


# Preflight


def test_what_would_be_empty_stops_the_recording_before_the_first_frame(record, cube, world, tmp_path):
    cube("Behind", "box", distance=-6)
    before = world()
    text = refusal(record, parameters={"rgb": True, "bounding_box_2d_tight": True})
    assert [line.split("preflight: ")[1].split(": ")[:2] for line in text.splitlines()[:-1]] == [
        ["rgb of /World/Camera (80, 45)", "empty"],
        ["bounding_box_2d_tight of /World/Camera (80, 45)", "empty"],
        ["semantic_segmentation of /World/Camera (80, 45)", "empty"],
    ]
    assert "--allow-degraded" in text
    assert world() == before
    assert not (tmp_path / "out").exists()


def test_degraded_recordings_say_so(record, cube):
    cube("Plain")
    degraded = report(record(allow_degraded=True))["degraded"]
    assert [(each["annotator"], each["state"]) for each in degraded] == [("semantic_segmentation", "impossible")]
    assert 'name label rules in "labels"' in degraded[0]["reason"]


def test_what_comes_into_view_later_is_no_reason_to_stop(record, cube):
    prim = cube("Comes", "box", distance=-6)
    operation = UsdGeom.Xformable(prim).GetOrderedXformOps()[0]
    operation.Set(Gf.Vec3d(0, 0, 6), 1)
    operation.Set(Gf.Vec3d(0, 0, -6), 9)
    assert "empty" in refusal(record, frames=2, control_timeline=True)
    assert report(record(frames=9, control_timeline=True))["degraded"] == []


# Classes that were never seen


def test_classes_that_never_reached_a_mask_are_told_with_the_reason(record, cube, stage):
    cube("Near", "box")
    cube("Hidden", "mug", distance=12)
    cube("Behind", "chair", distance=-6)
    set_labels(cube("Shape"), ["round"], taxonomy="shape")
    UsdGeom.Imageable(cube("Invisible", "ghost")).MakeInvisible()
    glass = UsdShade.Material.Define(stage, "/World/Glass")
    shader = UsdShade.Shader.Define(stage, "/World/Glass/Shader")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("opacity", Sdf.ValueTypeNames.Float).Set(0.1)
    glass.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(cube("Vase", "vase", distance=14)).Bind(glass)
    folder = record()
    classes = report(folder)["classes"]
    assert classes["seen"] == ["class:box"]
    assert {label: reason.split(":")[0] for label, reason in classes["never_seen"].items()} == {
        "class:chair": "out of view",
        "class:ghost": "not drawn",
        "class:mug": "hidden",
        "class:vase": "translucent",
        "shape:round": "filtered",
    }


def test_a_class_seen_in_one_frame_is_seen(record, cube):
    prim = cube("Goes", "box")
    cube("Stays", "can", x=3)
    operation = UsdGeom.Xformable(prim).GetOrderedXformOps()[0]
    operation.Set(Gf.Vec3d(0, 0, -6), 1)
    operation.Set(Gf.Vec3d(0, 0, 6), 2)
    classes = report(record(frames=3, control_timeline=True))["classes"]
    assert classes == {"seen": ["class:box", "class:can"], "never_seen": {}}


@pytest.mark.parametrize("annotator", ["instance_segmentation", "bounding_box_2d_tight", "bounding_box_3d"])
def test_any_annotator_that_tells_labels_will_do(record, cube, annotator):
    cube("Near", "box")
    classes = report(record(parameters={"semantic_segmentation": False, annotator: True}))["classes"]
    assert classes == {"seen": ["class:box"], "never_seen": {}}


# Taxonomy


@pytest.fixture
def taxonomy(tmp_path):
    """Write a taxonomy of box (alias carton) and can."""

    def write(name="t.json", **changes):
        classes = {"box": {"id": 7, "colour": [10, 20, 30], "aliases": ["carton"]}, "can": {"id": 300}}
        (tmp_path / name).write_text(json.dumps({"version": 1, "classes": classes, **changes}))
        return name

    return write


@pytest.mark.parametrize("order", [("box", "can"), ("can", "box")])
def test_ids_and_colours_are_the_taxonomys_whatever_the_order(record, cube, taxonomy, order):
    for name in order:
        cube(name, name, x=-1.5 if name == "box" else 1.5)
    _, colours = mask(record(taxonomy=taxonomy()))
    assert colours["box"] == (10, 20, 30, 255)
    ids = mask(record(taxonomy="t.json", parameters={"colorize_semantic_segmentation": False}))[1]
    assert (ids["box"], ids["can"]) == (7, 300)


def test_the_data_set_holds_the_taxonomy_locked(record, cube, taxonomy):
    cube("Box", "box")
    folder = record(taxonomy=taxonomy())
    kept = Taxonomy.load(folder / "simslate/taxonomy.json")
    assert (kept.locked, kept.hash) == (True, Taxonomy.load(folder.parents[1] / "t.json").hash)
    assert report(folder)["classes"]["seen"] == ["class:box"]


def test_aliases_are_the_class_in_masks_and_maps(record, cube, stage, taxonomy):
    prim = cube("Carton", "carton")
    counts, keys = mask(record(taxonomy=taxonomy()))
    assert keys["box"] == (10, 20, 30, 255)
    assert counts["box"] > 0
    assert "carton" in stage.GetRootLayer().ExportToString()
    assert prim.GetAttribute("semantics:labels:class").Get() == ["carton"]


def test_unlisted_labels_are_an_error_that_names_them_all(record, cube, taxonomy, world):
    cube("Bax", "bax")
    cube("Mug", "mug", x=3)
    before = world()
    text = refusal(record, taxonomy=taxonomy())
    assert 't.json: $.classes: "bax", a label of /World/Bax, is not listed; did you mean "box"?' in text
    assert '"mug", a label of /World/Mug, is not listed' in text
    assert world() == before


def test_unlisted_labels_are_added_and_locked(record, cube, taxonomy, tmp_path):
    cube("Box", "box", x=-1.5)
    cube("Mug", "mug", x=1.5)
    _, keys = mask(
        record(taxonomy=taxonomy(unlisted="add-and-lock"), parameters={"colorize_semantic_segmentation": False})
    )
    assert (keys["box"], keys["mug"]) == (7, 301)
    locked = Taxonomy.load(tmp_path / "t.json")
    assert (locked.locked, locked.find("mug").id) == (True, 301)
    text = (tmp_path / "t.json").read_text()
    record(taxonomy="t.json")
    assert (tmp_path / "t.json").read_text() == text


def test_a_recording_that_does_not_begin_leaves_the_taxonomy_alone(record, cube, taxonomy, tmp_path):
    cube("Mug", "mug", distance=-6)
    text = (tmp_path / taxonomy(unlisted="add-and-lock")).read_text()
    refusal(record, taxonomy="t.json")
    assert (tmp_path / "t.json").read_text() == text


def test_unlisted_labels_are_ignored_inside_instances_too(record, cube, stage, taxonomy):
    cube("Box", "box", x=-1.5)
    cube("Part", "mug", parent="/Proto")
    stage.GetPrimAtPath("/Proto").SetSpecifier(Sdf.SpecifierClass)
    prim = stage.DefinePrim("/World/Instance", "Xform")
    prim.GetReferences().AddInternalReference("/Proto")
    prim.SetInstanceable(True)
    before = SyntheticData.Get().get_instance_mapping_semantic_filter()
    folder = record(taxonomy=taxonomy(unlisted="ignore"), parameters={"bounding_box_2d_tight": True})
    assert set(mask(folder)[0]) == {"BACKGROUND", "UNLABELLED", "box"}
    assert len(np.load(folder / "bounding_box_2d_tight_0000.npy")) == 1
    assert report(folder)["classes"]["never_seen"]["class:mug"].startswith("filtered")
    assert SyntheticData.Get().get_instance_mapping_semantic_filter() == before


def test_an_edited_taxonomy_is_refused(record, cube, taxonomy, tmp_path):
    cube("Box", "box")
    Taxonomy.load(tmp_path / taxonomy()).save(tmp_path / "t.json")
    (tmp_path / "t.json").write_text((tmp_path / "t.json").read_text().replace("300", "301"))
    assert "t.json:26: $.hash: does not fit: the file was edited after it was locked" in refusal(
        record, taxonomy="t.json"
    )


def test_two_runs_with_a_taxonomy_are_equal_to_the_byte(record, cube, taxonomy):
    cube("Box", "box")
    folders = [record(taxonomy=taxonomy()) for _ in range(2)]
    files = [{p.relative_to(f): p.read_bytes() for p in Path(f).rglob("*") if p.is_file()} for f in folders]
    assert files[0] == files[1]


# Nested labels


@pytest.mark.parametrize(
    ("mode", "found"),
    [("path", {"car,wheel", "car"}), ("nearest", {"wheel", "car"}), ("direct", {"wheel", "UNLABELLED"})],
)
def test_nested_labels_by_mode(record, cube, stage, mode, found):
    set_labels(stage.DefinePrim("/World/Car", "Xform"), ["car"])
    cube("Wheel", "wheel", x=-1.5, parent="/World/Car")
    cube("Body", x=1.5, parent="/World/Car")
    before = carb.settings.get_settings().get("/exts/simslate.recorder/labels/resolve")
    assert set(mask(record(resolve=mode))[0]) - {"BACKGROUND"} == found
    assert carb.settings.get_settings().get("/exts/simslate.recorder/labels/resolve") == before


@pytest.mark.parametrize("mode", ["path", "nearest"])
def test_the_nearest_listed_label_decides_on_the_id(record, cube, stage, taxonomy, mode):
    set_labels(stage.DefinePrim("/World/Pack", "Xform"), ["box"])
    cube("Can", "can", parent="/World/Pack")
    plain = {"colorize_semantic_segmentation": False}
    keys = mask(record(taxonomy=taxonomy(), resolve=mode, parameters=plain))[1]
    assert keys["box,can" if mode == "path" else "can"] == 300


# Instances and subsets


def test_three_instances_with_a_label_in_the_prototype(record, cube, stage, tmp_path):
    source = Usd.Stage.CreateNew(str(tmp_path / "part.usda"))
    source.SetDefaultPrim(UsdGeom.Xform.Define(source, "/Asset").GetPrim())
    set_labels(UsdGeom.Cube.Define(source, "/Asset/Geometry").GetPrim(), ["bolt"])
    source.Save()
    for index in range(3):
        prim = UsdGeom.Xform.Define(stage, f"/World/Bolt{index}")
        prim.GetPrim().GetReferences().AddReference(str(tmp_path / "part.usda"))
        prim.GetPrim().SetInstanceable(True)
        prim.AddTranslateOp().Set(Gf.Vec3d(3 * index - 3, 0, -8))
    folder = record(parameters={"instance_segmentation": True, "colorize_instance_segmentation": False})
    assert set(mask(folder)[0]) - {"BACKGROUND"} == {"bolt"}
    paths = json.loads((folder / "instance_segmentation_mapping_0000.json").read_text())
    assert sorted(set(paths.values()) - {"BACKGROUND"}) == [f"/World/Bolt{i}/Geometry" for i in range(3)]
    ids = set(np.unique(np.asarray(Image.open(folder / "instance_segmentation_0000.png"))).tolist()) - {0}
    assert ids == {int(key) for key, path in paths.items() if path != "BACKGROUND"}


def test_labelled_faces_count_although_the_setting_is_off(record, cube, stage):
    mesh = UsdGeom.Mesh.Define(stage, "/World/Faces")
    # Three squares of 2 x 2 side by side, 10 away, where the picture is 20 wide: 8 x 8 pixels each.
    xs = (-3, -1, 1, 3)
    mesh.CreatePointsAttr([(x, y, -10) for x in xs for y in (-0.95, 1.05)])
    mesh.CreateFaceVertexCountsAttr([4, 4, 4])
    mesh.CreateFaceVertexIndicesAttr([i for n in range(3) for i in (2 * n, 2 * n + 2, 2 * n + 3, 2 * n + 1)])
    for index, name in enumerate(("left", "middle", "right")):
        set_labels(UsdGeom.Subset.CreateGeomSubset(mesh, name, UsdGeom.Tokens.face, [index]).GetPrim(), [name])
    settings = carb.settings.get_settings()
    settings.set(PER_SUBSET, False)
    counts, _ = mask(record())
    assert settings.get(PER_SUBSET) is False
    del counts["BACKGROUND"]
    assert counts == {name: pytest.approx(64, rel=0.01) for name in ("left", "middle", "right")}
