"""Counts over all that is shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .drawing import Drawing, countable
from .names import Names, is_reserved_name, own_colour

SIZES = (8, 16, 32, 64, 96, 128, 256, 512)
"""The upper ends of a histogram of boxes, by the square root of their area in pixels."""


@dataclass
class Tally:
    """Counts per class and per frame."""

    classes: Names = field(default_factory=Names)
    paths: Names = field(default_factory=Names)
    _colours: dict[str, str] = field(default_factory=dict)
    _sightings: Counter[str] = field(default_factory=Counter)
    _pixels: Counter[str] = field(default_factory=Counter)
    _objects: dict[str, set[str]] = field(default_factory=dict)
    _sizes: dict[str, list[int]] = field(default_factory=dict)
    _per_frame: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, drawing: Drawing) -> dict[str, Any]:
        """Count ``drawing`` in and return it for the page, its names numbered for the whole page."""
        for name, colour in drawing.colours.items():
            self._colours.setdefault(name, colour)
        for name, pixels in (drawing.class_pixels or _by_objects(drawing)).items():
            self._pixels[name] += pixels
        counts: Counter[str] = Counter()
        for seen in filter(countable, drawing.objects.values()):
            counts[seen.name] += 1
            self._objects.setdefault(seen.name, set()).add(seen.path)
            if seen.box is not None:
                place = sum(seen.area**0.5 >= end for end in SIZES)
                self._sizes.setdefault(seen.name, [0] * (len(SIZES) + 1))[place] += 1
        self._sightings.update(counts)
        self._per_frame.setdefault(drawing.cell.product, Counter())[drawing.cell.number] += counts.total()
        block = drawing.to_json()
        block["classes"] = [self.classes.number(name) for name in block["classes"]]
        block["paths"] = [self.paths.number(path) for path in block["paths"]]
        return block

    def class_rows(self) -> list[dict[str, Any]]:
        """Return what is known of each class, by its number."""
        for name in (*self._pixels, *self._sightings):
            self.classes.number(name)
        used = set(self._colours.values())
        return [self._row(name, number, used) for number, name in enumerate(self.classes.texts)]

    def _row(self, name: str, number: int, used: set[str]) -> dict[str, Any]:
        colour = self._colours.get(name) or next(
            each for step in range(len(used) + 1) if (each := own_colour(number + step * 101)) not in used
        )
        return {
            "name": name,
            "colour": colour,
            "reserved": is_reserved_name(name),
            "sightings": self._sightings[name],
            "objects": len(self._objects.get(name, ())),
            "pixels": self._pixels[name],
            "sizes": self._sizes.get(name, []),
        }

    def per_frame(self) -> dict[str, dict[str, int]]:
        """Return the number of objects by render product and frame."""
        return {product: dict(counts) for product, counts in self._per_frame.items()}


def _by_objects(drawing: Drawing) -> Counter[str]:
    found: Counter[str] = Counter()
    for seen in drawing.objects.values():
        found[seen.name] += seen.pixels or 0
    return found
