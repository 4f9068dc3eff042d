"""What BasicWriter calls its files: the names of a data set that tells nothing else about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

PICTURES = ("png", "jpg", "jpeg", "exr")


@dataclass(frozen=True)
class Part:
    """One of the files that an annotator has per frame and render product."""

    name: str
    """What checks know it by; the first part of an annotator has its name."""

    stem: str
    extensions: tuple[str, ...]
    optional: bool = False


def _part(stem: str, *extensions: str) -> Part:
    return Part(stem, stem, extensions)


def _depth(name: str) -> tuple[Part, ...]:
    return _part(name, "npy"), Part(f"{name}_picture", name, ("png",), optional=True)


def _boxes(name: str) -> tuple[Part, ...]:
    return _part(name, "npy"), _part(f"{name}_labels", "json"), _part(f"{name}_prim_paths", "json")


PARTS: Mapping[str, tuple[Part, ...]] = MappingProxyType(
    {
        "rgb": (_part("rgb", *PICTURES),),
        "normals": (_part("normals", "png"),),
        "distance_to_camera": _depth("distance_to_camera"),
        "distance_to_image_plane": _depth("distance_to_image_plane"),
        "semantic_segmentation": (
            _part("semantic_segmentation", "png"),
            _part("semantic_segmentation_labels", "json"),
        ),
        "instance_id_segmentation": (
            _part("instance_id_segmentation", "png"),
            _part("instance_id_segmentation_mapping", "json"),
        ),
        "instance_segmentation": (
            _part("instance_segmentation", "png"),
            _part("instance_segmentation_mapping", "json"),
            _part("instance_segmentation_semantics_mapping", "json"),
        ),
        "bounding_box_2d_tight": _boxes("bounding_box_2d_tight"),
        "bounding_box_2d_loose": _boxes("bounding_box_2d_loose"),
        "bounding_box_3d": _boxes("bounding_box_3d"),
        "motion_vectors": (_part("motion_vectors", "npy"),),
        "occlusion": (_part("occlusion", "npy"),),
        "pointcloud": tuple(
            _part(f"pointcloud{each}", "npy") for each in ("", "_rgb", "_normals", "_semantic", "_instance")
        ),
        "camera_params": (_part("camera_params", "json"),),
        "skeleton_data": (Part("skeleton_data", "skeleton", ("json",)),),
    }
)
"""By annotator, the main part first. ``optional`` ones are there if another switch of the writer says so."""


@dataclass(frozen=True, order=True)
class Series:
    """The files of one part and one render product, one per frame."""

    product: str
    """The render product's name; "" where the only one has no folder."""

    annotator: str
    part: str
    prefix: str
    """The path up to the number, and ``extension`` what follows it."""

    extension: str

    def path(self, number: str) -> str:
        """Return the path of the file whose frame is written as ``number``."""
        return f"{self.prefix}_{number}.{self.extension}"


@dataclass(frozen=True)
class Named:
    """What a file's name says."""

    series: Series
    number: str
    """The frame as it is written: ``0007``, or ``2_0007`` in the second sequence."""


def parse(path: str) -> Named | None:
    """Return what BasicWriter means by ``path``, or None if it would not call a file so."""
    folders, _, name = path.rpartition("/")
    places = folders.split("/") if folders else []
    if len(places) > 2:
        return None
    for annotator in PARTS if not places else [places[-1]]:
        for part, pattern in _patterns(annotator):
            match = pattern.fullmatch(name)
            if match is None or (match["product"] is None) == (len(places) == 1):
                continue
            product = places[0] if len(places) == 2 else (match["product"] or "")
            prefix = path[: len(path) - len(match["number"]) - len(match["extension"]) - 2]
            return Named(Series(product, annotator, part.name, prefix, match["extension"]), match["number"])
    return None


def order(number: str) -> tuple[int, ...]:
    """Return what sorts ``number``: its sequences, the outermost first, and its frame."""
    return tuple(int(digits) for digits in number.split("_"))


def series_of(
    product: str, annotator: str, *, folder: str, extensions: Mapping[str, str], optional: bool
) -> Iterator[Series]:
    """Yield what ``annotator`` has to have for ``product``; ``folder`` is what comes before a file's own name."""
    for part in PARTS[annotator]:
        if optional or not part.optional:
            extension = extensions.get(part.name, part.extensions[0])
            yield Series(product, annotator, part.name, folder + part.stem, extension)


def folder_of(series: Series) -> str:
    """Return what comes before the name that a file of ``series`` would have for the only render product."""
    stems = {part.name: part.stem for part in PARTS[series.annotator]}
    return series.prefix.removesuffix(stems[series.part])


@cache
def _patterns(annotator: str) -> tuple[tuple[Part, re.Pattern[str]], ...]:
    return tuple(
        (
            part,
            re.compile(
                rf"(?:(?P<product>.+)_)?{part.stem}_(?P<number>(?:\d+_)*\d+)\.(?P<extension>{'|'.join(part.extensions)})",
                re.ASCII,
            ),
        )
        for part in PARTS.get(annotator, ())
    )
