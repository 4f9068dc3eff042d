"""The S3 backend: objects below a key prefix of a bucket."""

from typing import Any

from .base import BackendError, BaseBackend


class S3Backend(BaseBackend):
    """Blobs as objects ``<key_prefix>/<path>``, by boto3 and its chain of credentials.

    A bucket that is not there is made. Unless ``overwrite``, a prefix that has objects gets the first of ``_0001``,
    ``_0002``, … that has none. Replicator's own only logs a write that fails; here it is raised, as on disk.
    """

    def __init__(
        self,
        bucket: str,
        key_prefix: str,
        region: str | None = None,
        endpoint_url: str | None = None,
        overwrite: bool = False,
    ) -> None:
        try:
            from boto3.session import Session
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError as error:
            raise BackendError("S3Backend needs boto3: pip install 'simslate[s3]'") from error
        self._bucket = bucket
        self._errors = (BotoCoreError, ClientError)
        self._client: Any = Session().client("s3", region_name=region, endpoint_url=endpoint_url)
        try:
            self._make_bucket()
            self._prefix = key_prefix if overwrite else self._next_free(key_prefix)
        except self._errors as error:
            raise BackendError(f"Cannot write to s3://{bucket}/{key_prefix}: {error}") from error

    @property
    def output_dir(self) -> str:
        """The key prefix."""
        return self._prefix

    def write_blob(self, path: str, data: bytes) -> None:
        """Put an object. Raises ``BackendError`` with its address when the server refuses."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=f"{self._prefix}/{path}", Body=data)
        except self._errors as error:
            raise BackendError(f"Cannot write s3://{self._bucket}/{self._prefix}/{path}: {error}") from error

    def read_blob(self, path: str) -> bytes:
        """The bytes of an object. Raises ``ValueError`` where it cannot be read, as Replicator does."""
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=f"{self._prefix}/{path}")["Body"]
            return bytes(body.read())
        except self._errors as error:
            raise ValueError(f"Cannot read s3://{self._bucket}/{self._prefix}/{path}: {error}") from error

    def _make_bucket(self) -> None:
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except self._errors as error:
            if str(getattr(error, "response", {}).get("Error", {}).get("Code")) not in ("404", "NoSuchBucket"):
                raise
            self._client.create_bucket(Bucket=self._bucket)

    def _next_free(self, prefix: str) -> str:
        number, free = 0, prefix
        while self._client.list_objects_v2(Bucket=self._bucket, Prefix=f"{free}/", MaxKeys=1).get("KeyCount"):
            number += 1
            free = f"{prefix}_{number:04d}"
        return free
