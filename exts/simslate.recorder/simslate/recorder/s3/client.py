"""The client for a bucket, what its errors mean, and how long they are worth another try."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from ..errors import OutputError
from ..outputs import S3Output

T = TypeVar("T")

_SAID = {
    "InvalidAccessKeyId": "the access key is not known there",
    "SignatureDoesNotMatch": "the secret key is wrong",
    "AccessDenied": "these credentials may not write and delete there",
    "403": "these credentials may not write and delete there",
    "NoSuchBucket": "there is no such bucket",
    "404": "there is no such bucket",
    "RequestTimeTooSkewed": "the clocks of this machine and of the server differ too much",
    "ExpiredToken": "the credentials have expired",
    "NoCredentialsError": "no credentials were found in environment, profile or role",
    "PartialCredentialsError": "the credentials found are not complete",
    "ProfileNotFound": "there is no such profile",
}
_PASSING = ("BadDigest", "InternalError", "RequestTimeout", "ServiceUnavailable", "SlowDown", "Throttling")
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 8.0


class MangledError(Exception):
    """The server says that it has something else than what was sent."""


def connect(output: S3Output) -> Any:
    """Return a client for where ``output`` is. OutputError without boto3, or without what the job names."""
    try:
        from boto3.session import Session
        from botocore.config import Config
    except ImportError as error:
        raise OutputError("S3 needs boto3: pip install 'simslate[s3]'") from error
    styles = {None: "auto", True: "path", False: "virtual"}
    settings = Config(
        connect_timeout=5,
        read_timeout=20,
        # Tries are counted here, where their time is bounded as a whole.
        retries={"total_max_attempts": 1},
        max_pool_connections=32,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # Each put has its checksum among the headers, which are signed: to hash the body again would add nothing.
        s3={"addressing_style": styles[output.path_style], "payload_signing_enabled": False},
    )
    with Said(output):
        # A session of its own: the default one keeps the credentials that it saw first.
        session = Session(profile_name=output.profile, region_name=output.region)
        client = session.client("s3", endpoint_url=output.endpoint, config=settings)
    client.meta.events.register_last("before-call.s3", _ask_nothing)
    return client


def _ask_nothing(params: Any, **_: Any) -> None:
    """Send a body at once that does not ask first: to wait for "100 Continue" is a way there and back more."""
    if not getattr(params.get("body"), "asks", True):
        params["headers"].pop("Expect", None)


def code_of(error: BaseException) -> str:
    """Return the server's code for ``error``, or the name of its class if the server said nothing."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return str(code or type(error).__name__)


def is_passing(error: BaseException) -> bool:
    """Return whether the same call may go well a little later."""
    if isinstance(error, MangledError):
        return True
    if not is_s3(error):
        return False
    response = getattr(error, "response", None)
    if isinstance(response, dict) and "ResponseMetadata" in response:
        status = response["ResponseMetadata"].get("HTTPStatusCode", 0)
        # 501 is what a server says of what it will never do.
        return code_of(error) in _PASSING or status == 429 or (status >= 500 and status != 501)
    from botocore import exceptions
    from botocore.parsers import ResponseParserError

    broken = (exceptions.ConnectionError, exceptions.HTTPClientError, exceptions.IncompleteReadError)
    return isinstance(error, (*broken, ResponseParserError))


def s3_errors() -> tuple[type[Exception], ...]:
    """Return what calls to a server raise: errors of botocore, which cannot be named where it may be missing."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    return BotoCoreError, ClientError, ResponseParserError, MangledError


def is_s3(error: BaseException) -> bool:
    """Return whether boto3 raised ``error``."""
    return type(error).__module__.partition(".")[0] in ("botocore", "boto3", "s3transfer")


def insist(call: Callable[[], T], seconds: float, stopped: threading.Event) -> T:
    """Return what ``call`` returns, tried again after each failure that may pass until ``seconds`` are over.

    The waits double, and are random below that, so that many clients do not come back all at once. Raises the last
    failure; at once, if ``stopped`` is set.
    """
    end = time.monotonic() + seconds
    for tries in count():
        wait = random.uniform(0.1, 1.0) * min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(tries, 10))  # noqa: S311
        try:
            return call()
        except s3_errors() as error:
            if not is_passing(error) or time.monotonic() + wait > end or stopped.wait(wait):
                raise
    raise AssertionError("count() ends")


class Said:
    """Turns what boto3 raises into OutputError that says where and why."""

    def __init__(self, output: S3Output) -> None:
        self._where = f"s3://{output.bucket}/{output.prefix}" + (f" at {output.endpoint}" if output.endpoint else "")

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is not None and (is_s3(error) or isinstance(error, MangledError)):
            raise self.told(error) from error

    def told(self, error: BaseException) -> OutputError:
        """Return what to tell of ``error``."""
        name = type(error).__name__
        return OutputError(f"{self._where}: {_SAID.get(code_of(error)) or _SAID.get(name) or f'{name}: {error}'}")
