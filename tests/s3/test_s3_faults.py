"""A server that answers wrongly, late or not at all: every object is there in the end, or the run says otherwise."""

import json
import threading
from datetime import timedelta

import pytest
from pxr import UsdGeom

import omni.kit.app
import omni.usd
from simslate.recorder import OutputError, S3Output
from simslate.recorder.s3 import uploader
from simslate.recorder.s3.client import connect
from simslate.recorder.s3.uploader import Uploader, etag
from simslate.recorder.s3.validation import validate_bucket

from .conftest import BUCKET, READER, credentials
from .recordings import Studio, assert_whole, files, keys, manifest, objects


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


@pytest.fixture
def output(proxy, request):
    name = request.node.name.replace("[", "-").replace("]", "")
    return {"kind": "s3", "bucket": BUCKET, "prefix": f"faults/{name}", "endpoint": proxy.endpoint}


@pytest.mark.parametrize("fault", [503, 500, "reset", "cut", 1.5, pytest.param(10.0, marks=pytest.mark.slow)])
def test_what_passes_is_tried_again(s3, proxy, studio, output, fault):
    proxy.fault = lambda method, path, number: fault if number and number % 5 == 2 else None
    studio.limits["retry"] = 30.0
    recorded = studio.record(output)
    assert recorded.complete
    found = objects(s3, output["prefix"])
    assert_whole(found, 6)
    assert found == studio.on_disk()
    assert studio.spools() == {}


def test_a_server_that_is_away_for_a_while_is_waited_for(s3, proxy, studio, output):
    def come_back():
        proxy.is_down = False

    def go_away(method, path, number):
        if number == 4:
            proxy.is_down = True
            threading.Timer(3.0, come_back).start()
            return "reset"
        return None

    proxy.fault = go_away
    studio.limits["retry"] = 60.0
    studio.record(output)
    found = objects(s3, output["prefix"])
    assert found == studio.on_disk()


def test_what_cannot_be_uploaded_is_kept_here_and_a_resume_brings_it(s3, proxy, studio, output):
    proxy.fault = lambda method, path, number: "reset" if number > 4 else None
    with pytest.raises(OutputError) as caught:
        studio.record(output)
    assert caught.value.exit_code == 4
    assert "tools/simslate resume" in str(caught.value)
    kept = [name for name in studio.spools() if "/simslate/" not in name.partition("/spool/")[2].partition("/")[2]]
    assert kept
    assert "simslate/report.json" not in keys(s3, output["prefix"])
    proxy.fault = lambda *_: None
    recorded = studio.record({**output, "on_conflict": "resume"})
    assert recorded.complete
    found = objects(s3, output["prefix"])
    assert_whole(found, 6)
    assert found == studio.on_disk()
    assert studio.spools() == {}


def test_a_failed_end_is_finished_later(s3, proxy, studio, output):
    proxy.fault = lambda method, path, number: "reset" if path.endswith("report.json") and method == "PUT" else None
    with pytest.raises(OutputError, match="tools/simslate resume"):
        studio.record(output)
    proxy.fault = lambda *_: None
    assert studio.record({**output, "on_conflict": "resume"}).complete
    assert objects(s3, output["prefix"]) == studio.on_disk()


def test_another_machine_goes_on_where_the_bucket_says(s3, proxy, studio, output):
    """Without what was kept here: what is only there is recorded again, once the dead recording lets go."""
    proxy.fault = lambda method, path, number: "reset" if number > 9 else None
    with pytest.raises(OutputError):
        studio.record(output, frames=40, data="one")
    proxy.fault = lambda *_: None
    again = {**output, "on_conflict": "resume"}
    with pytest.raises(OutputError, match="is being recorded by another process, or was until a moment ago"):
        studio.record(again, frames=40, data="two")
    studio.limits["lease"] = 0.0
    assert studio.record(again, frames=40, data="two").complete
    found = objects(s3, output["prefix"])
    assert_whole(found, 40)
    assert found == studio.on_disk(frames=40)


