"""Our writers of others' formats, live, against exports of what BasicWriter recorded of the same frames."""

import json
from contextlib import ExitStack

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, UsdGeom, UsdSemantics
from pycocotools import mask as coco_mask

import omni.replicator.core as rep
import omni.timeline
import omni.usd
from simslate.recorder import ConfigError
from simslate.recorder.dataset.export import Filter, Request, export

ANNOTATORS = (
    "rgb",
    "semantic_segmentation",
    "instance_segmentation",
    "bounding_box_2d_tight",
    "bounding_box_2d_loose",
    "bounding_box_3d",
    "camera_params",
    "distance_to_image_plane",
)
TAXONOMY = {"version": 1, "classes": {"tool": {"id": 5}, "can": {"id": 9, "colour": [1, 2, 3]}, "box": {"id": 300}}}
WRITERS = {
    "coco": ("SimslateCocoWriter", {}),
    "coco-panoptic": ("SimslateCocoWriter", {"panoptic": True}),
    "yolo": ("SimslateYoloWriter", {}),
    "yolo-seg": ("SimslateYoloWriter", {"segmentation": True}),
    "kitti": ("SimslateKittiWriter", {}),
    "bop": ("SimslateBopWriter", {}),
}
VISIBILITY = ("pixels_alone", "visibility", "truncation")


@pytest.fixture
def app(extended_app):
    return extended_app


@pytest.fixture
def stage(app):
    """A can before a box, a tool of two meshes at the edge, and something nameless; a camera 20 m wide at 10 m."""
    omni.usd.get_context().new_stage()
    stage = omni.usd.get_context().get_stage()
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    camera = UsdGeom.Camera.Define(stage, "/World/Camera")
    camera.CreateHorizontalApertureAttr(20.0)
    camera.CreateFocalLengthAttr(10.0)
    camera.CreateClippingRangeAttr(Gf.Vec2f(0.1, 100))
    cube("/World/box", (0, 0, -10.05), 4, "box")
    cube("/World/can", (2, 0, -5.05), 1, "can")
    UsdSemantics.LabelsAPI.Apply(UsdGeom.Xform.Define(stage, "/World/tool").GetPrim(), "class").CreateLabelsAttr(
        ["tool"]
    )
    cube("/World/tool/a", (-9, 5, -10.05), 2)
    cube("/World/tool/b", (-10, 3, -10.05), 2)
    cube("/World/nameless", (6, -4, -10.05), 2)
    return stage


def cube(path, position, size, label=None):
    prim = UsdGeom.Cube.Define(omni.usd.get_context().get_stage(), path)
    prim.CreateSizeAttr(size)
    # Flat, so that every picture of it is a rectangle.
    prim.AddTranslateOp().Set(Gf.Vec3d(*position))
    prim.AddScaleOp().Set(Gf.Vec3f(1, 1, 0.1 / size))
    if label:
        UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr([label])
    return prim


@pytest.fixture
def record(app, stage, tmp_path):
    """Write three frames with several writers at once: as it is, with the box moved, and with nothing in view."""

    def record(writers, *, products=1, finish=True):
        made = [
            rep.create.render_product("/World/Camera", (64 + 16 * i, 48), name=f"product{i}") for i in range(products)
        ]
        attached = {}
        with ExitStack() as stack:
            for folder, (name, parameters) in writers.items():
                attached[folder] = writer = rep.WriterRegistry.get(name)
                writer.initialize(output_dir=str(tmp_path / folder), **parameters)
                writer.attach(made)
                stack.callback(writer.detach)
            app.run(steps(stage, finish))
        # What a writer schedules as it is detached is waited for, too.
        rep.BackendDispatch.wait_until_done()
        return {folder: tmp_path / folder for folder in writers}

    return record


async def steps(stage, finish):
    await rep.orchestrator.step_async()
    stage.GetPrimAtPath("/World/box").GetAttribute("xformOp:translate").Set(Gf.Vec3d(3, 1, -10.05))
    await rep.orchestrator.step_async()
    stage.GetPrimAtPath("/World/Camera").GetAttribute("clippingRange").Set(Gf.Vec2f(0.1, 1))
    await rep.orchestrator.step_async()
    if finish:
        await rep.orchestrator.wait_until_complete_async()


