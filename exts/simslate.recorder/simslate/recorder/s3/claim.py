"""The object that says which recording has a prefix: there is one winner, and the dead do not hold it for ever."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from email.utils import parsedate_to_datetime

from .client import code_of, s3_errors
from .uploader import Uploader

_LOST = ("PreconditionFailed", "412", "ConditionalRequestConflict", "409")
_UNKNOWN = ("NotImplemented", "501")
_SETTLED_S = 1.5
"""Where a server has no conditional puts: after so long, whoever is last has it."""


class Claim:
    """A claim that was taken by ``run``."""

    def __init__(self, uploader: Uploader, key: str, run: str, etag: str | None) -> None:
        self.before: str | None = None
        """The recording that had it before, if it has left it."""
        self._uploader = uploader
        self._key = key
        self._run = run
        self._etag = etag
        """None where the server has no conditional puts."""

    @classmethod
    def take(cls, uploader: Uploader, key: str, run: str, *, lease: float, dead: Collection[str] = ()) -> Claim | None:
        """Take the claim at ``key``; None if another recording has it, and has given a sign of life in ``lease`` s.

        ``dead`` are recordings that are known to have ended: they are not waited for.
        """
        found = uploader.find(key)
        if found is None:
            return cls._take_if(uploader, key, run, IfNoneMatch="*")
        body, answer = found
        now = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        before = _run_of(body)
        if (now - answer["LastModified"]).total_seconds() < lease and before not in dead:
            return None
        taken = cls._take_if(uploader, key, run, IfMatch=answer["ETag"])
        if taken is not None:
            taken.before = before
        return taken

    @classmethod
    def _take_if(cls, uploader: Uploader, key: str, run: str, **condition: str) -> Claim | None:
        try:
            return cls(uploader, key, run, uploader.put(key, _body(run), **condition))
        except s3_errors() as error:
            if code_of(error) in _UNKNOWN:
                return cls._take_last(uploader, key, run)
            if code_of(error) not in (*_LOST, "NoSuchKey", "404"):
                raise
        # The answer to a first try may have got lost, and what the second met is our own claim.
        etag = _etag_of(uploader, key, run)
        return None if etag is None else cls(uploader, key, run, etag)

    @classmethod
    def _take_last(cls, uploader: Uploader, key: str, run: str) -> Claim | None:
        uploader.put(key, _body(run))
        time.sleep(_SETTLED_S)
        return cls(uploader, key, run, None) if _etag_of(uploader, key, run) else None

    def renew(self) -> bool:
        """Give a sign of life. False if another recording has taken the claim over."""
        if self._etag is None:
            is_ours = _etag_of(self._uploader, self._key, self._run) is not None
            return is_ours and bool(self._uploader.put(self._key, _body(self._run)))
        try:
            self._etag = self._uploader.put(self._key, _body(self._run), IfMatch=self._etag)
        except s3_errors() as error:
            if code_of(error) not in (*_LOST, "NoSuchKey", "404"):
                raise
            return _etag_of(self._uploader, self._key, self._run) is not None
        return True

    def drop(self) -> None:
        """Let others have the prefix."""
        if _etag_of(self._uploader, self._key, self._run):
            self._uploader.delete([self._key])


def _body(run: str) -> bytes:
    return json.dumps({"run": run}).encode() + b"\n"


def _run_of(body: bytes) -> str | None:
    try:
        return str(json.loads(body)["run"])
    except (ValueError, KeyError, TypeError):
        return None


def _etag_of(uploader: Uploader, key: str, run: str) -> str | None:
    found = uploader.find(key)
    return str(found[1]["ETag"]) if found is not None and _run_of(found[0]) == run else None
