"""What a data set tells of itself: manifest, frames, report and job against the files and each other."""

import json
import os

import numpy as np
import pytest

from simslate.recorder.dataset.validate import validate

MANIFEST, FRAMES, REPORT = (f"simslate/{name}" for name in ("manifest.jsonl", "frames.jsonl", "report.json"))

OTHER = {"writer": {"name": "Other"}, "render_products": [{"camera": "/c", "resolution": [4, 4], "name": None}]}


def found(folder):
    return [(finding.kind, finding.path) for finding in validate(folder).findings]


@pytest.fixture
def kept(tiny_set, ledger):
    return tiny_set(frames=4).write_sidecar(ledger)


def change_frames(kept, **lines):
    frames = kept.read_lines("frames.jsonl")
    for number, changes in lines.items():
        frames[int(number[1:])].update(changes)
    kept.write_lines("frames.jsonl", frames)


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "", "a//b", "./rgb_0000.png"],
)
def test_paths_that_leave_the_folder_are_told_and_not_followed(kept, path):
    (kept.folder.parent / "secret.txt").write_text("x")
    entry = {**kept.read_lines("manifest.jsonl")[0], "path": path}
    kept.write_lines("manifest.jsonl", [*kept.read_lines("manifest.jsonl"), entry])
    kept.seal()
    assert found(kept.folder) == [("unsafe", MANIFEST)]


def test_links_are_not_followed(kept):
    outside = kept.folder.parent / "outside.png"
    picture = kept.folder / "rgb_0000.png"
    picture.rename(outside)
    picture.symlink_to(outside)
    (kept.folder / "more").symlink_to(kept.folder.parent, target_is_directory=True)
    assert found(kept.folder) == [("unsafe", "more"), ("unsafe", "rgb_0000.png")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
def test_pipes_are_not_waited_for(kept):
    os.mkfifo(kept.folder / "rgb_0009.png")
    assert found(kept.folder) == [("unsafe", "rgb_0009.png")]


def test_a_file_of_another_writer_is_hashed_decoded_and_searched_for_nan(tmp_path, ledger):
    own = tmp_path / "simslate"
    own.mkdir()
    (own / "job.json").write_text(json.dumps({**OTHER, "frames": 1}))
    (own / "report.json").write_text(json.dumps({"complete": True, "frames": 1, "writer": "Other"}))
    np.save(tmp_path / "x_0000.npy", np.array([1, np.nan]))
    (tmp_path / "y_0000.json").write_text("{]")
    (tmp_path / "z_0000.bin").write_bytes(b"12")
    kept = ledger(tmp_path)
    kept.write(1)
    (tmp_path / "z_0000.bin").write_bytes(b"34")
    assert found(tmp_path) == [("hash", "z_0000.bin"), ("unreadable", "y_0000.json"), ("not-finite", "x_0000.npy")]


def test_a_gap_in_the_table_of_another_writer_is_told(tmp_path, ledger):
    own = tmp_path / "simslate"
    own.mkdir()
    (own / "job.json").write_text(json.dumps({**OTHER, "frames": 2}))
    (own / "report.json").write_text(json.dumps({"complete": True, "frames": 2, "writer": "Other"}))
    for name in ("p/depth/a_0000.bin", "p/depth/a_0001.bin", "p/mask/b_0001.bin", "q/mask/b_0000.bin"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    ledger(tmp_path).write(2)
    messages = [finding.message for finding in validate(tmp_path).findings]
    assert messages == [
        "lists no mask of render product p for frame 0",
        "lists no mask of render product q for frame 1",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '{"path":"a"}',
        '{"path":1,"bytes":1,"sha256":"","frame":null,"render_product":1,"annotator":1}',
    ],
)
def test_lines_that_say_nothing(kept, line):
    with (kept.own / "manifest.jsonl").open("a") as file:
        file.write(f"{line}\n")
    assert set(found(kept.folder)) == {("sidecar", MANIFEST)}


def test_a_line_that_was_cut_off(kept):
    path = kept.own / "frames.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    assert found(kept.folder) == [("sidecar", FRAMES), ("sidecar", FRAMES), ("frames", FRAMES)]


def test_a_path_that_is_listed_twice(kept):
    kept.write_lines("manifest.jsonl", [*kept.read_lines("manifest.jsonl"), kept.read_lines("manifest.jsonl")[3]])
    kept.seal()
    assert found(kept.folder) == [("sidecar", MANIFEST)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"f2": {"frame": 3}}, [("frames", FRAMES)]),
        ({"f2": {"simulation_time": 0.0}}, [("times", FRAMES)]),
        ({"f3": {"timeline_time": 2 / 24 - 0.001}}, [("times", FRAMES)]),
        ({"f3": {"timeline_time": 0.0}}, []),
        ({"f2": {"timeline_time": 1 / 24}}, []),
        ({"f1": {"simulation_time": None}}, [("sidecar", FRAMES), ("frames", FRAMES), ("frames", FRAMES)]),
        ({"f1": {"verdict": "fine"}}, [("sidecar", FRAMES), ("frames", FRAMES), ("frames", FRAMES)]),
        ({"f1": {"verdict": "retried"}}, []),
    ],
    ids=str,
)
def test_frames_are_in_order_and_time_does_not_run_backwards(kept, changes, expected):
    change_frames(kept, **changes)
    assert found(kept.folder) == expected


