"""Scripts in the manner of public tutorials, one for each chapter, run by ``tools/simslate exec`` as a user does."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests/scripts"


@pytest.fixture
def run(tmp_path):
    """Run a script with its output folder, and more arguments; the folder."""

    def start(name, *arguments, folder="out"):
        out = tmp_path / folder
        line = [ROOT / "tools/simslate", "exec", SCRIPTS / f"{name}.py", out, *arguments]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "KITLESS_DATA": str(tmp_path / "kit")}
        done = subprocess.run(
            [str(part) for part in line], capture_output=True, text=True, timeout=120, env=environment
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return out

    return start


def picture(path):
    with Image.open(path) as opened:
        return np.asarray(opened)


def boxes(folder, kind, frame):
    """Boxes of a frame by class."""
    rows = np.load(folder / f"bounding_box_{kind}_{frame:04d}.npy")
    labels = json.loads((folder / f"bounding_box_{kind}_labels_{frame:04d}.json").read_text())
    return {labels[str(row["semanticId"])]["class"]: row for row in rows}


def place(box):
    return box["transform"][3, :3]


def test_getting_started(run):
    out = run("getting_started")
    # 24 mm on a film of 20.955 mm and 64 pixels; the cube's near face is 9.5 m away, the camera looks at its middle.
    scale = 24 / 20.955 * 64 / 9.5
    for frame, height in enumerate((0, 1, 2)):
        assert picture(out / f"rgb_{frame:04d}.png").shape[:2] == (48, 64)
        found = boxes(out, "2d_tight", frame)
        assert set(found) == {"cube", "sphere"}
        cube = found["cube"]
        assert cube["x_max"] - cube["x_min"] + 1 == pytest.approx(scale, abs=1.01)
        assert cube["y_min"] == pytest.approx(24 - scale * (height + 0.5), abs=1.01)
    depth = np.load(out / "distance_to_camera_0000.npy")
    assert depth[23:25, 31:33] == pytest.approx(9.5, abs=0.01)


def test_randomizers_draw_the_same_for_the_same_seed(run):
    first, again, other = run("randomizers", 7), run("randomizers", 7, folder="b"), run("randomizers", 8, folder="c")
    names = sorted(path.name for path in first.iterdir())
    assert len([name for name in names if name.startswith("rgb_")]) == 5
    for name in names:
        assert (first / name).read_bytes() == (again / name).read_bytes(), name
    assert any((first / name).read_bytes() != (other / name).read_bytes() for name in names if name.endswith(".npy"))
    places = np.array([place(boxes(first, "3d", frame)["cube"]) for frame in range(5)])
    assert len(np.unique(places[:, 0])) == 5
    assert np.all(np.abs(places[:, :2]) <= 3)
    assert places[:, 2] == pytest.approx(0.5)


def test_triggers(run):
    out = run("triggers")
    always = [place(boxes(out, "3d", frame)["always"])[1] for frame in range(6)]
    third = [place(boxes(out, "3d", frame)["third"])[1] for frame in range(6)]
    assert np.diff(always) == pytest.approx(1)
    # It changes in every third frame, wherever the count began.
    changes = np.flatnonzero(np.diff(third))
    assert len(changes) in (1, 2)
    assert np.all(np.diff(changes) == 3)
    assert np.diff(third)[changes] == pytest.approx(1)


def test_custom_writer(run):
    out = run("custom_writer")
    seen = [json.loads((out / f"seen_{frame:04d}.json").read_text()) for frame in range(4)]
    assert [set(frame) for frame in seen] == [{"box", "ball"}, {"box", "ball"}, {"box"}, {"box"}]
    assert json.loads((out / "total.json").read_text()) == {"box": 4, "ball": 2}
    assert json.loads((out / "metadata.txt").read_text())["name"] == "CountWriter"


def test_custom_annotator(run):
    out = run("custom_annotator")
    depth, near = np.load(out / "depth.npy"), np.load(out / "nearness.npy")
    assert depth.shape == near.shape == (48, 64)
    assert near.dtype == np.uint8
    assert np.array_equal(near, (np.clip(1 - depth / 20, 0, 1) * 255).astype(np.uint8))
    assert near[24, 32] == int((1 - 9.5 / 20) * 255)
    assert json.loads((out / "camera.json").read_text()) == {"resolution": [64, 48]}


def test_augmentation(run):
    out = run("augmentation")
    plain, swapped, both = (np.load(out / f"{name}.npy") for name in ("plain", "swapped", "both"))
    assert np.array_equal(swapped, plain[..., [2, 1, 0, 3]])
    noise = np.random.default_rng(3).normal(0.0, 8.0, (48, 64, 3))
    assert np.array_equal(both[..., :3], np.clip(swapped[..., :3] + noise, 0, 255).astype(np.uint8))
    # The cube's face: red, so neither channel is cut off by noise of 15.
    written = picture(out / "rgb_0000.png").astype(float)[20:28, 28:36, :3]
    assert 8 < (written - plain[20:28, 28:36, :3]).std() < 22
    assert np.load(out / "distance_to_camera_0000.npy")[24, 32] == pytest.approx(105.5, abs=0.01)


def test_multi_camera(run):
    out = run("multi_camera")
    for frame in range(2):
        assert picture(out / f"wide/rgb/rgb_{frame:04d}.png").shape[:2] == (48, 96)
        assert picture(out / f"square/rgb/rgb_{frame:04d}.png").shape[:2] == (48, 48)
        small = np.load(out / f"small_{frame}.npy")
        assert small.shape == (12, 24, 4)
        assert small.max() > 0
    # 2 m are 2 * 24 / 20.955 * width / distance pixels; the near faces of cube and sphere are 0.5 m nearer.
    for name, width, distance in (("wide", 96, 12), ("square", 48, 12)):
        found = boxes(out / name / "bounding_box_2d_tight", "2d_tight", 0)
        middles = [(found[one]["x_min"] + found[one]["x_max"]) / 2 for one in ("cube", "sphere")]
        assert abs(middles[0] - middles[1]) == pytest.approx(2 * 24 / 20.955 * width / distance, abs=1.5)


def test_data_while_the_timeline_runs(run):
    rows = json.loads((run("timeline") / "rows.json").read_text())
    before, after, place_of_prim, seen, playing = map(np.array, zip(*rows, strict=True))
    assert np.diff(before) == pytest.approx(0.1)
    assert after == pytest.approx(before)
    assert seen == pytest.approx(place_of_prim, abs=1e-5)
    assert seen == pytest.approx(before * 20 * 0.05, abs=1e-5)
    assert playing.all()


def test_custom_events(run):
    out = run("custom_events")
    frames = [boxes(out, "3d", frame) for frame in range(5)]
    changed = [
        {name for name in ("left", "right") if not np.array_equal(a[name]["transform"], b[name]["transform"])}
        for a, b in pairwise(frames)
    ]
    assert changed == [{"left"}, {"right"}, set(), {"left", "right"}]
    assert 1 <= place(frames[2]["right"])[2] <= 3


def test_simulation_data(run):
    out = run("simulation_data")
    poses = [json.loads(line) for line in (out / "poses.jsonl").read_text().splitlines()]
    for step, (position, orientation, _) in enumerate(poses):
        assert position == pytest.approx([0, 2, 0.5 + 0.5 * step], abs=1e-5)
        assert orientation == pytest.approx([1, 0, 0, 0], abs=1e-6)
        objects = json.loads((out / f"{step:06d}.json").read_text())["objects"]
        ball = next(item for item in objects if item["label"] == "ball")
        assert ball["location_world_frame"] == pytest.approx(position, abs=1e-4)
    assert np.diff([time for _, _, time in poses]) == pytest.approx(1 / 60)


def test_semantics(run):
    out = run("labels")
    report = json.loads((out / "report.json").read_text())
    assert report["shelf"] == {"class": ["shelf"], "material": ["wood"]}
    assert report["box"] == {"class": ["box"], "color": ["red"]}
    assert report["jar"] == {"class": ["jar"]}
    assert report["bare"] == {"class": ["old"]}
    assert report["upgraded"] == 1
    assert report["missing"] == []
    assert report["counts"] == {"missing_labels": 0, "box": 1, "red": 1, "jar": 1, "old": 1}
    by_class = json.loads((out / "class/semantic_segmentation_labels_0000.json").read_text())
    by_color = json.loads((out / "color/semantic_segmentation_labels_0000.json").read_text())
    assert {label["class"] for label in by_class.values()} >= {"shelf,box", "shelf,jar", "shelf,old"}
    assert {label.get("color") for label in by_color.values()} >= {"red"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise ValueError('no')", 1),
        ("import sys; sys.exit(3)", 3),
        ("import omni.kit.app; omni.kit.app.get_app().post_quit(4); app.update()", 4),
        ("app.close()", 0),
    ],
)
def test_how_a_standalone_script_ends_is_how_the_process_ends(tmp_path, body, code):
    script = tmp_path / "script.py"
    script.write_text(f"from isaacsim import SimulationApp\napp = SimulationApp({{'headless': True}})\n{body}\n")
    done = subprocess.run(
        [str(ROOT / "tools/simslate"), "exec", str(script)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == code, done.stderr
