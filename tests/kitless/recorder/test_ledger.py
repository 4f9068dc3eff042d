"""The ledger: what is written is listed, whoever writes it and however; what is not written ends the recording."""

import hashlib
import json
import random
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import carb.settings
import omni.replicator.core as rep
from omni.replicator.core.backends.queue import WriteQueue
from simslate.recorder import IncompleteError, OutputError
from simslate.recorder.dataset.book import Book
from simslate.recorder.dataset.ledger import LedgerBackend
from simslate.recorder.dataset.manifest import FRAMES, MANIFEST, read_frames, read_manifest

PRODUCTS = [{"camera": "/World/Camera", "resolution": [16, 9], "name": name} for name in ("left", "right")]
SWITCHES = {"rgb": True, "semantic_segmentation": True, "bounding_box_2d_tight": True, "camera_params": True}


@pytest.fixture
def basic(make_job):
    """Return a function that makes a job for BasicWriter."""

    def make(folder="set", products=PRODUCTS[:1], frames=4, **parameters):
        output = {"kind": "disk", "directory": "out", "folder": folder}
        writer = {"name": "BasicWriter", "parameters": {**SWITCHES, **parameters}}
        return make_job(writer=writer, output=output, render_products=products, frames=frames)

    return make


@pytest.fixture
def record(app, recorder, stage):
    """Return a function that records a job, with labels or without."""
    return lambda job: app.run(recorder.record(job, allow_degraded=True))


def listed(folder):
    return read_manifest(folder / "simslate" / MANIFEST).lines


def frames_of(folder):
    return [line.frame for line in read_frames(folder / "simslate" / FRAMES).lines]


def assert_true(folder):
    """Whether the manifest lists all files but ours, each with its size and hash."""
    found = {
        path.relative_to(folder).as_posix(): (len(data := path.read_bytes()), hashlib.sha256(data).hexdigest())
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "simslate"
    }
    assert {line.path: (line.bytes, line.sha256) for line in listed(folder)} == found
    manifest = (folder / "simslate" / MANIFEST).read_bytes()
    report = json.loads((folder / "simslate" / "report.json").read_text())
    sizes = sum(size for size, _ in found.values())
    digest = hashlib.sha256(manifest).hexdigest()
    assert report["manifest"] == {"files": len(found), "bytes": sizes, "sha256": digest}
    assert frames_of(folder) == list(range(report["frames"]))


@pytest.mark.parametrize("products", [1, 2])
@pytest.mark.parametrize("common", [False, True])
def test_every_file_is_listed(record, basic, products, common):
    folder = record(basic(products=PRODUCTS[:products], use_common_output_dir=common)).folder
    assert_true(folder)
    names = [product["name"] for product in PRODUCTS[:products]]
    annotators = {"rgb", "semantic_segmentation", "bounding_box_2d_tight", "camera_params"}
    found = {(line.frame, line.render_product, line.annotator) for line in listed(folder)[1:]}
    assert found == {(frame, name, annotator) for frame in range(4) for name in names for annotator in annotators}
    assert [line.path for line in listed(folder) if line.frame is None] == ["metadata.txt"]


def test_times_of_frames(record, basic, timeline, stage):
    folder = record(basic()).folder
    lines = read_frames(folder / "simslate" / FRAMES).lines
    assert [line.simulation_time for line in lines] == pytest.approx([0, 1 / 24, 2 / 24, 3 / 24])
    assert [line.timeline_time for line in lines] == pytest.approx([1 / 24] * 4)
    assert {(line.verdict, line.reasons) for line in lines} == {("ok", ())}


def test_the_manifest_is_the_same_whichever_thread_is_first(record, basic, monkeypatch):
    delays, write = random.Random(5), rep.backends.DiskBackend.write_blob

    def slow(self, path, data):
        time.sleep(delays.random() * 0.01)
        write(self, path, data)

    monkeypatch.setattr(rep.backends.DiskBackend, "write_blob", slow)
    contents = set()
    for number in range(6):
        folder = record(basic(f"set{number}", PRODUCTS, frames=6)).folder
        contents.add(tuple((folder / "simslate" / name).read_bytes() for name in (MANIFEST, FRAMES, "report.json")))
    assert len(contents) == 1


def returns_call(path, data, backend_instance) -> partial:
    return partial(rep.functional.write_json, path=path, data=data, backend_instance=backend_instance)


def takes_backend(path, data, backend_instance=None):
    backend_instance.write_blob(path, json.dumps(data).encode())


