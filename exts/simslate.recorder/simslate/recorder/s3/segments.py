"""The journal in a bucket: no object can grow line by line, so what is new becomes an object of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ..dataset.layout import SIDECAR
from ..dataset.manifest import FRAMES, MANIFEST
from .uploader import Uploader

_FOLDER = f"{SIDECAR}/journal"


class Segments:
    """Brings the journal in ``folder`` to a bucket, where each run has segments of its own.

    A segment holds, of both files, a text and where it begins. Manifest before frames, as in the journal: a frame that
    is in a segment has its files there, too.
    """

    def __init__(
        self, uploader: Uploader, prefix: str, run: str, folder: Path, is_sound: Callable[[], bool] = lambda: True
    ) -> None:
        """``is_sound`` is false from before the first line of a file that is not in the bucket."""
        self._is_sound = is_sound
        self._uploader = uploader
        self._prefix = prefix
        self._run = run
        self._folder = folder
        self._number = 0
        self._sent = {MANIFEST: 0, FRAMES: 0}

    def push(self) -> bool:
        """Put what is new, if there is a new frame; return whether there was. Those of earlier runs go then."""
        # Frames first: what the manifest has got meanwhile does no harm.
        found = {name: self._new(name) for name in (FRAMES, MANIFEST)}
        # Asked only now: what was read until then tells of what is there.
        if not found[FRAMES] or not self._is_sound():
            return False
        parts = {name: [self._sent[name], data.decode()] for name, data in found.items()}
        key = f"{self._prefix}/{_FOLDER}/{self._run}-{self._number:08d}.json"
        self._uploader.put(key, json.dumps(parts, ensure_ascii=False).encode())
        for name, data in found.items():
            self._sent[name] += len(data)
        self._number += 1
        if self._number == 1:
            self.clear(besides=self._run)
        return True

    def clear(self, *, besides: str | None = None) -> None:
        """Delete all segments, or those of other runs than ``besides``."""
        keys = [each["Key"] for each in self._uploader.listed(f"{self._prefix}/{_FOLDER}/")]
        self._uploader.delete(key for key in keys if besides is None or _run(key) != besides)

    def _new(self, name: str) -> bytes:
        path = self._folder / name
        if not path.exists():
            return b""
        with path.open("rb") as file:
            file.seek(self._sent[name])
            data = file.read()
        return data[: data.rfind(b"\n") + 1]


def _run(key: str) -> str:
    return key.rpartition("/")[2].rpartition("-")[0]


def fetch_journal(uploader: Uploader, prefix: str) -> dict[str, bytes]:
    """Return the files of the journal that is in a bucket, by name: the whole ones, or what segments have, if more."""
    keys = sorted(each["Key"] for each in uploader.listed(f"{prefix}/{_FOLDER}/"))
    runs = [[key for key in keys if _run(key) == run] for run in sorted({_run(key) for key in keys})]
    whole = {name: uploader.find(f"{prefix}/{SIDECAR}/{name}") for name in (MANIFEST, FRAMES)}
    candidates = [{name: b"" if found is None else found[0] for name, found in whole.items()}]
    candidates += [_joined(json.loads(uploader.get(key)[0]) for key in run) for run in runs]
    return max(candidates, key=lambda files: files[FRAMES].count(b"\n"))


def _joined(segments: Iterable[dict[str, Any]]) -> dict[str, bytes]:
    """Join segments up to the first that does not go on where the one before ends."""
    files = {MANIFEST: b"", FRAMES: b""}
    for segment in segments:
        if any(segment[name][0] != len(data) for name, data in files.items()):
            break
        files = {name: data + segment[name][1].encode() for name, data in files.items()}
    return files
