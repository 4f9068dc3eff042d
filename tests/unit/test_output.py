"""The output folder: which one is taken, and that the disk is as before if nothing comes of it."""

from datetime import datetime
from pathlib import Path

import pytest

from simslate.recorder.dataset import JOB, REPORT, is_dataset, is_whole, sidecar_folder, write_json
from simslate.recorder.errors import OutputError
from simslate.recorder.output import OutputFolder
from simslate.recorder.outputs import DiskOutput

NOW = datetime(2026, 11, 22, 1, 2, 3)


def take(directory, policy="fail", folder="set"):
    return OutputFolder(DiskOutput(directory=directory, folder=folder, on_conflict=policy), now=NOW)


def make_dataset(folder, name="old.png"):
    folder.mkdir(parents=True)
    (folder / name).write_text("data")
    sidecar_folder(folder).mkdir()
    write_json(sidecar_folder(folder) / JOB, {})


def tree(folder):
    return {str(path.relative_to(folder)): path.is_file() and path.read_bytes() for path in folder.rglob("*")}


@pytest.mark.parametrize("policy", ["fail", "increment", "timestamp", "overwrite"])
def test_a_free_folder_is_taken_as_it_is(tmp_path, policy):
    output = take(tmp_path / "a" / "b", policy)
    assert output.path == tmp_path / "a" / "b" / "set"
    assert list(output.path.iterdir()) == [output.path / "simslate"]


@pytest.mark.parametrize("policy", ["fail", "increment", "timestamp", "overwrite"])
@pytest.mark.parametrize("there", ["nothing", "parent", "empty", "data"])
def test_closing_leaves_the_disk_as_it_was(tmp_path, policy, there):
    if there == "data":
        make_dataset(tmp_path / "a" / "set")
    elif there != "nothing":
        (tmp_path / "a" / ("set" if there == "empty" else "")).mkdir(parents=True)
    before = tree(tmp_path)
    if (policy, there) == ("fail", "data"):
        with pytest.raises(OutputError, match="is there already and is not empty"):
            take(tmp_path / "a", policy)
    else:
        output = take(tmp_path / "a", policy)
        (output.path / "rgb").mkdir()
        (output.path / "rgb" / "0.png").write_text("half")
        (output.path / "metadata.txt").write_text("half")
        output.close()
    assert tree(tmp_path) == before


def test_keeping_keeps(tmp_path):
    output = take(tmp_path / "a")
    output.keep()
    output.close()
    assert output.path.is_dir()


def test_increment_takes_the_first_free_number(tmp_path):
    for name in ("set", "set_0001", "set_0003"):
        make_dataset(tmp_path / name)
    assert take(tmp_path, "increment").path.name == "set_0002"
    assert take(tmp_path, "increment").path.name == "set_0004"


def test_timestamp_shows_the_time_and_then_counts(tmp_path):
    make_dataset(tmp_path / "set")
    assert take(tmp_path, "timestamp").path.name == "set_2026-11-22_01-02-03"
    assert take(tmp_path, "timestamp").path.name == "set_2026-11-22_01-02-03_0001"


def test_overwrite_replaces_a_data_set_whole(tmp_path):
    make_dataset(tmp_path / "set")
    output = take(tmp_path, "overwrite")
    assert not (output.path / "old.png").exists()
    output.keep()
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_overwrite_does_not_replace_what_is_not_ours(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "thesis.tex").write_text("years of work")
    with pytest.raises(OutputError, match="is not a data set made by Simslate"):
        take(tmp_path, "overwrite")
    assert (tmp_path / "set" / "thesis.tex").read_text() == "years of work"


def test_a_folder_somebody_else_uses_meanwhile_is_left_to_them(tmp_path):
    ours = take(tmp_path / "new")
    theirs = take(tmp_path / "new", folder="theirs")
    theirs.keep()
    ours.close()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["theirs"]


@pytest.mark.parametrize("policy", ["fail", "increment", "timestamp", "overwrite"])
def test_a_file_in_the_way(tmp_path, policy):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"file.*: cannot be written to: Not a directory"):
        take(tmp_path / "file", policy)


def test_a_file_of_the_folders_name_is_a_conflict(tmp_path):
    (tmp_path / "set").write_text("x")
    with pytest.raises(OutputError, match="is there already"):
        take(tmp_path)
    assert take(tmp_path, "increment").path.name == "set_0001"


def test_a_disk_that_takes_no_folder(tmp_path):
    with pytest.raises(OutputError, match=r"/proc/.*: cannot be written to"):
        take(Path("/proc/simslate"))


def test_json_is_written_whole_or_not_at_all(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "a": [2]})
    assert (tmp_path / "a.json").read_bytes() == b'{\n  "b": 1,\n  "a": [\n    2\n  ]\n}\n'
    with pytest.raises(OutputError, match=r"none.*b\.json: cannot be written"):
        write_json(tmp_path / "none" / "b.json", {})
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_what_a_folder_is(tmp_path):
    assert not is_dataset(tmp_path)
    make_dataset(tmp_path / "set")
    assert is_dataset(tmp_path / "set")
    assert not is_whole(tmp_path / "set")
    write_json(sidecar_folder(tmp_path / "set") / REPORT, {})
    assert is_whole(tmp_path / "set")


def test_one_that_was_slower_does_not_clear_what_the_faster_one_has(tmp_path, monkeypatch):
    """Both saw an empty folder."""
    (tmp_path / "set").mkdir()
    first = take(tmp_path)
    (first.path / "rgb_0000.png").write_text("data")
    monkeypatch.setattr("simslate.recorder.output._is_free", lambda folder: True)
    with pytest.raises(OutputError, match="has just been taken by another recording"):
        take(tmp_path)
    assert (first.path / "rgb_0000.png").read_text() == "data"
    first.close()


@pytest.mark.parametrize("policy", ["resume", "overwrite"])
def test_what_is_being_recorded_is_neither_resumed_nor_replaced(tmp_path, policy):
    first = take(tmp_path)
    write_json(sidecar_folder(first.path) / JOB, {})
    (first.path / ".rgb_0000.png.part").write_text("half")
    before = tree(tmp_path)
    with pytest.raises(OutputError, match="is being recorded by another process"):
        take(tmp_path, policy)
    assert tree(tmp_path) == before
    first.close()


@pytest.mark.parametrize("marks", [(), (".job.json.part",), ("bucket.json", ".job.json.part")])
def test_what_was_killed_before_it_had_begun_is_begun_anew(tmp_path, marks):
    sidecar_folder(tmp_path / "set").mkdir(parents=True)
    for name in marks:
        (sidecar_folder(tmp_path / "set") / name).write_text("{")
    output = take(tmp_path, "resume")
    assert (output.is_resumed, output.path) == (False, tmp_path / "set")
    output.close()
    assert tree(tmp_path) == {"set": False}


def test_what_is_not_listed_is_set_apart_until_it_is_written_again(tmp_path):
    make_dataset(tmp_path / "set", "listed.png")
    for name in ("again.png", "somebodys.txt"):
        (tmp_path / "set" / name).write_text(name)
    output = take(tmp_path, "resume")
    output.set_apart(["listed.png"])
    assert sorted(path.name for path in output.path.iterdir()) == ["listed.png", "simslate"]
    (output.path / "again.png").write_text("new")
    assert output.settle() == ["somebodys.txt"]
    left = sidecar_folder(output.path) / "left"
    assert [(path.name, path.read_text()) for path in left.iterdir()] == [("somebodys.txt", "somebodys.txt")]
    output.close()
