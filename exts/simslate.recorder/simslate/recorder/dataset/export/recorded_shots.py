"""Shots from the files of a BasicWriter recording, ours or Isaac Sim's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...errors import ConfigError, IncompleteError
from ..catalogue import Catalogue, read_catalogue
from ..content import picture_size, read_content
from ..parts import PARTS, Named, order, parse
from .assemble import RGB, Filter, Frame, make_shot
from .class_list import ClassList
from .shot import Shot

FRAME_DIGITS = 6
_OWNERS = {part.name: annotator for annotator, parts in PARTS.items() for part in parts}
"""The annotator of each part."""


def frame_text(frame: int, sequence: str = "") -> str:
    """Return how files of an export write a frame's number."""
    return f"{sequence}{frame:0{FRAME_DIGITS}}"


@dataclass(frozen=True)
class Recording:
    """The files of a recording that are BasicWriter's."""

    catalogue: Catalogue
    shots: dict[tuple[tuple[int, ...], str], dict[str, str]]
    """By frame and render product, the path of each part."""

    annotators: frozenset[str]

    def tasks(self, wanted: frozenset[str], classes: ClassList, kept: Filter) -> Iterator[Callable[[], Shot]]:
        """Yield what reads each shot, frame by frame and by the names of render products.

        ``wanted`` are the annotators that are read. Raises IncompleteError for files that are missing or broken.
        """
        # As they are in a payload: an annotator that only some render products have is none of the recording's.
        for (number, product), paths in sorted(self.shots.items()):
            yield partial(self._shot, number, product, paths, partial(make_shot, classes=classes, kept=kept), wanted)

    def _shot(
        self,
        number: tuple[int, ...],
        product: str,
        paths: dict[str, str],
        make: Callable[[Frame, dict[str, Any]], Shot],
        wanted: frozenset[str],
    ) -> Shot:
        wanted = wanted & self.annotators
        missing = wanted - {_OWNERS[part] for part in paths}
        if missing:
            where = f"frame {number[-1]}" + (f" of {product}" if product else "")
            raise IncompleteError(f"{self.catalogue.folder}: {where} has no {', '.join(sorted(missing))}")
        values = {part: self._read(path) for part, path in paths.items() if _OWNERS[part] in wanted - {RGB}}
        picture = self.catalogue.folder / paths[RGB] if RGB in wanted else None
        has_mask = any(part in values for part in ("instance_segmentation", "semantic_segmentation"))
        size = None if has_mask or picture is None else picture_size(picture)
        text = frame_text(number[-1], "".join(f"{each}_" for each in number[:-1]))
        return make(Frame(product, text, size, picture), values)

    def _read(self, path: str) -> Any:
        content = read_content(self.catalogue.folder / path, hashed=False)
        if content.value is None:
            said = content.flaws[0][1] if content.flaws else "cannot be read"
            raise IncompleteError(f"{self.catalogue.folder / path}: {said}")
        return content.value


def open_recording(folder: Path) -> Recording:
    """Read what files there are. ConfigError if there is no recording of BasicWriter's."""
    try:
        catalogue = read_catalogue(folder)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read: {error.strerror or error}") from error
    shots: dict[tuple[tuple[int, ...], str], dict[str, str]] = {}
    annotators = set()
    for path in catalogue.sizes:
        named = parse(path)
        if named is not None:
            annotators.add(named.series.annotator)
            shots.setdefault(_place(named), {})[named.series.part] = path
    if not shots:
        raise ConfigError(f"{folder}: is no recording of BasicWriter's: no file has one of its names")
    return Recording(catalogue, shots, frozenset(annotators))


def _place(named: Named) -> tuple[tuple[int, ...], str]:
    return order(named.number), named.series.product