@pytest.mark.parametrize(
    ("user", "changes", "said"),
    [
        (("nobody", "nothingsecret"), {}, "the access key is not known there"),
        (("writer", "notthesecret"), {}, "the secret key is wrong"),
        (READER, {}, "these credentials may not write and delete there"),
        (None, {"bucket": "no-such-bucket"}, "there is no such bucket"),
        (None, {"endpoint": "http://127.0.0.1:9"}, "EndpointConnectionError"),
        (None, {"profile": "no-such-profile"}, "there is no such profile"),
    ],
)
def test_what_is_wrong_is_said_before_the_first_frame(s3, studio, output, monkeypatch, user, changes, said):
    if user:
        credentials(monkeypatch, user)
    with pytest.raises(OutputError) as caught:
        studio.record({**output, **changes})
    assert said in str(caught.value)
    assert keys(s3, output["prefix"]) == []
    assert not any((user or ("", "secret"))[1].encode() in body for body in files(studio.folder).values())


def test_clocks_that_differ_are_said(s3, proxy, studio, output, monkeypatch):
    from botocore import auth

    real = auth.get_current_datetime

    def wrong(*arguments, **options):
        return real(*arguments, **options) - timedelta(days=1)

    monkeypatch.setattr(auth, "get_current_datetime", wrong)
    with pytest.raises(OutputError, match="the clocks of this machine and of the server differ too much"):
        studio.record(output)


def stop_at_3(recorder, status):
    if status.frame == 3 and status.state.name == "RECORDING":
        recorder.stop()


def test_an_interrupted_recording_leaves_its_journal_there(s3, proxy, studio, output):
    assert not studio.record(output, watch=stop_at_3).complete
    assert studio.spools() == {}
    names = keys(s3, output["prefix"])
    assert "simslate/claim.json" not in names
    assert "simslate/manifest.jsonl" in names
    recorded = studio.record({**output, "on_conflict": "resume"}, data="elsewhere")
    assert recorded.complete
    assert objects(s3, output["prefix"]) == studio.on_disk()


def test_big_objects_go_in_parts_that_are_tried_again(s3, proxy, output, monkeypatch):
    monkeypatch.setattr(uploader, "MULTIPART", 16 << 20)
    monkeypatch.setattr(uploader, "PART", 8 << 20)
    failed = []

    def fail_once(method, path, number):
        if "partNumber=2" in path and not failed:
            failed.append(path)
            return 500
        return None

    proxy.fault = fail_once
    made = S3Output(**{name: value for name, value in output.items() if name != "kind"})
    data = bytes(range(256)) * 4096 * 18
    key = f"{made.prefix}/big"
    told = Uploader(connect(made), BUCKET, 20.0).put(key, data)
    assert failed
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == data
    assert told.strip('"') == etag(data)
    proxy.fault = lambda method, path, number: 403 if "partNumber=3" in path else None
    with pytest.raises(Exception, match=r"ServiceUnavailable"):
        Uploader(connect(made), BUCKET, 1.0).put(f"{made.prefix}/never", data)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET, Prefix=f"{made.prefix}/never")


def test_a_mangled_object_is_put_again(s3, proxy, output, monkeypatch):
    """The server's own sum is looked at: one that lies once is asked again."""
    made = S3Output(**{name: value for name, value in output.items() if name != "kind"})
    client = connect(made)
    real, calls = client.put_object, []

    def lie(**arguments):
        calls.append(arguments)
        answer = real(**arguments)
        return {**answer, "ChecksumSHA256": "wrong"} if len(calls) == 1 else answer

    monkeypatch.setattr(client, "put_object", lie)
    Uploader(client, BUCKET, 10.0).put(f"{made.prefix}/a", b"content")
    assert len(calls) == 2


