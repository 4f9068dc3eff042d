"""Segmentation annotators. Ids: 0 background, 1 unlabelled, from 2 on classes or instances in path order."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import palette
from ..frame import Frame
from ..labels import describe
from .node import Node, Output, Spec

BACKGROUND, UNLABELLED, FIRST = 0, 1, 2


def id_image(frame: Frame, of_instance: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """uint32 (H,W): the id of each pixel, from the id of each scene instance (its last entry: no hit)."""
    return of_instance[frame.hits.instance]


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


def label_text(labels: dict[str, str]) -> str:
    """The full label string that a semantic id stands for."""
    return " ".join(f"{kind}:{label}" for kind, label in labels.items())


def mask(
    frame: Frame, node: Node, of_instance: NDArray[np.uint32], colour: Callable[[int], palette.Rgba]
) -> tuple[Any, dict[int, Any]]:
    """The image, and the key of each id in view: the id itself or, colourised, its RGBA; in ascending key order."""
    ids = seen_ids(frame, of_instance)
    image = id_image(frame, of_instance)
    if not node.parameters["colorize"]:
        return image, {number: number for number in ids}
    colours = {number: colour(number) for number in ids}
    keys = dict(sorted(colours.items(), key=lambda item: item[1]))
    return palette.paint(image, colours), keys


def semantic_segmentation(frame: Frame, node: Node) -> Output:
    """uint32 (H,W) ids or uint8 (H,W,4) colours; ``idToLabels``: str key -> {type: label}."""
    owners = frame.owners(node.filter).owners
    described = [describe(owner.pairs) for owner in owners]
    ids = [FIRST + node.numbers.of(label_text(labels)) for labels in described]
    image, keys = mask(frame, node, owner_ids(frame, node, ids), palette.semantic_colour)
    labels_of = {BACKGROUND: {"class": "BACKGROUND"}, UNLABELLED: {"class": "UNLABELLED"}}
    labels_of.update(zip(ids, described, strict=True))
    return {"data": image, "idToLabels": {str(key): labels_of[number] for number, key in keys.items()}}


def instance_segmentation(frame: Frame, node: Node, key_type: Callable[[Any], Any]) -> Output:
    """As above per labelled prim; ``idToLabels``: key -> prim path, ``idToSemantics``: key -> {type: label}."""
    owners = frame.owners(node.filter).owners
    ids = [FIRST + owner.prim.number for owner in owners]
    image, keys = mask(frame, node, owner_ids(frame, node, ids), palette.instance_colour)
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
    image, keys = mask(frame, node, of_instance, palette.instance_colour)
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
    "semantic_segmentation": spec(semantic_segmentation),
    "instance_segmentation": spec(partial(instance_segmentation, key_type=str)),
    "instance_segmentation_fast": spec(partial(instance_segmentation, key_type=same)),
    "instance_id_segmentation": spec(partial(instance_id_segmentation, key_type=str), hidden=True),
    "instance_id_segmentation_fast": spec(partial(instance_id_segmentation, key_type=same), hidden=True),
}
