"""`simslate preview`: of our recordings, whole and bare, and of those that Isaac Sim made."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simslate.recorder.dataset.validate import validate

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT.parent / "shared/golden/replicator"
DATA = re.compile(r'<script type="application/json" id="(\w+)">(.*?)</script>', re.DOTALL)
EVERYTHING = json.loads((ROOT / "config/everything.json").read_text())["writer"]["parameters"]
RAW = {f"colorize_{name}_segmentation": False for name in ("semantic", "instance", "instance_id")}
PRODUCTS = [
    {"camera": "/World/turtle_Camera", "resolution": [96, 64]},
    {"camera": "/World/turtle_Camera", "resolution": [64, 48], "name": "small"},
]
DRAWN = {
    name for name in EVERYTHING if name not in ("rgb", "occlusion", "pointcloud", "camera_params", "colorize_depth")
}


def parts(path):
    return {name: json.loads(text) for name, text in DATA.findall(path.read_text())}


def job(products, **switches):
    return {
        "version": 1,
        "stage": str(ROOT / "data/tabletop.usda"),
        "labels": str(ROOT / "config/labels/tabletop.json"),
        "control_timeline": True,
        "frames": 3,
        "render_products": products,
        "writer": {"name": "BasicWriter", "parameters": {**EVERYTHING, **switches}},
    }


@pytest.fixture(scope="session")
def recorded(tmp_path_factory, record_all):
    """The recording in colours and folders, and that of ids in common folders, by name."""
    folder = tmp_path_factory.mktemp("preview")
    jobs = {"whole": job(PRODUCTS), "raw": job(PRODUCTS, use_common_output_dir=True, **RAW)}
    record_all({folder / name: each for name, each in jobs.items()})
    return {name: folder / name for name in jobs}


@pytest.fixture
def whole(recorded):
    return recorded["whole"]


@pytest.mark.parametrize("name", ["whole", "raw"])
@pytest.mark.parametrize("bare", [False, True])
def test_a_page_of_every_annotator(simslate, recorded, tmp_path, name, bare):
    folder = shutil.copytree(recorded[name], tmp_path / "set")
    if bare:
        shutil.rmtree(folder / "simslate")
    run = simslate("preview", folder)
    assert run.returncode == 0, run.stderr
    page = tmp_path / "set_preview.html"
    assert run.stdout.splitlines()[-1].startswith("3 frames, ")
    assert run.stdout.splitlines()[-1].endswith(f"in {page}")
    found = parts(page)
    meta = found["meta"]
    assert set(meta["layers"]) == DRAWN
    assert meta["products"] == ["Replicator", "small"]
    assert meta["suspects"] == meta["problems"] == []
    assert {row["name"]: row["objects"] for row in meta["classes"] if not row["reserved"]} == {
        "box": 2,
        "can": 2,
        "turtle": 1,
    }
    assert meta["verdict"]["state"] == ("bare" if bare else "complete")
    assert len(found) == 1 + 6
    assert all(cell["base"] and not cell["flaws"] for id_, cell in found.items() if id_ != "meta")
    assert validate(folder).findings == ()


def test_figures_are_those_of_the_files(simslate, whole, tmp_path):
    run = simslate("preview", whole, "--to", tmp_path / "page.html")
    assert run.returncode == 0, run.stderr
    rows = {row["name"]: row for row in parts(tmp_path / "page.html")["meta"]["classes"]}
    pixels = 0
    for labels in whole.glob("*/semantic_segmentation/*.json"):
        colour = next(key for key, entry in json.loads(labels.read_text()).items() if entry == {"class": "box"})
        picture = np.asarray(Image.open(str(labels).replace("_labels", "").replace(".json", ".png")))
        pixels += int((picture == eval(colour)).all(axis=-1).sum())
    assert rows["box"]["pixels"] == pixels
    boxes = sum(len(np.load(path)) for path in whole.glob("*/bounding_box_2d_tight/*.npy"))
    assert sum(sum(row["sizes"]) for row in rows.values()) == boxes


def test_fewer_frames_are_shown_if_asked(simslate, whole, tmp_path):
    run = simslate("preview", whole, "--to", tmp_path / "page.html", "--frames", "2")
    assert run.stdout.startswith("2 of 3 frames")
    meta = parts(tmp_path / "page.html")["meta"]
    assert [frame["number"] for frame in meta["frames"]] == ["0000", "0002"]
    assert any("2 of 3 frames" in text for text in meta["leftOut"])


@pytest.mark.parametrize("arguments", [["absent"], ["."], ["set", "--frames", "0"], ["set", "--to", "page.png"]])
def test_what_cannot_be_shown_is_refused(simslate, whole, tmp_path, arguments):
    (tmp_path / "set").symlink_to(whole)
    run = simslate("preview", *(tmp_path / each if each in ("absent", ".", "set") else each for each in arguments))
    assert run.returncode == 2
    assert "error: " in run.stderr
    assert list(tmp_path.glob("*.html")) == []


def test_a_place_that_cannot_be_written_is_told(simslate, whole, tmp_path):
    run = simslate("preview", whole, "--to", tmp_path / "absent/page.html")
    assert run.returncode == 4
    assert "page.html: cannot be written" in run.stderr


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recordings of Isaac Sim are not beside this clone")
@pytest.mark.parametrize(
    ("name", "frames", "classes"),
    [("_out_behaviors_sdg", 1, set()), ("_out_deformable_drop", 4, {"crate", "banana", "large_marker"})],
)
def test_recordings_of_isaac_sim_are_shown(simslate, tmp_path, name, frames, classes):
    run = simslate("preview", GOLDEN / name, "--to", tmp_path / "page.html")
    assert run.returncode == 0, run.stderr
    found = parts(tmp_path / "page.html")
    meta = found["meta"]
    assert len(meta["frames"]) == frames
    assert {row["name"] for row in meta["classes"] if not row["reserved"]} == classes
    assert all(not cell["flaws"] for id_, cell in found.items() if id_ != "meta")
    if name == "_out_behaviors_sdg":
        assert found["cell0"]["layers"]["distance_to_image_plane"]["note"].endswith(" m")


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recordings of Isaac Sim are not beside this clone")
@pytest.mark.parametrize("name", ["pose_writer", "camera_pointcloud"])
def test_a_folder_without_pictures_of_frames_is_no_recording(simslate, tmp_path, name):
    run = simslate("preview", GOLDEN / name, "--to", tmp_path / "page.html")
    assert run.returncode == 2
    assert "is no recording" in run.stderr


def test_carla_recordings_are_shown(simslate, carla_recorded, tmp_path):
    folder = carla_recorded
    assert simslate("preview", folder, "--to", tmp_path / "carla_preview.html").returncode == 0
    found = parts(tmp_path / "carla_preview.html")
    told = json.loads((folder / "carla_instance_segmentation_0000.json").read_text())
    assert set(found["meta"]["layers"]) == {"carla_instance_segmentation", "carla_instance_segmentation_palette"}
    assert len(found["cell0"]["objects"]) == len(told)
    assert {row["name"] for row in found["meta"]["classes"] if not row["reserved"]} >= {
        each["label"] for each in told.values()
    }
