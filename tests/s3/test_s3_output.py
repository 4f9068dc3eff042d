"""A data set in a bucket of a real server: probed, chosen by its policy, whole, and the reasons where it cannot be."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from botocore.exceptions import ClientError
from pxr import UsdGeom

import omni.usd
from omni.kit.app import App
from simslate.recorder import DiskOutput, GroupOutput, Job, OutputError, Recorder, S3Output
from simslate.recorder.output_pair import OutputPair
from simslate.recorder.s3 import Limits, S3Prefix, probe
from simslate.recorder.s3.uploader import Uploader

from .conftest import BUCKET, READER, credentials
from .recordings import wait_until

NOW = datetime(2026, 1, 2, 3, 4, 5)


@pytest.fixture
def output(endpoint, request):
    def make(policy="fail", prefix=None, **changes):
        values = {"bucket": BUCKET, "prefix": prefix or f"tests/{request.node.name}", "endpoint": endpoint}
        return S3Output(**{**values, "on_conflict": policy, **changes})

    return make


def keys(s3, prefix):
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", ())]


def test_a_probe_leaves_nothing(s3, output):
    probe(output())
    assert keys(s3, output().prefix) == []


@pytest.mark.parametrize(
    ("user", "changes", "said"),
    [
        (("nobody", "nothing"), {}, "the access key is not known there"),
        (("writer", "not-the-one"), {}, "the secret key is wrong"),
        (READER, {}, "these credentials may not write and delete there"),
        (("writer", "writersecret"), {"bucket": "no-such-bucket"}, "there is no such bucket"),
        (("writer", "writersecret"), {"endpoint": "http://127.0.0.1:9"}, "EndpointConnectionError"),
    ],
)
def test_what_is_wrong_is_said(output, monkeypatch, user, changes, said):
    credentials(monkeypatch, user)
    with pytest.raises(OutputError) as caught:
        probe(output(**changes))
    assert str(caught.value).startswith("s3://")
    assert said in str(caught.value)
    assert user[1] not in str(caught.value)


def taken(s3, output, policy):
    """The name of the prefix taken, and the keys left when nothing comes of it."""
    prefix = S3Prefix(output(policy), now=NOW)
    prefix.write("job.json", {})
    prefix.close()
    return prefix.prefix.rpartition("/")[2].removeprefix(output().prefix.rpartition("/")[2])


def test_policies_name_the_prefix_as_they_name_folders(s3, output):
    assert taken(s3, output, "fail") == ""
    s3.put_object(Bucket=BUCKET, Key=f"{output().prefix}/a.png", Body=b"a")
    with pytest.raises(OutputError, match="is there already"):
        S3Prefix(output("fail"))
    with pytest.raises(OutputError, match="is not a data set made by Simslate, so it cannot be resumed"):
        S3Prefix(output("resume"))
    assert taken(s3, output, "increment") == "_0001"
    assert taken(s3, output, "timestamp") == "_2026-01-02_03-04-05"
    with pytest.raises(OutputError, match="is not a data set made by Simslate"):
        S3Prefix(output("overwrite"))
    assert keys(s3, output().prefix) == [f"{output().prefix}/a.png"]


def test_overwriting_removes_the_old_data_set_once_the_new_one_has_begun(s3, output):
    old = output().prefix
    for name in ("simslate/job.json", "simslate/report.json", "rgb_0000.png"):
        s3.put_object(Bucket=BUCKET, Key=f"{old}/{name}", Body=b"old")
    before = keys(s3, old)
    prefix = S3Prefix(output("overwrite"))
    assert [key for key in keys(s3, old) if not key.endswith("claim.json")] == before
    prefix.write("job.json", {"new": True})
    prefix.keep()
    prefix.close()
    assert keys(s3, old) == [f"{old}/simslate/job.json"]
    assert json.loads(s3.get_object(Bucket=BUCKET, Key=f"{old}/simslate/job.json")["Body"].read()) == {"new": True}


def test_what_was_being_overwritten_can_be_overwritten_again(s3, output, proxy):
    old = output().prefix
    for name in ("simslate/job.json", "simslate/report.json", "simslate/frames.jsonl", "rgb_0000.png"):
        s3.put_object(Bucket=BUCKET, Key=f"{old}/{name}", Body=b"{}")
    proxy.fault = lambda method, path, number: 403 if method == "PUT" and path.endswith("job.json") else None
    killed = S3Prefix(output("overwrite", endpoint=proxy.endpoint), limits=Limits(retry=0.5))
    killed.write("job.json", {})
    with pytest.raises(OutputError):
        killed.keep()
    killed.close()
    assert sorted(key.removeprefix(f"{old}/") for key in keys(s3, old) if not key.endswith("claim.json")) == [
        "rgb_0000.png",
        "simslate/job.json",
    ]
    again = S3Prefix(output("overwrite"), limits=Limits(lease=0.0))
    again.write("job.json", {})
    again.keep()
    again.close()
    assert keys(s3, old) == [f"{old}/simslate/job.json"]


def test_without_conditional_puts_the_last_to_claim_has_it(s3, output, monkeypatch):
    real = Uploader.put

    def put(self, key, data, digest=None, **conditions):
        if conditions:
            raise ClientError({"Error": {"Code": "NotImplemented"}}, "PutObject")
        return real(self, key, data, digest)

    monkeypatch.setattr(Uploader, "put", put)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: taken_or_error(output("fail")), range(2)))
    (won,) = [each for each in results if isinstance(each, S3Prefix)]
    with pytest.raises(OutputError, match=r"is there already|another"):
        S3Prefix(output("resume"))
    won.write("job.json", {})
    won.keep()
    won.close()
    assert keys(s3, output().prefix) == [f"{output().prefix}/simslate/job.json"]


def taken_or_error(output):
    try:
        return S3Prefix(output)
    except OutputError as error:
        return error


@pytest.mark.usefixtures("s3")
def test_a_pair_sets_apart_in_its_folder_what_a_killed_recording_has_left(output, tmp_path):
    disk = DiskOutput(directory=tmp_path, folder="set", on_conflict="resume")
    both = GroupOutput(disk=disk, s3=output("resume"))
    first = OutputPair(both)
    first.write("job.json", {})
    first.keep()
    for name in ("listed.png", "strange.png", ".half.png.part"):
        (first.path / name).write_bytes(b"left")
    first.close()
    second = OutputPair(both)
    assert (second.is_resumed, second.was_whole) == (True, False)
    second.remove_parts()
    second.set_apart(["listed.png"])
    assert sorted(path.name for path in second.path.iterdir()) == ["listed.png", "simslate"]
    assert second.settle() == ["strange.png"]
    second.close()


@pytest.mark.usefixtures("s3")
def test_what_was_whole_is_told_when_it_is_taken_and_not_once_it_is_whole(output):
    first = S3Prefix(output())
    first.write("job.json", {})
    first.keep()
    first.write("report.json", {})
    assert not first.was_whole
    first.close()
    second = S3Prefix(output("resume"))
    assert (second.is_resumed, second.was_whole) == (True, True)
    second.close()


def test_a_recording_is_in_the_bucket_as_it_would_be_in_a_folder(s3, endpoint, tmp_path):
    data = {
        "version": 1,
        "render_products": [{"camera": "/World/Camera", "resolution": [16, 9]}],
        "writer": {"name": "BasicWriter", "parameters": {"rgb": True, "distance_to_camera": True}},
        "frames": 2,
    }
    with App(data_dir=tmp_path / "user") as app:
        omni.usd.get_context().new_stage()
        stage = omni.usd.get_context().get_stage()
        UsdGeom.Camera.Define(stage, "/World/Camera")
        UsdGeom.XformCommonAPI(UsdGeom.Cube.Define(stage, "/World/Box")).SetTranslate((0, 0, -9))
        places = []
        for kind in (
            {"kind": "s3", "bucket": BUCKET, "prefix": "tests/whole", "endpoint": endpoint},
            {"kind": "disk", "directory": "out", "folder": "set"},
        ):
            job = Job.from_json({**data, "output": kind}, tmp_path / "job.json")
            places.append(app.run(Recorder().record(job)).folder)
    assert places == [f"s3://{BUCKET}/tests/whole", tmp_path / "out/set"]
    files = {
        path.relative_to(places[1]).as_posix(): path.read_bytes() for path in places[1].rglob("*") if path.is_file()
    }
    objects = {key.removeprefix("tests/whole/"): key for key in keys(s3, "tests/whole/")}
    assert set(objects) == set(files)
    for name, content in files.items():
        assert s3.get_object(Bucket=BUCKET, Key=objects[name])["Body"].read() == content, name


def test_of_many_at_the_same_moment_one_wins(s3, output):
    """Each has folders of its own, as on machines of their own."""

    def take(_):
        ready.wait()
        try:
            return S3Prefix(output("fail"))
        except OutputError as error:
            return error

    ready = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(take, range(4)))
    (won,) = [each for each in results if isinstance(each, S3Prefix)]
    assert all("another" in str(each) or "is there already" in str(each) for each in results if each is not won)
    won.close()
    assert keys(s3, output().prefix) == []


def test_a_claim_that_was_taken_over_ends_the_recording(s3, output, tmp_path):
    prefix = S3Prefix(output(), spools=tmp_path, limits=Limits(lease=0.4, journal=0.1))
    prefix.write("job.json", {})
    prefix.keep()
    s3.put_object(Bucket=BUCKET, Key=f"{prefix.prefix}/simslate/claim.json", Body=b'{"run": "other"}')
    wait_until(lambda: prefix.failure is not None, 10)
    assert "another recording has taken it over" in str(prefix.failure)
    prefix.close()