STYLES = {
    "function": lambda w, path: w.backend.schedule(rep.functional.write_json, path=path, data=1),
    "own function": lambda w, path: w.backend.schedule(takes_backend, path, 1),
    "bound method": lambda w, path: w.backend.schedule(w.backend.write_blob, path, b"1"),
    "direct": lambda w, path: w.backend.write_blob(path, b"1"),
    "without backend": lambda w, path: w.backend.schedule(lambda: w.backend.write_blob(path, b"1")),
    "returns a partial": lambda w, path: w.backend.schedule(returns_call, path, 1),
    "partial of that": lambda w, path: w.backend.schedule(partial(returns_call, path), data=1),
    "partial": lambda w, path: w.backend.schedule(partial(rep.functional.write_json, path=path), data=1),
    "nested": lambda w, path: w.backend.schedule(rep.functional.write_json, path=path, data=partial(int, "1")),
    "from a call": lambda w, path: w.backend.schedule(lambda: w.backend.schedule(takes_backend, path, 1)),
    "write_array": lambda w, path: w.backend.write_array(path, np.ones(3)),
    "write_image": lambda w, path: w.backend.write_image(path.replace("json", "png"), np.ones((3, 3), np.uint8)),
}


@pytest.fixture
def custom(make_job, notes):
    """Return a function that makes a job for a writer that calls ``write(writer, frame)``, on ``backend(given)``."""

    def make(write, backend=lambda given: given, frames=4):
        class Custom(rep.Writer):
            version = "1.0.0"

            def __init__(self, backend):
                self.backend = self._backend = make_backend(backend)
                self.annotators = []
                self.frame = -1

            def write(self, data):
                self.frame += 1
                write(self, self.frame)

        make_backend = backend
        rep.WriterRegistry.register(Custom)
        return make_job(writer={"name": "Custom"}, frames=frames)

    return make


@pytest.mark.parametrize("style", STYLES)
def test_each_way_to_write_is_noted_with_its_frame(record, custom, style):
    folder = record(custom(lambda writer, frame: STYLES[style](writer, f"file_{frame}.json"))).folder
    assert_true(folder)
    paths = {f"file_{frame}.{'png' if style == 'write_image' else 'json'}": frame for frame in range(4)}
    assert {line.path: line.frame for line in listed(folder)} == {"metadata.txt": None, **paths}


def test_a_group_is_written_to_member_by_member_and_noted_once(record, custom, tmp_path):
    other = rep.backends.DiskBackend(str(tmp_path / "copy"))
    job = custom(
        lambda writer, frame: STYLES["function"](writer, f"{frame}.json"),
        lambda given: rep.backends.BackendGroup([other, rep.backends.BackendGroup([given])]),
    )
    folder = record(job).folder
    assert_true(folder)
    for line in listed(folder):
        assert (tmp_path / "copy" / line.path).read_bytes() == (folder / line.path).read_bytes()


def test_a_writer_of_a_folder_only(record, make_job, notes):
    """An older one makes its backend itself, below the folder it is told."""

    class Old(rep.Writer):
        version = "1.0.0"

        def __init__(self, output_dir):
            self._backend = self.backend = rep.backends.BackendDispatch(output_dir=f"{output_dir}/below")
            self.annotators = []
            self.number = 0

        def write(self, data):
            self.backend.schedule(rep.functional.write_json, path=f"{self.number}.json", data=1)
            self.number += 1

    rep.WriterRegistry.register(Old)
    folder = record(make_job(writer={"name": "Old"})).folder
    assert_true(folder)
    frames = {line.path: line.frame for line in listed(folder)}
    assert frames == {"below/metadata.txt": None} | {f"below/{n}.json": n for n in range(4)}


def test_a_writer_without_a_backend(record, make_job, notes):
    class Bare(rep.Writer):
        version = "1.0.0"

        def __init__(self, output_dir):
            self.folder = output_dir
            self.annotators = []
            self.number = 0

        def write(self, data):
            self.number += 1
            Path(self.folder, f"{self.number}.txt").write_text("x" * self.number)

    rep.WriterRegistry.register(Bare)
    folder = record(make_job(writer={"name": "Bare"})).folder
    assert_true(folder)
    assert {line.frame for line in listed(folder)} == {None}


def test_files_of_the_end_come_last(record, custom, monkeypatch):
    job = custom(lambda writer, frame: STYLES["function"](writer, f"z_{frame}.json"))
    custom_class = rep.WriterRegistry.get_writers()["Custom"]
    custom_class.on_final_frame = lambda self: [STYLES["function"](self, f"{name}.json") for name in "ba"]
    paths = [line.path for line in listed(record(job).folder)]
    assert paths == ["metadata.txt", *(f"z_{n}.json" for n in range(4)), "a.json", "b.json"]


class Faulty(rep.backends.DiskBackend):
    """Fails in one way at the n-th blob."""

    def __init__(self, given, nth, fault):
        super().__init__(given.output_dir)
        self.nth, self.fault, self.count, self.lock = nth, fault, 0, threading.Lock()

    def write_blob(self, path, data):
        with self.lock:
            self.count += 1
            is_it = self.count == self.nth
        return self.fault(self, path, data) if is_it else super().write_blob(path, data)


def raises(error):
    def fault(self, path, data):
        raise error

    return fault


def torn(self, path, data):
    Path(self.resolve_path(path)).write_bytes(data[:-1])


