"""The main job: record the labelled tabletop with one command."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simslate.recorder import Job
from simslate.recorder.size_estimate import bytes_per_frame

ROOT = Path(__file__).parents[2]
JOB = ROOT / "config/tabletop.json"
GOLDEN = ROOT.parent / "shared/golden/replicator/_out_deformable_drop/semantic_segmentation_labels_0003.json"
PRODUCTS = {"Replicator": (1280, 720), "small": (640, 480), "side": (960, 540)}
FRAMES = 10
REPEATED = 3
"""How many frames the second run has."""


def files(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def semantic(folder, product="Replicator", frame=0):
    """The mask and its labels, class -> RGBA."""
    base = folder / product / "semantic_segmentation"
    labels = json.loads((base / f"semantic_segmentation_labels_{frame:04d}.json").read_text())
    image = np.asarray(Image.open(base / f"semantic_segmentation_{frame:04d}.png"))
    colours = {entry["class"]: tuple(int(c) for c in key.strip("()").split(",")) for key, entry in labels.items()}
    return image, colours, labels


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Two runs of the main job, one of them cut short: folders and the runs' outputs."""
    base = tmp_path_factory.mktemp("tabletop")
    runs = []
    for name, frames in (("first", FRAMES), ("second", REPEATED)):
        arguments = [str(ROOT / "tools/simslate"), "record", str(JOB), "--output", str(base / name)]
        arguments += [] if frames == FRAMES else ["--frames", str(frames)]
        runs.append(subprocess.run(arguments, capture_output=True, text=True, timeout=300))
    return base / "first", base / "second", runs


def test_it_ends_well_and_names_the_folder_last(recorded):
    first, _, runs = recorded
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr
    assert runs[0].stdout.splitlines()[-1].endswith(str(first))


def test_every_product_has_every_file_of_every_frame(recorded):
    names = files(recorded[0])
    per_frame = {"rgb": 1, "semantic_segmentation": 2, "instance_segmentation": 3, "distance_to_image_plane": 1}
    per_frame |= {"bounding_box_2d_tight": 3, "bounding_box_2d_loose": 3}
    for product in PRODUCTS:
        for annotator, count in per_frame.items():
            found = [name for name in names if name.startswith(f"{product}/{annotator}/")]
            assert len(found) == count * FRAMES, (product, annotator)
    rest = {name for name in names if name.partition("/")[0] not in PRODUCTS}
    ours = {f"simslate/{name}" for name in ("job.json", "manifest.jsonl", "frames.jsonl", "report.json")}
    assert rest == {"metadata.txt", *ours}


def test_the_estimate_of_its_size_is_within_a_fifth(recorded):
    job = Job.load(JOB)
    annotators = [name for name, value in job.writer.parameters.items() if value is True]
    resolutions = [product.resolution for product in job.render_products]
    sizes = {name: path.stat().st_size for name, path in files(recorded[0]).items() if "/" in name}
    real = sum(size for name, size in sizes.items() if not name.startswith("simslate/"))
    assert FRAMES * bytes_per_frame(annotators, resolutions) == pytest.approx(real, rel=0.2)
    # Arrays are most of it, and exact: pictures by themselves have to be estimated as well.
    pictures = [name for name in annotators if not name.startswith("distance_to_")]
    real -= sum(size for name, size in sizes.items() if "distance_to_" in name)
    assert FRAMES * bytes_per_frame(pictures, resolutions) == pytest.approx(real, rel=0.2)


def test_pictures_have_the_size_of_their_product(recorded):
    for product, (width, height) in PRODUCTS.items():
        folder = recorded[0] / product
        assert np.asarray(Image.open(folder / "rgb/rgb_0000.png")).shape == (height, width, 4)
        depth = np.load(folder / "distance_to_image_plane/distance_to_image_plane_0000.npy")
        assert depth.shape == (height, width)


def test_unlabelled_prims_are_black_and_each_class_has_one_colour(recorded):
    image, colours, _ = semantic(recorded[0])
    assert set(colours) == {"UNLABELLED", "box", "can", "turtle"} | ({"BACKGROUND"} & set(colours))
    assert {tuple(c) for c in np.unique(image.reshape(-1, 4), axis=0).tolist()} == set(colours.values())
    assert colours["UNLABELLED"] == (0, 0, 0, 255)


