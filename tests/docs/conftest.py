"""What pages take for granted, and what takes time: made once."""

import shutil

import pytest

from ..s3.conftest import WRITER, connect
from ..s3.conftest import endpoint as endpoint
from .checkout import Checkout


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """A recording of all that BasicWriter has, two small frames; its folder."""
    checkout = Checkout(tmp_path_factory.mktemp("recorded"))
    checkout.shrink()
    checkout.type("tools/simslate record config/everything.json --output DIR --frames 2")
    return checkout.folder / "DIR"


@pytest.fixture
def checkout(tmp_path, recorded):
    """A working copy with small jobs, and with the files that usage lines name."""
    made = Checkout(tmp_path)
    made.shrink()
    made.write_named_files()
    shutil.copytree(recorded, made.folder / "DIR")
    yield made
    # Whole copies of the project, with what was recorded in them, would soon be gigabytes.
    shutil.rmtree(made.folder)


@pytest.fixture
def with_bucket(endpoint, checkout):
    """Let what is typed find a server with a bucket, and a recording in that."""
    client = connect(endpoint, WRITER)
    if "data" not in [each["Name"] for each in client.list_buckets()["Buckets"]]:
        client.create_bucket(Bucket="data")
    keys = {"AWS_ACCESS_KEY_ID": WRITER[0], "AWS_SECRET_ACCESS_KEY": WRITER[1]}
    where = {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    checkout.environment |= {**keys, **where}
    checkout.type("tools/simslate record JOB.json --output s3://data/sets/tabletop --on-conflict overwrite")
