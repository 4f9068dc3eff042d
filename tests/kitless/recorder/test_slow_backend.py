"""A backend of 20 ms behind frames of 1 ms: the recording is held up, memory is bounded, and nothing is lost."""

import hashlib
import time

import carb.settings
import omni.replicator.core as rep
from simslate.recorder.dataset.book import Book
from simslate.recorder.dataset.manifest import FRAMES, MANIFEST, read_frames, read_manifest

FRAME_COUNT, SIZE, LIMIT = 150, 50_000, 400_000


def test_a_slow_backend_holds_the_recording_up_and_loses_nothing(app, recorder, make_job, notes, monkeypatch):
    write_blob, leave, most = rep.backends.DiskBackend.write_blob, Book.leave, []

    class Fast(rep.Writer):
        version = "1.0.0"

        def __init__(self, backend):
            self.backend = backend
            self.annotators = []
            self.number = 0

        def write(self, data):
            self.backend.schedule(self.backend.write_blob, f"{self.number}.bin", bytes([self.number]) * SIZE)
            self.number += 1

    def slow(self, path, data):
        time.sleep(0.02)
        write_blob(self, path, data)

    rep.WriterRegistry.register(Fast)
    monkeypatch.setattr(rep.backends.DiskBackend, "write_blob", slow)
    monkeypatch.setattr(Book, "leave", lambda self, *args: (leave(self, *args), most.append(self.most_bytes)))
    carb.settings.get_settings().set("/exts/simslate.recorder/queueBytes", LIMIT)
    recorded = app.run(recorder.record(make_job(writer={"name": "Fast"}, frames=FRAME_COUNT)))
    # It came near the bound, so it was the bound that held it up.
    assert LIMIT - SIZE <= max(most) <= LIMIT
    own = recorded.folder / "simslate"
    lines = [line for line in read_manifest(own / MANIFEST).lines if line.frame is not None]
    assert [line.frame for line in read_frames(own / FRAMES).lines] == list(range(FRAME_COUNT))
    assert [line.path for line in lines] == [f"{number}.bin" for number in range(FRAME_COUNT)]
    for number, line in enumerate(lines):
        data = (recorded.folder / line.path).read_bytes()
        assert data == bytes([number]) * SIZE
        assert line.sha256 == hashlib.sha256(data).hexdigest()
