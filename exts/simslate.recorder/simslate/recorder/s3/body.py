"""What a request is made of: a view of bytes as a file, so that no part of an object is copied as a whole."""

from __future__ import annotations

import io

PIECE = 256 << 10
"""At least so many bytes are handed over at a time. A client asks for 16 KiB, and each send takes the interpreter's
lock; one of all would have to end within the timeout that is meant for a connection."""


class Body(io.RawIOBase):
    """Bytes as a file that is read from its start, and may give more than is asked for."""

    def __init__(self, data: bytes | memoryview, *, asks: bool) -> None:
        """``asks`` is whether the server is to be asked first if it wants it.

        One that does not breaks the connection in the middle of what is sent, and nobody hears why.
        """
        super().__init__()
        self.asks = asks
        self._view = memoryview(data)
        self._place = 0

    def __len__(self) -> int:
        return len(self._view)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True: a request that is sent again begins anew."""
        return True

    def tell(self) -> int:
        """Return how many bytes have been read."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on reading ``offset`` bytes after the start, the place or the end; return where that is."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: len(self._view)}[whence]
        self._place = min(max(base + offset, 0), len(self._view))
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes: ``size`` of them, or PIECE if that is more; all if ``size`` is below 0."""
        start = self._place
        self._place = len(self._view) if size < 0 else min(start + max(size, PIECE), len(self._view))
        return bytes(self._view[start : self._place])
