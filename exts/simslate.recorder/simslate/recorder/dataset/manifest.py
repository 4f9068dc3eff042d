"""What is durable of a data set: a line for each file and for each frame, and the journal that they are added to.

A frame's files stand in ``manifest.jsonl``, on the disk, before the frame stands in ``frames.jsonl``: a frame that is
listed there is whole, whenever the process was killed. The end of either file may be torn; readers drop it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

MANIFEST = "manifest.jsonl"
"""A line for each durable file of the writer."""
FRAMES = "frames.jsonl"
"""A line for each frame whose files are all durable."""
VERDICTS = ("ok", "retried", "suspect")

T = TypeVar("T", "FileLine", "FrameLine")


@dataclass(frozen=True)
class FileLine:
    """One durable file."""

    path: str
    """POSIX, relative to the data set."""

    bytes: int
    sha256: str
    """Of the content, in hexadecimal."""

    frame: int | None
    """None for a file of the whole data set."""

    render_product: str | None
    annotator: str | None
    """Without ``_fast``; None, like the render product, where the path does not tell."""


@dataclass(frozen=True)
class FrameLine:
    """One frame."""

    frame: int

    simulation_time: float
    """Seconds since the first frame, by the reference times of the writer's data."""

    timeline_time: float
    """Seconds."""

    verdict: str = "ok"
    """One of VERDICTS."""

    reasons: tuple[str, ...] = ()
    """Why it is not simply "ok"."""

    seen: tuple[str, ...] = ()
    """The labels, as ``taxonomy:label``, that are in this frame and in none before."""


@dataclass(frozen=True)
class Lines(Generic[T]):
    """The good part of a file of lines."""

    lines: tuple[T, ...]
    ends: tuple[int, ...]
    """Where each line ends, in bytes from the file's beginning."""

    @property
    def end(self) -> int:
        """Where the good part ends; what follows is torn."""
        return self.ends[-1] if self.ends else 0


def read_manifest(path: Path) -> Lines[FileLine]:
    """Return the lines of a manifest up to the first that is torn or unreadable. None in a file that is not there."""
    return _read(path, _file_line)


def read_frames(path: Path) -> Lines[FrameLine]:
    """Return the lines of ``frames.jsonl`` up to the first that is torn or unreadable, or not the next frame's."""
    found = _read(path, _frame_line)
    count = next((n for n, line in enumerate(found.lines) if line.frame != n), len(found.lines))
    return Lines(found.lines[:count], found.ends[:count])


def cut(folder: Path, frames: int | None = None) -> tuple[Lines[FileLine], Lines[FrameLine]]:
    """Cut the journal in ``folder`` to its first ``frames`` frames (None: to all that are whole); return what is left.

    What follows the last frame's files goes, too: the lines of a frame that was not finished, and those of files
    written at the end. With no frame at all nothing is left.
    """
    manifest, listed = read_manifest(folder / MANIFEST), read_frames(folder / FRAMES)
    count = len(listed.lines) if frames is None else min(frames, len(listed.lines))
    files = _files_of(manifest.lines, count)
    left = Lines(manifest.lines[:files], manifest.ends[:files]), Lines(listed.lines[:count], listed.ends[:count])
    # Frames first: killed in between, the manifest says more than frames.jsonl and never less.
    for name, end in ((FRAMES, left[1].end), (MANIFEST, left[0].end)):
        with (folder / name).open("ab") as file:
            file.truncate(end)
            os.fsync(file.fileno())
    return left


