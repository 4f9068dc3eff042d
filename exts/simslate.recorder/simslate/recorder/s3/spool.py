"""What is kept on this machine of a recording that goes to a bucket: its journal, and what could not be uploaded."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..dataset.durable import sync_folder
from ..dataset.layout import REPORT, SIDECAR, TARGET, sidecar_folder, write_bytes, write_json
from ..dataset.manifest import MANIFEST, read_manifest
from ..folder_lock import lock_folder
from ..outputs import S3Output
from .uploader import etag

Listed = Mapping[str, Mapping[str, Any]]
"""What a bucket lists, by path in the data set."""


class Spool:
    """A folder with the shape of the data set, below one that holds those of all data sets."""

    def __init__(self, folder: Path) -> None:
        """Take the folder. BlockingIOError if another recording has it."""
        self.folder = folder
        self.sidecar = sidecar_folder(folder)
        self.sidecar.mkdir(parents=True, exist_ok=True)
        self._lock = ExitStack()
        self._lock.callback(lock_folder(self.sidecar))
        self.runs = tuple(read_target(folder).get("runs", ()))
        """The recordings on this machine that may have been the last to have the claim."""

    def describe(self, output: S3Output, runs: tuple[str, ...]) -> None:
        """Note where the data set is and which recordings may have its claim."""
        told = {"mirror": isinstance(self, Mirror), "runs": list(runs), "output": output.to_json()}
        write_json(self.sidecar / TARGET, told)

    def note(self, name: str, body: bytes) -> None:
        """Keep a file that describes the data set here, too."""
        write_bytes(self.sidecar / name, body)

    def hold(self, path: str, data: bytes) -> None:
        """Keep a file that could not be uploaded, durably. OutputError or OSError if that cannot be done either."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(place, data)
        sync_folder(place.parent)

    def agrees(self, report: bytes | None) -> bool:
        """Return whether the data set is whole here, too, if ``report`` says so in the bucket."""
        return report is not None and not self.has_unsent()

    def unsent(self, _: Listed) -> list[str]:
        """Return the files that are here and belong into the bucket."""
        return sorted(self._files())

    def drop(self, *, besides: Collection[str]) -> None:
        """Forget files but those: they were being put when a recording was killed, and are written again."""
        for path in set(self._files()).difference(besides):
            self.sent(path)

    def has_unsent(self) -> bool:
        """Return whether there are any."""
        return any(self._files())

    def sent(self, path: str) -> None:
        """Say that a file is in the bucket now."""
        (self.folder / path).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget what is here of an earlier recording."""
        for path in list(self._files()):
            self.sent(path)
        for own in self.sidecar.iterdir():
            own.unlink()

    def rest(self) -> None:
        """Keep nothing but where the data set is: all else is there."""
        for path in self.sidecar.iterdir():
            if path.name != TARGET:
                path.unlink()

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        """Let others have it."""
        self._lock.close()

    def _files(self) -> Iterator[str]:
        for place, folders, names in os.walk(self.folder):
            if Path(place) == self.folder:
                folders[:] = [name for name in folders if name != SIDECAR]
            for name in names:
                if not name.endswith(".part"):
                    yield (Path(place) / name).relative_to(self.folder).as_posix()


class Mirror(Spool):
    """The folder of a data set that goes to disk and bucket: there is all of it, and nothing of it is removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sidecar = sidecar_folder(folder)
        self.runs = tuple(read_target(folder).get("runs", ()))

    def note(self, name: str, body: bytes) -> None:
        """Keep nothing: the folder has its own."""

    def hold(self, path: str, data: bytes) -> None:
        """Keep nothing: the file is here."""

    def agrees(self, report: bytes | None) -> bool:
        """Return whether the folder has the same report."""
        place = self.sidecar / REPORT
        return report is not None and place.is_file() and place.read_bytes() == report

    def unsent(self, listed: Listed) -> list[str]:
        """Return the files of the manifest that the bucket does not have as they are here."""
        paths = dict.fromkeys(line.path for line in read_manifest(self.sidecar / MANIFEST).lines)
        return [path for path in paths if not self._is_there(path, listed.get(path))]

    def _is_there(self, path: str, listed: Mapping[str, Any] | None) -> bool:
        place = self.folder / path
        if listed is None or not place.is_file() or listed["Size"] != place.stat().st_size:
            return not place.is_file()
        return etag(place.read_bytes()) == str(listed["ETag"]).strip('"')

    def drop(self, *, besides: Collection[str]) -> None:
        """Forget nothing: the folder sees to that."""

    def has_unsent(self) -> bool:
        """Return False: what is here stays, whether it is sent or not."""
        return False

    def sent(self, path: str) -> None:
        """Keep it all the same."""

    def clear(self) -> None:
        """Keep all."""

    def rest(self) -> None:
        """Keep all: a later recording is to find out where the other half is."""

    def discard(self) -> None:
        """Forget the bucket only."""
        (self.sidecar / TARGET).unlink(missing_ok=True)

    def close(self) -> None:
        """Do nothing: the folder has its own lock."""


def spool_folder(spools: Path, output: S3Output, endpoint: str) -> Path:
    """Return where what belongs to ``output`` is kept below ``spools``."""
    name = re.sub(r"[^\w.-]", "_", f"{output.bucket}_{output.prefix}")[-80:]
    told = hashlib.sha256(json.dumps([endpoint, output.bucket, output.prefix]).encode()).hexdigest()
    return spools / f"{name}-{told[:8]}"


def read_target(folder: Path) -> Mapping[str, Any]:
    """Return what ``describe`` has noted for ``folder``; nothing if it has not."""
    with suppress(OSError, ValueError):
        found = json.loads((sidecar_folder(folder) / TARGET).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def target_of(folder: Path) -> S3Output | None:
    """Return the prefix that ``folder`` belongs to; None if it belongs to none."""
    told = read_target(folder).get("output")
    if not isinstance(told, dict):
        return None
    return S3Output(**{name: value for name, value in told.items() if name != "kind"})


def is_mirror(folder: Path) -> bool:
    """Return whether ``folder`` has the whole data set, and not only what could not be uploaded."""
    return read_target(folder).get("mirror") is True


def remembered(spools: Path, output: S3Output) -> S3Output | None:
    """Return how a recording on this machine has reached the bucket and prefix of ``output``; None if none has."""
    found = [target_of(folder) for folder in sorted(spools.glob("*/"))]
    same = [each for each in found if each is not None and (each.bucket, each.prefix) == (output.bucket, output.prefix)]
    return replace(same[0], on_conflict=output.on_conflict) if len(same) == 1 else None
