"""The folder of one data set: chosen by its conflict policy, made, and unmade again if nothing comes of it.

``S3Prefix`` does the same in a bucket and ``OutputPair`` in both; all have the same methods.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from .dataset.layout import LEFT, TARGET, is_dataset, is_whole, sidecar_folder, write_json
from .dataset.manifest import FileLine, Lines
from .dataset.whole import differences, unlisted_paths
from .errors import OutputError
from .folder_lock import lock_folder
from .outputs import DiskOutput
from .problems import Problems, load_json

PART = ".part"
"""The end of the names of files that are being written."""


class OutputFolder:
    """A folder taken for one recording. Until ``keep()``, ``close()`` leaves the disk as it was found.

    Nobody else can take it meanwhile, not even to resume what is in it.
    """

    def __init__(self, output: DiskOutput, *, now: datetime | None = None) -> None:
        """Take the folder that ``output`` asks for; ``now`` is the time of day that a timestamp shows.

        Raises OutputError, with nothing changed, if the folder is in use and the policy does not solve that,
        or if it cannot be written to.
        """
        self.path = output.directory / output.folder
        self.is_resumed = False
        """Whether there is a data set already, which is to be gone on with."""
        self.was_whole = False
        """Whether that was complete already when it was taken."""
        self._undo = ExitStack()
        self._lock = ExitStack()
        self._aside: Path | None = None
        with ExitStack() as undo:
            undo.callback(self.close)
            try:
                self._take(output.on_conflict, now or datetime.now())
            except OSError as error:
                where = error.filename or self.path
                raise OutputError(f"{where}: cannot be written to: {error.strerror}") from error
            undo.pop_all()

    @property
    def location(self) -> Path:
        """Where the data set is."""
        return self.path

    def write(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one of the files that describe the data set, ``name`` in SIDECAR. OutputError names the file."""
        write_json(sidecar_folder(self.path) / name, data)

    @property
    def journal_folder(self) -> Path:
        """Where files that grow line by line are kept while they do."""
        return sidecar_folder(self.path)

    def publish(self, name: str) -> None:
        """Bring a file of ``journal_folder`` to the data set, where it is already."""

    def read(self, name: str) -> Any:
        """Return what one of the files that describe the data set says. ConfigError if it cannot be read as JSON."""
        path = sidecar_folder(self.path) / name
        problems = Problems(path)
        value = load_json(path, problems)
        problems.raise_any()
        return value

    failure: OutputError | None = None
    """What has ended it, other than a single file; of a folder there is nothing."""

    def catch_up(self) -> None:
        """Bring what was left elsewhere by a recording that is resumed; to a folder there is nothing to bring."""

    def missing(self, files: Lines[FileLine]) -> Iterator[str]:
        """Yield which listed files are not there, or not with the size that was written."""
        return differences(self.path, files)

    def bring(self, paths: Iterable[str]) -> None:
        """Bring files that a writer wrote into the folder by itself to where they are to be, which is here."""

    def set_apart(self, listed: Iterable[str]) -> None:
        """Move what is in the folder and not ``listed`` to one of ours, from where ``settle`` removes it.

        That is what was being written when a recording was killed. Nothing is deleted that is not written again: there
        may be files of somebody else.
        """
        left = sidecar_folder(self.path) / LEFT
        for path in unlisted_paths(self.path, listed):
            target = left / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.path / path).replace(target)

    def settle(self) -> list[str]:
        """Remove what was set apart and has been written again since; return the rest, by path."""
        left = sidecar_folder(self.path) / LEFT
        rest = []
        for path in sorted(file.relative_to(left) for file in left.rglob("*") if file.is_file()):
            if (self.path / path).exists():
                (left / path).unlink()
            else:
                rest.append(path.as_posix())
        if not rest:
            shutil.rmtree(left, ignore_errors=True)
        return rest

    def remove_parts(self) -> None:
        """Remove the beginnings of files that a killed process has left."""
        for part in list(self.path.rglob(f".*{PART}")):
            part.unlink(missing_ok=True)

    def keep(self) -> None:
        """Let the folder stay, and what it replaces go."""
        self._undo.pop_all()
        if self._aside is not None:
            shutil.rmtree(self._aside, ignore_errors=True)

    def close(self) -> None:
        """Remove what was made, unless it is kept, and put back what it was to replace."""
        self._undo.close()
        self._lock.close()

    def _take(self, policy: str, now: datetime) -> None:
        wanted = self.path
        if not _is_free(wanted) and policy == "fail":
            raise OutputError(f"{wanted}: is there already and is not empty; choose another folder or on_conflict")
        if not _is_free(wanted) and policy == "overwrite":
            self._set_aside(wanted)
        if not _is_free(wanted) and policy == "resume":
            self._go_on(wanted)
            return
        for parent in reversed([path for path in wanted.parents if not path.exists()]):
            parent.mkdir(exist_ok=True)
            self._undo.callback(_remove_empty, parent)
        for candidate in map(wanted.with_name, candidate_names(wanted.name, policy, now)):
            if _is_free(candidate) and self._make(candidate):
                return
        raise OutputError(f"{wanted}: has just been taken by another recording")

    def _set_aside(self, folder: Path) -> None:
        if not is_dataset(folder):
            raise OutputError(f"{folder}: is not a data set made by Simslate, so it will not be replaced")
        self._hold(folder)
        self._aside = folder.with_name(f".{folder.name}.replaced")
        if self._aside.exists():
            shutil.rmtree(self._aside)
        folder.rename(self._aside)
        self._undo.callback(self._aside.rename, folder)

    def _go_on(self, folder: Path) -> None:
        is_begun = is_dataset(folder)
        if not is_begun and not _is_only_marked(folder):
            raise OutputError(f"{folder}: is not a data set made by Simslate, so it cannot be resumed")
        self._hold(folder)
        # Whoever held it until now may have begun it meanwhile.
        self.is_resumed = is_begun or is_dataset(folder)
        self.was_whole = is_whole(folder)
        if not self.is_resumed:
            self._undo.callback(_clear, folder)

    def _hold(self, folder: Path) -> None:
        """Lock ``folder`` for as long as this process has it; where there is no such lock, there is none."""
        try:
            self._lock.callback(lock_folder(sidecar_folder(folder)))
        except BlockingIOError as error:
            raise OutputError(f"{folder}: is being recorded by another process") from error

    def _make(self, folder: Path) -> bool:
        """Make ``folder`` unless it is there, empty, and take it; return False if another recording was faster."""
        self.path = folder
        is_new = not folder.exists()
        with ExitStack() as undo:
            try:
                if is_new:
                    folder.mkdir()
                    undo.callback(_remove_empty, folder)
                # A folder that can be made inside shows that files can be written, and marks the place as taken.
                sidecar_folder(folder).mkdir()
            except FileExistsError:
                return False
            self._hold(folder)
            undo.pop_all()
        # Only what is taken is cleared: until now it could have been another's.
        self._undo.callback(*((shutil.rmtree, folder, True) if is_new else (_clear, folder)))
        return True


def _remove_empty(folder: Path) -> None:
    """Remove ``folder`` unless somebody else has put something there meanwhile."""
    with suppress(OSError):
        folder.rmdir()


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_only_marked(folder: Path) -> bool:
    """Return whether all that is in ``folder`` comes from a recording that was killed before it had begun."""
    own = sidecar_folder(folder)
    return own.is_dir() and list(folder.iterdir()) == [own] and all(map(_is_mark, own.iterdir()))


def _is_mark(path: Path) -> bool:
    return path.name == TARGET or path.name.endswith(PART)


def _is_free(folder: Path) -> bool:
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def candidate_names(name: str, policy: str, now: datetime) -> Iterator[str]:
    """Yield the names that ``policy`` allows instead of ``name``, the preferred one first."""
    if policy in ("fail", "overwrite", "resume"):
        return iter((name,))
    if policy == "timestamp":
        stamped = f"{name}_{now:%Y-%m-%d_%H-%M-%S}"
        return chain((name, stamped), _numbered(stamped))
    return chain((name,), _numbered(name))


def _numbered(name: str) -> Iterator[str]:
    return (f"{name}_{number:04d}" for number in count(1))
