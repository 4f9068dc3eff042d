"""Exports of what is really recorded, read by those who read such data sets."""

import asyncio
import importlib.util
import json
import random
import shutil
import signal
import subprocess
import time
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pxr import Gf, Usd, UsdGeom, UsdSemantics
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from simslate.recorder.cli_export import add_export

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT.parent / "shared/golden/replicator"
SWITCHES = (
    "rgb",
    "semantic_segmentation",
    "instance_segmentation",
    "bounding_box_2d_tight",
    "bounding_box_2d_loose",
    "bounding_box_3d",
    "camera_params",
    "distance_to_image_plane",
)
PRODUCTS = [
    {"camera": "/World/Camera", "resolution": [160, 120], "name": "large"},
    {"camera": "/World/Camera", "resolution": [80, 64], "name": "small"},
]
TAXONOMY = {"version": 1, "unlisted": "error", "classes": {"kind2": {"id": 4}, "kind1": {"id": 6}, "kind0": {"id": 70}}}
FRAMES = 3


def write_stage(path, seed=0):
    """Nine cubes, some before others, of three classes, in an order of their own; in the last frame all are gone."""
    stage = Usd.Stage.CreateNew(str(path))
    stage.SetTimeCodesPerSecond(24)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(10)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    numbers = list(range(9))
    random.Random(seed).shuffle(numbers)
    for number in numbers:
        prim = UsdGeom.Cube.Define(stage, f"/World/c{number}")
        prim.CreateSizeAttr(1)
        place = Gf.Vec3d(1.1 * (number % 3) - 1.1, 0.9 * (number // 3) - 0.9, -8 - number % 2)
        move = prim.AddTranslateOp()
        for frame, shift in enumerate((Gf.Vec3d(0), Gf.Vec3d(0.3, 0.1, 0), Gf.Vec3d(0, 0, 50))):
            move.Set(place + shift, frame)
        UsdSemantics.LabelsAPI.Apply(prim.GetPrim(), "class").CreateLabelsAttr([f"kind{number % 3}"])
    UsdGeom.Camera.Define(stage, "/World/Camera").CreateClippingRangeAttr(Gf.Vec2f(0.1, 100))
    stage.GetRootLayer().Save()
    return path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Record the stage once for each set of switches; the folder."""
    folder = tmp_path_factory.mktemp("recorded")
    made = {}

    def record(name="set", *, seed=0, products=PRODUCTS, taxonomy=True, writer=None):
        if name not in made:
            stage = write_stage(folder / f"{name}.usda", seed)
            job = {
                "version": 1,
                "stage": str(stage),
                "render_products": products,
                "writer": writer or {"name": "BasicWriter", "parameters": dict.fromkeys(SWITCHES, True)},
                "output": {"kind": "disk", "directory": str(folder), "folder": name},
                "frames": FRAMES,
                "control_timeline": True,
            }
            if taxonomy:
                (folder / "taxonomy.json").write_text(json.dumps(TAXONOMY))
                job["taxonomy"] = str(folder / "taxonomy.json")
            path = folder / f"{name}.json"
            path.write_text(json.dumps(job))
            run(ROOT / "tools/simslate", "record", path)
            made[name] = folder / name
        return made[name]

    return record


def run(*arguments, code=0):
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, timeout=300)
    assert done.returncode == code, done.stderr
    return done


def export_here(*arguments):
    """Run the command in this process: its start takes longer than its work."""
    parser = ArgumentParser()
    add_export(parser.add_subparsers())
    options = parser.parse_args(["export", *map(str, arguments)])
    asyncio.run(options.run(options))


@pytest.fixture(scope="module")
def exported(recorded, tmp_path_factory):
    """Export the recording once for each format and set of options; the folder."""
    folder = tmp_path_factory.mktemp("exported")
    made = {}

    def export(name, *options):
        key = (name, *options)
        if key not in made:
            made[key] = folder / str(len(made))
            export_here(recorded(), "--format", name, "--to", made[key], *options)
        return made[key]

    return export


@pytest.fixture
def masks(recorded):
    """The boxes and pixels of each picture's objects, from the recorded raw files by numpy alone."""

    def read(product, frame):
        folder = recorded() / product / "instance_segmentation"
        pixels = np.asarray(Image.open(folder / f"instance_segmentation_{frame:04d}.png"))
        mapping = json.loads((folder / f"instance_segmentation_mapping_{frame:04d}.json").read_text())
        found = {}
        for key, path in mapping.items():
            rows, columns = np.nonzero((pixels == [int(each) for each in key.strip("()").split(",")]).all(axis=2))
            if path.startswith("/") and len(rows):
                box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
                found[path] = ([int(each) for each in box], len(rows))
        return found

    return read


def annotations(folder):
    return folder / "annotations/instances.json"


def kind_of(path):
    return f"kind{int(path[-1]) % 3}"


@pytest.mark.parametrize("options", [(), ("--polygons",)], ids=["run lengths", "polygons"])
def test_ground_truth_against_itself_is_perfect_by_pycocotools(exported, options):
    truth = COCO(str(annotations(exported("coco", *options))))
    assert len(truth.getImgIds()) == FRAMES * 2
    found = [{**each, "score": 1.0} for each in truth.loadAnns(truth.getAnnIds())]
    assert len(found) == 2 * 2 * 9
    detections = truth.loadRes(found)
    for kind in ("bbox", "segm"):
        evaluation = COCOeval(truth, detections, kind)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        assert evaluation.stats[0] == 1.0


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("options", [(), ("--polygons",)], ids=["run lengths", "polygons"])
def test_coco_is_the_pixels_of_the_recorded_masks(exported, masks, options):
    truth = COCO(str(annotations(exported("coco", *options))))
    ids = {each["name"]: each["id"] for each in truth.loadCats(truth.getCatIds())}
    assert ids == {"kind2": 4, "kind1": 6, "kind0": 70}
    for image in truth.loadImgs(truth.getImgIds()):
        wanted = masks(image["render_product"], int(image["frame"]))
        own = truth.loadAnns(truth.getAnnIds(imgIds=[image["id"]]))
        assert sorted(wanted) == [each["prim_path"] for each in own]
        for each in own:
            (left, top, right, bottom), pixels = wanted[each["prim_path"]]
            assert each["bbox"] == [left, top, right - left, bottom - top]
            assert each["area"] == pixels == truth.annToMask(each).sum()
            assert each["category_id"] == ids[kind_of(each["prim_path"])]
            assert coco_mask.toBbox(truth.annToRLE(each)).tolist() == each["bbox"]


def test_empty_pictures_are_kept(exported):
    truth = COCO(str(annotations(exported("coco"))))
    empty = [each for each in truth.loadImgs(truth.getImgIds()) if not truth.getAnnIds(imgIds=[each["id"]])]
    assert [each["frame"] for each in empty] == ["000002", "000002"]
    assert all((exported("coco") / "images" / each["file_name"]).exists() for each in empty)
    assert (exported("yolo") / "labels/small_000002.txt").read_text() == ""
    assert (exported("kitti") / "training/label_2/small_000002.txt").read_text() == ""


def test_live_writing_gives_the_annotations_of_an_export(recorded, exported):
    parameters = {"visibility": False}
    live = recorded("live", writer={"name": "SimslateCocoWriter", "parameters": parameters})
    assert annotations(live).read_bytes() == annotations(exported("coco")).read_bytes()


def test_a_job_s_taxonomy_reaches_the_writer_of_masks(recorded, exported):
    live = recorded("live masks", writer={"name": "TaxonomyMaskWriter", "parameters": {}})
    files = [path for path in exported("masks").rglob("*") if path.is_file()]
    assert len(files) == 1 + 2 * 2 * FRAMES
    for path in files:
        assert (live / path.relative_to(exported("masks"))).read_bytes() == path.read_bytes()


def test_the_order_of_prims_changes_neither_ids_nor_colours(recorded, tmp_path):
    found = []
    for seed in (1, 2):
        folder = recorded(f"seed{seed}", seed=seed, products=PRODUCTS[:1], taxonomy=False)
        taxonomy = tmp_path / "taxonomy.json"
        taxonomy.write_text(json.dumps(TAXONOMY))
        files = {}
        for name, options in {"coco": (), "masks": ("--taxonomy", taxonomy), "yolo": ()}.items():
            target = tmp_path / f"{name}{seed}"
            export_here(folder, "--format", name, "--to", target, *options)
            files |= {(name, path.name): path.read_bytes() for path in target.rglob("*") if path.is_file()}
        found.append(files)
    stages = [recorded(f"seed{seed}").with_suffix(".usda").read_text() for seed in (1, 2)]
    assert stages[0] != stages[1]
    assert found[0] == found[1]


def readers(name):
    """What is needed for a test against another's reader."""
    return pytest.mark.skipif(
        importlib.util.find_spec(name) is None, reason=f"{name} is not installed; tools/test --all installs it"
    )


@pytest.mark.slow
@readers("supervision")
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["coco", "yolo", "yolo-seg"])
def test_supervision_reads_equal_boxes(exported, masks, name):
    import supervision

    folder = exported(name)
    if name == "coco":
        found = supervision.DetectionDataset.from_coco(str(folder / "images"), str(annotations(folder)))
    else:
        paths = [str(folder / each) for each in ("images", "labels", "data.yaml")]
        found = supervision.DetectionDataset.from_yolo(*paths, force_masks=name == "yolo-seg")
    assert found.classes == ["kind2", "kind1", "kind0"]
    assert len(found) == FRAMES * 2
    for path, _, detections in found:
        product, frame = Path(path).stem.split("_")
        wanted = masks(product, int(frame))
        assert len(detections) == len(wanted)
        boxes = [box for box, _ in (wanted[each] for each in sorted(wanted))]
        if boxes:
            assert np.abs(detections.xyxy - boxes).max() < 1
        assert [found.classes[each] for each in detections.class_id] == [kind_of(each) for each in sorted(wanted)]
        if name == "yolo-seg" and boxes:
            # It draws the outlines, too: up to a pixel more all around.
            pixels = [wanted[each][1] for each in sorted(wanted)]
            assert detections.mask.sum(axis=(1, 2)).tolist() == pytest.approx(pixels, rel=0.2)


@pytest.mark.slow
@readers("datumaro")
@pytest.mark.filterwarnings("default")
def test_datumaro_reads_kitti(exported, masks):
    import datumaro

    found = datumaro.Dataset.import_from(str(exported("kitti")), "kitti_detection")
    assert len(found) == FRAMES * 2
    names = [each.name for each in found.categories()[datumaro.AnnotationType.label]]
    for item in found:
        product, frame = item.id.split("_")
        wanted = masks(product, int(frame))
        assert len(item.annotations) == len(wanted)
        for each, path in zip(item.annotations, sorted(wanted), strict=True):
            left, top, right, bottom = wanted[path][0]
            x, y, width, height = each.get_bbox()
            assert [x, y, x + width, y + height] == pytest.approx([left, top, right, bottom], abs=1)
            assert names[each.label] == kind_of(path)


def test_kitti_is_in_space_where_the_camera_tells(exported):
    line = (exported("kitti") / "training/label_2/large_000000.txt").read_text().splitlines()[4].split()
    # The middle cube of the nine: at (0, 0, -8), so its bottom is half a metre below.
    assert [float(each) for each in line[8:14]] == pytest.approx([1, 1, 1, 0, 0.5, 8], abs=0.01)


def test_bop_s_poses_put_cubes_into_their_masks(exported):
    folder = exported("bop") / "train/000000"
    truth, seen, camera = (
        json.loads((folder / f"scene_{name}.json").read_text()) for name in ("gt", "gt_info", "camera")
    )
    assert [len(each) for each in truth.values()] == [9, 9, 0]
    matrix = np.array(camera["0"]["cam_K"]).reshape(3, 3)
    for place, (pose, info) in enumerate(zip(truth["1"], seen["1"], strict=True)):
        middle = matrix @ np.array(pose["cam_t_m2c"])
        x, y, width, height = info["bbox_obj"]
        assert x <= middle[0] / middle[2] <= x + width
        assert y <= middle[1] / middle[2] <= y + height
        mask = np.asarray(Image.open(folder / f"mask_visib/000001_{place:06d}.png"))
        assert (mask > 0).sum() == info["px_count_visib"] == info["px_count_valid"]
        assert info["px_count_all"] == pytest.approx(info["px_count_visib"] / info["visib_fract"], abs=1)
    depth = np.asarray(Image.open(folder / "depth/000001.png"))
    assert set(np.unique(depth[depth > 0]).tolist()) & {7500, 8500} == {7500, 8500}
    assert min(each["visib_fract"] for each in seen["0"]) < 1


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--format", "masks", "--taxonomy", "none.json"), 2, "none.json: cannot be read"),
        (("--format", "coco", "--min-visibility", "2"), 2, "2 is not a number from 0 to 1"),
        (("--format", "yolo", "--polygons"), 2, "--polygons is for coco"),
    ],
)
def test_what_is_wrong_is_said(recorded, tmp_path, options, code, words):
    done = run(ROOT / "tools/simslate", "export", recorded(), "--to", tmp_path / "out", *options, code=code)
    assert words in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_full_folder_is_an_output_that_cannot_be_written(recorded, tmp_path):
    (tmp_path / "mine").touch()
    done = run(ROOT / "tools/simslate", "export", recorded(), "--format", "coco", "--to", tmp_path, code=4)
    assert "is there already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_an_export_that_is_interrupted_leaves_nothing(recorded, tmp_path):
    folder = tmp_path / "set"
    shutil.copytree(recorded(), folder)
    # Enough frames to be in the middle of.
    for path in [each for each in folder.rglob("*_0000.*") if "simslate" not in each.parts]:
        for number in range(FRAMES, 500):
            path.with_name(path.name.replace("_0000.", f"_{number:04d}.")).hardlink_to(path)
    target = tmp_path / "out"
    arguments = (ROOT / "tools/simslate", "export", folder, "--format", "bop", "--to", target / "bop")
    with subprocess.Popen(list(map(str, arguments)), stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not [*target.rglob("000003.png")] and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "interrupted\n")
    assert list(target.iterdir()) == []


