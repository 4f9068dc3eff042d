"""YOLO's text files: a line per object, with the class as its place in ``data.yaml``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from .class_list import ClassList
from .encoder import Encoder
from .file import File, picture_file
from .polygon import joined, polygons
from .shot import Instance, Shot


class YoloEncoder(Encoder):
    """``images/``, ``labels/`` and ``data.yaml``. A class' number is its place in the taxonomy, in the order of ids.

    With ``outlines`` a line is a polygon, else a box. All parts of an object are one polygon, joined by cuts of no
    width, and so are holes; the polygon runs along the edges of pixels.
    """

    def __init__(self, classes: ClassList, *, outlines: bool = False) -> None:
        super().__init__(classes)
        self._outlines = outlines
        self._pictures = self.spool()

    def add(self, shot: Shot) -> Iterator[File]:
        """Take note of the objects, and yield the picture. Places of classes are known in the end."""
        line = _outline if self._outlines else _box
        lines = [[each.name, line(each, shot.size)] for each in shot.instances]
        self._pictures.add([shot.stem, lines])
        if shot.picture is not None:
            yield picture_file(f"images/{shot.stem}", shot.picture)

    def finish(self) -> Iterator[File]:
        """Yield a file of labels for each picture, empty for one without an object, and the list of classes."""
        names = [each.name for each in self._classes.classes()]
        places = {name: place for place, name in enumerate(names)}
        for stem, lines in self._pictures:
            text = "".join(f"{places[name]} {numbers}\n" for name, numbers in lines)
            yield File(f"labels/{stem}.txt", text.encode("ascii"))
        # JSON's texts are YAML's, too.
        listed = "".join(f"  {place}: {json.dumps(name)}\n" for place, name in enumerate(names))
        text = f"path: .\ntrain: images\nval: images\nnc: {len(names)}\nnames:{'' if names else ' {}'}\n{listed}"
        yield File("data.yaml", text.encode("ascii"))


def _box(instance: Instance, size: tuple[int, int]) -> str:
    x, y, width, height = instance.box.xywh
    return _numbers([x + width / 2, y + height / 2, width, height], size)


def _outline(instance: Instance, size: tuple[int, int]) -> str:
    assert instance.mask is not None
    return _numbers(joined(polygons(instance.mask)).ravel().tolist(), size)


def _numbers(values: Sequence[float], size: tuple[int, int]) -> str:
    """Return ``values``, x and y in turn, as shares of the picture."""
    return " ".join(f"{value / size[place % 2]:.6f}" for place, value in enumerate(values))