def test_suspect_frames_are_told_and_the_report_has_to_tell_them_too(kept):
    change_frames(kept, f1={"verdict": "suspect", "reasons": ["blank mask"]})
    assert found(kept.folder) == [("sidecar", REPORT), ("suspect", FRAMES)]
    kept.seal(suspect=[1])
    outcome = validate(kept.folder)
    assert [(each.kind, each.frame) for each in outcome.findings] == [("suspect", 1)]
    assert "blank mask" in outcome.findings[0].message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"complete": False}, [("unfinished", REPORT)]),
        ({"frames": None}, [("sidecar", REPORT)]),
        ({"manifest": None}, [("sidecar", REPORT)]),
        ({"suspect": [2]}, [("sidecar", REPORT)]),
    ],
    ids=str,
)
def test_what_the_report_says_is_so(kept, changes, expected):
    kept.seal(**changes)
    assert found(kept.folder) == expected


def test_sums_of_the_manifest(kept):
    report = json.loads((kept.own / "report.json").read_text())
    report["manifest"]["files"] += 1
    (kept.own / "report.json").write_text(json.dumps(report))
    assert found(kept.folder) == [("sidecar", REPORT)]


def test_another_number_of_frames_than_the_job_asks_for(kept):
    job = json.loads((kept.own / "job.json").read_text())
    (kept.own / "job.json").write_text(json.dumps({**job, "frames": 5}))
    assert found(kept.folder) == [("frames", REPORT)]


def test_a_report_that_is_wrong_by_a_million_frames(kept):
    job = json.loads((kept.own / "job.json").read_text())
    (kept.own / "job.json").write_text(json.dumps({**job, "frames": None}))
    kept.seal(frames=10**12)
    kinds = [kind for kind, _ in found(kept.folder)]
    assert set(kinds) == {"frames"}
    assert len(kinds) <= 1002


@pytest.mark.parametrize("name", ["job.json", "frames.jsonl", "manifest.jsonl"])
def test_a_sidecar_file_that_is_missing(kept, name):
    (kept.own / name).unlink()
    assert ("missing", f"simslate/{name}") in found(kept.folder)


def test_sidecar_files_that_cannot_be_read(kept):
    (kept.own / "job.json").write_text('{"a": 1, "a": 2}')
    (kept.own / "taxonomy.json").write_text('{"version": 9}')
    kinds = found(kept.folder)
    assert {("sidecar", "simslate/job.json"), ("sidecar", "simslate/taxonomy.json")} <= set(kinds)


def test_temporary_files_that_were_left_over(kept):
    (kept.folder / ".rgb_0003.png.part").write_bytes(b"1")
    (kept.own / ".report.json.part").write_bytes(b"1")
    assert found(kept.folder) == [("leftover", ".rgb_0003.png.part"), ("leftover", "simslate/.report.json.part")]


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_a_name_that_is_no_text_can_be_told(kept):
    (kept.folder / os.fsdecode(b"\xff.bin")).touch()
    assert found(kept.folder) == [("extra", "?.bin")]
    json.dumps(validate(kept.folder).to_json()).encode()


@pytest.mark.parametrize(("writer", "kinds"), [("BasicWriter", ["format"]), ("Other", [])])
def test_a_bare_folder_is_judged_as_its_own_writers(tmp_path, writer, kinds):
    (tmp_path / "metadata.txt").write_text(json.dumps({"name": writer, "version": "1"}))
    np.save(tmp_path / "distance_to_camera_0000.npy", np.ones((4, 5), np.int32))
    assert [finding.kind for finding in validate(tmp_path).findings] == kinds
