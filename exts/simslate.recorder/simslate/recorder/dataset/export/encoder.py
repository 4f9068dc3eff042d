"""What every format of data sets is written by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from .class_list import ClassList, ExportClass
from .file import File
from .shot import Shot
from .spool import Spool


class Encoder(ABC):
    """Takes shots and gives files. What needs all shots is put aside, and given in the end."""

    def __init__(self, classes: ClassList) -> None:
        self._classes = classes
        self._spools: list[Spool] = []

    @abstractmethod
    def add(self, shot: Shot) -> Iterator[File]:
        """Yield the files of one shot that can be written now."""

    @abstractmethod
    def finish(self) -> Iterator[File]:
        """Yield the files about all shots so far. More may follow, after which they are given anew."""

    def close(self) -> None:
        """Let go of what was put aside."""
        for spool in self._spools:
            spool.close()

    def spool(self) -> Spool:
        """Return a new spool, which ``close`` lets go."""
        self._spools.append(Spool())
        return self._spools[-1]

    def by_name(self) -> dict[str, ExportClass]:
        """Return the classes known so far by their names."""
        return {each.name: each for each in self._classes.classes()}