def test_both_boxes_are_one_class_and_two_instances(recorded):
    folder = recorded[0] / "Replicator/instance_segmentation"
    mapping = json.loads((folder / "instance_segmentation_mapping_0000.json").read_text())
    image = np.asarray(Image.open(folder / "instance_segmentation_0000.png"))
    mask, colours, _ = semantic(recorded[0])
    prims = {
        path: np.all(image == [int(c) for c in key.strip("()").split(",")], axis=-1) for key, path in mapping.items()
    }
    for stem, label in (("/World/_03_cracker_box", "box"), ("/World/_05_tomato_soup_can", "can")):
        pair = [prims[stem], prims[f"{stem}_01"]]
        assert all(np.all(mask[pixels] == colours[label]) and pixels.any() for pixels in pair)


@pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded golden data is not beside this clone")
def test_colours_and_key_order_are_those_recorded_from_isaac_sim(recorded):
    _, _, labels = semantic(recorded[0])
    golden = list(json.loads(GOLDEN.read_text()))
    assert [key for key in golden if key in labels] == list(labels)
    assert labels["(93, 220, 11, 255)"] == {"class": "box"}
    assert labels["(243, 69, 141, 255)"] == {"class": "can"}
    assert labels["(35, 198, 233, 255)"] == {"class": "turtle"}


def test_the_turtle_moves_in_every_frame_and_the_boxes_do_not(recorded):
    base = recorded[0] / "Replicator/bounding_box_2d_tight"
    boxes = {}
    for frame in range(FRAMES):
        paths = json.loads((base / f"bounding_box_2d_tight_prim_paths_{frame:04d}.json").read_text())
        rows = np.load(base / f"bounding_box_2d_tight_{frame:04d}.npy")
        for path, row in zip(paths, rows, strict=True):
            boxes.setdefault(path.rpartition("/")[2], []).append(tuple(row.tolist())[1:5])
    turtle = boxes["toy_turtle"]
    assert all(before != after for before, after in pairwise(turtle))
    assert len(set(boxes["_03_cracker_box"])) <= 2  # the turtle may hide a corner of it


def test_the_same_moment_is_seen_at_both_resolutions(recorded):
    large, colours, _ = semantic(recorded[0])
    small, _, _ = semantic(recorded[0], "small")
    # The pictures share the horizontal field of view: the box's centre of mass is at the same share of the width.
    centres = [
        np.nonzero(np.all(image == colours["turtle"], axis=-1))[1].mean() / image.shape[1] for image in (large, small)
    ]
    assert centres[0] == pytest.approx(centres[1], abs=0.003)


def test_two_runs_are_equal_to_the_byte(recorded):
    first, second = files(recorded[0]), files(recorded[1])
    late = {f"{frame:04d}" for frame in range(REPEATED, FRAMES)}
    same = [name for name in first if name.partition(".")[0][-4:] not in late and not name.startswith("simslate/")]
    assert same == [name for name in second if not name.startswith("simslate/")]
    assert [name for name in same if first[name].read_bytes() != second[name].read_bytes()] == []
    # Job and report tell how many frames there are; what is told of each is the same.
    for name in ("manifest.jsonl", "frames.jsonl"):
        lines = [path[f"simslate/{name}"].read_text().splitlines() for path in (first, second)]
        assert [line for line in lines[0] if _frame(line) in (None, *range(REPEATED))] == lines[1]


def _frame(line):
    return json.loads(line)["frame"]


def test_the_picture_is_one(recorded):
    picture = np.asarray(Image.open(recorded[0] / "Replicator/rgb/rgb_0000.png"))[..., :3].astype(float)
    # Neither black nor burnt out, and coloured.
    assert 50 < picture.mean() < 200
    assert (picture > 250).all(axis=-1).mean() < 0.05
    assert picture.std(axis=(0, 1)).min() > 15
    assert np.abs(picture[..., 0] - picture[..., 2]).mean() > 10
