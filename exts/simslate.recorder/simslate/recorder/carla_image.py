"""Instance segmentation as CARLA has it: red is the semantic tag, green and blue are the id of the object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .actor_ids import LARGEST, ActorIds
from .carla_tags import NONE, PALETTE, TagTable
from .runs import Runs

RESERVED = ("BACKGROUND", "UNLABELLED")
"""What ``instance_segmentation`` has in place of a prim's path for pixels of no labelled prim."""
TAG_TAXONOMY = "carla_tag"
"""Labels of this taxonomy are tags themselves, as a number or a name."""

ActorOf = Callable[[str], "tuple[str, int | None]"]
"""Of the name of a labelled prim or point instance: the object it is part of, and the id that the stage gives it."""


@dataclass(frozen=True)
class CarlaImage:
    """One picture of the sensor, and what is in it."""

    rgba: NDArray[np.uint8]
    """uint8 (H, W, 4): R = tag, G = low byte and B = high byte of the id, A = 255. Id 0 is the background, and
    what has no label. ``id = G + 256 * B``."""

    objects: dict[str, dict[str, Any]]
    """By id, as text: path, tag, label, pixel_count, bbox2d (x_min, y_min, x_max, y_max, the last two inclusive).

    ``tags``, tag -> pixels, is there for an object of several tags, as a bicycle with its rider; ``tag`` and ``label``
    are those of most pixels. ``also`` lists what else has the id, when ids wrap.
    """

    def semantic(self) -> NDArray[np.uint8]:
        """Return the picture of the tags alone, as CARLA's semantic segmentation camera gives it: G and B are 0."""
        return self.rgba * np.array([1, 0, 0, 1], np.uint8)

    def palette(self) -> NDArray[np.uint8]:
        """Return the picture in CityScapesPalette's colours, uint8 (H, W, 4). CARLA wraps tags over 28 round."""
        colours = np.full((256, 4), 255, np.uint8)
        colours[:, :3] = PALETTE[np.arange(256) % len(PALETTE)]
        return colours[self.rgba[..., 0]]


@dataclass(frozen=True)
class _Part:
    """What an id of the annotator's stands for."""

    path: str
    id: int
    tag: int
    label: str


class CarlaEncoder:
    """Turns what ``instance_segmentation`` gives (ids, not colours) into pictures, ids and tags staying the same."""

    def __init__(
        self,
        ids: ActorIds,
        tags: TagTable,
        *,
        actor_of: ActorOf = lambda name: (name, None),
        sky_tag: int = NONE,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``sky_tag`` is the tag of pixels where nothing is; ``warn`` hears of labels that are no tag."""
        self.ids = ids
        self._tags = tags
        self._actor_of = actor_of
        self._sky = _Part("", 0, sky_tag, "")
        self._none = _Part("", 0, NONE, "")
        self._warn = warn
        self._unknown: set[str] = set()
        self._parts: dict[tuple[str, str, str], _Part] = {}

    def encode(self, data: NDArray[np.uint32], names: Mapping[Any, str], labels: Mapping[Any, Any]) -> CarlaImage:
        """Return the picture of one frame.

        data: uint32 (H, W); ``names`` (idToLabels) and ``labels`` (idToSemantics) tell of each id in it, keys as int
        or text. Raises ConfigError as ``ActorIds.of`` does.
        """
        runs = Runs.of(data)
        values, groups = np.unique(runs.values, return_inverse=True)
        known = {int(key): (str(name), labels.get(key) or {}) for key, name in names.items()}
        # In the order of their names, whatever numbers the renderer gave them.
        for name, told in sorted(known.values(), key=lambda each: each[0]):
            self._part(name, told)
        parts = [self._part(*known.get(value, (RESERVED[1], {}))) for value in values.tolist()]
        colours = np.array([[p.tag, p.id & 255, (p.id & LARGEST) >> 8, 255] for p in parts], np.uint8).reshape(-1, 4)
        packed = colours.view(np.uint32)[:, 0]
        image = runs.painted(packed[groups]).view(np.uint8).reshape(*data.shape, 4)
        extents = runs.extents(groups, len(values))
        return CarlaImage(image, _objects(zip(parts, extents.pixels.tolist(), extents.boxes.tolist(), strict=True)))

    def note_unknown(self, labels: Iterable[str]) -> None:
        """Warn, in one line, of those of ``labels`` that are no tag and have not been told of."""
        new = sorted({label for label in labels if self._tags.find(label.split(",")) is None} - self._unknown)
        self._unknown.update(new)
        if new:
            listed = ", ".join(label or "objects without a class" for label in new)
            self._warn(f"CARLA has no tag for {listed}: they get tag {NONE}; the parameter tags can give them one")

    def _part(self, name: str, labels: Mapping[str, str]) -> _Part:
        if name in RESERVED:
            return self._sky if name == RESERVED[0] else self._none
        label, tag = labels.get("class", ""), labels.get(TAG_TAXONOMY, "")
        key = name, label, tag
        if key not in self._parts:
            path, wanted = self._actor_of(name)
            self._parts[key] = _Part(path, self.ids.of(path, wanted), self._tag(label, tag), label or tag)
        return self._parts[key]

    def _tag(self, label: str, own: str) -> int:
        if own.isdecimal() and int(own) < 256:
            return int(own)
        found = self._tags.find((own or label).split(","))
        if found is None:
            self.note_unknown([own or label])
        return NONE if found is None else found


def _objects(seen: Iterable[tuple[_Part, int, list[int]]]) -> dict[str, dict[str, Any]]:
    by_id: dict[int, list[tuple[_Part, int, list[int]]]] = {}
    for each in seen:
        if each[0].path:
            by_id.setdefault(each[0].id & LARGEST, []).append(each)
    return {str(number): _object(by_id[number]) for number in sorted(by_id)}


def _object(parts: list[tuple[_Part, int, list[int]]]) -> dict[str, Any]:
    main = max(parts, key=lambda each: each[1])[0]
    boxes = np.array([box for _, _, box in parts])
    told: dict[str, Any] = {
        "path": main.path,
        "tag": main.tag,
        "label": main.label,
        "pixel_count": sum(pixels for _, pixels, _ in parts),
        "bbox2d": [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()],
    }
    tags: dict[str, int] = {}
    for part, pixels, _ in parts:
        tags[str(part.tag)] = tags.get(str(part.tag), 0) + pixels
    also = sorted({part.path for part, _, _ in parts} - {main.path})
    return {**told, **({"tags": tags} if len(tags) > 1 else {}), **({"also": also} if also else {})}
