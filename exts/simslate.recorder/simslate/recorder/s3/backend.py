"""The Replicator backend of a recording that goes to a bucket: each file is compared with what the server got."""

from __future__ import annotations

import omni.replicator.core as rep

from .prefix import S3Prefix


class VerifiedS3Backend(rep.backends.BaseBackend):
    """Writes below the prefix of a recording, by Replicator's queue: as many files at once as that has threads.

    NVIDIA's ``S3Backend`` tries a failed put no more often than boto3 does, logs it, and goes on.
    """

    def __init__(self, prefix: S3Prefix) -> None:
        self._prefix = prefix

    @property
    def output_dir(self) -> str:
        """The key prefix, as of Replicator's own backend."""
        return self._prefix.prefix

    def write_blob(self, path: str, data: bytes) -> None:
        """Put an object; returns once the server has it, or it is kept on this machine because that cannot be."""
        self._prefix.put(path, bytes(data))

    def write_hashed(self, path: str, data: bytes, digest: str) -> None:
        """Do what ``write_blob`` does with data whose SHA-256 is known to be ``digest``, in hexadecimal."""
        self._prefix.put(path, data, digest)

    def read_blob(self, path: str) -> bytes:
        """Return the bytes of an object. OutputError where it cannot be read."""
        return self._prefix.get(path)
