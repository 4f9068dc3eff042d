"""The place of one data set in a bucket: probed, chosen by its conflict policy, and cleared if nothing comes of it.

boto3 is imported where it is used: it comes with Isaac Sim, and elsewhere with the extra ``s3``.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from .config import S3Output
from .errors import OutputError
from .output import candidate_names

SIDECAR = "simslate"
_SAID = {
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret key is wrong",
    "AccessDenied": "these credentials may not write and delete there",
    "403": "these credentials may not write and delete there",
    "NoSuchBucket": "there is no such bucket",
    "404": "there is no such bucket",
    "RequestTimeTooSkewed": "the clocks of this machine and of the server differ too much",
}


class S3Prefix:
    """A prefix taken for one recording. Until ``keep()``, ``close()`` removes what was put there."""

    def __init__(self, output: S3Output, *, now: datetime | None = None) -> None:
        """Take the prefix that ``output`` asks for, after a probe. Raises OutputError with the reason if that fails."""
        self.output = output
        self._client = _client(output)
        self._written: set[str] = set()
        self._is_kept = False
        with _Said(output):
            _probe(self._client, output)
            self.prefix = self._take(now or datetime.now())
        self.journal_folder = Path(tempfile.mkdtemp(prefix="simslate-"))

    @property
    def location(self) -> str:
        """Where the data set is."""
        return f"s3://{self.output.bucket}/{self.prefix}"

    def write(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one of the files that describe the data set."""
        self._put(name, json.dumps(data, indent=2).encode() + b"\n")

    def publish(self, name: str) -> None:
        """Put a file of ``journal_folder``, where it has grown line by line as no object can, beside the data."""
        self._put(name, (self.journal_folder / name).read_bytes())

    def _put(self, name: str, body: bytes) -> None:
        key = f"{self.prefix}/{SIDECAR}/{name}"
        with _Said(self.output):
            self._client.put_object(Bucket=self.output.bucket, Key=key, Body=body)
        self._written.add(key)

    def keep(self) -> None:
        """Let what is there stay. What it replaces goes, now that this recording has begun."""
        self._is_kept = True
        if self.output.on_conflict == "overwrite":
            self._delete(key for key in self._keys() if key not in self._written)

    def close(self) -> None:
        """Remove what was put there, unless it is kept, and what was kept here meanwhile."""
        shutil.rmtree(self.journal_folder, ignore_errors=True)
        if not self._is_kept:
            self._delete(self._written)

    def _take(self, now: datetime) -> str:
        policy, wanted = self.output.on_conflict, self.output.prefix
        base, _, name = wanted.rpartition("/")
        for candidate in candidate_names(name, policy, now):
            prefix = f"{base}/{candidate}" if base else candidate
            if policy == "overwrite" or not self._is_there(f"{prefix}/"):
                break
            if policy == "resume":
                raise OutputError(f"s3://{self.output.bucket}/{prefix}: is there already, and only folders are resumed")
            if policy == "fail":
                raise OutputError(
                    f"s3://{self.output.bucket}/{prefix}: is there already; choose another or on_conflict"
                )
        if (
            policy == "overwrite"
            and self._is_there(f"{wanted}/")
            and not self._is_there(f"{wanted}/{SIDECAR}/job.json")
        ):
            raise OutputError(f"s3://{self.output.bucket}/{wanted}: is not a data set made by Simslate, so it stays")
        return prefix

    def _is_there(self, prefix: str) -> bool:
        found = self._client.list_objects_v2(Bucket=self.output.bucket, Prefix=prefix, MaxKeys=1)
        return bool(found.get("KeyCount"))

    def _keys(self) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.output.bucket, Prefix=f"{self.prefix}/"
        )
        return (each["Key"] for page in pages for each in page.get("Contents", ()))

    def _delete(self, keys: Iterable[str]) -> None:
        with _Said(self.output):
            for key in list(keys):
                self._client.delete_object(Bucket=self.output.bucket, Key=key)


def probe(output: S3Output) -> None:
    """Put, look at and delete an object where ``output`` is. OutputError says what is wrong if that fails."""
    with _Said(output):
        _probe(_client(output), output)


def _probe(client: Any, output: S3Output) -> None:
    place = {"Bucket": output.bucket, "Key": f"{output.prefix}/{SIDECAR}/.probe-{uuid4().hex}"}
    client.put_object(**place, Body=b"simslate")
    client.head_object(**place)
    client.delete_object(**place)


def _client(output: S3Output) -> Any:
    try:
        from boto3.session import Session
        from botocore.config import Config
    except ImportError as error:
        raise OutputError("S3 needs boto3: pip install 'simslate[s3]'") from error
    # A wrong address is to be told soon; the backend, which carries the data, has retries of its own.
    settings = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 2})
    # A session of its own: the default one keeps the credentials that it saw first.
    return Session().client("s3", endpoint_url=output.endpoint, region_name=output.region, config=settings)


class _Said:
    """Turns what boto3 raises into OutputError that says where and why."""

    def __init__(self, output: S3Output) -> None:
        self._where = f"s3://{output.bucket}/{output.prefix}" + (f" at {output.endpoint}" if output.endpoint else "")

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is None or not type(error).__module__.startswith(("botocore", "boto3")):
            return
        code = str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))
        said = _SAID.get(code) or f"{type(error).__name__}: {error}"
        raise OutputError(f"{self._where}: {said}") from error