class Journal:
    """Adds frames to the manifest and to ``frames.jsonl`` in one folder. Not for several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Begin both files anew. OSError if the folder does not let them be made."""
        self._start(folder, "wb")

    @classmethod
    def resume(cls, folder: Path, frames: int | None = None) -> Journal:
        """Go on behind the first ``frames`` frames of what is in ``folder`` (None: behind all that are whole)."""
        journal = cls.__new__(cls)
        files, lines = cut(folder, frames)
        journal._start(folder, "ab")
        journal._count(files.lines)
        journal._manifest.hash.update((folder / MANIFEST).read_bytes())
        journal.frames = len(lines.lines)
        journal.lines = lines.lines
        journal.suspect = [line.frame for line in lines.lines if line.verdict == "suspect"]
        return journal

    def _start(self, folder: Path, mode: str) -> None:
        self.folder = folder
        self.frames = 0
        """How many frames are durable."""
        self.suspect: list[int] = []
        """The frames whose verdict says so."""
        self.lines: tuple[FrameLine, ...] = ()
        """What was there of the frames before it was resumed."""
        self._frameless: dict[str, FileLine] = {}
        self._files = self._bytes = 0
        self._manifest = _Appended(folder / MANIFEST, mode)
        self._listed = _Appended(folder / FRAMES, mode)

    def append(self, files: Iterable[FileLine], frames: Iterable[FrameLine] = ()) -> None:
        """Add lines in the order given: the files' first, durably, then the frames'. OSError leaves things as before.

        A file of no frame that is listed already as it is now, such as one that a resumed recording writes again, is
        not listed twice.
        """
        new, frames = [line for line in files if self._frameless.get(line.path) != line], list(frames)
        mark = self._manifest.mark()
        try:
            self._manifest.add(new)
            self._listed.add(frames)
        except OSError:
            self._manifest.go_back(mark)
            raise
        self._count(new)
        self.frames += len(frames)
        self.suspect += [line.frame for line in frames if line.verdict == "suspect"]

    def summary(self) -> dict[str, Any]:
        """Return what a report says of the manifest: its files, their bytes, and the hash of the manifest itself."""
        return {"files": self._files, "bytes": self._bytes, "sha256": self._manifest.hash.hexdigest()}

    def close(self) -> None:
        """Close both files; closing twice does no harm."""
        self._manifest.file.close()
        self._listed.file.close()

    def _count(self, lines: Iterable[FileLine]) -> None:
        for line in lines:
            self._files += 1
            self._bytes += line.bytes
            if line.frame is None:
                self._frameless[line.path] = line


class _Appended:
    """A file of lines that only grows, durably, and its hash."""

    def __init__(self, path: Path, mode: str) -> None:
        # Unbuffered: what could not be written must not be tried again when the file is closed.
        self.file: BinaryIO = path.open(mode, buffering=0)  # type: ignore[assignment]  # mode is not a literal here
        self.hash = hashlib.sha256()

    def mark(self) -> tuple[int, Any]:
        return os.fstat(self.file.fileno()).st_size, self.hash.copy()

    def go_back(self, mark: tuple[int, Any]) -> None:
        end, self.hash = mark
        self.file.truncate(end)
        self.file.seek(end)

    def add(self, lines: Iterable[FileLine] | Iterable[FrameLine]) -> None:
        """Add lines and wait until they are on the disk; after an OSError the file is as it was."""
        data = "".join(map(_text, lines)).encode()
        if not data:
            return
        mark = self.mark()
        try:
            self._write(data)
            os.fsync(self.file.fileno())
        except OSError:
            self.go_back(mark)
            raise
        self.hash.update(data)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self.file.write(rest) :]


def _text(line: FileLine | FrameLine) -> str:
    return json.dumps(vars(line), separators=(",", ":"), ensure_ascii=False) + "\n"


def _read(path: Path, parse: Callable[[Mapping[str, Any]], T]) -> Lines[T]:
    lines, ends, end = [], [], 0
    for raw in _raw_lines(path):
        try:
            line = parse(json.loads(raw))
        except (ValueError, TypeError, KeyError):
            break
        end += len(raw)
        lines.append(line)
        ends.append(end)
    return Lines(tuple(lines), tuple(ends))


def _raw_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines that have an end."""
    if not path.exists():
        return
    with path.open("rb") as file:
        yield from (raw for raw in file if raw.endswith(b"\n"))


def _file_line(data: Mapping[str, Any]) -> FileLine:
    line = FileLine(**data)
    known = isinstance(line.path, str) and isinstance(line.sha256, str) and isinstance(line.bytes, int)
    if not known or not isinstance(line.frame, (int, type(None))):
        raise ValueError(f"not a file's line: {data}")
    return line


def _frame_line(data: Mapping[str, Any]) -> FrameLine:
    line = FrameLine(**{**data, "reasons": tuple(data["reasons"]), "seen": tuple(data.get("seen", ()))})
    if not isinstance(line.frame, int) or line.verdict not in VERDICTS:
        raise ValueError(f"not a frame's line: {data}")
    return line


def _files_of(lines: Iterable[FileLine], frames: int) -> int:
    """Return how many of a manifest's ``lines`` are those of its first ``frames`` frames, and of the files before."""
    count, has_frames = 0, False
    for line in lines if frames else ():
        if line.frame is None and has_frames:
            # Files of no frame stand before the first frame's; behind, they were written at the end.
            break
        if line.frame is not None and line.frame >= frames:
            break
        has_frames = has_frames or line.frame is not None
        count += 1
    return count
