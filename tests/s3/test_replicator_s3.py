"""Replicator's own ways into a bucket: BackendDispatch and the writers' S3 parameters."""

import numpy as np
import pytest

import omni.replicator.core as rep
from omni.kit.app import App

from .conftest import BUCKET


@pytest.fixture
def app(tmp_path):
    with App(data_dir=tmp_path) as running:
        yield running


def keys(s3, prefix):
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    return sorted(each["Key"].removeprefix(f"{prefix}/") for each in found)


@pytest.mark.parametrize("form", ["keywords", "config"])
def test_a_dispatch_writes_to_a_bucket(s3, endpoint, app, form):
    prefix = f"dispatch-{form}"
    if form == "keywords":
        backend = rep.BackendDispatch(bucket=BUCKET, key_prefix=prefix, endpoint_url=endpoint, region="us-east-1")
    else:
        paths = {"s3_bucket": BUCKET, "out_dir": prefix, "s3_endpoint_url": endpoint, "s3_region": "us-east-1"}
        backend = rep.BackendDispatch({"use_s3": True, "paths": paths})
    backend.write_image("a.png", np.zeros((2, 3, 4), np.uint8))
    backend.write_array("a.npy", np.zeros(3))
    backend.write_exr("a.exr", np.zeros((2, 3), np.float32))
    backend.write_blob("a.bin", b"x")
    backend.wait_until_done()
    assert backend.output_dir == prefix
    assert keys(s3, prefix) == ["a.bin", "a.exr", "a.npy", "a.png"]


def test_a_writers_s3_parameters(s3, endpoint, app):
    writer = rep.writers.get("BasicWriter")
    writer.initialize(output_dir="basic", s3_bucket=BUCKET, s3_region="us-east-1", s3_endpoint=endpoint, rgb=True)
    writer.write_metadata()
    writer.backend.wait_until_done()
    assert keys(s3, "basic") == ["metadata.txt"]
