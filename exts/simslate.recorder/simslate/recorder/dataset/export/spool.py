"""Records that are put aside on disk until all of them are there."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import Any


class Spool:
    """Takes JSON values and gives them back, from the first, any number of times. Its file has no name."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115  lives as long as the spool
        self.count = 0

    def __del__(self) -> None:
        # A writer is let go without a word.
        self.close()

    def add(self, value: Any) -> None:
        """Put ``value`` behind the others."""
        self._file.write(json.dumps(value, separators=(",", ":")))
        self._file.write("\n")
        self.count += 1

    def __iter__(self) -> Iterator[Any]:
        self._file.flush()
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)
        self._file.seek(0, 2)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