def test_the_summary_is_a_line_or_json(recorded, tmp_path):
    arguments = (ROOT / "tools/simslate", "export", recorded(), "--format", "coco", "--to")
    assert run(*arguments, tmp_path / "a").stdout == f"6 pictures, 36 objects in {tmp_path / 'a'} (coco)\n"
    told = json.loads(run(*arguments, tmp_path / "b", "--json", "--link").stdout)
    unknown = told.pop("visibility_unknown")
    assert told == {"to": str(tmp_path / "b"), "format": "coco", "pictures": 6, "objects": 36, "classes": 3}
    assert unknown == 0


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded data is not beside this clone")
def test_labels_of_a_real_isaac_sim_become_a_taxonomy_s_masks(tmp_path):
    """Of that recording only the labels were kept; the pictures are painted in the colours that they tell."""
    folder = tmp_path / "set"
    shutil.copytree(GOLDEN / "_out_deformable_drop", folder)
    arguments = (ROOT / "tools/simslate", "export", folder, "--format", "masks", "--to", tmp_path / "out")
    taxonomy = tmp_path / "taxonomy.json"
    wanted = {}
    for path in sorted(folder.glob("*_labels_*.json")):
        labels = json.loads(path.read_text())
        colours = [[int(each) for each in key.strip("()").split(", ")] for key in labels]
        pixels = np.repeat(np.array([colours], np.uint8), 4, axis=0)
        Image.fromarray(pixels).save(folder / path.name.replace("_labels", "").replace(".json", ".png"))
        wanted[int(path.stem[-4:])] = [entry["class"] for entry in labels.values()]
    names = sorted({name for each in wanted.values() for name in each} - {"BACKGROUND", "UNLABELLED"})
    assert len(names) == 3
    taxonomy.write_text(json.dumps({"version": 1, "classes": {name: {} for name in names}}))
    run(*arguments, "--taxonomy", taxonomy)
    ids = {"BACKGROUND": 0, "UNLABELLED": 1, **{name: number for number, name in enumerate(names, 2)}}
    for frame, row in wanted.items():
        mask = np.asarray(Image.open(tmp_path / f"out/masks/{frame:06d}.png"))
        assert mask[0].tolist() == [ids[name] for name in row]


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded data is not beside this clone")
@pytest.mark.parametrize("name", ["_out_deformable_drop", "_out_behaviors_sdg"])
def test_what_a_real_isaac_sim_did_not_record_is_named(tmp_path, name):
    arguments = (ROOT / "tools/simslate", "export", GOLDEN / name, "--format", "coco", "--to", tmp_path / "out")
    assert "needs instance_segmentation, which was not recorded" in run(*arguments, code=2).stderr
