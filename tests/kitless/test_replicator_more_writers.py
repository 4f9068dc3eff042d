"""CocoWriter, KittiWriter, FPSWriter and CosmosWriter: their files, read by other means than ours."""

import contextlib
import io
import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

import omni.replicator.core as rep
from omni.replicator.core import edges, video
from omni.replicator.core.coco_categories import coco_panoptic, complete

SIZE = (64, 48)
create = rep.functional.create


@pytest.fixture
def product(stage):
    """A car of 19 x 19 pixels in the middle, and a cactus of 8 x 8 to its left, half of it behind the car."""
    create.cube(name="Car", position=(4, 0, 0), semantics={"class": "Car"})
    create.cube(name="Cactus", position=(9.5, 1.1, 0), semantics={"class": "green cactus"})
    create.cube(name="Nothing", position=(9.5, -3, 0))
    camera = create.camera(name="Main_Eye", parent="/World", look_at=(1, 0, 0), clipping_range=(0.1, 100))
    return rep.create.render_product(camera, SIZE, name="View")


def record(name, product, folder, frames=1, **options):
    writer = rep.writers.get(name)
    writer.initialize(output_dir=str(folder), **options)
    writer.attach(product)
    for _ in range(frames):
        rep.orchestrator.step()
    rep.orchestrator.wait_until_complete()
    writer.detach()
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


def pixels(path):
    return np.array(Image.open(path))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_coco_files_are_read_by_pycocotools(product, tmp_path):
    rep.set_global_seed(5)
    tmp_path = tmp_path / "set"
    names = record("CocoWriter", product, tmp_path, frames=2)
    (annotations,) = [name for name in names if name.endswith(".json")]
    dataset = re.fullmatch(r"coco_annotations_([a-z]{8})\.json", annotations)[1]
    pictures = [f"View/{kind}_World-Main-Eye_{dataset}.{n:04}.png" for kind in ("panoptic", "rgb") for n in (0, 1)]
    assert [name for name in names if "/" in name] == pictures
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / annotations))
    assert list(coco.dataset) == ["info", "images", "annotations", "categories", "licenses"]
    used = {each["name"]: each for each in coco.loadCats(coco.getCatIds())}
    assert set(used) == {"car", "other", "background", "unlabelled"}
    assert used["car"]["id"] == 3
    image = coco.loadImgs(1)[0]
    assert (image["file_name"], image["width"], image["height"], image["flicker_url"]) == (pictures[3], 64, 48, "")
    found = {each["category_id"]: each for each in coco.loadAnns(coco.getAnnIds(imgIds=[1]))}
    assert set(found) == {3, used["other"]["id"]}
    x, y, width, height = found[3]["bbox"]
    # The front face is 64 * 24 / 20.955 / 3.5 = 20.94 pixels wide about the middle (32, 24).
    assert (x, y, width, height) == (22, 14, 19, 19)
    assert (found[3]["area"], found[3]["iscrowd"], found[3]["bbox_mode"], found[3]["segmentation"]) == (361, 0, 1, [])
    mask = pixels(tmp_path / pictures[1])
    assert mask.shape == (48, 64, 3)
    assert mask[24, 32].tolist() == used["car"]["color"]
    assert mask[24, 20].tolist() == used["other"]["color"]
    assert mask[0, 0].tolist() == used["background"]["color"]
    assert np.argwhere((mask == used["car"]["color"]).all(axis=2)).min(axis=0).tolist() == [14, 22]


def test_coco_categories_of_the_user(product, tmp_path):
    mine = [{"name": "green cactus", "id": 7, "color": (1, 2, 3), "supercategory": "plant", "isthing": 0}]
    tmp_path = tmp_path / "set"
    names = record("CocoWriter", product, tmp_path, coco_categories=mine, dataset_id="abc", image_output_format="jpg")
    assert names == [
        "View/panoptic_World-Main-Eye_abc.0000.jpg",
        "View/rgb_World-Main-Eye_abc.0000.jpg",
        "coco_annotations_abc.json",
        "metadata.txt",
    ]
    content = json.loads((tmp_path / "coco_annotations_abc.json").read_text())
    assert {"id": 7, "name": "green cactus", "supercategory": "plant", "isthing": 0, "color": [1, 2, 3]} in content[
        "categories"
    ]
    assert {each["id"]: each["name"] for each in content["categories"]} == {
        7: "green cactus",
        8: "unlabelled",
        9: "background",
        10: "other",
    }
    with pytest.raises(ValueError, match="needs a name and an integer id"):
        complete([{"name": "x"}])


