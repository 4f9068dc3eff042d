"""A server of its own that is stopped and killed, and many objects: all of it slow."""

import threading

import pytest

from simslate.recorder import OutputError

from .conftest import BUCKET, WRITER, Server, connect, credentials
from .recordings import Studio, assert_whole, keys, objects, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path, monkeypatch):
    credentials(monkeypatch, WRITER)
    folder = tmp_path / "server"
    folder.mkdir()
    made = Server(folder)
    made.start()
    made.wait()
    yield made
    made.kill()


@pytest.fixture
def output(server):
    return {"kind": "s3", "bucket": BUCKET, "prefix": "sets/one", "endpoint": server.endpoint}


def at_frame(number, action):
    """Watch a recording, and do something once it is at a frame."""
    done = []

    def watch(recorder, status):
        if status.frame == number and not done:
            done.append(True)
            action()

    return watch


def test_a_server_that_is_stopped_for_ten_seconds_loses_nothing(server, output, tmp_path):
    def restart():
        server.kill()
        threading.Timer(10.0, server.start).start()

    studio = Studio(tmp_path, retry=120.0)
    assert studio.record(output, watch=at_frame(10, restart), frames=40).complete
    found = objects(connect(server.endpoint, WRITER), output["prefix"])
    assert_whole(found, 40)
    assert found == studio.on_disk(frames=40)


def test_a_server_that_is_gone_ends_the_run_and_a_later_resume_completes_it(server, output, tmp_path):
    studio = Studio(tmp_path, retry=5.0)
    with pytest.raises(OutputError, match="tools/simslate resume"):
        studio.record(output, watch=at_frame(10, server.kill), frames=40)
    server.start()
    server.wait()
    assert studio.record({**output, "on_conflict": "resume"}, frames=40).complete
    found = objects(connect(server.endpoint, WRITER), output["prefix"])
    assert_whole(found, 40)
    assert found == studio.on_disk(frames=40)
    assert studio.spools() == {}


def test_a_thousand_objects_have_the_hashes_of_the_manifest(s3, endpoint, tmp_path):
    output = {"kind": "s3", "bucket": BUCKET, "prefix": "many", "endpoint": endpoint}
    assert Studio(tmp_path).record(output, frames=500).complete
    wait_until(lambda: len(keys(s3, "many")) >= 1000)
    assert_whole(objects(s3, "many"), 500)
