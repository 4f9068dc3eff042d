"""The accounts of a recording: its book and its ledgers, opened with the first frame and settled with the last."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from types import TracebackType
from typing import Any

import carb
import carb.settings
import omni.replicator.core as rep

from .annotators import find_annotator
from .config import Job
from .dataset.book import Book
from .dataset.layout import LEFT, SIDECAR
from .dataset.ledger import LedgerBackend, name_origins
from .dataset.manifest import FRAMES, MANIFEST, FrameLine, Journal, read_manifest
from .dataset.origin import public_name
from .dataset.whole import gaps, shown, unlisted
from .destination import Place, drain_seconds
from .errors import IncompleteError, OutputError
from .frame_clock import FrameClock
from .good_frame import Verdict
from .preflight import Outlook
from .s3 import S3Prefix
from .s3.backend import VerifiedS3Backend
from .size_estimate import bytes_per_frame, check_room, told_size

QUEUE_BYTES = "/exts/simslate.recorder/queueBytes"
"""How many bytes of calls may be pending before the recording waits for them."""
DISK_FULL_SECONDS = "/exts/simslate.recorder/diskFullSeconds"
"""For how long a full disk is waited for."""
_DEFAULTS = {QUEUE_BYTES: 512 << 20, DISK_FULL_SECONDS: 300}


class Accounts:
    """What one recording has written, and what it has still to write."""

    def __init__(
        self,
        output: Place,
        writer: Any,
        products: Sequence[str],
        book: Book,
        ledgers: Sequence[LedgerBackend],
        degraded: Sequence[Outlook] = (),
    ) -> None:
        self.output = output
        self.book = book
        self.clock = FrameClock()
        self.disk_full_seconds = float(_setting(DISK_FULL_SECONDS))
        self._writer = writer
        annotators = list(writer.get_annotators())
        missing = {public_name(outlook.annotator) for outlook in degraded}
        self._expected = _expected(writer, products, {*map(public_name, annotators)} - missing)
        # A subclass that writes otherwise may leave annotators out, but not in some frames only.
        self._is_custom = type(writer).write is not _basic_writer().write
        self._ledgers = tuple(ledgers)
        self._suspect: list[int] = []
        name_origins(ledgers, products, annotators)
        self._folder = None if isinstance(output, S3Prefix) or not all(map(_is_local, ledgers)) else output.path
        # A backend that a writer has made for itself may write to where only it knows.
        self._is_known = self._folder is not None or all(map(_is_verified, ledgers))
        self.drain_seconds = drain_seconds(output)
        book.root = self._folder

    def open(self, *, resume: bool = False) -> Journal:
        """Begin the journal, or go on with the one that is there. OutputError if the output does not let it be."""
        try:
            journal = (Journal.resume if resume else Journal)(self.output.journal_folder)
        except OSError as error:
            raise OutputError(f"{error.filename}: cannot be written: {error.strerror}") from error
        self.book.open(journal)
        self._suspect = journal.suspect
        return journal

    @property
    def suspect(self) -> tuple[int, ...]:
        """The frames whose verdict says so, also when the journal is closed."""
        return tuple(self._suspect)

    def clear_up(self, *, is_written_again: bool) -> None:
        """Clear up after a process that was killed: what it was writing is in no line.

        Files that are not listed are left alone where the writer may keep some by itself, and go on with them.
        """
        assert self.book.journal is not None
        try:
            self.output.remove_parts()
            if is_written_again or not self._is_custom:
                manifest = read_manifest(self.book.journal.folder / MANIFEST)
                self.output.set_apart(line.path for line in manifest.lines)
        except OSError as error:
            raise OutputError(f"{error.filename}: cannot be cleared up: {error.strerror}") from error

    @contextmanager
    def replaying(self) -> Iterator[None]:
        """Let meanwhile nothing be written: what there is to write is there from before."""
        for ledger in self._ledgers:
            ledger.is_replaying = True
        try:
            yield
        finally:
            for ledger in self._ledgers:
                ledger.is_replaying = False

    def replayed(self, line: FrameLine) -> None:
        """Say that a frame that is there from before has been rendered again."""
        self.clock.go_on(self._reference(line.timeline_time), line.simulation_time)

    def seal(self, frame: int, timeline_time: float, verdict: Verdict, seen: Iterable[str]) -> None:
        """Say that ``frame`` is scheduled wholly, how it came out, and what was seen in it for the first time."""
        time = self.clock.since_first(self._reference(timeline_time))
        self.book.seal(FrameLine(frame, time, timeline_time, verdict.verdict, verdict.reasons, tuple(seen)))

    def _reference(self, timeline_time: float) -> Fraction:
        reference = (self._writer.get_data() or {}).get("reference_time")
        return Fraction(timeline_time) if reference is None else Fraction(*map(int, reference))

    @property
    def waiting(self) -> str | None:
        """What the recording waits for, as a text; None while it does not."""
        size = self.book.waiting_bytes
        if size is None:
            return None
        # Where only the journal waits, a block is little enough to ask for.
        return f"the disk is full: {told_size(max(size, 4096))} free needed in {self.output.location}"

    @property
    def failure(self) -> Exception | None:
        """What has failed first, if anything has; what has ended an upload counts before the files."""
        return self.output.failure or self.book.failure

    def settle(self, frames: int) -> dict[str, Any]:
        """Check that all is there of ``frames`` frames, end the journal, and return what the report says of it.

        IncompleteError names the first things that are missing.
        """
        journal = self.book.journal
        assert journal is not None
        manifest = read_manifest(journal.folder / MANIFEST)
        problems = [*self.book.idle]
        if journal.frames != frames or not self.book.is_settled:
            problems.append(f"{journal.frames} of {frames} frames are durable")
        problems += gaps(manifest.lines, frames, self._expected, only_seen=self._is_custom)
        extra = []
        if self._is_known:
            problems += self.output.missing(manifest)
        if self._folder is not None:
            extra = unlisted(self._folder, [line.path for line in manifest.lines])
        if problems:
            raise IncompleteError(f"the data set is not whole: {shown(problems)}")
        self.output.bring(line.path for line in extra)
        try:
            self.book.finish(extra)
        except OSError as error:
            raise OutputError(f"{journal.folder / MANIFEST}: cannot be written: {error.strerror}") from error
        self.close()
        left = self.output.settle()
        if left:
            where = f"{self.output.location}/{SIDECAR}/{LEFT}"
            carb.log_warn(f"{where}: {len(left)} files are not of the data set: {shown(left)}")
        return {"manifest": journal.summary(), "suspect": journal.suspect}

    def release(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        """Close at the end of a recording; what has ended it, if anything, is what is to be told."""
        try:
            self.close()
        except OutputError:
            if error is None:
                raise

    def close(self) -> None:
        """Close the journal, and bring it to where the data set is; closing twice does no harm."""
        if self.book.journal is None:
            return
        self.book.close()
        for name in (MANIFEST, FRAMES):
            self.output.publish(name)


def new_book() -> Book:
    """Return the book of a recording, bounded as the setting says."""
    return Book(int(_setting(QUEUE_BYTES)))


def check_space(job: Job, output: Place, writer: Any) -> None:
    """Warn if the disk may not have room for the frames asked for; OutputError if it clearly has not."""
    if job.frames is None or isinstance(output, S3Prefix):
        return
    resolutions = [product.resolution for product in job.render_products]
    frame = bytes_per_frame(writer.get_annotators(), resolutions, job.writer.parameters)
    warning = check_room(frame * job.frames, shutil.disk_usage(output.path).free, output.path)
    if warning is not None:
        carb.log_warn(warning)


def _is_local(ledger: LedgerBackend) -> bool:
    return ledger.is_local


def _is_verified(ledger: LedgerBackend) -> bool:
    return isinstance(ledger.inner, VerifiedS3Backend)


def _setting(path: str) -> float:
    value = carb.settings.get_settings().get(path)
    return float(_DEFAULTS[path] if value is None else value)


def _expected(writer: Any, products: Sequence[str], annotators: Iterable[str]) -> set[tuple[str | None, str]]:
    """Return the render products and annotators of which each frame has a file; of other writers nothing is known."""
    if not isinstance(writer, _basic_writer()):
        return set()
    named = {name for name in annotators if find_annotator(name)}
    return {(product, name) for product in products for name in named}


def _basic_writer() -> type[Any]:
    found: type[Any] = rep.WriterRegistry.get_writers()["BasicWriter"]
    return found
