"""Masks: which pixels are of which class and which object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..content import Picture
from ..id_image import parse_key
from ..validate.regions import Region, find_regions, read_mask
from .drawing import Drawing, Files
from .images import index_image, sampled
from .names import class_text, colour_of, is_reserved_name

CARLA = "carla_instance_segmentation"
Key = tuple[str, str, str]
"""Class, path and colour; "" where there is none."""


def add_masks(drawing: Drawing, files: Files) -> None:
    """Add the masks that are there, those first that tell classes."""
    _add_semantic(drawing, files)
    _add_instances(drawing, files)
    _add_leaves(drawing, files)
    _add_carla(drawing, files)


def _add_semantic(drawing: Drawing, files: Files) -> None:
    told = files.get("semantic_segmentation_labels", dict) or {}
    picture = files.get("semantic_segmentation", Picture)
    if picture is None or not _is_mask(picture):
        _add_labels(drawing, told)
        return
    names = {code: class_text(entry) for code, entry in _by_code(told).items()}
    mask = read_mask(picture)
    keys: dict[int, Key] = {}
    for code, region in mask.regions.items():
        name = names.get(code) or _unmapped(code, mask.unlabelled)
        keys[code] = name, "", colour_of(code) if mask.colourised else ""
        drawing.class_pixels[name] = drawing.class_pixels.get(name, 0) + region.pixels
        if mask.colourised and not is_reserved_name(name):
            drawing.colours.setdefault(name, colour_of(code))
    _put(drawing, "semantic_segmentation", mask.codes, keys)


def _add_labels(drawing: Drawing, told: Mapping[str, Any]) -> None:
    """Add the classes of a recording that holds the labels of its masks only."""
    for key, entry in told.items():
        name, code = class_text(entry), parse_key(key)
        drawing.class_pixels.setdefault(name, 0)
        if code is not None and key.startswith("(") and not is_reserved_name(name):
            drawing.colours.setdefault(name, colour_of(code))


def _add_instances(drawing: Drawing, files: Files) -> None:
    picture = files.get("instance_segmentation", Picture)
    if picture is None or not _is_mask(picture):
        return
    mask = read_mask(picture)
    paths = _mapping(files, "instance_segmentation_mapping")
    names = _mapping(files, "instance_segmentation_semantics_mapping")
    keys: dict[int, Key] = {}
    for code, region in mask.regions.items():
        path = str(paths.get(code, ""))
        name = class_text(names[code]) if code in names else _unmapped(code, mask.unlabelled)
        reserved = is_reserved_name(name) or is_reserved_name(path)
        keys[code] = name, "" if reserved else path, colour_of(code) if mask.colourised else ""
        if path and not reserved:
            _measure(drawing, path, name, region)
    _put(drawing, "instance_segmentation", mask.codes, keys)


def _add_leaves(drawing: Drawing, files: Files) -> None:
    picture = files.get("instance_id_segmentation", Picture)
    if picture is None or not _is_mask(picture):
        return
    mask = read_mask(picture)
    paths = _mapping(files, "instance_id_segmentation_mapping")
    keys: dict[int, Key] = {}
    for code in mask.regions:
        path = str(paths.get(code, ""))
        name = path if is_reserved_name(path) else drawing.class_at(path)
        name = name or ("UNLABELLED" if path else _unmapped(code, mask.unlabelled))
        keys[code] = name, "" if is_reserved_name(path) else path, colour_of(code) if mask.colourised else ""
    _put(drawing, "instance_id_segmentation", mask.codes, keys)


def _add_carla(drawing: Drawing, files: Files) -> None:
    """Add CARLA's picture: R is the tag, G + 256 B the id, and the JSON beside it tells whose."""
    path, told = files.cell.others.get(f"{CARLA}.png"), files.cell.others.get(f"{CARLA}.json")
    picture = None if path is None else files.read(path, Picture)
    if picture is None or picture.mode != "RGBA":
        return
    objects = (None if told is None else files.read(told, dict)) or {}
    pixels = picture.pixels.astype(np.uint32)
    ids = pixels[..., 1] | pixels[..., 2] << 8
    keys: dict[int, Key] = {}
    for code, region in find_regions(ids).items():
        entry = objects.get(str(code))
        entry = entry if isinstance(entry, Mapping) else {}
        name = class_text(entry["label"]) if "label" in entry else _unmapped(code, -1)
        keys[code] = name, str(entry.get("path", "")), ""
        drawing.class_pixels[name] = drawing.class_pixels.get(name, 0) + region.pixels
        if keys[code][1]:
            _measure(drawing, keys[code][1], name, region)
    _put(drawing, CARLA, ids, keys)


def _put(drawing: Drawing, layer: str, codes: NDArray[np.uint32], keys: Mapping[int, Key]) -> None:
    """Add a mask as a picture of numbers, and what each of them stands for."""
    drawing.measure(*codes.shape)
    order = np.array(sorted(keys), np.uint32)
    indexes = np.searchsorted(order, sampled(codes, drawing.width))
    told = [[*drawing.key(name, path), colour] for name, path, colour in (keys[int(code)] for code in order)]
    drawing.layers[layer] = {"kind": "mask", "data": index_image(indexes), "keys": told, "wide": len(order) > 256}


def _measure(drawing: Drawing, path: str, name: str, region: Region) -> None:
    seen = drawing.see(path, name)
    seen.pixels, seen.box = (seen.pixels or 0) + region.pixels, region.extent


def _mapping(files: Files, part: str) -> dict[int, Any]:
    return _by_code(files.get(part, dict) or {})


def _by_code(told: Mapping[str, Any]) -> dict[int, Any]:
    return {code: entry for key, entry in told.items() if (code := parse_key(key)) is not None}


def _unmapped(code: int, unlabelled: int) -> str:
    if code == 0:
        return "BACKGROUND"
    return "UNLABELLED" if code == unlabelled else "(not in the mapping)"


def _is_mask(picture: Picture) -> bool:
    pixels = picture.pixels
    return picture.mode == "RGBA" or (pixels.ndim == 2 and bool(np.issubdtype(pixels.dtype, np.integer)))