def test_the_server_is_asked_whether_it_wants_an_object_only_when_it_refused_it(s3, proxy, output):
    faults = [None, 500, None]
    proxy.fault = lambda method, path, number: faults.pop(0)
    made = S3Output(**{name: value for name, value in output.items() if name != "kind"})
    client, asked = connect(made), []
    client.meta.events.register("before-send.s3.PutObject", lambda request, **_: asked.append(dict(request.headers)))
    for size in (8, 4 << 20):
        Uploader(client, BUCKET, 10.0).put(f"{made.prefix}/{size}", b"x" * size)
        assert s3.head_object(Bucket=BUCKET, Key=f"{made.prefix}/{size}")["ContentLength"] == size
    assert ["Expect" in headers for headers in asked] == [False, False, True]
    assert all("x-amz-checksum-sha256" in {name.lower() for name in headers} for headers in asked)


def test_whoever_counts_updates_of_the_app_counts_as_many_when_it_is_resumed(s3, proxy, studio, output):
    """Files that are brought later take time, in which the app goes on: that must not come before a frame."""
    subscribed = []

    def count(app):
        updates = []

        def move(_):
            updates.append(None)
            box = omni.usd.get_context().get_stage().GetPrimAtPath("/World/Box")
            UsdGeom.XformCommonAPI(box).SetTranslate((0.1 * len(updates), 0, -9))

        subscribed[:] = [omni.kit.app.get_app().get_update_event_stream().create_subscription_to_pop(move)]

    # Nothing but that there is one: what is resumed is rendered from its first frame on then.
    (studio.folder / "script.py").write_text("")
    studio.prepare = count
    proxy.fault = lambda method, path, number: "reset" if number > 4 else None
    studio.limits["retry"] = 1.0
    with pytest.raises(OutputError):
        studio.record(output, watch=stop_at_3, script="script.py")
    assert [name for name in studio.spools() if name.endswith(("png", "npy"))]
    proxy.fault = lambda method, path, number: 0.3 if number else None
    assert studio.record({**output, "on_conflict": "resume"}, script="script.py").complete
    found = objects(s3, output["prefix"])
    assert found == studio.on_disk(script="script.py")
    assert len({body for name, body in found.items() if name.startswith("rgb")}) == 6


def test_what_no_manifest_knows_is_named_and_set_apart(s3, studio, output):
    """Strange objects are not deleted, and uploads in parts that nobody finishes are ended."""
    prefix = output["prefix"]
    studio.record(output, watch=stop_at_3)
    s3.put_object(Bucket=BUCKET, Key=f"{prefix}/strange.png", Body=b"strange")
    s3.put_object(Bucket=BUCKET, Key=f"{prefix}/rgb_0004.png", Body=b"half of a frame that was killed")
    s3.create_multipart_upload(Bucket=BUCKET, Key=f"{prefix}/rgb_0005.png")
    place = S3Output(bucket=BUCKET, prefix=prefix, endpoint=output["endpoint"])
    found = {(each.kind, each.path) for each in validate_bucket(place, quick=True, progress=lambda *_: None).findings}
    assert {("extra", "strange.png"), ("extra", "rgb_0004.png"), ("leftover", "rgb_0005.png")} <= found
    assert studio.record({**output, "on_conflict": "resume"}).complete
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET, Prefix=prefix)
    there = objects(s3, prefix)
    assert there.pop("simslate/left/strange.png") == b"strange"
    assert there == studio.on_disk()


def test_disk_and_bucket_have_the_same(s3, proxy, studio, output):
    disk = {"kind": "disk", "directory": str(studio.folder), "folder": "both"}
    both = {"kind": "group", "outputs": [disk, output]}
    recorded = studio.record(both)
    assert recorded.folder == studio.folder / "both"
    here, there = files(studio.folder / "both"), objects(s3, output["prefix"])
    assert there == {name: body for name, body in here.items() if not name.endswith("bucket.json")}
    assert_whole(there, 6)
    assert there == studio.on_disk()


