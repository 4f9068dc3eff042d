"""The comparison of Isaac Sim's recording with kitless', on arrays and files of which the agreement is known."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

import kit_selfcheck
from selfcheck.agreement import Overlap, box_error, depth_error, matrix_error, overlap
from selfcheck.frames import made_with, read_frames
from selfcheck.report import compare, table

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/selfcheck.schema.json").read_text())


def square(x, size=4, shape=(10, 12)):
    mask = np.zeros(shape, bool)
    mask[2 : 2 + size, x : x + size] = True
    return mask


def test_overlap_of_two_squares():
    # 4 x 4 each, one column apart: 3 x 4 in common, 5 x 4 in all.
    found = overlap([(square(3), square(4))])
    assert found == Overlap(16, 16, 12)
    assert found.iou == pytest.approx(12 / 20)
    # A second frame where they are the same: (12 + 16) / (20 + 16).
    assert overlap([(square(3), square(4)), (square(1), square(1))]).iou == pytest.approx(28 / 36)


@pytest.mark.parametrize(("ours", "theirs", "iou"), [(0, 0, 1.0), (4, 0, 0.0), (0, 4, 0.0)])
def test_overlap_with_nothing(ours, theirs, iou):
    assert overlap([(square(2, ours), square(2, theirs))]).iou == iou


def test_depth_counts_what_both_hit():
    ours = np.array([[1.0, 2.0, np.inf, 4.0, np.inf]], np.float32)
    theirs = np.array([[1.0, 2.5, 3.0, 4.25, np.inf]], np.float32)
    found = depth_error([(ours, theirs)])
    # Errors 0, 0.5 and 0.25; by linear interpolation the 95th of three is 0.9 of the way from 0.25 to 0.5.
    assert (found.pixels, found.median, found.largest, found.one_sided) == (3, 0.25, 0.5, 0.2)
    assert found.p95 == pytest.approx(0.475)
    nothing = depth_error([(np.full((1, 2), np.inf), np.full((1, 2), np.inf))])
    assert (nothing.pixels, nothing.median, nothing.one_sided) == (0, None, 0.0)


def test_boxes_and_matrices():
    assert box_error((3, 4, 9, 8), (3, 5, 12, 8)) == 3
    assert matrix_error(np.eye(4).ravel(), (np.eye(4) * 1.5).ravel()) == 0.5


@pytest.mark.parametrize(
    "call",
    [
        lambda: overlap([(square(1), square(1, shape=(10, 13)))]),
        lambda: depth_error([(np.zeros((2, 3)), np.zeros((3, 2)))]),
        lambda: matrix_error(np.eye(4), np.eye(3)),
    ],
)
def test_unequal_shapes_are_told(call):
    with pytest.raises(ValueError, match=r"the recording's array is \(.*, the reference's \("):
        call()


@pytest.fixture
def recording(tiny_set):
    """Make a recording with the files of config/selfcheck.json; return its folder."""

    def recording(name, *, frames=2, hashes=None):
        made = tiny_set(name, frames=frames, colourised=False)
        for frame in range(frames):
            depth = np.load(made.path("distance_to_camera", "npy", frame))
            np.save(made.path("distance_to_image_plane", "npy", frame), depth)
        (made.folder / "simslate").mkdir()
        job = {"made_with": {"versions": {"kit": name}, "hashes": hashes or {"stage": {"a": "1"}}}}
        (made.folder / "simslate/job.json").write_text(json.dumps(job))
        return made.folder

    return recording


def compared(ours, theirs):
    return compare(read_frames(ours), read_frames(theirs), (made_with(ours), made_with(theirs)))


def failed(report):
    jsonschema.validate(report, SCHEMA)
    return {check["name"]: check["value"] for check in report["checks"] if not check["agrees"]}


def edit(path, change):
    path.write_text(json.dumps(change(json.loads(path.read_text()))))


def test_equal_recordings_agree_in_everything(recording):
    report = compared(recording("kit"), recording("kitless"))
    assert failed(report) == {}
    assert report["agrees"]
    assert report["versions"] == {"recording": {"kit": "kit"}, "reference": {"kit": "kitless"}}
    assert [(row["name"], row["iou"]) for row in report["classes"]] == [("box", 1.0), ("can", 1.0)]
    # The box is 7 x 5 pixels, in two frames.
    assert report["objects"][0]["reference"] == {"ids": [2], "labels": ["box"], "pixels": 70}
    assert report["camera"] == {"cameraViewTransform": 0.0, "cameraProjection": 0.0, "different": []}
    assert table(report).endswith("All agrees.")


def test_objects_one_pixel_to_the_side(recording):
    """Frame 1 of the made-up recording is frame 0, a pixel to the right: compared with itself shifted by a frame."""
    report = compare(read_frames(recording("long", frames=2))[1:], read_frames(recording("short", frames=1)))
    # 7 x 5 and 6 x 18 pixels, of which a column each is not common.
    assert [row["iou"] for row in report["objects"]] == [pytest.approx(6 / 8), pytest.approx(5 / 7)]
    assert [row["pixels"] for row in report["boxes"]] == [1, 1]
    assert report["depth"]["one_sided"] == pytest.approx(2 * (5 + 18) / (24 * 32))
    assert set(failed(report)) == {"worst IoU of a class", "worst IoU of an object", "hit in one only, share"}
    assert "DIFFERS" in table(report)


def renamed(old, new):
    return lambda value: json.loads(json.dumps(value).replace(f'"{old}"', f'"{new}"'))


@pytest.mark.parametrize(
    ("file", "change", "flaws"),
    [
        (
            "semantic_segmentation_labels_0000.json",
            renamed("can", "tin"),
            {"worst IoU of a class": 0.0},
        ),
        ("instance_segmentation_semantics_mapping_0000.json", renamed("can", "tin"), {"labels that differ": 1}),
        ("bounding_box_2d_tight_labels_0000.json", renamed("can", "tin"), {"boxes' labels that differ": 1}),
        ("bounding_box_2d_tight_prim_paths_0000.json", renamed("/World/b", "/World/c"), {"boxes in one only": 2}),
        (
            "camera_params_0000.json",
            lambda camera: {**camera, "cameraFocalLength": 24.1},
            {"camera values that differ": 1},
        ),
        (
            "camera_params_0000.json",
            lambda camera: {**camera, "cameraViewTransform": [1.5, *camera["cameraViewTransform"][1:]]},
            {"cameraViewTransform": 0.5},
        ),
    ],
)
def test_each_difference_is_found(recording, file, change, flaws):
    ours, theirs = recording("kit", frames=1), recording("kitless", frames=1)
    edit(ours / file, change)
    assert failed(compared(ours, theirs)) == flaws


def test_other_ids_of_classes_are_found_and_other_ids_of_objects_are_not_compared(recording):
    ours, theirs = recording("kit", frames=1), recording("kitless", frames=1)
    for kind, labels in (("semantic", ("labels",)), ("instance", ("mapping", "semantics_mapping"))):
        picture = ours / f"{kind}_segmentation_0000.png"
        with Image.open(picture) as image:
            ids = np.asarray(image).copy()
        ids[ids == 3] = 7
        Image.fromarray(ids).save(picture)
        for name in labels:
            edit(ours / f"{kind}_segmentation_{name}_0000.json", lambda value: {**value, "7": value.pop("3")})
    report = compared(ours, theirs)
    assert failed(report) == {"class ids that differ": 1}
    assert report["objects"][1]["recording"]["ids"] == [7]


def test_recordings_of_other_sources_or_sizes(recording):
    ours, theirs = recording("kit"), recording("kitless", hashes={"stage": {"a": "2"}})
    report = compared(ours, theirs)
    assert report["different_sources"] == ["stage"]
    assert failed(report) == {"sources that differ": 1}
    with pytest.raises(ValueError, match="the recording has 2 frames, the reference 1"):
        compared(ours, recording("short", frames=1))


def test_the_command_writes_its_report(recording, tmp_path, capsys):
    ours, theirs = recording("kit"), recording("kitless")
    words = ["--recording", str(ours), "--reference", str(theirs), "--work", str(tmp_path / "work")]
    assert kit_selfcheck.main(words) == 0
    path = tmp_path / "work/selfcheck_report.json"
    assert f"All agrees.\n\nThe report is {path}\n" in capsys.readouterr().out
    report = json.loads(path.read_text())
    jsonschema.validate(report, SCHEMA)
    assert report["agrees"]
    edit(ours / "camera_params_0001.json", lambda camera: {**camera, "cameraProjection": [0] * 16})
    assert kit_selfcheck.main(words) == 3


def test_the_command_tells_what_is_missing(recording, tmp_path, capsys):
    ours, theirs = recording("kit"), recording("kitless")
    (ours / "distance_to_image_plane_0001.npy").unlink()
    words = ["--recording", str(ours), "--reference", str(theirs), "--report", str(tmp_path / "r.json")]
    assert kit_selfcheck.main(words) == 2
    assert str(ours / "distance_to_image_plane_0001.npy") in capsys.readouterr().err
    assert not (tmp_path / "r.json").exists()


def test_a_recording_that_fails_is_told_with_its_command(recording, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(kit_selfcheck, "KIT", ("false",))
    assert kit_selfcheck.main(["--reference", str(recording("kitless")), "--work", str(tmp_path)]) == 2
    assert "exit code 1 of: false record " in capsys.readouterr().err
