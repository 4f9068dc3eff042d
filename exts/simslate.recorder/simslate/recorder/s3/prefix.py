"""The place of one data set in a bucket: probed, chosen by its conflict policy, and cleared if nothing comes of it."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from ..dataset.layout import REPORT, SIDECAR, json_bytes
from ..dataset.manifest import MANIFEST, FileLine, Lines, read_manifest
from ..errors import ConfigError, OutputError
from ..output import candidate_names
from ..outputs import S3Output
from .claim import Claim
from .client import Said, connect, s3_errors
from .keeper import Keeper
from .segments import Segments, fetch_journal
from .spool import Mirror, Spool, spool_folder
from .state import State, state_of, unmake
from .strays import Strays
from .uploader import Limits, Uploader

CLAIM = f"{SIDECAR}/claim.json"
_BRIEF_S = 3.0
"""For how long that is tried which is for whoever waits: the probe, and what is given back."""


class S3Prefix:
    """A prefix taken for one recording. Until ``keep()``, ``close()`` removes what was put there."""

    def __init__(
        self,
        output: S3Output,
        *,
        spools: Path | None = None,
        mirror: Path | None = None,
        limits: Limits | None = None,
        now: datetime | None = None,
    ) -> None:
        """Take the prefix that ``output`` asks for, after a probe. Raises OutputError with the reason if that fails.

        ``spools`` is the folder that keeps what cannot be uploaded, or ``mirror`` one that has the data set, too.
        """
        self.output = output
        self.failure: OutputError | None = None
        """What has ended the upload. From then on files are kept on this machine."""
        self.is_resumed = False
        """Whether there is a data set already, which is to be gone on with."""
        self.was_whole = False
        """Whether that was complete already when it was taken."""
        self.is_behind = False
        """Whether files may be on this machine only. Until ``catch_up`` the bucket is told of no frame then."""
        self._is_whole = False
        self._limits = limits or Limits()
        self._stack = ExitStack()
        self._spools = spools or Path(tempfile.mkdtemp(prefix="simslate-"))
        if spools is None:
            self._stack.callback(shutil.rmtree, self._spools, ignore_errors=True)
        self._mirror = mirror
        self._said = Said(output)
        self._failing = threading.Lock()
        self._held: dict[str, bytes] = {}
        self._written: set[str] = set()
        self._strays: Strays | None = None
        self._bringing = threading.Lock()
        self._is_kept = False
        self._keeper: Keeper | None = None
        self._claim: Claim | None = None
        self._local: Spool | None = None
        self.prefix = output.prefix
        with ExitStack() as undo:
            undo.callback(self.close)
            client = connect(output)
            self._endpoint = str(client.meta.endpoint_url)
            self._uploader = Uploader(client, output.bucket, self._limits.retry)
            self._brief = Uploader(client, output.bucket, _BRIEF_S)
            with self._said:
                _probe(self._brief, output)
                self._take(now or datetime.now())
            undo.pop_all()

    @property
    def location(self) -> str:
        """Where the data set is."""
        return f"s3://{self.output.bucket}/{self.prefix}"

    @property
    def journal_folder(self) -> Path:
        """Where files that grow line by line, as no object can, are kept while they do."""
        return self._place.sidecar

    def write(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one of the files that describe the data set; before ``keep`` it waits for that."""
        body = json_bytes(data)
        self._place.note(name, body)
        if not self._is_kept:
            self._held[name] = body
            return
        if self.failure is not None:
            raise self.failure
        self._put_own(name, body)
        if name == REPORT:
            self._end()

    def read(self, name: str) -> Any:
        """Return what one of the files that describe the data set says. ConfigError if it is not there, or no JSON."""
        return read_json(self._uploader, self.output, f"{self.prefix}/{SIDECAR}/{name}")

    def publish(self, name: str) -> None:
        """Put a file of ``journal_folder`` beside the data, unless it tells of files that are not there."""
        body = (self.journal_folder / name).read_bytes()
        if self._is_sound() and self._is_kept:
            self._put_own(name, body)

    def _is_sound(self) -> bool:
        return self.failure is None and not self.is_behind

    def put(self, path: str, data: bytes, digest: str | None = None) -> None:
        """Put a file of the writer; ``digest`` is its SHA-256 in hexadecimal, if that is known.

        What cannot be put is kept on this machine, and ``failure`` says why.
        """
        if self.failure is None:
            try:
                self._uploader.put(self._key(path), data, digest)
            except s3_errors() as error:
                self._fail(self._said.told(error))
            else:
                if not self._is_kept or self.is_behind:
                    self._written.add(path)
                    # What is here of it is older.
                    self._place.sent(path)
                return
        self._place.hold(path, data)

    def get(self, path: str) -> bytes:
        """Return a file of the writer."""
        with self._said:
            return self._uploader.get(self._key(path))[0]

    def catch_up(self) -> None:
        """Upload what is only on this machine of a recording that was resumed and has no more frames to come."""
        if self.is_behind and self.failure is None:
            with self._bound():
                listed = self._listed()
            self.bring(path for path in self._place.unsent(listed) if path not in self._written)
            self.is_behind = False

    def bring(self, paths: Iterable[str]) -> None:
        """Upload files that are on this machine. OutputError says how to finish if that cannot be done."""
        with self._bringing, self._bound():
            self._uploader.each(self._send, paths)

    def missing(self, files: Lines[FileLine]) -> Iterator[str]:
        """Yield which listed files are not there, or not with the size that was written."""
        with self._said:
            sizes = {path: each["Size"] for path, each in self._listed().items()}
        for path, line in {line.path: line for line in files.lines}.items():
            if path not in sizes:
                yield f"{path}: is not in the bucket"
            elif sizes[path] != line.bytes:
                yield f"{path}: has {sizes[path]} bytes in the bucket, but {line.bytes} were written"

    def set_apart(self, listed: Iterable[str]) -> None:
        """Note what is in the bucket and not ``listed``. It stays until ``settle``: most of it is written again."""
        known = set(listed)
        self._place.drop(besides=known)
        with self._said:
            self._strays = Strays(self._uploader, self.prefix, known)

    def settle(self) -> list[str]:
        """Move what was set apart and has not been written again to a place of ours; return it, by path."""
        if self._strays is None:
            return []
        with self._said:
            return self._strays.settle(line.path for line in read_manifest(self.journal_folder / MANIFEST).lines)

    def remove_parts(self) -> None:
        """Remove nothing: an object is whole or not there, and ``keep`` ends uploads in parts."""

    def keep(self) -> None:
        """Let what is there stay. What it replaces goes, now that this recording has begun."""
        with self._said:
            self._brief.forget_parts(f"{self.prefix}/")
            is_new = self.output.on_conflict != "overwrite"
            replaced = [] if is_new else unmake(self._uploader, self.prefix, besides={*self._written, CLAIM})
        self._is_kept = True
        for name, body in self._held.items():
            self._put_own(name, body)
        with self._said:
            self._uploader.delete(replaced)
        if self._claim is not None:
            is_sound = self._is_sound
            segments = Segments(self._brief, self.prefix, self._run, self.journal_folder, is_sound)
            self._keeper = Keeper(self._claim, segments, self._limits, self._lose)

    def close(self) -> None:
        """Remove what was put there, unless it is kept; leave on this machine what has not got there."""
        if self._bringing.locked():
            # Whoever waited for it has been interrupted.
            self._uploader.stopped.set()
            with self._bringing:
                pass
        if self._keeper is not None:
            self._keeper.stop()
        local, self._local = self._local, None
        if local is not None:
            # What ends the recording is told already.
            with suppress(OutputError), self._said:
                self._give_back(local)
            local.close()
        self._stack.close()

    def _give_back(self, local: Spool) -> None:
        if self._is_whole:
            local.discard()
            return
        if not self._is_kept and not self.is_resumed:
            local.discard()
            self._brief.delete(map(self._key, self._written))
        elif self.failure is not None or local.has_unsent():
            return
        elif self._is_kept:
            local.rest()
        elif self._mirror is not None and not local.runs:
            local.discard()
        # Of one that does not begin, the claim says who came before; a folder that has all can do without.
        if self._claim is not None and (self._is_kept or not self.is_resumed or self._mirror is not None):
            self._claim.drop()

    @property
    def _place(self) -> Spool:
        assert self._local is not None, "closed"
        return self._local

    def _take(self, now: datetime) -> None:
        policy = self.output.on_conflict
        base, _, name = self.output.prefix.rpartition("/")
        for candidate in candidate_names(name, policy, now):
            self.prefix = f"{base}/{candidate}" if base else candidate
            complaint = self._try(policy)
            if complaint is None:
                return
            if policy not in ("increment", "timestamp"):
                raise OutputError(f"{self.location}: {complaint}")

    def _try(self, policy: str) -> str | None:
        """Take ``prefix``; return what speaks against it, with nothing changed, if anything does."""
        target = replace(self.output, prefix=self.prefix)
        folder = self._mirror or spool_folder(self._spools, target, self._endpoint)
        try:
            local = Mirror(folder) if self._mirror else Spool(folder)
        except BlockingIOError:
            return "is being recorded by another process"
        complaint = self._try_with(local, target, policy)
        if complaint is None:
            self._local = local
            return None
        if not local.runs and not local.has_unsent():
            local.discard()
        local.close()
        return complaint

    def _try_with(self, local: Spool, target: S3Output, policy: str) -> str | None:
        state = state_of(self._uploader, self.prefix, besides=CLAIM)
        complaint = state.complaint(policy)
        if complaint is not None:
            return complaint
        self.is_resumed = policy == "resume" and state is not State.FREE
        self.was_whole = self.is_resumed and state is State.WHOLE and local.agrees(self._report())
        self.is_behind = self.is_resumed and local.has_unsent()
        if not self.is_resumed and policy != "overwrite" and local.has_unsent():
            return f"there are files for it in {local.folder}; resume or remove that folder"
        before, self._run = local.runs, uuid4().hex
        # An address that only the environment tells would be unknown later.
        known = replace(target, endpoint=target.endpoint or _told_by_environment(self._endpoint))
        local.describe(known, (*before, self._run))
        key = f"{self.prefix}/{CLAIM}"
        self._claim = Claim.take(self._uploader, key, self._run, lease=self._limits.lease, dead=before)
        if self._claim is None:
            local.describe(known, before) if before else local.discard()
            return None if self.was_whole else "is being recorded by another process, or was until a moment ago"
        if not self.is_resumed and state_of(self._uploader, self.prefix, besides=CLAIM) is not state:
            self._claim.drop()
            return "has just been taken by another recording"
        self._begin(local, known, is_ours=self._claim.before in before)
        return None

    def _begin(self, local: Spool, known: S3Output, *, is_ours: bool) -> None:
        """Have in ``local`` what is known of the data set: nothing of a new one."""
        if self.was_whole:
            self._local = local
            self._end()
        elif self._mirror is None and not (self.is_resumed and is_ours):
            # What is here is older than what another machine has made of it, or of something else.
            local.clear()
            local.describe(known, (self._run,))
            if self.is_resumed:
                for name, data in fetch_journal(self._uploader, self.prefix).items():
                    (local.sidecar / name).write_bytes(data)

    def _end(self) -> None:
        """Remove what is there for as long as the data set is not whole."""
        if self._keeper is not None:
            self._keeper.stop()
        self._is_kept = self._is_whole = True
        with suppress(OutputError), self._said:
            Segments(self._brief, self.prefix, "", self.journal_folder).clear()
            if self._claim is not None:
                self._claim.drop()

    def _send(self, path: str) -> None:
        if not self._uploader.stopped.is_set():
            self._uploader.put(self._key(path), (self._place.folder / path).read_bytes())
            self._place.sent(path)

    def _put_own(self, name: str, body: bytes) -> None:
        with self._bound():
            self._uploader.put(self._key(f"{SIDECAR}/{name}"), body)

    @contextmanager
    def _bound(self) -> Iterator[None]:
        """End the upload with what fails here, and raise it as what ``failure`` is then."""
        try:
            yield
        except s3_errors() as error:
            self._fail(self._said.told(error))
            assert self.failure is not None
            raise self.failure from error

    def _report(self) -> bytes | None:
        found = self._uploader.find(self._key(f"{SIDECAR}/{REPORT}"))
        return None if found is None else found[0]

    def _key(self, path: str) -> str:
        return f"{self.prefix}/{path}"

    def _listed(self) -> dict[str, Mapping[str, Any]]:
        start = len(self.prefix) + 1
        return {each["Key"][start:]: each for each in self._uploader.listed(f"{self.prefix}/")}

    def _lose(self) -> None:
        self._fail(OutputError(f"{self.location}: another recording has taken it over"))

    def _fail(self, error: OutputError) -> None:
        """Upload nothing any more, and let nothing be tried again."""
        with self._failing:
            if self.failure is None:
                folder = self._place.folder
                hint = f"what is missing there is in {folder}; to finish: tools/simslate resume {folder}"
                self.failure = OutputError(f"{error}; {hint}")
            self._uploader.stopped.set()


def probe(output: S3Output) -> None:
    """Put, look at and delete an object where ``output`` is. OutputError says what is wrong if that fails."""
    client = connect(output)
    with Said(output):
        _probe(Uploader(client, output.bucket, _BRIEF_S), output)


def read_json(uploader: Uploader, output: S3Output, key: str) -> Any:
    """Return what the object says. ConfigError if it is not there, or no JSON."""
    with Said(output):
        found = uploader.find(key)
    if found is None:
        raise ConfigError(f"s3://{output.bucket}/{key}: is not there")
    try:
        return json.loads(found[0])
    except ValueError as error:
        raise ConfigError(f"s3://{output.bucket}/{key}: is not JSON: {error}") from error


def _probe(uploader: Uploader, output: S3Output) -> None:
    key = f"{output.prefix}/{SIDECAR}/.probe-{uuid4().hex}"
    uploader.put(key, b"simslate")
    uploader.client.head_object(Bucket=output.bucket, Key=key)
    uploader.delete([key])


def _told_by_environment(endpoint: str) -> str | None:
    return None if "amazonaws.com" in endpoint or "@" in endpoint else endpoint
