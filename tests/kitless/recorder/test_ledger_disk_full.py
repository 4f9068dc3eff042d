"""A full disk: the recording waits, says so, and goes on by itself or ends with every listed frame whole."""

import asyncio
import errno
import hashlib
import os
import shutil
import time
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest

import carb.settings
import omni.replicator.core as rep
from simslate.recorder import OutputError, State
from simslate.recorder.dataset.manifest import FRAMES, MANIFEST, read_frames, read_manifest

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def disk(monkeypatch):
    """A disk that is full from a moment to another, for the files of the writer and, if asked, of the journal."""
    disk = SimpleNamespace(full_from=None, seconds=None, is_journal=False, refused=0, code=errno.ENOSPC)
    write, fsync = rep.backends.DiskBackend.write_blob, os.fsync

    def is_full():
        if disk.full_from is None or disk.seconds is None:
            return disk.full_from is not None
        return time.monotonic() < disk.full_from + disk.seconds

    def write_blob(self, path, data):
        if is_full() and not disk.is_journal:
            disk.refused += 1
            try:
                raise OSError(disk.code, "No space left on device", path)
            except OSError as error:
                raise rep.backends.BackendError(f"Cannot write {path}") from error
        write(self, path, data)

    def journal_fsync(descriptor):
        name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if is_full() and disk.is_journal and name.endswith(".jsonl"):
            disk.refused += 1
            raise OSError(disk.code, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(rep.backends.DiskBackend, "write_blob", write_blob)
    monkeypatch.setattr(os, "fsync", journal_fsync)
    return disk


@pytest.fixture
def job(make_job, notes, disk):
    """A job of 8 frames of three files, the disk of which is full from frame 3 on."""

    class Three(rep.Writer):
        version = "1.0.0"

        def __init__(self, backend):
            self.backend = backend
            self.annotators = []
            self.number = 0

        def write(self, data):
            if self.number == 3:
                self.backend.wait_until_done()
                disk.full_from = time.monotonic()
            for part in range(3):
                self.backend.schedule(rep.functional.write_json, path=f"{self.number}_{part}.json", data=[part] * 100)
            self.number += 1

    rep.WriterRegistry.register(Three)
    return make_job(writer={"name": "Three"}, frames=8)


@pytest.fixture
def said(recorder):
    said = []
    recorder.subscribe(lambda status: said.append((status.waiting, status.state, status.frame)))
    return said


def seconds(value):
    carb.settings.get_settings().set("/exts/simslate.recorder/diskFullSeconds", value)


def assert_listed_is_whole(folder, frames):
    lines = read_manifest(folder / "simslate" / MANIFEST).lines
    assert [line.frame for line in read_frames(folder / "simslate" / FRAMES).lines] == list(range(frames))
    assert [line.path for line in lines] == [
        "metadata.txt",
        *(f"{n}_{part}.json" for n in range(frames) for part in range(3)),
    ]
    for line in lines:
        data = (folder / line.path).read_bytes()
        assert (line.bytes, line.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("is_journal", [False, True], ids=["files", "journal"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_it_waits_says_so_and_goes_on(app, recorder, job, disk, said, is_journal, code):
    disk.seconds, disk.is_journal, disk.code = 2, is_journal, code
    began = time.monotonic()
    recorded = app.run(recorder.record(job))
    assert time.monotonic() - began >= 2
    assert disk.refused >= 3
    assert_listed_is_whole(recorded.folder, 8)
    waiting = [(text, state, frame) for text, state, frame in said if text]
    assert waiting
    assert all(text.startswith("the disk is full: ") and str(recorded.folder) in text for text, _, _ in waiting)
    # It paused: no frame was taken meanwhile.
    assert len({frame for _, _, frame in waiting}) == 1
    assert said[-1] == (None, State.IDLE, 8)
    assert (recorded.folder / "simslate" / "report.json").exists()


def test_for_good_it_ends_with_what_is_whole(app, recorder, job, disk, said, world):
    seconds(1)
    before = world()
    with pytest.raises(
        OutputError, match=r"disk is full: .* free needed in .*, and none came free in 1 s \(after 3 of 8"
    ):
        app.run(recorder.record(job))
    assert recorder.status.error.exit_code == 4
    assert_listed_is_whole(recorder.folder, 3)
    assert (recorder.status.waiting, recorder.status.frame, world()) == (None, 3, before)
    assert not (recorder.folder / "simslate" / "report.json").exists()
    assert not list(recorder.folder.rglob("*.part"))


def until_waiting(app, recorder, job, end):
    async def scenario():
        task = asyncio.ensure_future(recorder.record(job))
        while not recorder.status.waiting:
            await asyncio.sleep(0.01)
        end(task)
        ended = time.monotonic()
        try:
            await task
        finally:
            assert time.monotonic() - ended < 2

    app.run(scenario())


def test_stopped_while_it_waits_it_ends_at_once(app, recorder, job, disk):
    with pytest.raises(OutputError, match=r"disk is full.*after 3 of 8 frames"):
        until_waiting(app, recorder, job, lambda task: recorder.stop())
    assert_listed_is_whole(recorder.folder, 3)


def test_cancelled_while_it_waits_it_ends_at_once(app, recorder, job, disk):
    with pytest.raises(asyncio.CancelledError):
        until_waiting(app, recorder, job, lambda task: task.cancel())
    assert_listed_is_whole(recorder.folder, 3)
    assert (recorder.status.error, recorder.status.frame) == (None, 3)


def test_with_the_last_frames_only_it_waits_at_the_end(app, recorder, job, disk, said, make_job):
    disk.seconds = 1
    recorded = app.run(recorder.record(make_job(writer={"name": "Three"}, frames=4)))
    assert_listed_is_whole(recorded.folder, 4)
    assert State.FINISHING in {state for text, state, _ in said if text}


def test_stopped_at_the_end_it_does_not_wait(app, recorder, job, disk, make_job):
    with pytest.raises(OutputError, match=r"disk is full.*after 3 of 4 frames"):
        until_waiting(app, recorder, make_job(writer={"name": "Three"}, frames=4), lambda task: recorder.stop())
    assert_listed_is_whole(recorder.folder, 3)


def test_back_pressure_does_not_hold_up_a_recording_that_waits(app, recorder, job, disk):
    disk.seconds = 1
    carb.settings.get_settings().set("/exts/simslate.recorder/queueBytes", 1)
    assert_listed_is_whole(app.run(recorder.record(job)).folder, 8)


@pytest.fixture
def large_job(make_job, notes):
    def make(frames):
        output = {"kind": "disk", "directory": "out", "folder": "large"}
        writer = {"name": "BasicWriter", "parameters": {"distance_to_camera": True}}
        products = [{"camera": "/World/Camera", "resolution": [1000, 1000]}]
        return make_job(writer=writer, render_products=products, frames=frames, output=output)

    return make


def test_without_room_for_the_estimate_nothing_is_recorded(app, recorder, large_job, tmp_path, monkeypatch, world):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 0, 10**8))
    before = world()
    with pytest.raises(OutputError, match=r"large: about 400 MB will be written, and 100 MB are free"):
        app.run(recorder.record(large_job(100), allow_degraded=True))
    assert (world(), (tmp_path / "out").exists()) == (before, False)


def test_near_the_free_space_it_warns_and_records(app, recorder, large_job, monkeypatch, capfd):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 0, 4_500_000))
    assert app.run(recorder.record(large_job(1), allow_degraded=True)).complete
    assert "about 4.0 MB will be written, and 4.5 MB are free" in capfd.readouterr().err
