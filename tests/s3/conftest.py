"""A real S3 server on loopback, with a user who may do all in one bucket and one who may only read."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

boto3 = pytest.importorskip("boto3")
from botocore.config import Config  # noqa: E402
from botocore.exceptions import BotoCoreError, ClientError  # noqa: E402

from .proxy import Proxy  # noqa: E402

BUCKET = "sets"
WRITER, READER = ("writer", "writersecret"), ("reader", "readersecret")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def command():
    """The server's program, which its wheel puts beside Python."""
    found = Path(sys.executable).with_name("weed")
    if not found.exists():
        pytest.skip("the S3 server for tests is not installed")
    return str(found)


def users():
    rights = {WRITER: ["Admin"], READER: ["Read", "List"]}
    return {
        "identities": [
            {"name": key, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}
            for (key, secret), actions in rights.items()
        ]
    }


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s3")
    (folder / "users.json").write_text(json.dumps(users()))
    # Where none is given, the ports of its inner calls are 10,000 above, which may be no port at all.
    parts = ("s3", "master", "volume", "filer")
    ports = {f"{part}.port{kind}": free_port() for part in parts for kind in ("", ".grpc")}
    arguments = [
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-s3",
        f"-s3.config={folder}/users.json",
    ]
    arguments += ["-s3.autoCreateBucket=false", "-volume.max=4", *(f"-{name}={port}" for name, port in ports.items())]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([command(), *arguments], stdout=log, stderr=log, cwd=folder)
    try:
        yield wait_for(f"http://127.0.0.1:{ports['s3.port']}", server, folder / "log")
    finally:
        server.kill()
        server.wait()


def wait_for(endpoint, server, log):
    client = connect(endpoint, WRITER)
    for _ in range(120):
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"")
            return endpoint
        except (BotoCoreError, ClientError):
            assert server.poll() is None, log.read_text()[-2000:]
            time.sleep(0.25)
    raise AssertionError(log.read_text()[-2000:])


def connect(endpoint, user):
    settings = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 0})
    keys = {"aws_access_key_id": user[0], "aws_secret_access_key": user[1]}
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=settings, **keys)


@pytest.fixture
def s3(endpoint, monkeypatch):
    """A client that may do all, whose credentials the process has, too."""
    credentials(monkeypatch, WRITER)
    return connect(endpoint, WRITER)


def credentials(monkeypatch, user):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", user[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", user[1])
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def proxy(endpoint):
    made = Proxy(endpoint)
    yield made
    made.close()
