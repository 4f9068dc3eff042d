"""Our uploads against boto3's own: the same objects to the same server, in turn, with as many threads.

Ours go the way of a recording: ledger, Replicator's queue, and a backend that compares each object with what was sent.
The other is ``upload_fileobj`` with its defaults in a pool of threads, which is handed all objects at once and compares
nothing. Timed is from the first object handed over to the last one that is there; the clients are made before, and
what a recording costs once besides (probe, claim, its end) is told for itself. The bound is at least as many MB/s. CPU
is that of this process, and memory what it has at most beyond what it had before.
"""

import argparse
import asyncio
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import carb.settings
import omni.kit.app
import omni.replicator.core as rep
from simslate.recorder import S3Output
from simslate.recorder.dataset.book import Book
from simslate.recorder.dataset.ledger import LedgerBackend
from simslate.recorder.s3 import S3Prefix
from simslate.recorder.s3.backend import VerifiedS3Backend

Upload = Callable[[int, int], None]
"""Uploads so many objects of so many bytes."""
BUCKET, KEYS = "bench", ("bench", "benchsecret")
THREADS = 4
QUEUE_BYTES = 64 << 20
SETS = {"pictures": (300, 256 << 10), "arrays": (24, 4 << 20), "clouds": (4, 32 << 20), "scans": (2, 96 << 20)}
"""How many objects of how many bytes."""


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run an S3 server and yield its address."""
    rights = [{"name": KEYS[0], "credentials": [{"accessKey": KEYS[0], "secretKey": KEYS[1]}], "actions": ["Admin"]}]
    (folder / "users.json").write_text(json.dumps({"identities": rights}))
    names = [f"{part}.port{kind}" for part in ("s3", "master", "volume", "filer") for kind in ("", ".grpc")]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    weed = str(Path(sys.executable).with_name("weed"))
    command = [weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"]
    command += [f"-s3.config={folder}/users.json", "-volume.max=16", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += [*(f"-{name}={ports[name]}" for name in names)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        endpoint = f"http://127.0.0.1:{ports['s3.port']}"
        wait_for(endpoint)
        yield endpoint
    finally:
        process.kill()
        process.wait()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, no two of them equal."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def wait_for(endpoint: str) -> None:
    """Wait until the server takes an object."""
    os.environ.update(AWS_ACCESS_KEY_ID=KEYS[0], AWS_SECRET_ACCESS_KEY=KEYS[1], AWS_DEFAULT_REGION="us-east-1")
    end = time.monotonic() + 60
    while not is_ready(boto3.session.Session().client("s3", endpoint_url=endpoint)):
        if time.monotonic() > end:
            raise TimeoutError("the server does not start")
        time.sleep(0.25)


def is_ready(client: object) -> bool:
    """Return whether the bucket can be made and written to."""
    try:
        client.create_bucket(Bucket=BUCKET)  # type: ignore[attr-defined]  # boto3 makes its methods as it runs
        client.put_object(Bucket=BUCKET, Key="ready", Body=b"")  # type: ignore[attr-defined]
    except (BotoCoreError, ClientError):
        return False
    return True


def objects(count: int, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents; no two are equal."""
    base = os.urandom(size - 8)
    yield from ((f"object_{number:04d}", number.to_bytes(8, "big") + base) for number in range(count))


@contextmanager
def ours(endpoint: str, name: str) -> Iterator[Upload]:
    """Upload as a recording does."""
    prefix = S3Prefix(S3Output(bucket=BUCKET, prefix=name, endpoint=endpoint))

    def upload(count: int, size: int) -> None:
        book = Book(QUEUE_BYTES)
        backend = LedgerBackend(VerifiedS3Backend(prefix), book)
        for path, data in objects(count, size):
            backend.schedule(backend.write_blob, path, data)
        rep.backends.BaseBackend.wait_until_done()
        if book.failure is not None or prefix.failure is not None or len(book.sheet().files) != count:
            raise RuntimeError(f"not all was uploaded: {book.failure or prefix.failure}")

    yield upload
    prefix.keep()
    prefix.close()


