"""The journal of durable files and frames: its bytes, its torn ends, and cutting it to whole frames."""

import hashlib
import json
import os

import pytest

from simslate.recorder.dataset.book import Book
from simslate.recorder.dataset.durable import causes, is_disk_full
from simslate.recorder.dataset.manifest import (
    FRAMES,
    MANIFEST,
    FileLine,
    FrameLine,
    Journal,
    cut,
    read_frames,
    read_manifest,
)
from simslate.recorder.dataset.origin import Origins
from simslate.recorder.dataset.whole import differences, gaps, shown, unlisted


def file(path, frame=None, size=3):
    return FileLine(path, size, "ab" * 32, frame, None, None)


@pytest.fixture
def journal(tmp_path):
    """Three frames of two files each, one of them suspect, with a file before and one after."""
    journal = Journal(tmp_path)
    journal.append([file("metadata.txt")])
    for frame in range(3):
        verdict = ("suspect", ("blank",)) if frame == 1 else ("ok", ())
        files = [file(f"a_{frame}", frame), file(f"b_{frame}", frame, size=7)]
        journal.append(files, [FrameLine(frame, frame / 10, frame / 20, *verdict)])
    journal.append([file("summary.json")])
    yield journal
    journal.close()


def test_the_lines_are_those_of_the_format(tmp_path):
    journal = Journal(tmp_path)
    line = FileLine("rgb/ü_0000.png", 123, "0f" * 32, 0, "small", "rgb")
    journal.append([line, file("x.txt")], [FrameLine(0, 0.0, 0.5, "retried", ("blank", "cold"), ("class:box",))])
    journal.close()
    assert (tmp_path / MANIFEST).read_text(encoding="utf-8") == (
        f'{{"path":"rgb/ü_0000.png","bytes":123,"sha256":"{"0f" * 32}",'
        '"frame":0,"render_product":"small","annotator":"rgb"}\n'
        f'{{"path":"x.txt","bytes":3,"sha256":"{"ab" * 32}","frame":null,"render_product":null,"annotator":null}}\n'
    )
    assert (tmp_path / FRAMES).read_text() == (
        '{"frame":0,"simulation_time":0.0,"timeline_time":0.5,"verdict":"retried","reasons":["blank","cold"],'
        '"seen":["class:box"]}\n'
    )
    assert read_manifest(tmp_path / MANIFEST).lines[0] == line


def test_the_summary_counts_and_hashes(journal, tmp_path):
    data = (tmp_path / MANIFEST).read_bytes()
    assert journal.summary() == {"files": 8, "bytes": 36, "sha256": hashlib.sha256(data).hexdigest()}
    assert (journal.frames, journal.suspect) == (3, [1])


@pytest.mark.parametrize("name", [MANIFEST, FRAMES])
@pytest.mark.parametrize(
    "tail", [b'{"pa', b"\n", b"\0\0\0\0", b'{"frame":3}\n', b"\xff\xfe\n", b"[]\n", b'{"path":1,"frame":"x"}\n']
)
def test_a_torn_end_is_dropped(journal, tmp_path, name, tail):
    path = tmp_path / name
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(tail)
    found = read_manifest(path) if name == MANIFEST else read_frames(path)
    assert (found.end, len(found.lines)) == (len(whole), whole.count(b"\n"))


def test_every_length_of_a_manifest_reads_as_its_whole_lines(journal, tmp_path):
    path = tmp_path / MANIFEST
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        assert len(read_manifest(path).lines) == whole[:length].count(b"\n")


def test_frames_that_do_not_follow_each_other_end_the_list(tmp_path):
    lines = [
        json.dumps({"frame": n, "simulation_time": 0, "timeline_time": 0, "verdict": "ok", "reasons": []})
        for n in (0, 1, 3)
    ]
    (tmp_path / FRAMES).write_text("\n".join(lines) + "\n")
    assert [line.frame for line in read_frames(tmp_path / FRAMES).lines] == [0, 1]


def test_what_is_not_there_has_no_lines(tmp_path):
    assert (read_manifest(tmp_path / "no").lines, read_frames(tmp_path / "no").end) == ((), 0)


@pytest.mark.parametrize("frames", [0, 1, 2, 3, 9, None])
def test_cut_leaves_whole_frames(journal, tmp_path, frames):
    count = 3 if frames is None else min(frames, 3)
    files, lines = cut(tmp_path, frames)
    assert [line.frame for line in lines.lines] == list(range(count))
    named = [f"{name}_{frame}" for frame in range(count) for name in "ab"]
    assert [line.path for line in files.lines] == (["metadata.txt", *named] if count else [])
    assert read_manifest(tmp_path / MANIFEST) == files
    assert read_frames(tmp_path / FRAMES) == lines


def test_files_of_a_frame_that_is_not_listed_are_cut(journal, tmp_path):
    frames = tmp_path / FRAMES
    frames.write_bytes(b"".join(frames.read_bytes().splitlines(keepends=True)[:2]) + b'{"frame":2,"simu')
    files, lines = cut(tmp_path)
    assert (files.lines[-1].path, len(lines.lines)) == ("b_1", 2)


@pytest.mark.parametrize("frames", [0, 1, 2, 3])
def test_resumed_it_ends_with_the_same_bytes(journal, tmp_path, frames):
    whole = {name: (tmp_path / name).read_bytes() for name in (MANIFEST, FRAMES)}
    files = read_manifest(tmp_path / MANIFEST).lines
    lines = read_frames(tmp_path / FRAMES).lines
    resumed = Journal.resume(tmp_path, frames)
    # A new writer writes the file of no frame again, with whichever frame is its first.
    for frame in range(frames, 3):
        again = [file("metadata.txt")] if frame == frames else []
        resumed.append([*again, *(line for line in files if line.frame == frame)], [lines[frame]])
    resumed.append([file("summary.json")])
    resumed.close()
    assert {name: (tmp_path / name).read_bytes() for name in whole} == whole
    assert (resumed.summary(), resumed.suspect) == (journal.summary(), [1])


