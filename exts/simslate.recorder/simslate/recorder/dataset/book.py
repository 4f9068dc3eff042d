"""The books of a recording under way: which calls of which frame are still to end in files, and which have failed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition

from ..errors import OutputError
from .durable import is_disk_full, sync_folder
from .manifest import FileLine, FrameLine, Journal

METADATA = "metadata.txt"
"""Replicator's file about the writer: it comes with whichever frame is the first, and belongs to none."""


@dataclass
class Sheet:
    """What is known of one frame under way, or of the files of no frame."""

    frame: int | None = None
    files: dict[str, FileLine] = field(default_factory=dict)

    pending: int = 0
    """Calls and writes that have not ended."""

    failed: set[str] = field(default_factory=set)
    """Files and calls that have failed."""

    line: FrameLine | None = None
    """None until the frame is sealed."""

    @property
    def is_ready(self) -> bool:
        """Whether all files of it are there, and no more will come."""
        return self.pending == 0 and not self.failed and (self.frame is None or self.line is not None)

    def sorted_files(self) -> list[FileLine]:
        """The files by path, whichever thread was the first to write its own."""
        return [self.files[path] for path in sorted(self.files)]


@dataclass(frozen=True)
class Parked:
    """A write that found no room on the disk, to be tried again."""

    sheet: Sheet
    path: str
    data: bytes
    write: Callable[[Sheet, str, bytes], None]


