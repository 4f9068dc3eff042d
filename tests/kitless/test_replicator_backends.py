"""Backends and their queue: bytes arrive whole, or the failure is told."""

import io
import threading
from functools import partial

import numpy as np
import pytest
from PIL import Image

import carb.settings
import omni.replicator.core as rep
from kitless.services import service
from omni.replicator.core.backends.base import BackendError
from omni.replicator.core.backends.queue import BYTES, SIZE, THREADS, WriteQueue
from omni.replicator.core.functional import encode


class MemoryBackend(rep.BaseBackend):
    def __init__(self):
        self.blobs = {}

    def write_blob(self, path, data):
        self.blobs[path] = data

    def read_blob(self, path):
        return self.blobs[path]


class BrokenBackend(MemoryBackend):
    def write_blob(self, path, data):
        raise BackendError(f"Cannot write {path}: no space")


def test_a_blob_is_read_back_and_leaves_no_temporary_file(app, tmp_path):
    backend = rep.backends.get("DiskBackend")
    backend.initialize(output_dir=tmp_path / "out")
    backend.write_blob("a/b.bin", b"123")
    assert backend.read_blob("a/b.bin") == b"123"
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["a", "b.bin"]


def test_a_taken_folder_is_numbered_unless_overwriting(app, tmp_path):
    names = [rep.backends.DiskBackend(tmp_path / "out", overwrite=False).output_dir for _ in range(3)]
    assert [name.rpartition("/")[2] for name in names] == ["out", "out_0001", "out_0002"]
    assert rep.backends.DiskBackend(tmp_path / "out").output_dir == (tmp_path / "out").as_posix()


def test_a_folder_that_cannot_be_made_is_named(app, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BackendError, match=r"file/out"):
        rep.backends.DiskBackend(tmp_path / "file" / "out")


def test_a_file_that_cannot_be_written_is_named_without_its_temporary(app, tmp_path):
    backend = rep.backends.DiskBackend(tmp_path / "out")
    (tmp_path / "out/file").write_text("")
    with pytest.raises(BackendError, match=r"out/file/a\.bin: "):
        backend.write_blob("file/a.bin", b"1")


def test_relative_folders_go_below_the_root_setting(app, tmp_path):
    carb.settings.get_settings().set("/omni/replicator/backends/disk/root_dir", str(tmp_path))
    assert rep.backends.DiskBackend("out").output_dir == (tmp_path / "out").as_posix()


def test_scheduled_functions_are_given_the_backend(app):
    backend = MemoryBackend()
    backend.schedule(rep.functional.write_json, path="a.json", data={"x": 1})
    backend.wait_until_done()
    assert backend.blobs == {"a.json": b'{"x": 1}'}


def test_a_group_writes_to_each_and_reads_from_the_first_that_has_it(app):
    group = rep.BackendGroup([MemoryBackend(), MemoryBackend()])
    group.write_blob("a", b"1")
    group.wait_until_done()
    assert [backend.blobs for backend in group._backends] == [{"a": b"1"}, {"a": b"1"}]


def test_dispatch_makes_the_backends_its_options_fit(app, tmp_path):
    dispatch = rep.BackendDispatch(output_dir=tmp_path / "out")
    dispatch.write_array("a.npy", np.arange(3))
    dispatch.wait_until_done()
    assert np.load(tmp_path / "out/a.npy").tolist() == [0, 1, 2]
    assert dispatch.output_dir == (tmp_path / "out").as_posix()


def test_dispatch_without_a_fitting_backend_is_an_error(app):
    with pytest.raises(ValueError, match="No backend"):
        rep.BackendDispatch(colour="red")


def test_an_unknown_backend_names_the_known_ones(app):
    with pytest.raises(BackendError, match="DiskBackend"):
        rep.backends.get("DiscBackend")


def test_a_failed_write_is_raised_once_at_the_next_chance(app):
    backend = BrokenBackend()
    backend.schedule(rep.functional.write_json, path="a.json", data={})
    backend.wait_until_done()
    with pytest.raises(BackendError, match=r"a\.json"):
        service(WriteQueue).raise_failure()
    service(WriteQueue).raise_failure()