def basic(**parameters):
    return "BasicWriter", {**dict.fromkeys(ANNOTATORS, True), **parameters}


def listed(folder):
    """Every file of a folder: JSON and text as they are, pictures as their pixels."""
    return {path.relative_to(folder).as_posix(): content(path) for path in folder.rglob("*") if path.is_file()}


def content(path):
    if path.suffix == ".png":
        pixels = np.asarray(Image.open(path))
        return pixels.shape, pixels.dtype.name, pixels.tobytes()
    return path.read_text()


def coco(folder, name="instances"):
    return json.loads((folder / f"annotations/{name}.json").read_text())


@pytest.mark.parametrize("products", [1, 2])
@pytest.mark.parametrize("taxonomy", [None, TAXONOMY], ids=["without taxonomy", "with taxonomy"])
def test_live_files_are_those_of_an_export(record, tmp_path, products, taxonomy):
    options = {"visibility": False, "taxonomy": taxonomy}
    live = {name: (writer, {**own, **options}) for name, (writer, own) in WRITERS.items()}
    if taxonomy is not None:
        live["masks"] = ("TaxonomyMaskWriter", {"taxonomy": taxonomy})
    folders = record({"set": basic(colorize_instance_segmentation=products == 1), **live}, products=products)
    path = None
    if taxonomy is not None:
        path = tmp_path / "taxonomy.json"
        path.write_text(json.dumps(taxonomy))
    for name in live:
        target = tmp_path / f"exported {name}"
        export(Request(dataset=folders["set"], format=name, to=target, taxonomy=path))
        files = listed(folders[name])
        metadata = json.loads(files.pop("metadata.txt"))
        assert metadata["name"] == live[name][0]
        assert files == listed(target), name
        assert len(files) > 3 * products


def test_visibility_is_that_of_closed_forms(record):
    data = coco(record({"coco": WRITERS["coco"]})["coco"])
    assert [image["id"] for image in data["images"]] == [1, 2, 3]
    first = {each["prim_path"]: each for each in data["annotations"] if each["image_id"] == 1}
    # At 10 m a metre is 3.2 pixels, at 5 m 6.4. The box is 4 m wide; the can, before its right part, reaches over its
    # edge: from 1.5 to 2.5 m at 5 m, that is from 3 to 5 m at 10 m. So it hides nothing.
    box, can, tool = (first[f"/World/{name}"] for name in ("box", "can", "tool"))
    assert box["bbox"] == [26, 18, 12, 12]
    assert (box["pixels_alone"], box["visibility"], box["truncation"]) == (box["visible_pixels"], 1.0, 0.0)
    assert can["bbox"][2] in (6, 7)
    # Of the tool's two cubes of 2 m, one ends at the frame's left edge, and half of the other is beyond it.
    assert tool["visibility"] == 1.0
    assert tool["truncation"] == pytest.approx(0.25, abs=0.06)
    second = {each["prim_path"]: each for each in data["annotations"] if each["image_id"] == 2}
    hidden = second["/World/box"]
    # The box is now from 1 to 5 m: a quarter of it is behind the can, 2 by 2 m of 4 by 4.
    assert hidden["visibility"] == pytest.approx(0.75, abs=0.05)
    assert hidden["visible_pixels"] / hidden["pixels_alone"] == pytest.approx(hidden["visibility"], abs=1e-6)
    assert [each for each in data["annotations"] if each["image_id"] == 3] == []


def test_what_an_export_knows_is_what_the_annotator_says(record, tmp_path):
    folders = record({"set": basic(), "coco": WRITERS["coco"]})
    done = export(Request(dataset=folders["set"], format="coco", to=tmp_path / "out"))
    live, exported = coco(folders["coco"]), coco(tmp_path / "out")
    assert live["images"] == exported["images"]
    for one, other in zip(live["annotations"], exported["annotations"], strict=True):
        known = {key: value for key, value in other.items() if key not in VISIBILITY or value is not None}
        assert known == {key: one[key] for key in known}
        assert one["truncation"] is not None
    unknown = {each["prim_path"] for each in exported["annotations"] if each["visibility"] is None}
    assert unknown == {"/World/tool"}
    # It is in two of the three frames.
    assert done.visibility_unknown == 2