def test_a_bucket_that_fails_beside_a_disk_is_brought_up_to_date(s3, proxy, studio, output):
    disk = {"kind": "disk", "directory": str(studio.folder), "folder": "both"}
    both = {"kind": "group", "outputs": [disk, output]}
    proxy.fault = lambda method, path, number: "reset" if number > 4 else None
    with pytest.raises(OutputError, match="tools/simslate resume"):
        studio.record(both)
    assert json.loads(files(studio.folder / "both")["simslate/bucket.json"])["output"]["bucket"] == BUCKET
    proxy.fault = lambda *_: None
    resumed = {"kind": "group", "outputs": [{**each, "on_conflict": "resume"} for each in (disk, output)]}
    assert studio.record(resumed).complete
    assert objects(s3, output["prefix"]) == studio.on_disk()


def test_a_pair_that_is_whole_is_not_recorded_again(s3, proxy, studio, output):
    disk = {"kind": "disk", "directory": str(studio.folder), "folder": "both"}
    studio.record({"kind": "group", "outputs": [disk, output]})
    resumed = {"kind": "group", "outputs": [{**each, "on_conflict": "resume"} for each in (disk, output)]}
    before, here, there = proxy.puts, files(studio.folder / "both"), objects(s3, output["prefix"])
    recorded = studio.record(resumed)
    assert (recorded.complete, recorded.frames) == (True, 6)
    assert (proxy.puts, files(studio.folder / "both"), objects(s3, output["prefix"])) == (before, here, there)
    s3.delete_object(Bucket=BUCKET, Key=f"{output['prefix']}/simslate/report.json")
    s3.delete_object(Bucket=BUCKET, Key=f"{output['prefix']}/rgb_0002.png")
    assert studio.record(resumed).complete
    assert proxy.puts == before + 1
    assert objects(s3, output["prefix"]) == there


def test_a_folder_does_not_replace_another_data_set_in_a_bucket(s3, studio, output):
    studio.record(output, frames=2)
    there = objects(s3, output["prefix"])
    disk = {"kind": "disk", "directory": str(studio.folder), "folder": "other"}
    studio.record(disk)
    resumed = {"kind": "group", "outputs": [{**each, "on_conflict": "resume"} for each in (disk, output)]}
    with pytest.raises(OutputError, match="is another data set than the one in"):
        studio.record(resumed)
    assert objects(s3, output["prefix"]) == there
    assert "simslate/bucket.json" not in files(studio.folder / "other")


def test_an_empty_bucket_gets_all_of_the_folder(s3, proxy, studio, output):
    disk = {"kind": "disk", "directory": str(studio.folder), "folder": "both"}
    studio.record({"kind": "group", "outputs": [disk, output]}, watch=stop_at_3)
    for key in keys(s3, output["prefix"]):
        s3.delete_object(Bucket=BUCKET, Key=f"{output['prefix']}/{key}")
    resumed = {"kind": "group", "outputs": [{**each, "on_conflict": "resume"} for each in (disk, output)]}
    assert studio.record(resumed).complete
    assert objects(s3, output["prefix"]) == studio.on_disk()


def test_a_backend_that_a_writer_makes_for_itself_goes_on_working(s3, proxy, studio, output):
    """NVIDIA's own S3Backend, in a writer that takes none: its files are in the manifest of the folder."""
    import omni.replicator.core as rep

    class OwnBucketWriter(rep.Writer):
        def __init__(self):
            self.annotators = ["rgb"]
            self.frame = 0
            self._backend = rep.backends.get("S3Backend")
            self._backend.initialize(
                bucket=BUCKET, key_prefix=output["prefix"], endpoint_url=proxy.endpoint, overwrite=True
            )

        def write(self, data):
            self._backend.schedule(self._backend.write_blob, f"own_{self.frame}.bin", b"x" * 9)
            self.frame += 1

    def register(app):
        rep.WriterRegistry.register(OwnBucketWriter)

    disk = {"kind": "disk", "directory": str(studio.folder), "folder": "own"}
    studio.prepare = register
    recorded = studio.record(disk, writer={"name": "OwnBucketWriter"}, frames=2)
    assert recorded.complete
    assert keys(s3, output["prefix"]) == ["own_0.bin", "own_1.bin"]
    listed = [line["path"] for line in manifest(files(recorded.folder))]
    assert listed == ["own_0.bin", "own_1.bin"]