@pytest.mark.parametrize(("setting", "bound"), [(SIZE, 2), (BYTES, 2000)])
def test_a_full_queue_holds_the_producer_back(app, setting, bound):
    carb.settings.get_settings().set(THREADS, 1)
    carb.settings.get_settings().set(setting, bound)
    queue, gate, put = WriteQueue(), threading.Event(), []

    def produce():
        for index in range(6):
            queue.put(partial(lambda _data: gate.wait(10), np.zeros(1000, np.uint8)))
            put.append(index)

    producer = threading.Thread(target=produce)
    producer.start()
    producer.join(0.3)
    assert 0 < len(put) <= 3
    gate.set()
    producer.join(10)
    queue.close()
    assert len(put) == 6


def test_everything_queued_is_written_before_the_queue_closes(app):
    queue, done = WriteQueue(), []
    for index in range(50):
        queue.put(partial(done.append, index))
    queue.close()
    assert sorted(done) == list(range(50))


@pytest.mark.parametrize(
    ("shape", "dtype", "mode"),
    [((2, 3, 4), np.uint8, "RGBA"), ((2, 3, 3), np.uint8, "RGB"), ((2, 3, 1), np.uint8, "L"), ((2, 3), np.uint8, "L")],
)
def test_a_png_holds_the_array(shape, dtype, mode):
    data = np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    image = Image.open(io.BytesIO(encode.png_bytes(data)))
    assert image.mode == mode
    assert np.array_equal(np.asarray(image), data.squeeze())


def test_wide_ids_become_saturated_16_bit_grey():
    image = Image.open(io.BytesIO(encode.png_bytes(np.array([[0, 300, 65535, 70000]], np.uint32))))
    assert np.asarray(image).tolist() == [[0, 300, 65535, 65535]]
    assert image.mode == "I;16"


def test_json_is_one_line_of_plain_defaults():
    assert encode.json_bytes({"(0, 0, 0, 0)": {"class": "é"}}) == b'{"(0, 0, 0, 0)": {"class": "\\u00e9"}}'


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float16).reshape(2, 3),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.arange(12)[::2],
        np.zeros(3, [("id", "<u4"), ("place", "<f4", (4, 4))]),
        np.empty((0, 3), np.float32),
        np.float64(2.5),
    ],
    ids=["plain", "fortran", "strided", "structured", "empty", "scalar"],
)
def test_npy_is_what_numpy_saves(array):
    saved = io.BytesIO()
    np.save(saved, array)
    assert encode.npy_bytes(array) == saved.getvalue()


def test_object_arrays_are_refused():
    with pytest.raises(ValueError, match=r"[Oo]bject"):
        encode.npy_bytes(np.array([{}], object))


def test_an_unknown_image_suffix_is_named(app):
    with pytest.raises(ValueError, match=r"\.bmp"):
        rep.functional.write_image("a.bmp", np.zeros((1, 1), np.uint8), MemoryBackend())


def test_jpeg_drops_alpha(app):
    backend = MemoryBackend()
    rep.functional.write_image("a.jpg", np.full((8, 8, 4), 200, np.uint8), backend)
    assert Image.open(io.BytesIO(backend.blobs["a.jpg"])).mode == "RGB"


def test_what_is_missing_names_itself(app):
    with pytest.raises(NotImplementedError, match=r"omni\.replicator\.core\.functional\.write_pickle"):
        rep.functional.write_pickle("a.mp4", [], MemoryBackend())


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3), (3, 5, 4)])
def test_exr_keeps_floats(app, shape):
    backend, data = MemoryBackend(), np.random.default_rng(1).normal(size=shape).astype(np.float32)
    rep.functional.write_exr("a.exr", data, backend)
    assert np.array_equal(rep.functional.read_exr("a.exr", backend), data)


def test_exr_of_a_picture_is_linear_light(app):
    backend = MemoryBackend()
    rep.functional.write_image("a.exr", np.array([[[188, 0, 255, 128]]], np.uint8), backend)
    # sRGB 188 is half the light of white; alpha is no light.
    assert rep.functional.read_exr("a.exr", backend)[0, 0] == pytest.approx([0.5, 0, 1, 128 / 255], abs=0.004)