def test_filters_leave_out_the_same_live_and_afterwards(record, tmp_path):
    few = {"visibility": False, "min_visible_pixels": 60, "min_visibility": 0.9}
    folders = record({"set": basic(), "coco": ("SimslateCocoWriter", few)})
    export(Request(dataset=folders["set"], format="coco", to=tmp_path / "out", kept=Filter(60, 0.9)))
    assert listed(tmp_path / "out").items() <= listed(folders["coco"]).items()
    kept = [each["prim_path"] for each in coco(tmp_path / "out")["annotations"]]
    assert kept == ["/World/box", "/World/tool", "/World/tool"]


@pytest.fixture
def ball(stage):
    """A ball of 2 m at 10 m, whose right half a wall hides; the pixels (H, W) that it has alone, by hand."""
    for name in ("box", "can", "tool", "nameless"):
        stage.GetPrimAtPath(f"/World/{name}").SetActive(False)
    middle, radius = np.array([0.4, 0.3, -10.0]), 2.0
    prim = UsdGeom.Sphere.Define(stage, "/World/ball")
    prim.CreateRadiusAttr(radius)
    prim.AddTranslateOp().Set(Gf.Vec3d(*middle))
    UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr(["ball"])
    cube("/World/wall", (4.21, 0, -5), 8, "wall")
    # The camera sees 20 m by 15 m at 10 m, in 64 by 48 pixels; a ray meets the ball if it passes within its radius.
    y, x = (np.indices((48, 64)) + 0.5 - np.array([24, 32])[:, None, None]) * 2 / 64
    rays = np.stack([x, -y, -np.ones_like(x)], axis=-1)
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    return np.linalg.norm(np.cross(rays, middle), axis=-1) < radius


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("visibility", [True, False])
def test_amodal_masks_are_those_of_the_object_alone(record, ball, visibility):
    options = {"amodal": True, "visibility": visibility}
    writers = {
        "coco": ("SimslateCocoWriter", options),
        "outlines": ("SimslateCocoWriter", {**options, "polygons": True}),
        "bop": ("SimslateBopWriter", options),
    }
    folders = record(writers)
    found, outlined = (coco(folders[name])["annotations"][0] for name in ("coco", "outlines"))
    assert found["prim_path"] == outlined["prim_path"] == "/World/ball"
    alone = coco_mask.decode(found["amodal_segmentation"]).astype(bool)
    visible = coco_mask.decode(found["segmentation"]).astype(bool)
    assert (alone == ball).all()
    assert (visible <= alone).all()
    assert 0.3 * alone.sum() < visible.sum() < 0.6 * alone.sum()
    assert found["pixels_alone"] == alone.sum()
    assert found["visibility"] == pytest.approx(visible.sum() / alone.sum(), abs=1e-6)
    assert found["truncation"] == (0 if visibility else None)
    assert found["amodal_bbox"] == coco_mask.toBbox(found["amodal_segmentation"]).tolist()
    drawn = coco_mask.merge(coco_mask.frPyObjects(outlined["amodal_segmentation"], 48, 64))
    assert (coco_mask.decode(drawn).astype(bool) == ball).all()
    scene = folders["bop"] / "train/000000"
    masks = {kind: np.asarray(Image.open(scene / kind / "000000_000000.png")) for kind in ("mask", "mask_visib")}
    assert (masks["mask"] == ball * 255).all()
    assert (masks["mask_visib"] == visible * 255).all()
    told = json.loads((scene / "scene_gt_info.json").read_text())["0"][0]
    assert (told["px_count_all"], told["px_count_visib"]) == (alone.sum(), visible.sum())
    assert told["bbox_obj"] == found["amodal_bbox"]
    assert told["visib_fract"] == found["visibility"]