def test_coco_does_not_write_over_another_data_set(product, tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    record("CocoWriter", product, folder)
    record("CocoWriter", product, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set", "set_0001"]


def test_cocos_own_categories():
    found = coco_panoptic()
    ids = [each["id"] for each in found]
    assert (len(ids), len(set(ids)), ids) == (133, 133, sorted(ids))
    assert sum(each["isthing"] for each in found) == 80
    assert {1: "person", 90: "toothbrush", 92: "banner", 200: "rug-merged"}.items() <= {
        each["id"]: each["name"] for each in found
    }.items()


def test_kitti_labels(product, tmp_path):
    names = record("KittiWriter", product, tmp_path, omit_semantic_type=True, bbox_height_threshold=1)
    assert names == [
        "instance/0000.json",
        "instance/0000.png",
        "metadata.txt",
        "object_detection/0000.txt",
        "rgb/0000.png",
        "semantic/0000.json",
        "semantic/0000.png",
    ]
    lines = {line.split()[0]: line.split()[1:] for line in (tmp_path / names[3]).read_text().splitlines()}
    assert lines["Car"] == ["0.00", "0", "0.00", "22.00", "14.00", "41.00", "33.00", *["0"] * 7]
    assert len(lines["green_cactus"]) == 14
    semantic, labels = pixels(tmp_path / names[6]), json.loads((tmp_path / names[5]).read_text())
    assert labels[str(semantic[24, 32])] == {"class": "Car"}
    instance, prims = pixels(tmp_path / names[1]), json.loads((tmp_path / names[0]).read_text())
    assert prims[str(instance[24, 32])] == "/Car"


def test_kitti_folders_heights_and_hidden_objects(product, tmp_path):
    names = record("KittiWriter", product, tmp_path / "a", use_kitti_dir_names=True, bbox_height_threshold=15)
    assert {"image_2/0000.png", "label_2/0000.txt"} <= set(names)
    (line,) = (tmp_path / "a/label_2/0000.txt").read_text().splitlines()
    assert line.startswith("class:Car 0.00 0 ")
    options = {"bbox_height_threshold": 1, "omit_semantic_type": True}
    for partly, expected in ((0.0, "1"), (0.99, "2")):
        folder = tmp_path / expected
        record("KittiWriter", product, folder, partly_occluded_threshold=partly, fully_visible_threshold=1.0, **options)
        lines = (folder / "object_detection/0000.txt").read_text().splitlines()
        assert next(line for line in lines if "cactus" in line).split()[2] == expected
    with pytest.raises(NotImplementedError, match="mapping_dict"):
        record("KittiWriter", product, tmp_path / "b", mapping_dict={})


def test_kitti_of_several_render_products(product, tmp_path):
    other = rep.create.render_product("/World/Main_Eye", SIZE, name="Other")
    names = record("KittiWriter", [product, other], tmp_path)
    assert {"View/rgb/0000.png", "Other/rgb/0000.png", "Other/object_detection/0000.txt"} <= set(names)


def test_fps_are_printed(product, capsys):
    writer = rep.WriterRegistry.get("FPSWriter", init_params={}, render_products=None)
    writer.initialize()
    writer.attach(product)
    for _ in range(3):
        rep.orchestrator.step()
    rep.orchestrator.wait_until_complete()
    lines = capsys.readouterr().out.splitlines()
    seconds = [float(re.fullmatch(r"Frame \d+: (\d+\.\d+) s", line)[1]) for line in lines[:3]]
    average, rate = map(float, re.fullmatch(r"Average of 3 frames: (\S+) s, (\S+) FPS", lines[3]).groups())
    assert average == pytest.approx(np.mean(seconds), abs=1e-3)
    assert rate == pytest.approx(1 / average, rel=0.1)


def test_no_frame_no_average(product, capsys):
    writer = rep.WriterRegistry.get("FPSWriter")
    writer.initialize()
    writer.on_final_frame()
    assert capsys.readouterr().out == ""


KEYS = ("rgb", "shaded_seg", "segmentation", "depth", "edges")


def test_cosmos_clips(product, tmp_path, monkeypatch):
    monkeypatch.setattr("omni.replicator.core.cosmos_writer.find_encoder", lambda: None)
    warnings = []
    monkeypatch.setattr("carb.log_warn", warnings.append)
    writer = rep.writers.get("CosmosWriter")
    writer.initialize(output_dir=str(tmp_path))
    writer.attach(product)
    for _ in range(2):
        rep.orchestrator.step()
    writer.next_clip()
    rep.orchestrator.step()
    rep.orchestrator.wait_until_complete()
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    clips = [(0, 0), (0, 1), (1, 0)]
    assert names == sorted(["metadata.txt", *(f"clip_{c:04}/{k}/{k}_{n:04}.png" for c, n in clips for k in KEYS)])
    assert len([text for text in warnings if "no films: install ffmpeg" in text]) == 2
    found = {key: pixels(tmp_path / f"clip_0001/{key}/{key}_0000.png") for key in KEYS}
    car, cactus, sky = (24, 32), (24, 20), (0, 0)
    mask = found["segmentation"]
    assert len({tuple(mask[place]) for place in (car, cactus, sky)}) == 3
    # The car's front faces the camera on the axis: not darker at all.
    assert np.abs(found["shaded_seg"][car].astype(int) - mask[car]).max() <= 1
    assert found["depth"][car] >= 254
    assert found["depth"][sky] == 0
    assert 0 < found["depth"][cactus] < 255
    assert set(np.unique(found["edges"])) == {0, 255}
    assert found["edges"][car] == 0
    # In each row there is an edge about the car's right side, which is 32 + 10.5.
    assert np.all(found["edges"][16:31, 40:44].max(axis=1) == 255)


def test_cosmos_colours_by_label(product, tmp_path, monkeypatch):
    monkeypatch.setattr("omni.replicator.core.cosmos_writer.find_encoder", lambda: None)
    monkeypatch.setattr("carb.log_warn", lambda text: None)
    record("CosmosWriter", product, tmp_path, segmentation_mapping={"car": (10, 20, 30)})
    assert pixels(tmp_path / "clip_0000/segmentation/segmentation_0000.png")[24, 32].tolist() == [10, 20, 30, 255]
    with pytest.raises(ValueError, match="CosmosWriter needs output_dir"):
        rep.writers.get("CosmosWriter").initialize()
    writer = rep.writers.get("CosmosWriter")
    writer.initialize(output_dir=str(tmp_path))
    with pytest.raises(ValueError, match="one render product, not 2"):
        writer.attach([product, product])


def film(path):
    """Frames, width, height and frames per second, as ffmpeg tells."""
    said = subprocess.run([video.find_encoder(), "-i", str(path), "-f", "null", "-"], capture_output=True, text=True)
    size = re.search(r"Video: h264[^\n]*?, (\d+)x(\d+)[ ,][^\n]*? (\d+(?:\.\d+)?) fps", said.stderr)
    return int(re.findall(r"frame=\s*(\d+)", said.stderr)[-1]), int(size[1]), int(size[2]), float(size[3])


@pytest.mark.skipif(video.find_encoder() is None, reason="no ffmpeg here")
def test_films_where_there_is_an_encoder(product, tmp_path):
    names = record("CosmosWriter", product, tmp_path / "clips", frames=3)
    assert [name for name in names if name.endswith("mp4")] == sorted(f"clip_0000/{key}.mp4" for key in KEYS)
    assert film(tmp_path / "clips/clip_0000/edges.mp4") == (3, 64, 48, 60.0)
    frames = np.zeros((5, 9, 17, 3), np.uint8)
    backend = rep.backends.DiskBackend(str(tmp_path))
    rep.functional.write_mp4("odd.mp4", frames, backend, fps=10.0, quality="lossless")
    assert film(tmp_path / "odd.mp4") == (5, 18, 10, 10.0)
    with pytest.raises(RuntimeError, match=r"failed: (.|\n)*nocodec"):
        rep.functional.write_mp4("bad.mp4", frames, backend, codec="nocodec")
    with pytest.raises(ValueError, match="at least one frame"):
        rep.functional.write_mp4("none.mp4", frames[:0], backend)


def test_without_an_encoder_a_film_says_what_to_install(monkeypatch):
    monkeypatch.setattr(video, "find_encoder", lambda: None)
    with pytest.raises(NotImplementedError, match="pip install imageio-ffmpeg"):
        rep.functional.write_mp4("film.mp4", np.zeros((1, 2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match="Unknown quality 'best'"):
        video.mp4_bytes([], quality="best")


@pytest.mark.parametrize("turn", [0, 1])
def test_a_step_has_one_edge(turn):
    picture = np.zeros((12, 20, 3), np.uint8)
    picture[:, 10:] = 200
    if turn:
        picture = picture.swapaxes(0, 1)
    found = edges.canny(picture, 10, 100)
    expected = np.zeros((12, 20), np.uint8)
    expected[:, 9] = 255
    assert np.array_equal(found, expected.T if turn else expected)


def test_weak_edges_count_where_they_hang_on_strong_ones():
    picture = np.zeros((30, 20, 3), np.uint8)
    # A step of 30 has a gradient of 120, one of 20 of 80: above the low threshold, not above the high one.
    picture[:15, 10:] = 30
    picture[15:, 10:] = 20
    found = edges.canny(picture, 50, 100)
    assert found[:, 8:11].any(axis=1).all()
    picture[:15, 10:] = 20
    assert not edges.canny(picture, 50, 100).any()
    assert not edges.canny(picture, 90, 100).any()
