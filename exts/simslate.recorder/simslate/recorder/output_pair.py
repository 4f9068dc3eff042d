"""A data set in a folder and in a bucket: the same files in both, with one manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from .dataset.layout import JOB, REPORT, TAXONOMY, sidecar_folder
from .dataset.manifest import FileLine, Lines
from .errors import OutputError
from .output import OutputFolder
from .outputs import GroupOutput
from .s3 import Limits, S3Prefix


class OutputPair:
    """A folder and a prefix taken for one recording.

    The folder has everything first; what cannot be uploaded is there, and a recording that is resumed brings it.
    """

    def __init__(self, output: GroupOutput, *, limits: Limits | None = None, now: datetime | None = None) -> None:
        """Take both, or neither. OutputError as from either, and if only the bucket has something to resume."""
        with ExitStack() as undo:
            self.disk = OutputFolder(output.disk, now=now)
            undo.callback(self.disk.close)
            self.bucket = S3Prefix(output.s3, mirror=self.disk.path, limits=limits, now=now)
            undo.callback(self.bucket.close)
            if self.bucket.is_resumed and not self.disk.is_resumed:
                raise OutputError(f"{self.disk.path}: is empty, and there is a data set in {self.bucket.location}")
            if self.is_resumed and not self.was_whole:
                (sidecar_folder(self.disk.path) / REPORT).unlink(missing_ok=True)
            undo.pop_all()

    @property
    def path(self) -> Path:
        """The folder."""
        return self.disk.path

    @property
    def location(self) -> Path:
        """Where the data set is on this machine."""
        return self.disk.location

    @property
    def journal_folder(self) -> Path:
        """Where files that grow line by line are kept while they do."""
        return self.disk.journal_folder

    @property
    def failure(self) -> OutputError | None:
        """What has ended the upload."""
        return self.bucket.failure

    @property
    def is_resumed(self) -> bool:
        """Whether there is a data set already, which is to be gone on with."""
        return self.disk.is_resumed

    @property
    def was_whole(self) -> bool:
        """Whether that was complete already when it was taken, in both."""
        return self.disk.was_whole and self.bucket.was_whole

    def write(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one of the files that describe the data set, here last: what is whole here is whole there."""
        self.bucket.write(name, data)
        self.disk.write(name, data)

    def read(self, name: str) -> Any:
        """Return what one of the files that describe the data set says. ConfigError if it cannot be read as JSON."""
        return self.disk.read(name)

    def publish(self, name: str) -> None:
        """Put a file of ``journal_folder`` into the bucket."""
        self.bucket.publish(name)

    def catch_up(self) -> None:
        """Upload what the bucket does not have as the folder has it, which may be all."""
        for name in (JOB, TAXONOMY):
            if (sidecar_folder(self.path) / name).is_file():
                self.bucket.write(name, self.disk.read(name))
        self.bucket.catch_up()

    def bring(self, paths: Iterable[str]) -> None:
        """Upload files that a writer wrote into the folder by itself."""
        self.bucket.bring(paths)

    def missing(self, files: Lines[FileLine]) -> Iterator[str]:
        """Yield which listed files are not in both, or not with the size that was written."""
        return chain(self.disk.missing(files), self.bucket.missing(files))

    def set_apart(self, listed: Iterable[str]) -> None:
        """Move what is in the folder and not ``listed`` to one of ours, as ``OutputFolder`` does."""
        self.disk.set_apart(listed)

    def settle(self) -> list[str]:
        """Remove what was set apart and has been written again since; return the rest, by path."""
        return self.disk.settle()

    def remove_parts(self) -> None:
        """Remove the beginnings of files that a killed process has left in the folder."""
        self.disk.remove_parts()

    def keep(self) -> None:
        """Let both stay, and what they replace go."""
        self.disk.keep()
        self.bucket.keep()

    def close(self) -> None:
        """Remove what was made, unless it is kept."""
        self.bucket.close()
        self.disk.close()