def test_amodal_masks_reach_a_file_of_a_template(record, ball):
    template = {
        "annotators": {"simslate_amodal": {}},
        "files": [
            {
                "path": "{frame:04d}.npz",
                "encoding": "npz",
                "arrays": {
                    "rows": "simslate_amodal",
                    "paths": "simslate_amodal.primPaths",
                    "spans": "simslate_amodal.spans",
                },
            }
        ],
    }
    folder = record({"npz": ("TemplateWriter", template)})["npz"]
    arrays = np.load(folder / "0000.npz")
    place = arrays["paths"].tolist().index("/World/ball")
    spans = np.split(arrays["spans"], np.cumsum(arrays["rows"]["spans"])[:-1])[place]
    image = np.zeros(48 * 64, bool)
    for start, length in spans:
        image[start : start + length] = True
    assert (image.reshape(48, 64) == ball).all()


def test_amodal_masks_are_written_for_who_asks_only(record):
    folders = record({"coco": WRITERS["coco"], "bop": WRITERS["bop"]})
    assert not any("amodal" in key for each in coco(folders["coco"])["annotations"] for key in each)
    assert (folders["bop"] / "train/000000/mask_visib").is_dir()
    assert not (folders["bop"] / "train/000000/mask").exists()


def test_a_recording_that_is_stopped_early_has_its_json(record):
    assert len(coco(record({"coco": WRITERS["coco"]}, finish=False)["coco"])["images"]) == 3


def test_the_json_tells_of_frames_after_a_stop_too(app, stage, tmp_path):
    writer = rep.WriterRegistry.get("SimslateCocoWriter")
    writer.initialize(output_dir=str(tmp_path), visibility=False)
    writer.attach(rep.create.render_product("/World/Camera", (64, 48)))

    async def twice():
        for _ in range(2):
            await rep.orchestrator.step_async()
            await rep.orchestrator.wait_until_complete_async()

    app.run(twice())
    writer.detach()
    assert [image["frame"] for image in coco(tmp_path)["images"]] == ["000000", "000001"]


def test_masks_are_the_taxonomy_s(record):
    folder = record({"masks": ("TaxonomyMaskWriter", {"taxonomy": TAXONOMY})})["masks"]
    ids = np.asarray(Image.open(folder / "masks/000000.png"))
    assert ids.dtype == np.uint16
    assert sorted(np.unique(ids).tolist()) == [0, 1, 5, 9, 300]
    assert np.unique(np.asarray(Image.open(folder / "colours/000000.png"))[ids == 9], axis=0).tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("name", "parameters", "complaint"),
    [
        ("SimslateCocoWriter", {}, "output_dir or backend"),
        ("TaxonomyMaskWriter", {"output_dir": "out"}, "need a taxonomy"),
        ("SimslateCocoWriter", {"output_dir": "out", "panoptic": True, "amodal": True}, "choose one"),
        ("SimslateYoloWriter", {"output_dir": "out", "taxonomy": "none.json"}, "none.json: cannot be read"),
    ],
)
def test_wrong_parameters_are_refused(app, name, parameters, complaint):
    with pytest.raises(ConfigError, match=complaint):
        rep.WriterRegistry.get(name).initialize(**parameters)


def test_a_host_without_visibility_is_told_once(app, monkeypatch, caplog, tmp_path):
    said = []
    monkeypatch.setattr("carb.log_warn", said.append)
    names = [name for name in rep.AnnotatorRegistry.get_registered_annotators() if name != "simslate_visibility"]
    monkeypatch.setattr(rep.AnnotatorRegistry, "get_registered_annotators", lambda: names)
    writer = rep.WriterRegistry.get("SimslateCocoWriter")
    writer.initialize(output_dir=str(tmp_path))
    assert "simslate_visibility" not in writer.get_annotators()
    assert [text for text in said if "no annotator simslate_visibility" in text] == said[-1:]


@pytest.mark.parametrize("name", ["SimslateCocoWriter", "SimslateBopWriter"])
def test_a_host_without_amodal_masks_refuses_them(app, monkeypatch, tmp_path, name):
    names = [name for name in rep.AnnotatorRegistry.get_registered_annotators() if name != "simslate_amodal"]
    monkeypatch.setattr(rep.AnnotatorRegistry, "get_registered_annotators", lambda: names)
    with pytest.raises(ConfigError, match=r'no annotator simslate_amodal.*leave out "amodal"'):
        rep.WriterRegistry.get(name).initialize(output_dir=str(tmp_path), amodal=True)
    rep.WriterRegistry.get(name).initialize(output_dir=str(tmp_path))
