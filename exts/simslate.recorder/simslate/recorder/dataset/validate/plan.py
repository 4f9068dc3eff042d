"""What BasicWriter should have written: by the job, or by what the files themselves tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product as pairs
from typing import Any

from ..catalogue import Catalogue, is_leftover
from ..parts import PARTS, Named, Series, folder_of, order, parse, series_of
from .finding import Finding, printable
from .sidecar import Sidecar

Size = tuple[int, int]
_FAR = 1000
"""How many frames in a row may be missing and be told one by one."""


@dataclass(frozen=True)
class Plan:
    """The expected files, and what the ones that are there are called by."""

    named: Mapping[str, Named]
    """By path, the files with a name of BasicWriter's."""

    series: frozenset[Series]
    numbers: tuple[str, ...]
    """How each expected frame is written, in order."""

    resolutions: Mapping[str, Size]
    """Width and height by render product, where the job tells."""

    colourised: Mapping[str, bool]
    """By annotator, whether its mask holds colours, where the job tells."""

    strict: bool
    """Whether the job tells all; else a file too many is none of our business."""

    @cached_property
    def frames(self) -> dict[str, int]:
        """The index of each frame by how it is written."""
        return {number: index for index, number in enumerate(self.numbers)}

    def findings(self, catalogue: Catalogue) -> Iterator[Finding]:
        """Yield the files that are missing and, if the job tells all, those that are too many."""
        expected = {each.path(number): number for number, each in pairs(self.numbers, sorted(self.series))}
        there = {self.named[path].number for path in self.named}
        for number in self.numbers:
            if number not in there:
                yield Finding("frames", ".", f"frame {number} has no file at all", self.frames[number])
        for path, number in expected.items():
            if number in there and path not in catalogue.sizes and path not in catalogue.links:
                yield Finding("missing", printable(path), "is missing", self.frames[number])
        for path in catalogue.sizes if self.strict else ():
            if path not in expected and path != "metadata.txt" and not is_leftover(path):
                yield Finding("extra", printable(path), "is not what the job asks for")

    def strangers(self, catalogue: Catalogue) -> list[str]:
        """Return the files that have no name of BasicWriter's."""
        known = {*self.named, "metadata.txt"}
        return [path for path in catalogue.sizes if path not in known and not is_leftover(path)]


def read_names(catalogue: Catalogue) -> dict[str, Named]:
    """Return what the names of files mean, where they are BasicWriter's."""
    return {path: named for path in catalogue.sizes if (named := parse(path)) is not None}


def make_plan(named: Mapping[str, Named], sidecar: Sidecar) -> Plan:
    """Return what there should be."""
    products = sorted({each.series.product for each in named.values()})
    asked = sidecar.products
    by_job = None if sidecar.job is None or asked is None else _folders(asked, products)
    numbers = _numbers(named.values(), sidecar.frame_count, sidecar.parameters.get("frame_padding", 4))
    if by_job is None or asked is None:
        return Plan(named, frozenset(_observed(named.values())), numbers, {}, {}, strict=False)
    resolutions = {name: (each["resolution"][0], each["resolution"][1]) for name, each in by_job.items()}
    names = sorted(by_job)
    series = frozenset(_asked(names, sidecar.parameters))
    flags = {name: bool(sidecar.parameters.get(f"colorize_{name}", True)) for name in PARTS if "segmentation" in name}
    return Plan(named, series, numbers, resolutions, flags, strict=True)


def _folders(asked: list[Mapping[str, Any]], products: list[str]) -> dict[str, Mapping[str, Any]] | None:
    """Return the job's render products by the name that their files have; None if that cannot be told.

    Those without a name are called after their number by the host, in the order of the job.
    """
    if len(asked) == 1:
        return {"": asked[0]}
    named = {each["name"]: each for each in asked if each.get("name")}
    unnamed = [each for each in asked if not each.get("name")]
    left = [product for product in products if product and product not in named]
    if len(left) != len(unnamed):
        left = ["Replicator", *(f"Replicator_{number:02d}" for number in range(1, len(unnamed)))][: len(unnamed)]
    return None if set(left) & set(named) else named | dict(zip(left, unnamed, strict=True))


def _numbers(named: Iterable[Named], count: int | None, padding: Any) -> tuple[str, ...]:
    """Return how the frames are written, gaps filled: up to ``count``, or as far as there are files."""
    there = {each.number for each in named}
    sequences = {number.rpartition("_")[0] for number in there}
    width = padding if type(padding) is int else 4
    if count is not None and sequences <= {""}:
        # A report that is wrong by a million is wrong about each of the first thousand that are not there.
        last = max((int(number) for number in there), default=-1)
        return tuple(f"{frame:0{width}}" for frame in range(min(count, last + 1 + _FAR)))
    found: list[str] = []
    for sequence in sorted(sequences, key=lambda text: order(text) if text else ()):
        own = [number.rpartition("_")[2] for number in there if number.rpartition("_")[0] == sequence]
        width = min(map(len, own))
        prefix = f"{sequence}_" if sequence else ""
        found.extend(f"{prefix}{frame:0{width}}" for frame in _filled({int(digits) for digits in own}))
    return tuple(found)


def _filled(frames: set[int]) -> Iterable[int]:
    """Return all numbers up to the last; where that is far off, what is there and the first gap."""
    if max(frames) < len(frames) + _FAR:
        return range(max(frames) + 1)
    return sorted({*frames, next(frame for frame in range(len(frames) + 1) if frame not in frames)})


def _asked(products: list[str], parameters: Mapping[str, Any]) -> Iterator[Series]:
    extensions = {"rgb": str(parameters.get("image_output_format", "png"))}
    common = bool(parameters.get("use_common_output_dir"))
    pictures = bool(parameters.get("colorize_depth"))
    for annotator in PARTS:
        for product in products if parameters.get(annotator) else ():
            folder = "" if not product else f"{annotator}/{product}_" if common else f"{product}/{annotator}/"
            yield from series_of(product, annotator, folder=folder, extensions=extensions, optional=pictures)


def _observed(named: Iterable[Named]) -> Iterator[Series]:
    """Yield the series that have a file, and those that an annotator has to have beside them for every product."""
    seen = {each.series for each in named}
    yield from seen
    products = {each.product for each in seen}
    examples = Counter((each.annotator, folder_of(each), each.product) for each in seen)
    extensions = {each.part: each.extension for each in seen}
    for annotator, folder, product in examples:
        for other in products if product else {""}:
            own = folder if not product else f"{other}/{annotator}/" if folder[-1] == "/" else f"{annotator}/{other}_"
            yield from series_of(other, annotator, folder=own, extensions=extensions, optional=False)
