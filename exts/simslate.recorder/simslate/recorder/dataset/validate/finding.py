"""One thing that is wrong with a data set."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

KINDS = MappingProxyType(
    {
        "unfinished": "The recording was finished",
        "sidecar": "The files in simslate/ can be read and agree with each other",
        "unsafe": "Nothing points out of the folder",
        "frames": "All frames are there, without a gap",
        "times": "Time never runs backwards",
        "suspect": "No frame was marked suspect",
        "missing": "Every file is there",
        "extra": "No file is there that nobody listed",
        "leftover": "No temporary file was left over",
        "size": "Every file has its size",
        "hash": "Every file has its bytes",
        "unreadable": "Every file can be decoded",
        "json": "JSON says everything once, in numbers that are finite",
        "format": "Element type, channels and columns are the annotator's",
        "resolution": "Every picture has the resolution of its render product",
        "blank": "No picture is blank while others show something",
        "not-finite": "No number is NaN, and none is infinite where that means nothing",
        "range": "Distances and ratios are within their range",
        "box": "Boxes are in the frame, not inverted, and have labels and prims",
        "box-mask": "Tight boxes are the extents of their instances",
        "ids": "Every id or colour of a mask is in its mapping",
        "class-mask": "Instances have the class that the semantic mask has there",
        "class-ids": "A class keeps its id and colour through the run",
        "taxonomy": "Classes are the taxonomy's, with its ids and colours",
    }
)
"""What a finding of each kind denies, in the order of reports."""
CONTENT = frozenset({"hash", "unreadable", "json", "format", "resolution", "blank", "not-finite", "range", "box"}) | {
    "box-mask",
    "ids",
    "class-mask",
    "class-ids",
    "taxonomy",
}
"""The kinds for which files have to be read."""


@dataclass(frozen=True)
class Finding:
    """Something wrong, and where."""

    kind: str
    """One of ``KINDS``."""

    path: str
    """POSIX, relative to the data set's folder, which itself is "."."""

    message: str
    frame: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {"kind": self.kind, "path": self.path, "frame": self.frame, "message": self.message}


def printable(path: str) -> str:
    """Return a file's name as a text that can be written anywhere: bytes that are no UTF-8 become question marks."""
    return path.encode("utf-8", "replace").decode("utf-8")
