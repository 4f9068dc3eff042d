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
        """Take both, or neither. OutputError as from either, and if the bucket has something else to resume."""
        with ExitStack() as undo:
            self.disk = OutputFolder(output.disk, now=now)
            undo.callback(self.disk.close)
            self.bucket = S3Prefix(output.s3, mirror=self.disk.path, limits=limits, now=now)
            undo.callback(self.bucket.close)
            if self.bucket.is_resumed and not self.disk.is_resumed:
                raise OutputError(f"{self.disk.path}: is empty, and there is a data set in {self.bucket.location}")
            if self.bucket.is_resumed and self.bucket.read(JOB) != self.disk.read(JOB):
                raise OutputError(f"{self.bucket.location}: is another data set than the one in {self.disk.path}")
            if self.is_resumed and not self.was_whole:
                self.bucket.is_behind = True
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
        """Whether that was complete already when it was taken, in both, and the same."""
        return self.bucket.was_whole

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
        self.bucket.catch_up()

    def bring(self, paths: Iterable[str]) -> None:
        """Upload files that a writer wrote into the folder by itself."""
        self.bucket.bring(paths)

    def missing(self, files: Lines[FileLine]) -> Iterator[str]:
        """Yield which listed files are not in both, or not with the size that was written."""
        return chain(self.disk.missing(files), self.bucket.missing(files))

    def set_apart(self, listed: Iterable[str]) -> None:
        """Set apart what is in either and not ``listed``, as ``OutputFolder`` and ``S3Prefix`` do."""
        known = set(listed)
        self.disk.set_apart(known)
        self.bucket.set_apart(known)

    def settle(self) -> list[str]:
        """Remove what was set apart and has been written again since; return the rest, by path."""
        return sorted({*self.disk.settle(), *self.bucket.settle()})

    def remove_parts(self) -> None:
        """Remove the beginnings of files that a killed process has left in the folder."""
        self.disk.remove_parts()

    def keep(self) -> None:
        """Let both stay, and what they replace go. A bucket that has lost the data set gets its description again."""
        for name in (JOB, TAXONOMY) if self.is_resumed else ():
            if (sidecar_folder(self.path) / name).is_file():
                self.bucket.write(name, self.disk.read(name))
        self.disk.keep()
        self.bucket.keep()

    def close(self) -> None:
        """Remove what was made, unless it is kept."""
        self.bucket.close()
        self.disk.close()
