"""Masks of classes: a taxonomy's ids, and its colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ConfigError
from ...runs import Runs
from .class_list import ClassList, ExportClass
from .encoder import Encoder
from .file import File, json_bytes
from .flat_png import flat_png
from .shot import Shot

BACKGROUND, UNLABELLED = 0, 1
_RESERVED = {BACKGROUND: "BACKGROUND", UNLABELLED: "UNLABELLED"}


class ClassMaskEncoder(Encoder):
    """``masks/`` of ids, ``colours/`` and ``classes.json``. Ids are 8 bits wide if all of the taxonomy's fit, else 16.

    0 is the background and 1 what has no class, unless the list of classes has a class with that id.
    """

    def __init__(self, classes: ClassList) -> None:
        super().__init__(classes)
        if classes.is_open:
            raise ConfigError("masks of classes need a taxonomy: it gives the ids and colours")
        known = classes.classes()
        self._ids = {each.name: each.id for each in known}
        self._dtype = np.uint8 if max(self._ids.values(), default=0) < 256 else np.uint16
        self._colours = np.zeros((max([UNLABELLED, *self._ids.values()]) + 1, 3), np.uint8)
        for each in known:
            self._colours[each.id] = each.colour

    def add(self, shot: Shot) -> Iterator[File]:
        """Yield the two pictures."""
        assert shot.classes is not None
        runs = Runs.of(shot.classes.codes)
        values, inverse = np.unique(runs.values, return_inverse=True)
        numbers = [self._id(code, shot.classes.names.get(code)) for code in values.tolist()]
        ids = runs.painted(np.array(numbers, self._dtype)[inverse])
        yield File(f"masks/{shot.stem}.png", flat_png(ids))
        yield File(f"colours/{shot.stem}.png", self._coloured(ids))

    def finish(self) -> Iterator[File]:
        """Yield the list of classes."""
        known = self._classes.classes()
        taken = {each.id for each in known}
        reserved = [ExportClass(number, name, (0, 0, 0)) for number, name in _RESERVED.items() if number not in taken]
        listed = [
            {"id": each.id, "name": each.name, "colour": list(each.colour), "supercategory": each.supercategory}
            for each in sorted([*reserved, *known], key=lambda each: each.id)
        ]
        yield File("classes.json", json_bytes({"classes": listed}))

    def _coloured(self, ids: NDArray[np.unsignedinteger[Any]]) -> Iterator[bytes]:
        yield from flat_png(np.take(self._colours, ids, axis=0))

    def _id(self, code: int, name: str | None) -> int:
        if name is not None:
            return self._ids[name]
        return BACKGROUND if code == 0 else UNLABELLED
