"""The ledger as a backend by itself: bytes under way, calls from threads of the queue, and what is the inner one's."""

import functools
import time
from functools import partial

import numpy as np
import pytest

import omni.replicator.core as rep
from simslate.recorder.dataset.book import Book
from simslate.recorder.dataset.ledger import LedgerBackend, payload_bytes
from simslate.recorder.dataset.manifest import MANIFEST, FrameLine, Journal, read_manifest


def test_bytes_under_way_stay_below_the_bound(app, tmp_path):
    """A backend of 20 ms behind a producer that needs no time."""

    class Slow(rep.backends.DiskBackend):
        def write_blob(self, path, data):
            time.sleep(0.02)
            super().write_blob(path, data)

    book = Book(5000)
    (tmp_path / "journal").mkdir()
    book.open(Journal(tmp_path / "journal"))
    ledger = LedgerBackend(Slow(str(tmp_path / "data")), book)
    for frame in range(40):
        book.begin(frame)
        ledger.schedule(ledger.write_blob, f"{frame}.bin", bytes([frame]) * 1500)
        book.seal(FrameLine(frame, 0.0, 0.0))
        assert book.pending_bytes <= 5000
    ledger.schedule(ledger.write_blob, "large.bin", bytes(9000))
    assert book.pending_bytes == 9000
    ledger.wait_until_done()
    assert (book.most_bytes, book.pending_bytes, book.is_settled) == (9000, 0, True)
    book.close()
    lines = read_manifest(tmp_path / "journal" / MANIFEST).lines
    assert [line.frame for line in lines] == list(range(40))


def test_a_call_from_a_thread_of_the_queue_does_not_wait_for_itself(app, tmp_path):
    book = Book(100)
    ledger = LedgerBackend(rep.backends.DiskBackend(str(tmp_path)), book)

    def more(data):
        for number in range(20):
            ledger.schedule(ledger.write_blob, f"{number}.bin", data)

    ledger.schedule(more, bytes(90))
    ledger.wait_until_done()
    assert len(list(tmp_path.glob("*.bin"))) == 20
    assert book.pending_bytes == 0


def test_payloads_are_counted():
    call = partial(print, np.zeros((4, 4)), b"abc", bytearray(5), x=partial(print, np.zeros(2, np.uint8)), y="no")
    assert payload_bytes(call) == 128 + 3 + 5 + 2


def test_what_only_the_inner_backend_has(app, tmp_path):
    inner = rep.backends.DiskBackend(str(tmp_path))
    ledger = LedgerBackend(inner, Book(100))
    ledger.write_blob("a/b.txt", b"abc")
    assert (ledger.read_blob("a/b.txt"), ledger.output_dir, ledger.get_name()) == (
        b"abc",
        inner.output_dir,
        "DiskBackend",
    )
    assert ledger.resolve_path("x") == inner.resolve_path("x")
    with pytest.raises(AttributeError):
        _ = ledger.no_such_thing


def test_a_function_without_a_signature(app, tmp_path):
    ledger = LedgerBackend(rep.backends.DiskBackend(str(tmp_path)), Book(100))
    ledger.schedule(functools.reduce, max, [1, 2])
    ledger.wait_until_done()