@pytest.mark.parametrize("failing", [1, 2], ids=["manifest", "frames"])
def test_a_journal_that_finds_no_room_stays_as_it_was(journal, tmp_path, monkeypatch, failing):
    before = {name: (tmp_path / name).read_bytes() for name in (MANIFEST, FRAMES)}
    summary, calls, fsync = journal.summary(), [], os.fsync

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) == failing:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        journal.append([file("a_3", 3)], [FrameLine(3, 0.3, 0.3)])
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert (journal.summary(), journal.frames) == (summary, 3)
    journal.append([file("a_3", 3)], [FrameLine(3, 0.3, 0.3)])
    assert (tmp_path / MANIFEST).read_bytes() == before[MANIFEST] + (tmp_path / MANIFEST).read_bytes()[
        len(before[MANIFEST]) :
    ]
    assert journal.frames == 4


def test_frames_are_listed_in_order_whichever_is_whole_first(tmp_path):
    book = Book(1000)
    book.open(journal := Journal(tmp_path))
    sheets = []
    for frame in range(3):
        book.begin(frame)
        sheets.append(book.sheet())
        book.enter(sheets[-1], 10)
        book.seal(FrameLine(frame, 0.0, 0.0))
    for frame in (2, 1):
        book.note(sheets[frame], file(f"z_{frame}", frame))
        book.note(sheets[frame], file(f"a_{frame}", frame))
        book.leave(sheets[frame], 10)
        assert journal.frames == 0
    # The file of no frame came with the first and stands before it.
    book.note(sheets[0], file("z_0", 0))
    book.note(sheets[0], file("metadata.txt"))
    book.leave(sheets[0], 10)
    paths = [line.path for line in read_manifest(tmp_path / MANIFEST).lines]
    assert paths == ["metadata.txt", "z_0", "a_1", "z_1", "a_2", "z_2"]
    assert (journal.frames, book.is_settled, book.pending_bytes) == (3, True, 0)
    book.close()


ANNOTATORS = [
    "rgb",
    "semantic_segmentation",
    "instance_segmentation_fast",
    "instance_id_segmentation_fast",
    "skeleton_data",
]


@pytest.mark.parametrize(
    ("products", "path", "found"),
    [
        (["one"], "rgb_0000.png", ("one", "rgb")),
        (["one"], "semantic_segmentation_labels_0000.json", ("one", "semantic_segmentation")),
        (["one"], "instance_id_segmentation_0000.png", ("one", "instance_id_segmentation")),
        (["one"], "skeleton_0000.json", ("one", "skeleton_data")),
        (["one"], "rgbd_0000.png", (None, None)),
        (["one"], "metadata.txt", (None, None)),
        (["one"], "sub/rgb_0000.png", ("one", "rgb")),
        (["a", "a_b"], "a_b/rgb/rgb_0000.png", ("a_b", "rgb")),
        (["a", "a_b"], "rgb/a_b_rgb_0000.png", ("a_b", "rgb")),
        (["a", "a_b"], "rgb/a_rgb_0000.png", ("a", "rgb")),
        (["a", "b"], "instance_segmentation/b_instance_segmentation_mapping_0000.json", ("b", "instance_segmentation")),
        (["a", "b"], "rgb_0000.png", (None, "rgb")),
        (["a", "b"], "notes/all.json", (None, None)),
        (["rgb", "b"], "rgb/rgb/rgb_0001.png", ("rgb", "rgb")),
    ],
)
def test_what_a_path_tells(products, path, found):
    assert Origins(products, ANNOTATORS).find(path) == found


def test_gaps_are_named():
    lines = [FileLine("x", 1, "", frame, "a", "rgb") for frame in (0, 2)]
    assert list(gaps(lines, 3, {("a", "rgb")})) == ["frame 1: rgb of a has no file"]
    assert list(gaps(lines, 1, {("a", "rgb"), ("a", "normals")}, only_seen=True)) == []
    assert shown(map(str, range(7))) == "0; 1; 2; 3; 4; and 2 more"
    assert shown([]) == ""


def test_what_is_on_the_disk_is_compared(tmp_path):
    for name in ("a.txt", "b.txt", "more/c.txt", ".d.txt.12345678.part", "simslate/job.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("abc")
    lines = Journal(tmp_path)
    lines.append([file("a.txt"), file("b.txt", 0, size=4), file("gone.txt", 0)])
    lines.close()
    found = read_manifest(tmp_path / MANIFEST)
    for name in (MANIFEST, FRAMES):
        (tmp_path / name).rename(tmp_path / "simslate" / name)
    assert list(differences(tmp_path, found)) == ["b.txt: has 3 bytes, but 4 were written", "gone.txt: is gone"]
    digest = hashlib.sha256(b"abc").hexdigest()
    assert unlisted(tmp_path, ["a.txt", "b.txt"]) == [FileLine("more/c.txt", 3, digest, None, None, None)]


def test_errors_that_led_to_each_other_come_once_each():
    first, second = OSError(28, "No space left on device"), ValueError()
    first.__context__, second.__cause__ = second, first
    assert list(causes(second)) == [second, first]
    assert is_disk_full(second)
    assert not is_disk_full(ValueError())