@contextmanager
def theirs(endpoint: str, name: str) -> Iterator[Upload]:
    """Upload by boto3's ``upload_fileobj``."""
    client = boto3.session.Session().client("s3", endpoint_url=endpoint)

    def upload(count: int, size: int) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            calls = [
                pool.submit(client.upload_fileobj, io.BytesIO(data), BUCKET, f"{name}/{path}")
                for path, data in objects(count, size)
            ]
            for call in calls:
                call.result()

    yield upload


class Peak:
    """The most memory that the process has while this runs, beyond what it had before, in MB."""

    def __init__(self) -> None:
        self._before = self._most = self._now()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """End, and return it."""
        self._stopped.set()
        self._thread.join()
        return (self._most - self._before) / 1e6

    def _work(self) -> None:
        while not self._stopped.wait(0.01):
            self._most = max(self._most, self._now())

    @staticmethod
    def _now() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def row_of(kind: str, repeat: int, endpoint: str) -> dict[str, float | str]:
    """Upload the objects of ``kind`` both ways: MB/s, CPU seconds, peak MB, and seconds around it."""
    row: dict[str, float | str] = {"kind": kind}
    count, size = SETS[kind]
    # Who goes first changes, so that what drifts in the machine meets both.
    ways = (("ours", ours), ("theirs", theirs))
    for who, way in ways if repeat % 2 else ways[::-1]:
        entered = time.perf_counter()
        with way(endpoint, f"{kind}_{who}_{repeat + 1}") as upload:
            peak, cpu, began = Peak(), time.process_time(), time.perf_counter()
            upload(count, size)
            seconds = time.perf_counter() - began
            row[who], row[f"{who} CPU"] = count * size / 1e6 / seconds, time.process_time() - cpu
            row[f"{who} MB"] = peak.stop()
        row[f"{who} besides"] = time.perf_counter() - entered - seconds
    return row


def run(repeats: int) -> list[dict[str, float | str]]:
    """Return a row for each kind of objects and repeat; a first pair of each warms up and is not counted."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as endpoint:
        rows = [(repeat, row_of(kind, repeat, endpoint)) for kind in SETS for repeat in range(-1, repeats)]
    return [row for repeat, row in rows if repeat >= 0]


async def main(argv: list[str]) -> None:
    """Print a table, and write it as JSON if asked; the exit code is 1 where the bound is missed."""
    parser = argparse.ArgumentParser(prog="tools/bench/s3", description=__doc__)
    parser.add_argument("--repeats", type=int, default=2, metavar="N", help="how often each is uploaded (2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file too")
    options = parser.parse_args(argv)
    carb.settings.get_settings().set("/omni/replicator/backend/writeThreads", THREADS)
    rows = run(options.repeats)
    heads = [f"{who}{what}" for what in ("", " CPU", " MB", " besides") for who in ("ours", "theirs")]
    print("objects   " + "".join(f"{head:>15}" for head in heads) + "   (MB/s, s, peak MB, s)")
    for row in rows:
        print(f"{row['kind']:<10}" + "".join(f"{row[head]:15.2f}" for head in heads))
    ratios = {
        kind: median(float(row["ours"]) / float(row["theirs"]) for row in rows if row["kind"] == kind) for kind in SETS
    }
    print(
        "ratios of MB/s, medians: " + ", ".join(f"{kind} {ratio:.2f}" for kind, ratio in ratios.items()) + "; bound 1"
    )
    if options.json:
        options.json.write_text(json.dumps({"ratios": ratios, "rows": rows}, indent=2) + "\n")
    omni.kit.app.get_app().post_quit(int(min(ratios.values()) < 1))


if __name__ == "__main__":
    # The loop itself holds tasks weakly only.
    tasks = [asyncio.ensure_future(main(sys.argv[1:]))]
