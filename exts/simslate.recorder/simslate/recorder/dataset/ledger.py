"""The ledger: a backend around another one that notes every file, so that it works with any backend and in any host."""

from __future__ import annotations

import hashlib
import inspect
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import omni.replicator.core as rep

from ..errors import OutputError
from .book import METADATA, Book, Parked, Sheet
from .durable import is_disk_full, sync_file
from .manifest import FileLine
from .origin import Origins

_RETURNS_CALL = (partial, "partial", "functools.partial")
"""How a function says that it returns the call to queue."""


class LedgerBackend(rep.backends.BaseBackend):
    """Hands everything to ``inner`` and notes in ``book`` what became of it.

    A writer uses it as it would use ``inner``. A write is noted once its bytes are on the disk. One that fails is
    noted, too, and raised; one that finds the disk full is kept until the recorder tries it again. The members of a
    group are written to one after the other: a file is noted when all have it.
    """

    def __init__(self, inner: Any, book: Book, *, origins: Origins | None = None, prefix: str = "") -> None:
        """``prefix`` is where in the data set the backend's root is: "", or a path with "/" at its end."""
        self.inner = inner
        self.book = book
        self.origins = origins or Origins((), ())
        self._prefix = prefix
        self.is_replaying = False
        """Whether nothing is written, because it is there from before; the writer does not notice."""
        self._members = tuple(members(inner))
        self._running = threading.local()
        # Weakly: functions may hold the pictures of a frame.
        self._known: WeakKeyDictionary[Any, tuple[bool, bool]] = WeakKeyDictionary()

    def __getattr__(self, name: str) -> Any:
        """Return what only the inner backend has, such as ``output_dir``."""
        if name == "inner":
            raise AttributeError(name)
        return getattr(self.inner, name)

    @property
    def is_local(self) -> bool:
        """Whether the files are on a disk of this machine, where they can be looked at."""
        return any(local_path(member, "") is not None for member in self._members)

    def get_name(self) -> str:  # type: ignore[override]  # a class method there; here the name is the inner backend's
        """Return the inner backend's name."""
        return str(self.inner.get_name())

    def read_blob(self, path: str) -> bytes:
        """Return the bytes that the inner backend has under ``path``."""
        return bytes(self.inner.read_blob(path))

    def write_image(self, path: str, data: Any) -> None:
        """Schedule an image, as BackendDispatch does."""
        self.schedule(rep.functional.write_image, path=path, data=data)

    def write_array(self, path: str, data: Any) -> None:
        """Schedule an array, as BackendDispatch does."""
        self.schedule(rep.functional.write_np, path=path, data=data)

    def schedule(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Queue ``fn(*args, **kwargs)`` on the host's queue as a call of the frame under way.

        As in Replicator: ``backend_instance`` is added where ``fn`` takes it, and a partial, or a function that says
        that it returns one, is called at once and its result queued. Waits while too many bytes are pending, but
        not in a thread of the queue, which would wait for itself.
        """
        if self.is_replaying:
            return
        sheet = self._sheet()
        takes_backend, returns_call = self._traits(fn)
        writes = getattr(fn, "__self__", None) is self
        if takes_backend:
            kwargs.setdefault("backend_instance", self)
            writes = kwargs["backend_instance"] is self
        if returns_call:
            call = self._called(sheet, partial(fn, *args, **kwargs))
            if not isinstance(call, partial):
                return
        else:
            call = partial(fn, *args, **kwargs)
        size = payload_bytes(call)
        self.book.enter(sheet, size, may_wait=getattr(self._running, "sheet", None) is None)
        with ExitStack() as undo:
            undo.callback(self.book.leave, sheet, size)
            super().schedule(self._run, sheet, size, call=_Call(call, writes))
            undo.pop_all()

    def write_blob(self, path: str, data: bytes) -> bool | None:  # type: ignore[override]  # NVIDIA's S3Backend answers
        """Write to the inner backend, durably, and note the file, its frame and its hash.

        Raises what the inner backend raises, and OutputError if it says, or the disk shows, that the file is not there.
        """
        if self.is_replaying:
            return True
        self._running.writes = getattr(self._running, "writes", 0) + 1
        self._write(self._sheet(), path, bytes(data))
        return True

    def _traits(self, fn: Callable[..., Any]) -> tuple[bool, bool]:
        """Return whether ``fn`` takes ``backend_instance``, and whether it is called at once for what to queue."""
        # A bound method is a new object each time.
        key = getattr(fn, "__func__", fn)
        found = self._known.get(key)
        if found is None:
            parameters, annotation = _signature(fn)
            found = "backend_instance" in parameters, isinstance(fn, partial) or annotation in _RETURNS_CALL
            self._known[key] = found
        return found

    def _sheet(self) -> Sheet:
        return getattr(self._running, "sheet", None) or self.book.sheet()

    def _run(self, sheet: Sheet, size: int, call: _Call) -> None:
        """Run a queued call, with its frame known to whatever it writes."""
        try:
            before = getattr(self._running, "writes", 0)
            self._called(sheet, call.resolved)
            if call.writes and getattr(self._running, "writes", 0) == before:
                self.book.idle.append(f"a call of {call} wrote no file" + _of(sheet))
        finally:
            self.book.leave(sheet, size)

    def _called(self, sheet: Sheet, call: Callable[[], Any]) -> Any:
        """Call with the frame known; note what is raised as a failure of the frame."""
        before = getattr(self._running, "sheet", None), getattr(self._running, "failed", {})
        self._running.sheet, self._running.failed = sheet, {}
        try:
            return call()
        except Exception as error:
            # The edge to a plugin: any writer's function runs here, and a real Kit only logs what it raises.
            self._running.failed.setdefault(f"a call{_of(sheet)}", error)
            raise
        finally:
            # Only now: until its end the call may try a file again.
            for what, failure in self._running.failed.items():
                self.book.fail(sheet, what, failure)
            self._running.sheet, self._running.failed = before

    def _write(self, sheet: Sheet, path: str, data: bytes) -> None:
        listed = self._prefix + Path(path).as_posix()
        self.book.claim(listed)
        try:
            digest = hashlib.sha256(data).hexdigest()
            for member in self._members:
                _put(member, path, data, digest)
            frame = None if path == METADATA else sheet.frame
            self.book.note(sheet, FileLine(listed, len(data), digest, frame, *self.origins.find(listed)))
            getattr(self._running, "failed", {}).pop(listed, None)
        except Exception as error:
            # The edge to a plugin: a backend may fail in any way.
            if is_disk_full(error):
                self._make_room(path, len(data))
                self.book.park(Parked(sheet, path, data, self._write_again))
                return
            self._fail(sheet, listed, _told(self._place(path), error))
            raise
        finally:
            self.book.release(listed)

    def _fail(self, sheet: Sheet, what: str, error: Exception) -> None:
        if getattr(self._running, "sheet", None) is None:
            self.book.fail(sheet, what, error)
        else:
            self._running.failed[what] = error

    def _write_again(self, sheet: Sheet, path: str, data: bytes) -> None:
        # What else goes wrong has been noted, and the recorder asks.
        with suppress(Exception):
            self._write(sheet, path, data)

    def _make_room(self, path: str, size: int) -> None:
        """Remove what a backend that writes in place has left of a file that did not fit."""
        for member in self._members:
            place = local_path(member, path)
            with suppress(OSError):
                if place is not None and place.stat().st_size != size:
                    place.unlink()

    def _place(self, path: str) -> str:
        return next((str(place) for place in (local_path(m, path) for m in self._members) if place), path)


class _Call:
    """A call as the queue must not see it: hosts look into partials and call functions that they find there."""

    def __init__(self, call: partial[Any], writes: bool) -> None:
        self._call = call
        self.writes = writes
        """Whether it was given the backend, so that a file has to come of it."""

    def __str__(self) -> str:
        return getattr(self._call.func, "__name__", type(self._call.func).__name__)

    def resolved(self) -> Any:
        """Make the call; partials among its arguments stand for what they return, and so does a partial returned."""
        keywords = {name: _resolve(value) for name, value in self._call.keywords.items()}
        result = self._call.func(*map(_resolve, self._call.args), **keywords)
        return result() if isinstance(result, partial) else result


def members(backend: Any) -> Iterator[Any]:
    """Yield the backend, or the members of a group: a group's own writes are only scheduled."""
    if isinstance(backend, LedgerBackend):
        yield from members(backend.inner)
    elif isinstance(backend, rep.backends.BackendGroup):
        for each in backend._backends:
            yield from members(each)
    else:
        yield backend


def local_path(backend: Any, path: str) -> Path | None:
    """Return where on this machine's disks the backend has ``path``; None for one that is elsewhere."""
    resolve = getattr(backend, "resolve_path", None)
    if resolve is not None:
        place = Path(resolve(path))
        return place if place.is_absolute() else None
    root = getattr(backend, "output_dir", None)
    # An S3Backend has its key prefix there.
    return Path(root) / path if root and Path(root).is_absolute() and Path(root).is_dir() else None


def payload_bytes(value: Any) -> int:
    """Return the bytes of the arrays and blobs in a call, an argument or a sequence of them."""
    if isinstance(value, partial):
        return sum(map(payload_bytes, (*value.args, *value.keywords.values())))
    if isinstance(value, (bytes, bytearray)):
        return len(value)
    size = getattr(value, "nbytes", 0)
    return size if isinstance(size, int) else 0


def _check(place: Path, size: int, *, is_durable: bool) -> None:
    """Make sure that a file is on the disk, whole.

    ``is_durable`` is what a backend says of itself that brings its files there: to ask the disk again costs time.
    """
    try:
        if not is_durable:
            sync_file(place)
        found = place.stat().st_size
    except FileNotFoundError as error:
        raise OutputError(f"{place}: was not written, though its backend did not say so") from error
    if found != size:
        raise OutputError(f"{place}: has {found} bytes of {size}, though its backend did not say so")


def _put(backend: Any, path: str, data: bytes, digest: str) -> None:
    # A backend of ours that needs the hash, too, need not make it again.
    write_hashed = getattr(backend, "write_hashed", None)
    said = backend.write_blob(path, data) if write_hashed is None else write_hashed(path, data, digest)
    if said is False:
        raise OutputError(f"{path}: {backend.get_name()} could not write it; its log says why")
    place = local_path(backend, path)
    if place is not None:
        _check(place, len(data), is_durable=getattr(backend, "is_durable", False))


def _told(place: str, error: Exception) -> Exception:
    """Return a backend's failure as what ends the recording."""
    if isinstance(error, OutputError):
        return error
    text = str(error)
    told = OutputError(text if place in text else f"{place}: cannot be written: {text or type(error).__name__}")
    told.__cause__ = error
    return told


def _signature(fn: Callable[..., Any]) -> tuple[Collection[str], Any]:
    """Return the names of a function's parameters and its return annotation; nothing for one of C."""
    try:
        signature = inspect.signature(fn)
    except (TypeError, ValueError):
        return (), None
    return signature.parameters, signature.return_annotation


def _resolve(value: Any) -> Any:
    return value() if isinstance(value, partial) else value


def _of(sheet: Sheet) -> str:
    return "" if sheet.frame is None else f" of frame {sheet.frame}"


def keep_ledger(writer: Any, book: Book, folder: Path | None) -> list[LedgerBackend]:
    """Put a ledger around each backend that ``writer`` has; return them.

    One whose root is on a disk but not in ``folder``, the data set, is left alone: its files are not of the data set.
    """
    ledgers: dict[int, LedgerBackend] = {}
    for name in ("backend", "_backend"):
        inner = getattr(writer, name, None)
        if isinstance(inner, LedgerBackend) or not hasattr(inner, "write_blob"):
            continue
        prefix = _prefix(inner, folder)
        if prefix is not None:
            setattr(writer, name, ledgers.setdefault(id(inner), LedgerBackend(inner, book, prefix=prefix)))
    return list(ledgers.values())


def _prefix(backend: Any, folder: Path | None) -> str | None:
    roots = [root for root in (local_path(member, "") for member in members(backend)) if root is not None]
    if not roots:
        return ""
    inside = next((found for found in (_inside(root, folder) for root in roots) if found is not None), None)
    return None if inside is None else (f"{inside}/" if inside != "." else "")


def _inside(root: Path, folder: Path | None) -> str | None:
    if folder is None:
        return None
    try:
        return root.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return None


def name_origins(ledgers: Iterable[LedgerBackend], products: Iterable[str], annotators: Iterable[str]) -> None:
    """Tell ledgers the names that paths are made of, which are known once the writer is attached."""
    origins = Origins(products, annotators)
    for ledger in ledgers:
        ledger.origins = origins