FAULTS = {
    "OSError": (raises(OSError(5, "Input/output error")), r"json: cannot be written: .*Input/output error"),
    "other": (raises(RuntimeError("no")), "json: cannot be written: no"),
    "False": (lambda *_: False, "json: Faulty could not write it"),
    "dropped": (lambda *_: None, "json: was not written, though"),
    "torn": (torn, "json: has 1 bytes of 2, though"),
}


@pytest.mark.parametrize("nth", [2, 5, 9])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_write_that_fails_ends_the_recording(record, recorder, custom, fault, nth):
    function, message = FAULTS[fault]
    job = custom(
        lambda w, n: w.backend.schedule(takes_backend, f"{n}.json", 10 + n), lambda b: Faulty(b, nth, function), 8
    )
    with pytest.raises(OutputError, match=rf"out/set/\d\.{message}|^\d\.{message}"):
        record(job)
    assert not (recorder.folder / "simslate" / "report.json").exists()
    # The first blob is the file of no frame: frame n is the blob n + 2.
    count = len(frames_of(recorder.folder))
    assert count <= nth - 2
    for line in listed(recorder.folder):
        assert (recorder.folder / line.path).stat().st_size == line.bytes
        assert line.frame is None or line.frame < count


def test_a_function_that_swallows_the_failure_changes_nothing(record, custom):
    def swallow(path, backend_instance):
        with suppress(OSError):
            backend_instance.write_blob(path, b"1")

    fault = raises(OSError(5, "Input/output error"))
    job = custom(lambda w, n: w.backend.schedule(swallow, f"{n}.json"), lambda given: Faulty(given, 3, fault))
    with pytest.raises(OutputError, match=r"json: cannot be written.*after \d of 4 frames"):
        record(job)


def test_a_function_that_tries_again_is_forgiven(record, custom):
    def stubborn(path, backend_instance):
        try:
            backend_instance.write_blob(path, b"1")
        except OSError:
            backend_instance.write_blob(path, b"1")

    fault = raises(OSError(5, "Input/output error"))
    job = custom(lambda w, n: w.backend.schedule(stubborn, f"{n}.json"), lambda given: Faulty(given, 3, fault))
    assert_true(record(job).folder)


def test_what_a_real_kit_only_logs_is_known(app, tmp_path):
    """Kit's queue keeps no failures: the book does."""
    book = Book(1000)
    ledger = LedgerBackend(rep.backends.DiskBackend(str(tmp_path)), book)
    ledger.schedule(lambda: 1 / 0)
    ledger.wait_until_done()
    assert isinstance(book.failure, ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        app_queue().raise_failure()


def test_in_a_real_kit_the_recording_ends_all_the_same(record, custom, monkeypatch):
    monkeypatch.setattr(WriteQueue, "raise_failure", lambda self: None)
    job = custom(one_by_one, lambda given: Faulty(given, 3, raises(OSError(5, "Input/output error"))), 8)
    with pytest.raises(OutputError, match=r"1\.json: cannot be written.*after \d of 8 frames"):
        record(job)


def one_by_one(writer, frame):
    """One file a frame, in whose name it is; done before the next, so that blobs are counted in order."""
    writer.backend.schedule(takes_backend, f"{frame}.json", 1)
    writer.backend.wait_until_done()


def app_queue():
    from kitless.services import service

    return service(WriteQueue)


def test_a_call_that_writes_nothing_is_a_gap(record, custom):
    def lazy(path, backend_instance):
        pass

    with pytest.raises(IncompleteError, match=r"not whole: a call of lazy wrote no file of frame 0; .*frame 3"):
        record(custom(lambda w, n: w.backend.schedule(lazy, f"{n}.json")))


def test_an_annotator_without_a_file_in_one_frame_is_a_gap(record, basic, monkeypatch):
    schedule = LedgerBackend.schedule

    def forgetful(self, fn, *args, **kwargs):
        if kwargs.get("path") != "rgb_0002.png":
            schedule(self, fn, *args, **kwargs)

    monkeypatch.setattr(LedgerBackend, "schedule", forgetful)
    with pytest.raises(IncompleteError, match="not whole: frame 2: rgb of left has no file"):
        record(basic())


def test_a_file_that_goes_afterwards_is_a_gap(record, custom):
    def write(writer, frame):
        STYLES["direct"](writer, f"{frame}.json")
        if frame == 3:
            Path(writer.backend.resolve_path("1.json")).unlink()

    with pytest.raises(IncompleteError, match=r"not whole: 1\.json: is gone"):
        record(custom(write))


def test_the_bound_is_the_setting(record, basic, monkeypatch):
    most = []
    leave = Book.leave
    monkeypatch.setattr(Book, "leave", lambda self, *args: (leave(self, *args), most.append(self.most_bytes)))
    carb.settings.get_settings().set("/exts/simslate.recorder/queueBytes", 1000)
    assert_true(record(basic(frames=10)).folder)
    assert max(most) <= 1000
