"""Objects put into a bucket, each compared with what was sent, and tried again while that may help."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from typing import Any, TypeVar

from .body import Body
from .client import MangledError, code_of, insist, s3_errors

T = TypeVar("T")

MULTIPART = 64 << 20
"""From this size on an object goes in parts: what is to be sent again is a part then, and not all of it. Below, two
more requests and another sum would cost more than that is worth: the one of the manifest is of the whole."""
PART = 16 << 20
_PARTS_AT_ONCE = 2
_THREADS = 8


@dataclass(frozen=True)
class Limits:
    """How long what is waited for, in seconds."""

    retry: float = 120.0
    """For a server that does not answer, or is busy, before a file is given up."""

    lease: float = 60.0
    """For a recording that gives no sign of life, before another one may go on with its data set."""

    journal: float = 5.0
    """Between two objects with what the journal has got meanwhile."""


class Uploader:
    """Puts objects into one bucket. May be used by any number of threads."""

    def __init__(self, client: Any, bucket: str, seconds: float) -> None:
        """``seconds`` is for how long a failure that may pass is tried again."""
        self.client = client
        self.bucket = bucket
        self._seconds = seconds
        self.stopped = threading.Event()
        """Set when nothing is to be tried again any more."""

    def put(self, key: str, data: bytes, digest: str | None = None, **conditions: str) -> str:
        """Put ``data`` under ``key`` and return its ETag, once the server has said that it has just that.

        ``digest`` is the SHA-256 of ``data`` in hexadecimal, if that is known; ``conditions`` are ``IfMatch`` or
        ``IfNoneMatch``. Raises what boto3 raises, or MangledError.
        """
        if len(data) >= MULTIPART:
            return self._put_parts(key, data)
        sum_ = checksum(data) if digest is None else base64.b64encode(bytes.fromhex(digest)).decode()

        asks = _later()

        def once() -> str:
            place = {"Bucket": self.bucket, "Key": key}
            body = Body(data, asks=next(asks))
            answer = self.client.put_object(**place, Body=body, ChecksumSHA256=sum_, **conditions)
            self._compare(answer, key, data, sum_)
            return str(answer["ETag"])

        return self._insist(once)

    def get(self, key: str) -> tuple[bytes, Mapping[str, Any]]:
        """Return an object's bytes and what else the server says of it."""

        def once() -> tuple[bytes, Mapping[str, Any]]:
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
            return answer["Body"].read(), answer

        return self._insist(once)

    def find(self, key: str) -> tuple[bytes, Mapping[str, Any]] | None:
        """Return what ``get`` does, or None if there is no such object."""
        try:
            return self.get(key)
        except s3_errors() as error:
            if code_of(error) in ("NoSuchKey", "404"):
                return None
            raise

    def listed(self, prefix: str) -> Iterator[Mapping[str, Any]]:
        """Yield what the server lists of each object whose key begins with ``prefix``: Key, Size, ETag."""
        token: dict[str, str] = {}
        while True:
            call = partial(self.client.list_objects_v2, Bucket=self.bucket, Prefix=prefix, **token)
            page = self._insist(call)
            yield from page.get("Contents", ())
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def copy(self, key: str, to: str) -> None:
        """Have the server copy an object of its own."""
        source = {"Bucket": self.bucket, "Key": key}
        self._insist(partial(self.client.copy_object, Bucket=self.bucket, Key=to, CopySource=source))

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects."""
        self.each(lambda key: self._insist(partial(self.client.delete_object, Bucket=self.bucket, Key=key)), keys)

    def each(self, call: Callable[[T], object], things: Iterable[T]) -> None:
        """Call with each of ``things`` on a few threads. Raises the first failure, when the others have ended."""
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(call, things):
                pass

    def forget_parts(self, prefix: str) -> None:
        """Have the server drop the parts of objects that were never finished, where it can tell."""
        with suppress(*s3_errors()):
            for each in self.unfinished(prefix):
                self.client.abort_multipart_upload(Bucket=self.bucket, Key=each["Key"], UploadId=each["UploadId"])

    def unfinished(self, prefix: str) -> list[Mapping[str, Any]]:
        """Return what the server says of each object that is being sent in parts, or never was sent to its end."""
        pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=prefix)
        return [each for page in pages for each in page.get("Uploads", ())]

    def _insist(self, call: Callable[[], T]) -> T:
        return insist(call, self._seconds, self.stopped)

    def _compare(self, answer: Mapping[str, Any], key: str, data: bytes, sum_: str) -> None:
        """Raise MangledError unless the server has ``data``: by its own sum, by its ETag, or at least by its size."""
        told, sent = _sums(answer, data, sum_)
        if told is None:
            self._compare_size(key, len(data))
        elif told != sent:
            raise MangledError(f"{key}: the server has the checksum {told}, and {sent} was sent")

    def _compare_size(self, key: str, size: int) -> str:
        answer = self.client.head_object(Bucket=self.bucket, Key=key)
        if answer["ContentLength"] != size:
            raise MangledError(f"{key}: the server has {answer['ContentLength']} bytes, and {size} were sent")
        return str(answer["ETag"])

    def _put_parts(self, key: str, data: bytes) -> str:
        place = {"Bucket": self.bucket, "Key": key}
        create = partial(self.client.create_multipart_upload, **place, ChecksumAlgorithm="SHA256")
        place["UploadId"] = self._insist(create)["UploadId"]
        with ExitStack() as undo:
            undo.callback(self._abort, place)
            with ThreadPoolExecutor(_PARTS_AT_ONCE) as pool:
                numbers = range(1, -(-len(data) // PART) + 1)
                parts = list(pool.map(lambda number: self._put_part(place, number, data), numbers))
            tag = self._insist(partial(self._complete, place, parts, len(data)))
            undo.pop_all()
        return tag

    def _abort(self, place: Mapping[str, str]) -> None:
        # The server forgets the parts sooner or later; why they are of no use is what is to be told.
        with suppress(*s3_errors()):
            self.client.abort_multipart_upload(**place)

    def _put_part(self, place: Mapping[str, str], number: int, data: bytes) -> dict[str, Any]:
        part = memoryview(data)[(number - 1) * PART : number * PART]
        sum_, asks = checksum(part), _later()

        def once() -> dict[str, Any]:
            body = Body(part, asks=next(asks))
            answer = self.client.upload_part(**place, PartNumber=number, Body=body, ChecksumSHA256=sum_)
            told, sent = _sums(answer, part, sum_)
            if told not in (None, sent):
                raise MangledError(f"{place['Key']}: the server has another part {number} than was sent")
            sums = {"ChecksumSHA256": sum_} if "ChecksumSHA256" in answer else {}
            return {"ETag": answer["ETag"], "PartNumber": number, **sums}

        return self._insist(once)

    def _complete(self, place: Mapping[str, str], parts: list[dict[str, Any]], size: int) -> str:
        try:
            self.client.complete_multipart_upload(**place, MultipartUpload={"Parts": parts})
        except s3_errors() as error:
            # An answer that got lost: the first try did it.
            if code_of(error) != "NoSuchUpload":
                raise
        return self._compare_size(place["Key"], size)


def _sums(answer: Mapping[str, Any], data: bytes | memoryview, sum_: str) -> tuple[str | None, str]:
    """Return the sum that the server tells of ``data``, None if it tells none, and the one that was sent."""
    if "ChecksumSHA256" not in answer and is_md5(answer):
        return answer["ETag"].strip('"'), md5(data).hexdigest()
    return answer.get("ChecksumSHA256"), sum_


def _later() -> Iterator[bool]:
    """Yield False, then True: whether a try asks first. If the first is refused, why is heard at the second."""
    return chain((False,), repeat(True))


def checksum(data: bytes | memoryview) -> str:
    """Return the SHA-256 of ``data`` as S3 writes it."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def is_md5(answer: Mapping[str, Any]) -> bool:
    """Return whether an ETag is the MD5 of the content, which it is not where the server encrypts with other keys."""
    is_encrypted = answer.get("SSEKMSKeyId") or answer.get("SSECustomerAlgorithm")
    return not is_encrypted and re.fullmatch("[0-9a-f]{32}", str(answer.get("ETag", "")).strip('"')) is not None


def md5(data: bytes | memoryview) -> Any:
    """Return the MD5 of ``data``, which says whether something was changed by accident."""
    return hashlib.md5(data, usedforsecurity=False)


def etag(data: bytes) -> str:
    """Return the ETag that ``data`` has when an Uploader has put it and the server does not encrypt it."""
    if len(data) < MULTIPART:
        return str(md5(data).hexdigest())
    view = memoryview(data)
    sums = [md5(view[start : start + PART]).digest() for start in range(0, len(data), PART)]
    return f"{md5(b''.join(sums)).hexdigest()}-{len(sums)}"
