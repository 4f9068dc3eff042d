"""What is shown of one frame and one render product, as a page wants it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..content import Content, read_content
from ..validate.finding import printable
from .names import Names, is_reserved_name
from .source import Cell

MOST_OBJECTS = 300
"""So many objects of a frame are listed, the largest first."""

Box = tuple[int, int, int, int]
"""x_min, y_min, x_max, y_max in pixels of the full picture, all inclusive."""


@dataclass
class Seen:
    """One labelled object in a picture."""

    path: str
    name: str
    """Its class."""

    pixels: int | None = None
    box: Box | None = None
    visible: float | None = None
    """1 is all of it, 0 nothing; None where nothing tells."""

    @property
    def area(self) -> int:
        """The pixels of its box."""
        if self.box is None:
            return 0
        return (self.box[2] - self.box[0] + 1) * (self.box[3] - self.box[1] + 1)


class Files:
    """The files of a cell, each read when it is asked for; what cannot be read is noted."""

    def __init__(self, folder: Path, cell: Cell) -> None:
        self.cell = cell
        self.flaws: list[str] = []
        self._folder = folder

    def get(self, part: str, kind: type[Any]) -> Any:
        """Return what the part of BasicWriter's says, or None if it is not there or no ``kind``."""
        path = self.cell.parts.get(part)
        return None if path is None else self.read(path, kind)

    def read(self, path: str, kind: type[Any]) -> Any:
        """Return what the file at ``path`` says, or None."""
        content: Content = read_content(self._folder / path, hashed=False)
        self.flaws.extend(f"{printable(path)} {message}" for _, message in content.flaws)
        return content.value if isinstance(content.value, kind) else None


@dataclass
class Drawing:
    """Layers over a picture, and the objects in it. Names are numbered within a drawing."""

    cell: Cell
    width: int
    """How wide its pictures may be."""

    size: tuple[int, int] = (0, 0)
    """Width and height of the full picture."""

    base: str | None = None
    """A JPEG as base64."""

    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[str, Seen] = field(default_factory=dict)
    """By path."""

    class_pixels: dict[str, int] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    classes: Names = field(default_factory=Names)
    paths: Names = field(default_factory=Names)

    def see(self, path: str, name: str) -> Seen:
        """Return the object at ``path``, which is of the class ``name``."""
        return self.objects.setdefault(path, Seen(path, name))

    def measure(self, height: int, width: int) -> None:
        """Take the size of the first picture for that of all."""
        if self.size == (0, 0):
            self.size = width, height

    def key(self, name: str, path: str) -> list[int]:
        """Return the numbers of a class and a prim; -1 is none."""
        return [self.classes.number(name) if name else -1, self.paths.number(path) if path else -1]

    def class_at(self, path: str) -> str:
        """Return the class of the labelled prim that ``path`` is, or is below of."""
        while path and path not in self.objects:
            path = path.rpartition("/")[0]
        return self.objects[path].name if path else ""

    def to_json(self) -> dict[str, Any]:
        """Return it with names of its own; the largest objects first."""
        listed = sorted(self.objects.values(), key=lambda seen: (-(seen.pixels or seen.area), seen.path))
        rows = [
            [*self.key(seen.name, seen.path), seen.pixels, seen.box, _rounded(seen.visible)]
            for seen in listed[:MOST_OBJECTS]
        ]
        pixels = [[self.classes.number(name), count] for name, count in self.class_pixels.items()]
        return {
            "size": self.size,
            "base": self.base,
            "layers": self.layers,
            "objects": rows,
            "more": max(0, len(listed) - MOST_OBJECTS),
            "pixels": pixels,
            "facts": self.facts,
            "flaws": self.flaws[:20],
            "classes": self.classes.texts,
            "paths": self.paths.texts,
        }


def countable(seen: Seen) -> bool:
    """Return whether an object is one: reserved names are not."""
    return not is_reserved_name(seen.name)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
