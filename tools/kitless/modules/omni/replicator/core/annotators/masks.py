"""Segmentation annotators. Ids: 0 background, 1 unlabelled, from 2 on classes or instances in path order."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import palette
from ..frame import Frame
from ..labels import describe
from ..sensors import Owners
from .mapping import FIRST, check_mapping, read_mapping
from .node import Node, Output, Spec

BACKGROUND, UNLABELLED = 0, 1


def id_image(frame: Frame, of_instance: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """uint32 (H,W): the id (or colour) of each pixel, from that of each scene instance (its last entry: no hit)."""
    # -1, no hit, wraps around to the last entry.
    return of_instance.take(frame.hits.instance, mode="wrap")


def seen_ids(frame: Frame, of_instance: NDArray[np.uint32]) -> list[int]:
    """The ids in the picture, ascending."""
    seen = of_instance[:-1][frame.visible.pixels > 0]
    ids = set(seen.tolist())
    if frame.visible.pixels.sum() < frame.hits.instance.size:
        ids.add(int(of_instance[-1]))
    return sorted(ids)


def owner_ids(frame: Frame, node: Node, ids: list[int]) -> NDArray[np.uint32]:
    """The id of each scene instance, from the id of each owner."""
    # The last two entries are reached by the owners' -1 (unlabelled) and by the no-hit slot set below.
    table = np.array([*ids, UNLABELLED], np.uint32)
    of_instance = table[frame.owners(node.filter).of_instance]
    of_instance[-1] = BACKGROUND
    return of_instance


def seen_owners(frame: Frame, found: Owners) -> list[int]:
    """The owners in the picture, in path order."""
    seen: list[int] = np.unique(found.of_instance[:-1][frame.visible.pixels > 0]).tolist()
    return [owner for owner in seen if owner >= 0]


def mask(
    frame: Frame, of_instance: NDArray[np.uint32], colour: Callable[[int], palette.Rgba] | None
) -> tuple[Any, dict[int, Any]]:
    """The image, and the key of each id in view: the id itself or, colourised, its RGBA; in ascending key order."""
    ids = seen_ids(frame, of_instance)
    if colour is None:
        return id_image(frame, of_instance), {number: number for number in ids}
    colours = {number: colour(number) for number in ids}
    keys = dict(sorted(colours.items(), key=lambda item: item[1]))
    # Instances are coloured, not pixels; those out of view, which have no colour, anyhow.
    shown = np.where(np.isin(of_instance, ids), of_instance, ids[0])
    painted = palette.paint(shown, colours).view(np.uint32)[:, 0]
    return id_image(frame, painted).view(np.uint8).reshape(*frame.hits.instance.shape, 4), keys


def instance_colour(node: Node) -> Callable[[int], palette.Rgba] | None:
    """What colours the ids of instances, if the annotator is to colour them."""
    return palette.instance_colour if node.parameters["colorize"] else None


def semantic_segmentation(frame: Frame, node: Node) -> Output:
    """uint32 (H,W) ids or uint8 (H,W,4) colours; ``idToLabels``: str key -> {type: label}.

    ``mapping`` may give several label sets one key: its entry is the first of those in view, in path order. The keys of
    background and unlabelled surfaces stay theirs, whatever else is mapped to them.
    """
    found = frame.owners(node.filter)
    mapping = read_mapping(node.parameters["mapping"])
    colorize = node.parameters["colorize"] if mapping.colorize is None else mapping.colorize
    values = mapping.values_of([owner.pairs for owner in found.owners], node.numbers, colorize=colorize)
    # Equal colours are one key, so that they get one id behind the picture.
    places: dict[Any, int] = {palette.BACKGROUND: BACKGROUND, palette.UNLABELLED: UNLABELLED}
    ids: list[Any] = [places.setdefault(value, len(places)) for value in values] if colorize else [*values]
    image, keys = mask(frame, owner_ids(frame, node, ids), list(places).__getitem__ if colorize else None)
    labels_of = {BACKGROUND: {"class": "BACKGROUND"}, UNLABELLED: {"class": "UNLABELLED"}}
    for owner in seen_owners(frame, found):
        labels_of.setdefault(ids[owner], describe(found.owners[owner].pairs))
    return {"data": image, "idToLabels": {str(key): labels_of[number] for number, key in keys.items()}}


def instance_segmentation(frame: Frame, node: Node, key_type: Callable[[Any], Any]) -> Output:
    """As above per labelled prim; ``idToLabels``: key -> prim path, ``idToSemantics``: key -> {type: label}."""
    owners = frame.owners(node.filter).owners
    ids = [FIRST + owner.prim.number for owner in owners]
    image, keys = mask(frame, owner_ids(frame, node, ids), instance_colour(node))
    paths: dict[int, Any] = {BACKGROUND: "BACKGROUND", UNLABELLED: "UNLABELLED"}
    semantics = {BACKGROUND: {"class": "BACKGROUND"}, UNLABELLED: {"class": "UNLABELLED"}}
    for number, owner in zip(ids, owners, strict=True):
        paths[number], semantics[number] = owner.prim.name, describe(owner.pairs)
    return {
        "data": image,
        "idToLabels": {key_type(key): paths[number] for number, key in keys.items()},
        "idToSemantics": {key_type(key): semantics[number] for number, key in keys.items()},
    }


def instance_id_segmentation(frame: Frame, node: Node, key_type: Callable[[Any], Any]) -> Output:
    """As above per gprim, labelled or not; ``idToLabels``: key -> gprim path, "INVALID" for the background.

    Each point instance of a gprim is one, and so is each labelled face subset.
    """
    leaves = frame.leaves
    ids = leaves.numbers + np.uint32(FIRST)
    of_instance = np.append(ids, np.uint32(BACKGROUND))[leaves.of_instance]
    image, keys = mask(frame, of_instance, instance_colour(node))
    name_of = {BACKGROUND: "INVALID", **dict(zip(ids.tolist(), leaves.names, strict=True))}
    return {"data": image, "idToLabels": {key_type(key): name_of[number] for number, key in keys.items()}}


def same(key: Any) -> Any:
    """The ``_fast`` annotators' keys: ints, or tuples of ints when colourised."""
    return key


def spec(compute: Callable[[Frame, Node], Output], *, hidden: bool = False) -> Spec:
    """A segmentation annotator."""
    return Spec(
        compute=compute,
        empty=np.empty((0, 0), np.uint32),
        parameters={"colorize": False},
        has_filter=True,
        hidden=hidden,
    )


SPECS = {
    "semantic_segmentation": replace(
        spec(semantic_segmentation), parameters={"colorize": False, "mapping": None}, check=check_mapping
    ),
    "instance_segmentation": spec(partial(instance_segmentation, key_type=str)),
    "instance_segmentation_fast": spec(partial(instance_segmentation, key_type=same)),
    "instance_id_segmentation": spec(partial(instance_id_segmentation, key_type=str), hidden=True),
    "instance_id_segmentation_fast": spec(partial(instance_id_segmentation, key_type=same), hidden=True),
}