class Book:
    """Keeps account of calls, files and failures, and hands frames to the journal in order, each when it is whole.

    All methods may be called from any thread. ``pending_bytes`` never exceeds ``byte_limit``, but for one larger call,
    which passes alone, and while the disk is full: then the recorder pauses, and must not be held up in a frame.
    """

    def __init__(self, byte_limit: int, *, root: Path | None = None) -> None:
        self.byte_limit = max(1, byte_limit)
        self.pending_bytes = self.most_bytes = 0
        """In calls that have not ended, now and at most."""
        self.ended = 0
        """How many calls have ended: while it grows there is progress."""
        self.idle: list[str] = []
        """Calls that were to write a file and wrote none."""
        self.root = root
        """The data set's folder, whose folders are brought to the disk with each frame; None if it is elsewhere."""
        self._synced: set[Path] = set()
        self._changed = Condition()
        self._before, self._after = Sheet(), Sheet()
        self._current: Sheet | None = None
        self._sealed: deque[Sheet] = deque()
        self._has_sealed = self._begun = False
        # Whether a frame has been sealed, and whether one is in the journal.
        self._writing: set[str] = set()
        self._failures: dict[str, Exception] = {}
        self._parked: deque[Parked] = deque()
        self._journal: Journal | None = None
        self._appending = False
        self._is_journal_full = False
        self._stuck_since: float | None = None

    @property
    def journal(self) -> Journal | None:
        """None before the first frame."""
        return self._journal

    def open(self, journal: Journal) -> None:
        """Use ``journal`` from now on. One that is resumed has had its files of before the first frame."""
        self._journal = journal
        self._has_sealed = self._begun = journal.frames > 0

    def begin(self, frame: int) -> None:
        """Let what is written from now on be of ``frame``, until it is sealed."""
        with self._changed:
            if self._current is None or self._current.frame != frame:
                self._current = Sheet(frame)

    def seal(self, line: FrameLine) -> None:
        """Say that the frame under way has scheduled everything, and what its line is to be."""
        with self._changed:
            sheet, self._current = self._current, None
            assert sheet is not None, "seal without begin"
            assert sheet.frame == line.frame, f"frame {line.frame} is sealed while {sheet.frame} is under way"
            sheet.line = line
            self._sealed.append(sheet)
            self._has_sealed = True
        self._advance()

    @property
    def has_calls(self) -> bool:
        """Whether anything has been scheduled or written since the frame under way began."""
        with self._changed:
            return self._current is not None and bool(self._current.pending or self._current.files)

    def sheet(self) -> Sheet:
        """Return where to note what is written now by whom no frame is known."""
        with self._changed:
            return self._current or (self._after if self._has_sealed else self._before)

    def enter(self, sheet: Sheet, size: int, *, may_wait: bool = True) -> None:
        """Count a call with ``size`` bytes as pending; waits while more than the bound would be, if it may."""
        with self._changed:
            # Nothing is waited for when only the recorder, whom this would hold up, can make room.
            self._changed.wait_for(lambda: not may_wait or self._fits(size) or self._is_stuck)
            sheet.pending += 1
            self.pending_bytes += size
            self.most_bytes = max(self.most_bytes, self.pending_bytes)

    def leave(self, sheet: Sheet, size: int) -> None:
        """Say that a call has ended, well or not."""
        with self._changed:
            sheet.pending -= 1
            self.pending_bytes -= size
            self.ended += 1
            self._changed.notify_all()
        self._advance()

    def claim(self, path: str) -> None:
        """Wait until nobody else is writing ``path``: the one who ends last is the one whose bytes are noted."""
        with self._changed:
            self._changed.wait_for(lambda: path not in self._writing)
            self._writing.add(path)

    def release(self, path: str) -> None:
        """End a claim."""
        with self._changed:
            self._writing.discard(path)
            self._changed.notify_all()

    def note(self, sheet: Sheet, line: FileLine) -> None:
        """Note a durable file. That undoes an earlier failure of the same file."""
        with self._changed:
            self._failures.pop(line.path, None)
            sheet.failed.discard(line.path)
            if line.frame is None and sheet.frame is not None:
                sheet = self._after if self._begun else self._before
            sheet.files[line.path] = line
            self._stuck_since = None if self._stuck_since is None else time.monotonic()

    def fail(self, sheet: Sheet, what: str, error: Exception) -> None:
        """Note that the file or call ``what`` has failed. Neither its frame nor a later one gets into the journal."""
        with self._changed:
            sheet.failed.add(what)
            self._failures.setdefault(what, error)

    def park(self, parked: Parked) -> None:
        """Keep a write that found no room until ``retry``."""
        with self._changed:
            parked.sheet.pending += 1
            self._parked.append(parked)
            self._be_stuck()

    @property
    def failure(self) -> Exception | None:
        """The first failure, None while there is none."""
        with self._changed:
            return next(iter(self._failures.values()), None)

    @property
    def waiting_bytes(self) -> int | None:
        """How many bytes wait for room on the disk; None while nothing does."""
        with self._changed:
            return sum(len(each.data) for each in self._parked) if self._is_stuck else None

    @property
    def waiting_seconds(self) -> float:
        """For how long nothing could be written."""
        since = self._stuck_since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def is_settled(self) -> bool:
        """Whether each call has ended and each sealed frame is in the journal."""
        with self._changed:
            frameless = self._before.pending + self._after.pending
            return not (self._sealed or self._parked or frameless or self._appending)

    def retry(self) -> bool:
        """Try the oldest write that found no room once more; return whether there is more to try at once."""
        with self._changed:
            parked = self._parked.popleft() if self._parked else None
        if parked is not None:
            count = len(self._parked)
            parked.write(parked.sheet, parked.path, parked.data)
            self.leave(parked.sheet, 0)
            return len(self._parked) <= count
        self._advance()
        with self._changed:
            self._stuck_since = self._stuck_since if self._is_stuck else None
        return False

    def finish(self, extra: Sequence[FileLine] = ()) -> list[FileLine]:
        """Add the lines of the files that are of no frame and came after the first, with ``extra``; return them."""
        for line in extra:
            self.note(self._after, line)
        lines = self._after.sorted_files()
        self._append([], lines)
        self._after = Sheet()
        return lines

    def close(self) -> None:
        """Close the journal; what is written later is not noted any more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._appending)
            journal, self._journal = self._journal, None
        if journal is not None:
            journal.close()

    @property
    def _is_stuck(self) -> bool:
        return bool(self._parked) or self._is_journal_full

    def _be_stuck(self) -> None:
        self._stuck_since = self._stuck_since or time.monotonic()
        self._changed.notify_all()

    def _fits(self, size: int) -> bool:
        return self.pending_bytes == 0 or self.pending_bytes + size <= self.byte_limit

    def _advance(self) -> None:
        """Hand the frames that are whole to the journal, unless another thread does."""
        while batch := self._next_batch():
            try:
                self._append([sheet.line for sheet in batch if sheet.line], list(self._lines(batch)))
            except OSError as error:
                self._keep(error)
                return
            with self._changed:
                for _ in batch:
                    self._sealed.popleft()
                self._begun, self._appending, self._is_journal_full = True, False, False
                self._changed.notify_all()

    def _next_batch(self) -> list[Sheet]:
        """Return the sealed frames that are whole, up to the first that is not. Several cost the disk as much as one.

        Whoever is handed some is the one who appends.
        """
        with self._changed:
            is_held = self._appending or self._journal is None or (not self._begun and not self._before.is_ready)
            batch = [] if is_held else list(_whole(self._sealed))
            self._appending = self._appending or bool(batch)
            return batch

    def _lines(self, batch: Sequence[Sheet]) -> Iterator[FileLine]:
        if not self._begun:
            yield from self._before.sorted_files()
        for sheet in batch:
            yield from sheet.sorted_files()

    def _append(self, frames: Sequence[FrameLine], lines: Sequence[FileLine]) -> None:
        assert self._journal is not None
        if self.root is not None:
            self._sync_folders(lines)
        self._journal.append(lines, frames)

    def _keep(self, error: OSError) -> None:
        """Leave the frames where they are: the journal could not take them."""
        with self._changed:
            self._appending = False
            self._changed.notify_all()
            if is_disk_full(error):
                self._is_journal_full = True
                self._be_stuck()
                return
        where = error.filename or (self._journal.folder if self._journal else "the journal")
        self.fail(self._after, "journal", OutputError(f"{where}: cannot be written: {error.strerror}"))

    def _sync_folders(self, lines: Sequence[FileLine]) -> None:
        """Bring the names of files to the disk, each folder once, and those of folders when they are new."""
        assert self.root is not None
        for folder in {(self.root / line.path).parent for line in lines}:
            sync_folder(folder)
            self._sync_new(folder)

    def _sync_new(self, folder: Path) -> None:
        if folder in self._synced or folder == self.root:
            return
        self._synced.add(folder)
        sync_folder(folder.parent)
        self._sync_new(folder.parent)


def _whole(sheets: deque[Sheet]) -> Iterator[Sheet]:
    for sheet in sheets:
        if not sheet.is_ready:
            return
        yield sheet
