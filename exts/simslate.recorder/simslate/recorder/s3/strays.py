"""What is in a bucket and in no manifest: what a killed recording was putting, or what somebody else has put there."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..dataset.layout import LEFT, SIDECAR
from .uploader import Uploader


class Strays:
    """The objects below a prefix that were not ``listed`` when a recording was resumed."""

    def __init__(self, uploader: Uploader, prefix: str, listed: Collection[str]) -> None:
        self._uploader = uploader
        self._prefix = prefix
        own = f"{SIDECAR}/"
        self._paths = {path for path in self._there() if not path.startswith(own)}.difference(listed)

    def settle(self, listed: Iterable[str]) -> list[str]:
        """Move those that are not ``listed`` now either to a place of ours; return what is there, by path.

        What was moved before, and is listed meanwhile, goes. Nothing else is deleted: it may be somebody else's.
        """
        known = set(listed)
        for path in sorted((self._paths - known) & self._there()):
            self._move(path)
        left = f"{SIDECAR}/{LEFT}/"
        moved = {path.removeprefix(left) for path in self._there() if path.startswith(left)}
        self._uploader.delete(self._key(left + path) for path in moved & known)
        return sorted(moved - known)

    def _there(self) -> set[str]:
        return {each["Key"].removeprefix(self._key("")) for each in self._uploader.listed(self._key(""))}

    def _move(self, path: str) -> None:
        self._uploader.copy(self._key(path), self._key(f"{SIDECAR}/{LEFT}/{path}"))
        self._uploader.delete([self._key(path)])

    def _key(self, path: str) -> str:
        return f"{self._prefix}/{path}"
