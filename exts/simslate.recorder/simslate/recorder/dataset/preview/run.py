"""Making the page, from the first file to the last."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from ...errors import ConfigError, OutputError
from ..in_order import in_order
from ..layout import is_dataset
from .draw import draw
from .drawing import Drawing
from .page import json_text, page_parts
from .selection import MOST_BYTES, MOST_PICTURES, WIDTHS, Measure, fitting, spread
from .source import Cell, Source, place_of, read_source
from .summary import bytes_text, summary
from .tally import SIZES, Tally

Progress = Callable[[int, int], None]
"""Called with the number of pictures that have been made, and that of all."""
_THREADS = 2
_SAMPLES = 4


@dataclass(frozen=True)
class Outcome:
    """A page that was written."""

    path: Path
    bytes: int
    frames: int
    """How many are shown, of ``all_frames``."""

    all_frames: int
    width: int
    """How wide its pictures are at most."""


def preview(
    folder: Path, to: Path | None = None, *, frames: int | None = None, progress: Progress | None = None
) -> Outcome:
    """Write a page that shows the recording in ``folder`` to ``to``, by default beside the folder.

    ``frames`` shows so many, evenly spread. ``progress`` is called from this thread; what it raises ends it all.
    Raises ConfigError if there is nothing to show or the page would be in the data set, OutputError if it cannot be
    written.
    """
    source = read_source(folder)
    target = _target(folder, to)
    making = _Making(source, frames, progress or (lambda *_: None))
    try:
        with tempfile.TemporaryFile("w+", encoding="ascii", newline="\n") as spool:
            making.draw_all(spool)
            spool.seek(0)
            _write(target, page_parts(making.title, making.meta(), (line.rstrip("\n") for line in spool)))
        size = target.stat().st_size
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from error
    return Outcome(target, size, len(making.numbers), len(source.numbers), making.width)


def _target(folder: Path, to: Path | None) -> Path:
    given = place_of(folder)
    target = given.with_name(f"{given.name}_preview.html") if to is None else to.expanduser().absolute()
    if target.suffix.lower() not in (".html", ".htm"):
        raise ConfigError(f"{target}: the page's name has to end in .html")
    if any(map(is_dataset, target.resolve().parents)):
        raise ConfigError(
            f"{target}: is in a data set, which would not be as it was recorded; choose another place with --to"
        )
    return target


def _write(target: Path, parts: Iterator[str]) -> None:
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


class _Making:
    def __init__(self, source: Source, frames: int | None, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self._tally = Tally()
        self._rows: list[dict[str, Any]] = []
        self._layers: dict[str, None] = {}
        self._flaws: dict[str, list[str]] = {}
        self._without = 0
        suspect = {number for number in source.numbers if source.indexes[number] in source.suspects}
        products = max(len(source.products), 1)
        wanted = frames or max(MOST_PICTURES // products, 1)
        chosen = spread(source.numbers, wanted, suspect)
        self.width, fit = self._fitting(chosen)
        self.numbers = spread(chosen, max(1, fit // products), suspect) if fit < len(chosen) * products else chosen
        self.title = f"{summary(source)['name']} - preview"

    def _cells(self, numbers: list[str]) -> list[Cell]:
        wanted = set(numbers)
        return [cell for cell in self._source.cells if cell.number in wanted]

    def _fitting(self, numbers: list[str]) -> tuple[int, int]:
        """Return how wide pictures can be, and how many there can be, by a few of them."""
        cells = self._cells(numbers)
        measured = []
        for cell in cells[:: max(1, len(cells) // _SAMPLES)][:_SAMPLES]:
            block = draw(self._source.folder, cell, WIDTHS[0]).to_json()
            pictures = sum(len(each.get("data", "")) for each in block["layers"].values()) + len(block["base"] or "")
            measured.append(Measure(pictures, len(json.dumps(block)) - pictures, block["size"][0]))
        return fitting(measured, len(cells), MOST_BYTES)

    def draw_all(self, spool: IO[str]) -> None:
        """Write one line of JSON for each cell, and count all that is in it."""
        cells = self._cells(self.numbers)
        written = 0

        def tasks() -> Iterator[Callable[[], Drawing]]:
            for cell in cells:
                yield partial(draw, self._source.folder, cell, self.width if written < MOST_BYTES else 0)

        for done, drawing in enumerate(in_order(tasks(), _THREADS), 1):
            text = json_text(self._noted(drawing))
            spool.write(f"{text}\n")
            written += len(text)
            self._progress(done, len(cells))

    def _noted(self, drawing: Drawing) -> dict[str, Any]:
        cell = drawing.cell
        block = self._tally.add(drawing)
        frame, product = self.numbers.index(cell.number), self._source.products.index(cell.product)
        self._rows.append({"frame": frame, "product": product, "size": drawing.size})
        self._layers.update(dict.fromkeys(drawing.layers))
        if drawing.flaws:
            self._flaws.setdefault(cell.number, []).extend(drawing.flaws)
        pictured = drawing.base is not None or any("data" in each for each in drawing.layers.values())
        self._without += not pictured and drawing.width == 1
        return block

    def meta(self) -> dict[str, Any]:
        """Return what the page knows about all of it."""
        source = self._source
        return {
            **summary(source),
            "products": source.products,
            "frames": [{"number": number, "index": source.indexes[number]} for number in self.numbers],
            "cells": self._rows,
            "layers": list(self._layers),
            "classes": self._tally.class_rows(),
            "paths": self._tally.paths.texts,
            "perFrame": self._tally.per_frame(),
            "sizeEnds": SIZES,
            "suspects": self._suspects(),
            "leftOut": self._left_out(),
        }

    def _suspects(self) -> list[dict[str, Any]]:
        """Return the frames to look at first, those without any file too."""
        reasons: dict[int, list[str]] = {index: list(texts) for index, texts in self._source.suspects.items()}
        for number, flaws in self._flaws.items():
            reasons.setdefault(self._source.indexes[number], []).extend(flaws)
        numbers = {self._source.indexes[number]: number for number in self._source.numbers}
        places = {number: place for place, number in enumerate(self.numbers)}
        return [
            {
                "number": numbers.get(index, str(index)),
                "frame": places.get(numbers.get(index, "")),
                "reasons": list(dict.fromkeys(texts)),
            }
            for index, texts in sorted(reasons.items())
        ]

    def _left_out(self) -> list[str]:
        told = []
        all_frames, shown = len(self._source.numbers), len(self.numbers)
        if shown < all_frames:
            told.append(f"{shown:,} of {all_frames:,} frames are shown, spread evenly; figures are of these alone")
        widest = max((row["size"][0] for row in self._rows), default=0)
        if widest > self.width:
            told.append(f"pictures are {self.width} px wide, of {widest}, to keep the page at {bytes_text(MOST_BYTES)}")
        if self._without:
            told.append(f"the last {self._without:,} pictures are left out, their figures are not")
        return told
