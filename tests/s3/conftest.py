"""A real S3 server on loopback, with a user who may do all in one bucket and one who may only read."""

import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

boto3 = pytest.importorskip("boto3")
from botocore.config import Config  # noqa: E402
from botocore.exceptions import BotoCoreError, ClientError  # noqa: E402

from .proxy import Proxy  # noqa: E402

BUCKET = "sets"
WRITER, READER = ("writer", "writersecret"), ("reader", "readersecret")


def free_ports(count):
    """Ports that nobody listens on, no two of them equal."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


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


class Server:
    """A server with its data in a folder; it can be killed and started again at the same address."""

    def __init__(self, folder):
        self.folder = folder
        self.process = None
        # Where none is given, the ports of its inner calls are 10,000 above, which may be no port at all.
        parts = ("s3", "master", "volume", "filer")
        names = [f"{part}.port{kind}" for part in parts for kind in ("", ".grpc")]
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.endpoint = f"http://127.0.0.1:{self.ports['s3.port']}"
        (folder / "users.json").write_text(json.dumps(users()))

    def start(self):
        arguments = ["server", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"]
        arguments += [f"-s3.config={self.folder}/users.json", "-s3.autoCreateBucket=false", "-volume.max=4"]
        # Two more that it would have at fixed ports, so that a second server on the machine ends at once.
        arguments += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
        arguments += [f"-{name}={port}" for name, port in self.ports.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([command(), *arguments], stdout=log, stderr=log, cwd=self.folder)

    def wait(self):
        """Wait until it takes an object; the bucket is made if it is not there."""
        client = connect(self.endpoint, WRITER)
        for _ in range(240):
            try:
                if BUCKET not in [each["Name"] for each in client.list_buckets()["Buckets"]]:
                    client.create_bucket(Bucket=BUCKET)
                client.put_object(Bucket=BUCKET, Key="ready", Body=b"")
                return
            except (BotoCoreError, ClientError):
                assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.25)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("s3"))
    server.start()
    try:
        server.wait()
        yield server.endpoint
    finally:
        server.kill()


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
